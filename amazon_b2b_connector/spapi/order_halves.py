"""The parts of an order that reports tell, and what a setting adds to them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import fields, replace
from decimal import Decimal
from typing import NamedTuple, TypeVar

from .documents import SellerAddress, SellerBuyer, SellerOrder, SellerOrderLine
from .money import gross
from .order_summary import further, settled
from .report_columns import INVOICING, SHIPPING, STATUS

_T = TypeVar("_T", SellerOrder, SellerOrderLine, SellerAddress, SellerBuyer)
PARTS = (SHIPPING, INVOICING, STATUS)


class Joined(NamedTuple):
    """An order of several parts; ``issues`` say where they do not fit together."""

    order: SellerOrder
    issues: tuple[str, ...]


def told(parts: Collection[str]) -> tuple[str, ...]:
    """``parts`` as :attr:`SellerOrder.parts` has them: none where all are there."""
    found = tuple(part for part in PARTS if part in parts)
    return () if found == PARTS else found


def join(first: SellerOrder, second: SellerOrder) -> Joined:
    """One order of its parts, in whichever order they came.

    The halves are joined by order-item-id, the status belongs to the whole order. What
    one leaves open the other fills. Where both speak, the invoicing half holds for
    amounts and the buyer, the shipping half for all else; of two of a sort the second;
    of two statuses the one that is further. Raises ``ValueError`` if they are of
    different orders.
    """
    if first.number != second.number:
        raise ValueError(f"{first.number} and {second.number} are different orders")
    if not first.lines or {SHIPPING, INVOICING} <= {*_parts(second)}:
        joined = _renewed(second, first)
    elif not second.lines:
        joined = _renewed(first, second)
    elif INVOICING in second.parts and SHIPPING in first.parts:
        joined = _halves(first, second)
    else:
        joined = _halves(second, first)
    last = further(first, second)
    order = replace(
        joined.order,
        parts=told({*_parts(first), *_parts(second)}),
        status=last.status,
        updated=last.updated,
        summary=last.summary,
    )
    was_settled = last is second and not second.parts
    if order.parts or was_settled:
        return Joined(order, joined.issues)
    order, issues = settled(order)
    return Joined(order, (*joined.issues, *issues))


def renewed(known: SellerOrder, part: SellerOrder) -> Joined:
    """What was ``known`` of an order, with ``part`` of it told anew.

    Where all of it was known, that stands for the other parts. Raises ``ValueError`` if
    they are of different orders.
    """
    others = tuple(name for name in PARTS if name not in _parts(part))
    return join(replace(known, parts=known.parts or others or PARTS), part)


def _parts(order: SellerOrder) -> tuple[str, ...]:
    return order.parts or PARTS


def _renewed(base: SellerOrder, other: SellerOrder) -> Joined:
    """``base`` has its lines for itself; ``other`` fills what it leaves open."""
    others = {line.number: line for line in other.lines}
    lines = tuple(
        _filled(line, others[line.number]) if line.number in others else line
        for line in base.lines
    )
    return Joined(replace(_filled(base, other), lines=lines), ())


def _halves(base: SellerOrder, other: SellerOrder) -> Joined:
    """Both halves, of which ``other`` holds for the amounts."""
    others = {line.number: line for line in other.lines}
    issues = []
    lines = []
    for line in base.lines:
        partner = others.pop(line.number, None)
        lines.append(_line(line, partner) if partner else line)
        if partner is None:
            issues.append(f"order item {line.number} is only in {base.source}")
        elif partner.quantity != line.quantity:
            said = f"{line.quantity} in {base.source}, {partner.quantity} in"
            issues.append(f"order item {line.number} is {said} {other.source}")
    for line in others.values():
        lines.append(line)
        issues.append(f"order item {line.number} is only in {other.source}")
    if base.currency != other.currency and base.currency and other.currency:
        issues.append(f"the currencies differ: {base.currency}, {other.currency}")
    order = replace(
        _filled(base, other),
        programs=_united(base.programs, other.programs),
        currency=other.currency or base.currency,
        buyer=_either(other.buyer, base.buyer),
        address=_either(base.address, other.address),
        lines=tuple(lines),
    )
    return Joined(order, tuple(issues))


def _line(base: SellerOrderLine, other: SellerOrderLine) -> SellerOrderLine:
    return replace(
        _filled(base, other),
        charges=other.charges or base.charges,
        collected_tax=base.collected_tax or other.collected_tax,
        promotions=_united(base.promotions, other.promotions),
        programs=_united(base.programs, other.programs),
    )


def _united(some: tuple[str, ...], others: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*some, *others)))


def _either(base: _T | None, other: _T | None) -> _T | None:
    return _filled(base, other) if base and other else base or other


def _filled(base: _T, other: _T) -> _T:
    """``base`` with what it leaves empty taken from ``other``."""
    empty = {
        field.name: getattr(other, field.name)
        for field in fields(base)
        if getattr(base, field.name) in (None, "", ())
    }
    return replace(base, **empty)


def with_basis(order: SellerOrder, basis: str) -> SellerOrder:
    """``order`` with its lines' amounts taken for ``"net"`` or ``"gross"``.

    That is what reports leave open, and the setting of the VAT calculation service
    decides. Lines that have no tax, or whose basis is known, stay as they are; where
    Amazon states no total of a line, it becomes the sum of its charges.
    """
    if basis not in ("net", "gross"):
        raise ValueError(f"{basis!r} is neither net nor gross")
    return replace(
        order,
        lines=tuple(_with_basis(line, basis) for line in order.lines),
        summary=tuple(_with_basis(line, basis) for line in order.summary),
    )


def _with_basis(line: SellerOrderLine, basis: str) -> SellerOrderLine:
    taxed = any(charge.tax for charge in line.charges)
    found = line.basis or (basis if taxed else "")
    total = line.total
    if total is None and line.charges:
        total = sum((gross(charge, found) for charge in line.charges), Decimal(0))
    return replace(line, basis=found, total=total)
