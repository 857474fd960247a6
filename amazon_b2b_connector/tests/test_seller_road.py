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

    def test_what_was_cancelled_after_a_part_had_left_is_not_delivered(self):
        reason = {"cancelledBy": "SELLER", "cancelReason": "Sold out"}
        gone = {"quantityFulfilled": 1, "quantityUnfulfilled": 0}
        item = {"quantity": 3, "price": "35.70", "tax": "5.70", "fulfillment": gone}
        cancelled = selling.item(**item, cancellation={"cancellationExecution": reason})
        for order in (
            selling.order(cancelled, status="PARTIALLY_SHIPPED"),
            selling.order(selling.item(**item), status="SHIPPED"),
        ):
            sale = self.take(order).sale_order_id
            self.assertEqual(sale.order_line.mapped("qty_delivered"), [1])
            self.assertFalse(sale.picking_ids)

    def test_a_prime_order_is_picked_first_and_before_amazons_date(self):
        document = self.take(selling.order(programs=["PRIME"]))
        picking = document.sale_order_id.picking_ids
        self.assertEqual(picking.priority, "1")
        self.assertEqual(str(picking.date_deadline), "2026-11-24 22:59:59")

    def test_every_step_of_a_prime_order_goes_first(self):
        warehouse = self.marketplace.warehouse_id
        warehouse.delivery_steps = "pick_pack_ship"
        self.env["stock.quant"]._update_available_quantity(
            self.product, warehouse.lot_stock_id, 5
        )
        order = self.take(selling.order(programs=["PRIME"])).sale_order_id
        for _step in range(2):
            step = order.picking_ids.filtered(lambda p: p.state == "assigned")
            self.assertEqual(step.priority, "1")
            step.move_ids.picked = True
            step._action_done()
        last = order.picking_ids.filtered(lambda p: p.state == "assigned")
        self.assertEqual((last.picking_type_code, last.priority), ("outgoing", "1"))

    def test_what_does_not_say_who_ships_it_is_not_shipped(self):
        unsaid = [selling.order(), selling.order(), selling.order(status="ON_HOLD")]
        del unsaid[0]["fulfillment"]
        del unsaid[1]["fulfillment"]["fulfilledBy"]
        for document in self.take(*unsaid):
            self.assertEqual(
                (document.state, document.reason_code), ("held", "content")
            )
            self.assertIn("shipped twice", document.reason)

    def test_an_order_is_linked_wherever_its_number_stands(self):
        customer = self.env["res.partner"].create({"name": "Erika"})
        for field in ("name", "origin", "client_order_ref"):
            number = selling.order_number()
            typed = self.env["sale.order"].create(
                {"partner_id": customer.id, field: number}
            )
            document = self.take(selling.order(number=number))
            self.assertEqual((document.state, document.sale_order_id), ("done", typed))
