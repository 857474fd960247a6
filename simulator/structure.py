"""The rules of structure behind a 997, as tables.

Areas: the order of segments in a set; a segment may open its own area or a later one.
Elements: usage, type, lengths and codes. Sources: X12 004010 and 005010 (856) data
element and segment dictionaries, transaction sets 855, 856, 810 and 997.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

VERSIONS = {"855": "004010", "856": "005010", "810": "004010"}
FUNCTIONAL_IDS = {"855": "PR", "856": "SH", "810": "IN", "997": "FA"}


@dataclass(frozen=True)
class Area:
    """`opener` begins it; `others` may follow inside; `most` 0 means any number."""

    opener: str
    others: frozenset[str] = frozenset()
    mandatory: bool = True
    most: int = 1


def _area(opener: str, others: str = "", mandatory: bool = True, most: int = 1) -> Area:
    return Area(opener, frozenset(others.split()), mandatory, most)


_NAMES = _area("N1", "N2 N3 N4 REF PER", mandatory=False, most=0)

# The header after the set's first segment stands in that segment's area.
AREAS: Mapping[str, tuple[Area, ...]] = {
    "855": (
        _area("ST"),
        _area("BAK", "CUR REF PER FOB CSH ITD DTM PKG TD5 N9 MSG"),
        _NAMES,
        _area("PO1", "ACK CUR CTP PID REF DTM TD5 N9 MSG", mandatory=True, most=0),
        _area("CTT", "AMT", mandatory=False),
        _area("SE"),
    ),
    "856": (
        _area("ST"),
        _area("BSN", "DTM REF"),
        _area(
            "HL",
            "LIN SN1 PRF PO4 PID MEA PKG TD1 TD5 TD3 TD4 REF PER MAN DTM FOB N1 N2 N3"
            " N4 CUR SAC",
            most=0,
        ),
        _area("CTT", mandatory=False),
        _area("SE"),
    ),
    "810": (
        _area("ST"),
        _area("BIG", "NTE CUR REF PER"),
        _area("N1", "N2 N3 N4 REF PER", mandatory=True, most=0),
        _area("ITD", "DTM FOB PID", mandatory=False, most=0),
        _area("IT1", "CTP TXI PID MEA REF SAC DTM SDQ SLN", mandatory=True, most=0),
        _area("TDS"),
        _area("TXI", mandatory=False, most=0),
        _area("CAD", mandatory=False),
        _area("SAC", "TXI", mandatory=False, most=0),
        _area("ISS", mandatory=False, most=0),
        _area("CTT", mandatory=False),
        _area("SE"),
    ),
    "997": (
        _area("ST"),
        _area("AK1"),
        _area("AK2", "AK3 AK4 AK5", mandatory=False, most=0),
        _area("AK9"),
        _area("SE"),
    ),
}


@dataclass(frozen=True)
class Element:
    mandatory: bool
    kind: str  # ID AN DT TM R N0 N2
    low: int
    high: int
    codes: frozenset[str]


def _elements(text: str) -> tuple[Element, ...]:
    """From "M ID 2 2 00|05, O AN 1 22": usage, type, shortest, longest, codes."""
    found = []
    for part in text.split(","):
        usage, kind, low, high, *codes = part.split()
        allowed = frozenset(codes[0].split("|")) if codes else frozenset()
        found.append(Element(usage == "M", kind, int(low), int(high), allowed))
    return tuple(found)


_PAIRS = ", O ID 2 2, O AN 1 48" * 5

ELEMENTS: Mapping[str, tuple[Element, ...]] = {
    tag: _elements(text)
    for tag, text in {
        "ST": "M ID 3 3, M AN 4 9, O AN 1 35",
        "SE": "M N0 1 10, M AN 4 9",
        "BAK": "M ID 2 2, M ID 2 2, M AN 1 22, M DT 8 8, O AN 1 30, O AN 1 30,"
        " O AN 1 22, O AN 1 30, O DT 8 8, O ID 2 2",
        "PO1": "O AN 1 20, M R 1 15, M ID 2 2, O R 1 17, O ID 2 2" + _PAIRS,
        "ACK": "M ID 2 2, O R 1 15, O ID 2 2, O ID 3 3, O DT 8 8, O AN 1 30" + _PAIRS,
        "CTT": "M N0 1 6, O R 1 10",
        "CUR": "M ID 2 3, M ID 3 3, O R 4 10",
        "REF": "M ID 2 3, O AN 1 50, O AN 1 80",
        "DTM": "M ID 3 3, O DT 8 8, O TM 4 8, O ID 2 2",
        "N1": "M ID 2 3, O AN 1 60, O ID 1 2, O AN 2 80",
        "N2": "M AN 1 60, O AN 1 60",
        "N3": "M AN 1 55, O AN 1 55",
        # X12 calls the postal code an ID; those of many countries have blanks
        "N4": "O AN 2 30, O ID 2 2, O AN 3 15, O ID 2 3, O ID 1 2, O AN 1 30",
        "BSN": "M ID 2 2 00|01|04|05, M AN 2 30, M DT 8 8, M TM 4 8, O ID 4 4",
        "HL": "M AN 1 12, O AN 1 12, M ID 1 2 S|O|T|P|I, O ID 1 1 0|1",
        "TD1": "O AN 3 5, O N0 1 7, O ID 1 1, O AN 1 30, O AN 1 50, O ID 1 2,"
        " O R 1 10, O ID 2 2, O R 1 8, O ID 2 2",
        "TD3": "O ID 2 2, O AN 1 4, O AN 1 15, O ID 1 2, O R 1 10, O ID 2 2,"
        " O ID 1 1, O ID 3 3, O AN 2 15, O ID 4 4",
        "TD5": "O ID 1 2, O ID 1 2, O AN 2 80, O ID 1 2, O AN 1 35, O ID 2 2,"
        " O ID 1 2, O AN 1 30, O ID 2 2, O ID 2 2, O R 1 4, O ID 2 2, O AN 1 30",
        "PRF": "M AN 1 22, O AN 1 30, O AN 1 8, O DT 8 8",
        "MAN": "M ID 1 2, M AN 1 48, O AN 1 48, O ID 1 2, O AN 1 48, O AN 1 48",
        "LIN": "O AN 1 20, M ID 2 2, M AN 1 48" + _PAIRS,
        "SN1": "O AN 1 20, M R 1 10, M ID 2 2, O R 1 15, O R 1 15, O ID 2 2",
        "FOB": "M ID 2 2, O ID 1 2, O AN 1 80, O ID 2 2, O ID 3 3",
        "BIG": "M DT 8 8, M AN 1 22, O DT 8 8, O AN 1 22, O AN 1 30, O AN 1 8,"
        " O ID 2 2",
        "ITD": "O ID 2 2, O ID 1 2, O R 1 6, O DT 8 8, O N0 1 3, O DT 8 8, O N0 1 3,"
        " O N2 1 10, O DT 8 8, O N2 1 10, O R 1 5, O AN 1 80",
        "IT1": "O AN 1 20, M R 1 10, M ID 2 2, M R 1 17, O ID 2 2" + _PAIRS,
        "TDS": "M N2 1 15, O N2 1 15, O N2 1 15, O N2 1 15",
        "TXI": "M ID 2 2, O R 1 18, O R 1 10, O ID 2 2, O AN 1 10, O ID 1 1, O ID 1 1,"
        " O R 1 9, O AN 1 20, O AN 1 20",
        "SAC": "M ID 1 1 A|C|N|P|Q|R|S, O ID 4 4, O ID 2 2, O AN 1 10, O N2 1 15,"
        " O ID 1 1, O R 1 6, O R 1 9, O ID 2 2, O R 1 10, O R 1 10, O ID 2 2,"
        " O AN 1 30, O AN 1 20, O AN 1 80, O ID 2 3",
        "AK1": "M ID 2 2, M N0 1 9, O AN 1 12",
        "AK2": "M ID 3 3, M AN 4 9, O AN 1 35",
        "AK3": "M ID 2 3, M N0 1 10, O AN 1 6, O ID 1 3",
        "AK4": "M AN 1 10, O N0 1 4, M ID 1 3, O AN 1 99",
        "AK5": "M ID 1 1 A|E|M|P|R|W|X" + ", O ID 1 3" * 5,
        "AK9": "M ID 1 1 A|E|M|P|R|W|X, M N0 1 6, M N0 1 6, M N0 1 6"
        + ", O ID 1 3" * 5,
    }.items()
}

_PATTERNS = {
    "DT": re.compile(r"\d{4}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])"),
    "TM": re.compile(r"([01]\d|2[0-3])[0-5]\d([0-5]\d(\d\d?)?)?"),
    "R": re.compile(r"-?(\d+\.?\d*|\.\d+)"),
    "N0": re.compile(r"-?\d+"),
    "N2": re.compile(r"-?\d+"),
    "ID": re.compile(r"[A-Z0-9]+"),
    "AN": re.compile(r"[ -~]*[!-~]"),
}
# X12 element 723, data element syntax error
MISSING, TOO_MANY, TOO_SHORT, TOO_LONG, BAD_CHARACTER, BAD_CODE, BAD_DATE, BAD_TIME = (
    "1 3 4 5 6 7 8 9".split()
)
_BAD = {"DT": BAD_DATE, "TM": BAD_TIME}


def element_error(rule: Element, value: str) -> str:
    """The code of element 723 for what is wrong with a value, "" if nothing is."""
    if not value:
        return MISSING if rule.mandatory else ""
    digits = (
        value.lstrip("-").replace(".", "") if rule.kind in ("R", "N0", "N2") else value
    )
    if not _PATTERNS[rule.kind].fullmatch(value):
        return _BAD.get(rule.kind, BAD_CHARACTER)
    if len(digits) < rule.low:
        return TOO_SHORT
    if len(digits) > rule.high:
        return TOO_LONG
    return BAD_CODE if rule.codes and value not in rule.codes else ""
