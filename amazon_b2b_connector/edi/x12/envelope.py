"""ISA, GS, ST and their trailers: structure, control numbers and counts.

Reading never fails: what contradicts itself becomes an issue with its X12 code
(element 716 for a group, 718 for a set) and the messages are read all the same.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from ..interchanges import ERROR, Issue
from .syntax import RawInterchange

Segment = list[str]

_MOST_STRAYS = 100


@dataclass(slots=True)
class RawSet:
    """A transaction set as found: its segments from ST to SE."""

    code: str
    control_number: str
    first: int  # number of ST in the file
    segments: list[bytes] = field(default_factory=list)
    closed: bool = False  # whether the last segment is SE
    issues: list[Issue] = field(default_factory=list)


@dataclass(slots=True)
class RawGroup:
    """A functional group as found; ``header`` is empty where GS is missing."""

    header: Segment
    first: int
    issues: list[Issue] = field(default_factory=list)
    sets: list[RawSet] = field(default_factory=list)
    included: int | None = None

    def at(self, position: int) -> str:
        return element(self.header, position)


def element(segment: Segment, position: int) -> str:
    return segment[position].strip() if position < len(segment) else ""


def number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else None


def same_number(one: str, other: str) -> bool:
    """Control numbers agree; leading zeros are padding."""
    return one == other or one.lstrip("0") == other.lstrip("0") != ""


def structure(raw: RawInterchange, first: int) -> tuple[list[RawGroup], list[Issue]]:
    """The groups and sets of one interchange, and the interchange's own issues.

    ``first`` is the number of its ISA segment in the file.
    """
    walk = _Walk(raw, first)
    separator = raw.delimiters.element
    initials = frozenset(name.encode()[0] for name in walk.steps)
    # Looking at one letter first is what makes this cheap: most segments are lines.
    for index in [i for i, line in enumerate(raw.segments) if line[0] in initials]:
        segment = raw.segments[index].decode().split(separator)
        if segment[0] in walk.steps:
            walk.step(index, segment)
    walk.end()
    return walk.groups, walk.issues


class _Walk:
    """Follows the envelope segments of one interchange; a method for each."""

    def __init__(self, raw: RawInterchange, first: int) -> None:
        self.segments = raw.segments
        self.separator = raw.delimiters.element
        self.header = raw.header
        self.first = first
        self.issues = [replace(one, segment_number=first) for one in raw.issues]
        self.groups: list[RawGroup] = []
        self.group: RawGroup | None = None
        self.set: RawSet | None = None
        self.set_index = 0
        self.next = 1  # index of the first segment not yet accounted for
        self.strays = 0
        self.closed = False
        self.steps: dict[str, Callable[[int, Segment], None]] = {
            "ISA": self._isa,
            "GS": self._gs,
            "ST": self._st,
            "SE": self._se,
            "GE": self._ge,
            "IEA": self._iea,
        }

    def step(self, index: int, segment: Segment) -> None:
        if self.set is None:
            self._stray(self.next, index)
        self.next = index + 1
        if self.closed:
            self._stray(index, index + 1)
        else:
            self.steps[segment[0]](index, segment)

    def end(self) -> None:
        last = len(self.segments)
        if self.set is None:
            self._stray(self.next, last)
        if not self.closed:
            self._close_group(last)
            text = "the interchange ends without IEA"
            self._complain(self.issues, "interchange", last - 1, "", text)

    def _isa(self, index: int, segment: Segment) -> None:
        if index:
            self._stray(index, index + 1)

    def _gs(self, index: int, segment: Segment) -> None:
        self._close_group(index)
        self.group = RawGroup(segment, self.first + index)
        self.groups.append(self.group)

    def _st(self, index: int, segment: Segment) -> None:
        self._close_set(index)
        if self.group is None:
            self.group = RawGroup([], self.first + index)
            self.groups.append(self.group)
            text = "a transaction set stands outside of every group (GS)"
            self._complain(self.issues, "interchange", index, "", text)
        self.set = RawSet(element(segment, 1), element(segment, 2), self.first + index)
        self.set_index = index
        self.group.sets.append(self.set)
        if not self.set.control_number:
            text = "ST02, the control number, is missing"
            self._complain(self.set.issues, "set", index, "7", text)

    def _se(self, index: int, segment: Segment) -> None:
        if self.set is None:
            self._stray(index, index + 1)
            return
        found, issues = self.set, self.set.issues
        found.segments = self.segments[self.set_index : index + 1]
        found.closed = True
        self.set = None
        claimed, counted = element(segment, 1), len(found.segments)
        if number(claimed) != counted:
            text = f"SE01 says {claimed or 'nothing'}, the set has {counted} segments"
            self._complain(issues, "set", index, "4", text)
        closing = element(segment, 2)
        if not same_number(closing, found.control_number):
            text = f"SE02 is {closing}, ST02 is {found.control_number}"
            self._complain(issues, "set", index, "3", text)

    def _ge(self, index: int, segment: Segment) -> None:
        self._close_set(index)
        if self.group is None or not self.group.header:
            self._stray(index, index + 1)
            self.group = None
            return
        group, self.group = self.group, None
        claimed, counted = element(segment, 1), len(group.sets)
        group.included = number(claimed)
        if group.included != counted:
            text = f"GE01 says {claimed or 'nothing'}, the group has {counted} sets"
            self._complain(group.issues, "group", index, "5", text)
        closing = element(segment, 2)
        if not same_number(closing, group.at(6)):
            text = f"GE02 is {closing}, GS06 is {group.at(6)}"
            self._complain(group.issues, "group", index, "4", text)

    def _iea(self, index: int, segment: Segment) -> None:
        self._close_group(index)
        self.closed = True
        claimed = element(segment, 1)
        counted = sum(bool(group.header) for group in self.groups)
        if number(claimed) != counted:
            text = f"IEA01 says {claimed or 'nothing'}, there are {counted} groups"
            self._complain(self.issues, "interchange", index, "021", text)
        opened, closing = element(self.header, 13), element(segment, 2)
        if not same_number(closing, opened):
            text = f"IEA02 is {closing}, ISA13 is {opened}"
            self._complain(self.issues, "interchange", index, "001", text)

    def _close_set(self, index: int) -> None:
        """A set whose SE did not come ends before ``index``."""
        if self.set is None:
            return
        self.set.segments = self.segments[self.set_index : index]
        text = "the transaction set ends without SE"
        self._complain(self.set.issues, "set", index - 1, "2", text)
        self.set = None

    def _close_group(self, index: int) -> None:
        self._close_set(index)
        if self.group is not None and self.group.header:
            text = "the group ends without GE"
            self._complain(self.group.issues, "group", index - 1, "3", text)
        self.group = None

    def _stray(self, start: int, stop: int) -> None:
        self.strays += start < stop
        if start >= stop or self.strays > _MOST_STRAYS:
            return
        name = self._name(start)
        more = f" and {stop - start - 1} more" if stop - start > 1 else ""
        text = f"{name}{more} outside of every transaction set"
        self._complain(self.issues, "interchange", start, "", text)

    def _name(self, index: int) -> str:
        return self.segments[index].decode().partition(self.separator)[0][:8]

    def _complain(
        self,
        issues: list[Issue],
        level: str,
        index: int,
        code: str,
        text: str,
    ) -> None:
        issues.append(
            Issue(
                severity=ERROR,
                level=level,
                code=code,
                text=text,
                segment_number=self.first + index,
                segment_id=self._name(index)[:3],
            )
        )
