"""What two sources say of one order, compared on what both can tell.

The Orders API and the reports spell the same order differently: which charges of zero
they list, net or gross, how a name is divided. What must agree are the quantities and
what the buyer pays of each kind.
"""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from .documents import SellerOrder
from .money import gross
from .report_columns import CHARGES, KINDS, SHIPMENTS

_TOLD = frozenset(charge[0] for charge in CHARGES)  # kinds of charge that reports know
_ZERO = Decimal(0)
QUANTITY, AMOUNT, STATUS = "quantity", "amount", "status"


class Difference(NamedTuple):
    """``what`` is :data:`QUANTITY` (``of`` an orderItemId), :data:`AMOUNT` (``of`` a
    kind of charge, discounts and tax included) or :data:`STATUS`."""

    what: str
    of: str
    first: str
    second: str


def is_shipments(order: SellerOrder) -> bool:
    """Whether it tells only what has left Amazon's warehouse so far."""
    kind = KINDS.get(order.source)
    return kind is not None and kind.rows == SHIPMENTS


def disagreements(first: SellerOrder, second: SellerOrder) -> tuple[Difference, ...]:
    """Where two tellings of one order contradict each other; empty if nowhere.

    Every line that has tax must have its basis. Silence is no contradiction: a half
    without amounts, a status without lines or that a report does not tell, and in a
    report of shipments what has not left yet.

    :raise ValueError: a basis is missing
    """
    if "CANCELLED" in (first.status, second.status):
        standing = second if first.status == "CANCELLED" else first
        if standing.status in ("SHIPPED", "PARTIALLY_SHIPPED"):
            return (Difference(STATUS, "", first.status, second.status),)
        return ()
    if not first.lines or not second.lines:
        return ()
    found, smaller = [], False
    ours, theirs = _quantities(first), _quantities(second)
    for number in dict.fromkeys((*ours, *theirs)):
        one, other = ours.get(number, _ZERO), theirs.get(number, _ZERO)
        behind = second if other < one else first
        if one != other and is_shipments(behind):
            smaller = True
        elif one != other:
            found.append(Difference(QUANTITY, number, str(one), str(other)))
    if not smaller and _counts(first) and _counts(second):
        sums, others = _sums(first), _sums(second)
        for kind in dict.fromkeys((*sums, *others)):
            a, b = sums.get(kind, _ZERO), others.get(kind, _ZERO)
            if a != b:
                found.append(Difference(AMOUNT, kind, str(a), str(b)))
    return tuple(found)


def _quantities(order: SellerOrder) -> dict[str, Decimal]:
    return {line.number: line.quantity for line in order.lines}


def _counts(order: SellerOrder) -> bool:
    return any(line.charges for line in order.lines)


def _sums(order: SellerOrder) -> dict[str, Decimal]:
    """What the buyer pays of each kind, tax included, discounts taken off: reports
    state no tax of a discount, but take it off the tax of what it reduces."""
    sums: dict[str, Decimal] = {}
    for line in order.lines:
        for charge in line.charges:
            kind = (charge.of or "ITEM") if charge.kind == "DISCOUNT" else charge.kind
            if kind in _TOLD:
                sums[kind] = sums.get(kind, _ZERO) + gross(charge, line.basis)
    return sums
