"""What is found wrong while a transaction set is read, with its place and its code."""

from typing import Any

from ..interchanges import ERROR, WARNING, Issue
from . import schema, values
from .elements import ELEMENTS
from .values import Fault

Segment = list[str]

# X12 element 720
_UNEXPECTED = "2"
_SEGMENT_MISSING = "3"
_TOO_MANY = "5"


class Report:
    """The issues of one set; ``failed`` if no document can come of it.

    ``first`` is the number of its ST in the file. ``told`` keeps what the sender
    counted, to be compared when the record is whole.
    """

    def __init__(self, first: int, component: str, most_issues: int) -> None:
        self.first = first
        self.component = component
        self.most_issues = most_issues
        self.issues: list[Issue] = []
        self.unlisted = 0
        self.failed = False
        self.told: list[tuple[schema.Element, Any, Segment, int]] = []
        self.known: set[tuple[str, str]] = set()

    def ignore(self, segment: Segment, position: int) -> None:
        name = segment[0][:8]
        if self._is_new("", name):
            self.note(segment, position, f"segment {name} is not read here")

    def unknown_code(self, segment: Segment, by: int, position: int) -> None:
        code = segment[by].strip()[:20] if by < len(segment) else ""
        if self._is_new(segment[0], code):
            text = f"{segment[0]} with code {code or 'missing'} is not read here"
            self.note(segment, position, text)

    def _is_new(self, name: str, code: str) -> bool:
        """Each oddity is told of once, and no more of them than are kept."""
        new = (name, code) not in self.known
        if new and len(self.known) < self.most_issues:
            self.known.add((name, code))
        return new

    def repeated(self, segment: Segment, position: int) -> None:
        text = f"{segment[0]} came before, the first one counts"
        self.note(segment, position, text, _TOO_MANY)

    def absent(self, name: str, position: int, vital: bool) -> None:
        """Segment ``name`` is not in the loop that begins at ``position``."""
        self.failed = self.failed or vital
        self.add(
            Issue(
                severity=ERROR if vital else WARNING,
                level="segment",
                code=_SEGMENT_MISSING,
                text=f"segment {name} is missing",
                segment_number=self.first + position - 1,
                position=position,
                segment_id=name,
            )
        )

    def note(
        self, segment: Segment, position: int, text: str, code: str = _UNEXPECTED
    ) -> None:
        self.add(
            Issue(
                severity=WARNING,
                level="segment",
                code=code,
                text=text,
                segment_number=self.first + position - 1,
                position=position,
                segment_id=segment[0][:3],
            )
        )

    def missing(self, segment: Segment, element: schema.Element, position: int) -> None:
        """A vital element is not there; one that is unreadable was told of."""
        self.failed = True
        place = element.position
        if place >= len(segment) or not segment[place].strip():
            fault = Fault(values.MISSING, "is missing")
            self.fault(fault, segment, element, position, "")

    def fault(
        self,
        fault: Fault,
        segment: Segment,
        element: schema.Element,
        position: int,
        value: str,
        component: int | None = None,
    ) -> None:
        name = ELEMENTS[element.number].name if element.number else "composite"
        shown = f" '{value[:40]}'" if value else ""
        self.add(
            Issue(
                severity=fault.severity,
                level="element",
                code=fault.code,
                text=f"{segment[0]}{element.position:02} {name}{shown} {fault.text}",
                segment_number=self.first + position - 1,
                position=position,
                segment_id=segment[0][:3],
                element=element.position,
                component=component,
                reference=str(element.number or ""),
                value=value[:99],
            )
        )

    def say(self, text: str, severity: str = WARNING, code: str = "") -> None:
        """Something about the whole set."""
        self.add(
            Issue(
                severity=severity,
                level="set",
                code=code,
                text=text,
                segment_number=self.first,
                segment_id="ST",
            )
        )

    def add(self, issue: Issue) -> None:
        if len(self.issues) < self.most_issues:
            self.issues.append(issue)
        else:
            self.unlisted += 1

    def listed(self) -> list[Issue]:
        """The issues, with a last one for those beyond the limit."""
        if self.unlisted:
            self.most_issues += 1
            self.say(f"{self.unlisted} more issues are not listed")
        return self.issues
