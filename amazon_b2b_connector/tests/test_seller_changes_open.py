from . import selling
from .selling import SellerCase


class TestSellerChangesOpen(SellerCase):
    """A change of Amazon's leaves an open order as if it had come so at first."""

    def setUp(self):
        super().setUp()
        self.item = selling.item(quantity=3, price="35.70", tax="5.70")
        self.order = selling.order(self.item)
        self.sale = self.take(self.order).sale_order_id

    def again(self, *items, **changes):
        if items:
            totals = [float(i["proceeds"]["proceedsTotal"]["amount"]) for i in items]
            changes["orderItems"] = list(items)
            changes["proceeds"] = {"grandTotal": selling.money(f"{sum(totals):.2f}")}
        self.order = {**self.order, **changes}
        return self.take(self.order)

    def two(self, **values):
        return selling.item(
            quantity=2,
            price="23.80",
            tax="3.80",
            number=self.item["orderItemId"],
            **values,
        )

    def to_deliver(self):
        moves = self.sale.picking_ids.move_ids.filtered(lambda m: m.state != "cancel")
        return {m.product_id.default_code: m.product_uom_qty for m in moves}

    def status(self, status):
        return {**self.order["fulfillment"], "fulfillmentStatus": status}

    def assertDone(self, document):
        self.assertEqual((document.state, document.reason), ("done", False))

    def test_what_left_meanwhile_is_not_delivered_twice(self):
        gone = {"quantityFulfilled": 1, "quantityUnfulfilled": 1}
        later = self.again(
            self.two(fulfillment=gone), fulfillment=self.status("PARTIALLY_SHIPPED")
        )
        self.assertDone(later)
        self.assertEqual(self.to_deliver(), {"MUG-BLUE": 2})
        self.assertEqual(self.sale.order_line.mapped("product_uom_qty"), [2])

    def test_what_had_left_at_first_stays_left(self):
        gone = {"quantityFulfilled": 1, "quantityUnfulfilled": 2}
        self.order = selling.order(
            {**self.item, "fulfillment": gone}, status="PARTIALLY_SHIPPED"
        )
        self.sale = self.take(self.order).sale_order_id
        self.assertEqual(self.to_deliver(), {"MUG-BLUE": 2})
        self.assertDone(self.again(self.two(fulfillment=gone)))
        self.assertEqual(self.to_deliver(), {"MUG-BLUE": 1})
        self.assertEqual(self.sale.order_line.mapped("qty_delivered"), [1, 0])
        self.assertEqual(self.sale.amount_total, 23.80)

    def test_a_line_of_no_pieces_is_not_delivered(self):
        none = selling.item(
            quantity=0, price="0", tax="0", number=self.item["orderItemId"]
        )
        self.assertDone(self.again(none, selling.item()))
        self.assertEqual(self.to_deliver(), {"MUG-BLUE": 1})
        self.assertEqual(self.sale.amount_total, 11.90)

    def test_a_sku_that_means_another_product_now_is_delivered_as_that(self):
        red = self.make_product("MUG-RED")
        self.env["amazon.b2b.product.mapping"].create(
            [
                {"qualifier": "SK", "value": "MUG-BLUE", "product_id": red.id},
                {"qualifier": "BP", "value": "B0EXAMPLE1", "product_id": red.id},
            ]
        )
        self.assertDone(self.again(self.two()))
        self.assertEqual(self.to_deliver(), {"MUG-RED": 2})
        self.assertEqual(self.sale.amount_total, 23.80)

    def test_a_new_line_of_an_unknown_sku_waits_and_goes_on(self):
        later = self.again(self.item, selling.item("NEW"))
        self.assertEqual((later.state, later.reason_code), ("held", "product"))
        self.assertEqual(self.sale.amount_total, 35.70)
        self.make_product("NEW")
        self.assertEqual(later.state, "new")
        later._work()
        self.assertDone(later)
        self.assertEqual(self.to_deliver(), {"MUG-BLUE": 3, "NEW": 1})

    def test_a_locked_order_is_changed_and_stays_locked(self):
        self.sale.locked = True
        self.assertDone(self.again(self.two()))
        self.assertTrue(self.sale.locked)
        self.assertEqual(self.to_deliver(), {"MUG-BLUE": 2})

    def test_a_draft_invoice_tells_a_person(self):
        self.product.invoice_policy = "order"
        self.sale._create_invoices()
        later = self.again(self.two())
        self.assertEqual((later.state, later.reason_code), ("held", "change"))
        self.assertIn("draft invoice", later.reason)

    def test_a_cancelled_order_takes_its_draft_invoice_along(self):
        self.product.invoice_policy = "order"
        invoice = self.sale._create_invoices()
        self.assertDone(self.again(fulfillment=self.status("CANCELLED")))
        self.assertEqual((self.sale.state, invoice.state), ("cancel", "cancel"))

    def test_why_it_was_cancelled_is_said_after_a_colon(self):
        reason = {"cancelledBy": "BUYER", "cancelReason": "Ordered twice"}
        cancelled = {**self.item, "cancellation": {"cancellationExecution": reason}}
        self.again(cancelled, fulfillment=self.status("CANCELLED"))
        told = "".join(self.sale.message_ids.mapped("body"))
        self.assertIn("cancelled: Ordered twice", told)

    def test_another_address_keeps_the_fiscal_position_of_the_settings(self):
        ours, found = self.env["account.fiscal.position"].create(
            [
                {"name": "Ours"},
                {
                    "name": "Found",
                    "auto_apply": True,
                    "country_id": self.env.ref("base.de").id,
                    "sequence": 0,
                },
            ]
        )
        self.marketplace.fiscal_position_id = ours
        self.sale = self.take(selling.order(number="302-1-1")).sale_order_id
        self.order = selling.order(number="302-1-1")
        self.assertEqual(self.sale.fiscal_position_id, ours)
        recipient = {"deliveryAddress": selling.address(addressLine1="Ringstraße 9")}
        self.assertDone(self.again(recipient=recipient))
        self.assertEqual(self.sale.partner_shipping_id.street, "Ringstraße 9")
        self.assertEqual(self.sale.fiscal_position_id, ours)
        self.assertTrue(found)

    def test_another_country_has_its_own_taxes(self):
        abroad = self.make_tax(19)
        self.env["amazon.b2b.tax.mapping"].create(
            {
                "country_id": self.env.ref("base.fr").id,
                "rate": 19,
                "tax_id": abroad.id,
            }
        )
        self.env["amazon.b2b.tax.mapping"].create(
            {
                "country_id": self.env.ref("base.de").id,
                "rate": 19,
                "tax_id": self.tax.id,
            }
        )
        recipient = {"deliveryAddress": selling.address(countryCode="FR")}
        self.assertDone(self.again(recipient=recipient))
        self.assertEqual(self.sale.order_line.tax_ids, abroad)

    def test_what_the_buyer_writes_later_is_on_the_delivery(self):
        gift = {"giftOption": {"giftMessage": "Happy birthday"}}
        item = {**self.item, "fulfillment": {"packing": gift}}
        wish = {"addressInstruction": "Ring twice"}
        recipient = {**self.order["recipient"], "deliveryPreference": wish}
        self.assertDone(self.again(item, recipient=recipient))
        picking = self.sale.picking_ids
        self.assertEqual(picking.amazon_b2b_gift_message, "Happy birthday")
        self.assertEqual(picking.amazon_b2b_instructions, "Ring twice")
        self.assertDone(self.again(recipient={}, programs=["PREMIUM"]))
        self.assertEqual(picking.amazon_b2b_instructions, "Ring twice")

    def test_tax_that_amazon_remits_is_that_of_the_new_amounts(self):
        def remitted(item):
            return {**item, "tax": {"taxCollections": [{"model": MODEL}]}}

        item = remitted(selling.item(net=True, price="10.00", tax="1.90", number="5"))
        self.order = selling.order(item)
        self.sale = self.take(self.order).sale_order_id
        self.assertEqual(self.sale.amazon_b2b_collected_tax, 1.90)
        item = remitted(selling.item(net=True, price="5.00", tax="0.95", number="5"))
        self.assertDone(self.again(item))
        self.assertEqual(self.sale.amazon_b2b_collected_tax, 0.95)

    def test_what_amazon_has_shipped_is_not_cancelled_without_a_person(self):
        for is_shipped in (True, False):
            self.marketplace.fba_is_shipped = is_shipped
            self.order = selling.order(by="AMAZON", status="SHIPPED")
            sale = self.take(self.order).sale_order_id
            later = self.again(fulfillment=self.status("CANCELLED"))
            self.assertEqual((later.state, later.reason_code), ("held", "change"))
            self.assertIn("goods have left", later.reason)
            self.assertEqual(sale.state, "sale")

    def test_steps_of_a_delivery_change_together(self):
        self.marketplace.warehouse_id.delivery_steps = "pick_pack_ship"
        self.order = selling.order(self.item)
        self.sale = self.take(self.order).sale_order_id
        self.assertDone(self.again(self.two()))
        self.assertEqual(self.to_deliver(), {"MUG-BLUE": 2})
        self.again(fulfillment=self.status("CANCELLED"))
        self.assertEqual(set(self.sale.picking_ids.mapped("state")), {"cancel"})


# taxCollections[].model, Orders API 2026-01-01
MODEL = "MARKETPLACE_FACILITATOR"
