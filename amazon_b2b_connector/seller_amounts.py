"""Exact arithmetic on the amounts of a seller's order: rates, shares, unit prices.

Plain Python on ``Decimal``; ``unit`` is a currency's smallest amount (0.01, 1 in JPY).
"""

from collections import defaultdict
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from .exact import exact

ZERO = Decimal(0)
HUNDRED = Decimal(100)
ITEM, DISCOUNT = "ITEM", "DISCOUNT"


class Booked(NamedTuple):
    """One charge as it is booked: without tax, and the tax that falls on it."""

    kind: str
    of: str
    net: Decimal
    tax: Decimal

    @property
    def group(self):
        """What the charge belongs to: a discount to what it reduces."""
        return (self.of or ITEM) if self.kind == DISCOUNT else self.kind


class NoRate(Exception):
    """No rate that is known gives this tax; ``net`` and ``tax`` say of what."""

    def __init__(self, net, tax):
        super().__init__(net, tax)
        self.net, self.tax = net, tax


def to_unit(amount, unit):
    """``amount`` in whole units, a half rounded away from zero."""
    return (amount / unit).quantize(Decimal(1), ROUND_HALF_UP) * unit


def share(amount, quantity, whole, unit):
    """What falls on ``quantity`` of ``whole``; on all of them ``amount`` itself.

    Shares that follow each other are differences of these, so they always come to
    the amount again.
    """
    if quantity == whole:
        return amount
    return to_unit(amount * quantity / whole, unit)


def unit_price(amount, quantity):
    """The price of one, with so many digits that ``quantity`` times it is the amount
    far below half a cent."""
    digits = Decimal(1).scaleb(-8 - max(quantity.adjusted(), 0))
    return (amount / quantity).quantize(digits, ROUND_HALF_UP)


class Part(NamedTuple):
    """``quantity`` of ``whole``, after ``before`` of it."""

    before: Decimal
    quantity: Decimal
    whole: Decimal
    unit: Decimal

    def until(self, quantity, amount):
        return share(exact(amount), quantity, self.whole, self.unit)

    def of(self, amount):
        after = self.until(self.before + self.quantity, amount)
        return after - self.until(self.before, amount)

    def rest(self, amount, invoiced, lines):
        """The same, with what earlier invoices rounded off made up for.

        :param invoiced: what the ``lines`` of invoices so far come to
        """
        missed = self.until(self.before, amount) - exact(invoiced)
        if abs(missed) > self.unit * lines:
            missed = ZERO  # somebody changed an invoice, and meant it
        return self.of(amount) + missed


class Amounts(NamedTuple):
    """What a line, or a part of it, is booked with; ``taxes`` by the ids of taxes."""

    net: Decimal
    taxes: dict

    @classmethod
    def of(cls, data):
        """Those of a line's ``extra_tax_data``."""
        return cls(
            exact(data["manual_total_excluded_currency"]),
            {
                key: exact(amounts["tax_amount_currency"])
                for key, amounts in data["manual_tax_amounts"].items()
            },
        )

    @property
    def tax(self):
        return sum(self.taxes.values(), ZERO)


def line_data(currency_id, unit, quantity, amounts, price_include):
    """Price and ``extra_tax_data`` of a line with ``amounts``.

    Odoo books exactly these as long as quantity, price and taxes of the line stay.
    Beside Odoo's own keys there is what dividing them takes: ``unit``, and whether
    the price holds the taxes.
    """
    amount = amounts.net + amounts.tax if price_include else amounts.net
    price = float(unit_price(amount, quantity))
    return {
        "price_unit": price,
        "extra_tax_data": {
            "currency_id": currency_id,
            "unit": str(unit),
            "price_include": price_include,
            "price_unit": price,
            "discount": 0.0,
            "quantity": float(quantity),
            "manual_total_excluded_currency": float(amounts.net),
            "manual_tax_amounts": {
                key: {
                    "base_amount_currency": float(amounts.net),
                    "tax_amount_currency": float(tax),
                }
                for key, tax in amounts.taxes.items()
            },
        },
    }


def part_data(data, before, quantity, invoiced=None, lines=0):
    """The same of a part of the line that has ``data``.

    :param before: how much of the line goes before ``quantity``
    :param invoiced: :class:`Amounts` that the ``lines`` of invoices so far really
        have; what they rounded off is made up for
    """
    whole, unit = Amounts.of(data), Decimal(data["unit"])
    part = Part(exact(before), exact(quantity), exact(data["quantity"]), unit)

    def divided(amount, had):
        return part.of(amount) if had is None else part.rest(amount, had, lines)

    taxes = {
        key: divided(tax, invoiced and invoiced.taxes.get(key))
        for key, tax in whole.taxes.items()
    }
    if data["price_include"]:
        had = invoiced and invoiced.net + invoiced.tax
        net = divided(whole.net + whole.tax, had) - sum(taxes.values(), ZERO)
    else:
        net = divided(whole.net, invoiced and invoiced.net)
    values = line_data(
        data["currency_id"], unit, part.quantity, Amounts(net, taxes), False
    )
    price = data["price_unit"]
    if taxes or to_unit(exact(price, 12) * part.quantity, unit) == net:
        values["price_unit"] = values["extra_tax_data"]["price_unit"] = price
    # else nothing but the price can say the amount: it stays the part's own
    values["extra_tax_data"]["price_include"] = data["price_include"]
    return values


# rates


def slack(quantity, charges, unit):
    """How far Amazon's tax may be from the exact one: it may have been rounded for
    each piece, and the amount without tax for each charge."""
    return unit * (quantity + charges) / 2


def fits(net, tax, rate, allowed):
    return abs(net * rate / HUNDRED - tax) <= allowed


def simplest_rate(net, tax, allowed):
    """The rate with the fewest digits that could have given the tax."""
    if not net:
        return ZERO
    for digits in range(4):
        rate = (tax * HUNDRED / net).quantize(Decimal(1).scaleb(-digits))
        if fits(net, tax, rate, allowed):
            return rate
    return rate


def rates_of_line(booked, quantity, rates, unit, known=()):
    """{group of charges: rate, or ``None`` where there is no tax}.

    Each group (the goods with their discounts, shipping with its own, ...) may have
    a rate of its own. Where one group's tax alone fits none, as when a discount's tax
    stands with the goods, the whole line has one rate.

    :param rates: rates that are known
    :param known: those of them that count first where several fit, as with a tax of
        a few cents
    :raise NoRate: none fits
    """
    groups = defaultdict(list)
    for charge in sorted(booked, key=lambda charge: charge.group != ITEM):
        groups[charge.group].append(charge)
    found = {}
    for name, charges in groups.items():
        allowed = slack(quantity, len(charges), unit)
        rate = _rate(charges, rates, allowed, [*filter(None, found.values()), *known])
        if rate is NoRate:
            allowed = slack(quantity, len(booked), unit)
            rate = _rate(booked, rates, allowed, known)
            if rate is NoRate:
                raise NoRate(*_taxed(charges))
            return dict.fromkeys(groups, rate)
        found[name] = rate
    return found


def _rate(charges, rates, allowed, known):
    """The rate of ``charges``, ``None`` without tax, ``NoRate`` where none fits."""
    net, tax = _taxed(charges)
    if not tax:
        return None
    fitting = [rate for rate in rates if rate and fits(net, tax, rate, allowed)]
    for preferred in known:
        if preferred in fitting:
            return preferred
    return min(
        fitting, key=lambda rate: abs(net * rate / HUNDRED - tax), default=NoRate
    )


def _taxed(charges):
    """(net, tax) of charges; of the positive ones where a discount takes all off."""
    net = sum((charge.net for charge in charges), ZERO)
    tax = sum((charge.tax for charge in charges), ZERO)
    if net and tax:
        return net, tax
    positive = [charge for charge in charges if charge.net > 0]
    return (
        sum((charge.net for charge in positive), ZERO),
        sum((charge.tax for charge in positive), ZERO),
    )
