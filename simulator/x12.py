"""X12: a tolerant reader that remembers what was wrong, and a strict writer.

Only what the simulator needs. Source: X12.5 (interchange control structures) and
X12.6 (application control structures).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal, InvalidOperation

ELEMENT, COMPONENT, TERMINATOR = "*", ">", "~"
ISA_LENGTH = 106


class Unreadable(ValueError):
    """Bytes in which no X12 interchange can be found."""


@dataclass(frozen=True)
class Segment:
    """One segment; `segment[3]` is its third data element, "" where absent."""

    tag: str
    elements: tuple[str, ...]

    def __getitem__(self, place: int) -> str:
        return self.elements[place - 1] if place <= len(self.elements) else ""

    def pairs(self, first: int) -> tuple[tuple[str, str], ...]:
        """Qualifier and value pairs that start at element `first`."""
        return tuple(
            (self[place], self[place + 1])
            for place in range(first, len(self.elements) + 1, 2)
            if self[place] and self[place + 1]
        )


def segment(tag: str, *elements: str) -> Segment:
    """A segment to write; empty elements at its end are left out."""
    values = list(elements)
    while values and not values[-1]:
        values.pop()
    return Segment(tag, tuple(values))


@dataclass
class TransactionSet:
    """From ST to SE, both in `segments` (SE only if it was there)."""

    segments: list[Segment]

    @property
    def kind(self) -> str:
        return self.segments[0][1]

    @property
    def number(self) -> str:
        return self.segments[0][2]

    @property
    def end(self) -> Segment | None:
        return self.segments[-1] if self.segments[-1].tag == "SE" else None

    def all(self, tag: str) -> list[Segment]:
        return [each for each in self.segments if each.tag == tag]

    def first(self, tag: str) -> Segment:
        """The first segment of that tag, an empty one if there is none."""
        return next(iter(self.all(tag)), Segment(tag, ()))


@dataclass
class Group:
    header: Segment
    sets: list[TransactionSet] = field(default_factory=list)
    end: Segment | None = None

    @property
    def functional_id(self) -> str:
        return self.header[1]

    @property
    def parties(self) -> tuple[str, str]:
        return self.header[2].strip(), self.header[3].strip()

    @property
    def number(self) -> str:
        return self.header[6]

    @property
    def version(self) -> str:
        return self.header[8]


@dataclass
class Interchange:
    header: Segment
    raw: bytes
    groups: list[Group] = field(default_factory=list)
    end: Segment | None = None
    faults: list[str] = field(default_factory=list)

    @property
    def sender(self) -> tuple[str, str]:
        return self.header[5].strip(), self.header[6].strip()

    @property
    def receiver(self) -> tuple[str, str]:
        return self.header[7].strip(), self.header[8].strip()

    @property
    def number(self) -> str:
        return self.header[13]

    @property
    def test(self) -> bool:
        return self.header[15] == "T"


def decimal(text: str) -> Decimal | None:
    """An R or N0 element's value; None if it is empty or no number."""
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    return value if value.is_finite() else None


def plain(value: Decimal) -> str:
    """A number as X12 writes it: no exponent, no zeros that say nothing."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


# -- reading ------------------------------------------------------------------


def _delimiters(text: str) -> tuple[str, str, bool]:
    """Element separator, segment terminator, and whether ISA is 106 characters long.

    `text` begins with ISA and reaches into GS. Where blanks were trimmed
    from ISA, the separators are counted instead; a line end may be the terminator.
    """
    separator = text[3:4]
    if (
        len(text) >= ISA_LENGTH
        and text[:ISA_LENGTH].count(separator) == 16
        and text[103] == separator
    ):
        return separator, text[105], True
    place = -1
    for _ in range(16):
        place = text.find(separator, place + 1)
        if place < 0:
            raise Unreadable("ISA has fewer than 16 elements")
    group = text.find("GS" + separator, place)
    between = text[place + 1 : group if group >= 0 else place + 3]
    marks = between.strip()
    if len(marks) >= 2:
        return separator, marks[1], False
    following = text[group:].split("\n", 1)[0].rstrip() if group >= 0 else ""
    if marks and (following.endswith(marks) or "\n" not in between):
        return separator, marks, False
    return separator, "\n", False


def split(text: str, separator: str, terminator: str) -> Iterator[Segment]:
    """The segments of `text`; blanks and line ends around them are dropped."""
    for part in text.split(terminator):
        tag, *elements = part.strip().split(separator)
        if tag:
            yield Segment(tag, tuple(elements))


def read(data: bytes) -> list[Interchange]:
    """Every interchange in `data`, with what is wrong noted in `faults`.

    Raises `Unreadable` where no ISA can be found or its delimiters cannot be told.
    """
    text = data.decode("latin-1")
    start = text.find("ISA")
    if start < 0:
        raise Unreadable("no ISA segment")
    interchanges = []
    while start >= 0:
        separator, terminator, fixed = _delimiters(text[start : start + 1000])
        another = re.compile(
            re.escape(terminator) + r"\s*(?=ISA" + re.escape(separator) + ")"
        ).search(text, start + 3)
        next_start = another.end() if another else -1
        part = text[start : next_start if next_start >= 0 else len(text)].rstrip()
        interchange = _read_one(part, separator, terminator)
        if not fixed:
            interchange.faults.insert(0, "ISA is not 106 characters long")
        interchanges.append(interchange)
        start = next_start
    return interchanges


def with_usage(data: bytes, test: bool) -> bytes:
    """The same interchanges, with ISA15 as wanted. Raises `ValueError` where an ISA
    is not 106 characters long."""
    changed = bytearray(data)
    for found in re.finditer(rb"ISA([^A-Za-z0-9 ])00\1", data):
        isa = data[found.start() : found.start() + ISA_LENGTH]
        if isa.count(found[1]) != 16 or isa[103:104] != found[1]:
            raise ValueError("ISA15 cannot be set: ISA is not 106 characters long")
        changed[found.start() + 102] = ord("T" if test else "P")
    return bytes(changed)


def _read_one(text: str, separator: str, terminator: str) -> Interchange:
    segments = list(split(text, separator, terminator))
    interchange = Interchange(segments[0], text.encode("latin-1"))
    group: Group | None = None
    current: TransactionSet | None = None
    for each in segments[1:]:
        if each.tag == "GS":
            group, current = Group(each), None
            interchange.groups.append(group)
        elif each.tag == "GE" and group is not None:
            group.end, group, current = each, None, None
        elif each.tag == "IEA":
            interchange.end, group, current = each, None, None
        elif each.tag == "ST" and group is not None:
            current = TransactionSet([each])
            group.sets.append(current)
        elif current is not None:
            current.segments.append(each)
            if each.tag == "SE":
                current = None
        else:
            interchange.faults.append(f"{each.tag} stands outside a transaction set")
    interchange.faults += _envelope_faults(interchange)
    return interchange


def _envelope_faults(interchange: Interchange) -> list[str]:
    end = interchange.end
    if end is None:
        return ["IEA is missing"]
    faults = []
    if end[2] != interchange.number:
        faults.append(f"IEA02 is {end[2]}, ISA13 is {interchange.number}")
    if decimal(end[1]) != len(interchange.groups):
        faults.append(f"IEA01 is {end[1]}, there are {len(interchange.groups)} groups")
    return faults


# -- writing ------------------------------------------------------------------


@dataclass(frozen=True)
class Party:
    qualifier: str
    isa_id: str
    gs_id: str


def render(segments: Iterable[Segment]) -> str:
    """Segments as text. Raises `ValueError` for a delimiter inside a value."""
    written = []
    for each in segments:
        for value in each.elements:
            if ELEMENT in value or TERMINATOR in value:
                raise ValueError(f"{each.tag}: {value!r} holds a delimiter")
        written.append(ELEMENT.join((each.tag, *each.elements)) + TERMINATOR)
    return "".join(written)


def close_set(kind: str, number: str, body: Sequence[Segment]) -> list[Segment]:
    """ST, the body, and SE with the right count."""
    return [
        segment("ST", kind, number),
        *body,
        segment("SE", str(len(body) + 2), number),
    ]


def write(
    sender: Party,
    receiver: Party,
    functional_id: str,
    version: str,
    sets: Sequence[list[Segment]],
    interchange_number: int,
    group_number: int,
    at: datetime,
    test: bool,
) -> bytes:
    """One interchange with one group. `version` is GS08, such as 004010."""
    isa = Segment(
        "ISA",
        (
            *("00", " " * 10, "00", " " * 10),
            *(sender.qualifier, sender.isa_id.ljust(15)),
            *(receiver.qualifier, receiver.isa_id.ljust(15)),
            *(at.strftime("%y%m%d"), at.strftime("%H%M")),
            *("U" if version < "00402" else "^", version[:5]),
            *(f"{interchange_number:09d}", "0", "T" if test else "P", COMPONENT),
        ),
    )
    group = segment(
        "GS",
        *(functional_id, sender.gs_id, receiver.gs_id),
        *(at.strftime("%Y%m%d"), at.strftime("%H%M"), str(group_number), "X", version),
    )
    text = render(
        [
            isa,
            group,
            *(each for one in sets for each in one),
            segment("GE", str(len(sets)), str(group_number)),
            segment("IEA", "1", f"{interchange_number:09d}"),
        ]
    )
    if text.index(TERMINATOR) != ISA_LENGTH - 1:
        raise ValueError("ISA is not 106 characters long: an id is too long")
    return text.encode("ascii", "replace")
