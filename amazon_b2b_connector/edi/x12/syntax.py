"""Bytes to X12 segments: delimiters are whatever ISA says, however sloppily.

X12.5 and X12.6: ISA has fixed widths, so its 4th, 105th and 106th characters are
the element separator, component separator and segment terminator. Partners trim the
blanks, wrap lines, end segments with a line break, forget a terminator; all of that
is read, and said. Every step is linear in the size of the file.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256

from ..interchanges import ERROR, WARNING, Delimiters, Issue, Limits

ISA_LENGTH = 106
_ISA_ELEMENTS = 16
# An ISA whose blanks were doubled or wrapped still ends within this.
_ISA_LONGEST = 400

_CONTROLS = bytes({*range(32), 127} - {9, 10, 13})
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
# What the start of a segment looks like behind a line break: a missing terminator.
_SEGMENT_START = re.compile(r"[A-Z][A-Z0-9]{1,2}\Z")


@dataclass(slots=True)
class RawInterchange:
    """The segments of one interchange as UTF-8; ISA is the first, and split already.

    They stay bytes because most of them are only looked at once, and bytes are faster
    to make than texts.
    """

    delimiters: Delimiters
    header: list[str] = field(default_factory=list)
    segments: list[bytes] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    digest: str = ""


def decode(data: bytes) -> str:
    """UTF-8 where it is valid, else Latin-1: every byte string has a text."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace").lstrip("\ufeff")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def file_issue(text: str, code: str = "", severity: str = ERROR) -> Issue:
    return Issue(severity=severity, level="file", code=code, text=text)


def tokenise(data: bytes, limits: Limits, issues: list[Issue]) -> list[RawInterchange]:
    """Every interchange in ``data``; what lies outside goes to ``issues``."""
    if len(data) > limits.size:
        issues.append(
            file_issue(
                f"the file has {len(data)} bytes, at most {limits.size} are read"
            )
        )
        return []
    text = decode(data)
    controls = len(data.translate(None, _CONTROLS)) != len(data)
    position = _find_isa(text, 0, "")
    if position < 0:
        issues.append(file_issue(_what_else(text)))
        return []
    if text[:position].strip():
        issues.append(
            file_issue("text before the first ISA is not read", severity=WARNING)
        )
    found: list[RawInterchange] = []
    budget = limits.segments
    while 0 <= position:
        if len(found) == limits.interchanges:
            most = limits.interchanges
            issues.append(
                file_issue(f"more than {most} interchanges; the rest is not read")
            )
            break
        delimiters, header_end, complaint = _delimiters(text, position)
        end = _find_isa(text, max(header_end, position + 4), delimiters.segment)
        part = text[position : end if end >= 0 else len(text)]
        raw = RawInterchange(delimiters)
        raw.digest = sha256(part.strip().encode("utf-8", "replace")).hexdigest()
        if complaint:
            raw.issues.append(_interchange_issue(complaint))
        too_much = _too_much(part, delimiters, budget, limits)
        if too_much:
            issues.append(file_issue(too_much))
            return found
        _split(part, header_end - position, controls, raw)
        budget -= len(raw.segments)
        found.append(raw)
        position = end
    return found


def _what_else(text: str) -> str:
    start = text.lstrip()[:3]
    if start in ("UNA", "UNB", "UNH"):
        return "this is EDIFACT, which is not read yet; only X12 is"
    if not start:
        return "the file is empty"
    return "this is not X12: no interchange header (ISA) was found"


def _interchange_issue(text: str, severity: str = WARNING) -> Issue:
    return Issue(severity=severity, level="interchange", text=text, segment_id="ISA")


def _find_isa(text: str, start: int, terminator: str) -> int:
    """Where the next ISA begins: first in the file, on its line or after a segment."""
    position = text.find("ISA", start)
    while position >= 0:
        before = position - 1
        while before >= 0 and text[before] in " \t":
            before -= 1
        begins = before < 0 or text[before] in ("\n", "\r", "\ufeff", terminator)
        if (begins or not terminator) and _is_header(text, position):
            return position
        position = text.find("ISA", position + 3)
    return -1


def _is_header(text: str, start: int) -> bool:
    separator = text[start + 3 : start + 4]
    if not separator or separator in " \t\r\n" or separator.isalnum():
        return False
    return text.count(separator, start + 4, start + _ISA_LONGEST) >= _ISA_ELEMENTS - 1


def _delimiters(text: str, start: int) -> tuple[Delimiters, int, str]:
    """The delimiters, the index behind ISA's terminator, and what was odd."""
    separator = text[start + 3]
    complaint = ""
    fixed = text[start : start + ISA_LENGTH]
    if (
        len(fixed) == ISA_LENGTH
        and fixed[103] == separator
        and fixed[:104].count(separator) == _ISA_ELEMENTS
        and "\n" not in fixed[:105]
    ):
        last = start + 103
    else:
        complaint = "ISA has not its fixed length of 106 characters"
        last = start + 3
        for _ in range(_ISA_ELEMENTS - 1):
            following = text.find(separator, last + 1, start + _ISA_LONGEST)
            if following < 0:
                break
            last = following
    component, end = text[last + 1 : last + 2], last + 3
    terminator = text[last + 2 : last + 3]
    if terminator in ("\r", "\n"):
        # Either the line break ends segments, or ISA16 is missing and the real
        # terminator stands in its place: then the next line ends with it too.
        line_end = text.find("\n", end + (text[end : end + 1] == "\n"))
        next_line = text[end : line_end if line_end >= 0 else len(text)].strip()
        if component and next_line.endswith(component):
            return (
                Delimiters(element=separator, component="", segment=component),
                last + 2,
                "ISA16, the component separator, is missing",
            )
        terminator = "\n"
    elif not terminator or terminator == separator or _alphanumeric(terminator):
        return (
            Delimiters(element=separator, component=component, segment=""),
            last + 2,
            "no segment terminator follows ISA16",
        )
    repetition = ""
    header = text[start:last].split(separator)
    if len(header) > 12 and header[12].strip() >= "00402":
        repetition = header[11].strip()
        repetition = "" if repetition.isalnum() else repetition[:1]
    delimiters = Delimiters(
        element=separator,
        # a NUL would stay in the texts of elements, and few stores keep one there
        component=component.replace("\0", ""),
        segment=terminator,
        repetition=repetition,
    )
    return delimiters, end, complaint


def _alphanumeric(sign: str) -> bool:
    """Other alphabets' letters do end segments, when a terminator was recoded."""
    return sign.isascii() and sign.isalnum()


def _too_much(part: str, delimiters: Delimiters, budget: int, limits: Limits) -> str:
    if len(part) < min(budget, limits.elements):
        return ""
    segments = part.count(delimiters.segment) if delimiters.segment else 1
    if segments > budget or part.count("\n") > budget:
        return f"the file has more than {limits.segments} segments and is not read"
    if part.count(delimiters.element) > limits.elements:
        return f"the file has more than {limits.elements} elements and is not read"
    return ""


def _split(part: str, header_end: int, controls: bool, raw: RawInterchange) -> None:
    """Fill ``raw.segments`` from the text of one interchange."""
    separator, terminator = raw.delimiters.element, raw.delimiters.segment
    header = part[:header_end].rstrip("\r\n")
    if terminator and header.endswith(terminator):
        header = header[: -len(terminator)]
    header = header.replace("\r", "").replace("\n", "")
    body = part[header_end:]
    if controls:
        header, in_header = _without_controls(header, raw.delimiters)
        body, in_body = _without_controls(body, raw.delimiters)
        if number := in_header + in_body:
            raw.issues.append(
                _interchange_issue(f"{number} control characters were taken out")
            )
    raw.header = [e.strip() for e in header.split(separator)[: _ISA_ELEMENTS + 1]]
    raw.segments.append(header.encode())
    if not terminator:
        if body.strip():
            raw.issues.append(
                _interchange_issue("what follows ISA cannot be split", ERROR)
            )
        return
    if not controls and _is_plain(body, separator, terminator):
        lines = body.encode().split(terminator.encode())
    else:
        lines = [line.encode() for line in _rough_lines(body, raw)]
    raw.segments += filter(None, lines)


def _is_plain(body: str, separator: str, terminator: str) -> bool:
    """No line breaks but terminators, and no blanks at the edges of elements."""
    if terminator != "\n" and "\n" in body or "\r" in body:
        return False
    if "\t" in body or "\xa0" in body:
        return False
    edges = (f"{terminator} ", f" {terminator}", f" {separator}", f"{separator} ")
    return " " not in body or not (
        body[0] == " " or any(edge in body for edge in edges)
    )


def _rough_lines(body: str, raw: RawInterchange) -> Iterator[str]:
    separator, terminator = raw.delimiters.element, raw.delimiters.segment
    lines: Iterable[str]
    if terminator == "\n":
        lines = body.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    elif "\n" in body or "\r" in body:
        lines = _lines(body, terminator, separator, raw.issues)
    else:
        lines = body.split(terminator)
    for line in lines:
        yield separator.join([e.strip() for e in line.strip().split(separator)])


def _without_controls(body: str, delimiters: Delimiters) -> tuple[str, int]:
    wanted = {delimiters.element, delimiters.segment, delimiters.component}
    wanted.add(delimiters.repetition)
    number = 0

    def replaced(match: re.Match[str]) -> str:
        nonlocal number
        if match[0] in wanted:
            return match[0]
        number += 1
        return " "

    return _CONTROL.sub(replaced, body), number


def _lines(
    body: str, terminator: str, separator: str, issues: list[Issue]
) -> Iterator[str]:
    """Segments of a text with line breaks besides its terminators.

    Where most breaks follow a terminator, the file has one segment a line, and a
    break before what looks like a segment stands for a forgotten terminator. Else
    the text was wrapped at some width, and every break is dropped.
    """
    pieces = body.replace("\r\n", "\n").replace("\r", "\n").split(terminator)
    inside = sum(piece.strip("\n").count("\n") for piece in pieces)
    after = sum(piece[:1] == "\n" for piece in pieces)
    missing = 0
    for piece in pieces:
        piece = piece.strip("\n")
        if "\n" not in piece:
            yield piece
            continue
        if inside > after:
            yield piece.replace("\n", "")
            continue
        whole = ""
        for line in piece.split("\n"):
            start = line.lstrip()
            if whole and _SEGMENT_START.match(start.partition(separator)[0]):
                missing += 1
                yield whole
                whole = ""
            whole += line if whole else start
        yield whole
    if missing:
        issues.append(
            _interchange_issue(f"{missing} segments end without their terminator")
        )
