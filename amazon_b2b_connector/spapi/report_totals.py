"""The all-orders report: what orders come to, to compare with what was imported."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from decimal import Decimal

from . import report_values
from .report_columns import TOTALS
from .report_rows import BadCell, Row, open_table

_CANCELLED = "CANCELLED"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderTotals:
    """One order in sum, over the lines that are not cancelled.

    ``amount`` are the prices of items, shipping and gift wrap less the discounts,
    ``tax`` the taxes on them; the report does not say if the prices hold them.
    ``issues`` name the rows that could not be counted: then the sums are too small.
    """

    number: str
    channel: str = ""
    status: str = ""
    fulfilled_by: str = ""
    currency: str = ""
    created: datetime.datetime | None = None
    updated: datetime.datetime | None = None
    lines: int = 0
    quantity: Decimal = Decimal(0)
    amount: Decimal = Decimal(0)
    tax: Decimal = Decimal(0)
    issues: tuple[str, ...] = ()

    def total(self, basis: str) -> Decimal:
        """What the buyer pays, if the prices are ``"net"`` or ``"gross"``."""
        return self.amount + self.tax if basis == "net" else self.amount


@dataclass(frozen=True, slots=True, kw_only=True)
class TotalsReading:
    """An all-orders report; ``issues`` are those that belong to no order."""

    kind: str
    totals: tuple[OrderTotals, ...] = ()
    issues: tuple[str, ...] = ()


def read_totals(data: bytes, charset_hint: str = "", kind: str = "") -> TotalsReading:
    """The orders of an all-orders report in sum; never raises."""
    table = open_table(data, charset_hint, kind)
    issue = table.issue
    if not issue and table.sort.rows != TOTALS:
        issue = f"this is no report of all orders, but {table.kind}"
    if issue:
        return TotalsReading(kind=table.kind, issues=(issue,))
    issues: list[str] = []
    totals = tuple(
        _totals(number, [table.row(line, text) for line, text in texts])
        for number, texts in table.by_order(issues).items()
    )
    return TotalsReading(kind=table.kind, totals=totals, issues=tuple(issues))


def _totals(number: str, rows: list[Row]) -> OrderTotals:
    quantity = amount = tax = Decimal(0)
    lines = 0
    created: datetime.datetime | None = None
    updated: datetime.datetime | None = None
    issues = []
    for row in rows:
        try:
            if fault := row.fault():
                raise BadCell(fault)
            created = created or row.time("created")
            updated = max(filter(None, (updated, row.time("updated"))), default=None)
            if report_values.status(row.get("item_status")) == _CANCELLED:
                continue
            charges = report_values.charges(row)
            quantity += row.quantity("quantity") or 0
        except BadCell as error:
            issues.append(f"line {row.line}: {error}")
            continue
        lines += 1
        amount += sum(charge.amount for charge in charges)
        tax += sum(charge.tax for charge in charges)
    return OrderTotals(
        number=number,
        channel=report_values.channel(rows[0]),
        status=report_values.status(rows[0].get("order_status")),
        fulfilled_by=report_values.fulfilled_by(rows[0]),
        currency=next(filter(None, (row.get("currency").upper() for row in rows)), ""),
        created=created,
        updated=updated,
        lines=lines,
        quantity=quantity,
        amount=amount,
        tax=tax,
        issues=tuple(issues),
    )
