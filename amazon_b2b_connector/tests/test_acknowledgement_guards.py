from datetime import timedelta
from decimal import Decimal

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from ..models.clock import time_left
from .acknowledging import AcknowledgeCase
from .common import order_line


@tagged("post_install", "-at_install")
class TestAcknowledgementGuards(AcknowledgeCase):
    """What Odoo's own buttons do to orders of Amazon's, and not to others."""

    def plain_order(self):
        return self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "order_line": self.set_lines({"product_id": self.product.id}),
            }
        )

    def chatter(self, order):
        return " ".join(order.message_ids.mapped("body"))

    def test_confirming_unacknowledged_is_refused(self):
        order = self.make_order()
        with self.assertRaisesRegex(UserError, "not acknowledged yet"):
            order.action_confirm()
        self.assertEqual(order.state, "draft")

    def test_confirm_button_leads_to_the_acknowledgement(self):
        order = self.make_order()
        action = order.with_context(validate_analytic=True).action_confirm()
        self.assertEqual(action["res_model"], "amazon.b2b.acknowledgement")
        self.assertEqual(order.state, "draft")

    def test_confirming_again_after_a_rejection_is_refused(self):
        order = self.make_order()
        order._amazon_b2b_acknowledge(
            {order.id: {1: self.answer(0), 2: self.answer(0)}}
        )
        order.action_draft()
        with self.assertRaisesRegex(UserError, "rejected as a whole"):
            order.action_confirm()

    def test_cancel_offers_to_reject_everything(self):
        order = self.make_order()
        action = order.action_cancel()
        self.assertEqual(order.state, "draft")
        wizard = self.env[action["res_model"]].browse(action["res_id"])
        self.assertTrue(wizard.is_rejection)
        self.assertEqual(wizard.line_ids.mapped("rest_qty"), [10, 4])
        wizard.action_acknowledge()
        self.assertEqual(order.state, "cancel")
        self.assertEqual(
            self.env["amazon.b2b.document"].search_count(
                [("sale_order_id", "=", order.id), ("kind", "=", "acknowledgement")]
            ),
            1,
        )

    def test_cancelling_many_unanswered_is_refused(self):
        orders = self.make_order() + self.make_order(number="OTHER1")
        with self.assertRaisesRegex(UserError, "Amazon waits"):
            orders.action_cancel()
        wizard = self.env["sale.mass.cancel.orders"].create(
            {"sale_order_ids": orders.ids}
        )
        with self.assertRaisesRegex(UserError, "Amazon waits"):
            wizard.action_mass_cancel()

    def test_cancelling_later_is_allowed_and_says_that_amazon_is_not_told(self):
        order = self.make_order()
        order._amazon_b2b_acknowledge()
        order.action_cancel()
        self.assertEqual(order.state, "cancel")
        self.assertIn("not told", self.chatter(order))

    def test_rejecting_does_not_say_that_amazon_is_not_told(self):
        order = self.make_order()
        order._amazon_b2b_acknowledge(
            {order.id: {1: self.answer(0), 2: self.answer(0)}}
        )
        self.assertNotIn("not told", self.chatter(order))

    def test_test_order_is_cancelled_without_an_answer(self):
        order = self.make_order()
        order.amazon_b2b_is_test = True
        order.action_cancel()
        self.assertEqual(order.state, "cancel")

    def test_changing_a_line_later_is_said(self):
        order = self.make_order()
        order._amazon_b2b_acknowledge({order.id: {1: self.answer(6)}})
        self.assertNotIn("not told", self.chatter(order))
        order.order_line[1].product_uom_qty = 4
        self.assertNotIn("not told", self.chatter(order))
        order.order_line[1].product_uom_qty = 3
        self.assertIn("Toaster: changed after the acknowledgement", self.chatter(order))

    def test_changing_a_line_in_the_form_warns(self):
        order = self.make_order()
        order._amazon_b2b_acknowledge()
        with Form(order) as form:
            with self.assertLogs("odoo.tests.form", "WARNING") as logs:
                with form.order_line.edit(0) as line:
                    line.product_uom_qty = 9
        self.assertIn("Amazon expects 10.0", "".join(logs.output))

    def test_deleting_is_refused(self):
        order = self.make_order()
        order.amazon_b2b_is_test = True
        order.action_cancel()
        with self.assertRaisesRegex(UserError, "came from Amazon and is kept"):
            order.unlink()

    def test_copy_knows_nothing_of_amazon(self):
        order = self.make_order(back_order_allowed=True)
        order._amazon_b2b_acknowledge({order.id: {1: self.answer(6)}})
        copy = order.copy()
        for record in (copy, *copy.order_line):
            for name, field in record._fields.items():
                if name.startswith("amazon_b2b") and field.type != "one2many":
                    self.assertFalse(record[name], name)
        self.assertFalse(copy.amazon_b2b_document_ids)
        copy.action_confirm()
        self.assertEqual(copy.state, "sale")

    def test_orders_of_others_are_left_alone(self):
        order = self.plain_order()
        self.assertFalse(order.amazon_b2b_status)
        self.assertFalse(order.amazon_b2b_can_acknowledge)
        with self.assertRaisesRegex(UserError, "no order of Amazon's"):
            order._amazon_b2b_acknowledge()
        before = len(order.message_ids)
        self.assertTrue(order.with_context(validate_analytic=True).action_confirm())
        self.assertEqual(order.state, "sale")
        order.order_line.product_uom_qty = 7
        order.action_cancel()
        self.assertNotIn("Amazon", self.chatter(order))
        self.assertGreater(len(order.message_ids), before)
        order.unlink()

    # what the order shows

    def test_status_follows_shipping_and_invoicing(self):
        self.stock_up(self.product, self.toaster)
        order = self.make_order()
        self.assertEqual(order.amazon_b2b_status, "to_acknowledge")
        order._amazon_b2b_acknowledge()
        self.assertEqual(order.amazon_b2b_status, "acknowledged")
        picking = order.picking_ids
        picking.move_ids[0].picked = True
        picking.with_context(skip_backorder=True).button_validate()
        self.assertEqual(order.amazon_b2b_status, "partly_shipped")
        rest = order.picking_ids - picking
        rest.move_ids.picked = True
        rest.button_validate()
        self.assertEqual(order.amazon_b2b_status, "shipped")
        invoice = order._create_invoices()
        invoice.action_post()
        self.assertEqual(order.amazon_b2b_status, "shipped")
        document = self.env["amazon.b2b.document"].create(
            {
                "direction": "out",
                "kind": "invoice",
                "state": "ready",
                "sale_order_id": order.id,
                "move_id": invoice.id,
            }
        )
        self.assertEqual(order.amazon_b2b_status, "invoiced")
        document._move("failed")
        self.assertEqual(order.amazon_b2b_status, "shipped")
        document._move("ready")
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        ).create({}).action_create_payments()
        self.assertEqual(order.amazon_b2b_status, "paid")

    def test_clock_counts_from_receipt_until_the_answer(self):
        order = self.make_order()
        order.amazon_b2b_deadline = fields.Datetime.now() + timedelta(
            hours=5, minutes=12, seconds=30
        )
        self.assertEqual(order.amazon_b2b_clock, "5 h 12 min left")
        order.amazon_b2b_deadline = fields.Datetime.now() - timedelta(
            hours=2, minutes=3, seconds=30
        )
        self.assertEqual(order.amazon_b2b_clock, "late by 2 h 3 min")
        self.assertTrue(order.amazon_b2b_is_late)
        order._amazon_b2b_acknowledge()
        self.assertFalse(order.amazon_b2b_clock)

    def test_spans_of_time_as_a_person_says_them(self):
        now = fields.Datetime.now()
        for span, text in (
            (timedelta(minutes=3), "3 min left"),
            (timedelta(hours=24), "24 h 0 min left"),
            (timedelta(days=2, hours=5), "2 d 5 h left"),
            (-timedelta(seconds=61), "late by 1 min"),
        ):
            self.assertEqual(time_left(self.env, now + span, now), text)

    def test_order_and_documents_lead_to_each_other(self):
        order = self.make_order()
        action = order.action_amazon_b2b_documents()
        self.assertEqual(action["res_id"], order.amazon_b2b_document_id.id)
        document = order._amazon_b2b_acknowledge()
        action = order.action_amazon_b2b_documents()
        found = self.env["amazon.b2b.document"].search(action["domain"])
        self.assertEqual(found, document + order.amazon_b2b_document_id)
        self.assertEqual(document.action_open_record()["res_id"], order.id)


@tagged("post_install", "-at_install")
class TestDraftChangedByHand(AcknowledgeCase):
    """What cannot be told Amazon is refused; what can be told is said."""

    def assertNotAcknowledged(self, order, text, decisions=None):
        with self.assertRaisesRegex(UserError, text):
            order._amazon_b2b_acknowledge(decisions)
        self.assertEqual(order.state, "draft")

    def test_other_unit(self):
        self.map_product("UP", "012345678905", self.product, pack_size=8)
        order = self.make_order(order_line(unit="CA", price=Decimal("9.50")))
        order.order_line.product_uom_id = self.env.ref("uom.product_uom_unit")
        decided = {order.id: {1: self.answer(10)}}
        for decisions in (None, decided):
            self.assertNotAcknowledged(
                order, "which is Case of 8 here.*now says Units", decisions
            )

    def test_other_product(self):
        order = self.make_order()
        order.order_line[0].product_id = self.toaster
        self.assertNotAcknowledged(order, "changed from Kettle to Toaster")

    def test_other_product_that_the_mapping_names_by_now(self):
        order = self.make_order()
        order.order_line[0].product_id = self.toaster
        order.order_line[0].price_unit = 9.5
        self.map_product("UP", "012345678905", self.toaster)
        order._amazon_b2b_acknowledge()
        self.assertEqual(order.state, "sale")

    def test_goods_that_amazon_did_not_order(self):
        order = self.make_order()
        order.order_line = self.set_lines({"product_id": self.toaster.id})
        self.assertNotAcknowledged(order, "Toaster is no line of Amazon's order")

    def test_charge_of_ones_own(self):
        order = self.make_order()
        freight = self.make_product("Freight", type="service")
        order.order_line = self.set_lines({"product_id": freight.id})
        order._amazon_b2b_acknowledge()
        self.assertEqual(order.state, "sale")

    def test_quantity_changed_and_then_accepted_as_ordered(self):
        order = self.make_order()
        order.order_line[0].product_uom_qty = 8
        self.assertNotAcknowledged(order, "the order says 8, Amazon ordered 10")
        order._amazon_b2b_acknowledge(
            {order.id: {1: self.answer(8), 2: self.answer(4)}}
        )
        self.assertEqual(order.order_line[0].product_uom_qty, 8)

    def test_other_currency(self):
        order = self.make_order()
        euro = self.env.ref("base.EUR")
        euro.active = True
        order.pricelist_id = self.env["product.pricelist"].create(
            {"name": "Euro", "currency_id": euro.id}
        )
        self.assertNotAcknowledged(order, "is in EUR, Amazon's in USD")

    def test_note_that_answers_a_line_cannot_be_deleted(self):
        self.map_product("VN", "GONE", answer_code_id=self.obsolete.id)
        order = self.make_order(
            order_line(), order_line(number="2", identifiers=[("VN", "GONE")])
        )
        note = order.order_line.filtered("amazon_b2b_answer_code_id")
        with self.assertRaisesRegex(UserError, "keep it until"):
            note.unlink()
        order._amazon_b2b_acknowledge()
        note.unlink()
