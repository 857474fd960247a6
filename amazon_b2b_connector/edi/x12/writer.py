"""A description turned into a writer: a record in, segments and issues out.

The order is that of the description. A value that may not be sent becomes an issue;
whoever called refuses the document then.
"""

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import chain, islice
from operator import attrgetter
from typing import Any

from ..interchanges import ERROR, Delimiters, Issue, Options
from . import schema, values
from .columns import SHORTEST_STRETCH, ColumnWriter, Unsuited
from .elements import RELEASES, DataElement, release_of
from .values import Fault

Encode = Callable[[Any], str]
Dictionary = dict[int, DataElement]
Rows = list[Sequence[str]]


class Alphabet:
    """What may stand in a value: printable ASCII except the delimiters."""

    def __init__(self, delimiters: Delimiters) -> None:
        self.separator = delimiters.element
        marks = {delimiters.element, delimiters.component}
        marks |= {delimiters.segment, delimiters.repetition}
        kept = "".join(chr(n) for n in range(32, 127) if chr(n) not in marks)
        self.allows = re.compile(f"[{re.escape(kept)}]").fullmatch
        # For a whole segment at once; whatever fails is looked at element by element.
        joined = f"[{re.escape(kept + delimiters.element)}]*"
        self.clean = re.compile(joined).fullmatch
        self.edges = (f" {delimiters.element}", f"{delimiters.element} ")
        self.kept = kept.encode("ascii")

    def passes(self, text: str) -> bool:
        """Whether nothing but allowed characters are in a (long) text."""
        return text.isascii() and not text.encode("ascii").translate(None, self.kept)

    def accepts(self, line: str, separators: int) -> bool:
        left, right = self.edges
        return (
            line.count(self.separator) == separators
            and self.clean(line) is not None
            and left not in line
            and right not in line
            and line[-1] != " "
        )


class Run:
    """One document being written: its segments so far and what may not be sent."""

    def __init__(self, delimiters: Delimiters) -> None:
        self.component = delimiters.component
        self.alphabet = _alphabet(delimiters)
        self.lines: list[str] = []
        self.issues: list[Issue] = []

    def emit(self, writer: "SegmentWriter", texts: list[str]) -> None:
        """Append a segment, with foreign characters replaced or complained of."""
        line = self.alphabet.separator.join([writer.name, *texts])
        if not self.alphabet.accepts(line, len(texts)):
            texts = [
                self.purged(writer, index, text) if text else text
                for index, text in enumerate(texts)
            ]
            line = self.alphabet.separator.join([writer.name, *texts])
        self.lines.append(line)

    def purged(self, writer: "SegmentWriter", index: int, text: str) -> str:
        element = writer.element_at(index)
        definition = writer.dictionary.get(element.number)
        if definition is None:  # a composite; ours hold nothing but numbers
            return text.replace("\0", self.component)
        if definition.kind == "TX":
            text = values.plain_text(text, self.alphabet.allows)
            if len(text) > definition.longest:
                fault = Fault(values.TOO_LONG, f"is longer than {definition.longest}")
                self.fault(writer, element, fault, text)
            return text
        self.check_characters(writer, element, text)
        return text

    def check_characters(
        self, writer: "SegmentWriter", element: schema.Element, text: str
    ) -> None:
        allows = self.alphabet.allows
        foreign = next((sign for sign in text if not allows(sign)), "")
        if foreign:
            reason = f"holds the character '{foreign}', which may not be sent"
        elif text != text.strip():
            reason = "begins or ends with a blank"
        else:
            return
        self.fault(writer, element, Fault(values.INVALID_CHARACTER, reason), text)

    def fault(
        self,
        writer: "SegmentWriter",
        element: schema.Element,
        fault: Fault,
        value: object = "",
    ) -> None:
        definition = writer.dictionary.get(element.number)
        shown = "" if value in (None, "") else f" '{str(value)[:40]}'"
        self.issues.append(
            Issue(
                severity=ERROR,
                level="element",
                code=fault.code,
                text=f"{writer.name}{element.position:02} "
                f"{definition.name if definition else 'composite'}{shown} {fault.text}",
                position=len(self.lines) + 2,  # ST is the first
                segment_id=writer.name,
                element=element.position,
                reference=str(element.number or ""),
                value=str(value)[:99],
            )
        )

    def missing(self, name: str) -> None:
        self.issues.append(
            Issue(
                severity=ERROR,
                level="segment",
                code="3",  # X12 element 720
                text=f"segment {name} is missing",
                position=len(self.lines) + 2,  # ST is the first
                segment_id=name,
            )
        )


@lru_cache(maxsize=32)
def _alphabet(delimiters: Delimiters) -> Alphabet:
    return Alphabet(delimiters)


class SegmentWriter:
    """Writes one segment from the fields of a record."""

    def __init__(self, segment: schema.Segment, dictionary: Dictionary) -> None:
        self.name = segment.name
        self.needed = segment.needed
        self.each = segment.each
        self.dictionary = dictionary
        self.column = ColumnWriter(segment, dictionary)
        self.elements: list[schema.Element] = []
        self.tail: schema.Pairs | schema.Several | None = None
        # What gets the value, or the code that stands there whatever the record.
        self.plan: list[tuple[Callable[[Any], Any] | None, Any]] = []
        self.qualifiers: list[int] = []
        self.required: list[int] = []
        for element in segment.elements:
            if isinstance(element, schema.Element):
                self._add(element)
            else:
                self.tail = element
                self.get_tail = attrgetter(element.field)
                self.tail_numbers = (
                    (235, 234)
                    if isinstance(element, schema.Pairs)
                    else (element.number,)
                )
                self.tail_encoders = [self._encoder(n) for n in self.tail_numbers]

    def _add(self, element: schema.Element) -> None:
        index = len(self.plan)
        if element.parts:
            self.plan.append((lambda record: record, self._composite(element)))
        elif element.derived:
            self.plan.append((element.derived, self._encoder(element.number)))
        elif element.code:
            self.plan.append((None, element.code))
            if not element.telling:
                self.qualifiers.append(index)
        elif element.field:
            encode = self._encoder(element.number, element.codes)
            self.plan.append((attrgetter(element.field), encode))
        else:
            self.plan.append((None, ""))
        if element.needed:
            self.required.append(index)
        self.elements.append(element)

    def _encoder(self, number: int, codes: frozenset[str] = frozenset()) -> Encode:
        definition = self.dictionary[number]
        write = values.WRITERS[definition.kind]
        if not codes:
            return lambda value: write(value, definition)

        def encode(value: Any) -> str:
            if value not in codes:
                raise Fault(values.INVALID_CODE, "is not a code that may be sent")
            return write(value, definition)

        return encode

    def _composite(self, element: schema.Element) -> Encode:
        parts = [(attrgetter(p.field), self._encoder(p.number)) for p in element.parts]

        def encode(record: Any) -> str:
            texts = []
            for get, write in parts:
                value = get(record)
                texts.append("" if value in (None, "") else write(value))
            return "\0".join(texts).rstrip("\0")

        return encode

    @property
    def writes(self) -> bool:
        """Whether any field of ours goes into this segment."""
        return any(get is not None for get, _ in self.plan) or self.tail is not None

    def element_at(self, index: int) -> schema.Element:
        if index < len(self.elements):
            return self.elements[index]
        numbers = self.tail_numbers
        number = numbers[(index - len(self.elements)) % len(numbers)]
        return schema.Element(number, position=index + 1)

    def write(self, record: Any, run: Run, *, always: bool = False) -> None:
        """One segment, or none if the record has nothing for it."""
        texts: list[str] = []
        content = always
        faulty = False
        for get, encode in self.plan:
            if get is None:
                texts.append(encode)
                continue
            value = get(record)
            if value is None or value == "":
                texts.append("")
                continue
            try:
                texts.append(encode(value))
                content = True
            except Fault as fault:
                run.fault(self, self.elements[len(texts)], fault, value)
                texts.append("?")
                faulty = content = True
        if self.tail is not None and self._write_tail(record, texts, run):
            content = True
        if not content:
            if self.needed:
                run.missing(self.name)
            return
        for index in self.qualifiers:
            if index + 1 < len(texts) and self.plan[index + 1][0] is not None:
                if not texts[index + 1]:
                    texts[index] = ""
        for index in self.required:
            if not texts[index]:
                missing = Fault(values.MISSING, "is missing")
                run.fault(self, self.elements[index], missing)
        while texts and not texts[-1]:
            texts.pop()
        if not faulty:
            run.emit(self, texts)

    def columns(
        self, records: Sequence[Any], alphabet: Alphabet, *, always: bool = False
    ) -> Rows | None:
        return self.column.write(
            records, alphabet.separator, alphabet.passes, always=always
        )

    def _write_tail(self, record: Any, texts: list[str], run: Run) -> bool:
        assert self.tail is not None
        values_of = self.get_tail(record)
        pairs = isinstance(self.tail, schema.Pairs)
        for value in values_of:
            row = (value.qualifier, value.value) if pairs else (value,)
            for encode, item in zip(self.tail_encoders, row, strict=True):
                try:
                    texts.append(encode(item))
                except Fault as fault:
                    run.fault(self, self.element_at(len(texts)), fault, item)
                    texts.append("?")
        if len(values_of) > self.tail.most:
            # X12 element 723, code 3: too many elements
            many = Fault("3", f"and the rest are more than {self.tail.most}")
            run.fault(self, self.element_at(len(texts) - 1), many)
        return bool(values_of)


class _One:
    """Stands for a record whose repeated field has just one of its values."""

    def __init__(self, field: str, value: Any) -> None:
        setattr(self, field, value)


class LoopWriter:
    """Writes a loop's records, each with what is inside."""

    def __init__(self, loop: schema.Loop, dictionary: Dictionary) -> None:
        self.into = loop.into
        self.many = loop.many
        self.needed = loop.needed
        self.name = schema.name_of(loop)
        self.transparent = loop.make is None
        self.start = SegmentWriter(loop.start, dictionary) if loop.start else None
        self.steps: list[Callable[[Any, Run], None]] = []
        self.parts: list[Callable[[Sequence[Any], Alphabet], Rows | None]] = []
        for child in loop.children:
            if isinstance(child, schema.Segment):
                self._add_segment(child, dictionary)
            else:
                inner = LoopWriter(child, dictionary)
                if inner.into or inner.steps:
                    self.steps.append(inner.write)
                    self.parts.append(inner.inside)

    def _add_segment(self, segment: schema.Segment, dictionary: Dictionary) -> None:
        writer = SegmentWriter(segment, dictionary)
        if segment.only_read or not writer.writes:
            return
        self.parts.append(writer.columns)
        if not segment.each:
            self.steps.append(writer.write)
            return
        (field,) = (element.field for element in writer.elements if element.field)

        def write_each(record: Any, run: Run) -> None:
            for value in getattr(record, field):
                writer.write(_One(field, value), run)

        self.steps.append(write_each)

    def write(self, outer: Any, run: Run) -> None:
        if self.transparent:
            self._write_around(outer, run)
            return
        found = getattr(outer, self.into)
        if not self.many:
            found = () if found is None else (found,)
        if self.needed and not found:
            run.missing(self.name)
        if len(found) >= SHORTEST_STRETCH:
            try:
                run.lines += chain.from_iterable(self.columns(found, run.alphabet))
                return
            except (Unsuited, Fault):
                pass  # found again below, where it can be told
        for record in found:
            self.write_one(record, run)

    def write_one(self, record: Any, run: Run) -> None:
        if self.start is not None:
            self.start.write(record, run, always=True)
        for step in self.steps:
            step(record, run)

    def columns(self, records: Sequence[Any], alphabet: Alphabet) -> Rows:
        """The segments of each record, those of all records at once."""
        if self.start is None or self.transparent:
            raise Unsuited
        starts = self.start.columns(records, alphabet, always=True)
        inside = (part(records, alphabet) for part in self.parts)
        rows = [found for found in (starts, *inside) if found is not None]
        if len(rows) == 1:
            return rows[0]
        return [list(chain.from_iterable(row)) for row in zip(*rows, strict=True)]

    def inside(self, outer: Sequence[Any], alphabet: Alphabet) -> Rows | None:
        """The segments of this loop in each of the records around it."""
        if self.transparent:
            raise Unsuited
        found = list(map(attrgetter(self.into), outer))
        if not self.many:
            found = [() if record is None else (record,) for record in found]
        if self.needed and not all(found):
            raise Unsuited
        flat = list(chain.from_iterable(found))
        if not flat:
            return None
        rows = iter(self.columns(flat, alphabet))
        return [list(chain.from_iterable(islice(rows, len(row)))) for row in found]

    def _write_around(self, record: Any, run: Run) -> None:
        """The start of a loop without a record, only if something follows it."""
        assert self.start is not None
        before = len(run.lines)
        self.start.write(record, run, always=True)
        for step in self.steps:
            step(record, run)
        if len(run.lines) == before + 1:
            run.lines.pop()


class MessageWriter:
    """Writes the documents of one kind in one release of X12."""

    def __init__(self, message: schema.Message, version: str) -> None:
        self.message = message
        self.root = LoopWriter(message.root, RELEASES[release_of(version)])

    def write(
        self, document: Any, delimiters: Delimiters, options: Options
    ) -> tuple[list[str], list[Issue]]:
        """The segments between ST and SE, and everything that forbids sending."""
        run = Run(delimiters)
        for text in self.message.rules(document):
            run.issues.append(Issue(severity=ERROR, level="set", text=text))
        if not run.issues:
            self.root.write_one(self.message.prepare(document, options), run)
        return run.lines, run.issues
