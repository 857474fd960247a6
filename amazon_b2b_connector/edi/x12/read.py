"""A file of X12 read into documents; it never fails, whatever the bytes are."""

import datetime

from ..interchanges import (
    ERROR,
    WARNING,
    Delimiters,
    Group,
    Interchange,
    Issue,
    Limits,
    Message,
    Reading,
)
from . import registry
from .envelope import RawGroup, RawSet, element, structure
from .syntax import RawInterchange, tokenise
from .values import Fault, read_date, read_time

USUAL = Limits()


def read(data: bytes, *, limits: Limits = USUAL) -> Reading:
    """Everything in ``data``: interchanges, groups, messages, documents, issues."""
    issues: list[Issue] = []
    found = []
    first = 1
    for raw in tokenise(data, limits, issues):
        found.append(_interchange(raw, first, limits))
        first += len(raw.segments)
    return Reading(interchanges=tuple(found), issues=tuple(issues))


def _interchange(raw: RawInterchange, first: int, limits: Limits) -> Interchange:
    groups, issues = structure(raw, first)
    if sum(len(group.sets) for group in groups) > limits.sets:
        text = f"the interchange has more than {limits.sets} sets and is not read"
        issues.append(Issue(severity=ERROR, level="interchange", text=text))
        groups = []
    header = raw.header
    date, time = element(header, 9), element(header, 10)
    return Interchange(
        syntax="X12",
        sender_qualifier=element(header, 5),
        sender=element(header, 6),
        receiver_qualifier=element(header, 7),
        receiver=element(header, 8),
        date=date,
        time=time,
        moment=_moment(date, time),
        control_number=element(header, 13),
        version=element(header, 12),
        test=element(header, 15) == "T",
        acknowledgement_requested=element(header, 14) == "1",
        delimiters=raw.delimiters,
        groups=tuple(_group(group, raw.delimiters, limits) for group in groups),
        issues=tuple(issues),
        first_segment=first,
        segment_count=len(raw.segments),
        digest=raw.digest,
    )


def _moment(date: str, time: str) -> datetime.datetime | None:
    try:
        day, clock = read_date(date), read_time(time)
    except Fault:
        return None
    if day is None:
        return None
    return datetime.datetime.combine(day, clock or datetime.time())


def _group(raw: RawGroup, delimiters: Delimiters, limits: Limits) -> Group:
    version = raw.at(8)
    seen: set[str] = set()
    for found in raw.sets:
        if found.control_number in seen:
            text = f"control number {found.control_number} came before in its group"
            found.issues.append(Issue(severity=WARNING, level="set", text=text))
        seen.add(found.control_number)
    return Group(
        code=raw.at(1),
        sender=raw.at(2),
        receiver=raw.at(3),
        date=raw.at(4),
        time=raw.at(5),
        control_number=raw.at(6),
        version=version,
        messages=tuple(_message(s, version, delimiters, limits) for s in raw.sets),
        issues=tuple(raw.issues),
        first_segment=raw.first,
        sets_included=raw.included,
    )


def _message(
    raw: RawSet, version: str, delimiters: Delimiters, limits: Limits
) -> Message:
    reader = registry.reader(raw.code)
    document, issues = None, raw.issues
    if reader is None:
        known = ", ".join(registry.messages())
        text = f"transaction set {raw.code or '(none)'} is not read; {known} are"
        issues.append(
            Issue(
                severity=ERROR,
                level="set",
                code="1",  # X12 element 718: transaction set not supported
                text=text,
                segment_number=raw.first,
                segment_id="ST",
            )
        )
    else:
        body = raw.segments[:-1] if raw.closed else raw.segments
        document, found = reader.read(body, raw.first, delimiters, limits.issues)
        issues += found
    return Message(
        code=raw.code,
        control_number=raw.control_number,
        version=version,
        document=document,
        issues=tuple(issues),
        segment_count=len(raw.segments),
        first_segment=raw.first,
    )
