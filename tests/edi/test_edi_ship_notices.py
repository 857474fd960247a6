"""856: levels in any order become containers, and containers become levels."""

import dataclasses
import datetime
from decimal import Decimal
from typing import Any

import pytest
from edi_builders import Random, envelope, message, sscc

import edi
from edi.documents import Container, Identifier, ShipNotice

SHIPMENT = (
    "BSN*00*ASN1*20260312*1405",
    "HL*1**S",
    "TD1*CTN*2****G*30.5*LB",
    "TD1*PLT*1",
    "TD5*B*2*UPSN*M*UPS Freight",
    "REF*BM*BOL12345",
    "REF*BX*1919454926",
    "DTM*011*20260312*1500",
    "DTM*017*20260315",
    "N1*ST**92*ABE2",
)
A, B, P = sscc(1), sscc(2), sscc(3)


def notice(*levels: str) -> ShipNotice:
    found = message(*SHIPMENT, *levels, code="856", group="SH")
    assert isinstance(found.document, ShipNotice), found.issues
    return found.document


def item(line: str, quantity: str) -> tuple[str, str]:
    return f"LIN*{line}*EN*4006381333931", f"SN1**{quantity}*EA"


def outline(container: Container) -> Any:
    """A container as plain tuples, to be compared at a glance."""
    inside = [outline(inner) for inner in container.containers]
    items = [(i.order_number, i.line_number, int(i.quantity)) for i in container.items]
    return (container.kind, container.sscc, *inside, *items)


def outlines(found: ShipNotice) -> list[Any]:
    return [outline(container) for container in found.containers]


def test_the_shipment_is_read_whole() -> None:
    found = notice("HL*2*1*O", "PRF*PO1", "HL*3*2*I", *item("1", "5"))
    assert (found.number, found.purpose) == ("ASN1", "00")
    assert found.created == datetime.datetime(2026, 3, 12, 14, 5)
    assert found.shipped == datetime.datetime(2026, 3, 12, 15, 0)
    assert found.estimated_delivery == datetime.datetime(2026, 3, 15)
    assert (found.scac, found.transport_mode, found.carrier) == (
        "UPSN",
        "M",
        "UPS Freight",
    )
    assert (found.bill_of_lading, found.arn) == ("BOL12345", "1919454926")
    assert (found.carton_count, found.pallet_count) == (2, 1)
    assert (found.weight, found.weight_unit) == (Decimal("30.5"), "LB")
    assert found.ship_to is not None and found.ship_to.code == "ABE2"
    assert found.structure == "SOI"
    (loose,) = found.items
    assert (loose.order_number, loose.line_number) == ("PO1", "1")
    assert loose.quantity == 5


def test_cartons_with_items_are_read() -> None:
    found = notice(
        "HL*2*1*O",
        "PRF*PO1",
        "HL*3*2*P",
        f"MAN*GM*00{A}",
        "MAN*CP*1Z999",
        "MEA*PD*G*4.5*LB",
        "HL*4*3*I",
        *item("1", "5"),
        "REF*LT*LOT7",
        "DTM*036*20270101",
        "DTM*094*20260101",
        "HL*5*3*I",
        *item("2", "1"),
    )
    assert outlines(found) == [("carton", A, ("PO1", "1", 5), ("PO1", "2", 1))]
    (carton,) = found.containers
    assert (carton.tracking, carton.weight) == ("1Z999", Decimal("4.5"))
    first = carton.items[0]
    assert first.identifiers == (Identifier(qualifier="EN", value="4006381333931"),)
    assert (first.lot, first.expiry, first.manufactured) == (
        "LOT7",
        datetime.date(2027, 1, 1),
        datetime.date(2026, 1, 1),
    )


def test_pallets_with_cartons_are_read() -> None:
    found = notice(
        "HL*2*1*O",
        "PRF*PO1",
        "HL*3*2*T",
        f"MAN*GM*00{P}",
        "HL*4*3*P",
        f"MAN*AA*{A}",
        "HL*5*4*I",
        *item("1", "5"),
        "HL*6*3*P",
        f"MAN*GM*{B}",
        "HL*7*6*I",
        *item("2", "6"),
    )
    assert found.structure == "SOTPI"
    assert outlines(found) == [
        ("pallet", P, ("carton", A, ("PO1", "1", 5)), ("carton", B, ("PO1", "2", 6)))
    ]


def test_orders_below_a_pallet_are_read() -> None:
    found = notice(
        "HL*2*1*T",
        f"MAN*GM*00{P}",
        "HL*3*2*O",
        "PRF*PO1",
        "HL*4*3*I",
        *item("1", "5"),
        "HL*5*2*O",
        "PRF*PO2",
        "HL*6*5*I",
        *item("1", "6"),
    )
    assert found.structure == "SOTI"
    assert outlines(found) == [("pallet", P, ("PO1", "1", 5), ("PO2", "1", 6))]


def test_a_carton_under_two_orders_is_one_carton() -> None:
    found = notice(
        "HL*2*1*O",
        "PRF*PO1",
        "HL*3*2*P",
        f"MAN*GM*00{A}",
        "HL*4*3*I",
        *item("1", "5"),
        "HL*5*1*O",
        "PRF*PO2",
        "HL*6*5*P",
        f"MAN*GM*00{A}",
        "HL*7*6*I",
        *item("9", "6"),
    )
    assert outlines(found) == [("carton", A, ("PO1", "1", 5), ("PO2", "9", 6))]


def test_cartons_below_an_item_hold_their_share() -> None:
    found = notice(
        "HL*2*1*O",
        "PRF*PO1",
        "HL*3*2*I",
        *item("1", "10"),
        "HL*4*3*P",
        "SN1**6*EA",
        f"MAN*GM*00{A}",
        "HL*5*3*P",
        "SN1**4*EA",
        f"MAN*GM*00{B}",
    )
    assert found.structure == "SOIP"
    assert outlines(found) == [
        ("carton", A, ("PO1", "1", 6)),
        ("carton", B, ("PO1", "1", 4)),
    ]


def test_one_carton_below_an_item_holds_all_of_it() -> None:
    levels = ("HL*2*1*O", "PRF*PO1", "HL*3*2*I", *item("1", "10"), "HL*4*3*P")
    assert outlines(notice(*levels)) == [("carton", "", ("PO1", "1", 10))]


def test_a_level_whose_parent_is_missing_hangs_under_the_last_one_above() -> None:
    found = notice(
        "HL*2*1*O",
        "PRF*PO1",
        "HL*3*99*P",
        f"MAN*GM*00{A}",
        "HL*4**I",
        *item("1", "5"),
    )
    assert outlines(found) == [("carton", A, ("PO1", "1", 5))]


def test_an_item_without_quantity_is_no_ship_notice() -> None:
    levels = ("HL*2*1*O", "PRF*PO1", "HL*3*2*I", "LIN*1*EN*1")
    found = message(*SHIPMENT, *levels, code="856")
    assert found.document is None
    assert [issue.text for issue in found.issues if issue.severity == "error"] == [
        "HL 3 has no quantity (SN102)"
    ]


def test_levels_nested_without_end_are_read_flat() -> None:
    deep = [f"HL*{n}*{n - 1}*P" for n in range(3, 5000)]
    found = notice("HL*2*1*O", "PRF*PO1", *deep, "HL*5000*4999*I", *item("1", "5"))
    depth, containers = 0, found.containers
    while containers:
        depth += 1
        containers = containers[0].containers
    assert depth < 20
    assert edi.from_json(edi.to_json(found)) == found


def test_a_level_may_name_itself_as_parent() -> None:
    found = notice("HL*2*2*O", "PRF*PO1", "HL*3*3*I", *item("1", "5"))
    assert [loose.order_number for loose in found.items] == ["PO1"]


def test_the_time_of_an_old_header_date_is_used() -> None:
    head = [line for line in SHIPMENT if not line.startswith("DTM")]
    body = (head[0], "DTM*011*20260301", *head[1:])
    levels = ("HL*2*1*O", "PRF*PO1", "HL*3*2*I", *item("1", "5"))
    found = message(*body, *levels, code="856").document
    assert isinstance(found, ShipNotice)
    assert found.shipped == datetime.datetime(2026, 3, 1)


@pytest.mark.parametrize(
    ("structure", "levels"),
    [
        ("SOTPI", "S O T P I P I"),
        ("SOPI", "S O P I"),
        ("SOTI", "S O T I"),
        ("SOIP", "S O I P"),
        ("SOI", "S O I"),
    ],
)
def test_the_named_structure_is_written(structure: str, levels: str) -> None:
    found = Random(2).ship_notice(structure)
    one = dataclasses.replace(
        found, containers=found.containers[:1], items=found.items[:1]
    )
    lines = edi.write(envelope(), [one]).decode().split("~")
    written = [line.split("*")[3] for line in lines if line.startswith("HL*")]
    assert " ".join(written) == levels
    assert f"CTT*{len(written)}*" in "~".join(lines)


def test_the_structure_code_is_written_where_the_standard_has_one() -> None:
    for structure, code in (("SOPI", "*0001"), ("SOIP", "*0002"), ("SOTPI", "")):
        data = edi.write(envelope(), [Random(2).ship_notice(structure)])
        (line,) = (s for s in data.decode().split("~") if s.startswith("BSN"))
        assert line.count("*") == (5 if code else 4)
        assert line.endswith(code)


def wrong(**fields: object) -> str:
    found = dataclasses.replace(Random(2).ship_notice("SOPI"), **fields)  # type: ignore[arg-type]
    return "\n".join(issue.text for issue in edi.check(found))


def carton(**fields: object) -> str:
    first = Random(2).ship_notice("SOPI").containers[0]
    return wrong(containers=(dataclasses.replace(first, **fields),))  # type: ignore[arg-type]


def test_a_ship_notice_that_is_wrong_is_not_sent() -> None:
    utc = datetime.datetime(2026, 3, 9, tzinfo=datetime.timezone.utc)
    assert "time of creation" in wrong(created=None)
    assert "time of creation" in wrong(created=utc)
    assert "weight and unit" in wrong(weight_unit="")
    assert "nothing is shipped" in wrong(containers=())
    assert "structure SOTPI does not fit" in wrong(structure="SOTPI")
    assert "structure POI is not known" in wrong(structure="POI")
    assert "segment N1 is missing" in wrong(ship_to=None)
    assert "segment DTM is missing" in wrong(shipped=None)
    assert "segment TD1 is missing" in wrong(carton_count=0, pallet_count=0)
    assert "BSN02 shipment identification is missing" in wrong(number="")


def test_a_carton_that_is_wrong_is_not_sent() -> None:
    assert "no valid SSCC" in carton(sscc="")
    assert "no valid SSCC" in carton(sscc=A[:-1] + str((int(A[-1]) + 1) % 10))
    assert "no valid SSCC" in carton(sscc=A[:-1])
    assert "is empty" in carton(items=())
    twice = Random(2).ship_notice("SOPI").containers[:1] * 2
    assert "is there twice" in wrong(containers=twice)
    item = dataclasses.replace(twice[0].items[0], quantity=Decimal(0))
    assert "lacks order, product or quantity" in carton(items=(item,))
