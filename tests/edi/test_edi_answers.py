"""855, 810 and 997: what is read of them and what may not be sent."""

import dataclasses
import datetime
from decimal import Decimal
from typing import Any

import pytest
from edi_builders import Random, envelope, message

import edi
from edi.documents import (
    Acknowledgement,
    Charge,
    ElementNote,
    FunctionalAcknowledgement,
    Invoice,
    SegmentNote,
    Tax,
)


def acknowledgement() -> Acknowledgement:
    return Random(5).acknowledgement()


def invoice() -> Invoice:
    return Random(6).invoice()


def faults(document: edi.Document) -> str:
    return "\n".join(issue.text for issue in edi.check(document))


def changed(document: Any, **fields: object) -> Any:
    return dataclasses.replace(document, **fields)


def with_line(document: Any, **fields: object) -> Any:
    first, *rest = document.lines
    return changed(document, lines=(changed(first, **fields), *rest))


def test_an_acknowledgement_is_read_whole() -> None:
    found = message(
        "BAK*00*AC*4HQ7EBLG*20260310*****20260309",
        "REF*CR*ABCDE",
        "PO1*1*12*EA*3.5*PE*EN*4006381333931",
        "ACK*IA*10*EA*068*20260315",
        "ACK*IR*2*EA",
        "CTT*1*12",
        code="855",
        group="PR",
    )
    answer = found.document
    assert found.issues == ()
    assert isinstance(answer, Acknowledgement)
    assert (answer.order_number, answer.kind) == ("4HQ7EBLG", "AC")
    assert (answer.order_date, answer.date) == (
        datetime.date(2026, 3, 10),
        datetime.date(2026, 3, 9),
    )
    accepted, rejected = answer.lines[0].decisions
    assert (accepted.code, accepted.quantity) == ("IA", Decimal(10))
    assert (accepted.date_qualifier, accepted.date) == (
        "068",
        datetime.date(2026, 3, 15),
    )
    assert (rejected.code, rejected.quantity) == ("IR", Decimal(2))
    assert rejected.date is None


def test_others_leave_lines_and_quantities_out() -> None:
    found = message(
        "BAK*00*AT*4HQ7EBLG*20260310",
        "PO1*1*12*EA*3.5",
        "ACK*DR***068*20260315",
        code="855",
    )
    answer = found.document
    assert isinstance(answer, Acknowledgement)
    assert answer.lines[0].decisions[0].quantity is None
    assert not found.has_errors


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"lines": ()}, "no lines"),
        ({"order_number": ""}, "BAK03 purchase order number is missing"),
        ({"order_number": "X" * 23}, "longer than 22"),
        ({"order_number": "A*B"}, "the character '*'"),
        ({"order_number": " A"}, "begins or ends with a blank"),
        ({"order_number": "Ä"}, "the character 'Ä'"),
        ({"order_date": None}, "BAK04 date is missing"),
        (
            {"order_date": datetime.datetime(2026, 3, 9)},
            "BAK04 date '2026-03-09 00:00:00'",
        ),
        ({"kind": "XX"}, "BAK02 acknowledgment type 'XX' is not a code"),
        ({"purpose": None}, "BAK01 transaction set purpose code is missing"),
    ],
)
def test_an_acknowledgement_that_is_wrong_is_not_sent(
    fields: dict[str, object], reason: str
) -> None:
    assert reason in faults(changed(acknowledgement(), **fields))


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"decisions": ()}, "has no decision"),
        ({"quantity": Decimal(0)}, "but 0 were ordered"),
        ({"price": None}, "PO104 unit price is missing"),
        ({"unit": ""}, "PO103 unit of measurement code is missing"),
        ({"unit": "EACH"}, "longer than 2"),
        ({"price": 3.5}, "is not a decimal number"),
        ({"price": Decimal("NaN")}, "is not a number"),
        ({"price": Decimal(10) ** 30}, "more than 17 digits"),
    ],
)
def test_a_line_that_is_wrong_is_not_sent(
    fields: dict[str, object], reason: str
) -> None:
    assert reason in faults(with_line(acknowledgement(), **fields))


def test_what_the_order_lacks_or_numbers_twice_is_repeated_so() -> None:
    answer = acknowledgement()
    assert not faults(with_line(answer, identifiers=()))
    assert not faults(with_line(answer, number=answer.lines[1].number))


def test_a_negative_decision_is_not_sent() -> None:
    answer = acknowledgement()
    decision = changed(answer.lines[0].decisions[0], quantity=Decimal(-1))
    assert "negative" in faults(with_line(answer, decisions=(decision,)))


def test_the_error_names_document_segment_and_element() -> None:
    document = changed(acknowledgement(), order_number="A*B")
    with pytest.raises(edi.WriteError) as caught:
        edi.write(envelope(), [document])
    assert str(caught.value) == (
        "purchase order acknowledgement A*B cannot be written: BAK03 purchase order"
        " number 'A*B' holds the character '*', which may not be sent"
    )
    assert caught.value.document is document
    (issue,) = caught.value.issues
    assert (issue.position, issue.segment_id, issue.element) == (2, "BAK", 3)


def test_an_invoice_is_read_whole() -> None:
    found = message(
        "BIG*20260320*INV1*20260309*4HQ7EBLG***DI",
        "CUR*SE*USD",
        "N1*RI*Lamp Company*92*ABCDE",
        "N1*BT*Amazon.com Services LLC",
        "N3*P.O. Box 80387",
        "N4*Seattle*WA*98108*US",
        "ITD*01*3*2**10**60*****2 % in 10 days, net 60",
        "IT1*1*10*EA*3.5*PE*EN*4006381333931",
        "TXI*ST*2.8*8",
        "REF*PO*4HQ7EBLG",
        "TDS*4280",
        "TXI*ST*2.8*8*****35*REG1",
        "SAC*C*D240***500**********Freight",
        "CTT*1*10",
        code="810",
        group="IN",
    )
    assert found.issues == ()
    bill = found.document
    assert isinstance(bill, Invoice)
    assert (bill.number, bill.order_number, bill.currency) == (
        "INV1",
        "4HQ7EBLG",
        "USD",
    )
    assert bill.total == Decimal("42.80")
    assert bill.remit_to is not None and bill.remit_to.code == "ABCDE"
    assert bill.bill_to is not None and bill.bill_to.postal_code == "98108"
    assert bill.terms is not None
    assert (bill.terms.discount_percent, bill.terms.net_days) == (Decimal(2), 60)
    (line,) = bill.lines
    assert line.order_number == "4HQ7EBLG"
    assert line.taxes == (Tax(kind="ST", amount=Decimal("2.8"), rate=Decimal(8)),)
    assert bill.charges == (
        Charge(indicator="C", code="D240", amount=Decimal(5), text="Freight"),
    )


def test_a_total_with_a_decimal_point_is_believed_and_reported() -> None:
    found = message("BIG*20260320*INV1", "IT1*1*1*EA*1.5", "TDS*1.50", code="810")
    assert isinstance(found.document, Invoice)
    assert found.document.total == Decimal("1.50")
    assert any("decimal point" in issue.text for issue in found.issues)


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"lines": ()}, "no lines"),
        ({"total": None}, "total is missing or zero"),
        ({"total": Decimal(0)}, "total is missing or zero"),
        ({"total": Decimal("0.01")}, "the total is 0.01, lines"),
        ({"number": ""}, "BIG02 invoice number is missing"),
        ({"bill_to": None}, "segment N1 is missing"),
        ({"currency": ""}, "segment CUR is missing"),
    ],
)
def test_an_invoice_that_is_wrong_is_not_sent(
    fields: dict[str, object], reason: str
) -> None:
    assert reason in faults(changed(invoice(), **fields))


def test_taxes_of_lines_and_foot_must_agree() -> None:
    tax = Tax(kind="VA", amount=Decimal("123.45"))
    assert "the taxes of the lines" in faults(with_line(invoice(), taxes=(tax,)))


def test_an_invoice_without_order_is_not_sent() -> None:
    bill = with_line(changed(invoice(), order_number=""), order_number="")
    assert "no purchase order number" in faults(bill)


def test_a_total_may_round_each_line_or_only_the_sum() -> None:
    line = changed(
        invoice().lines[0],
        quantity=Decimal(1),
        price=Decimal("0.125"),
        list_price=None,
        discount=None,
    )
    lines = tuple(changed(line, number=str(n)) for n in (1, 2, 3))
    bill = changed(invoice(), lines=lines, charges=(), taxes=())
    assert faults(changed(bill, total=Decimal("0.38"))) == ""  # 0.375
    assert faults(changed(bill, total=Decimal("0.39"))) == ""  # 3 times 0.13
    assert "the total is 0.40" in faults(changed(bill, total=Decimal("0.40")))


def test_a_functional_acknowledgement_is_read_whole() -> None:
    found = message(
        "AK1*PR*7",
        "AK2*855*0001",
        "AK3*PO1*8**8",
        "AK4*2>1*330*6*twelve",
        "AK5*R*5*4",
        "AK2*855*0002",
        "AK5*A",
        "AK9*P*2*2*1*5",
        code="997",
        group="FA",
    )
    answer = found.document
    assert found.issues == ()
    assert isinstance(answer, FunctionalAcknowledgement)
    assert (answer.group_code, answer.group_control_number) == ("PR", "7")
    assert (answer.status, answer.codes) == ("P", ("5",))
    counts = (answer.sets_included, answer.sets_received, answer.sets_accepted)
    assert counts == (2, 2, 1)
    first, second = answer.sets
    assert (first.control_number, first.status, first.codes) == (
        "0001",
        "R",
        ("5", "4"),
    )
    assert first.segments == (
        SegmentNote(
            segment="PO1",
            position=8,
            code="8",
            elements=(
                ElementNote(
                    position=2,
                    component=1,
                    reference="330",
                    code="6",
                    value="twelve",
                ),
            ),
        ),
    )
    assert (second.status, second.segments) == ("A", ())


def test_a_bad_component_is_named() -> None:
    body = ("AK1*PO*1", "AK2*850*1", "AK3*PO1*8", "AK4*2>x*330*6", "AK5*E", "AK9*E")
    found = message(*body, code="997", group="FA")
    (issue,) = found.issues
    assert (issue.segment_id, issue.element, issue.component) == ("AK4", 1, 2)
    assert issue.value == "x"


def test_a_group_accepted_as_a_whole_names_no_sets() -> None:
    answer = message("AK1*PO*160", "AK9*A*3*3*3", code="997", group="FA").document
    assert isinstance(answer, FunctionalAcknowledgement)
    assert (answer.sets, answer.sets_accepted) == ((), 3)


def test_counts_left_out_follow_from_the_sets() -> None:
    body = ("AK1*PO*1", "AK2*850*1", "AK5*A", "AK2*850*2", "AK5*R", "AK9*P")
    answer = message(*body, code="997", group="FA").document
    assert isinstance(answer, FunctionalAcknowledgement)
    assert (answer.sets_included, answer.sets_accepted) == (2, 1)


def test_free_text_keeps_its_letters_without_accents_and_delimiters() -> None:
    bill_to = changed(
        Random(1).party("BT"),
        name="Müller & Søn*~ Straße 5",
        city="Łódź\n",
        street="東京",
    )
    data = edi.write(envelope(), [changed(invoice(), bill_to=bill_to)])
    (found,) = edi.read(data).messages
    assert isinstance(found.document, Invoice) and found.document.bill_to
    assert found.document.bill_to.name == "Muller & Son   Strasse 5"
    assert found.document.bill_to.city == "Lodz"
    assert found.document.bill_to.street == "??"


def test_text_that_grows_too_long_by_spelling_it_out_is_not_sent() -> None:
    bill_to = changed(Random(1).party("BT"), city="ß" * 20)
    assert "longer than 30" in faults(changed(invoice(), bill_to=bill_to))


def test_zeros_and_signs_are_written_plainly() -> None:
    prices = {
        "1.50": "1.5",
        "100": "100",
        "1E+2": "100",
        "0.00": "0",
        "-0": "0",
        "0.0070": "0.007",
    }
    for price, text in prices.items():
        answer = with_line(acknowledgement(), price=Decimal(price), price_basis="PE")
        data = edi.write(envelope(), [changed(answer, lines=answer.lines[:1])])
        assert f"*{text}*PE*".encode() in data


def test_empty_elements_at_the_end_are_not_sent() -> None:
    answer = changed(acknowledgement(), date=None, vendor_code="", ship_to=None)
    for line in edi.write(envelope(), [answer]).split(b"~"):
        assert not line.endswith(b"*")
