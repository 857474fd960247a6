from decimal import Decimal

from .. import spapi
from .seller_papers import PaperCase, charge, line


class TestSellerLines(PaperCase):
    """Every amount of Amazon's is a line of its own, with what it is for."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.product.invoice_policy = "delivery"
        cls.make_product("PLATE", invoice_policy="delivery")

    def row(self, order, kind, of=False):
        return order.order_line.filtered(
            lambda r: (r.amazon_b2b_charge, r.amazon_b2b_charge_of) == (kind, of)
        )

    def test_shipping_of_several_items_is_one_line_for_each_tax(self):
        reduced = self.make_tax(7)
        order = self.sell(
            line(charge(tax="1.90"), charge("SHIPPING", "2.38", "0.38"), number="1"),
            line(charge(tax="1.90"), charge("SHIPPING", "3.57", "0.57"), number="2"),
            line(
                charge(amount="10.70", tax="0.70"),
                charge("SHIPPING", "1.07", "0.07"),
                number="3",
            ),
        )
        shipping = self.row(order, "SHIPPING")
        self.assertEqual(shipping.mapped("price_total"), [5.95, 1.07])
        self.assertEqual(shipping.mapped("amazon_b2b_item_number"), ["1 2", "3"])
        self.assertEqual([r.tax_ids for r in shipping], [self.tax, reduced])
        self.assertEqual(set(shipping.mapped("is_delivery")), {True})

    def test_gift_wrap_is_a_service_for_its_item_and_makes_no_parcel(self):
        order = self.sell(
            line(
                charge(amount="23.80", tax="3.80"),
                charge("GIFT_WRAP", "4.76", "0.76"),
                quantity=2,
                gift_wrap="Classic",
                gift_message="Happy birthday!",
            )
        )
        wrap = self.row(order, "GIFT_WRAP")
        self.assertEqual(wrap.product_id.type, "service")
        self.assertEqual((wrap.product_uom_qty, wrap.price_total), (2, 4.76))
        self.assertEqual(wrap.amazon_b2b_item_number, "1")
        self.assertIn("Product MUG-BLUE (Classic)", wrap.name)
        self.assertEqual(order.picking_ids.move_ids.product_id, self.product)
        self.assertEqual(order.amazon_b2b_gift_message, "Happy birthday!")

    def test_discounts_are_negative_lines_named_after_what_they_reduce(self):
        order = self.sell(
            line(
                charge(tax="1.90"),
                charge("SHIPPING", "3.57", "0.57"),
                charge("DISCOUNT", "-1.19", "-0.19", of="ITEM"),
                charge("DISCOUNT", "-3.57", "-0.57", of="SHIPPING"),
                promotions=("SPRING10", "FREESHIP"),
            )
        )
        item = self.row(order, "DISCOUNT", "ITEM")
        self.assertEqual(item.price_total, -1.19)
        self.assertIn("Product MUG-BLUE (SPRING10, FREESHIP)", item.name)
        shipping = self.row(order, "DISCOUNT", "SHIPPING")
        self.assertEqual(shipping.price_total, -3.57)
        self.assertIn("shipping", shipping.name)
        self.assertComesTo(order, "10.71", "1.71")

    def test_what_is_all_discounted_keeps_its_tax_on_both_lines(self):
        order = self.sell(
            line(
                charge(tax="1.90"),
                charge("DISCOUNT", "-11.90", "-1.90", of="ITEM"),
            )
        )
        self.assertEqual(order.order_line.tax_ids, self.tax)
        taxes = [round(row.price_tax, 2) for row in order.order_line]
        self.assertEqual(taxes, [1.90, -1.90])
        self.assertComesTo(order, "0.00", "0.00")

    def test_other_amounts_are_services_of_their_own(self):
        kinds = ("COD_FEE", "OTHER")
        order = self.sell(
            line(charge(tax="1.90"), *(charge(k, "1.19", "0.19") for k in kinds)),
            charges=(charge("DELIVERY_TIP", "2.00"),),
        )
        for kind in (*kinds, "DELIVERY_TIP"):
            row = self.row(order, kind)
            name = f"amazon_b2b_connector.product_{kind.lower()}"
            self.assertEqual(row.product_id, self.env.ref(name))
        self.assertFalse(self.row(order, "DELIVERY_TIP").tax_ids)
        self.assertComesTo(order, "16.28", "2.28")

    def test_shipping_and_gift_wrap_are_the_services_that_the_options_name(self):
        options = self.env["amazon.b2b.shipping.option"]
        options._add_all(self.connection)
        post, paper = (
            self.env["product.product"].create({"name": name, "type": "service"})
            for name in ("Post", "Paper")
        )
        default, wrap = (
            options.search(
                [("connection_id", "=", self.connection.id), ("kind", "=", kind)]
            )
            for kind in ("default", "gift_wrap")
        )
        default.carrier_id = self.env["delivery.carrier"].create(
            {"name": "Post", "product_id": post.id}
        )
        wrap.product_id = paper
        order = self.sell(
            line(
                charge(tax="1.90"),
                charge("SHIPPING", "3.57", "0.57"),
                charge("GIFT_WRAP", "1.19", "0.19"),
            )
        )
        self.assertEqual(self.row(order, "SHIPPING").product_id, post)
        self.assertEqual(self.row(order, "GIFT_WRAP").product_id, paper)

    def test_what_is_given_for_nothing_still_ships(self):
        order = self.sell(
            spapi.SellerOrderLine(number="1", quantity=Decimal(2), sku="MUG-BLUE")
        )
        self.assertEqual(order.picking_ids.move_ids.product_uom_qty, 2)
        self.assertComesTo(order, "0.00")

    def test_amounts_of_zero_make_no_lines(self):
        order = self.sell(line(charge(tax="1.90"), charge("SHIPPING", "0.00")))
        self.assertEqual(order.order_line.mapped("amazon_b2b_charge"), ["ITEM"])

    def test_lines_of_nothing_are_left_out_unless_amazon_charges_for_them(self):
        order = self.sell(line(), line(charge(amount="0"), number="2", quantity=0))
        self.assertEqual(order.order_line.mapped("amazon_b2b_item_number"), ["1"])
        self.hold(line(quantity=0), reason="content")

    def test_odoos_price_discount_and_taxes_never_come_back(self):
        self.env.user.group_ids |= self.env.ref("sale.group_discount_per_so_line")
        self.product.write(
            {"list_price": 50, "taxes_id": [(6, 0, self.make_tax(7).ids)]}
        )
        self.env["product.pricelist"].create(
            {
                "name": "Half",
                "sequence": 0,
                "item_ids": [
                    (0, 0, {"compute_price": "percentage", "percent_price": 50})
                ],
            }
        )
        order = self.sell()
        order.action_update_prices()
        order._recompute_taxes()
        row = order.order_line
        self.assertEqual((row.price_unit, row.discount), (11.90, 0))
        self.assertEqual(row.tax_ids, self.tax)
        self.assertComesTo(order, "11.90", "1.90")

    def test_descriptions_are_in_the_customers_language(self):
        self.env["res.lang"]._activate_lang("de_DE")
        self.product.with_context(lang="de_DE").name = "Becher MUG-BLUE"
        self.env["res.partner"].create(
            {
                "name": "Erika",
                "email": "erika@marketplace.amazon.de",
                "lang": "de_DE",
            }
        )
        buyer = spapi.SellerBuyer(name="Erika", email="erika@marketplace.amazon.de")
        order = self.sell(buyer=buyer)
        self.assertIn("Becher", order.order_line.name)

    def test_analytic_distribution_is_that_of_the_models(self):
        plan = self.env["account.analytic.plan"].create({"name": "Channels"})
        account = self.env["account.analytic.account"].create(
            {"name": "Amazon", "plan_id": plan.id}
        )
        self.env["account.analytic.distribution.model"].create(
            {
                "product_id": self.product.id,
                "analytic_distribution": {str(account.id): 100},
            }
        )
        order = self.sell(line(charge(tax="1.90"), charge("SHIPPING", "3.57", "0.57")))
        item, shipping = order.order_line
        self.assertEqual(item.analytic_distribution, {str(account.id): 100})
        self.assertFalse(shipping.analytic_distribution)

    def test_an_answer_to_purchase_orders_says_nothing_to_a_customer(self):
        """A seller's customer has bought already: nothing is answered instead."""
        code = self.env["amazon.b2b.acknowledgement.code"].search(
            [("meaning", "=", "rejected")], limit=1
        )
        mapping = self.env["amazon.b2b.product.mapping"].create(
            {"qualifier": "BP", "value": "B0PLATE", "answer_code_id": code.id}
        )
        order = self.sell(line(asin="B0PLATE"))
        self.assertEqual(order.order_line.product_id, self.product)
        unknown = self.hold(line(sku="NEW", asin="B0PLATE"), reason="product")
        self.assertIn("has no product", unknown.reason)
        mapping.product_id = self.product
        unknown._work()
        self.assertEqual(unknown.sale_order_id.order_line.product_id, self.product)

    def test_a_combo_says_that_a_person_chooses_its_parts(self):
        choice = self.env["product.combo"].create(
            {
                "name": "Cup",
                "combo_item_ids": [(0, 0, {"product_id": self.product.id})],
            }
        )
        self.make_product(
            "SET", type="combo", is_storable=False, combo_ids=[(6, 0, choice.ids)]
        )
        self.assertIn("combo", self.hold(line(sku="SET"), reason="product").reason)

    # invoicing what belongs together

    def test_a_discount_is_invoiced_with_the_pieces_it_reduces(self):
        order = self.sell(
            line(
                charge(amount="30.00"),
                charge("DISCOUNT", "-20.00", of="ITEM"),
                quantity=3,
            )
        )
        self.assertEqual(order.invoice_status, "no")
        self.assertFalse(
            order._get_invoiceable_lines().filtered("amazon_b2b_charge_of")
        )
        totals = []
        for delivered in (1, 3):
            self.deliver(order, delivered)
            totals.append(self.invoice(order).amount_total)
        self.assertEqual(totals, [3.33, 6.67])
        self.assertEqual(order.invoice_status, "invoiced")

    def test_a_return_credits_the_discount_too(self):
        order = self.sell(
            line(
                charge(amount="30.00"),
                charge("DISCOUNT", "-6.00", of="ITEM"),
                quantity=3,
            )
        )
        self.deliver(order, 3)
        self.invoice(order)
        self.deliver(order, 2)
        credit = order._create_invoices(final=True)
        self.assertEqual((credit.move_type, credit.amount_total), ("out_refund", 8.00))
