"""Takes single orders out of the bytes of a page or a report that was kept.

Of such an order only its number is left, so that the rest of the page still reads as it
did, and reading it again finds that something was there (:func:`is_cut`).
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Collection, Iterable

from .json_cut import cut, field
from .json_fields import canonical, parse
from .readings import ReadOrder
from .report_columns import PERSONAL, heading
from .report_rows import open_table
from .scalars import clean

# Where json_cut took something out.
_PLACE = re.compile(r'\{"": \d+\}')


def cut_page(data: bytes, numbers: Collection[str]) -> bytes:
    """A page of searchOrders or getOrder without the orders of these ``numbers``.

    ``""`` stands for orders whose number cannot be read. Of bytes that are no page at
    all nothing is left.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return b""
    rest, parts = cut(text, lists=frozenset(["orders"]), objects=frozenset(["order"]))
    try:
        parse(rest)
    except (RecursionError, ValueError):
        return b""  # an order may have been broken off in what is left
    left = iter([_left(part, numbers) for part in parts])
    return _PLACE.sub(lambda place: next(left, place[0]), rest).encode()


def _left(part: str, numbers: Collection[str]) -> str:
    number = clean(field(part, "orderId")[:64])
    return _stub(number) if number in numbers else part


def _stub(number: str) -> str:
    return canonical({"orderId": number})


def cut_report(
    data: bytes, numbers: Collection[str], charset_hint: str = "", kind: str = ""
) -> bytes:
    """A report without the cells of the orders of these ``numbers``, in UTF-8.

    ``""`` stands for rows that name no order. Of bytes that are no report of Amazon's
    nothing is left.
    """
    table = open_table(data, charset_hint, kind)
    if table.issue:
        return b""
    issues: list[str] = []
    known = {
        line: number
        for number, rows in table.by_order(issues).items()
        for line, _text in rows
    }
    place = table.places["number"][0]
    lines = [table.top]
    for row in table.rows():
        number = known.get(row.line, "")
        if number not in numbers:
            lines.append(row.text)
        elif number:
            cells = [""] * max(table.width, place + 1)
            cells[place] = number
            lines.append("\t".join(cells))
    return _encoded(lines)


def cut_columns(data: bytes, charset_hint: str = "", kind: str = "") -> bytes:
    """A report without the cells that may tell of a person, in UTF-8; as it is where
    there are none."""
    table = open_table(data, charset_hint, kind)
    places = {i for name in PERSONAL for i in table.places.get(name, ())}
    if table.issue or not places:
        return data
    lines = [table.top]
    for row in table.rows():
        cells = row.text.split("\t")
        lines.append("\t".join("" if i in places else c for i, c in enumerate(cells)))
    return _encoded(lines)


def _encoded(lines: Iterable[str]) -> bytes:
    text = "\r\n".join((*lines, ""))
    return codecs.BOM_UTF8 + text.encode("utf-8", "backslashreplace")


def is_cut(read: ReadOrder) -> bool:
    """Whether an order was read of which only the number is left."""
    if not read.number or read.order:
        return False
    raw = read.raw.decode("utf-8", "replace")
    if raw == _stub(read.number):
        return True
    top, *rows = raw.splitlines()
    is_report = "\t" in top and any(heading(name) for name in top.split("\t"))
    return is_report and all(row.strip() == read.number for row in rows)
