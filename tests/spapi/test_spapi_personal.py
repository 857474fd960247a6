"""Orders without their personal data: the values, and the bytes that were kept."""

import dataclasses
import datetime
import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from seller_builders import (
    INVOICING_ROW,
    SHIPPING_ROW,
    TOTALS_ROW,
    order,
    page,
    report,
)

from spapi import (
    ReadOrder,
    SellerAddress,
    SellerBuyer,
    SellerCharge,
    SellerOrder,
    SellerOrderLine,
    SellerParcel,
    SellerParcelItem,
    TaxRegistration,
    cut_columns,
    cut_page,
    cut_report,
    is_cut,
    personal_texts,
    read_page,
    read_report,
    read_totals,
    without_personal_data,
)

FIRST, SECOND = "302-1000000-0000001", "302-1000000-0000002"
# what the books keep; a new text on an order has to be judged, and entered here or not
KEPT = {
    "SellerOrder": {
        "number",
        "source",
        "parts",
        "seller_number",
        "marketplace",
        "channel",
        "status",
        "fulfilled_by",
        "service_level",
        "service_text",
        "programs",
        "replaces",
        "currency",
    },
    "SellerAddress": {"country"},
    "SellerOrderLine": {
        "number",
        "sku",
        "asin",
        "title",
        "condition",
        "price_designation",
        "basis",
        "reporting_scheme",
        "ioss",
        "promotions",
        "gift_wrap",
        "cancelled_by",
        "programs",
        "ship_from_country",
    },
    "SellerCharge": {"kind", "of"},
    "SellerParcel": {
        "number",
        "status",
        "carrier",
        "service",
        "tracking",
        "ship_from",
        "ship_from_country",
    },
    "SellerParcelItem": {"line", "number"},
}
INNER = {
    "buyer": SellerBuyer,
    "registrations": TaxRegistration,
    "address": SellerAddress,
    "lines": SellerOrderLine,
    "parcels": SellerParcel,
    "charges": SellerCharge,
}


def marked(kind: Any) -> Any:
    """A value of ``kind`` in whose every text stands where it is."""
    values = {}
    for field in dataclasses.fields(kind):
        name, text = field.name, f"{kind.__name__}.{field.name} Text"
        if field.type == "str":
            values[name] = text
        elif field.type == "tuple[str, ...]":
            values[name] = (text,)
        elif name == "items":
            values[name] = (marked(SellerParcelItem),)
        elif name in INNER and "tuple" in str(field.type) and kind is not SellerAddress:
            values[name] = (marked(INNER[name]),)
        elif name in INNER:
            values[name] = marked(INNER[name])
        elif field.type == "bool":
            values[name] = False
        elif "datetime" in str(field.type):
            values[name] = datetime.datetime(2026, 11, 1, tzinfo=datetime.timezone.utc)
        else:
            values[name] = Decimal(1)
    return kind(**values)


def texts(value: Any) -> Iterator[str]:
    """The texts in a value, as ``Class.field``, those that were marked."""
    if dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            yield from texts(getattr(value, field.name))
    elif isinstance(value, tuple):
        for inner in value:
            yield from texts(inner)
    elif isinstance(value, str) and value.endswith(" Text"):
        yield value.removesuffix(" Text")


def test_nothing_is_left_but_what_the_books_keep() -> None:
    left = set(texts(without_personal_data(marked(SellerOrder))))
    kept = {f"{kind}.{name}" for kind, names in KEPT.items() for name in names}
    assert left == kept


def test_every_text_that_goes_is_looked_for_elsewhere() -> None:
    whole = marked(SellerOrder)
    gone = set(texts(whole)) - set(texts(without_personal_data(whole)))
    looked_for = {text.removesuffix(" Text") for text in personal_texts(whole)}
    # words that stand everywhere
    usual = {
        f"SellerAddress.{name}" for name in ("city", "state", "postal_code", "kind")
    } | {"TaxRegistration.kind", "TaxRegistration.country"}
    assert gone - looked_for == usual - set(texts(without_personal_data(whole)))


def test_without_personal_data_once_is_enough() -> None:
    once = without_personal_data(marked(SellerOrder))
    assert without_personal_data(once) == once
    assert not personal_texts(once)


def test_a_code_of_amazons_is_no_personal_data() -> None:
    line = SellerOrderLine(
        number="1",
        quantity=Decimal(1),
        cancel_requested="Erika changed her mind",
        cancel_reason="CUSTOMER_REQUEST",
    )
    whole = dataclasses.replace(
        marked(SellerOrder),
        lines=(line,),
        address=SellerAddress(state="WA", country="US"),
    )
    left = without_personal_data(whole)
    assert left.lines[0].cancel_requested == "BUYER"
    assert left.lines[0].cancel_reason == "CUSTOMER_REQUEST"
    assert left.address == SellerAddress(state="WA", country="US")


def readings(data: bytes) -> dict[str, ReadOrder]:
    return {read.number: read for read in read_page(data).orders}


def test_an_order_is_cut_out_of_a_page_and_the_others_read_as_before() -> None:
    buyer = {"buyerName": "Erika Beispiel", "note": '{"": 0}'}
    data = page(
        order(FIRST, buyer=buyer),
        order(SECOND, buyer={"buyerName": "Otto"}),
        pagination={"nextToken": '{"": 1} "x"'},
    )
    left = cut_page(data, {FIRST})
    assert b"Erika" not in left
    before, after = readings(data), readings(left)
    assert after[SECOND] == before[SECOND]
    assert is_cut(after[FIRST]) and not is_cut(before[FIRST])
    assert not is_cut(after[SECOND])
    assert json.loads(left)["pagination"] == {"nextToken": '{"": 1} "x"'}
    assert cut_page(left, {FIRST}) == left


def test_an_order_without_a_number_is_cut_as_such() -> None:
    nameless = order(buyer={"buyerName": "Erika"})
    del nameless["orderId"]
    left = cut_page(page(nameless, order(SECOND)), {""})
    assert b"Erika" not in left
    assert [read.number for read in read_page(left).orders] == ["", SECOND]


def test_a_malformed_order_is_cut_as_well() -> None:
    data = (
        b'{"orders":[{"orderId":"302-1000000-0000001","buyer":{"buyerName":"Erika"},},'
        b'{"orderId":"302-1000000-0000002"}]}'
    )
    left = cut_page(data, {FIRST})
    assert b"Erika" not in left and SECOND.encode() in left


def test_of_a_page_that_breaks_off_nothing_is_left() -> None:
    data = page(order(FIRST), order(SECOND, buyer={"buyerName": "Erika"}))
    assert cut_page(data[: data.index(b"Erika") + 5], {FIRST}) == b""


def test_of_bytes_that_are_no_page_nothing_is_left() -> None:
    assert cut_page(b"\xff\xfeErika", {FIRST}) == b""


def test_an_order_is_cut_out_of_a_report_and_the_others_read_as_before() -> None:
    other = SHIPPING_ROW | {"order-id": SECOND, "recipient-name": "Otto Ütz"}
    data = report(SHIPPING_ROW, SHIPPING_ROW | {"order-item-id": "101"}, other)
    left = cut_report(data, {FIRST})
    assert "Jörg".encode() not in left
    before = {read.number: read for read in read_report(data).orders}
    after = {read.number: read for read in read_report(left).orders}
    assert after[SECOND] == before[SECOND]
    assert is_cut(after[FIRST]) and not is_cut(before[FIRST])
    assert not is_cut(after[SECOND])


def test_a_report_in_another_character_set_stays_readable() -> None:
    other = INVOICING_ROW | {"order-id": SECOND, "product-name": "Weißer Ütz"}
    data = report(INVOICING_ROW, other).decode().encode("cp1252")
    left = cut_report(data, {FIRST}, "Cp1252")
    (kept,) = (o for o in read_report(left, "Cp1252").orders if o.number == SECOND)
    assert kept.order and kept.order.lines[0].title == "Weißer Ütz"


def test_of_bytes_that_are_no_report_nothing_is_left() -> None:
    assert cut_report(b"Dear Erika,\nyour mug\n", {FIRST}) == b""


@given(st.binary() | st.text().map(str.encode), st.sets(st.text(max_size=3)))
def test_cutting_never_raises(data: bytes, numbers: set[str]) -> None:
    cut_page(data, numbers)
    cut_report(data, numbers)


def test_cells_that_may_tell_of_a_person_are_cut_out_of_every_row() -> None:
    row = TOTALS_ROW | {"ship-city": "Köln", "purchase-order-number": "PO-7"}
    data = report(row, row, charset="cp1252")

    left = cut_columns(data, "Cp1252")

    assert "Köln" not in left.decode() and "PO-7" not in left.decode()
    assert read_totals(left).totals == read_totals(data).totals
    assert cut_columns(left) == left
    assert cut_columns(report(TOTALS_ROW)) == report(TOTALS_ROW)
