"""997 Functional Acknowledgment, both ways: the technical answer to one group.

Guide: X12 997, 004010 and 005010 (AK2 to AK5 for each set, AK3 and AK4 for what is
wrong in it). Whoever accepts a whole group may leave AK2 out.
"""

import dataclasses

from ..documents import (
    ElementNote,
    FunctionalAcknowledgement,
    SegmentNote,
    SetResponse,
)
from .schema import Message, Several, composite, el, loop, seg

_MOST_CODES = 5  # AK502 to AK506, AK905 to AK909


def _counted(answer: FunctionalAcknowledgement) -> FunctionalAcknowledgement:
    """Counts that were left out follow from the sets answered."""
    accepted = sum(response.status in ("A", "E") for response in answer.sets)
    return dataclasses.replace(
        answer,
        sets_included=_or(answer.sets_included, len(answer.sets)),
        sets_received=_or(answer.sets_received, len(answer.sets)),
        sets_accepted=_or(answer.sets_accepted, accepted),
    )


def _or(told: int | None, counted: int) -> int:
    return counted if told is None else told


_ELEMENT = loop(
    seg(
        "AK4",
        composite(el(722, "position"), el(1528, "component")),
        el(725, "reference"),
        el(723, "code", needed=True),
        el(724, "value"),
    ),
    into="elements",
    make=ElementNote,
    many=True,
)

_SEGMENT = loop(
    seg(
        "AK3",
        el(721, "segment", needed=True),
        el(719, "position", needed=True),
        el(447, "loop"),
        el(720, "code"),
    ),
    _ELEMENT,
    into="segments",
    make=SegmentNote,
    many=True,
)

MESSAGE = Message(
    code="997",
    group="FA",
    title="functional acknowledgement",
    document=FunctionalAcknowledgement,
    label=lambda answer: f"of group {answer.group_control_number}",
    finish=_counted,
    body=(
        seg(
            "AK1",
            el(479, "group_code", vital=True),
            el(28, "group_control_number", vital=True),
            vital=True,
        ),
        loop(
            seg(
                "AK2",
                el(143, "set_code", needed=True),
                el(329, "control_number", needed=True),
            ),
            _SEGMENT,
            seg(
                "AK5",
                el(717, "status", needed=True, codes="AEMRWX"),
                Several(718, "codes", _MOST_CODES),
                needed=True,
            ),
            into="sets",
            make=SetResponse,
            many=True,
        ),
        seg(
            "AK9",
            el(715, "status", vital=True, codes="AEMPRWX"),
            el(97, "sets_included", needed=True),
            el(123, "sets_received", needed=True),
            el(2, "sets_accepted", needed=True),
            Several(716, "codes", _MOST_CODES),
            vital=True,
        ),
    ),
)
