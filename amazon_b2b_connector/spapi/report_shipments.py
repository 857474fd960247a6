"""An order that Amazon fulfils, as it grows over several shipments and reports."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import Decimal

from .documents import (
    SellerCharge,
    SellerOrder,
    SellerOrderLine,
    SellerParcel,
    SellerParcelItem,
)


def merge_shipments(orders: Iterable[SellerOrder]) -> tuple[SellerOrder, ...]:
    """One order of each number, with everything that has left of it.

    The orders may come from several reports whose times overlap, oldest first: what
    has the same shipment-id and shipment-item-id counts once, as the last one says it.
    A line's quantity and charges become those of its parcels together. The rest is
    the last one's, where that says anything. A basis that was chosen before is open
    again, as new charges need not have it.
    """
    groups: dict[str, list[SellerOrder]] = {}
    for order in orders:
        groups.setdefault(order.number, []).append(order)
    return tuple(map(_merged, groups.values()))


def _merged(orders: list[SellerOrder]) -> SellerOrder:
    said: dict[str, object] = {}
    for order in orders:
        said |= {
            name: value
            for name in SellerOrder.__slots__
            if (value := getattr(order, name)) not in (None, "", ())
        }
    parcels = (parcel for order in orders for parcel in order.parcels)
    lines = (line for order in orders for line in order.lines)
    return grown(replace(orders[-1], **said), lines, parcels)  # type: ignore[arg-type]


def grown(
    order: SellerOrder,
    lines: Iterable[SellerOrderLine],
    parcels: Iterable[SellerParcel],
) -> SellerOrder:
    """``order`` with the ``lines`` as the ``parcels`` say, the last of alike ones."""
    items: dict[tuple[str, str, str], tuple[SellerParcel, SellerParcelItem]] = {}
    for parcel in parcels:
        for item in parcel.items:
            items[parcel.number, item.number, item.line] = (parcel, item)
    contents: dict[tuple[str, str], list[tuple[SellerParcel, SellerParcelItem]]] = {}
    of_line: dict[str, list[SellerParcelItem]] = {}
    for parcel, item in items.values():
        key = (parcel.number, parcel.tracking)
        contents.setdefault(key, []).append((parcel, item))
        of_line.setdefault(item.line, []).append(item)
    known = {line.number: line for line in lines}.values()
    return replace(
        order,
        lines=tuple(_line(line, of_line.get(line.number, ())) for line in known),
        parcels=tuple(
            replace(pairs[-1][0], items=tuple(item for _parcel, item in pairs))
            for pairs in contents.values()
        ),
    )


def _line(line: SellerOrderLine, items: Iterable[SellerParcelItem]) -> SellerOrderLine:
    found = list(items)
    if not found:
        return line
    quantity = sum((item.quantity for item in found), Decimal(0))
    charges = tuple(_summed(charge for item in found for charge in item.charges))
    return replace(
        line,
        quantity=quantity,
        shipped=quantity,
        charges=charges,
        total=None,
        basis="",
    )


def _summed(charges: Iterable[SellerCharge]) -> Iterator[SellerCharge]:
    sums: dict[tuple[str, str], SellerCharge] = {}
    for charge in charges:
        key = (charge.kind, charge.of)
        before = sums.get(key)
        sums[key] = charge
        if before:
            amount, tax = before.amount + charge.amount, before.tax + charge.tax
            sums[key] = replace(charge, amount=amount, tax=tax)
    yield from sums.values()


def added(before: SellerOrder, after: SellerOrder) -> SellerOrder | None:
    """What ``after`` has more than ``before``, as an order of its own.

    Both are merged from reports of shipments. ``None`` where ``after`` is not simply
    ``before`` with further shipments, but says something else of one that was known.
    """
    known = _items(before)
    new = _items(after)
    if any(new.get(key) != item for key, item in known.items()):
        return None
    parcels = []
    for parcel in after.parcels:
        fresh = tuple(i for i in parcel.items if _key(parcel, i) not in known)
        if fresh:
            parcels.append(replace(parcel, items=fresh))
    touched = {item.line for parcel in parcels for item in parcel.items}
    lines = [line for line in after.lines if line.number in touched]
    return grown(after, lines, parcels)


def _items(order: SellerOrder) -> dict[tuple[str, str, str], SellerParcelItem]:
    return {
        _key(parcel, item): item for parcel in order.parcels for item in parcel.items
    }


def _key(parcel: SellerParcel, item: SellerParcelItem) -> tuple[str, str, str]:
    return parcel.number, item.number, item.line
