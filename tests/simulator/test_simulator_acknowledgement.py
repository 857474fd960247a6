from __future__ import annotations

from typing import Any

import pytest
from papers import accepted, acknowledgement, judged, order, reasons, ship_notice
from vendor import Vendor

from simulator.client import Simulator

PO = "ACK00001"


@pytest.fixture(scope="module")
def sent(amazon: Simulator, vendor: Vendor) -> None:
    amazon.send_order(order(PO, back_order=False))


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("ACK*IA*10*EA", "ACK*IA*11*EA", "line 1: 11 are acknowledged, 10 ordered"),
        ("ACK*IA*10*EA", "ACK*IA*9*EA", "line 1: 9 of 10 are answered, the rest is"),
        ("ACK*IA*10*EA~", "", "line 1: there is no ACK"),
        ("ACK*IA*10", "ACK*IB*10", "line 1: this order allows no back order"),
        ("ACK*IA*10", "ACK*ZZ*10", "line 1: code ZZ is not known"),
        ("ACK*IA*10", "ACK*IQ*10", "line 1: code IQ is not used; split the line"),
        ("ACK*IA*10*EA", "ACK*IA*10*CA", "line 1: ACK03 is CA, ordered were EA"),
        ("EA*9.5*", "EA*9.51*", "line 1: the price 9.51 is above the order's 9.5"),
        ("EA*9.5*", "EA**", "line 1: there is no price"),
        ("EN*4006381333931", "UP*4006381333931", "line 1: the product is UP 4006381"),
        ("PO1*1*10*EA", "PO1*1*9*EA", "line 1: PO102 is 9, ordered were 10"),
        ("PO1*1*10*EA", "PO1*1*10*CA", "line 1: the unit is CA, ordered were EA"),
        (
            "PO1*2*",
            "PO1*3*",
            "line 3: the order has no such line; line 2: it is missing",
        ),
        ("PO1*2*", "PO1*1*", "line 1: it is there twice"),
        ("BAK*00", "BAK*01", "BAK01 is 01, not 00"),
        ("*AC*", "*AP*", "BAK02 is AP, not one of AC, AD, RD"),
        (PO, "UNKNOWN1", "order UNKNOWN1 is not known here"),
        ("CTT*2*", "CTT*3*", "CTT01 is 3, there are 2 PO1 lines"),
        ("CTT*2*14", "CTT*2*15", "CTT02 is 15, the quantities add up to 14"),
        ("CTT*2*14~", "", "CTT01 is absent"),
    ],
)
def test_broken_rule_is_named(
    amazon: Simulator, vendor: Vendor, sent: None, old: str, new: str, words: str
) -> None:
    body = acknowledgement(PO)
    assert old in body
    assert words in reasons(amazon, vendor, "855", body.replace(old, new, 1))


def test_missing_line_is_named(amazon: Simulator, vendor: Vendor, sent: None) -> None:
    body = acknowledgement(PO).replace("PO1*2*4*CA*20*PE*VN*W-2~ACK*IA*4*CA~", "")
    assert "line 2: it is missing, which counts as rejected" in reasons(
        amazon, vendor, "855", body
    )


def test_test_answer_to_a_production_order_is_rejected(
    amazon: Simulator, vendor: Vendor, sent: None
) -> None:
    said = reasons(amazon, vendor, "855", acknowledgement(PO), test="T")
    assert f"order {PO} is a production order, this came as test" in said


def test_accepted_rejected_and_back_ordered_parts_may_be_mixed(
    amazon: Simulator, vendor: Vendor, po_number: str
) -> None:
    amazon.send_order(order(po_number))
    parts = "ACK*AC*5*EA~ACK*IB*3*EA~ACK*R2*2*EA~"
    accepted(amazon, vendor, "855", acknowledgement(po_number, parts))
    (shown,) = [o for o in amazon.orders() if o["po_number"] == po_number]
    assert shown["lines"][0] == {
        "number": "1",
        "ordered": "10",
        "accepted": "5",
        "back_ordered": "3",
        "rejected": "2",
        "shipped": "0",
        "invoiced": "0",
    }


def test_revision_lifts_nothing_that_was_rejected(
    amazon: Simulator, vendor: Vendor, po_number: str
) -> None:
    amazon.send_order(order(po_number))
    first = acknowledgement(po_number, "ACK*IA*8*EA~ACK*IR*2*EA~")
    accepted(amazon, vendor, "855", first)
    assert "line 1: 2 were rejected before, which is final" in reasons(
        amazon, vendor, "855", acknowledgement(po_number)
    )
    fewer = acknowledgement(po_number, "ACK*IA*5*EA~ACK*IR*5*EA~")
    accepted(amazon, vendor, "855", fewer)
    in_force = [v["in_force"] for v in amazon.verdicts(po_number)]
    assert in_force == [False, False, True]


def test_revision_after_a_ship_notice_is_rejected(
    amazon: Simulator, vendor: Vendor, po_number: str
) -> None:
    amazon.send_order(order(po_number))
    accepted(amazon, vendor, "855", acknowledgement(po_number))
    accepted(amazon, vendor, "856", ship_notice(po_number, f"A-{po_number}", 5, 4))
    assert "already announced by a ship notice" in reasons(
        amazon, vendor, "855", acknowledgement(po_number)
    )


def test_corrected_acknowledgement_after_a_rejection_is_accepted(
    amazon: Simulator, vendor: Vendor, po_number: str
) -> None:
    amazon.send_order(order(po_number))
    dear = acknowledgement(po_number).replace("9.5", "9.6")
    assert "above the order's" in reasons(amazon, vendor, "855", dear)
    accepted(amazon, vendor, "855", acknowledgement(po_number))


def hours_later(amazon: Simulator, hours: float, act: Any) -> Any:
    """What `act` gives when Amazon's clock has jumped ahead meanwhile."""
    amazon.advance_clock(hours * 3600)
    try:
        return act()
    finally:
        amazon.advance_clock(-hours * 3600)


def test_acknowledgement_after_24_hours_is_rejected_and_shown_as_late(
    amazon: Simulator, vendor: Vendor, po_number: str
) -> None:
    amazon.send_order(order(po_number))
    said = hours_later(
        amazon,
        25,
        lambda: reasons(amazon, vendor, "855", acknowledgement(po_number)),
    )
    assert "it came 25.0 hours after the order, the limit is 24" in said
    (clock,) = [d for d in amazon.deadlines() if d["reference"] == po_number]
    assert clock["late"] and not clock["running"]


def test_revision_after_48_hours_is_rejected(
    amazon: Simulator, vendor: Vendor, po_number: str
) -> None:
    amazon.send_order(order(po_number))
    accepted(amazon, vendor, "855", acknowledgement(po_number))
    said = hours_later(
        amazon,
        49,
        lambda: reasons(amazon, vendor, "855", acknowledgement(po_number)),
    )
    assert "can be revised for 48 hours only" in said


def test_verdict_measures_the_time_since_the_order(
    amazon: Simulator, vendor: Vendor, po_number: str
) -> None:
    amazon.send_order(order(po_number))
    verdict = judged(amazon, vendor, "855", acknowledgement(po_number))
    assert 0 < verdict["seconds"] < 60
