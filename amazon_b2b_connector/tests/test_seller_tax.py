from decimal import Decimal

from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import Form
from odoo.tools import mute_logger
from psycopg2.errors import UniqueViolation

from .. import spapi
from .seller_papers import PaperCase, charge, line, paper


class TestSellerTax(PaperCase):
    """Which of Odoo's taxes Amazon's tax is booked on, or why the order is held."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # nothing but what a test says; the database brings positions of its own
        cls.env["account.fiscal.position"].search([]).auto_apply = False
        cls.germany, cls.france = cls.env.ref("base.de"), cls.env.ref("base.fr")

    def map(self, tax, rate, country=None, **values):
        return self.env["amazon.b2b.tax.mapping"].create(
            {
                "country_id": (country or self.germany).id,
                "rate": rate,
                "tax_id": tax.id,
                **values,
            }
        )

    def position(self, name, **values):
        return self.env["account.fiscal.position"].create(
            {"name": name, "company_id": self.company.id, **values}
        )

    def tax_of(self, *lines, **values):
        return self.sell(*lines, **values).order_line.tax_ids

    # by itself

    def test_the_one_tax_of_the_rate_is_found_by_itself(self):
        self.make_tax(7)
        self.assertEqual(self.tax_of(), self.tax)

    def test_a_tax_of_another_country_a_purchase_tax_or_an_archived_one_is_none(self):
        self.make_tax(19, "base.fr")
        self.make_tax(19).type_tax_use = "purchase"
        self.make_tax(19).active = False
        self.assertEqual(self.tax_of(), self.tax)

    def test_two_taxes_of_a_rate_hold_the_order_with_the_values_of_a_row(self):
        other = self.make_tax(19, included=False)
        document = self.hold(reason="tax")
        for text in ("19 %", "DE", self.tax.name, other.name):
            self.assertIn(text, document.reason)
        wanted = document.missing["taxes"]
        self.assertEqual(
            wanted,
            [
                {
                    "country_id": self.germany.id,
                    "ship_from_id": self.germany.id,
                    "rate": 19.0,
                    "scheme": "",
                }
            ],
        )

    def test_no_tax_of_the_rate_names_the_rate_though_cents_were_rounded(self):
        row = line(charge(amount="8.39", tax="1.34"), basis="gross")
        self.assertIn("19 %", self.hold_without_tax(row).reason)
        row = line(charge(amount="11.49", tax="0.60"), basis="gross")
        self.assertIn("5.5 %", self.hold_without_tax(row).reason)

    def hold_without_tax(self, row):
        self.tax.active = False
        return self.hold(row, reason="tax")

    def test_cents_do_not_mislead_to_another_rate(self):
        near = self.make_tax(20)
        for amount, tax, expected in (
            ("11.90", "1.90", self.tax),
            ("11.91", "1.91", self.tax),
            ("12.00", "2.00", near),
            ("0.60", "0.10", near),
        ):
            with self.subTest(amount=amount):
                found = self.tax_of(line(charge(amount=amount, tax=tax)))
                self.assertEqual(found, expected)

    def test_a_tax_rounded_for_each_piece_is_still_the_same_tax(self):
        # 0.19 for each of 30 at 0.99: 5.70, not 5.64
        row = line(
            charge(amount="29.70", tax="5.70"), quantity=30, basis="net", sku="MUG-BLUE"
        )
        order = self.sell(row)
        self.assertEqual(order.order_line.tax_ids, self.tax)
        self.assertComesTo(order, "35.40", "5.70")

    def test_a_few_cents_of_shipping_take_the_rate_of_the_goods(self):
        self.make_tax(20)
        order = self.sell(
            line(charge(tax="1.90"), charge("SHIPPING", amount="0.06", tax="0.01"))
        )
        self.assertEqual(order.order_line.tax_ids, self.tax)

    def test_goods_and_shipping_may_have_rates_of_their_own(self):
        reduced = self.make_tax(7)
        order = self.sell(
            line(
                charge(amount="10.70", tax="0.70"),
                charge("SHIPPING", amount="11.90", tax="1.90"),
            )
        )
        taxes = order.order_line.mapped("tax_ids")
        self.assertEqual(taxes, reduced | self.tax)
        self.assertComesTo(order, "22.60", "2.60")

    def test_a_discounts_tax_that_stands_with_the_goods_is_the_lines_rate(self):
        # Amazon taxes what is left: 19 % of 10.00 - 1.00 + 5.00
        order = self.sell(
            line(
                charge(amount="10.00", tax="2.66"),
                charge("DISCOUNT", amount="-1.00", of="ITEM"),
                charge("SHIPPING", amount="5.00"),
                basis="net",
            )
        )
        self.assertEqual(order.order_line.tax_ids, self.tax)
        self.assertComesTo(order, "16.66", "2.66")

    # by the table

    def test_a_row_goes_before_what_is_found_by_itself(self):
        other = self.make_tax(19, included=False)
        self.map(other, 19)
        self.assertEqual(self.tax_of(), other)

    def test_the_row_that_says_most_counts(self):
        ship_from, scheme, shop = (self.make_tax(19) for _number in range(3))
        poland = self.env.ref("base.pl")
        self.map(self.tax, 19)
        self.map(ship_from, 19, ship_from_id=poland.id)
        self.map(scheme, 19, scheme="UNION_OSS")
        self.map(shop, 19, marketplace_id=self.marketplace.id)
        self.assertEqual(self.tax_of(), shop)
        self.env["amazon.b2b.tax.mapping"].search(
            [("marketplace_id", "!=", False)]
        ).active = False
        self.assertEqual(self.tax_of(), self.tax)
        row = line(reporting_scheme="UNION_OSS")
        self.assertEqual(self.tax_of(row), scheme)
        parcel = spapi.SellerParcel(
            number="1",
            ship_from_country="PL",
            items=(spapi.SellerParcelItem(line="1", quantity=Decimal(1)),),
        )
        self.assertEqual(self.tax_of(parcels=(parcel,)), ship_from)

    def test_ship_from_is_the_warehouse_of_the_marketplace(self):
        other = self.make_tax(19)
        poland = self.env.ref("base.pl")
        self.map(self.tax, 19)
        self.map(other, 19, ship_from_id=poland.id)
        self.assertEqual(self.tax_of(), self.tax)
        warehouse = self.marketplace.warehouse_id
        warehouse.partner_id = self.env["res.partner"].create(
            {"name": "Poznań", "country_id": poland.id}
        )
        self.assertEqual(self.tax_of(), other)

    def test_ship_from_is_where_amazon_says_that_the_goods_left(self):
        other = self.make_tax(19)
        self.map(self.tax, 19)
        self.map(other, 19, ship_from_id=self.env.ref("base.pl").id)
        parcel = spapi.SellerParcel(
            number="1",
            ship_from="WRO5",
            ship_from_country="PL",
            items=(spapi.SellerParcelItem(line="1", quantity=Decimal(1)),),
        )
        self.assertEqual(self.tax_of(parcels=(parcel,)), other)
        self.assertEqual(self.tax_of(line(ship_from_country="PL")), other)
        self.assertEqual(self.tax_of(line(ship_from_country="ZZ")), self.tax)

    def test_the_same_row_twice_is_refused(self):
        self.map(self.tax, 19)
        other = self.make_tax(19)
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(UniqueViolation),
            self.env.cr.savepoint(),
        ):
            self.map(other, 19)

    def test_a_rate_is_a_percentage(self):
        with self.assertRaises(ValidationError):
            self.map(self.tax, 190)

    def test_a_tax_of_another_country_needs_its_fiscal_position(self):
        french = self.make_tax(20, "base.fr")
        self.map(french, 20, self.france)
        row = line(charge(amount="12.00", tax="2.00"))
        document = self.hold(row, to="FR", reason="tax")
        self.assertIn("foreign tax ID", document.reason)
        self.marketplace.fiscal_position_id = self.position(
            "France", country_id=self.france.id, foreign_vat="FR23334175221"
        )
        document.action_process_again()
        document._work()
        self.assertEqual(document.sale_order_id.order_line.tax_ids, french)

    # solving

    def test_solve_opens_a_new_row_and_saving_it_lets_the_order_go_on(self):
        other = self.make_tax(19)
        document = self.hold(reason="tax")
        action = document.action_solve()
        form = Form(
            self.env["amazon.b2b.tax.mapping"].with_context(**action["context"])
        )
        self.assertEqual((form.country_id, form.rate), (self.germany, 19))
        form.tax_id = other
        form.save()
        self.assertEqual(document.state, "new")
        document._work()
        self.assertEqual(document.sale_order_id.order_line.tax_ids, other)

    def test_a_tax_that_is_made_or_corrected_lets_the_order_go_on(self):
        row = line(charge(amount="10.70", tax="0.70"))
        document = self.hold(row, reason="tax")
        tax = self.make_tax(5)
        self.assertEqual(document.state, "new")
        document._work()
        self.assertEqual(document.state, "held")
        tax.amount = 7
        self.assertEqual(document.state, "new")
        document._work()
        self.assertEqual(document.sale_order_id.order_line.tax_ids, tax)

    # no tax, and whose it is

    def test_without_tax_there_is_none_not_even_odoos_own(self):
        self.product.taxes_id = self.tax
        order = self.sell(line(charge(amount="10.00")))
        self.assertFalse(order.order_line.tax_ids)
        self.assertComesTo(order, "10.00", "0")

    def test_a_row_of_no_percent_names_the_tax_of_an_export(self):
        export = self.make_tax(0)
        self.assertFalse(self.tax_of(line(charge(amount="10.00")), to="CH"))
        self.map(export, 0, self.env.ref("base.ch"))
        self.assertEqual(self.tax_of(line(charge(amount="10.00")), to="CH"), export)

    def test_reverse_charge_takes_the_position_of_the_vat_number_and_its_tax(self):
        free = self.make_tax(0)
        position = self.position(
            "Reverse charge",
            auto_apply=True,
            vat_required=True,
            country_group_id=self.env.ref("base.europe").id,
            tax_ids=[Command.set(free.ids)],
        )
        buyer = spapi.SellerBuyer(
            name="Atelier",
            registrations=(spapi.TaxRegistration(kind="VAT", number="FR23334175221"),),
        )
        row = line(charge(amount="10.00"))
        business = self.sell(row, to="FR", buyer=buyer)
        self.assertEqual(business.fiscal_position_id, position)
        self.assertEqual(business.order_line.tax_ids, free)
        private = self.sell(row, to="FR")
        self.assertFalse(private.fiscal_position_id)
        self.assertFalse(private.order_line.tax_ids)

    def test_ioss_orders_have_the_position_that_the_settings_name(self):
        usual, ioss = self.position("Usual"), self.position("IOSS")
        self.marketplace.fiscal_position_id = usual
        self.marketplace.ioss_fiscal_position_id = ioss
        self.assertEqual(self.sell().fiscal_position_id, usual)
        row = line(ioss="IM2760000742", collected_tax=True)
        self.assertEqual(self.sell(row).fiscal_position_id, ioss)

    def test_tax_that_amazon_remits_is_shown_and_not_booked(self):
        for total in ("11.90", "10.00"):  # some totals hold it, some do not
            order = self.sell(line(collected_tax=True), total=total)
            self.assertComesTo(order, "10.00", "0")
            self.assertFalse(order.order_line.tax_ids)
            self.assertEqual(order.amazon_b2b_collected_tax, 1.90)

    def test_oss_taxes_of_other_countries_do_not_compete(self):
        oss = self.make_tax(19)  # of the company's country, as Odoo makes them
        romania = self.env.ref("base.ro")
        position = self.position(
            "OSS Romania",
            auto_apply=True,
            country_id=romania.id,
            tax_ids=[Command.set(oss.ids)],
        )
        self.assertEqual(self.tax_of(), self.tax)
        order = self.sell(to="RO")
        self.assertEqual(order.fiscal_position_id, position)
        self.assertEqual(order.order_line.tax_ids, oss)

    # net or gross

    def test_reports_are_gross_or_net_as_the_vat_service_is_switched(self):
        row = line(charge(amount="10.00", tax="1.60"), basis="")
        report = {"source": "fba", "total": "", "fulfilled_by": "AMAZON"}
        self.marketplace.vcs_enabled = False
        self.assertComesTo(self.sell(row, **report), "10.00", "1.60")
        self.marketplace.vcs_enabled = True
        row = line(charge(amount="10.00", tax="1.90"), basis="")
        self.assertComesTo(self.sell(row, **report), "11.90", "1.90")

    def test_mfn_reports_are_gross_save_in_north_america(self):
        report = {"source": "mfn", "total": ""}
        self.marketplace.vcs_enabled = True  # which is about FBA reports alone
        row = line(charge(amount="10.00", tax="1.60"), basis="")
        self.assertComesTo(self.sell(row, **report), "10.00", "1.60")
        america = self.env.ref("base.us")
        self.marketplace.country_id = america
        self.company.account_fiscal_country_id = america
        self.make_tax(8, "base.us", included=False)
        row = line(charge(amount="10.00", tax="0.80"), basis="")
        self.assertComesTo(self.sell(row, to="US", **report), "10.80", "0.80")

    def test_where_lines_do_not_tell_the_orders_total_does(self):
        row = line(charge(amount="10.00", tax="1.90"), basis="")
        self.assertComesTo(self.sell(row, total="11.90"), "11.90", "1.90")
        row = line(charge(amount="10.00", tax="1.60"), basis="")
        self.assertComesTo(self.sell(row, total="10.00"), "10.00", "1.60")

    def test_a_total_that_differs_holds_the_order_until_somebody_takes_it(self):
        document = self.hold(total="12.34", reason="total")
        self.assertIn("-0.44", document.reason)
        document.action_solve()
        document._work()
        self.assertEqual(document.state, "done")
        self.assertComesTo(document.sale_order_id, "11.90", "1.90")

    def test_another_currency_than_the_marketplaces_holds_the_order(self):
        self.assertIn("SEK", self.hold(currency="SEK", reason="content").reason)

    # batches

    def test_taxes_are_read_once_for_a_batch(self):
        papers = [paper() for _number in range(3)]
        more = [paper() for _number in range(12)]
        self.work(*papers)
        documents = self.env["amazon.b2b.document"].union(
            *(self.document(p) for p in papers + more)
        )
        documents._place_seller_orders()
        lines = self.env["sale.order.line"]

        def queries(some):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            plans = lines._amazon_b2b_seller_plan({d: d._paper() for d in some})
            self.assertFalse(any(plan.problems for plan in plans.values()))
            return self.env.cr.sql_log_count - before

        self.assertEqual(queries(documents[:3]), queries(documents[3:]))
