"""Segments in, a record and what is wrong with it out."""

from collections.abc import Sequence
from typing import Any

from ..interchanges import ERROR, WARNING, Delimiters, Issue
from . import schema, values
from .columns import SHORTEST_STRETCH
from .loops import LoopReader, Part, Switch, Values
from .report import Report, Segment
from .values import Fault

_SEGMENTS_IN_ERROR = "5"  # X12 element 718


def _taken(target: LoopReader, values: Values) -> bool:
    """Whether a single place has been filled by an earlier segment."""
    if target.many or target.start is None:
        return False
    if target.make is not None:
        return target.into in values
    if target.start.each or target.start.added:
        return False
    return any(field in values for field in target.fields)


# A loop being read: its fields, its position, and which of its parts have come.
Frame = tuple[LoopReader, Values, int, set[int]]


class Run:
    """One transaction set being read."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.done = 0  # position of the first segment that is not read yet
        self.tried = 0  # and of the first that is in no stretch tried in vain

    def read(self, root: LoopReader, lines: Sequence[bytes], separator: str) -> Any:
        """The record, or ``None`` where something vital is not there."""
        frame: Frame = (root, {}, 1, set())
        stack = [frame]
        table = root.table
        for position, line in enumerate(lines, 1):
            if position < self.done:
                continue
            segment = line.decode().split(separator)
            entry = table.get(segment[0])
            if entry is None:
                if position > 1:  # ST
                    self.report.ignore(segment, position)
                continue
            level, switch = entry
            if level:
                for _ in range(level):
                    frame = stack.pop()
                    self.close(frame, stack[-1][1])
                frame = stack[-1]
                table = frame[0].table
            target = None if switch.by else switch.default
            if target is not None and target.columns and position >= self.tried:
                self.stretch(target, frame, lines, position, separator)
                if position < self.done:
                    continue
            opened = self.take(frame, switch, segment, position)
            if opened is not None:
                frame = opened
                stack.append(frame)
                table = frame[0].table
        while len(stack) > 1:
            frame = stack.pop()
            self.close(frame, stack[-1][1])
        record = self.build(stack[0], 0)
        return None if self.report.failed else record

    def stretch(
        self,
        target: LoopReader,
        frame: Frame,
        lines: Sequence[bytes],
        position: int,
        separator: str,
    ) -> None:
        """Read all the segments of one name from ``position`` on, except the last.

        What follows the last may belong to it.
        """
        mark = separator.encode()
        name = lines[position - 1].partition(mark)[0] + mark
        end = position - 1 + SHORTEST_STRETCH
        if end >= len(lines) or not lines[end].startswith(name):
            return
        end = position
        while end < len(lines) and lines[end].startswith(name):
            end += 1
        self.tried = end + 1
        if end - position < SHORTEST_STRETCH or target.columns is None:
            return
        stretch = lines[position - 1 : end - 1]
        rows = [line.decode().split(separator) for line in stretch]
        siblings = frame[1].setdefault(target.into, [])
        records = target.columns.read(rows, len(siblings))
        if records is not None:
            siblings += records
            self.done = end

    def take(
        self, frame: Frame, switch: Switch, segment: Segment, position: int
    ) -> Frame | None:
        """Read one segment into ``frame``; the loop it opens, if it opens one."""
        _, values, _, seen = frame
        target = switch.choose(segment) if switch.by else switch.default
        if target is None:
            self.report.unknown_code(segment, switch.by, position)
            return None
        if not target.many and _taken(target, values):
            default = switch.default
            if default is None or default is target or _taken(default, values):
                self.report.repeated(segment, position)
                if target.leaf or not target.children:
                    return None
                return target.ignoring(), {}, position, set()
            target = default
        seen.add(target.place)
        part = target.start
        assert part is not None
        if target.leaf:
            self.leaf(part, values, segment, position)
            return None
        if target.make is not None:
            values, outer = part.fresh(segment, self.report, position), values
        else:
            if not target.lists and not target.fields:
                self.report.ignore(segment, position)
            part.read(segment, values, self.report, position)
            outer = values
        opened = (target, values, position, set[int]())
        if target.children:
            return opened
        self.close(opened, outer)
        return None

    def leaf(self, part: Part, into: Values, segment: Segment, position: int) -> None:
        if not part.fields and not part.specials:
            self.report.ignore(segment, position)
            return
        if not (part.each or part.added):
            part.read(segment, into, self.report, position)
            return
        own: Values = {}
        part.read(segment, own, self.report, position)
        for field, value in own.items():
            if part.each:
                into.setdefault(field, []).append(value)
            elif value is not None:
                into[field] = into[field] + value if field in into else value

    def close(self, frame: Frame, outer: Values) -> None:
        """Hand the record of a loop that has ended to the fields of the one around."""
        loop = frame[0]
        if loop.make is None:
            return
        if not loop.many:
            outer[loop.into] = self.build(frame, 0)
            return
        siblings = outer.get(loop.into)
        if siblings is None:
            siblings = outer[loop.into] = []
        siblings.append(self.build(frame, len(siblings)))

    def build(self, frame: Frame, place: int) -> Any:
        """The record of a loop that has ended, the ``place``-th of its kind."""
        loop, found, position, seen = frame
        if loop.ordinal and not found.get(loop.ordinal):
            found[loop.ordinal] = str(place + 1)
        for name in loop.lists:
            if name in found:
                found[name] = tuple(found[name])
        for part, name, vital in loop.required:
            if part not in seen:
                self.report.absent(name, position, vital)
        if self.report.failed:
            return None
        assert loop.twin is not None
        record = loop.twin(**found)
        record.__class__ = loop.make
        return record


class MessageReader:
    """Reads the transaction sets of one kind."""

    def __init__(self, message: schema.Message) -> None:
        self.message = message
        self.root = LoopReader(message.root, {})

    def read(
        self,
        lines: Sequence[bytes],
        first: int,
        delimiters: Delimiters,
        most_issues: int,
    ) -> tuple[Any, list[Issue]]:
        """The document, or ``None``, and what is wrong.

        ``lines`` are the segments from ST to before SE, ``first`` is the number of ST
        in the file.
        """
        report = Report(first, delimiters.component, most_issues)
        record = Run(report).read(self.root, lines, delimiters.element)
        document = None
        if record is not None:
            self._compare(record, report)
            for text in self.message.notes(record):
                report.say(text)
            try:
                document = self.message.finish(record)
            except schema.Unreadable as unreadable:
                report.say(str(unreadable), ERROR, _SEGMENTS_IN_ERROR)
        return document, report.listed()

    def _compare(self, record: Any, report: Report) -> None:
        """What the sender counted against what we counted."""
        for element, told, segment, position in report.told:
            assert element.derived is not None
            own = element.derived(record)
            if told is not None and own is not None and told != own:
                fault = Fault(values.INVALID_CODE, f"should be {own}", WARNING)
                report.fault(fault, segment, element, position, str(told))
