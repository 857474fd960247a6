"""Amounts of an order line, in the currency's smallest unit, and as Amazon shows them.

The basis is one of two: "net" (North America: tax is an addend of proceedsTotal) and
"gross" (elsewhere: every charge contains it).
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

Json = dict[str, Any]

CHARGES = ("ITEM", "SHIPPING", "GIFT_WRAP", "COD_FEE", "OTHER")


@dataclass(frozen=True)
class Purse:
    """A currency and how tax stands in its amounts."""

    currency: str
    decimals: int
    gross: bool
    rate: Decimal  # per cent
    taxed: bool = True  # False: Amazon shows no tax at all
    positive_discounts: bool = False  # shown without their sign

    def money(self, amount: int) -> Json:
        value = Decimal(amount).scaleb(-self.decimals)
        return {"amount": f"{value:f}", "currencyCode": self.currency}

    def tax(self, amount: int) -> int:
        """Of one charge, or contained in it; commercially rounded."""
        base = 100 + self.rate if self.gross else Decimal(100)
        exact = abs(amount) * self.rate / base
        tax = int(exact.quantize(Decimal(1), ROUND_HALF_UP))
        return tax if amount >= 0 else -tax


@dataclass(frozen=True)
class Charges:
    """Of a whole line; discounts are zero or less."""

    item: int
    shipping: int = 0
    gift_wrap: int = 0
    item_discount: int = 0
    shipping_discount: int = 0


def proceeds(charges: Charges, purse: Purse) -> tuple[Json, int]:
    """An `ItemProceeds`, and its total in the smallest unit."""
    amounts = {
        "ITEM": charges.item,
        "SHIPPING": charges.shipping,
        "GIFT_WRAP": charges.gift_wrap,
    }
    discounts = {"ITEM": charges.item_discount, "SHIPPING": charges.shipping_discount}
    discount = sum(discounts.values())
    total = sum(amounts.values()) + discount
    sign = -1 if purse.positive_discounts else 1
    breakdowns: list[Json] = [
        {"type": kind, "subtotal": purse.money(amount)}
        for kind, amount in amounts.items()
        if amount or kind == "ITEM"
    ]
    if discount:
        breakdowns.append(
            {
                "type": "DISCOUNT",
                "subtotal": purse.money(sign * discount),
                "detailedBreakdowns": _details(discounts, purse, sign),
            }
        )
    if purse.taxed:
        taxes = {kind: purse.tax(amount) for kind, amount in amounts.items()}
        relief = sum(map(purse.tax, discounts.values()))
        tax = sum(taxes.values()) + relief
        total += 0 if purse.gross else tax
        details = _details(taxes, purse) + _details({"DISCOUNT": relief}, purse, sign)
        breakdowns.append(
            {
                "type": "TAX",
                "subtotal": purse.money(tax),
                "detailedBreakdowns": details,
            }
        )
    return {"proceedsTotal": purse.money(total), "breakdowns": breakdowns}, total


def _details(amounts: dict[str, int], purse: Purse, sign: int = 1) -> list[Json]:
    return [
        {"subtype": kind, "value": purse.money(sign * amount)}
        for kind, amount in amounts.items()
        if amount
    ]


def order_proceeds(items: list[Json]) -> Json:
    """An `OrderProceeds`: what the items say, added up."""
    total, sums, currency = Decimal(0), dict[str, Decimal](), ""
    for item in items:
        of_item = item.get("proceeds")
        if not of_item:
            continue
        total += Decimal(of_item["proceedsTotal"]["amount"])
        currency = of_item["proceedsTotal"]["currencyCode"]
        for each in of_item["breakdowns"]:
            amount = Decimal(each["subtotal"]["amount"])
            sums[each["type"]] = sums.get(each["type"], Decimal(0)) + amount
    return {
        "grandTotal": {"amount": f"{total:f}", "currencyCode": currency},
        "breakdowns": [
            {
                "type": kind,
                "subtotal": {"amount": f"{amount:f}", "currencyCode": currency},
            }
            for kind, amount in sums.items()
        ],
    }


def scaled(item_proceeds: Json, part: int, whole: int) -> Json:
    """The proceeds of `part` of `whole` units; every sum is made anew."""
    contained = tax_contained(item_proceeds)

    def share(money: Json) -> Json:
        old = Decimal(money["amount"])
        new = (old * part / whole).quantize(old, ROUND_HALF_UP)
        return {**money, "amount": f"{new:f}"}

    breakdowns = []
    for each in item_proceeds["breakdowns"]:
        new = {**each, "subtotal": share(each["subtotal"])}
        if details := each.get("detailedBreakdowns"):
            parts = [{**one, "value": share(one["value"])} for one in details]
            new["detailedBreakdowns"] = parts
            new["subtotal"] = _sum(new["subtotal"], [one["value"] for one in parts])
        breakdowns.append(new)
    old = item_proceeds["proceedsTotal"]
    total = _total(breakdowns, contained)
    return {"proceedsTotal": {**old, "amount": f"{total:f}"}, "breakdowns": breakdowns}


def tax_contained(item_proceeds: Json) -> bool:
    """Whether the charges contain the tax: the total tells."""
    total = Decimal(item_proceeds["proceedsTotal"]["amount"])
    return total != _total(item_proceeds["breakdowns"], False)


def _total(breakdowns: list[Json], contained: bool) -> Decimal:
    """What the breakdowns make, whichever sign a discount is shown with."""
    total = Decimal(0)
    for each in breakdowns:
        amount = Decimal(each["subtotal"]["amount"])
        if each["type"] == "DISCOUNT":
            amount = -abs(amount)
        if each["type"] != "TAX" or not contained:
            total += amount
    return total


def _sum(money: Json, parts: list[Json]) -> Json:
    amount = sum((Decimal(each["amount"]) for each in parts), Decimal(0))
    return {**money, "amount": f"{amount:f}"}
