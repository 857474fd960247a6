from decimal import Decimal

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import AmazonCase, order_line


@tagged("post_install", "-at_install")
class TestImportUnits(AmazonCase):
    """Quantity and price stay those of the purchase order, whatever the unit."""

    def order_case(self, document=None, **values):
        line = order_line(unit="CA", quantity=Decimal(3), **values)
        return self.import_order(line, **(document or {}))

    def test_case_keeps_quantity_and_price(self):
        self.map_product("UP", "012345678905", self.product, pack_size=8)
        document = self.order_case(price=Decimal("76.00"), price_basis="")
        line = document.sale_order_id.order_line
        self.assertEqual(line.product_uom_qty, 3)
        self.assertEqual(line.price_unit, 76)
        self.assertEqual(line.product_uom_id.name, "Case of 8")
        self.assertEqual(
            line.product_uom_id._compute_quantity(3, self.product.uom_id), 24
        )

    def test_price_per_each_is_multiplied_by_what_a_case_holds(self):
        self.map_product("UP", "012345678905", self.product, pack_size=8)
        for basis in ("PE", "RE"):
            document = self.order_case(
                price=Decimal("9.50"), price_basis=basis, document={"number": basis}
            )
            order = document.sale_order_id
            self.assertEqual(order.order_line.price_unit, 76)
            self.assertEqual(order.order_line.amazon_b2b_price, 76)
            self.assertEqual(order.amount_untaxed, 3 * 76)

    def test_price_per_each_is_of_a_case_where_the_connection_says_so(self):
        self.map_product("UP", "012345678905", self.product, pack_size=8)
        self.connection.price_per_piece = False
        order = self.order_case(price=Decimal("76.00")).sale_order_id
        self.assertEqual(order.order_line.price_unit, 76)
        said = order._amazon_b2b_acknowledge()._paper().lines[0]
        self.assertEqual((said.price, said.price_basis), (Decimal("76.00"), "PE"))

    def test_price_per_each_of_a_case_of_unknown_size_is_held(self):
        document = self.order_case(price=Decimal("9.50"))
        self.assertHeld(document, "unit", "how many of Kettle are in one CA")
        self.assertNotIn("total", document.reason)

    def test_total_counts_the_pieces_in_a_case(self):
        self.map_product("UP", "012345678905", self.product, pack_size=8)
        right = self.order_case(
            price=Decimal("9.50"), document={"total": Decimal("228")}
        )
        self.assertEqual(right.state, "done", right.reason)
        wrong = self.order_case(
            price=Decimal("9.50"), document={"number": "2", "total": Decimal("28.5")}
        )
        self.assertHeld(wrong, "total", "add up to 228.00")

    def test_case_price_that_is_no_price_of_a_piece_is_refused(self):
        self.map_product("UP", "012345678905", self.product, pack_size=12)
        order = self.order_case(price=Decimal("9.50")).sale_order_id
        order.order_line.price_unit = 100
        with self.assertRaisesRegex(UserError, "none of 12 pieces. 99.96 would be"):
            order._amazon_b2b_acknowledge()
        order.order_line.price_unit = 99.96
        said = order._amazon_b2b_acknowledge()._paper().lines[0]
        self.assertEqual(said.price, Decimal("8.33"))

    def test_case_unit_is_made_once(self):
        units = self.env["uom.uom"]
        first = units._amazon_b2b_case(units, 7)
        self.assertEqual(units._amazon_b2b_case(units, 7), first)
        self.assertNotEqual(units._amazon_b2b_case(units, 9), first)

    def test_products_own_packaging_is_taken(self):
        own = self.env["uom.uom"].create(
            {
                "name": "Carton",
                "relative_factor": 8,
                "relative_uom_id": self.env.ref("uom.product_uom_unit").id,
            }
        )
        self.product.uom_ids = own
        self.map_product("UP", "012345678905", self.product, pack_size=8)
        line = self.order_case().sale_order_id.order_line
        self.assertEqual(line.product_uom_id, own)

    def test_case_of_unknown_size_is_held(self):
        document = self.order_case()
        self.assertHeld(document, "unit", "Kettle", "CA")

    def test_packaging_barcode_names_product_and_size(self):
        half_dozen = self.env.ref("uom.product_uom_pack_6")
        self.product.uom_ids = half_dozen
        self.env["product.uom"].create(
            {
                "product_id": self.product.id,
                "uom_id": half_dozen.id,
                "barcode": "10012345678902",
            }
        )
        document = self.order_case(identifiers=[("UK", "10012345678902")])
        line = document.sale_order_id.order_line
        self.assertEqual(line.product_id, self.product)
        self.assertEqual(line.product_uom_id, half_dozen)

    def test_product_counted_in_dozens_is_ordered_by_the_piece(self):
        self.product.uom_id = self.env.ref("uom.product_uom_dozen")
        line = self.import_order().sale_order_id.order_line
        self.assertEqual(line.product_uom_id, self.env.ref("uom.product_uom_unit"))
        self.assertEqual(line.product_uom_qty, 10)

    def test_product_counted_in_kilograms_is_held(self):
        self.product.uom_id = self.env.ref("uom.product_uom_kgm")
        document = self.import_order()
        self.assertHeld(document, "unit", "Kettle", "kg")

    def test_quantity_that_cannot_be_ordered_is_held(self):
        for number, quantity in (("Q1", "0"), ("Q2", "-5"), ("Q3", "0.12345")):
            document = self.import_order(
                order_line(quantity=Decimal(quantity)), number=number
            )
            self.assertHeld(document, "unit", quantity)


@tagged("post_install", "-at_install")
class TestImportPrices(AmazonCase):
    def set_price(self, price, **values):
        """A pricelist on the vendor code that sells the product at ``price``."""
        self.vendor_code.pricelist_id = self.env["product.pricelist"].create(
            {
                "name": "Amazon",
                "currency_id": self.vendor_code.currency_id.id,
                "item_ids": [
                    Command.create(
                        {
                            "applied_on": "0_product_variant",
                            "product_id": self.product.id,
                            "compute_price": "fixed",
                            "fixed_price": price,
                            **values,
                        }
                    )
                ],
            }
        )

    def import_price(self, price, **values):
        document = self.import_order(
            order_line(price=price and Decimal(price), **values)
        )
        return document.sale_order_id.order_line

    def test_price_does_not_jump_back_with_the_quantity(self):
        for number, price in (("P1", "9.50"), ("P2", "0.00"), ("P3", "0.004")):
            line = self.import_order(
                order_line(price=Decimal(price)), number=number
            ).sale_order_id.order_line
            line.product_uom_qty = 4
            self.assertEqual(line.price_unit, float(price))

    def test_no_pricelist_discount_comes_on_top(self):
        self.env.user.group_ids += self.env.ref("sale.group_discount_per_so_line")
        self.set_price(0, compute_price="percentage", percent_price=20)
        line = self.import_price("8.00")
        self.assertEqual(line.discount, 0)
        line.product_uom_qty = 4
        self.assertEqual(line.discount, 0)
        line.product_uom_qty = 10
        self.assertEqual(line.price_subtotal, 80)

    def test_small_prices_keep_all_their_digits(self):
        line = self.import_price("0.0375", quantity=Decimal(1000))
        self.assertEqual(line.price_unit, 0.0375)
        self.assertEqual(line.amazon_b2b_price, 0.0375)
        self.assertEqual(line.price_subtotal, 37.5)

    def test_total_is_amazons_total(self):
        prices = [Decimal("1.005"), Decimal("19.99"), Decimal("0.33")]
        lines = [order_line(number=str(p), price=p) for p in prices]
        order = self.import_order(*lines).sale_order_id
        self.assertEqual(order.amount_total, float(sum(p * 10 for p in prices)))

    def test_pricelists_price_is_not_marked(self):
        self.set_price(9.5)
        self.assertFalse(self.import_price("9.50").amazon_b2b_price_differs)

    def test_price_within_tolerance_is_not_marked(self):
        self.set_price(10)
        self.connection.price_tolerance = 5
        self.assertFalse(self.import_price("9.50").amazon_b2b_price_differs)

    def test_price_beyond_tolerance_is_marked_and_stays_amazons(self):
        self.set_price(10)
        self.connection.price_tolerance = 5
        line = self.import_price("9.49")
        self.assertTrue(line.amazon_b2b_price_differs)
        self.assertEqual(line.price_unit, 9.49)

    def test_price_is_compared_in_the_lines_unit(self):
        self.set_price(10)
        self.map_product("UP", "012345678905", self.product, pack_size=6)
        line = self.import_price("10.00", unit="CA", price_basis="PE")
        self.assertFalse(line.amazon_b2b_price_differs)

    def test_price_is_compared_at_the_lines_quantity(self):
        self.set_price(10)
        self.vendor_code.pricelist_id.item_ids = [
            Command.create(
                {
                    "applied_on": "0_product_variant",
                    "product_id": self.product.id,
                    "compute_price": "fixed",
                    "fixed_price": 8,
                    "min_quantity": 50,
                }
            )
        ]
        few, many = self.import_order(
            order_line(number="1", price=Decimal(10), quantity=Decimal(49)),
            order_line(number="2", price=Decimal(8), quantity=Decimal(50)),
        ).sale_order_id.order_line
        self.assertFalse(few.amazon_b2b_price_differs)
        self.assertFalse(many.amazon_b2b_price_differs)

    def test_line_without_price_takes_ours_and_is_marked(self):
        self.set_price(9.25)
        line = self.import_price(None)
        self.assertEqual(line.price_unit, 9.25)
        self.assertTrue(line.amazon_b2b_price_differs)
        self.assertEqual(
            line._amazon_b2b_price_remark(),
            "Amazon named no price, the order says 9.25",
        )


@tagged("post_install", "-at_install")
class TestImportTaxes(AmazonCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tax = cls.make_tax("Sales tax")
        cls.product.taxes_id = cls.tax

    @classmethod
    def make_tax(cls, name, **values):
        return cls.env["account.tax"].create(
            {
                "name": name,
                "amount": 15,
                "type_tax_use": "sale",
                "company_id": cls.company.id,
                "country_id": cls.company.account_fiscal_country_id.id,
                **values,
            }
        )

    def test_default_taxes_do_not_land_on_an_american_order(self):
        line = self.import_order().sale_order_id.order_line
        self.assertFalse(line.tax_ids)

    def test_default_taxes_stay_elsewhere(self):
        self.place.partner_id.write(
            {"country_id": self.env.ref("base.de").id, "state_id": False}
        )
        line = self.import_order().sale_order_id.order_line
        self.assertEqual(line.tax_ids, self.tax)

    def test_customers_fiscal_position_decides(self):
        replacement = self.make_tax("Resale")
        position = self.env["account.fiscal.position"].create({"name": "Reseller"})
        replacement.write(
            {
                "fiscal_position_ids": position.ids,
                "original_tax_ids": self.tax.ids,
            }
        )
        self.customer.property_account_position_id = position
        order = self.import_order().sale_order_id
        self.assertEqual(order.fiscal_position_id, position)
        self.assertEqual(order.order_line.tax_ids, replacement)

    def test_vendor_codes_fiscal_position_goes_first(self):
        exempt = self.env["account.fiscal.position"].create({"name": "Exempt"})
        self.vendor_code.fiscal_position_id = exempt
        self.customer.property_account_position_id = self.env[
            "account.fiscal.position"
        ].create({"name": "Other"})
        order = self.import_order().sale_order_id
        self.assertEqual(order.fiscal_position_id, exempt)
        self.assertFalse(order.order_line.tax_ids)

    def test_tax_inside_the_price_is_held(self):
        self.product.taxes_id = self.make_tax(
            "VAT", price_include_override="tax_included"
        )
        self.place.partner_id.write(
            {"country_id": self.env.ref("base.de").id, "state_id": False}
        )
        self.assertHeld(self.import_order(), "content", "VAT", "fiscal position")

    def test_order_that_carries_tax_is_warned_of(self):
        document = self.import_order(tax=Decimal("4.75"))
        order = document.sale_order_id
        self.assertIn("4.75", order.activity_ids.note)
        self.assertEqual(order.activity_ids.user_id, order.user_id)
        self.assertIn("4.75", document.issue_text)
