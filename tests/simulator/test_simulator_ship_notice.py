from __future__ import annotations

import pytest
from papers import accepted, acknowledgement, day, order, reasons, ship_notice, sscc
from vendor import Vendor

from simulator.client import Simulator

PO = "SHIP0001"
FIRST_CARTON = "HL*3*2*P*1~"


@pytest.fixture(scope="module")
def acknowledged(amazon: Simulator, vendor: Vendor) -> None:
    amazon.send_order(order(PO))
    body = acknowledgement(PO, "ACK*IA*7*EA~ACK*IB*1*EA~ACK*IR*2*EA~")
    accepted(amazon, vendor, "855", body)


def notice(number: str = "N-1") -> str:
    return ship_notice(PO, number, pieces=8)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("SN1**8*EA", "SN1**9*EA", "line 1: 9 are shipped, 8 were acknowledged"),
        ("SN1**8*EA", "SN1**8*CA", "the unit is CA, ordered were EA"),
        ("LIN**VN*W-2", "LIN**VN*W-3", "item HL 6: VN W-3 is not in order"),
        ("LIN**EN", "LIN**UP", "item HL 4: UP 4006381333931 is not in order"),
        ("MAN*GM*00", "MAN*GM*", "is not 00 and the 18 digits of an SSCC"),
        ("MAN*GM*", "MAN*CP*", "carton HL 3: there is no SSCC"),
        ("REF*BX*1919454926~", "", "freight is collect and there is no ARN"),
        ("REF*BM*ABCD5N-1", "REF*BM*ABC", "bill of lading ABC is shorter than 8"),
        ("REF*BM*ABCD5N-1", "REF*BM*20260105", "bill of lading 20260105 is a date"),
        ("REF*BM*ABCD5N-1", "REF*CN*1Z999", "there is no bill of lading"),
        ("TD5**2*UPSN*", "TD5**92*UPS Ground*", "there is no SCAC"),
        ("TD1*CTN*2*", "TD1*CTN*3*", "TD1 says 3 cartons, there are 2 P loops"),
        ("TD1*CTN*2*", "TD1*PLT*1*", "there is no carton count"),
        ("DTM*017*", "DTM*068*", "there is no estimated delivery"),
        ("DTM*011*", "DTM*010*", "there is no ship date"),
        (f"DTM*011*{day()}", f"DTM*011*{day(3)}", "is not within 7 days before"),
        (f"DTM*011*{day()}", f"DTM*011*{day(-8)}", "is not within 7 days before"),
        (f"DTM*017*{day(3)}", f"DTM*017*{day(-2)}", "lies before the ship date"),
        ("ST**92*PHX3", "ST**92*LAX9", "it goes to LAX9, not to PHX3"),
        ("N1*SF*Widgets Inc*92*WH1~", "", "there is no ship-from"),
        ("CTT*6", "CTT*5", "CTT01 is 5, there are 6 HL loops"),
        ("HL*6*5*I", "HL*6*9*I", "HL 6: there is no HL 9 above it"),
        ("HL*5*2*P", "HL*5*1*P", "HL 5: level P may not stand under S"),
        ("HL*5*2*P", "HL*7*2*P", "HL 7: in this place HL01 is to be 5"),
        ("HL*4*3*I*0", "HL*4*3*I*1", "HL 4: HL04 is 1, which is not so"),
        ("HL*6*5*I", "HL*6*2*I", "carton HL 5: there is nothing in it"),
        ("BSN*00", "BSN*01", "BSN01 is 01, not 00 or 05"),
        ("BSN*00", "BSN*05", "there is no notice N-1 to replace"),
        (f"PRF*{PO}", "PRF*UNKNOWN2", "order UNKNOWN2 is not known here"),
    ],
)
def test_broken_rule_is_named(
    amazon: Simulator,
    vendor: Vendor,
    acknowledged: None,
    old: str,
    new: str,
    words: str,
) -> None:
    body = notice()
    assert old in body
    assert words in reasons(amazon, vendor, "856", body.replace(old, new, 1))


def test_wrong_check_digit_is_named(
    amazon: Simulator, vendor: Vendor, acknowledged: None
) -> None:
    body = notice()
    at = body.index("MAN*GM*00") + len("MAN*GM*00") + 17
    wrong = body[:at] + str((int(body[at]) + 1) % 10) + body[at + 1 :]
    assert "has a wrong check digit" in reasons(amazon, vendor, "856", wrong)


def test_carton_twice_in_a_notice_is_named(
    amazon: Simulator, vendor: Vendor, acknowledged: None
) -> None:
    number = sscc()
    parts = notice().split("MAN*GM*00")
    body = "MAN*GM*00".join([parts[0], *(number + p[18:] for p in parts[1:])])
    assert f"00{number} is there twice" in reasons(amazon, vendor, "856", body)


def test_notice_before_the_acknowledgement_is_rejected(
    amazon: Simulator, vendor: Vendor, po_number: str
) -> None:
    amazon.send_order(order(po_number))
    assert f"order {po_number} was not acknowledged" in reasons(
        amazon, vendor, "856", ship_notice(po_number, "N-2")
    )


def test_no_arn_is_needed_when_the_vendor_pays(
    amazon: Simulator, vendor: Vendor, po_number: str
) -> None:
    amazon.send_order(order(po_number, freight="PP"))
    accepted(amazon, vendor, "855", acknowledgement(po_number))
    body = ship_notice(po_number, f"N-{po_number}").replace("REF*BX*1919454926~", "")
    accepted(amazon, vendor, "856", body)


def test_shipments_add_up_and_numbers_stay_used(
    amazon: Simulator, vendor: Vendor, po_number: str
) -> None:
    amazon.send_order(order(po_number))
    accepted(amazon, vendor, "855", acknowledgement(po_number))
    first = ship_notice(po_number, f"A-{po_number}", pieces=6)
    accepted(amazon, vendor, "856", first)
    second = ship_notice(po_number, f"B-{po_number}", pieces=5, cases=1)
    said = reasons(amazon, vendor, "856", second)
    assert "line 1: 11 are shipped (6 in earlier notices), 10 were acknowledged" in said
    assert "line 2: 5 are shipped (4 in earlier notices), 4 were acknowledged" in said
    again = reasons(amazon, vendor, "856", first)
    assert f"notice number A-{po_number} was used within the last 365 days" in again
    assert f"was used in notice A-{po_number}" in again


def test_replacement_only_lowers(
    amazon: Simulator, vendor: Vendor, po_number: str
) -> None:
    amazon.send_order(order(po_number))
    accepted(amazon, vendor, "855", acknowledgement(po_number))
    number = f"A-{po_number}"
    accepted(amazon, vendor, "856", ship_notice(po_number, number, pieces=6))
    more = ship_notice(po_number, number, pieces=7, purpose="05")
    assert "a replacement may only lower quantities" in reasons(
        amazon, vendor, "856", more
    )
    fewer = ship_notice(po_number, number, pieces=5, purpose="05")
    accepted(amazon, vendor, "856", fewer)
    (shown,) = [o for o in amazon.orders() if o["po_number"] == po_number]
    assert shown["lines"][0]["shipped"] == "5"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"vendor_code": "WXYZ9"}, "its orders belong to several vendor codes"),
        ({"ship_to": "LAX9"}, "its orders go to several fulfilment centres"),
    ],
)
def test_one_notice_is_one_delivery(
    amazon: Simulator,
    vendor: Vendor,
    po_number: str,
    change: dict[str, str],
    words: str,
) -> None:
    other = f"{po_number}X"
    amazon.send_orders([[order(po_number), order(other, **change)]])
    for each in (po_number, other):
        accepted(amazon, vendor, "855", acknowledgement(each))
    body = ship_notice(po_number, f"N-{po_number}").replace(
        "HL*5*2*P", f"HL*5*1*O*1~PRF*{other}~HL*6*5*P"
    )
    body = body.replace("HL*6*5*I", "HL*7*6*I").replace("CTT*6", "CTT*7")
    assert words in reasons(amazon, vendor, "856", body)


def test_pallets_with_cartons_are_taken(
    amazon: Simulator, vendor: Vendor, po_number: str
) -> None:
    amazon.send_order(order(po_number))
    accepted(amazon, vendor, "855", acknowledgement(po_number))
    body = ship_notice(po_number, f"N-{po_number}")
    start, rest = body.split(FIRST_CARTON)
    renumbered = f"{start}HL*3*2*T*1~MAN*GM*00{sscc()}~HL*4*3*P*1~" + rest.replace(
        "HL*6*5*I", "HL*7*6*I"
    ).replace("HL*5*2*P", "HL*6*3*P").replace("HL*4*3*I", "HL*5*4*I").replace(
        "CTT*6", "CTT*7"
    )
    accepted(
        amazon,
        vendor,
        "856",
        renumbered.replace("TD5**2", "TD1*PLT*1~TD5**2", 1),
    )
