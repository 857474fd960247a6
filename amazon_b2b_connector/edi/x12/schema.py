"""The language that describes a message once, for reading and for writing.

A message is a loop of segments and loops; a segment is a row of data elements, each
put into a field of the record that its loop makes::

    Loop(
        Segment("PO1", el(350, "number"), el(330, "quantity", vital=True), ...),
        Segment("DTM", when(374, "067"), el(373, "delivery")),
        into="lines", make=PurchaseOrderLine, many=True,
    )

Segments of one name are told apart by ``when``: the one whose code stands in the
message is taken, else the one without ``when``. Order matters for writing only.
``reader`` and ``writer`` turn a description into functions.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from ..documents import Document
from ..interchanges import Options


@dataclass(frozen=True, slots=True)
class Element:
    """A data element at one place of a segment.

    ``vital``: without it nothing sensible can be read, so its record is refused.
    ``needed``: must be written; a sender who left it out is only warned of.
    ``code`` with ``telling``: the code that tells this segment from its namesakes.
    ``code`` alone: what we write; any other is read as well.
    ``codes``: the only ones we write. ``raw``: the field that keeps a date's
    unreadable text. ``ordinal``: filled with its place in the list when it is empty.
    ``derived``: not a field but computed from the record; compared when read.
    ``parts``: the components of a composite element.
    """

    number: int
    field: str = ""
    vital: bool = False
    needed: bool = False
    code: str = ""
    telling: tuple[str, ...] = ()
    codes: frozenset[str] = frozenset()
    raw: str = ""
    ordinal: bool = False
    derived: Callable[[Any], Any] | None = None
    parts: tuple["Element", ...] = ()
    position: int = 0


@dataclass(frozen=True, slots=True)
class Pairs:
    """Up to ``most`` pairs of qualifier (235) and product number (234)."""

    field: str
    make: Callable[..., Any]
    most: int = 10
    position: int = 0


@dataclass(frozen=True, slots=True)
class Several:
    """One element again and again to the end of the segment, at most ``most``."""

    number: int
    field: str
    most: int
    position: int = 0


Part = Element | Pairs | Several


def el(
    number: int,
    field: str = "",
    *,
    vital: bool = False,
    needed: bool = False,
    codes: Iterable[str] = (),
    raw: str = "",
    ordinal: bool = False,
) -> Element:
    """An element read into and written from ``field``."""
    return Element(
        number,
        field,
        vital=vital,
        needed=needed or vital,
        codes=frozenset(codes),
        raw=raw,
        ordinal=ordinal,
    )


def when(number: int, *codes: str, field: str = "") -> Element:
    """The code that tells this segment; the first of ``codes`` is written."""
    return Element(number, field, code=codes[0], telling=codes)


def says(number: int, code: str) -> Element:
    """A code we write and do not look at when reading."""
    return Element(number, code=code)


def derived(number: int, compute: Callable[[Any], Any]) -> Element:
    """A value that follows from the record, such as a count of lines."""
    return Element(number, derived=compute)


def composite(*parts: Element) -> Element:
    placed = (replace(part, position=i) for i, part in enumerate(parts))
    return Element(0, parts=tuple(placed))


def no(number: int) -> Element:
    """A place whose element is neither read nor written."""
    return Element(number)


@dataclass(frozen=True, slots=True)
class Segment:
    """``name`` and its elements, all fields of the record of the loop around.

    ``vital`` and ``needed`` as for elements. ``each``: one value a segment, gathered
    in a tuple. ``added``: values of several such segments are summed.
    ``only_read``: another segment writes its fields.
    """

    name: str
    elements: tuple[Part, ...]
    vital: bool = False
    needed: bool = False
    each: bool = False
    added: bool = False
    only_read: bool = False

    @property
    def telling(self) -> Element | None:
        for element in self.elements:
            if isinstance(element, Element) and element.telling:
                return element
        return None


def seg(
    name: str,
    *elements: Part,
    vital: bool = False,
    needed: bool = False,
    each: bool = False,
    added: bool = False,
    only_read: bool = False,
) -> Segment:
    placed = (replace(part, position=i) for i, part in enumerate(elements, 1))
    return Segment(name, tuple(placed), vital, needed or vital, each, added, only_read)


@dataclass(frozen=True, slots=True)
class Loop:
    """A segment with what follows it, making one record of the field ``into``.

    Without ``make`` its fields belong to the loop around. Without both it is known
    to the standard and of no use here. ``vital``: at least one must be read.
    ``sealed``: what stands before it in the loop around cannot come after it, so a
    segment of such a name belongs to it, known or not (a line's own REF).
    """

    start: Segment | None
    children: tuple["Segment | Loop", ...]
    into: str = ""
    make: Callable[..., Any] | None = None
    many: bool = False
    vital: bool = False
    needed: bool = False
    sealed: bool = False


def name_of(part: Segment | Loop) -> str:
    start = part if isinstance(part, Segment) else part.start
    return start.name if start else ""


def loop(
    start: Segment,
    *children: Segment | Loop,
    into: str = "",
    make: Callable[..., Any] | None = None,
    many: bool = False,
    vital: bool = False,
    needed: bool = False,
    sealed: bool = False,
) -> Loop:
    return Loop(start, children, into, make, many, vital, needed or vital, sealed)


def unused(*names: str) -> Loop:
    """A loop that the standard has here and no field of ours: known, not read."""
    return loop(seg(names[0]), *(seg(name) for name in names[1:]))


class Unreadable(Exception):
    """A record is whole, but says nothing that a document could be made of."""


def _same(record: Any) -> Any:
    return record


def _as_is(document: Any, options: Options) -> Any:
    return document


def _no_rules(document: Any) -> Iterable[str]:
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One transaction set: its codes, its document and the description of it.

    ``record`` is what the description's fields belong to: the document itself, or
    a value nearer to the wire, turned by ``finish`` after reading (which raises
    ``Unreadable`` if it cannot) and by ``prepare`` before writing. ``notes`` says what
    of a record read is odd, ``rules`` why a document may not be sent, beyond what the
    elements say; both in words.
    """

    code: str
    group: str
    title: str
    document: type[Document]
    body: tuple[Segment | Loop, ...]
    record: Callable[..., Any] | None = None
    label: Callable[[Any], str] = str
    finish: Callable[[Any], Any] = _same
    prepare: Callable[[Any, Options], Any] = _as_is
    notes: Callable[[Any], Iterable[str]] = _no_rules
    rules: Callable[[Any], Iterable[str]] = _no_rules

    @property
    def root(self) -> Loop:
        return Loop(None, self.body, make=self.record or self.document)
