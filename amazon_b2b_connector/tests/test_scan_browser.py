from odoo.tests import HttpCase, tagged

from .acknowledging import AcknowledgeCase
from .browser import patient_with_the_browser


@tagged("post_install", "-at_install")
class TestScanBrowser(AcknowledgeCase, HttpCase):
    """A scanner is a keyboard; what it does to a page is only seen in a browser."""

    @patient_with_the_browser
    def test_warehouse_user_scans_types_and_acknowledges(self):
        self.make_warehouse_user("picker")
        order = self.make_order()
        action = self.env.ref("amazon_b2b_connector.amazon_b2b_to_acknowledge_action")
        self.start_tour(
            f"/odoo/action-{action.id}", "amazon_b2b_acknowledge", login="picker"
        )
        self.assertEqual(order.order_line.mapped("product_uom_qty"), [2, 3])
        self.assertEqual(order.order_line.mapped("price_unit"), [9.5, 20])
        moves = {m.product_id: m for m in order.picking_ids.move_ids}
        self.assertTrue(moves[self.product].picked)
        self.assertFalse(moves[self.toaster].picked)
