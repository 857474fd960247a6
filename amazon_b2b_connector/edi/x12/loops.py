"""A description turned into tables that reading needs no more than a look-up for.

Each loop gets a table that says, for every segment name it may meet, how many loops
end before it and what reads it; so a segment costs the same, whatever the depth.
"""

import copy
from collections.abc import Callable
from typing import Any

from ..interchanges import WARNING
from . import schema, values
from .columns import ColumnReader, twin_of
from .elements import ELEMENTS
from .report import Report, Segment
from .values import Fault

Values = dict[str, Any]
Special = Callable[[Segment, Values, Report, int], None]


def _text(text: str) -> str:
    return text  # the tokeniser has stripped it


def _convert(element: schema.Element) -> Callable[[str], Any]:
    return values.READERS.get(ELEMENTS[element.number].kind, _text)


class Part:
    """Reads the elements of one segment into a dict of fields."""

    def __init__(self, segment: schema.Segment) -> None:
        self.name = segment.name
        self.vital = segment.vital
        self.needed = segment.needed
        self.each = segment.each
        self.added = segment.added
        self.plan: list[tuple[str, Callable[[str], Any]]] = [("", _text)]
        self.elements: list[schema.Element | None] = [None]
        self.specials: list[Special] = []
        self.vitals: list[schema.Element] = []
        self.fields: list[str] = []
        for element in segment.elements:
            self._add(element)
        while not self.plan[-1][0] and len(self.plan) > 1:
            self.plan.pop()
        # The same for a record of its own: all texts at once, then the others.
        self.names = [field for field, _ in self.plan]
        self.converted = [(f, c) for f, c in self.plan if f and c is not _text]

    def _add(self, element: schema.Part) -> None:
        if not isinstance(element, schema.Element):
            if isinstance(element, schema.Pairs):
                self.specials.append(_pairs(element))
            else:
                self.specials.append(_several(element))
            self.fields.append(element.field)
            return
        if element.parts:
            self.specials.append(_composite(element))
            self.fields += [part.field for part in element.parts if part.field]
        elif element.derived:
            self.specials.append(_derived(element))
        elif element.codes:
            self.specials.append(_codes(element))
        if element.vital:
            self.vitals.append(element)
        if element.field:
            self.fields.append(element.field)
            self.plan.append((element.field, _convert(element)))
        else:
            self.plan.append(("", _text))
        self.elements.append(element)

    def read(
        self, segment: Segment, into: Values, report: Report, position: int
    ) -> None:
        """Add the fields of ``segment`` to those of a record."""
        try:
            for text, (field, convert) in zip(segment, self.plan, strict=False):
                if field and text:
                    into[field] = convert(text)
        except Fault:
            self._slowly(segment, into, report, position)
        for special in self.specials:
            special(segment, into, report, position)
        self._require(segment, into, report, position)

    def fresh(self, segment: Segment, report: Report, position: int) -> Values:
        """The fields of a record that begins with ``segment``."""
        into: Values = dict(zip(self.names, segment, strict=False))
        try:
            for field, convert in self.converted:
                if field in into:
                    into[field] = convert(into[field])
        except Fault:
            into = {}
            self._slowly(segment, into, report, position)
        into.pop("", None)
        for special in self.specials:
            special(segment, into, report, position)
        if self.vitals:
            self._require(segment, into, report, position)
        return into

    def _require(
        self, segment: Segment, into: Values, report: Report, position: int
    ) -> None:
        for element in self.vitals:
            value = into.get(element.field)
            if value is None or value == "":
                report.missing(segment, element, position)

    def _slowly(
        self, segment: Segment, into: Values, report: Report, position: int
    ) -> None:
        for text, (field, convert), element in zip(
            segment, self.plan, self.elements, strict=False
        ):
            if not (field and text and element):
                continue
            try:
                into[field] = convert(text)
            except Fault as fault:
                into.pop(field, None)
                report.fault(fault, segment, element, position, text)
                if fault.value is not None:
                    into[field] = fault.value
                elif element.raw:
                    into[element.raw] = text


def _pairs(pairs: schema.Pairs) -> Special:
    field, kind, twin = pairs.field, pairs.make, twin_of(pairs.make)
    first = pairs.position
    end = first + 2 * pairs.most

    def read(segment: Segment, into: Values, report: Report, position: int) -> None:
        found = []
        for place in range(first, min(len(segment) - 1, end), 2):
            if segment[place + 1]:
                pair = twin(qualifier=segment[place], value=segment[place + 1])
                pair.__class__ = kind
                found.append(pair)
        into[field] = tuple(found)

    return read


def _several(several: schema.Several) -> Special:
    first, end = several.position, several.position + several.most

    def read(segment: Segment, into: Values, report: Report, position: int) -> None:
        into[several.field] = tuple(text for text in segment[first:end] if text)

    return read


def _composite(element: schema.Element) -> Special:
    def read(segment: Segment, into: Values, report: Report, position: int) -> None:
        if len(segment) <= element.position:
            return
        text = segment[element.position]
        texts = text.split(report.component) if report.component else [text]
        for part, text in zip(element.parts, texts, strict=False):
            if not (part.field and text):
                continue
            try:
                into[part.field] = _convert(part)(text)
            except Fault as fault:
                component = part.position + 1
                report.fault(fault, segment, element, position, text, component)

    return read


def _derived(element: schema.Element) -> Special:
    convert = _convert(element)

    def read(segment: Segment, into: Values, report: Report, position: int) -> None:
        if len(segment) > element.position and segment[element.position]:
            try:
                told = convert(segment[element.position])
            except Fault as fault:
                text = segment[element.position]
                report.fault(fault, segment, element, position, text)
            else:
                report.told.append((element, told, segment, position))

    return read


def _codes(element: schema.Element) -> Special:
    def read(segment: Segment, into: Values, report: Report, position: int) -> None:
        value = into.get(element.field)
        if value and value not in element.codes:
            fault = Fault(values.INVALID_CODE, "is not a known code", WARNING)
            report.fault(fault, segment, element, position, value)

    return read


class Switch:
    """Chooses among namesakes by the code that tells them apart."""

    def __init__(self) -> None:
        self.by = 0
        self.choices: dict[str, LoopReader] = {}
        self.default: LoopReader | None = None

    def add(self, start: schema.Segment, target: "LoopReader") -> None:
        telling = start.telling
        if telling is None:
            self.default = target
            return
        assert self.by in (0, telling.position), start.name
        self.by = telling.position
        for code in telling.telling:
            self.choices[code] = target

    def choose(self, segment: Segment) -> "LoopReader | None":
        if self.by and self.by < len(segment):
            return self.choices.get(segment[self.by], self.default)
        return self.default


# For each segment name: the number of loops that end before it, and what reads it.
Table = dict[str, tuple[int, Switch]]


class LoopReader:
    """Reads one loop, or (``leaf``) one segment of the loop around."""

    def __init__(self, loop: schema.Loop, outer: Table, *, leaf: bool = False) -> None:
        self.leaf = leaf
        self.into = loop.into
        self.make = loop.make
        self.twin = loop.make and twin_of(loop.make)
        self.many = loop.many
        self.start = Part(loop.start) if loop.start else None
        self.fields = self.start.fields if self.start else []
        self.ordinal = _ordinal(loop)
        self.columns = _columns(loop)
        self.lists: list[str] = []
        self.required: list[tuple[int, str, bool]] = []
        self.place = 0  # among the children of the loop around
        self.children = bool(loop.children)
        own: dict[str, Switch] = {}
        order: dict[str, int] = {}
        for index, child in enumerate(loop.children):
            own.setdefault(schema.name_of(child), Switch())
            order[schema.name_of(child)] = index
        self.table: Table = {name: (0, switch) for name, switch in own.items()}
        for name, (level, switch) in outer.items():
            self.table.setdefault(name, (level + 1, switch))
        for index, child in enumerate(loop.children):
            start, target = self._child(child, index, order)
            own[start.name].add(start, target)
            target.place = index
            if child.needed:
                self.required.append((index, start.name, child.vital))

    def ignoring(self) -> "LoopReader":
        """This loop with nothing coming of it: one too many."""
        other = copy.copy(self)
        other.make = None
        return other

    def _child(
        self, child: schema.Segment | schema.Loop, index: int, order: dict[str, int]
    ) -> tuple[schema.Segment, "LoopReader"]:
        if isinstance(child, schema.Segment):
            target = LoopReader(schema.Loop(child, ()), {}, leaf=True)
            self.lists += target.fields if child.each else []
            return child, target
        assert child.start is not None
        first = index if child.sealed else 0
        outer = {n: e for n, e in self.table.items() if order.get(n, first) >= first}
        target = LoopReader(child, outer)
        self.lists += [child.into] if child.many else []
        self.lists += target.lists if child.make is None else []
        return child.start, target


def _ordinal(loop: schema.Loop) -> str:
    for element in loop.start.elements if loop.start else ():
        if isinstance(element, schema.Element) and element.ordinal:
            return element.field
    return ""


def _columns(loop: schema.Loop) -> ColumnReader | None:
    if loop.start is None or loop.make is None or not loop.many:
        return None
    columns = ColumnReader(
        loop.start, loop.make, lambda e: values.READERS.get(ELEMENTS[e.number].kind)
    )
    return columns if columns.usable else None
