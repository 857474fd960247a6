"""Papers of the vendor's: each builder gives what stands between ST and SE.

They fit the order of `order()`: 10 pieces at 9.50, 4 cases at 20.00.
"""

from __future__ import annotations

import itertools
from datetime import datetime, timedelta, timezone
from typing import Any

from vendor import Vendor

from simulator.client import Simulator

PO_DATE = "20260105"
_serials = itertools.count(1)


def day(offset: int = 0) -> str:
    return f"{datetime.now(timezone.utc) + timedelta(days=offset):%Y%m%d}"


def order(po_number: str, **changes: Any) -> dict[str, Any]:
    return {
        "po_number": po_number,
        "date": PO_DATE,
        "vendor_code": "ABCD5",
        "ship_to": "PHX3",
        "freight": "CC",
        "back_order": True,
        "lines": [
            {"quantity": 10, "price": "9.50", "products": [["EN", "4006381333931"]]},
            {
                "quantity": 4,
                "unit": "CA",
                "price": "20",
                "products": [["VN", "W-2"]],
                "pieces": 1,
            },
        ],
        **changes,
    }


def acknowledgement(po_number: str, first: str = "ACK*IA*10*EA~") -> str:
    return (
        f"BAK*00*AC*{po_number}*{PO_DATE}~"
        f"PO1*1*10*EA*9.5*PE*EN*4006381333931~{first}"
        "PO1*2*4*CA*20*PE*VN*W-2~ACK*IA*4*CA~"
        "CTT*2*14~"
    )


def sscc(prefix: str = "0400638") -> str:
    """A fresh SSCC-18; the check digit after GS1 section 7.9."""
    digits = f"3{prefix}{next(_serials):09d}"
    weights = sum(int(d) * (1 if place % 2 else 3) for place, d in enumerate(digits))
    return digits + str((10 - weights % 10) % 10)


def ship_notice(
    po_number: str, number: str, pieces: int = 10, cases: int = 4, purpose: str = "00"
) -> str:
    """S-O-P-I with two cartons."""
    return (
        f"BSN*{purpose}*{number}*{day()}*1200*0001~"
        "HL*1**S*1~TD1*CTN*2****G*12.5*LB~TD5**2*UPSN*M*UPS Ground~"
        f"REF*BM*ABCD5{number}~REF*BX*1919454926~"
        f"DTM*011*{day()}~DTM*017*{day(3)}~"
        "N1*ST**92*PHX3~N1*SF*Widgets Inc*92*WH1~"
        f"HL*2*1*O*1~PRF*{po_number}~"
        f"HL*3*2*P*1~MAN*GM*00{sscc()}~"
        f"HL*4*3*I*0~LIN**EN*4006381333931~SN1**{pieces}*EA~"
        f"HL*5*2*P*1~MAN*GM*00{sscc()}~"
        f"HL*6*5*I*0~LIN**VN*W-2~SN1**{cases}*CA~"
        "CTT*6~"
    )


def invoice(po_number: str, number: str, pieces: int = 10, cases: int = 4) -> str:
    cents = pieces * 950 + cases * 2000
    return (
        f"BIG*{day()}*{number}*{PO_DATE}*{po_number}~CUR*SE*USD~"
        "N1*RE*Widgets Inc~N3*1 Main St~N4*Springfield*IL*62701*US~"
        "N1*BT*Amazon.com Services LLC~N3*410 Terry Ave N~N4*Seattle*WA*98109*US~"
        "N1*ST**92*PHX3~"
        "ITD*01*3*****60~"
        f"IT1*1*{pieces}*EA*9.5*PE*EN*4006381333931~"
        f"IT1*2*{cases}*CA*20*PE*VN*W-2~"
        f"TDS*{cents}~CTT*2*{pieces + cases}~"
    )


_GROUPS = {"855": "PR", "856": "SH", "810": "IN"}


def judged(
    amazon: Simulator, vendor: Vendor, kind: str, body: str, **envelope: str
) -> dict[str, Any]:
    """Send a paper and wait for Amazon's verdict on it."""
    since = amazon.latest()
    answer = vendor.post(vendor.envelope(_GROUPS[kind], [(kind, body)], **envelope))
    assert answer == (200, "processed", None)
    return amazon.wait_for(lambda event: event["kind"] == "verdict", 10, since)


def reasons(*args: Any, **envelope: str) -> str:
    """The reasons of a rejection as one text."""
    verdict = judged(*args, **envelope)
    assert not verdict["accepted"]
    return "; ".join(verdict["reasons"])


def accepted(*args: Any, **envelope: str) -> None:
    verdict = judged(*args, **envelope)
    assert verdict["accepted"], verdict["text"]
