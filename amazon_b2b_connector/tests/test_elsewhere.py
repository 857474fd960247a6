from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged

from .invoice_common import BILL_TO, REMIT_TO, TERMS
from .shipping import ShippingCase


@tagged("post_install", "-at_install")
class TestElsewhere(ShippingCase):
    """What was done in Vendor Central by hand, at stage Live: what follows goes on."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.vendor_code.write({**BILL_TO, **REMIT_TO, **TERMS})
        cls.manager = new_test_user(
            cls.env,
            "boss",
            groups="amazon_b2b_connector.group_manager,stock.group_stock_user",
        )

    def say(self, record, action, **values):
        action = getattr(record.with_user(self.manager), action)()
        wizards = self.env[action["res_model"]].with_user(self.manager)
        with Form(wizards.with_context(**action["context"])) as form:
            form.reason = "AS2 was down"
            for name, value in values.items():
                setattr(form, name, value)
        form.record.action_apply()

    def ordered(self):
        return self.import_order().sale_order_id

    def acknowledge_there(self, order, quantity=10):
        action = order.action_amazon_b2b_acknowledge()
        form = self.env[action["res_model"]].browse(action["res_id"])
        form.line_ids.accepted_qty = quantity
        self.say(form, "action_done_elsewhere")
        return form

    def test_acknowledged_there_confirms_the_order_and_sends_nothing(self):
        order = self.ordered()
        form = self.acknowledge_there(order, 8)
        self.assertEqual((order.state, form.state), ("sale", "done"))
        self.assertEqual(order.order_line.product_uom_qty, 8)
        document = form.document_id
        self.assertEqual(document.state, "stopped")
        self.assertIn("boss", document.reason)
        self.assertIn("AS2 was down", document.reason)
        self.assertFalse(document.needs_person)
        self.assertFalse(order.amazon_b2b_answer_lost)
        self.assertFalse(order.amazon_b2b_can_acknowledge)
        with self.assertRaisesRegex(UserError, "was acknowledged by"):
            order._amazon_b2b_acknowledge()
        with self.assertRaisesRegex(UserError, "have it twice"):
            document.action_send_again()

    def test_ship_notice_and_invoice_follow_what_was_done_there(self):
        order = self.ordered()
        self.acknowledge_there(order)
        notice = self.send(self.departed(order))
        self.assertEqual(notice.state, "ready")
        self.assertFalse(notice._behind_others())

    def test_failed_acknowledgement_was_done_there(self):
        order = self.acknowledged_order()
        document = order._amazon_b2b_out("acknowledgement")
        document._move("failed")
        picking = self.departed(order)
        with self.assertRaisesRegex(UserError, "was not acknowledged"):
            self.send(picking)
        self.say(document, "action_done_elsewhere")
        self.assertTrue(self.send(picking))

    def test_announced_there_lets_the_invoice_go(self):
        order = self.acknowledged_order()
        order._amazon_b2b_out("acknowledgement").state = "delivered"
        picking = self.picking_of(order)
        picking.move_ids.write({"quantity": 6, "picked": True})  # no package, no SCAC
        self.validate(picking, backorder=False)
        self.say(picking, "action_amazon_b2b_done_elsewhere", number="VC-1")
        notice = picking._amazon_b2b_notices()
        self.assertEqual((notice.state, notice.number), ("stopped", "VC-1"))
        self.assertFalse(picking.amazon_b2b_may_send)
        self.assertFalse(picking.amazon_b2b_missing)
        with self.assertRaisesRegex(UserError, "has its ship notice"):
            self.send(picking)
        invoice = order._create_invoices()
        invoice.invoice_date = self.ago().date()
        invoice.invoice_line_ids.quantity = 7
        invoice.action_post()
        self.assertIn("6 were shipped", invoice._amazon_b2b_refusals()[0])
        invoice.button_draft()
        invoice.invoice_line_ids.quantity = 6
        invoice.action_post()
        self.assertEqual(invoice._amazon_b2b_refusals(), [])
        invoice.action_amazon_b2b_send()
        self.assertFalse(invoice.amazon_b2b_document_ids._behind_others())

    def test_failed_ship_notice_was_done_there(self):
        order = self.acknowledged_order()
        picking = self.departed(order)
        notice = self.send(picking)
        notice._move("failed")
        self.say(picking, "action_amazon_b2b_done_elsewhere")
        self.assertEqual(picking._amazon_b2b_notices(), notice)
        self.assertEqual((notice.state, notice.needs_person), ("stopped", False))

    def test_more_than_acknowledged_was_not_announced_there(self):
        order = self.acknowledged_order()
        picking = self.picking_of(order)
        picking.move_ids.write({"quantity": 12, "picked": True})
        self.validate(picking)
        with self.assertRaisesRegex(UserError, "10 acknowledged"):
            self.say(picking, "action_amazon_b2b_done_elsewhere")

    def test_only_a_manager_says_so(self):
        user = self.user("wes", "amazon_b2b_connector.group_user")
        document = self.acknowledged_order()._amazon_b2b_out("acknowledgement")
        with self.assertRaisesRegex(AccessError, "Only an Amazon Manager"):
            document.with_user(user)._told_elsewhere("because")

    def test_what_amazon_has_from_here_was_not_done_there(self):
        document = self.acknowledged_order()._amazon_b2b_out("acknowledgement")
        document.state = "delivered"
        self.assertFalse(document.may_be_elsewhere)
        with self.assertRaisesRegex(UserError, "Amazon has it already"):
            document.with_user(self.manager)._told_elsewhere("because")
