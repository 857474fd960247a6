"""What was found wrong in a group, as the 997 that says so to its sender."""

from ..documents import (
    ElementNote,
    FunctionalAcknowledgement,
    SegmentNote,
    SetResponse,
)
from ..interchanges import ERROR, Group, Issue, Message

_MOST_CODES = 5
_MOST_SEGMENTS = 500
_SEGMENTS_IN_ERROR = "5"  # X12 element 718
_ELEMENTS_IN_ERROR = "8"  # X12 element 720
_LONGEST_VALUE = 99  # X12 element 724


def acknowledge(group: Group) -> FunctionalAcknowledgement:
    """Accepted, accepted with errors noted, partly accepted or rejected.

    A set is rejected (``R``) if it gave no document, else its errors are noted
    (``E``); warnings are not the sender's business. A group of which nothing
    came but its envelope is rejected.
    """
    responses = tuple(_response(message) for message in group.messages)
    accepted = sum(response.status != "R" for response in responses)
    codes = tuple(
        dict.fromkeys(
            issue.code
            for issue in group.issues
            if issue.severity == ERROR and issue.level == "group" and issue.code
        )
    )
    included = group.sets_included
    if included is None:
        included = len(responses)
    if accepted < len(responses) or (included and not responses):
        status = "P" if accepted else "R"
    elif codes or any(response.status == "E" for response in responses):
        status = "E"
    else:
        status = "A"
    return FunctionalAcknowledgement(
        group_code=group.code,
        group_control_number=group.control_number,
        status=status,
        sets_included=included,
        sets_received=len(responses),
        sets_accepted=accepted,
        codes=codes[:_MOST_CODES],
        sets=responses,
    )


def _response(message: Message) -> SetResponse:
    errors = [issue for issue in message.issues if issue.severity == ERROR]
    segments = _segments(errors)
    codes = [issue.code for issue in errors if issue.level == "set" and issue.code]
    if segments:
        codes.append(_SEGMENTS_IN_ERROR)
    if message.document is None:
        status = "R"
    else:
        status = "E" if errors else "A"
    return SetResponse(
        set_code=message.code,
        control_number=message.control_number,
        status=status,
        codes=tuple(dict.fromkeys(codes))[:_MOST_CODES],
        segments=segments,
    )


def _segments(errors: list[Issue]) -> tuple[SegmentNote, ...]:
    """AK3 for each faulty segment, with AK4 for each of its faulty elements."""
    notes: dict[tuple[int, str], list[Issue]] = {}
    for issue in errors:
        if issue.level in ("segment", "element") and issue.position is not None:
            notes.setdefault((issue.position, issue.segment_id), []).append(issue)
    return tuple(
        SegmentNote(
            segment=name,
            position=position,
            code=next((i.code for i in found if i.level == "segment"), "")
            or _ELEMENTS_IN_ERROR,
            elements=tuple(_element(i) for i in found if i.level == "element"),
        )
        for (position, name), found in list(notes.items())[:_MOST_SEGMENTS]
    )


def _element(issue: Issue) -> ElementNote:
    return ElementNote(
        position=issue.element or 0,
        code=issue.code,
        component=issue.component,
        reference=issue.reference,
        value=issue.value[:_LONGEST_VALUE],
    )
