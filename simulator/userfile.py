"""The user's own purchase orders: 850 sets taken out of whatever file they are in."""

from __future__ import annotations

import re

from . import x12
from .x12 import COMPONENT, ELEMENT, TERMINATOR, Segment, segment

# ST with its separator, then the terminator: what stands before the next tag.
_BARE_SET = re.compile(
    r"ST([^A-Za-z0-9 ])850\1[^\r\n]{1,12}?(\r?\n|[^A-Za-z0-9\s])\s*BEG\1"
)


def purchase_orders(
    content: bytes, vendor_code: str = "", ship_to: str = ""
) -> list[list[Segment]]:
    """The body (without ST and SE) of every 850 in `content`, ready for Amazon's
    delimiters. What Amazon's orders always have is put in where a set has none:
    `vendor_code` as REF*CR, `ship_to` as the code of the fulfilment centre in N1*ST.

    Raises `ValueError` where there is no 850.
    """
    bodies = [_body(segments) for segments in _sets(content)]
    if not bodies:
        raise ValueError("there is no 850 purchase order in it")
    if vendor_code:
        bodies = [_with_vendor_code(body, vendor_code) for body in bodies]
    if ship_to:
        bodies = [_with_ship_to(body, ship_to) for body in bodies]
    return bodies


def _sets(content: bytes) -> list[list[Segment]]:
    text = content.decode("latin-1")
    if "ISA" in text:
        return [
            one.segments
            for interchange in x12.read(content)
            for group in interchange.groups
            for one in group.sets
            if one.kind == "850"
        ]
    found = _BARE_SET.search(text)
    if found is None:
        return []
    sets: list[list[Segment]] = []
    for each in x12.split(text[found.start() :], found[1], found[2]):
        if each.tag == "ST":
            sets.append([])
        if sets:
            sets[-1].append(each)
    return [each for each in sets if each[0][1] == "850"]


def _body(segments: list[Segment]) -> list[Segment]:
    return [
        segment(each.tag, *(_clean(value) for value in each.elements))
        for each in segments
        if each.tag not in ("ST", "SE")
    ]


def _clean(value: str) -> str:
    """A value that may stand between Amazon's delimiters."""
    blanks = str.maketrans(dict.fromkeys(ELEMENT + TERMINATOR + COMPONENT, " "))
    printable = "".join(c if " " <= c <= "~" else "?" for c in value)
    return printable.translate(blanks).strip()


def _with_vendor_code(body: list[Segment], vendor_code: str) -> list[Segment]:
    if any(each.tag == "REF" and each[1] == "CR" for each in body):
        return body
    place = next((n for n, each in enumerate(body, 1) if each.tag == "BEG"), 0)
    return [*body[:place], segment("REF", "CR", vendor_code), *body[place:]]


def _with_ship_to(body: list[Segment], code: str) -> list[Segment]:
    for place, each in enumerate(body):
        if each.tag == "N1" and each[1] == "ST":
            if each[4]:
                return body
            completed = segment("N1", "ST", each[2], "92", code)
            return [*body[:place], completed, *body[place + 1 :]]
    place = next((n for n, each in enumerate(body) if each.tag == "PO1"), len(body))
    return [*body[:place], segment("N1", "ST", "", "92", code), *body[place:]]
