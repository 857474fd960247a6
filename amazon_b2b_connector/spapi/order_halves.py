"""The two halves of an order that two reports tell, and what a setting adds to them."""

from __future__ import annotations

from dataclasses import fields, replace
from decimal import Decimal
from typing import NamedTuple, TypeVar

from .documents import SellerAddress, SellerBuyer, SellerOrder, SellerOrderLine
from .money import gross
from .report_columns import INVOICING, SHIPPING

_T = TypeVar("_T", SellerOrder, SellerOrderLine, SellerAddress, SellerBuyer)


class Joined(NamedTuple):
    """An order of two halves; ``issues`` say where they do not fit together."""

    order: SellerOrder
    issues: tuple[str, ...]


def join(first: SellerOrder, second: SellerOrder) -> Joined:
    """One order of its two halves, in whichever order they came, by order-item-id.

    What one half leaves open the other fills. Where both speak, the invoicing half
    holds for amounts and the buyer, the shipping half for all else; of two of a sort
    the second. Raises ``ValueError`` if they are halves of different orders.
    """
    if first.number != second.number:
        raise ValueError(f"{first.number} and {second.number} are different orders")
    if INVOICING in second.parts and SHIPPING in first.parts:
        base, other = first, second
    else:
        base, other = second, first
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
    parts = {*base.parts, *other.parts}
    order = replace(
        _filled(base, other),
        parts=() if _whole(base, other, parts) else tuple(sorted(parts, reverse=True)),
        programs=_united(base.programs, other.programs),
        currency=other.currency or base.currency,
        buyer=_either(other.buyer, base.buyer),
        address=_either(base.address, other.address),
        lines=tuple(lines),
    )
    return Joined(order, tuple(issues))


def renewed(known: SellerOrder, half: SellerOrder) -> Joined:
    """What was ``known`` of an order, with one ``half`` of it told anew.

    Where all of it was known, that stands for the other half. Raises ``ValueError`` if
    they are of different orders.
    """
    if known.parts:
        return join(known, half)
    other = INVOICING if SHIPPING in half.parts else SHIPPING
    return join(replace(known, parts=(other,)), half)


def _whole(base: SellerOrder, other: SellerOrder, parts: set[str]) -> bool:
    return not base.parts or not other.parts or parts >= {SHIPPING, INVOICING}


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
    return replace(order, lines=tuple(_with_basis(line, basis) for line in order.lines))


def _with_basis(line: SellerOrderLine, basis: str) -> SellerOrderLine:
    taxed = any(charge.tax for charge in line.charges)
    found = line.basis or (basis if taxed else "")
    total = line.total
    if total is None and line.charges:
        total = sum((gross(charge, found) for charge in line.charges), Decimal(0))
    return replace(line, basis=found, total=total)
