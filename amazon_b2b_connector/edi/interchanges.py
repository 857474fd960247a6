"""What was found in a file: interchanges, groups, messages and what is wrong there.

The envelopes are named as the standards name them and are the same for every
syntax. Nothing here is read from or written to a wire.
"""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from .documents import Document

ERROR = "error"
WARNING = "warning"


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """One thing wrong in a file, and where.

    ``severity`` is ``"error"`` where the sender must be told (X12 997 AK3, AK4, AK5,
    AK9) and ``"warning"`` where we merely cope. ``level`` says which code list
    ``code`` is from: ``"file"``, ``"interchange"``, ``"group"`` (X12 element 716),
    ``"set"`` (718), ``"segment"`` (720) or ``"element"`` (723). ``segment_number``
    counts from 1 in the file, ``position`` from 1 in the message, ``element`` and
    ``component`` from 1 in the segment. ``reference`` is the data element's number.
    """

    severity: str
    level: str
    text: str
    code: str = ""
    segment_number: int | None = None
    position: int | None = None
    segment_id: str = ""
    element: int | None = None
    component: int | None = None
    reference: str = ""
    value: str = ""

    def __str__(self) -> str:
        if self.segment_number is None:
            return self.text
        return f"segment {self.segment_number}: {self.text}"


def has_errors(issues: Sequence[Issue]) -> bool:
    return any(issue.severity == ERROR for issue in issues)


@dataclass(frozen=True, slots=True, kw_only=True)
class Delimiters:
    """The separators of one interchange; ``""`` where it has none."""

    element: str = "*"
    component: str = ">"
    segment: str = "~"
    repetition: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One transaction set; ``document`` is ``None`` where it cannot be read.

    ``first_segment`` is the number of its ST in the file, ``segment_count`` counts
    ST and SE too.
    """

    code: str
    control_number: str
    version: str
    document: Document | None
    issues: tuple[Issue, ...]
    segment_count: int
    first_segment: int

    @property
    def has_errors(self) -> bool:
        return has_errors(self.issues)


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A functional group (X12 GS to GE); ``issues`` are the group's own.

    ``code`` and ``control_number`` are empty where messages came without GS.
    """

    code: str
    sender: str
    receiver: str
    date: str
    time: str
    control_number: str
    version: str
    messages: tuple[Message, ...]
    issues: tuple[Issue, ...]
    first_segment: int
    sets_included: int | None = None

    @property
    def answerable(self) -> bool:
        """Whether an acknowledgement is due: never for one, nor without a GS."""
        return bool(self.code and self.control_number) and self.code != "FA"


@dataclass(frozen=True, slots=True, kw_only=True)
class Interchange:
    """An interchange (X12 ISA to IEA); ids are trimmed, numbers stay as sent.

    ``date`` and ``time`` are the raw text, ``moment`` both of them read (in the
    sender's unnamed time zone) or ``None``. ``segment_count`` and ``first_segment``
    give its place in the file. ``digest`` is the SHA-256 (hex) of its own text, to
    tell the same one sent again from another under the same number.
    """

    syntax: str
    sender_qualifier: str
    sender: str
    receiver_qualifier: str
    receiver: str
    date: str
    time: str
    moment: datetime.datetime | None
    control_number: str
    version: str
    test: bool
    acknowledgement_requested: bool
    delimiters: Delimiters
    groups: tuple[Group, ...]
    issues: tuple[Issue, ...]
    first_segment: int
    segment_count: int
    digest: str = ""

    @property
    def key(self) -> str:
        """Two interchanges with one key are the same one, sent again."""
        return "|".join(
            (
                self.syntax,
                self.sender_qualifier,
                self.sender,
                self.receiver_qualifier,
                self.receiver,
                "T" if self.test else "P",
                self.control_number,
                self.date,
            )
        )

    @property
    def messages(self) -> tuple[Message, ...]:
        return tuple(message for group in self.groups for message in group.messages)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A whole file; ``issues`` are those outside of every interchange."""

    interchanges: tuple[Interchange, ...] = ()
    issues: tuple[Issue, ...] = ()

    @property
    def messages(self) -> tuple[Message, ...]:
        return tuple(m for found in self.interchanges for m in found.messages)

    @property
    def all_issues(self) -> tuple[Issue, ...]:
        """Every issue of the file, from the outermost envelope inwards."""
        found = list(self.issues)
        for interchange in self.interchanges:
            found += interchange.issues
            for group in interchange.groups:
                found += group.issues
                for message in group.messages:
                    found += message.issues
        return tuple(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one file may hold before it is refused unread."""

    interchanges: int = 1_000
    size: int = 32 * 1024 * 1024  # bytes
    segments: int = 500_000
    elements: int = 4_000_000
    sets: int = 20_000  # in one interchange
    issues: int = 1_000  # kept of each message, the rest is counted


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """How documents are wrapped for one partner: ids, numbers and delimiters.

    Control numbers are integers or their digits; the sets are numbered upwards from
    ``first_set_control_number`` unless ``set_control_numbers`` gives each its own.
    ``moment`` is written as it stands, whatever its time zone. ``line_break`` adds a
    line feed after every segment, for people who read the file.
    """

    sender: str
    receiver: str
    moment: datetime.datetime
    interchange_control_number: int | str
    group_control_number: int | str
    syntax: str = "X12"
    sender_qualifier: str = "ZZ"
    receiver_qualifier: str = "ZZ"
    group_sender: str = ""  # as ``sender`` if empty
    group_receiver: str = ""
    test: bool = False
    first_set_control_number: int = 1
    set_control_numbers: tuple[int | str, ...] = ()
    version: str = "004010"
    acknowledgement_requested: bool = False
    delimiters: Delimiters = Delimiters()
    line_break: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What partners want differently within the same standard.

    ``sscc_prefix``: cartons as ``MAN*GM`` with application identifier ``00`` before
    the 18 digits, else as ``MAN*AA`` with the 18 digits alone.
    """

    sscc_prefix: bool = True


class WriteError(ValueError):
    """Our own document may not be sent: ``issues`` say why, ``document`` which."""

    def __init__(
        self, label: str, issues: Sequence[Issue], document: Document | None = None
    ) -> None:
        self.issues = tuple(issues)
        self.document = document
        shown = "; ".join(issue.text for issue in self.issues[:5])
        more = len(self.issues) - 5
        if more > 0:
            shown += f"; and {more} more"
        super().__init__(f"{label} cannot be written: {shown}")
