"""The columns of amounts in reports, out of an item's proceeds.

Each kind of charge has a price and a tax; a promotion's discount is a column without
its sign, and the tax that it saves is off the tax of what it is a discount of.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from . import seller_money

Json = dict[str, Any]

_COLUMNS = {"ITEM": "item", "SHIPPING": "shipping", "GIFT_WRAP": "gift-wrap"}
_DISCOUNTED = ("ITEM", "SHIPPING")
_ZERO = Decimal("0.00")


@dataclass(frozen=True)
class Money:
    amounts: dict[str, str]  # currency, item-price, item-tax, ...
    discounts: dict[str, str]  # ITEM and SHIPPING


@dataclass
class _Figures:
    """Of the whole line, by kind of charge; discounts and reliefs are positive."""

    currency: str
    prices: dict[str, Decimal]
    taxes: dict[str, Decimal]
    discounts: dict[str, Decimal]
    reliefs: dict[str, Decimal]
    contained: bool  # prices contain the tax


def of_line(item: Json) -> Money:
    return _columns(_figures(item))


def of_part(item: Json, before: int, units: int, net: bool) -> dict[str, str]:
    """Of some units of a line after `before` others; the parts add up to the line.

    `net` takes the tax out of prices and discounts. As FBA reports have them,
    discounts are negative.
    """
    whole, figures = int(item["quantityOrdered"]), _figures(item)
    if net and figures.contained:
        for amounts, taxes in (
            (figures.prices, figures.taxes),
            (figures.discounts, figures.reliefs),
        ):
            for kind in amounts:
                amounts[kind] -= taxes[kind]
    money = _columns(figures)

    def part(text: str) -> Decimal:
        value = Decimal(text)

        def until(count: int) -> Decimal:
            return (value * count / whole).quantize(value, ROUND_HALF_UP)

        return until(before + units) - until(before)

    shares = {
        column: text if column == "currency" else f"{part(text):f}"
        for column, text in money.amounts.items()
    }
    for kind, column in (("ITEM", "item"), ("SHIPPING", "ship")):
        share = -part(money.discounts[kind])
        shares[f"{column}-promotion-discount"] = f"{share + 0:f}"
    return shares


def _columns(figures: _Figures) -> Money:
    amounts = {"currency": figures.currency}
    for kind, column in _COLUMNS.items():
        tax = figures.taxes[kind] - figures.reliefs.get(kind, _ZERO)
        amounts[f"{column}-price"] = f"{figures.prices[kind]:f}"
        amounts[f"{column}-tax"] = f"{tax:f}"
    discounts = {kind: f"{value:f}" for kind, value in figures.discounts.items()}
    return Money(amounts, discounts)


def _figures(item: Json) -> _Figures:
    proceeds = item.get("proceeds", {})
    found = {each["type"]: each for each in proceeds.get("breakdowns", ())}
    total = proceeds.get("proceedsTotal", {"amount": "0.00", "currencyCode": ""})
    zero = Decimal(total["amount"]) * 0
    taxes = _details(found.get("TAX"))
    subtotals = {
        kind: Decimal(each["subtotal"]["amount"]) for kind, each in found.items()
    }
    if not taxes and "TAX" in subtotals:
        taxes = {"ITEM": subtotals["TAX"]}
    discounts = {
        kind: abs(_details(found.get("DISCOUNT")).get(kind, zero))
        for kind in _DISCOUNTED
    }
    prices = {kind: subtotals.get(kind, zero) for kind in _COLUMNS}
    relief = abs(taxes.get("DISCOUNT", zero))
    shipping = zero
    if prices["SHIPPING"]:
        exact = taxes.get("SHIPPING", zero) * discounts["SHIPPING"] / prices["SHIPPING"]
        shipping = min(exact.quantize(zero, ROUND_HALF_UP), relief)
    return _Figures(
        total["currencyCode"],
        prices,
        {kind: taxes.get(kind, zero) for kind in _COLUMNS},
        discounts,
        {"ITEM": relief - shipping, "SHIPPING": shipping},
        "TAX" in subtotals and seller_money.tax_contained(proceeds),
    )


def _details(breakdown: Json | None) -> dict[str, Decimal]:
    return {
        each["subtype"]: Decimal(each["value"]["amount"])
        for each in (breakdown or {}).get("detailedBreakdowns", ())
    }
