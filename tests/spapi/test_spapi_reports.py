"""Order reports: columns by their names, rows for themselves, both halves joined."""

import dataclasses
import datetime
import time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from seller_builders import (
    INVOICING_ROW,
    ROW,
    SHIPMENT_ROW,
    SHIPPING_ROW,
    TOTALS_ROW,
    report,
)

from spapi import (
    REPORT_KINDS,
    SellerAddress,
    SellerCharge,
    SellerOrder,
    difference,
    join,
    merge_shipments,
    read_report,
    read_totals,
    with_basis,
)

SHIPPING = "GET_FLAT_FILE_ORDER_REPORT_DATA_SHIPPING"
INVOICING = "GET_FLAT_FILE_ORDER_REPORT_DATA_INVOICING"
UTC = datetime.timezone.utc
D = Decimal


def only(data: bytes, **options: str) -> SellerOrder:
    (found,) = read_report(data, **options).orders
    assert found.order is not None, found.issues
    assert found.issues == ()
    return found.order


def test_the_shipping_half_has_address_and_service() -> None:
    found = only(report(SHIPPING_ROW | {"is-prime": "true"}))

    assert (found.source, found.parts) == (SHIPPING, ("shipping",))
    assert found.number == "302-1000000-0000001"
    assert found.created == datetime.datetime(2026, 11, 1, 10, tzinfo=UTC)
    assert found.address == SellerAddress(
        name="Jörg Weiß",
        lines=("Am Markt 7",),
        city="Köln",
        postal_code="50667",
        country="DE",
    )
    assert found.service_text == "Std DE Dom_1"
    assert (found.programs, found.fulfilled_by) == (("PRIME",), "MERCHANT")
    assert found.buyer is not None and found.buyer.email == "x1@marketplace.example"
    assert [(line.number, line.sku, line.quantity) for line in found.lines] == [
        ("100", "SKU-100", 1)
    ]


def test_the_invoicing_half_has_the_amounts_of_the_whole_line() -> None:
    amounts = {
        "quantity-purchased": "2",
        "item-price": "23.80",
        "item-tax": "3.80",
        "shipping-price": "4.90",
        "shipping-tax": "0.78",
        "item-promotion-discount": "1.00",
    }

    found = only(report(INVOICING_ROW | amounts))

    assert (found.source, found.parts) == (INVOICING, ("invoicing",))
    assert found.currency == "EUR"
    assert found.lines[0].basis == ""
    assert found.lines[0].charges == (
        SellerCharge(kind="ITEM", amount=D("23.80"), tax=D("3.80")),
        SellerCharge(kind="SHIPPING", amount=D("4.90"), tax=D("0.78")),
        SellerCharge(kind="DISCOUNT", amount=D("-1.00"), of="ITEM"),
    )


def test_a_file_that_says_all_needs_no_other_half() -> None:
    whole = report(SHIPPING_ROW | INVOICING_ROW)

    assert only(whole).parts == ("shipping", "invoicing")
    assert only(whole, kind=SHIPPING).parts == ("shipping",)
    open_ = SHIPPING_ROW | INVOICING_ROW | {"quantity-to-ship": "1"}
    assert (only(report(open_)).status, only(report(open_)).parts) == ("UNSHIPPED", ())


def test_columns_come_in_any_order_and_unknown_ones_are_no_matter() -> None:
    turned = dict(reversed(SHIPPING_ROW.items())) | {"license-state": "Bayern"}

    assert only(report(turned)) == only(report(SHIPPING_ROW))


def test_a_column_that_was_not_picked_is_empty() -> None:
    found = only(report(ROW))

    assert (found.address, found.buyer, found.service_text) == (None, None, "")


KINDS = [
    (SHIPPING_ROW, SHIPPING),
    (INVOICING_ROW, INVOICING),
    (
        SHIPPING_ROW | {"quantity-to-ship": "1"},
        "GET_FLAT_FILE_ACTIONABLE_ORDER_DATA_SHIPPING",
    ),
    (SHIPMENT_ROW, "GET_AMAZON_FULFILLED_SHIPMENTS_DATA_GENERAL"),
    (TOTALS_ROW, "GET_FLAT_FILE_ALL_ORDERS_DATA_BY_LAST_UPDATE_GENERAL"),
]


@pytest.mark.parametrize(("row", "kind"), KINDS)
def test_the_headings_tell_which_report_it_is(row: dict[str, str], kind: str) -> None:
    assert read_report(report(row)).kind == kind


@pytest.mark.parametrize("kind", REPORT_KINDS)
def test_every_kind_is_read_as_what_it_was_asked_for(kind: str) -> None:
    rows = {"orders": SHIPPING_ROW, "shipments": SHIPMENT_ROW, "totals": TOTALS_ROW}
    data = report(rows[REPORT_KINDS[kind].rows])
    read = read_totals if REPORT_KINDS[kind].rows == "totals" else read_report

    assert read(data, kind=kind).kind == kind
    assert read(data, kind=kind).issues == ()


@pytest.mark.parametrize(
    "data", [b"", b"%PDF-1.7\n", b"<html>\t<body>\n", b"a\tb\n1\t2\n", b"\0\xff\xfe"]
)
def test_what_is_no_report_is_an_issue(data: bytes) -> None:
    assert read_report(data).issues
    assert read_totals(data).issues


def test_another_report_than_was_asked_for_is_an_issue() -> None:
    assert read_report(report(SHIPMENT_ROW), kind=SHIPPING).issues
    assert read_report(report(TOTALS_ROW), kind=SHIPPING).issues
    assert read_totals(report(SHIPPING_ROW)).issues


CHARSETS = [
    ("utf-8", "", "Jörg Weiß"),
    ("utf-8-sig", "", "Jörg Weiß"),
    ("utf-16", "", "Jörg Weiß"),
    ("cp1252", "", "Jörg Weiß"),
    ("cp1252", "", "Mäntel für Größen, 5 €"),
    ("cp1252", "Cp1252", "Jörg Weiß"),
    ("utf-8", "ISO-8859-1", "Jörg Weiß"),
    ("cp1250", "windows-1250", "Žofie"),
    ("cp932", "", "山田 たろう"),
    ("cp932", "", "東京都 ハコネ"),
    ("cp932", "Shift_JIS", "山田①"),
    ("utf-8", "nonsense", "山田"),
]


@pytest.mark.parametrize(("charset", "hint", "name"), CHARSETS)
def test_the_charset_is_found(charset: str, hint: str, name: str) -> None:
    data = report(
        SHIPPING_ROW | {"recipient-name": name, "ship-city": ""}, charset=charset
    )

    address = only(data, charset_hint=hint).address

    assert address is not None and address.name == name


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_lines_end_either_way(end: str) -> None:
    assert only(report(SHIPPING_ROW, end=end)).address is not None


def test_a_quotation_mark_is_a_character() -> None:
    row = SHIPPING_ROW | {"product-name": '"Kanne" 5" Ø'}

    assert only(report(row, SHIPPING_ROW | {"order-item-id": "7"})).lines[0].title == (
        '"Kanne" 5" Ø'
    )


def test_a_line_break_within_a_cell_is_mended() -> None:
    data = report(SHIPPING_ROW | {"ship-address-2": "Hof\r\nHaus"}, SHIPPING_ROW)
    others = report(SHIPPING_ROW | {"order-id": "302-1000000-0000002"})
    data += others.partition(b"\n")[2]

    first, second = read_report(data).orders

    assert first.order is not None and first.order.address is not None
    assert first.order.address.lines == ("Am Markt 7", "Hof Haus")
    assert (first.number, second.number) == (
        "302-1000000-0000001",
        "302-1000000-0000002",
    )


AMOUNTS = [
    ("1234.5", "1234.5"),
    ("12,34", "12.34"),
    ("1.234,56", "1234.56"),
    ("1,234.56", "1234.56"),
    ("1,234", "1234"),
    ("1.234", "1.234"),
    ("-3.00", "-3.00"),
    ("1500", "1500"),
]


@pytest.mark.parametrize(("written", "amount"), AMOUNTS)
def test_amounts_have_a_point_or_the_comma_of_a_spreadsheet(
    written: str, amount: str
) -> None:
    found = only(report(INVOICING_ROW | {"item-price": written}))

    assert str(found.lines[0].charges[0].amount) == amount


BROKEN = [
    ({"item-price": "abc"}, "item-price is not a number: 'abc'"),
    ({"item-price": "1" * 30}, "item-price is too large"),
    ({"item-price": "NaN"}, "item-price is not a number"),
    ({"purchase-date": "yesterday"}, "purchase-date is not a time"),
    ({"quantity-purchased": ""}, "quantity-purchased is missing"),
    ({"quantity-purchased": "-1"}, "quantity-purchased is negative"),
    ({"order-item-id": ""}, "has no order-item-id"),
    ({"buyer-company-name": "a\tb"}, "has 14 cells, the heading 13"),
]


@pytest.mark.parametrize(("cells", "issue"), BROKEN)
def test_a_broken_row_is_named_and_the_others_go_on(
    cells: dict[str, str], issue: str
) -> None:
    good = INVOICING_ROW | {"order-id": "302-1000000-0000002"}

    first, second = read_report(report(INVOICING_ROW | cells, good)).orders

    assert f"line 2: {issue}" in first.issues[0]
    assert (second.number, second.issues) == ("302-1000000-0000002", ())
    assert second.order is not None


def test_an_order_keeps_its_good_rows_beside_a_broken_one() -> None:
    bad = INVOICING_ROW | {"order-item-id": "200", "item-tax": "?"}

    (found,) = read_report(report(INVOICING_ROW, bad)).orders

    assert found.order is not None
    assert [line.number for line in found.order.lines] == ["100"]
    assert found.issues == ("line 3: item-tax is not a number: '?'",)


def test_a_row_that_ends_early_is_broken_if_an_amount_is_missing() -> None:
    cut = report(INVOICING_ROW)[:-20].rstrip(b"\t\r\n") + b"\r\n"

    (found,) = read_report(cut).orders

    assert "line 2: ends after" in found.issues[0]


def test_a_row_without_order_number_belongs_to_no_order() -> None:
    found = read_report(report(SHIPPING_ROW, SHIPPING_ROW | {"order-id": "12"}))

    assert len(found.orders) == 1
    assert found.issues == ("line 3: '12' is no order number",)


def test_the_same_row_twice_counts_once() -> None:
    assert len(only(report(INVOICING_ROW, INVOICING_ROW)).lines) == 1


def test_an_item_that_two_rows_tell_otherwise_is_an_issue() -> None:
    other = INVOICING_ROW | {"item-price": "1.00"}

    (found,) = read_report(report(INVOICING_ROW, other)).orders

    assert found.issues == (
        "line 3: has the order-item-id of line 2, but says otherwise",
    )


def test_what_is_kept_of_an_order_is_read_alike() -> None:
    other = INVOICING_ROW | {"order-id": "302-1000000-0000002", "order-item-id": "9"}
    found = read_report(report(INVOICING_ROW, other))

    for read in found.orders:
        assert read_report(read.raw, kind=found.kind).orders[0].order == (
            dataclasses.replace(read.order, parts=("invoicing",))
        )


cells = st.text(
    st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp")), max_size=20
).map(str.strip)


@given(cells, cells, cells, st.decimals(0, 10**6, places=2))
def test_what_is_written_is_read(
    title: str, name: str, line: str, price: Decimal
) -> None:
    row = SHIPPING_ROW | INVOICING_ROW
    row |= {"product-name": title, "recipient-name": name, "ship-address-2": line}

    found = only(report(row | {"item-price": str(price)}))

    assert found.lines[0].title == title
    assert found.address is not None and found.address.name == name
    assert found.address.lines == tuple(filter(None, ("Am Markt 7", line)))
    assert found.lines[0].charges[0].amount == price


@pytest.mark.parametrize(("basis", "total"), [("net", "16.50"), ("gross", "13.80")])
def test_the_setting_says_if_the_amounts_hold_their_tax(basis: str, total: str) -> None:
    amounts = {"shipping-price": "2.90", "shipping-tax": "0.80"}
    amounts |= {"item-promotion-discount": "1.00"}
    order = only(report(INVOICING_ROW | amounts))

    found = with_basis(order, basis)

    assert found.lines[0].basis == basis
    assert found.lines[0].total == D(total)
    assert difference(found) == 0
    assert order.lines[0].basis == ""


def test_a_line_without_tax_has_no_basis() -> None:
    found = with_basis(only(report(INVOICING_ROW | {"item-tax": "0.00"})), "net")

    assert (found.lines[0].basis, found.lines[0].total) == ("", D("11.90"))


def halves(**cells: str) -> tuple[SellerOrder, SellerOrder]:
    return only(report(SHIPPING_ROW)), only(report(INVOICING_ROW | cells))


@pytest.mark.parametrize("turned", [False, True])
def test_both_halves_make_one_order(turned: bool) -> None:
    first, second = halves(**{"buyer-company-name": "Rad GmbH"})

    found = join(second, first) if turned else join(first, second)

    assert found.issues == ()
    assert found.order.parts == ("shipping", "invoicing")
    assert found.order.address == first.address
    assert found.order.service_text == "Std DE Dom_1"
    assert found.order.currency == "EUR"
    assert found.order.buyer is not None
    assert found.order.buyer.company == "Rad GmbH"
    assert found.order.buyer.email == "x1@marketplace.example"
    assert found.order.lines[0].charges == second.lines[0].charges


def test_an_item_that_only_one_half_has_is_an_issue() -> None:
    first, second = halves(**{"order-item-id": "200"})

    found = join(first, second)

    assert [line.number for line in found.order.lines] == ["100", "200"]
    assert found.issues == (
        f"order item 100 is only in {SHIPPING}",
        f"order item 200 is only in {INVOICING}",
    )


def test_halves_that_count_otherwise_are_an_issue() -> None:
    first, second = halves(**{"quantity-purchased": "2"})

    assert "order item 100 is 1 in" in join(first, second).issues[0]


def test_the_same_half_again_makes_no_whole() -> None:
    first, _second = halves()
    again = only(report(SHIPPING_ROW | {"ship-address-1": "Am Markt 8"}))

    found = join(first, again).order

    assert found.parts == ("shipping",)
    assert found.address is not None and found.address.lines == ("Am Markt 8",)


def test_halves_of_different_orders_are_not_joined() -> None:
    first, second = halves(**{"order-id": "302-1000000-0000002"})

    with pytest.raises(ValueError, match="different orders"):
        join(first, second)


SECOND = SHIPMENT_ROW | {
    "shipment-id": "S2",
    "shipment-item-id": "I2",
    "tracking-number": "T2",
    "quantity-shipped": "2",
    "item-price": "23.80",
    "item-tax": "3.80",
}
OTHER = SECOND | {"shipment-item-id": "I3", "amazon-order-item-id": "200"}


def test_shipments_are_parcels_with_what_is_in_them() -> None:
    found = only(report(SHIPMENT_ROW, SECOND, OTHER))

    assert (found.fulfilled_by, found.status, found.parts) == ("AMAZON", "SHIPPED", ())
    assert [(line.number, line.quantity) for line in found.lines] == [
        ("100", 3),
        ("200", 2),
    ]
    assert found.lines[0].charges == (
        SellerCharge(kind="ITEM", amount=D("35.70"), tax=D("5.70")),
    )
    first, second = found.parcels
    assert (first.number, first.carrier, first.tracking) == ("S1", "DHL", "T1")
    assert first.ship_from == "LEJ1"
    assert first.shipped == datetime.datetime(2026, 11, 2, 9, tzinfo=UTC)
    assert [(item.line, item.quantity) for item in second.items] == [
        ("100", 2),
        ("200", 2),
    ]


def test_an_order_grows_over_reports_and_counts_nothing_twice() -> None:
    early = only(report(SHIPMENT_ROW, SECOND))
    late = only(report(SECOND, OTHER))

    assert merge_shipments([early, late]) == (
        only(report(SHIPMENT_ROW, SECOND, OTHER)),
    )
    assert merge_shipments([early, early]) == (early,)


def test_what_grows_has_its_basis_chosen_again() -> None:
    early = with_basis(only(report(SHIPMENT_ROW)), "gross")

    (found,) = merge_shipments([early, only(report(SECOND))])

    assert (found.lines[0].basis, found.lines[0].total) == ("", None)
    assert with_basis(found, "gross").lines[0].total == D("35.70")


def test_orders_are_merged_each_with_its_own() -> None:
    one = only(report(SHIPMENT_ROW))
    other = only(report(SHIPMENT_ROW | {"amazon-order-id": "302-1000000-0000002"}))

    assert merge_shipments([one, other, one]) == (one, other)


def test_the_all_orders_report_is_summed_by_order() -> None:
    second = TOTALS_ROW | {
        "quantity": "2",
        "item-price": "20.00",
        "item-tax": "3.20",
        "shipping-price": "5.00",
        "ship-promotion-discount": "5.00",
    }
    cancelled = TOTALS_ROW | {"item-status": "Cancelled", "item-price": "99.00"}

    (found,) = read_totals(report(TOTALS_ROW, second, cancelled)).totals

    assert (found.number, found.channel) == ("302-1000000-0000001", "Amazon.de")
    assert (found.status, found.fulfilled_by) == ("SHIPPED", "MERCHANT")
    assert (found.lines, found.quantity, found.currency) == (2, 3, "EUR")
    assert (found.amount, found.tax) == (D("31.90"), D("5.10"))
    assert (found.total("gross"), found.total("net")) == (D("31.90"), D("37.00"))


def test_a_row_of_totals_that_cannot_be_counted_is_named() -> None:
    (found,) = read_totals(report(TOTALS_ROW | {"item-price": "x"})).totals

    assert found.issues == ("line 2: item-price is not a number: 'x'",)


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("Shipped - Delivered to Buyer", "SHIPPED"),
        ("Pending", "PENDING"),
        ("Cancelled", "CANCELLED"),
        ("Partially Shipped", "PARTIALLY_SHIPPED"),
    ],
)
def test_statuses_are_those_of_the_orders_api(text: str, status: str) -> None:
    (found,) = read_totals(report(TOTALS_ROW | {"order-status": text})).totals

    assert found.status == status


def test_ten_times_the_rows_take_about_ten_times_as_long() -> None:
    def seconds(count: int) -> float:
        data = report(
            *(
                SHIPPING_ROW
                | {"order-id": f"302-1000000-{i // 2:07}", "order-item-id": f"{i}"}
                for i in range(count)
            )
        )
        begin = time.process_time()
        assert len(read_report(data).orders) == count // 2
        return time.process_time() - begin

    seconds(200)
    assert seconds(10_000) < 30 * seconds(1_000)
