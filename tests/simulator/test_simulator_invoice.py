from __future__ import annotations

import pytest
from papers import (
    PO_DATE,
    accepted,
    acknowledgement,
    day,
    invoice,
    order,
    reasons,
    ship_notice,
)
from vendor import Vendor

from simulator.client import Simulator

PO = "INV00001"


@pytest.fixture(scope="module")
def shipped(amazon: Simulator, vendor: Vendor) -> None:
    amazon.send_order(order(PO))
    accepted(amazon, vendor, "855", acknowledgement(PO))
    accepted(amazon, vendor, "856", ship_notice(PO, f"A-{PO}", pieces=8))


def good(number: str = "I-1") -> str:
    return invoice(PO, number, pieces=8)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("IT1*1*8", "IT1*1*9", "line 1: 9 are invoiced, 8 were shipped"),
        ("EA*9.5", "EA*9.4", "line 1: the price is 9.4, acknowledged was 9.5"),
        ("IT1*1*8*EA", "IT1*1*8*CA", "line 1: the unit is CA, ordered were EA"),
        ("VN*W-2", "VN*W-3", "line 2: VN W-3 is not in order INV00001"),
        ("TDS*15600", "TDS*15601", "the total is 156.01, its parts add up to 156.00"),
        ("TDS*15600", "TDS*0", "the total is 0.00, which is not above 0"),
        ("Seattle", "Seatle", "the bill-to is 'Amazon.com Services LLC 410 Terry"),
        ("N1*BT*", "N1*BY*", "there is no bill-to"),
        ("1 Main St", "2 Main St", "the remit-to is 'Widgets Inc 2 Main St"),
        ("N1*RE*", "N1*SE*", "there is no remit-to"),
        ("ST**92*PHX3", "ST**92*LAX9", "the ship-to is LAX9, order says PHX3"),
        ("ITD*01*3*****60", "ITD*01*3*****30", "ITD07 is 30, agreed is 60"),
        ("ITD*01*3*****60~", "", "there are no terms"),
        ("CUR*SE*USD", "CUR*SE*EUR", "the currency is EUR, not USD"),
        (f"BIG*{day()}", f"BIG*{day(1)}", "lies in the future"),
        (f"*{PO_DATE}*", "*20250101*", "BIG03 is 20250101, the order is of 2026"),
        ("CTT*2*", "CTT*1*", "CTT01 is 1, there are 2 IT1 lines"),
        ("CTT*2*12", "CTT*2*13", "CTT02 is 13, the quantities add up to 12"),
        (PO, "UNKNOWN3", "order UNKNOWN3 is not known here"),
    ],
)
def test_broken_rule_is_named(
    amazon: Simulator, vendor: Vendor, shipped: None, old: str, new: str, words: str
) -> None:
    body = good()
    assert old in body
    assert words in reasons(amazon, vendor, "810", body.replace(old, new, 1))


def test_remit_to_has_either_of_two_codes(
    amazon: Simulator, vendor: Vendor, shipped: None
) -> None:
    body = good().replace("N1*RE*", "N1*RI*").replace("TDS*15600", "TDS*15601")
    assert reasons(amazon, vendor, "810", body).startswith("the total is 156.01")


@pytest.mark.parametrize(
    "summary",
    [
        "TDS*16100~SAC*C*D240***500~",
        "TDS*15100~SAC*A*C310***500~",
        "TDS*16848~TXI*ST*12.48*8~",
        "TDS*17140~TXI*ST*12.48*8~SAC*C*D240***500~TXI*ST*.4*8~SAC*A*C310***248~",
    ],
)
def test_charges_allowances_and_taxes_join_the_total(
    amazon: Simulator, vendor: Vendor, shipped: None, summary: str
) -> None:
    wrong = summary.replace("TDS*1", "TDS*2", 1)
    body = good().replace("TDS*15600~", wrong)
    said = reasons(amazon, vendor, "810", body)
    stated = summary.split("~")[0][4:]
    assert f"its parts add up to {stated[:-2]}.{stated[-2:]}" in said


def test_differing_taxes_are_named(
    amazon: Simulator, vendor: Vendor, shipped: None
) -> None:
    body = good().replace("4006381333931~", "4006381333931~TXI*ST*1~")
    body = body.replace("TDS*15600~", "TDS*15800~TXI*ST*2~")
    assert "the lines' taxes add up to 1, the header's to 2" in reasons(
        amazon, vendor, "810", body
    )


def test_invoice_before_the_acknowledgement_is_rejected(
    amazon: Simulator, vendor: Vendor, po_number: str
) -> None:
    amazon.send_order(order(po_number))
    said = reasons(amazon, vendor, "810", invoice(po_number, "I-2"))
    assert f"order {po_number} was not acknowledged" in said


def test_invoice_before_the_ship_notice_is_rejected(
    amazon: Simulator, vendor: Vendor, po_number: str
) -> None:
    amazon.send_order(order(po_number))
    accepted(amazon, vendor, "855", acknowledgement(po_number))
    said = reasons(amazon, vendor, "810", invoice(po_number, "I-3"))
    assert f"nothing of order {po_number} was shipped" in said


def test_number_is_used_once_and_a_rejected_one_may_come_again(
    amazon: Simulator, vendor: Vendor, po_number: str
) -> None:
    amazon.send_order(order(po_number))
    accepted(amazon, vendor, "855", acknowledgement(po_number))
    accepted(amazon, vendor, "856", ship_notice(po_number, f"A-{po_number}"))
    number = f"I-{po_number}"
    wrong = invoice(po_number, number, pieces=5).replace("USD", "EUR")
    assert "the currency is EUR" in reasons(amazon, vendor, "810", wrong)
    accepted(amazon, vendor, "810", invoice(po_number, number, pieces=5))
    said = reasons(amazon, vendor, "810", invoice(po_number, number, pieces=6))
    assert f"invoice number {number} was used before" in said
    assert "line 1: 11 are invoiced (5 before), 10 were shipped" in said
