from datetime import date
from decimal import Decimal

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .. import edi
from .acknowledging import AcknowledgeCase
from .common import order_line, purchase_order


@tagged("post_install", "-at_install")
class TestAcknowledgement(AcknowledgeCase):
    """What Amazon is told, and that the order is set to exactly that."""

    def test_accepting_everything_tells_amazon_and_confirms(self):
        order = self.make_order()
        document = order._amazon_b2b_acknowledge()
        paper = document._paper()
        self.assertEqual(paper.kind, "AD")
        self.assertEqual(
            self.said(document),
            {"1": [("IA", Decimal(10))], "2": [("IA", Decimal(4))]},
        )
        self.assertEqual(document.state, "ready")
        self.assertEqual(document.sale_order_id, order)
        self.assertEqual(document.origin_id, order.amazon_b2b_document_id)
        self.assertEqual(order.state, "sale")
        self.assertEqual(order.amazon_b2b_status, "acknowledged")
        self.assertEqual(
            order.order_line.mapped("amazon_b2b_acknowledged_qty"), [10, 4]
        )
        self.assertEqual(order.picking_ids.move_ids.mapped("product_uom_qty"), [10, 4])

    def test_paper_repeats_the_order_byte_for_byte(self):
        lines = (
            order_line(
                number="007",
                price=Decimal("9.500"),
                identifiers=[("UP", "012345678905"), ("VN", "A/1 #2")],
            ),
        )
        order = self.make_order(*lines)
        paper = order._amazon_b2b_acknowledge()._paper()
        sent = paper.lines[0]
        self.assertEqual(
            (sent.number, str(sent.price), sent.price_basis, sent.unit),
            ("007", "9.500", "PE", "EA"),
        )
        self.assertEqual(sent.identifiers, lines[0].identifiers)

    def test_identifier_that_x12_cannot_carry_is_refused_before_anything_changes(self):
        order = self.make_order(
            order_line(identifiers=[("UP", "012345678905"), ("VN", "A*1")])
        )
        with self.assertRaisesRegex(UserError, "may not be sent"):
            order._amazon_b2b_acknowledge()

    def test_paper_can_be_written_and_reads_back_the_same(self):
        order = self.make_order(*self.two_lines(), back_order_allowed=True)
        self.connection.backorder = True
        document = order._amazon_b2b_acknowledge(
            {
                order.id: {
                    1: self.answer(6),
                    2: self.answer(1, self.later, date(2031, 4, 1)),
                }
            }
        )
        self.assertEqual(edi.check(document._paper()), ())

    def test_part_is_accepted_the_rest_cancelled(self):
        order = self.make_order()
        document = order._amazon_b2b_acknowledge({order.id: {1: self.answer(6)}})
        self.assertEqual(document._paper().kind, "AC")
        self.assertEqual(
            self.said(document)["1"], [("IA", Decimal(6)), ("IR", Decimal(4))]
        )
        self.assertEqual(order.order_line.mapped("product_uom_qty"), [6, 4])
        self.assertEqual(order.picking_ids.move_ids.mapped("product_uom_qty"), [6, 4])

    def test_price_stays_amazons_when_the_quantity_changes(self):
        self.env["res.config.settings"].create(
            {"group_product_pricelist": True, "group_discount_per_so_line": True}
        ).execute()
        item = {
            "applied_on": "3_global",
            "compute_price": "percentage",
            "percent_price": 30,
        }
        self.vendor_code.pricelist_id = self.env["product.pricelist"].create(
            {"name": "Cheap", "item_ids": self.set_lines(item)}
        )
        order = self.make_order()
        line = order.order_line[0]
        # as Odoo leaves it when a line is made without a word about it
        line.write({"price_unit": 9.5, "technical_price_unit": 9.5})
        order._amazon_b2b_acknowledge({order.id: {1: self.answer(6)}})
        self.assertEqual((line.product_uom_qty, line.price_unit), (6, 9.5))
        self.assertEqual(line.discount, 0)
        line.product_uom_qty = 5
        self.assertEqual(line.price_unit, 9.5)

    def test_free_line_stays_free_when_the_quantity_changes(self):
        order = self.make_order(order_line(price=Decimal("0")))
        order._amazon_b2b_acknowledge({order.id: {1: self.answer(6)}})
        order.order_line.product_uom_qty = 5
        self.assertEqual(order.order_line.price_unit, 0)

    def test_nothing_accepted_rejects_and_cancels_keeping_quantities(self):
        order = self.make_order()
        document = order._amazon_b2b_acknowledge(
            {order.id: {1: self.answer(0), 2: self.answer(0, self.obsolete)}}
        )
        self.assertEqual(document._paper().kind, "RD")
        self.assertEqual(
            self.said(document),
            {"1": [("IR", Decimal(10))], "2": [("R4", Decimal(4))]},
        )
        self.assertEqual(order.state, "cancel")
        self.assertEqual(order.order_line.mapped("product_uom_qty"), [10, 4])
        self.assertEqual(order.amazon_b2b_status, "rejected")
        self.assertFalse(order.picking_ids)

    def test_backordered_part_is_a_line_of_its_own_with_its_date(self):
        self.connection.backorder = True
        order = self.make_order(*self.two_lines(), back_order_allowed=True)
        document = order._amazon_b2b_acknowledge(
            {order.id: {1: self.answer(6, self.later, date(2031, 4, 1))}}
        )
        decision = document._paper().lines[0].decisions[1]
        self.assertEqual(
            (decision.code, decision.quantity, decision.date),
            ("IB", Decimal(4), date(2031, 4, 1)),
        )
        # freight is collect: the date is that of pick-up
        self.assertEqual(decision.date_qualifier, "068")
        part = order.order_line.filtered("amazon_b2b_is_backorder")
        self.assertEqual(
            (part.product_uom_qty, part.price_unit, part.amazon_b2b_position),
            (4, 9.5, 1),
        )
        pickings = order.picking_ids.sorted("scheduled_date")
        self.assertEqual(
            [p.move_ids.mapped("product_uom_qty") for p in pickings], [[6, 4], [4]]
        )
        self.assertEqual(pickings[1].scheduled_date.date(), date(2031, 4, 1))

    def test_backorder_is_refused_where_connection_or_order_forbid_it(self):
        answer = self.answer(6, self.later, date(2031, 4, 1))
        for backorder, allowed in ((False, True), (True, False)):
            self.connection.backorder = backorder
            order = self.make_order(
                number=f"BACK{backorder:d}{allowed:d}", back_order_allowed=allowed
            )
            with self.assertRaisesRegex(UserError, "CSH"):
                order._amazon_b2b_acknowledge({order.id: {1: answer}})

    def test_backorder_without_a_date_is_refused(self):
        self.connection.backorder = True
        order = self.make_order(*self.two_lines(), back_order_allowed=True)
        with self.assertRaisesRegex(UserError, "date"):
            order._amazon_b2b_acknowledge({order.id: {1: self.answer(6, self.later)}})

    def test_never_more_than_ordered(self):
        order = self.make_order()
        with self.assertRaisesRegex(UserError, "more than ordered"):
            order._amazon_b2b_acknowledge({order.id: {1: self.answer(11)}})
        self.assertEqual(order.state, "draft")

    def test_pieces_that_make_no_whole_case_are_refused(self):
        self.map_product("UA", "10012345678902", self.product, pack_size=12)
        order = self.make_order(
            order_line(unit="CA", identifiers=[("UA", "10012345678902")])
        )
        self.assertEqual(order.order_line.product_uom_id.relative_factor, 12)
        with self.assertRaisesRegex(UserError, "whole number of CA"):
            order._amazon_b2b_acknowledge({order.id: {1: self.answer("2.5")}})

    def test_price_above_amazons_is_refused(self):
        order = self.make_order()
        order.order_line[0].price_unit = 9.51
        with self.assertRaisesRegex(UserError, "above Amazon's 9.50"):
            order._amazon_b2b_acknowledge()

    def test_lower_price_is_what_amazon_is_told(self):
        order = self.make_order()
        order.order_line[0].discount = 10
        paper = order._amazon_b2b_acknowledge()._paper()
        self.assertEqual(paper.lines[0].price, Decimal("8.55"))
        self.assertEqual(paper.kind, "AC")
        self.assertEqual(order.order_line[0].discount, 10)

    def test_line_that_is_answered_goes_out_with_its_code(self):
        self.map_product("VN", "GONE", answer_code_id=self.obsolete.id)
        order = self.make_order(
            order_line(), order_line(number="2", identifiers=[("VN", "GONE")])
        )
        document = order._amazon_b2b_acknowledge()
        self.assertEqual(
            self.said(document),
            {"1": [("IA", Decimal(10))], "2": [("R4", Decimal(10))]},
        )
        self.assertEqual(order.state, "sale")

    def test_line_that_was_deleted_is_cancelled_not_forgotten(self):
        order = self.make_order()
        order.order_line[1].unlink()
        document = order._amazon_b2b_acknowledge()
        self.assertEqual(self.said(document)["2"], [("IR", Decimal(4))])

    def test_everything_that_stands_against_it_is_said_at_once(self):
        first, second = self.make_order(), self.make_order(number="OTHER1")
        with self.assertRaises(UserError) as caught:
            (first + second)._amazon_b2b_acknowledge(
                {first.id: {1: self.answer(11)}, second.id: {2: self.answer(5)}}
            )
        self.assertIn("4Z1PHX3A: line 1", str(caught.exception))
        self.assertIn("OTHER1: line 2", str(caught.exception))
        self.assertEqual((first + second).mapped("state"), ["draft", "draft"])

    def test_many_orders_go_in_one_batch(self):
        orders = self.env["sale.order"].concat(
            *(self.make_order(number=f"BATCH{n}") for n in range(5))
        )
        documents = orders._amazon_b2b_acknowledge()
        self.assertEqual(documents.sale_order_id, orders)
        self.assertEqual(set(orders.mapped("state")), {"sale"})
        self.assertEqual(len(orders.picking_ids), 5)

    def test_alarm_of_the_purchase_order_ends(self):
        order = self.make_order()
        order.amazon_b2b_document_id.alarm = "late"
        order._amazon_b2b_acknowledge()
        self.assertFalse(order.amazon_b2b_document_id.alarm)

    # once, and again where the first was lost

    def test_second_acknowledgement_is_refused_with_the_reason(self):
        order = self.make_order()
        order._amazon_b2b_acknowledge()
        with self.assertRaisesRegex(
            UserError, f"acknowledged by {self.env.user.name} on .* Ready"
        ):
            order._amazon_b2b_acknowledge()

    def test_rejected_one_is_followed_by_a_corrected_one(self):
        order = self.make_order()
        first = order._amazon_b2b_acknowledge()
        first._move("delivered")
        first._move("rejected")
        self.assertTrue(order.amazon_b2b_answer_lost)
        second = order._amazon_b2b_acknowledge({order.id: {1: self.answer(7)}})
        self.assertNotEqual(first, second)
        self.assertEqual((first.state, second.state), ("rejected", "ready"))
        self.assertEqual(order.order_line[0].product_uom_qty, 7)
        self.assertEqual(order.order_line[0].price_unit, 9.5)
        moves = order.picking_ids.move_ids.filtered(
            lambda m: m.product_id == self.product and m.state != "cancel"
        )
        self.assertEqual(sum(moves.mapped("product_uom_qty")), 7)

    def test_failed_one_is_stopped_and_followed(self):
        order = self.make_order()
        first = order._amazon_b2b_acknowledge()
        first._move("failed")
        second = order._amazon_b2b_acknowledge()
        self.assertEqual((first.state, second.state), ("stopped", "ready"))

    def test_correction_may_reject_what_was_confirmed(self):
        order = self.make_order()
        order._amazon_b2b_acknowledge()._move("stopped")
        order._amazon_b2b_acknowledge(
            {order.id: {1: self.answer(0), 2: self.answer(0)}}
        )
        self.assertEqual(order.state, "cancel")
        self.assertEqual(set(order.picking_ids.mapped("state")), {"cancel"})
        self.assertEqual(order.order_line.mapped("amazon_b2b_acknowledged_qty"), [0, 0])

    def test_correction_may_accept_what_was_rejected(self):
        order = self.make_order()
        order._amazon_b2b_acknowledge(
            {order.id: {1: self.answer(0), 2: self.answer(0)}}
        )._move("stopped")
        order._amazon_b2b_acknowledge({order.id: {2: self.answer(0)}})
        self.assertEqual(order.state, "sale")
        self.assertEqual(order.order_line.mapped("product_uom_qty"), [10, 0])
        self.assertEqual(order.picking_ids.move_ids.product_id, self.product)

    def test_correction_changes_the_backordered_part(self):
        self.connection.backorder = True
        order = self.make_order(*self.two_lines(), back_order_allowed=True)
        later = self.answer(6, self.later, date(2031, 4, 1))
        order._amazon_b2b_acknowledge({order.id: {1: later}})._move("stopped")
        order._amazon_b2b_acknowledge({order.id: {1: self.answer(9)}})._move("stopped")
        part = order.order_line.filtered("amazon_b2b_is_backorder")
        self.assertEqual(part.mapped("product_uom_qty"), [0])
        order._amazon_b2b_acknowledge({order.id: {1: later}})
        part = order.order_line.filtered("amazon_b2b_is_backorder")
        self.assertEqual(part.mapped("product_uom_qty"), [4])

    # stages and tests

    def test_switched_off_refuses_and_leaves_confirming_free(self):
        self.set_stage("off")
        order = self.make_order()
        with self.assertRaisesRegex(UserError, "switched off on Amazon US"):
            order._amazon_b2b_acknowledge()
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_stage_test_sends_a_test_and_leaves_the_order(self):
        self.set_stage("test")
        order = self.make_order()
        document = order._amazon_b2b_acknowledge()
        self.assertTrue(document.is_test)
        self.assertEqual(order.state, "draft")
        self.assertFalse(order.amazon_b2b_acknowledged_at)
        self.set_stage("live")
        self.assertFalse(order._amazon_b2b_acknowledge().is_test)
        self.assertEqual(order.state, "sale")

    def test_stage_parallel_prepares_the_document_and_confirms(self):
        self.set_stage("parallel")
        order = self.make_order()
        document = order._amazon_b2b_acknowledge()
        self.assertEqual(document.state, "prepared")
        self.assertEqual(order.state, "sale")
        with self.assertRaisesRegex(UserError, "Prepared"):
            order._amazon_b2b_acknowledge()

    def test_test_order_is_answered_as_a_test_and_never_confirmed(self):
        document = self.receive(purchase_order(number="1AA1TEST"), is_test=True)
        document._work()
        order = document.sale_order_id
        with self.assertRaisesRegex(UserError, "test order"):
            order.action_confirm()
        answer = order._amazon_b2b_acknowledge()
        self.assertTrue(answer.is_test)
        self.assertEqual(order.state, "draft")
        with self.assertRaisesRegex(UserError, "test order"):
            order.action_confirm()
        with self.assertRaisesRegex(UserError, "was acknowledged"):
            order._amazon_b2b_acknowledge()

    # rights

    def test_warehouse_user_without_sales_rights_acknowledges(self):
        picker = self.make_warehouse_user()
        self.assertFalse(picker.has_group("sales_team.group_sale_salesman"))
        order = self.make_order()
        document = order.with_user(picker)._amazon_b2b_acknowledge()
        self.assertEqual(document.create_uid, picker)
        self.assertEqual(order.state, "sale")

    def test_without_the_group_nobody_acknowledges(self):
        seller = new_test_user(
            self.env, "seller", groups="sales_team.group_sale_manager"
        )
        order = self.make_order()
        with self.assertRaises(AccessError):
            order.with_user(seller)._amazon_b2b_acknowledge()
        with self.assertRaises(AccessError):
            order.with_user(seller).action_amazon_b2b_acknowledge()
        with self.assertRaises(AccessError):
            order.with_user(seller).action_amazon_b2b_accept_all()
        self.assertEqual(order.state, "draft")
