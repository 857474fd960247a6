"""The 997 that Amazon sends, and the interchanges it does not look into."""

from __future__ import annotations

from typing import Any

import pytest
from papers import acknowledgement, invoice, ship_notice
from vendor import Vendor

from simulator import functional, structure, x12
from simulator.client import Simulator

_GROUPS = {"855": "PR", "856": "SH", "810": "IN"}
_BODIES = {
    "855": acknowledgement("STRUCT01"),
    "856": ship_notice("STRUCT01", "N-9"),
    "810": invoice("STRUCT01", "I-9"),
}


def answered(
    amazon: Simulator, vendor: Vendor, kind: str, body: str, **envelope: str
) -> dict[str, Any]:
    since = amazon.latest()
    vendor.post(vendor.envelope(_GROUPS[kind], [(kind, body)], **envelope))
    return amazon.wait_for(lambda e: e["kind"] == "997-sent", 10, since)


@pytest.mark.parametrize("kind", ["855", "856", "810"])
def test_right_set_is_accepted(amazon: Simulator, vendor: Vendor, kind: str) -> None:
    event = answered(amazon, vendor, kind, _BODIES[kind])
    assert (event["verdict"], event["words"]) == ("A", [])


@pytest.mark.parametrize(
    ("kind", "old", "new", "verdict", "words"),
    [
        ("855", "PO1*1*10", "PO1*1*", "R", "segment 3 PO102 is missing"),
        ("855", "PO1*1*10", "PO1*1*x", "R", "PO102 (x) has a character that is not"),
        ("855", "*20260105~", "*20261305~", "R", "BAK04 (20261305) is no date"),
        ("855", "*PE*", "*PEX*", "R", "segment 3 PO105 (PEX) is too long"),
        ("855", "BAK*00", "BAK*0", "R", "segment 2 BAK01 (0) is too short"),
        (
            "855",
            "CTT*2",
            "ZZZ*1~CTT*2",
            "E",
            "segment 7 ZZZ: this segment is not known",
        ),
        ("855", "BAK*", "REF*", "R", "segment 3 BAK: a mandatory segment is missing"),
        ("855", "CTT*2*14~", "CTT*2*14~N1*ST~", "R", "N1: this segment stands in the"),
        (
            "855",
            "CTT*2*14~",
            "CTT*2*14~CTT*2~",
            "R",
            "CTT: the segment occurs too often",
        ),
        ("856", "*S*1~", "*Q*1~", "R", "HL03 (Q) is a code that is not allowed"),
        ("856", "*1200*", "*2500*", "R", "segment 2 BSN04 (2500) is no time"),
        ("856", "PRF*STRUCT01~", "PRF~", "R", "PRF01 is missing"),
        ("810", "TDS*17500~", "", "R", "TDS: a mandatory segment is missing"),
        ("810", "TDS*17500~", "TDS*175.00~", "R", "TDS01 (175.00) has a character"),
        ("810", "CUR*SE*USD~", "CUR*SE*USD*1*2*3*4~", "R", "CUR04 (2) is one too many"),
    ],
)
def test_broken_structure_is_named(
    amazon: Simulator,
    vendor: Vendor,
    kind: str,
    old: str,
    new: str,
    verdict: str,
    words: str,
) -> None:
    assert old in _BODIES[kind]
    event = answered(amazon, vendor, kind, _BODIES[kind].replace(old, new, 1))
    assert event["verdict"] == verdict
    assert words in "; ".join(event["words"])


@pytest.mark.parametrize(
    ("envelope", "code"),
    [({"count": "99"}, "AK5*R*4~"), ({"version": "005010"}, "AK9*R*1*1*0*2~")],
)
def test_wrong_envelope_is_rejected(
    amazon: Simulator, vendor: Vendor, envelope: dict[str, str], code: str
) -> None:
    assert answered(amazon, vendor, "855", _BODIES["855"], **envelope)["verdict"] == "R"
    vendor.wait_for(lambda: any(code in each for each in vendor.received))


def test_997_names_the_place(amazon: Simulator, vendor: Vendor) -> None:
    body = _BODIES["855"].replace("PO1*1*10*EA", "PO1*1*x*")
    event = answered(amazon, vendor, "855", body)
    vendor.wait_for(lambda: any("ST*997" in each for each in vendor.received))
    (answer,) = [each for each in vendor.received if "ST*997" in each]
    assert answer.split("~")[3:-4] == [
        f"AK1*PR*{event['group']}",
        "AK2*855*0001",
        "AK3*PO1*3**8",
        "AK4*2**6*x",
        "AK4*3**1",
        "AK5*R*5",
        "AK9*R*1*1*0",
    ]


def test_group_with_one_bad_set_is_accepted_in_part(
    amazon: Simulator, vendor: Vendor
) -> None:
    since = amazon.latest()
    good = _BODIES["855"]
    vendor.post(
        vendor.envelope("PR", [("855", good), ("855", good.replace("*AC*", "**"))])
    )
    event = amazon.wait_for(lambda e: e["kind"] == "997-sent", 10, since)
    assert event["verdict"] == "P"
    assert [verdict for _kind, _number, verdict in event["sets"]] == ["A", "R"]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (
            "*AMAZON         *",
            "*AMAZONDS       *",
            "receiver ('ZZ', 'AMAZONDS') is not",
        ),
        (
            "*5551234567     *",
            "*5550000000     *",
            "sender ('ZZ', '5550000000') is not",
        ),
        ("IEA*1*", "IEA*2*", "IEA01 is 2, there are 1 groups"),
        ("IEA*1*", "IEA*1*9", "IEA02 is 9"),
        ("*5551234567     *", "*5551234567*", "ISA is not 106 characters long"),
        ("*00401*", "*00400*", "ISA12 is 00400, GS08 004010"),
    ],
)
def test_wrong_interchange_is_refused(
    amazon: Simulator, vendor: Vendor, old: str, new: str, words: str
) -> None:
    since = amazon.latest()
    paper = vendor.envelope("PR", [("855", _BODIES["855"])])
    assert old in paper
    vendor.post(paper.replace(old, new, 1))
    event = amazon.wait_for(lambda e: e["kind"] == "interchange-refused", 10, since)
    assert words in event["text"]


def test_what_is_no_x12_is_refused(amazon: Simulator, vendor: Vendor) -> None:
    since = amazon.latest()
    vendor.post("Dear Amazon")
    event = amazon.wait_for(lambda e: e["kind"] == "interchange-refused", 10, since)
    assert event["text"] == "This is no X12: no ISA segment."


def test_997_is_not_answered(amazon: Simulator, vendor: Vendor) -> None:
    since = amazon.latest()
    vendor.post(vendor.envelope("FA", [("997", "AK1*PO*999999~AK9*A*1*1*1~")]))
    event = amazon.wait_for(lambda e: e["kind"] == "997-unmatched", 10, since)
    assert "answers group PO 999999, which was never sent" in event["text"]
    assert "997-sent" not in [each["kind"] for each in amazon.events(since)]


def test_words_of_a_997_received() -> None:
    text = (
        "ST*997*0001~AK1*PO*7~AK2*850*0001~AK3*PO1*9**8~AK4*2**1~AK3*REF*3**2~AK5*R*5~"
        "AK9*R*1*1*0~SE*9*0001~"
    )
    answer = functional.read(x12.TransactionSet(list(x12.split(text, "*", "~"))))
    assert answer.sets == (("850", "0001", "R"),)
    assert answer.words == (
        "segment 9 PO102 is missing",
        "segment 3 REF: this segment stands in the wrong place",
    )


def test_every_segment_with_a_place_has_an_element_table_or_is_free() -> None:
    mandatory = {
        area.opener
        for areas in structure.AREAS.values()
        for area in areas
        if area.mandatory
    }
    assert mandatory <= set(structure.ELEMENTS)


@pytest.mark.parametrize("postal_code", ["98109", "11788-1234", "K1A 0B1"])
def test_postal_codes_are_written_as_their_countries_do(postal_code: str) -> None:
    assert structure.element_error(structure.ELEMENTS["N4"][2], postal_code) == ""
