"""Whether amounts hold their tax, by arithmetic, and how a tax is shared.

Amazon says nowhere whether the amounts of the Orders API 2026-01-01 are with or
without tax, and in its examples and regions both occur. A line's ``proceedsTotal``
decides: either the breakdowns come to it with ``TAX`` added (net), or without (gross).
The sign of ``DISCOUNT`` is not stated either: whatever the sign, it is taken off.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from .documents import SellerCharge, SellerOrder, SellerOrderLine

NET, GROSS = "net", "gross"
ITEM, TAX, DISCOUNT, OTHER = "ITEM", "TAX", "DISCOUNT", "OTHER"
DELIVERY_TIP = "DELIVERY_TIP"
KINDS = frozenset(
    (ITEM, "SHIPPING", "GIFT_WRAP", "COD_FEE", OTHER, DISCOUNT, DELIVERY_TIP)
)

ZERO = Decimal(0)
# ISO 4217, the currencies whose minor unit is not a hundredth.
_PLACES = dict.fromkeys(
    "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF".split(), 0
) | dict.fromkeys("BHD IQD JOD KWD LYD OMR TND".split(), 3)


@dataclass(frozen=True, slots=True)
class Breakdown:
    """One amount of the ``proceeds.breakdowns`` of a line or an order, as stated.

    ``details`` are the pairs of subtype and value of its ``detailedBreakdowns``;
    ``pending`` says that it is charged later (a tip).
    """

    kind: str
    amount: Decimal
    details: tuple[tuple[str, Decimal], ...] = ()
    pending: bool = False


@dataclass(frozen=True, slots=True)
class LineMoney:
    """What the breakdowns of a line come to; ``issues`` are texts for a person."""

    charges: tuple[SellerCharge, ...]
    basis: str
    issues: tuple[str, ...] = ()


def places(currency: str) -> int:
    """The decimal places of a currency (ISO 4217), 2 if it is unknown."""
    return _PLACES.get(currency, 2)


def line_money(
    breakdowns: Sequence[Breakdown],
    total: Decimal | None,
    currency: str = "",
    collected: bool = False,
) -> LineMoney:
    """The charges of a line, each with its tax, and whether they hold that tax.

    ``collected`` says that Amazon remits the tax itself: a total without it may then
    be one from which it was left out as well as one that holds it, and the basis of
    such a line stays open.
    """
    charges = [c for b in breakdowns if b.kind != TAX for c in _charges(b)]
    taxes = [b for b in breakdowns if b.kind == TAX]
    tax = sum((b.amount for b in taxes), ZERO)
    if tax and not charges:
        charges = [SellerCharge(kind=OTHER, amount=ZERO, of=TAX)]
    amount = sum((charge.amount for charge in charges), ZERO)
    basis, issue = _basis(amount, tax, total, collected)
    taxed, remark = _with_tax(charges, taxes, tax, places(currency))
    return LineMoney(tuple(taxed), basis, tuple(filter(None, (issue, remark))))


def _basis(
    amount: Decimal, tax: Decimal, total: Decimal | None, collected: bool
) -> tuple[str, str]:
    if total is None:
        if not tax:
            return "", ""
        return "", "Amazon states no total, so nothing tells if the prices hold the tax"
    if not tax and amount == total:
        return "", ""
    if amount + tax == total:
        return NET, ""
    if amount == total:
        return ("" if collected else GROSS), ""
    difference = min((total - amount, total - amount - tax), key=abs)
    come = f"{amount + tax} with tax and {amount} without it" if tax else f"{amount}"
    stated = f"Amazon states {total}: a difference of {difference}"
    return "", f"the amounts come to {come}, {stated}"


def _charges(breakdown: Breakdown) -> list[SellerCharge]:
    """``DISCOUNT`` gives one charge for each kind that it is of."""
    if breakdown.kind != DISCOUNT:
        if breakdown.kind in KINDS:
            return [SellerCharge(kind=breakdown.kind, amount=breakdown.amount)]
        return [SellerCharge(kind=OTHER, amount=breakdown.amount, of=breakdown.kind)]
    amount = -abs(breakdown.amount)
    stated = sum((value for _kind, value in breakdown.details), ZERO)
    if abs(stated) != -amount:
        return [SellerCharge(kind=DISCOUNT, amount=amount)]
    sign = 1 if stated == amount else -1
    return [
        SellerCharge(kind=DISCOUNT, amount=sign * value, of=kind)
        for kind, value in breakdown.details
    ] or [SellerCharge(kind=DISCOUNT, amount=amount)]


def _with_tax(
    charges: list[SellerCharge], taxes: list[Breakdown], tax: Decimal, digits: int
) -> tuple[list[SellerCharge], str]:
    """The charges with their taxes, which come to ``tax``, and an issue or ``""``.

    What the details say of a kind is that kind's; what they leave over falls on the
    charges that they say nothing of, a rounding difference on all.
    """
    stated = _stated(charges, taxes, tax)
    if not tax and not any(stated.values()):
        return charges, ""
    rest = tax - sum(stated.values(), ZERO)
    others = [i for i, charge in enumerate(charges) if charge.kind not in stated]
    issue = ""
    if abs(rest) <= len(charges) * Decimal(1).scaleb(-digits):
        others = others or list(range(len(charges)))
    elif not others or rest * tax < 0:
        issue = f"the details of the tax come to {tax - rest}, its total is {tax}"
        stated, rest, others = {}, tax, list(range(len(charges)))
    found = [ZERO] * len(charges)
    for kind, value in stated.items():
        alike = [i for i, charge in enumerate(charges) if charge.kind == kind]
        _share(found, value, alike, charges, digits)
    _share(found, rest, others, charges, digits)
    taxed = zip(charges, found, strict=True)
    return [replace(charge, tax=share) for charge, share in taxed], issue


def _stated(
    charges: list[SellerCharge], taxes: list[Breakdown], tax: Decimal
) -> dict[str, Decimal]:
    """The tax of each kind by the details; that of a discount is taken off."""
    kinds = {charge.kind for charge in charges}
    stated: dict[str, Decimal] = defaultdict(Decimal)
    for kind, value in (detail for b in taxes for detail in b.details):
        if kind in kinds:
            stated[kind] += value
    if DISCOUNT in stated and sum(stated.values(), ZERO) != tax:
        stated[DISCOUNT] = -abs(stated[DISCOUNT])
    return stated


def _share(
    found: list[Decimal],
    value: Decimal,
    chosen: list[int],
    charges: list[SellerCharge],
    digits: int,
) -> None:
    """Adds ``value`` to the chosen ones of ``found`` by the amounts of the charges."""
    amounts = [charges[i].amount for i in chosen]
    if abs(value) > abs(sum(amounts, ZERO)):  # a discount took nearly all of it off
        amounts = [max(amount, ZERO) for amount in amounts]
    for i, share in zip(chosen, spread(value, amounts, digits), strict=True):
        found[i] += share


def spread(
    value: Decimal, weights: Sequence[Decimal], digits: int = 2
) -> list[Decimal]:
    """``value`` in shares by ``weights``, which come to exactly ``value``.

    Each share is whole in units of ``digits`` decimal places, or of as many as
    ``value`` has; what rounding leaves goes to the largest remainders. Weights that
    come to nothing count alike. Raises ``ValueError`` without weights, unless
    ``value`` is 0.
    """
    if not weights:
        if value:
            raise ValueError(f"{value} has nothing to fall on")
        return []
    digits = max(digits, _written_places(value))
    whole = int(value.scaleb(digits))
    deep = max(_written_places(weight) for weight in weights)
    sizes = [int(weight.scaleb(deep)) for weight in weights]
    if not sum(sizes):
        sizes = [1] * len(sizes)
    if sum(sizes) < 0:
        sizes = [-size for size in sizes]
    parts = [divmod(whole * size, sum(sizes)) for size in sizes]
    shares = [quotient for quotient, _remainder in parts]
    by_remainder = sorted(range(len(parts)), key=lambda i: -parts[i][1])
    for i in by_remainder[: whole - sum(shares)]:
        shares[i] += 1
    return [Decimal(share).scaleb(-digits) for share in shares]


def _written_places(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def net(charge: SellerCharge, basis: str) -> Decimal:
    """The amount of a charge without its tax; ``ValueError`` if nothing tells."""
    return charge.amount - charge.tax if _holds_tax(charge, basis) else charge.amount


def gross(charge: SellerCharge, basis: str) -> Decimal:
    """The amount of a charge with its tax; ``ValueError`` if nothing tells."""
    return charge.amount if _holds_tax(charge, basis) else charge.amount + charge.tax


def _holds_tax(charge: SellerCharge, basis: str) -> bool:
    if basis not in (NET, GROSS) and charge.tax:
        raise ValueError("nothing tells if the amount holds its tax: give the basis")
    return basis == GROSS


def line_total(line: SellerOrderLine) -> Decimal:
    """What a line comes to, tax included: as stated, else by its charges.

    Raises ``ValueError`` where Amazon states no total and nothing tells the basis.
    """
    if line.total is not None:
        return line.total
    return sum((gross(charge, line.basis) for charge in line.charges), ZERO)


def difference(order: SellerOrder) -> Decimal:
    """What the order's total exceeds the sum of its lines and own charges by.

    0 where it states no total. Raises ``ValueError`` as :func:`line_total` does.
    """
    if order.total is None:
        return ZERO
    own = sum((gross(charge, NET) for charge in order.charges), ZERO)
    return order.total - sum(map(line_total, order.lines), own)


def order_charges(
    order: SellerOrder, breakdowns: Sequence[Breakdown]
) -> tuple[tuple[SellerCharge, ...], str]:
    """What an order is charged beside its lines, and an issue or ``""``.

    Most ``breakdowns`` of an order sum up those of its lines. Left are the tip, and
    kinds that no line has. A tip that is still pending counts only if the order's
    total has it. A tax that no line has cannot be put anywhere: that is the issue.
    """
    carried = {c.of if c.kind == OTHER and c.of else c.kind for c in _all(order)}
    others = [b for b in breakdowns if b.kind not in carried and b.kind != TAX]
    late = [charge for b in others if b.pending for charge in _charges(b)]
    own = [charge for b in others if not b.pending for charge in _charges(b)]
    if late and not _fits(order, own):
        own += late
    tax = sum((b.amount for b in breakdowns if b.kind == TAX), ZERO)
    if tax and not any(charge.tax for charge in _all(order)):
        return tuple(own), f"Amazon states a tax of {tax}, which no line has"
    return tuple(charge for charge in own if charge.amount), ""


def _all(order: SellerOrder) -> Iterator[SellerCharge]:
    return (charge for line in order.lines for charge in line.charges)


def _fits(order: SellerOrder, own: Sequence[SellerCharge]) -> bool:
    lines = sum((line.total or ZERO for line in order.lines), ZERO)
    return order.total == lines + sum((charge.amount for charge in own), ZERO)
