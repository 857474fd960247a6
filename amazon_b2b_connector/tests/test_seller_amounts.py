import random
from decimal import Decimal

from odoo.tests import BaseCase, tagged

from ..seller_amounts import (
    Amounts,
    Booked,
    NoRate,
    line_data,
    part_data,
    rates_of_line,
    simplest_rate,
    slack,
    to_unit,
    unit_price,
)

CENT = Decimal("0.01")
RATES = [Decimal(rate) for rate in ("19", "7", "5.5", "20")]


def goods(net, tax, kind="ITEM", of=""):
    return Booked(kind, of, Decimal(net), Decimal(tax))


@tagged("standard", "at_install")
class TestSellerAmounts(BaseCase):
    """The arithmetic alone, on many amounts."""

    def test_a_price_of_one_times_the_quantity_is_the_amount(self):
        chance = random.Random(3)
        for _number in range(500):
            amount = Decimal(chance.randint(-999999, 999999)) / 100
            quantity = Decimal(chance.randint(1, 20000))
            price = unit_price(amount, quantity)
            self.assertEqual(to_unit(price * quantity, CENT), amount)
            self.assertLess(abs(price * quantity - amount), Decimal("0.0002"))

    def test_parts_come_to_the_whole_whatever_the_parts(self):
        chance = random.Random(5)
        for _number in range(300):
            net, tax = (Decimal(chance.randint(0, 50000)) / 100 for _amount in "ab")
            quantity = chance.randint(1, 30)
            taxes = chance.choice(({}, {"1": tax}, {"1": tax, "2": net}))
            data = line_data(
                1, CENT, Decimal(quantity), Amounts(net, taxes), chance.random() < 0.5
            )["extra_tax_data"]
            before, nets, found = 0, Decimal(0), dict.fromkeys(taxes, Decimal(0))
            while before < quantity:
                part = chance.randint(1, quantity - before)
                values = part_data(data, before, part)
                amounts = Amounts.of(values["extra_tax_data"])
                nets += amounts.net
                for key, amount in amounts.taxes.items():
                    found[key] += amount
                if not taxes:
                    price = Decimal(repr(values["price_unit"]))
                    self.assertEqual(to_unit(price * part, CENT), amounts.net)
                before += part
            self.assertEqual((nets, found), (net, taxes))

    def test_what_an_invoice_really_said_is_made_up_for_unless_it_was_meant(self):
        data = line_data(
            1, CENT, Decimal(3), Amounts(Decimal(10), {"1": Decimal(2)}), False
        )["extra_tax_data"]

        def amounts(net, tax):
            return Amounts(Decimal(net), {"1": Decimal(tax)})

        def rest(net, tax):
            said = Amounts(Decimal(net), {"1": Decimal(tax)})
            return Amounts.of(part_data(data, 1, 2, said, 1)["extra_tax_data"])

        self.assertEqual(
            rest("3.34", "0.66"), (Decimal("6.66"), {"1": Decimal("1.34")})
        )
        self.assertEqual(
            rest("3.00", "0.60"), (Decimal("6.67"), {"1": Decimal("1.33")})
        )

    def test_a_rate_is_found_however_the_cents_were_rounded(self):
        chance = random.Random(7)
        for _number in range(500):
            rate = chance.choice(RATES[:3])
            quantity = chance.randint(1, 9)
            piece = Decimal(chance.randint(1500, 20000)) / 100
            each = to_unit(piece * rate / 100, CENT) * quantity
            whole = to_unit(piece * quantity * rate / 100, CENT)
            for tax in (each, whole):
                booked = [goods(piece * quantity, tax)]
                found = rates_of_line(booked, Decimal(quantity), RATES[:3], CENT)
                self.assertEqual(found, {"ITEM": rate})

    def test_a_tax_that_no_rate_gives_is_refused(self):
        with self.assertRaises(NoRate) as caught:
            rates_of_line([goods("100.00", "11.00")], Decimal(1), RATES, CENT)
        self.assertEqual(
            (caught.exception.net, caught.exception.tax), (Decimal(100), Decimal(11))
        )

    def test_charges_of_two_rates_do_not_mix_to_a_third(self):
        booked = [goods("10.00", "2.00"), goods("10.00", "0", "SHIPPING")]
        rates = [Decimal(20), Decimal(10)]
        found = rates_of_line(booked, Decimal(1), rates, CENT)
        self.assertEqual(found, {"ITEM": Decimal(20), "SHIPPING": None})

    def test_the_simplest_rate_is_named(self):
        for net, tax, rate in (
            ("8.39", "1.59", "19"),
            ("10.89", "0.60", "5.5"),
            ("1000.00", "88.75", "8.875"),
            ("0.00", "1.00", "0"),
        ):
            allowed = slack(Decimal(1), 1, CENT)
            found = simplest_rate(Decimal(net), Decimal(tax), allowed)
            self.assertEqual(found, Decimal(rate))
