from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from .shipping import ShippingCase


@tagged("post_install", "-at_install")
class TestShipNoticeAgain(ShippingCase):
    """A second ship notice: refused, corrected, or in place of one that failed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls.acknowledged_order()
        cls.picking = cls.departed(cls.order, 6, 4)
        cls.notice = cls.send(cls.picking)

    def test_second_notice_is_refused_with_the_first(self):
        with self.assertRaisesRegex(UserError, self.notice.number):
            self.picking.action_amazon_b2b_send_notice()
        self.assertFalse(self.picking.amazon_b2b_may_send)

    def test_accepted_notice_is_not_sent_again(self):
        for state in ("delivered", "accepted"):
            self.notice._move(state)
            with self.assertRaisesRegex(UserError, "has its ship notice"):
                self.picking.action_amazon_b2b_send_notice()

    def test_rejected_notice_goes_out_corrected_under_its_number(self):
        for state in ("delivered", "rejected"):
            self.notice._move(state)
        self.assertEqual(self.picking.amazon_b2b_notice_state, "rejected")
        self.assertTrue(self.picking.amazon_b2b_may_send)
        self.picking.amazon_b2b_bill_of_lading = "ABCD5-000124"
        again = self.send(self.picking)
        self.assertEqual(again.number, self.notice.number)
        self.assertEqual(again.origin_id, self.notice)
        self.assertEqual(again._paper().bill_of_lading, "ABCD5-000124")
        self.assertFalse(again.transmission_id, "new control numbers are given later")
        self.assertEqual(self.picking.amazon_b2b_notice_state, "ready")

    def test_failed_notice_gives_way_to_the_new_one(self):
        self.notice._move("failed")
        again = self.send(self.picking)
        self.assertEqual(self.notice.state, "stopped")
        self.assertEqual(again.number, self.notice.number)

    def test_rejected_notice_of_last_week_gets_a_new_number(self):
        for state in ("delivered", "rejected"):
            self.notice._move(state)
        self.env.cr.execute(
            "UPDATE amazon_b2b_document SET create_date = %s WHERE id = %s",
            [fields.Datetime.now() - timedelta(days=8), self.notice.id],
        )
        self.notice.invalidate_recordset()
        again = self.send(self.picking)
        self.assertNotEqual(again.number, self.notice.number)

    def test_labels_are_the_same_in_the_second_notice(self):
        self.notice._move("failed")
        before = self.items(self.notice._paper())
        self.assertEqual(self.items(self.send(self.picking)._paper()), before)

    def test_trial_does_not_stand_in_the_way_of_the_real_one(self):
        self.connection._type("ship_notice").state = "test"
        order = self.acknowledged_order(number="5Z1PHX3B")
        picking = self.departed(order)
        trial = self.send(picking)
        self.assertTrue(trial.is_test)
        self.connection._type("ship_notice").state = "live"
        picking.invalidate_recordset()
        self.assertEqual(picking.amazon_b2b_notice_state, "due")
        self.assertFalse(self.send(picking).is_test)

    def correct(self, quantity):
        self.notice._move("delivered")
        line = self.picking.move_line_ids.filtered(lambda ml: ml.quantity == 4)
        line.quantity = quantity
        self.picking.action_amazon_b2b_replace_notice()
        return self.picking._amazon_b2b_notices()

    def test_delivered_notice_can_be_corrected_downwards(self):
        corrected = self.correct(3)
        self.assertEqual(corrected.number, self.notice.number)
        self.assertEqual(self.order._amazon_b2b_shipped()["4Z1PHX3A", "1"], 9)

    def test_correction_upwards_is_refused(self):
        self.order.order_line.amazon_b2b_acknowledged_qty = 20
        with self.assertRaisesRegex(UserError, "only with smaller quantities"):
            self.correct(5)

    def test_correction_after_arrival_is_refused(self):
        self.picking.write(
            {
                "amazon_b2b_shipped": self.ago(days=5),
                "amazon_b2b_estimated_delivery": self.ago(days=1),
            }
        )
        self.notice._move("failed")
        self.notice = self.send(self.picking)
        with self.assertRaisesRegex(UserError, "before the goods arrive"):
            self.correct(3)

    def test_several_states_show_the_worst(self):
        self.mapping.notice_per_carton = True
        picking = self.departed(self.acknowledged_order(number="5Z1PHX3B"), 6, 4)
        one, other = self.send(picking)
        one._move("delivered")
        other._move("failed")
        self.assertEqual(picking.amazon_b2b_notice_state, "failed")
        found = self.env["stock.picking"].search(
            [("amazon_b2b_notice_state", "in", ["failed"])]
        )
        self.assertEqual(found, picking)
        again = self.send(picking)
        self.assertIn(one, again)
        self.assertEqual(len(again), 2)
        self.assertEqual((again - one).number, other.number)

    def test_what_is_due_can_be_searched(self):
        due = self.departed(self.acknowledged_order(number="5Z1PHX3B"))
        found = self.env["stock.picking"].search(
            [("amazon_b2b_notice_state", "in", ["due"])]
        )
        self.assertEqual(found, due)
