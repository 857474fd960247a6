"""850: what Amazon and others write into an order, and what we make of it."""

import datetime
from decimal import Decimal

import pytest
from edi_builders import ORDER, message

from edi.documents import Identifier, PurchaseOrder, Reference

HEAD, LINES = ORDER[:6], ORDER[6:8]


def order(*body: str) -> PurchaseOrder:
    found = message(*body).document
    assert isinstance(found, PurchaseOrder), message(*body).issues
    return found


def with_head(*more: str) -> PurchaseOrder:
    return order(*HEAD, *more, *LINES)


def with_line(*more: str) -> PurchaseOrder:
    return order(*HEAD, *LINES, *more)


def warnings(*body: str) -> list[str]:
    issues = message(*body).issues
    assert all(issue.severity == "warning" for issue in issues)
    return [issue.text for issue in issues]


def test_an_order_in_amazons_layout_is_read_whole() -> None:
    found = order(*ORDER)
    assert found.number == "4HQ7EBLG"
    assert (found.purpose, found.kind) == ("00", "NE")
    assert found.date == datetime.date(2026, 3, 9)
    assert found.vendor_code == "ABCDE"
    assert found.back_order_allowed is False
    assert found.deliver_not_before == datetime.date(2026, 3, 12)
    assert found.deliver_not_after == datetime.date(2026, 3, 19)
    assert found.ship_to is not None
    assert (found.ship_to.code_qualifier, found.ship_to.code) == ("92", "ABE2")
    first, second = found.lines
    assert (first.number, first.quantity, first.unit) == ("1", Decimal(12), "EA")
    assert (first.price, first.price_basis) == (Decimal("3.5"), "PE")
    assert first.identifiers == (Identifier(qualifier="EN", value="4006381333931"),)
    assert (second.quantity, second.unit) == (Decimal(4), "CA")


def test_ten_product_numbers_of_a_line_are_read_in_order() -> None:
    pairs = "*".join(f"VN*{n}" for n in range(1, 12))
    (line,) = order(*HEAD, f"PO1*1*2*EA*3**{pairs}").lines
    assert [one.value for one in line.identifiers] == [str(n) for n in range(1, 11)]


def test_a_product_number_left_empty_is_skipped() -> None:
    (line,) = order(*HEAD, "PO1*1*2*EA*3**EN**VN*7*UP").lines
    assert line.identifiers == (Identifier(qualifier="VN", value="7"),)


def test_lines_without_number_get_their_place() -> None:
    lines = order(*HEAD, "PO1**1*EA*2", "PO1*9*1*EA*2", "PO1**1*EA*2").lines
    assert [line.number for line in lines] == ["1", "9", "3"]


def test_a_long_order_is_read_like_a_short_one() -> None:
    body = [f"PO1*{n}*{n}*EA*{n}.25*PE*EN*{n:013}" for n in range(1, 101)]
    many = order(*HEAD, *body).lines
    single = [order(*HEAD, segment).lines[0] for segment in body]
    assert list(many) == single


def test_what_follows_the_last_line_of_a_long_order_belongs_to_it() -> None:
    body = [f"PO1*{n}*1*EA*2" for n in range(1, 41)]
    lines = order(*HEAD, *body, "PID*F****A lamp").lines
    assert [line.description for line in lines] == [""] * 39 + ["A lamp"]


def test_a_bad_line_in_the_middle_of_a_long_order_is_named() -> None:
    body = [f"PO1*{n}*1*EA*2" for n in range(1, 41)]
    body[20] = "PO1*21*many*EA*2"
    found = message(*HEAD, *body)
    assert found.document is None
    (issue,) = found.issues
    assert issue.position == 1 + len(HEAD) + 21


def test_text_price_list_pack_and_dates_of_a_line_are_read() -> None:
    found = with_line(
        "CTP**SLP*9.99***DIS*.55",
        "PID*F****Paper, 80 g",
        "PO4*24*1*EA",
        "DTM*067*20260401",
    ).lines[-1]
    assert found.list_price == Decimal("9.99")
    assert found.discount == Decimal("0.55")
    assert found.description == "Paper, 80 g"
    assert found.pack == 24
    assert [one.qualifier for one in found.dates] == ["067"]


def test_a_header_segment_inside_a_line_does_not_end_the_lines() -> None:
    found = with_line("REF*ZZ*X", "N1*ST**92*XYZ9", "PID*F****Still line 2")
    assert found.lines[-1].description == "Still line 2"
    assert found.ship_to is not None and found.ship_to.code == "ABE2"
    assert found.references == ()


def test_full_addresses_are_read_by_role() -> None:
    found = with_head(
        "N1*BT*Amazon.com*15*1234567",
        "N2*Accounts payable",
        "N3*P.O. Box 80387*Dept. 4",
        "N4*Seattle*WA*98108*US",
        "REF*VX*GB1",
    )
    (bill_to,) = found.parties
    assert (bill_to.role, bill_to.name) == ("BT", "Amazon.com")
    assert bill_to.additional_name == "Accounts payable"
    assert (bill_to.street, bill_to.street2) == ("P.O. Box 80387", "Dept. 4")
    assert (bill_to.city, bill_to.state) == ("Seattle", "WA")
    assert (bill_to.postal_code, bill_to.country) == ("98108", "US")
    assert bill_to.tax_number == "GB1"


def test_a_second_ship_to_is_kept_among_the_other_parties() -> None:
    found = with_head("N1*ST**92*XYZ9")
    assert found.ship_to is not None and found.ship_to.code == "ABE2"
    assert [party.code for party in found.parties] == ["XYZ9"]


def test_references_without_a_field_are_kept() -> None:
    more = ("REF*PD*DEAL1", "REF*CO*77*their order", "REF*CR*OTHER")
    found = order(*HEAD[:2], *more, *HEAD[2:], *LINES)
    assert found.promotion == "DEAL1"
    assert found.vendor_code == "ABCDE"
    assert found.references == (
        Reference(qualifier="CO", value="77", text="their order"),
        Reference(qualifier="CR", value="OTHER"),
    )


def test_a_code_with_a_field_is_found_among_many_references() -> None:
    more = [f"REF*Z{n % 9}*{n}" for n in range(40)]
    more[20] = "REF*PD*DEAL1"
    found = order(HEAD[0], *more, *HEAD[1:], *LINES)
    assert (found.promotion, found.vendor_code) == ("DEAL1", "ABCDE")
    assert len(found.references) == 39


def test_freight_currency_tax_total_packaging_and_notes_are_read() -> None:
    found = order(
        *HEAD,
        "CUR*BY*CAD",
        "FOB*CC*ZZ**01*DDP",
        "PKG*F*CS***Ready to ship",
        "PKG*F*CS***No polystyrene",
        "N9*L1*NOTES",
        "MSG*First note",
        "MSG*Second note",
        "NTE*GEN*Third note",
        "TXI*ST*1.25",
        "TXI*GS*2.5",
        *LINES,
        "CTT*2*16",
        "AMT*TT*213.75",
    )
    assert found.currency == "CAD"
    assert (found.freight_payer, found.freight_terms) == ("CC", "DDP")
    assert found.packaging == ("Ready to ship", "No polystyrene")
    assert found.notes == ("First note", "Second note", "Third note")
    assert found.tax == Decimal("3.75")
    assert found.total == Decimal("213.75")


@pytest.mark.parametrize(
    ("dates", "window"),
    [
        (["DTM*064*20260301", "DTM*063*20260302", "DTM*037*20260401"], (1, 2)),
        (["DTM*037*20260303", "DTM*038*20260304"], (3, 4)),
        (["DTM*010*20260305"], (5, None)),
        (["DTM*002*20260306"], (None, 6)),
        (["DTM*064*20260307", "DTM*106*20260308"], (7, 8)),
        (["DTM*097*20260309"], (None, None)),
    ],
)
def test_the_window_comes_from_the_best_dates_there_are(
    dates: list[str], window: tuple[int | None, int | None]
) -> None:
    found = order("BEG*00*NE*1**20260309", *dates, *LINES)
    days = tuple(
        day and day.day for day in (found.deliver_not_before, found.deliver_not_after)
    )
    assert days == window


def test_a_date_that_is_none_never_stops_an_order() -> None:
    found = message("BEG*00*NE*1**20261399", "DTM*010*soon", *LINES)
    assert isinstance(found.document, PurchaseOrder)
    assert found.document.date is None
    (dated,) = found.document.dates
    assert (dated.date, dated.raw) == (None, "soon")
    assert [issue.code for issue in found.issues] == ["8", "8"]
    assert not found.has_errors


def test_six_digit_dates_of_old_releases_are_read() -> None:
    assert order("BEG*00*NE*1**980309", *LINES).date == datetime.date(1998, 3, 9)
    assert order("BEG*00*NE*1**260309", *LINES).date == datetime.date(2026, 3, 9)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12", "12"),
        (".5", "0.5"),
        ("12.", "12"),
        ("-3.25", "-3.25"),
        ("+7", "7"),
        ("6,5", "6.5"),
        ("1,234.50", "1234.5"),
        ("0000000.10", "0.1"),
    ],
)
def test_numbers_are_read_as_people_write_them(text: str, value: str) -> None:
    assert order(*HEAD, f"PO1*1*1*EA*{text}").lines[0].price == Decimal(value)


@pytest.mark.parametrize("text", ["1,234", "1.2.3", "NaN", "1E5", "٣", "1_0", "9" * 99])
def test_a_number_that_may_mean_something_else_is_an_error(text: str) -> None:
    found = message(*HEAD, f"PO1*1*1*EA*{text}")
    assert isinstance(found.document, PurchaseOrder)
    assert found.document.lines[0].price is None
    assert [(issue.element, issue.code) for issue in found.issues] == [(4, "6")]
    assert found.has_errors


@pytest.mark.parametrize(
    ("body", "segment"),
    [
        (["BEG*00*NE***20260309", *LINES], "BEG"),
        ([*HEAD[1:], *LINES], "BEG"),
        ([*HEAD], "PO1"),
        ([*HEAD, "PO1*1**EA*2"], "PO1"),
        ([*HEAD, "PO1*1*x*EA*2"], "PO1"),
    ],
)
def test_an_order_without_number_lines_or_quantity_is_no_order(
    body: list[str], segment: str
) -> None:
    found = message(*body)
    assert found.document is None
    assert [i.segment_id for i in found.issues if i.severity == "error"] == [segment]


def test_a_wrong_count_or_hash_total_is_only_warned_of() -> None:
    assert warnings(*HEAD, *LINES, "CTT*3*17") == [
        "CTT01 number of line items '3' should be 2",
        "CTT02 hash total '17' should be 16",
    ]


def test_unknown_segments_and_codes_are_warned_of_once() -> None:
    said = warnings(*HEAD, "XYZ*1", "XYZ*2", *LINES, "AMT*ZZ*1", "AMT*ZZ*2")
    assert said == [
        "segment XYZ is not read here",
        "AMT with code ZZ is not read here",
    ]


def test_a_back_order_answer_that_is_neither_yes_nor_no_is_warned_of() -> None:
    found = message("BEG*00*NE*1", "CSH*P2", *LINES)
    assert isinstance(found.document, PurchaseOrder)
    assert found.document.back_order_allowed is None
    assert [issue.code for issue in found.issues] == ["7"]
