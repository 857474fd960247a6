"""Long stretches of like segments, read and written a column at a time.

Ten thousand order lines are ten thousand segments of one shape. Converting all their
quantities with one ``map``, then all their prices, costs half of going through the
segments one by one. What does not fit this, or is wrong anywhere, is left to the
ordinary way, which says where: the result is the same, only slower.
"""

import dataclasses
from collections.abc import Callable, Iterable, Sequence
from dataclasses import MISSING
from decimal import Decimal, InvalidOperation
from itertools import chain, islice, repeat, zip_longest
from operator import attrgetter
from typing import Any

from . import schema, values
from .elements import DataElement
from .values import Fault

SHORTEST_STRETCH = 16

_Column = Sequence[Any]


def twin_of(kind: Any, first: Iterable[str] = ()) -> Any:
    """A class like the frozen dataclass ``kind`` that may still be filled.

    The ``__init__`` of a frozen one sets each field through ``object.__setattr__``,
    which takes three times as long. Its twin has the same slots and sets them
    directly; then ``record.__class__ = kind``, which Python allows between classes of
    one layout, makes it the real thing. ``first`` names the fields that come first
    and by position; what may be left out and has no default is ``None`` or ``""``.
    """
    known = {field.name: field for field in dataclasses.fields(kind)}
    order = [*first, *(name for name in known if name not in set(first))]
    columns = [
        (name, Any, dataclasses.field(default=_default(known[name]))) for name in order
    ]
    return dataclasses.make_dataclass(kind.__name__, columns, slots=True, eq=False)


def _default(field: "dataclasses.Field[Any]") -> Any:
    if field.default is not MISSING:
        return field.default
    return "" if field.type in (str, "str") else None


class ColumnReader:
    """Makes the records of a stretch of segments that nothing stands between."""

    def __init__(
        self,
        segment: schema.Segment,
        kind: Any,
        convert: Callable[[schema.Element], Callable[[str], Any] | None],
    ) -> None:
        self.kind = kind
        self.plan: list[tuple[schema.Element, Any]] = []
        self.tail: schema.Pairs | None = None
        self.usable = True
        for element in segment.elements:
            if isinstance(element, schema.Pairs):
                self.tail = element
                self.pair = twin_of(element.make, ("qualifier", "value"))
            elif not isinstance(element, schema.Element):
                self.usable = False
            elif element.derived or element.parts or element.codes or element.telling:
                self.usable = False
            elif element.field:
                self.plan.append((element, convert(element)))
        names = [element.field for element, _ in self.plan]
        self.twin = twin_of(kind, names + ([self.tail.field] if self.tail else []))
        last = self.plan[-1][0].position if self.plan else 0
        end = self.tail.position + 2 * self.tail.most if self.tail else last + 1
        self.width = end

    def read(self, rows: Sequence[Sequence[str]], place: int) -> list[Any] | None:
        """The records, the first one the ``place``-th of its kind, or ``None``."""
        number = len(rows)
        columns: list[_Column] = list(
            islice(zip_longest(*rows, fillvalue=""), self.width)
        )
        blank = [""] * number
        columns += repeat(blank, self.width - len(columns))
        arguments: list[Iterable[Any]] = []
        try:
            for element, convert in self.plan:
                column = columns[element.position]
                if "" in column:
                    if element.vital:
                        return None
                    if element.ordinal:
                        column = [t or str(i) for i, t in enumerate(column, place + 1)]
                if convert is values.read_decimal:
                    column = _decimals(column)
                elif convert is not None:
                    column = list(map(convert, column))
                arguments.append(column)
        except Fault:
            return None
        if self.tail is not None:
            arguments.append(self._pairs(columns[self.tail.position :]))
        records = list(map(self.twin, *arguments))
        for record in records:
            record.__class__ = self.kind
        return records

    def _pairs(self, columns: Sequence[_Column]) -> Iterable[tuple[Any, ...]]:
        assert self.tail is not None
        made: list[list[Any]] = []
        gaps = False
        for qualifiers, numbers in zip(columns[::2], columns[1::2], strict=False):
            filled = numbers.count("")
            if filled == len(numbers):
                continue
            pairs = list(map(self.pair, qualifiers, numbers))
            for pair in pairs:
                pair.__class__ = self.tail.make
            gaps = gaps or filled > 0
            made.append(pairs)
        if not made:
            return repeat(())
        rows = zip(*made, strict=True)
        if not gaps:
            return rows
        return [tuple(pair for pair in row if pair.value) for row in rows]


_DIGITS = b"0123456789."


def _decimals(texts: _Column) -> list[Decimal | None]:
    """As ``read_decimal`` gives them, at once where all are plain digits."""
    joined = "".join(texts)
    plain = joined.isascii() and not joined.encode("ascii").translate(None, _DIGITS)
    if plain and "" not in texts and max(map(len, texts)) <= values.LONGEST_NUMBER:
        try:
            return list(map(Decimal, texts))
        except InvalidOperation:  # "1.2.3"
            pass
    return list(map(values.read_decimal, texts))


class Unsuited(Exception):
    """These records do not fit into columns; the ordinary way tells why."""


Get = Callable[[Any], Any]
Clean = Callable[[str], bool]


class ColumnWriter:
    """Writes one segment of each of many records; raises ``Unsuited`` if it cannot."""

    def __init__(
        self, segment: schema.Segment, dictionary: dict[int, DataElement]
    ) -> None:
        self.name = segment.name
        self.dictionary = dictionary
        self.needed = segment.needed
        self.elements: list[tuple[schema.Element, Get | None]] = []
        self.tail: schema.Pairs | None = None
        self.usable = not segment.each
        for element in segment.elements:
            if isinstance(element, schema.Pairs):
                self.tail = element
            elif isinstance(element, schema.Element) and not element.parts:
                self.elements.append((element, _getter(element)))
            else:
                self.usable = False

    def write(
        self, records: Sequence[Any], separator: str, clean: Clean, *, always: bool
    ) -> list[Sequence[str]] | None:
        """The segment of each record, or nothing; ``None`` if no record has any.

        Raises ``Fault`` for a value that may not be sent.
        """
        if not self.usable:
            raise Unsuited
        found = [list(map(get, records)) if get else None for _, get in self.elements]
        pairs = list(map(attrgetter(self.tail.field), records)) if self.tail else None
        if not always and not any(map(_filled, found)) and not (pairs and any(pairs)):
            if self.needed:
                raise Unsuited
            return None
        columns: list[Iterable[str]] = []
        content: list[Iterable[str]] = []
        for (element, _), column in zip(self.elements, found, strict=True):
            if column is None:
                columns.append(repeat(element.code, len(records)))
                continue
            texts = self._column(element, column, clean)
            columns.append(texts)
            content.append(texts)
        self._drop_qualifiers(columns)
        if pairs is not None:
            tails = self._tails(pairs, separator, clean)
            columns.append(tails)
            content.append(tails)
        names = repeat(self.name, len(records))
        lines = map(separator.join, zip(names, *columns, strict=False))
        if always:
            return [(line.rstrip(separator),) for line in lines]
        filled = map(any, zip(*content, strict=True))
        return [
            (line.rstrip(separator),) if some else ()
            for line, some in zip(lines, filled, strict=True)
        ]

    def _column(
        self, element: schema.Element, column: list[Any], clean: Clean
    ) -> list[str]:
        definition = self.dictionary[element.number]
        if definition.kind == "R":
            texts = _decimal_texts(column, definition)
        elif definition.kind in ("AN", "ID", "TX"):
            texts = _checked(column, definition, clean)
        else:
            write = values.WRITERS[definition.kind]
            texts = ["" if v in (None, "") else write(v, definition) for v in column]
        if element.needed and "" in texts:
            raise Unsuited
        if element.codes and not element.codes.issuperset(texts):
            raise Unsuited
        return texts

    def _drop_qualifiers(self, columns: list[Iterable[str]]) -> None:
        """A code that only qualifies the next element goes where that is empty."""
        for index, (element, get) in enumerate(self.elements[:-1]):
            following = self.elements[index + 1][1]
            if get is None and element.code and not element.telling and following:
                code = element.code
                columns[index] = [code if text else "" for text in columns[index + 1]]

    def _tails(
        self, pairs: list[tuple[Any, ...]], separator: str, clean: Clean
    ) -> list[str]:
        """The qualifiers and numbers of each record, joined."""
        assert self.tail is not None
        if max(map(len, pairs)) > self.tail.most:
            raise Unsuited
        flat = list(chain.from_iterable(pairs))
        if not flat:
            return [""] * len(pairs)
        qualifiers = [pair.qualifier for pair in flat]
        numbers = [pair.value for pair in flat]
        for column, element in ((qualifiers, 235), (numbers, 234)):
            if "" in _checked(column, self.dictionary[element], clean):
                raise Unsuited
        texts = map(separator.join, zip(qualifiers, numbers, strict=True))
        if len(flat) == len(pairs) and all(pairs):
            return list(texts)
        return [separator.join(islice(texts, len(row))) for row in pairs]


def _getter(element: schema.Element) -> Get | None:
    if element.derived:
        return element.derived
    return attrgetter(element.field) if element.field and not element.code else None


def _filled(column: list[Any] | None) -> bool:
    """Whether any of the values is there at all; zero is."""
    if column is None:
        return False
    return any(column) or any(value is not None and value != "" for value in column)


def _checked(column: list[Any], element: DataElement, clean: Clean) -> list[str]:
    if set(map(type, column)) != {str} or max(map(len, column)) > element.longest:
        raise Unsuited
    if element.shortest > 1:
        if any(0 < length < element.shortest for length in set(map(len, column))):
            raise Unsuited
    joined = "".join(column)
    if not clean(joined):
        raise Unsuited
    if " " in joined and any(text != text.strip() for text in column):
        raise Unsuited
    return column


def _decimal_texts(column: list[Any], element: DataElement) -> list[str]:
    """As ``write_decimal`` writes them, at once where all are plain."""
    if set(map(type, column)) == {Decimal}:
        texts = list(map(str, column))
        joined = "".join(texts)
        plain = not joined.encode("ascii").translate(None, _DIGITS)
        if plain and max(map(len, texts)) <= element.longest:
            if "." not in joined:
                return texts
            return [t.rstrip("0").rstrip(".") if "." in t else t for t in texts]
    return [
        "" if value is None else values.write_decimal(value, element)
        for value in column
    ]
