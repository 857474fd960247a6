"""What Amazon knows of its orders and of the papers it accepted for them."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from decimal import Decimal

from . import purchase_order
from .purchase_order import Order, OrderLine
from .settings import Settings
from .store import Json, Store
from .x12 import decimal

Quantities = dict[str, Decimal]  # by the order line's number


@dataclass(frozen=True)
class Paper:
    """A paper of the vendor's that was judged."""

    id: int
    number: str
    at: float
    content: Json


@dataclass
class Verdict:
    """What Amazon says of one paper: accepted where there are no reasons."""

    kind: str  # 855, 856 or 810
    number: str
    po_numbers: list[str]
    reasons: list[str] = field(default_factory=list)
    content: Json = field(default_factory=dict)
    replaces: int | None = None  # the id of the paper it takes the place of

    def object(self, reason: str) -> None:
        self.reasons.append(reason)


class Books:
    """One view of the store: the live papers, or the test ones."""

    def __init__(self, store: Store, settings: Settings, test: bool) -> None:
        self._store, self.settings, self.test = store, settings, test
        self.now = store.now()

    @property
    def today(self) -> datetime:
        return datetime.fromtimestamp(self.now, timezone.utc)

    # -- orders ---------------------------------------------------------------

    def order(self, po_number: str) -> Order | None:
        row = self._order_row(po_number, self.test)
        if row is None:
            return None
        return purchase_order.from_stored(json.loads(row["content"]))

    def sent_at(self, po_number: str) -> float:
        row = self._order_row(po_number, self.test)
        return self.now if row is None else float(row["sent_at"])

    def unknown_order(self, po_number: str) -> str:
        """Why there is no such order, in words."""
        if self._order_row(po_number, not self.test) is not None:
            was, came = ("production", "test") if self.test else ("test", "production")
            return f"order {po_number} is a {was} order, this came as {came} (ISA15)"
        return f"order {po_number or '(no number)'} is not known here"

    def _order_row(self, po_number: str, test: bool) -> sqlite3.Row | None:
        return self._store.row(
            "SELECT * FROM purchase_order WHERE po_number = ? AND test = ?",
            *(po_number, test),
        )

    # -- papers ---------------------------------------------------------------

    def papers(self, kind: str, po_number: str) -> list[Paper]:
        """Accepted papers in force for an order, oldest first."""
        rows = self._store.rows(
            "SELECT paper.* FROM paper JOIN paper_order ON paper_id = paper.id"
            " WHERE paper_order.po_number = ? AND paper_order.test = ?"
            " AND kind = ? AND accepted = 1 AND replaced = 0 ORDER BY paper.id",
            *(po_number, self.test, kind),
        )
        return [_paper(row) for row in rows]

    def numbered(self, kind: str, number: str) -> list[Paper]:
        """Accepted papers in force with that number of their own."""
        rows = self._store.rows(
            "SELECT * FROM paper WHERE kind = ? AND number = ? AND test = ?"
            " AND accepted = 1 AND replaced = 0 ORDER BY id",
            *(kind, number, self.test),
        )
        return [_paper(row) for row in rows]

    def acknowledgement(self, po_number: str) -> Paper | None:
        return next(reversed(self.papers("855", po_number)), None)

    def quantities(
        self, kind: str, po_number: str, without: int | None = None
    ) -> Quantities:
        """Per line what the accepted ship notices (856) or invoices (810) hold;
        `without` leaves one paper out."""
        total: Quantities = {}
        for paper in self.papers(kind, po_number):
            if paper.id != without:
                for line, text in paper.content["orders"][po_number].items():
                    total[line] = total.get(line, Decimal()) + Decimal(text)
        return total

    def carton_holder(self, sscc: str, since: timedelta) -> str | None:
        """The ship notice that used a carton number since then, if one did."""
        row = self._store.row(
            "SELECT notice FROM carton WHERE sscc = ? AND at > ?",
            *(sscc, self.now - since.total_seconds()),
        )
        return None if row is None else str(row["notice"])

    # -- writing --------------------------------------------------------------

    def enter(self, verdict: Verdict, interchange: str) -> None:
        with self._store.transaction() as database:
            accepted = not verdict.reasons
            paper_id = database.execute(
                "INSERT INTO paper (kind, number, test, at, interchange, accepted,"
                " reasons, content) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    *(verdict.kind, verdict.number, self.test, self.now, interchange),
                    *(accepted, json.dumps(verdict.reasons)),
                    json.dumps(verdict.content),
                ),
            ).lastrowid
            for po_number in dict.fromkeys(verdict.po_numbers):
                database.execute(
                    "INSERT INTO paper_order VALUES (?, ?, ?)",
                    (po_number, self.test, paper_id),
                )
            if not accepted:
                return
            if verdict.replaces is not None:
                database.execute(
                    "UPDATE paper SET replaced = 1 WHERE id = ?", (verdict.replaces,)
                )
            for sscc in verdict.content.get("cartons", []):
                database.execute(
                    "INSERT OR REPLACE INTO carton VALUES (?, ?, ?)",
                    (sscc, self.now, verdict.number),
                )

    # -- summing up -----------------------------------------------------------

    def verdicts(self, po_number: str | None) -> list[Json]:
        """What was said of every paper (of an order), test or not, oldest first."""
        rows = self._store.rows(
            "SELECT paper.*, GROUP_CONCAT(po_number, '*') AS po_numbers FROM paper"
            " LEFT JOIN paper_order ON paper_id = paper.id"
            " WHERE ?1 IS NULL OR paper.id IN"
            " (SELECT paper_id FROM paper_order WHERE po_number = ?1)"
            " GROUP BY paper.id ORDER BY paper.id",
            po_number,
        )
        return [
            {
                "kind": row["kind"],
                "number": row["number"],
                "test": bool(row["test"]),
                "accepted": bool(row["accepted"]),
                "in_force": bool(row["accepted"]) and not row["replaced"],
                "reasons": json.loads(row["reasons"]),
                "po_numbers": (row["po_numbers"] or "").split("*"),
                "interchange": row["interchange"],
            }
            for row in rows
        ]

    def summary(self, order: Order) -> Json:
        """An order with what came of it, line by line."""
        paper = self.acknowledgement(order.po_number)
        shipped = self.quantities("856", order.po_number)
        invoiced = self.quantities("810", order.po_number)
        lines = []
        for line in order.lines:
            said = paper.content["lines"].get(line.number, {}) if paper else {}
            lines.append(
                {
                    "number": line.number,
                    "ordered": str(line.quantity),
                    "accepted": said.get("accepted"),
                    "back_ordered": said.get("back_ordered"),
                    "rejected": said.get("rejected"),
                    "shipped": str(shipped.get(line.number, 0)),
                    "invoiced": str(invoiced.get(line.number, 0)),
                }
            )
        return {
            "po_number": order.po_number,
            "test": self.test,
            "acknowledged": paper is not None,
            "shipments": [p.number for p in self.papers("856", order.po_number)],
            "invoices": [p.number for p in self.papers("810", order.po_number)],
            "lines": lines,
            "order": purchase_order.to_json(order),
        }


def _paper(row: sqlite3.Row) -> Paper:
    return Paper(row["id"], row["number"], row["at"], json.loads(row["content"]))


def promised(paper: Paper, line: OrderLine) -> Decimal:
    """What an acknowledgement accepts or back-orders of a line."""
    said = paper.content["lines"].get(line.number)
    if said is None:
        return Decimal()
    return Decimal(said["accepted"]) + Decimal(said["back_ordered"])


def pair_words(pairs: Sequence[tuple[str, str]]) -> str:
    return (
        ", ".join(f"{qualifier} {value}" for qualifier, value in pairs) or "no product"
    )


def check_count(verdict: Verdict, stated: str, counted: int, of_what: str) -> None:
    """CTT01 against what is there."""
    if decimal(stated) != counted:
        verdict.object(f"CTT01 is {stated or 'absent'}, there are {counted} {of_what}")
