"""How far an order is, as the report of all orders tells it.

That report names no order items. What it says of a line is therefore taken by the SKU,
where its rows and the lines of that SKU come to the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from .documents import SellerOrder, SellerOrderLine
from .report_columns import STATUSES

# An order goes through these, and never back.
_WAY = (
    *("", "PENDING_AVAILABILITY", "PENDING", "UNSHIPPED", "PARTIALLY_SHIPPED"),
    *("SHIPPED", "UNFULFILLABLE", "CANCELLED"),
)
_OVER = ("UNFULFILLABLE", "CANCELLED")
_SKUS = dict[str, list[SellerOrderLine]]


def further(first: SellerOrder, second: SellerOrder) -> SellerOrder:
    """Which of two tells the later status; ``second`` where nothing says so."""
    if not first.status or not second.status:
        return second if second.status else first
    if first.updated and second.updated:
        return first if first.updated > second.updated else second
    return first if _place(first) > _place(second) else second


def _place(order: SellerOrder) -> int:
    return _WAY.index(order.status) if order.status in _WAY else _WAY.index("UNSHIPPED")


def settled(order: SellerOrder) -> tuple[SellerOrder, tuple[str, ...]]:
    """``order`` with what its summary says of each line, and where they do not fit."""
    if order.status not in STATUSES.values():
        return order, (f"the status {order.status[:40]!r} is not known",)
    if order.status in _OVER:
        return order, ()
    lines, rows = _by_sku(order.lines), _by_sku(order.summary)
    issues: list[str] = []
    if order.summary:
        for sku in dict.fromkeys((*lines, *rows)):
            issues += _misfit(sku, lines.get(sku, []), rows.get(sku, []))
    if not issues:
        told = tuple(_told(line, rows.get(line.sku, [])) for line in order.lines)
        order = replace(order, lines=told)
        issues += _partly(order)
    return order, tuple(issues)


def _by_sku(lines: tuple[SellerOrderLine, ...]) -> _SKUS:
    found: _SKUS = {}
    for line in lines:
        found.setdefault(line.sku, []).append(line)
    return found


def _misfit(
    sku: str, lines: list[SellerOrderLine], rows: list[SellerOrderLine]
) -> Iterator[str]:
    standing = [row for row in rows if not row.cancelled_by]
    if not standing and (rows or not lines):
        return  # cancelled before it left
    ours, theirs = _quantity(lines), _quantity(standing)
    if ours != theirs:
        yield f"{sku} is {ours} in the order reports, {theirs} in the one of all orders"


def _quantity(lines: list[SellerOrderLine]) -> Decimal:
    return sum((line.quantity for line in lines), Decimal(0))


def _told(line: SellerOrderLine, rows: list[SellerOrderLine]) -> SellerOrderLine:
    standing = [row for row in rows if not row.cancelled_by]
    if rows and not standing:
        return replace(line, cancelled_by=rows[0].cancelled_by)
    if not standing:
        return line
    shares = {row.shipped and row.shipped / row.quantity for row in standing}
    share = shares.pop() if len(shares) == 1 else None
    shipped = None if share is None else line.quantity * share
    return replace(line, shipped=shipped)


def _partly(order: SellerOrder) -> Iterator[str]:
    """Where a part of the order has left, every line must say how much of it."""
    if order.status != "PARTIALLY_SHIPPED":
        return
    standing = [line for line in order.lines if not line.cancelled_by]
    if any(line.shipped is None for line in standing) or not any(
        line.shipped for line in standing
    ):
        yield "a part of it has left, and no report says which part"
