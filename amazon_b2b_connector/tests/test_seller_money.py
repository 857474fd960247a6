import random
from decimal import Decimal
from itertools import product

from ..seller_amounts import to_unit
from .seller_papers import PaperCase, charge, line

CENT = Decimal("0.01")
BASES = ("net", "gross")


class TestSellerMoney(PaperCase):
    """The order's and the invoices' totals equal Amazon's, to the cent."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.product.invoice_policy = "delivery"
        cls.excluded = cls.make_tax(7, included=False)
        cls.included = cls.tax  # 19 %

    def line_of(self, net, tax, basis, **values):
        amount = net + tax if basis == "gross" else net
        return line(charge(amount=amount, tax=tax), basis=basis, **values)

    def combinations(self):
        """A line of 3 that does not divide, for both bases and both kinds of tax."""
        found = []
        for basis, tax in product(BASES, (self.included, self.excluded)):
            net = Decimal("10.00")
            amount = to_unit(net * Decimal(tax.amount) / 100, CENT)
            row = self.line_of(net, amount, basis, quantity=3)
            found.append((net, amount, row, tax))
        return found

    def test_three_for_ten_comes_to_ten_whatever_the_tax_and_the_basis(self):
        for net, amount, row, tax in self.combinations():
            order = self.sell(row)
            self.assertComesTo(order, net + amount, amount)
            self.assertEqual(order.order_line.tax_ids, tax)
            self.assertEqual(order.order_line.product_uom_qty, 3)

    def test_cents_survive_an_invoice_of_one_and_one_of_two(self):
        for net, amount, row, tax in self.combinations():
            order = self.sell(row)
            self.deliver(order, 1)
            first = self.invoice(order)
            self.deliver(order, 3)
            second = self.invoice(order)
            third = net + amount if tax.price_include else net
            self.assertEqual(
                first.invoice_line_ids.price_unit, float(round(third / 3, 8))
            )
            self.assertEqual(
                to_unit(Decimal(first.amount_total + second.amount_total), CENT),
                net + amount,
            )
            self.assertEqual(
                to_unit(Decimal(first.amount_tax + second.amount_tax), CENT), amount
            )
            self.assertEqual(order.invoice_status, "invoiced")

    def test_cents_survive_three_invoices_without_any_tax(self):
        order = self.sell(line(charge(amount="10.00"), quantity=3))
        totals = []
        for delivered in (1, 2, 3):
            self.deliver(order, delivered)
            totals.append(self.invoice(order).amount_total)
        self.assertEqual(totals, [3.33, 3.34, 3.33])

    def test_amazons_tax_wins_over_what_odoo_would_compute(self):
        # 19 % of 10.00 is 1.90; rounded for each of 3 pieces it may be 1.89
        order = self.sell(self.line_of(Decimal(10), Decimal("1.89"), "net", quantity=3))
        self.assertComesTo(order, "11.89", "1.89")
        self.deliver(order, 3)
        self.assertComesTo(self.invoice(order), "11.89", "1.89")

    def test_a_draft_invoice_that_was_deleted_leaves_no_cent_behind(self):
        order = self.sell(line(charge(amount="10.00", tax="1.60"), quantity=3))
        self.deliver(order, 1)
        first = order._create_invoices()
        self.deliver(order, 3)
        rest = self.invoice(order)
        first.unlink()
        last = self.invoice(order)
        self.assertEqual(round(rest.amount_total + last.amount_total, 2), 10.00)
        self.assertEqual(round(rest.amount_tax + last.amount_tax, 2), 1.60)

    def test_a_credited_invoice_can_be_made_again(self):
        order = self.sell(line(charge(amount="10.00", tax="1.60"), quantity=3))
        self.deliver(order, 3)
        first = self.invoice(order)
        credit = first._reverse_moves(cancel=True)
        self.assertComesTo(credit, "10.00", "1.60")
        self.assertComesTo(self.invoice(order), "10.00", "1.60")

    def test_currencies_without_cents(self):
        yen = self.env.ref("base.JPY")
        yen.active = True
        self.company.account_fiscal_country_id = self.env.ref("base.jp")
        self.make_tax(10, "base.jp")
        self.marketplace.write(
            {"currency_id": yen.id, "country_id": self.env.ref("base.jp").id}
        )
        order = self.sell(
            line(charge(amount="1000", tax="91"), quantity=3), to="JP", currency="JPY"
        )
        self.assertEqual((order.currency_id, order.amount_total), (yen, 1000))
        self.assertEqual(order.amount_tax, 91)
        self.deliver(order, 1)
        first = self.invoice(order)
        self.deliver(order, 3)
        second = self.invoice(order)
        self.assertEqual((first.amount_total, second.amount_total), (333, 667))
        self.assertEqual((first.amount_tax, second.amount_tax), (30, 61))

    def test_another_currency_than_the_companys(self):
        self.assertNotEqual(self.company.currency_id, self.euro)
        self.env["res.currency.rate"].create(
            {"currency_id": self.euro.id, "rate": 0.8731, "name": "2020-01-01"}
        )
        order = self.sell(line(charge(amount="10.00", tax="1.60"), quantity=3))
        self.assertEqual(order.currency_id, self.euro)
        self.assertComesTo(order, "10.00", "1.60")
        self.deliver(order, 3)
        move = self.invoice(order)
        self.assertComesTo(move, "10.00", "1.60")
        self.assertAlmostEqual(sum(move.line_ids.mapped("balance")), 0)

    def test_rounding_per_line_comes_to_the_same(self):
        self.company.tax_calculation_rounding_method = "round_per_line"
        for net, amount, row, _tax in self.combinations():
            self.assertComesTo(self.sell(row), net + amount, amount)

    def test_random_orders_come_to_amazons_total_and_so_do_their_invoices(self):
        chance = random.Random(19)
        for _number in range(12):
            rows = [self.random_line(chance, str(n)) for n in range(1, 5)]
            order = self.sell(*rows)
            expected = sum(
                (c.amount + (c.tax if row.basis == "net" else 0))
                for row in rows
                for c in row.charges
            )
            self.assertComesTo(
                order, expected, sum(c.tax for row in rows for c in row.charges)
            )
            invoiced = taxed = Decimal(0)
            most = int(max(row.quantity for row in rows))
            for step in sorted({chance.randint(1, most), most}):
                for item in order.order_line.filtered(
                    lambda r: r.amazon_b2b_charge == "ITEM"
                ):
                    item.amazon_b2b_no_moves = True
                    item.amazon_b2b_shipped_qty = min(step, item.product_uom_qty)
                move = order._create_invoices()
                move.action_post()
                invoiced += to_unit(Decimal(move.amount_total), CENT)
                taxed += to_unit(Decimal(move.amount_tax), CENT)
            self.assertEqual(invoiced, expected)
            self.assertEqual(order.invoice_status, "invoiced")

    def random_line(self, chance, number):
        """Up to 7 pieces with shipping, gift wrap and discounts; net or gross, 7, 19
        or no percent, the tax of each amount rounded."""
        rate = Decimal(chance.choice((0, 7, 19)))
        basis = chance.choice(BASES)
        quantity = chance.randint(1, 7)

        def amount(kind, low, high, of=""):
            net = Decimal(chance.randint(low, high)) / 100
            tax = to_unit(net * rate / 100, CENT)
            return charge(kind, net + tax if basis == "gross" else net, tax, of)

        charges = [amount("ITEM", 500, 20000)]
        if chance.random() < 0.7:
            charges.append(amount("SHIPPING", 100, 990))
        if chance.random() < 0.5:
            charges.append(amount("GIFT_WRAP", 100, 590))
        if chance.random() < 0.6:
            charges.append(amount("DISCOUNT", -300, -50, "ITEM"))
        return line(*charges, number=number, quantity=quantity, basis=basis)

    def test_a_later_quantity_keeps_price_and_taxes(self):
        order = self.sell(line(charge(amount="35.70", tax="5.70"), quantity=3))
        row = order.order_line
        row.product_uom_qty = 2
        self.assertAlmostEqual(row.price_unit, 11.90)
        self.assertEqual(row.tax_ids, self.tax)
        self.assertEqual(row.discount, 0)
        self.assertComesTo(order, "23.80", "3.80")

    def test_a_part_that_left_before_is_a_line_of_its_own_to_the_cent(self):
        order = self.sell(
            line(charge(amount="10.00", tax="1.60"), quantity=3, shipped=Decimal(1)),
            status="PARTIALLY_SHIPPED",
        )
        self.assertEqual(order.order_line.mapped("product_uom_qty"), [1, 2])
        self.assertComesTo(order, "10.00", "1.60")

    def early_discount(self):
        return self.env["account.payment.term"].create(
            {
                "name": "2 % early",
                "early_discount": True,
                "discount_percentage": 2,
                "early_pay_discount_computation": "mixed",
                "line_ids": [
                    (0, 0, {"value": "percent", "value_amount": 100, "nb_days": 30})
                ],
            }
        )

    def test_an_order_that_odoo_reckons_otherwise_is_held_and_taken_back(self):
        self.marketplace.payment_term_id = self.early_discount()
        before = self.env["sale.order"].search_count([])
        document = self.hold(reason="total")
        self.assertIn("1.90", document.reason)
        self.assertFalse(document.is_record_maker)
        self.assertEqual(self.env["sale.order"].search_count([]), before)

    def test_solving_what_odoo_reckons_otherwise_opens_what_does_so(self):
        self.marketplace.payment_term_id = self.early_discount()
        document = self.hold(reason="total")
        action = document.action_solve()
        self.assertEqual(
            (action["res_model"], action["domain"]),
            (
                "account.payment.term",
                [("id", "in", self.marketplace.payment_term_id.ids)],
            ),
        )
        self.assertEqual(document.state, "held")
        self.marketplace.payment_term_id = False
        document.action_process_again()
        document._work()
        self.assertEqual(document.state, "done")
