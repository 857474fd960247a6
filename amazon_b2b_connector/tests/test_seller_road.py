from . import selling
from .selling import SellerCase


class TestSellerRoad(SellerCase):
    """From a page of the Orders API to confirmed sale orders."""

    def test_an_order_becomes_a_confirmed_sale_order_with_a_delivery(self):
        document = self.take(selling.order())
        self.assertEqual((document.state, document.reason), ("done", False))
        order = document.sale_order_id
        self.assertEqual(order.state, "sale")
        self.assertEqual(order.amazon_b2b_seller_number, document.number)
        self.assertEqual(order.order_line.product_id, self.product)
        self.assertEqual(len(order.picking_ids), 1)

    def test_the_date_of_an_order_is_when_it_was_placed(self):
        order = selling.order(created="2026-11-18T08:15:00Z")
        document = self.take(order)
        self.assertEqual(str(document.sale_order_id.date_order), "2026-11-18 08:15:00")

    def test_the_same_order_again_makes_no_document(self):
        order = selling.order()
        self.take(order)
        again = self.receive(order)
        self.assertFalse(again)

    def test_one_poisoned_order_holds_nobody_up(self):
        orders = [selling.order() for _number in range(20)]
        orders[7]["orderItems"][0]["product"]["sellerSku"] = "NOBODY-KNOWS"
        documents = self.take(*orders)
        states = documents.mapped("state")
        self.assertEqual(states.count("done"), 19)
        held = documents.filtered(lambda d: d.state == "held")
        self.assertEqual(held.number, orders[7]["orderId"])
        self.assertEqual(held.reason_code, "product")
        self.assertIn("NOBODY-KNOWS", held.reason)

    def test_an_order_that_cannot_be_read_fails_alone(self):
        broken = selling.order()
        broken["orderItems"] = "none"
        documents = self.take(selling.order(), broken)
        self.assertEqual(documents.mapped("state"), ["done", "failed"])

    def test_a_pending_order_waits_without_customer(self):
        order = selling.order(status="PENDING", recipient={}, buyer={})
        before = self.env["res.partner"].search_count([])
        document = self.take(order)
        self.assertEqual((document.state, document.reason_code), ("waiting", "pending"))
        self.assertFalse(document.needs_person)
        self.assertEqual(self.env["res.partner"].search_count([]), before)
        paid = selling.order(number=order["orderId"])
        later = self.take(paid)
        self.assertEqual((document.state, later.state), ("ignored", "done"))

    def test_an_order_that_was_shipped_before_moves_nothing(self):
        document = self.take(selling.order(status="SHIPPED"))
        order = document.sale_order_id
        self.assertEqual(order.state, "sale")
        self.assertFalse(order.picking_ids)
        self.assertEqual(order.order_line.qty_delivered, 1)

    def test_a_prime_order_is_picked_first_and_before_amazons_date(self):
        document = self.take(selling.order(programs=["PRIME"]))
        picking = document.sale_order_id.picking_ids
        self.assertEqual(picking.priority, "1")
        self.assertEqual(str(picking.date_deadline), "2026-11-24 22:59:59")
