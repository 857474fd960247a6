"""Amazon's tab-separated order reports, decoded into the values of an order.

::

    reading = read_report(data, charset_hint="Cp1252")   # never raises
    for read in reading.orders:
        read.order, read.issues

An order report tells a part of an order (``SellerOrder.parts``), that of all orders how
far it is, and :func:`spapi.order_halves.join` puts the parts together. The report of
what Amazon shipped tells of an order what has left, and
:func:`spapi.report_shipments.merge_shipments` puts that together.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from . import report_values
from .documents import SellerOrder, SellerOrderLine, SellerParcel
from .order_halves import told
from .readings import ReadOrder, read_as
from .report_columns import (
    CHARGES,
    COLUMNS,
    INVOICING,
    ORDERS,
    SHIPMENTS,
    SHIPPING,
    STATUS,
    TOTALS,
)
from .report_rows import BadCell, Row, Table, open_table
from .report_shipments import grown


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportReading:
    """A report: ``kind`` is Amazon's report type, ``""`` if it is none of ours.

    ``issues`` are those that belong to no order; each order has its own.
    """

    kind: str
    orders: tuple[ReadOrder, ...] = ()
    issues: tuple[str, ...] = ()


def read_report(
    data: bytes, charset_hint: str = "", kind: str = "", unshipped: bool = False
) -> ReportReading:
    """The orders of a report, in the order of their first rows; never raises.

    ``charset_hint`` is the charset of its Content-Type, ``kind`` the report type that
    was asked for. Without ``kind``, as for a file from somewhere else, the headings
    tell, and an order whose address and amounts are there has both parts. With
    ``unshipped`` somebody said that none of them has left, where the report does not.
    """
    table = open_table(data, charset_hint, kind)
    if table.issue:
        return ReportReading(kind=table.kind, issues=(table.issue,))
    issues: list[str] = []
    orders = tuple(
        _order(table, number, texts, bool(kind), unshipped)
        for number, texts in table.by_order(issues).items()
    )
    return ReportReading(kind=table.kind, orders=orders, issues=tuple(issues))


def recognise(data: bytes, charset_hint: str = "") -> tuple[str, str]:
    """Amazon's report type of a file, by its headings, and what is wrong with it.

    One of them is ``""``; reports with the same columns count as one type.
    """
    table = open_table(data, charset_hint)
    return table.kind, table.issue


def _order(
    table: Table,
    number: str,
    texts: list[tuple[int, str]],
    asked_for: bool,
    unshipped: bool,
) -> ReadOrder:
    rows = [table.row(line, text) for line, text in texts]
    order: SellerOrder | None = None
    lines: list[SellerOrderLine] = []
    parcels: list[SellerParcel] = []
    issues: list[str] = []
    said = ""
    shipments = table.sort.rows == SHIPMENTS
    for row in _once(rows, table.sort.rows, issues):
        try:
            line = report_values.line(row)
            if shipments:
                parcels.append(report_values.parcel(row, line))
            order = order or report_values.order(row)
            lines.append(line)
        except BadCell as error:
            issues.append(f"line {row.line}: {error}")
    if order and shipments:
        order = grown(order, lines, parcels)
    elif order and table.sort.rows == TOTALS:
        order = replace(order, summary=tuple(lines), parts=table.sort.parts)
    elif order:
        parts = _parts(table, order, lines, asked_for)
        order = replace(order, lines=tuple(lines), parts=parts)
        if unshipped and parts and STATUS not in parts:
            order = replace(order, status="UNSHIPPED", parts=told((*parts, STATUS)))
            said = order.status
    issues += _untaxed(table, lines)
    text = "\n".join((table.top, *(text for _line, text in texts), ""))
    return read_as(number, text, order, issues, said)


# What makes a row of a report that of one thing; the report of all orders has nothing.
_KEYS = {ORDERS: ("line",), SHIPMENTS: ("shipment", "shipment_item", "line")}


def _once(rows: list[Row], kind: str, issues: list[str]) -> Iterator[Row]:
    """The rows that are whole, each line or shipment item once."""
    seen: dict[tuple[object, ...], Row] = {}
    names = _KEYS.get(kind, ())
    for row in rows:
        fault = row.fault()
        key = tuple(map(row.get, names)) or (row.line,)
        first = seen.setdefault(key, row)
        if not fault and first is not row and first.cells != row.cells:
            names_said = " and ".join(map(row.table.heading, names[:2]))
            fault = f"has the {names_said} of line {first.line}, but says otherwise"
        if fault:
            issues.append(f"line {row.line}: {fault}")
        elif first is row:
            yield row


def _untaxed(table: Table, lines: list[SellerOrderLine]) -> Iterator[str]:
    """Columns of taxes that are missing, though there are amounts to tax."""
    kinds = {charge.kind for line in lines for charge in line.charges}
    for kind, _amount, tax, _of in CHARGES:
        if tax and kind in kinds and not table.has(tax):
            yield f"the column {COLUMNS[tax][0]} is missing: switch it on at Amazon"


def _parts(
    table: Table, order: SellerOrder, lines: list[SellerOrderLine], asked_for: bool
) -> tuple[str, ...]:
    address = order.address
    ships = bool(address and (address.lines or address.postal_code))
    counts = table.has("item_tax") and all(line.charges for line in lines)
    parts = {*table.sort.parts}
    if ships and counts and not asked_for:
        parts |= {SHIPPING, INVOICING}
    return told(parts)
