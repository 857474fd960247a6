"""Rows of a tab-separated report, their cells by what we call the columns.

Amazon quotes nothing in its reports: a quotation mark is a character like any other.
"""

from __future__ import annotations

import datetime
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import TypeVar

from .charsets import decode
from .report_columns import COLUMNS, ESSENTIAL, KINDS, RECOGNISED, Kind, heading
from .scalars import decimal, moment

_ORDER_NUMBER = re.compile(r"[A-Z0-9]{3}-\d{7}-\d{7}", re.ASCII)
_THOUSANDS = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+")
_T = TypeVar("_T")
_YES = frozenset(("true", "yes", "y", "1"))

# Amounts and times repeat within a report, and reading them is half of the work.
_moment = lru_cache(4096)(moment)


@lru_cache(4096)
def _number(text: str) -> Decimal:
    """A number with a point, or with the comma of a file saved by Excel."""
    digits = text.replace("\N{NO-BREAK SPACE}", "").replace(" ", "")
    if digits.rfind(",") > digits.rfind(".") and not _THOUSANDS.fullmatch(digits):
        digits = digits.replace(".", "").replace(",", ".")
    return decimal(digits.replace(",", ""))


class BadCell(ValueError):
    """A cell that cannot be understood; the text names its column."""


@dataclass(slots=True)
class Row:
    """The cells of a row; ``line`` is its number in the file, from 1."""

    table: Table
    line: int
    text: str
    cells: list[str]

    def get(self, name: str) -> str:
        """The first filled cell of the columns called ``name``, or ``""``."""
        for i in self.table.places.get(name, ()):
            if i < len(self.cells) and (cell := self.cells[i]):
                return cell
        return ""

    def number(self, name: str) -> Decimal | None:
        return self._read(name, _number)

    def quantity(self, name: str) -> Decimal | None:
        found = self.number(name)
        if found is not None and found < 0:
            raise BadCell(f"{self.table.heading(name)} is negative: {found}")
        return found

    def time(self, name: str) -> datetime.datetime | None:
        return self._read(name, _moment)

    def yes(self, name: str) -> bool:
        return self.get(name).lower() in _YES

    def fault(self) -> str:
        """What is wrong with the row as a whole, or ``""``."""
        width = self.table.width
        if any(self.cells[width:]):
            return f"has {len(self.cells)} cells, the heading {width}"
        if len(self.cells) < self.table.least:
            return f"ends after {len(self.cells)} of {width} cells"
        if not self.table.has("line") or self.get("line"):
            return ""
        return f"has no {self.table.heading('line')}"

    def _read(self, name: str, read: Callable[[str], _T]) -> _T | None:
        text = self.get(name)
        if not text:
            return None
        try:
            return read(text)
        except ValueError as error:
            column = self.table.heading(name)
            raise BadCell(f"{column} {error}: {text[:40]!r}") from None


@dataclass(slots=True)
class Table:
    """A report: its kind, the places of its columns, and its rows.

    ``issue`` is what makes it unreadable, or ``""``.
    """

    text: str
    kind: str = ""
    issue: str = ""
    top: str = ""
    width: int = 0
    least: int = 0  # so many cells are those that a row must have
    places: dict[str, tuple[int, ...]] = field(default_factory=dict)
    headings: list[str] = field(default_factory=list)

    @property
    def sort(self) -> Kind:
        return KINDS[self.kind]

    def has(self, name: str) -> bool:
        return name in self.places

    def heading(self, name: str) -> str:
        places = self.places.get(name)
        return self.headings[places[0]] if places else COLUMNS[name][0]

    def row(self, line: int, text: str) -> Row:
        return Row(self, line, text, [cell.strip() for cell in text.split("\t")])

    def by_order(self, issues: list[str]) -> dict[str, list[tuple[int, str]]]:
        """Line number and text of the rows of each order, which :meth:`row` takes.

        A row that names no order is one of ``issues``. (Cells of all rows at once would
        take ten times the memory of the text.)
        """
        groups: dict[str, list[tuple[int, str]]] = {}
        for row in self.rows():
            number = row.get("number")
            if _ORDER_NUMBER.fullmatch(number):
                groups.setdefault(number, []).append((row.line, row.text))
            elif number:
                issues.append(f"line {row.line}: {number[:40]!r} is no order number")
            else:
                issues.append(f"line {row.line}: has no order number")
        return groups

    def rows(self) -> Iterator[Row]:
        """Every row that is not empty, a cell with a line break in it mended."""
        held: Row | None = None
        lines = io.StringIO(self.text, newline="\n")
        next(lines, None)
        for line, text in enumerate(lines, 2):
            text = text.rstrip("\r\n")
            if not text.strip():
                continue
            row = self.row(line, text)
            if held and self._continues(held, row):
                row = self.row(held.line, f"{held.text} {row.text}")
            elif held:
                yield held
            held = row if len(row.cells) < self.width else None
            if not held:
                yield row
        if held:
            yield held

    def _continues(self, row: Row, rest: Row) -> bool:
        together = len(row.cells) + len(rest.cells) - 1
        fits = together <= self.width
        return fits and not _ORDER_NUMBER.fullmatch(rest.get("number"))


def open_table(data: bytes, charset_hint: str = "", kind: str = "") -> Table:
    """The table of a report; never raises.

    ``kind`` is a report type of Amazon's; without it the headings tell.
    """
    table = Table(decode(data, charset_hint))
    table.top = io.StringIO(table.text, newline="\n").readline().rstrip("\r\n")
    names = [heading(name) for name in table.top.split("\t")]
    table.headings = names
    while names and not names[-1]:
        names.pop()
    table.width = len(names)
    where = {name: i for i, name in reversed(list(enumerate(names)))}
    for column, known in COLUMNS.items():
        if places := tuple(where[name] for name in known if name in where):
            table.places[column] = places
    found = [kind for needed, kind in RECOGNISED if needed <= table.places.keys()]
    table.least = 1 + max(
        (i for name in ESSENTIAL for i in table.places.get(name, ())), default=-1
    )
    asked_for = kind if kind in KINDS else "".join(found[:1])
    if found and KINDS[found[0]].rows == KINDS[asked_for].rows:
        table.kind = asked_for
    elif not table.text.strip():
        table.issue = "the report is empty, not even headings are in it"
    else:
        table.issue = _not_known(names, kind)
    return table


def _not_known(names: list[str], kind: str) -> str:
    if len(names) < 2:
        return "this is no report of Amazon's: its first line is not tab-separated"
    report = f"the columns of {kind}" if kind else "the columns of a report of orders"
    listed = ", ".join(names[:5])
    return f"{report} are not there: it begins with {listed}"
