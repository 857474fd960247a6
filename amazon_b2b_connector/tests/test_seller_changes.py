from . import selling
from .selling import SellerCase


class TestSellerChanges(SellerCase):
    """What Amazon changes later."""

    def setUp(self):
        super().setUp()
        self.item = selling.item(quantity=3, price="35.70", tax="5.70")
        self.order = selling.order(self.item)
        self.document = self.take(self.order)
        self.sale = self.document.sale_order_id

    def pick(self):
        move = self.sale.picking_ids.move_ids
        move.quantity, move.picked = 1, True

    def again(self, **changes):
        """A later version of the order arrives."""
        self.order = {**self.order, **changes}
        return self.take(self.order)

    def with_status(self, status):
        return {
            "fulfillment": {**self.order["fulfillment"], "fulfillmentStatus": status}
        }

    def reduced(self, quantity="2", price="23.80", tax="3.80"):
        item = selling.item(
            quantity=int(quantity),
            price=price,
            tax=tax,
            number=self.item["orderItemId"],
        )
        return {
            "orderItems": [item],
            "proceeds": {"grandTotal": selling.money(price)},
        }

    def test_a_cancelled_order_is_cancelled_and_says_why(self):
        later = self.again(**self.with_status("CANCELLED"))
        self.assertEqual((later.state, self.sale.state), ("done", "cancel"))
        self.assertEqual(self.sale.picking_ids.mapped("state"), ["cancel"])
        self.assertIn("cancelled", "".join(self.sale.message_ids.mapped("body")))

    def test_a_cancelled_order_that_is_picked_tells_a_person(self):
        self.pick()
        later = self.again(**self.with_status("CANCELLED"))
        self.assertEqual((later.state, later.reason_code), ("held", "change"))
        self.assertEqual(self.sale.state, "sale")
        self.assertIn("picked", later.reason)

    def test_a_reduced_line_is_reduced_with_its_delivery(self):
        later = self.again(**self.reduced())
        self.assertEqual((later.state, later.reason), ("done", False))
        line = self.sale.order_line
        self.assertEqual(line.product_uom_qty, 2)
        self.assertEqual(
            sum(self.sale.picking_ids.move_ids.mapped("product_uom_qty")), 2
        )
        self.assertEqual(self.sale.amount_total, 23.80)

    def test_a_reduced_line_that_is_picked_tells_a_person(self):
        self.pick()
        later = self.again(**self.reduced())
        self.assertEqual((later.state, later.reason_code), ("held", "change"))
        self.assertEqual(self.sale.order_line.product_uom_qty, 3)

    def test_another_address_is_taken_over_with_the_delivery(self):
        recipient = {"deliveryAddress": selling.address(addressLine1="Ringstraße 9")}
        later = self.again(recipient=recipient)
        self.assertEqual(later.state, "done")
        self.assertEqual(self.sale.partner_shipping_id.street, "Ringstraße 9")
        self.assertEqual(
            self.sale.picking_ids.partner_id, self.sale.partner_shipping_id
        )

    def test_another_address_of_picked_goods_tells_a_person(self):
        self.pick()
        recipient = {"deliveryAddress": selling.address(addressLine1="Ringstraße 9")}
        self.assertEqual(self.again(recipient=recipient).reason_code, "change")

    def test_another_service_level_changes_the_delivery_method(self):
        carrier = self.env["delivery.carrier"].create(
            {
                "name": "Express",
                "product_id": self.env.ref("amazon_b2b_connector.product_shipping").id,
            }
        )
        options = self.env["amazon.b2b.shipping.option"]
        options._add_all(self.connection)
        options.search([("code", "=", "NEXT_DAY")]).carrier_id = carrier
        fulfillment = {
            **self.order["fulfillment"],
            "fulfillmentServiceLevel": "NEXT_DAY",
        }
        self.assertEqual(self.again(fulfillment=fulfillment).state, "done")
        self.assertEqual(self.sale.carrier_id, carrier)
        self.assertEqual(self.sale.picking_ids.carrier_id, carrier)

    def test_another_date_is_the_new_deadline_even_of_picked_goods(self):
        self.pick()
        fulfillment = {
            **self.order["fulfillment"],
            "shipByWindow": {"latestDateTime": "2026-11-30T10:00:00Z"},
        }
        self.assertEqual(self.again(fulfillment=fulfillment).state, "done")
        self.assertEqual(
            str(self.sale.picking_ids.date_deadline), "2026-11-30 10:00:00"
        )

    def test_a_wish_to_cancel_shows_on_the_delivery(self):
        self.pick()
        asked = {"cancellationRequest": {"requester": "BUYER", "cancelReason": "late"}}
        item = {**self.item, "cancellation": asked}
        self.assertEqual(self.again(orderItems=[item]).state, "done")
        self.assertIn("late", self.sale.picking_ids.amazon_b2b_cancel_request)

    def test_what_is_shipped_at_amazon_meanwhile_is_warned_of_on_the_delivery(self):
        picking = self.sale.picking_ids
        self.assertFalse(picking.amazon_b2b_has_left)
        self.again(**self.with_status("SHIPPED"))
        self.assertEqual(picking.state, "confirmed")
        self.assertTrue(picking.amazon_b2b_has_left)
        picking.move_ids.quantity = 3
        picking.button_validate()
        self.assertEqual(picking.state, "done")
        self.assertFalse(picking.amazon_b2b_has_left)

    def test_an_older_version_changes_nothing(self):
        older = {
            **self.with_status("CANCELLED"),
            "lastUpdatedTime": "2026-01-01T00:00:00Z",
        }
        self.assertEqual(self.again(**older).state, "ignored")
        self.assertEqual(self.sale.state, "sale")

    def test_an_order_that_amazon_ships_grows_with_its_shipments(self):
        item = selling.item(quantity=2, price="23.80", tax="3.80")
        item["fulfillment"]["quantityFulfilled"] = 1
        order = selling.order(item, by="AMAZON", status="PARTIALLY_SHIPPED")
        sale = self.take(order).sale_order_id
        self.assertEqual(sale.order_line.qty_delivered, 1)
        self.assertFalse(sale.picking_ids)
        item = {
            **item,
            "fulfillment": {"quantityFulfilled": 2, "quantityUnfulfilled": 0},
        }
        fulfillment = {**order["fulfillment"], "fulfillmentStatus": "SHIPPED"}
        self.take({**order, "orderItems": [item], "fulfillment": fulfillment})
        self.assertEqual(sale.order_line.qty_delivered, 2)
        invoice = sale._create_invoices()
        self.assertEqual(invoice.invoice_line_ids.quantity, 2)

    def test_goods_of_amazons_warehouse_move_from_its_location_without_lots(self):
        self.marketplace.fba_is_shipped = False
        self.product.tracking = "lot"
        sale = self.take(selling.order(by="AMAZON", status="SHIPPED")).sale_order_id
        move = sale.order_line.move_ids
        self.assertEqual((move.state, move.quantity), ("done", 1))
        self.assertEqual(move.location_id, self.marketplace._fba_location())
        self.assertEqual(sale.order_line.qty_delivered, 1)
        self.assertFalse(sale.picking_ids.filtered(lambda p: p.state != "done"))

    def test_a_replacement_and_its_original_know_each_other(self):
        replacement = self.take(
            selling.order(
                associatedOrders=[
                    {
                        "orderId": self.document.number,
                        "associationType": "REPLACEMENT_ORIGINAL_ID",
                    }
                ]
            )
        ).sale_order_id
        self.assertEqual(replacement.amazon_b2b_replaces_id, self.sale)
        self.assertEqual(self.sale.amazon_b2b_replacement_ids, replacement)

    def test_an_order_that_stands_here_is_linked_and_not_imported(self):
        number = selling.order_number()
        typed = self.env["sale.order"].create(
            {"partner_id": self.sale.partner_id.id, "client_order_ref": number}
        )
        document = self.take(selling.order(number=number))
        self.assertEqual((document.state, document.sale_order_id), ("done", typed))
        self.assertFalse(typed.order_line)

    def cancelled_line(self):
        cancelled = {"cancelledBy": "BUYER", "cancelReason": "no longer wanted"}
        return selling.item(
            number="7", cancellation={"cancellationExecution": cancelled}
        )

    def test_a_line_that_was_cancelled_before_is_not_ordered(self):
        order = selling.order(
            self.item,
            self.cancelled_line(),
            proceeds={"grandTotal": selling.money("35.70")},
        )
        document = self.take(order)
        self.assertEqual((document.state, document.reason), ("done", False))
        self.assertEqual(document.sale_order_id.order_line.product_uom_qty, 3)

    def test_a_line_that_is_cancelled_later_is_taken_off(self):
        both = selling.order(self.item, selling.item(number="7"))
        sale = self.take(both).sale_order_id
        self.assertEqual(sale.amount_total, 47.60)
        later = self.take(
            {
                **both,
                "orderItems": [self.item, self.cancelled_line()],
                "proceeds": {"grandTotal": selling.money("35.70")},
            }
        )
        self.assertEqual((later.state, later.reason), ("done", False))
        self.assertEqual(sale.amount_total, 35.70)
        self.assertEqual(sum(sale.picking_ids.move_ids.mapped("product_uom_qty")), 3)
