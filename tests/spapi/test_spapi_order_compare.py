import datetime
from dataclasses import replace
from decimal import Decimal

import pytest

from spapi import (
    SellerCharge,
    SellerOrder,
    SellerOrderLine,
    SellerParcel,
    SellerParcelItem,
    added,
    disagreements,
    join,
    merge_shipments,
    recognise,
    renewed,
    report_types,
    with_basis,
)
from spapi.report_columns import (
    ALL_BY_ORDER_DATE,
    ALL_BY_UPDATE,
    ORDER_INVOICING,
    ORDER_SHIPPING,
    ORDER_TAX,
    SHIPMENTS_INVOICING,
)

CREATED = datetime.datetime(2026, 11, 1, 10, tzinfo=datetime.timezone.utc)


def charge(kind="ITEM", amount="11.90", tax="1.90", of=""):
    return SellerCharge(kind=kind, amount=Decimal(amount), tax=Decimal(tax), of=of)


def line(*charges, number="1", quantity=1, basis="gross"):
    return SellerOrderLine(
        number=number, quantity=Decimal(quantity), charges=charges, basis=basis
    )


def order(*lines, source="orders", **values):
    number = "302-1000000-0000001"
    return SellerOrder(
        number=number, source=source, created=CREATED, lines=lines, **values
    )


def shipped(*parcels):
    """An order as a report of shipments tells it: a piece in each parcel."""
    items = tuple(
        SellerParcel(
            number=number,
            items=(
                SellerParcelItem(
                    line="1",
                    quantity=Decimal(1),
                    number=f"{number}-1",
                    charges=(charge(),),
                ),
            ),
        )
        for number in parcels
    )
    told = order(line(charge()), source=SHIPMENTS_INVOICING, parcels=items)
    return with_basis(merge_shipments([told])[0], "gross")


def test_the_same_spelt_differently_agrees():
    zero = charge("SHIPPING", "0", "0")
    net = line(charge(amount="10.00"), basis="net")
    assert not disagreements(order(line(charge(), zero)), order(net))


def test_a_discount_counts_with_what_it_reduces():
    # reports take it off the tax of the item, the API states a tax of its own
    api = line(charge(amount="20.00", tax="3.80"), charge("DISCOUNT", "-2", "-0.38"))
    report = line(charge(amount="20.00", tax="3.42"), charge("DISCOUNT", "-2", "0"))
    one, other = (replace(each, basis="net") for each in (api, report))
    assert not disagreements(order(one), order(other))


@pytest.mark.parametrize(
    ("other", "found"),
    [
        (line(charge(amount="12.90")), ("amount", "ITEM", "11.90", "12.90")),
        (line(charge(), quantity=2), ("quantity", "1", "1", "2")),
        (
            line(charge(), charge("SHIPPING", "3", "0")),
            ("amount", "SHIPPING", "0", "3"),
        ),
    ],
)
def test_a_true_difference_is_named(other, found):
    assert disagreements(order(line(charge())), order(other)) == (found,)


def test_a_half_without_amounts_is_silent_about_them():
    assert not disagreements(order(line(charge())), order(line(basis="")))


def test_what_has_not_left_yet_is_no_contradiction():
    whole = order(line(charge(amount="23.80", tax="3.80"), quantity=2))
    assert not disagreements(whole, shipped("S1"))
    assert disagreements(order(line(charge())), shipped("S1", "S2"))


def test_a_cancelled_order_contradicts_only_what_was_shipped():
    gone = order(line(quantity=0, basis=""), status="CANCELLED")
    assert not disagreements(gone, order(line(charge())))
    [found] = disagreements(gone, replace(shipped("S1"), status="SHIPPED"))
    assert found.what == "status"


def test_what_a_further_shipment_adds_is_an_order_of_its_own():
    more = added(shipped("S1"), shipped("S1", "S2"))
    assert more is not None
    assert [parcel.number for parcel in more.parcels] == ["S2"]
    assert [(each.quantity, each.charges) for each in more.lines] == [(1, (charge(),))]


def test_nothing_is_added_by_what_was_known():
    same = added(shipped("S1"), shipped("S1"))
    assert same is not None
    assert not same.parcels


def test_a_shipment_that_says_otherwise_adds_nothing():
    before = shipped("S1")
    [parcel] = before.parcels
    [item] = parcel.items
    item = replace(item, quantity=Decimal(5))
    other = replace(before, parcels=(replace(parcel, items=(item,)),))
    assert added(before, other) is None


def half(part, source, *charges, **values):
    return order(line(*charges, **values), source=source, parts=(part,))


def test_a_half_told_anew_takes_the_place_of_the_old_one():
    shipping = half("shipping", ORDER_SHIPPING)
    invoicing = half("invoicing", ORDER_INVOICING, charge())
    known = join(shipping, invoicing).order
    dearer = half("invoicing", ORDER_INVOICING, charge(amount="20.00"))
    found, issues = renewed(known, dearer)
    assert found.lines[0].charges == dearer.lines[0].charges
    assert (found.parts, issues) == (known.parts, ())
    again, issues = renewed(known, replace(shipping, service_text="Express"))
    assert again.service_text == "Express"
    assert again.lines[0].charges == (charge(),)


def test_half_of_a_half_is_still_waited_for():
    shipping = half("shipping", ORDER_SHIPPING)
    assert renewed(shipping, shipping).order.parts == ("shipping",)


@pytest.mark.parametrize("region", ["na", "eu", "fe"])
def test_every_region_has_all_parts_and_shipments(region):
    halves = report_types.wanted("mfn", region)
    other = ORDER_TAX if region == "na" else ORDER_INVOICING
    assert [each.name for each in halves] == [ORDER_SHIPPING, other, ALL_BY_UPDATE]
    [shipments] = report_types.wanted("fba", region)
    assert shipments.restricted == bool(shipments.instead)
    [totals] = report_types.wanted("all", region)
    assert report_types.is_totals(totals.name)


def test_a_report_is_recognised_by_its_columns():
    data = b"order-id\torder-item-id\titem-price\r\n"
    assert recognise(data) == (ORDER_INVOICING, "")
    kind, issue = recognise(b"ISA*00*          *00*")
    assert not kind
    assert "tab" in issue


def test_an_all_orders_report_serves_to_compare():
    assert report_types.is_totals(ALL_BY_ORDER_DATE)
    assert not report_types.is_totals(ORDER_SHIPPING)
    assert not report_types.is_totals("")
