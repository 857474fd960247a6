"""Documents written as one X12 interchange with one functional group."""

import dataclasses
from collections.abc import Iterator, Sequence

from ..documents import Document
from ..interchanges import ERROR, Delimiters, Envelope, Issue, Options, WriteError
from . import registry
from .schema import Message
from .writer import Alphabet

# ISA12 for the releases of GS08.
_VERSIONS = {"004010": "00401", "005010": "00501"}
_REPETITION = "^"  # ISA11 from 00402 on; before, it names the standards body
_STANDARDS_BODY = "U"

USUAL = Options()


def write(
    envelope: Envelope, documents: Sequence[Document], *, options: Options = USUAL
) -> bytes:
    """The bytes to send: ISA, GS, a set for each document, GE, IEA.

    All ``documents`` are of one type. Raises ``WriteError`` for whatever must not be
    sent, in the envelope or in a document.
    """
    delimiters = _delimiters(envelope)
    faults = list(_faults(envelope, delimiters, len(documents)))
    if faults:
        raise WriteError("the envelope", [_issue(text) for text in faults])
    message = registry.message_of(documents[0])
    mark = delimiters.element
    numbers = _set_numbers(envelope, len(documents))
    lines: list[str] = []
    for number, document in zip(numbers, documents, strict=True):
        body = _body(message, document, envelope.version, delimiters, options)
        lines.append(mark.join(("ST", message.code, number)))
        lines += body
        lines.append(mark.join(("SE", str(len(body) + 2), number)))
    end = delimiters.segment + ("\n" if envelope.line_break else "")
    header = _header(envelope, delimiters, message.group)
    trailer = _trailer(envelope, mark, len(documents))
    return (end.join((*header, *lines, *trailer)) + end).encode("ascii")


def check(
    document: Document, version: str = "004010", *, options: Options = USUAL
) -> tuple[Issue, ...]:
    """Why ``document`` could not be sent in ``version``; empty if it could."""
    message = registry.message_of(document)
    writer = registry.writer(message.code, version)
    return tuple(writer.write(document, Delimiters(), options)[1])


def _body(
    message: Message,
    document: Document,
    version: str,
    delimiters: Delimiters,
    options: Options,
) -> list[str]:
    if type(document) is not message.document:
        text = f"a group of {message.title}s holds nothing else"
        raise WriteError(type(document).__name__, [_issue(text)], document)
    writer = registry.writer(message.code, version)
    lines, issues = writer.write(document, delimiters, options)
    if issues:
        raise WriteError(f"{message.title} {message.label(document)}", issues, document)
    return lines


def _issue(text: str) -> Issue:
    return Issue(severity=ERROR, level="interchange", text=text)


def _delimiters(envelope: Envelope) -> Delimiters:
    repetition = ""
    if _VERSIONS.get(envelope.version[:6], "") > "00401":
        repetition = envelope.delimiters.repetition or _REPETITION
    return dataclasses.replace(envelope.delimiters, repetition=repetition)


def _faults(envelope: Envelope, delimiters: Delimiters, count: int) -> Iterator[str]:
    if count == 0:
        yield "there is no document to send"
    if envelope.syntax != "X12":
        yield f"syntax {envelope.syntax} is not known"
    if envelope.version[:6] not in _VERSIONS or len(envelope.version) > 12:
        yield f"version {envelope.version} is none of {', '.join(_VERSIONS)}"
    marks = [delimiters.element, delimiters.component, delimiters.segment]
    marks += [delimiters.repetition] if delimiters.repetition else []
    if len(set(marks)) < len(marks) or not all(map(_may_delimit, marks)):
        yield "delimiters must be single signs, all different, no letters or digits"
        return
    yield from _bad_ids(envelope, Alphabet(delimiters))
    yield from _bad_numbers(envelope, count)


def _may_delimit(mark: str) -> bool:
    return (
        len(mark) == 1 and mark.isascii() and not mark.isalnum() and mark not in " \r"
    )


def _bad_ids(envelope: Envelope, alphabet: Alphabet) -> Iterator[str]:
    for name, value, shortest, longest in (
        ("sender qualifier", envelope.sender_qualifier, 2, 2),
        ("sender", envelope.sender, 1, 15),
        ("receiver qualifier", envelope.receiver_qualifier, 2, 2),
        ("receiver", envelope.receiver, 1, 15),
        ("group sender", envelope.group_sender or envelope.sender, 2, 15),
        ("group receiver", envelope.group_receiver or envelope.receiver, 2, 15),
    ):
        if not shortest <= len(value) <= longest:
            yield f"{name} '{value}' has not {shortest} to {longest} characters"
        elif not all(map(alphabet.allows, value)) or value != value.strip():
            yield f"{name} '{value}' holds a character that may not be sent"


def _bad_numbers(envelope: Envelope, count: int) -> Iterator[str]:
    sets = _set_numbers(envelope, count)
    for name, number in (
        ("interchange control number", str(envelope.interchange_control_number)),
        ("group control number", str(envelope.group_control_number)),
        *(("set control number", number) for number in sets),
    ):
        if not (number.isascii() and number.isdigit() and len(number) <= 9):
            yield f"{name} {number} is not a number of at most 9 digits"
    if len(sets) < count:
        yield f"there are {count} documents and {len(sets)} set control numbers"
    if len(set(sets)) < len(sets):
        yield "set control numbers repeat"


def _set_numbers(envelope: Envelope, count: int) -> list[str]:
    numbers: Sequence[int | str] = envelope.set_control_numbers
    if not numbers:
        first = envelope.first_set_control_number
        numbers = range(first, first + count)
    return [str(number).rjust(4, "0") for number in numbers][:count]


def _header(envelope: Envelope, delimiters: Delimiters, group: str) -> tuple[str, str]:
    moment = envelope.moment
    isa = (
        "ISA",
        "00",
        " " * 10,
        "00",
        " " * 10,
        envelope.sender_qualifier,
        envelope.sender.ljust(15),
        envelope.receiver_qualifier,
        envelope.receiver.ljust(15),
        moment.strftime("%y%m%d"),
        moment.strftime("%H%M"),
        delimiters.repetition or _STANDARDS_BODY,
        _VERSIONS[envelope.version[:6]],
        str(envelope.interchange_control_number).rjust(9, "0"),
        "1" if envelope.acknowledgement_requested else "0",
        "T" if envelope.test else "P",
        delimiters.component,
    )
    gs = (
        "GS",
        group,
        envelope.group_sender or envelope.sender,
        envelope.group_receiver or envelope.receiver,
        moment.strftime("%Y%m%d"),
        moment.strftime("%H%M"),
        str(envelope.group_control_number),
        "X",
        envelope.version,
    )
    return delimiters.element.join(isa), delimiters.element.join(gs)


def _trailer(envelope: Envelope, mark: str, count: int) -> tuple[str, str]:
    interchange = str(envelope.interchange_control_number).rjust(9, "0")
    ge = ("GE", str(count), str(envelope.group_control_number))
    return mark.join(ge), mark.join(("IEA", "1", interchange))
