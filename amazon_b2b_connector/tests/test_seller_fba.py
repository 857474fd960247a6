from . import selling
from .selling import SellerCase


class TestSellerFba(SellerCase):
    """Orders that Amazon ships: delivered without moves of ours, or, where it is
    wanted, out of a location for Amazon's warehouse."""

    def shipped(self):
        return self.take(selling.order(by="AMAZON", status="SHIPPED")).sale_order_id

    def moves(self, order):
        return self.env["stock.move"].search(
            [("sale_line_id", "in", order.order_line.ids)]
        )

    def test_marked_as_shipped_it_is_delivered_and_moves_nothing(self):
        order = self.shipped()
        self.assertEqual((order.state, order.delivery_status), ("sale", False))
        self.assertEqual(order.order_line.qty_delivered, 1)
        self.assertFalse(order.picking_ids or self.moves(order))

    def test_unmarked_its_goods_leave_amazons_warehouse(self):
        self.marketplace.fba_is_shipped = False
        order = self.shipped()
        self.assertEqual(self.moves(order).state, "done")
        self.assertEqual(self.moves(order).product_id, self.product)
        self.assertEqual(order.order_line.qty_delivered_method, "stock_move")
        self.assertEqual(order.order_line.qty_delivered, 1)

    def test_goods_leave_the_location_that_the_marketplace_names(self):
        location = self.env["stock.location"].create(
            {"name": "FBA Leipzig", "usage": "internal", "company_id": self.company.id}
        )
        self.env["stock.quant"]._update_available_quantity(self.product, location, 5)
        self.marketplace.write(
            {"fba_is_shipped": False, "fba_location_id": location.id}
        )
        order = self.shipped()
        self.assertEqual(self.moves(order).location_id, location)
        there = self.product.with_context(location=location.id)
        self.assertEqual(there.qty_available, 4)

    def test_either_way_what_is_delivered_can_be_invoiced(self):
        self.product.invoice_policy = "delivery"
        for marked in (True, False):
            with self.subTest(marked):
                self.marketplace.fba_is_shipped = marked
                invoice = self.shipped()._create_invoices()
                self.assertEqual(invoice.amount_total, 11.90)

    def test_what_amazon_has_not_shipped_yet_is_not_delivered(self):
        for marked in (True, False):
            with self.subTest(marked):
                self.marketplace.fba_is_shipped = marked
                order = self.take(selling.order(by="AMAZON")).sale_order_id
                self.assertEqual(order.order_line.qty_delivered, 0)
                self.assertFalse(order.picking_ids or self.moves(order))
