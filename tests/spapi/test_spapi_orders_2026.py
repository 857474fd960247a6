"""Orders of a page: each is read for itself, completely, or says why not."""

import datetime
import json
import random
from decimal import Decimal
from typing import Any

import pytest
from seller_builders import breakdown, item, money, order, page, proceeds

from spapi import (
    ReadOrder,
    SellerCharge,
    SellerOrder,
    SellerParcelItem,
    TaxRegistration,
    difference,
    read_order,
    read_page,
)

UTC = datetime.timezone.utc


def read(value: Any) -> ReadOrder:
    (found,) = read_page(page(value)).orders
    return found


def understood(value: Any) -> SellerOrder:
    found = read(value)
    assert found.order is not None, found.issues
    assert found.issues == ()
    return found.order


def test_a_page_says_where_it_goes_on() -> None:
    data = page(
        order(),
        pagination={"nextToken": "abc"},
        lastUpdatedBefore="2026-11-02T00:00:00Z",
    )

    found = read_page(data)

    assert (len(found.orders), found.next_token, found.issues) == (1, "abc", ())
    assert found.updated_before == datetime.datetime(2026, 11, 2, tzinfo=UTC)


def test_a_single_order_is_read_alike() -> None:
    (alone,) = read_page(json.dumps({"order": order()}).encode()).orders

    assert alone == read(order())


def test_an_order_without_more_than_is_required_is_read() -> None:
    bare = order(orderItems=[{"orderItemId": "1", "quantityOrdered": 2, "product": {}}])

    found = understood(bare)

    assert found.number == "302-1000000-0000001"
    assert found.marketplace == "A1PA6795UKMFR9"
    assert (found.buyer, found.address, found.total) == (None, None, None)
    assert found.lines[0].charges == ()
    assert found.lines[0].quantity == 2


def test_the_whole_of_an_order_is_read() -> None:
    found = understood(
        order(
            orderAliases=[{"aliasId": "SO7", "aliasType": "SELLER_ORDER_ID"}],
            programs=["PRIME", "AMAZON_BUSINESS"],
            associatedOrders=[
                {"orderId": "302-1", "associationType": "EXCHANGE_ORIGINAL_ID"}
            ],
            buyer={
                "buyerName": "Ada",
                "buyerEmail": "a@marketplace.example",
                "buyerCompanyName": "Rad GmbH",
                "buyerPurchaseOrderNumber": "PO9",
            },
            tax={
                "taxRegistrations": [
                    {
                        "entityType": "BUYER",
                        "taxRegistrationType": "VAT",
                        "taxRegistrationNumber": "DE1",
                        "legalName": "Rad GmbH",
                        "taxRegistrationAddress": {"countryCode": "DE"},
                    },
                    {"entityType": "MERCHANT", "taxRegistrationNumber": "DE2"},
                ]
            },
            fulfillment={
                "fulfillmentStatus": "UNSHIPPED",
                "fulfilledBy": "MERCHANT",
                "fulfillmentServiceLevel": "EXPEDITED",
                "shipByWindow": {
                    "earliestDateTime": "2026-11-02T00:00:00+01:00",
                    "latestDateTime": "2026-11-03T00:00:00.5Z",
                },
                "deliverByWindow": {"latestDateTime": "2026-11-05T00:00:00Z"},
            },
        )
    )

    assert found.seller_number == "SO7"
    assert found.programs == ("PRIME", "AMAZON_BUSINESS")
    assert found.replaces == "302-1"
    assert found.buyer is not None and found.buyer.purchase_order == "PO9"
    assert found.buyer.registrations == (
        TaxRegistration(kind="VAT", number="DE1", name="Rad GmbH", country="DE"),
    )
    assert (found.status, found.fulfilled_by) == ("UNSHIPPED", "MERCHANT")
    assert found.service_level == "EXPEDITED"
    assert found.ship_not_before == datetime.datetime(2026, 11, 1, 23, tzinfo=UTC)
    late = datetime.datetime(2026, 11, 3, 0, 0, 0, 500000, tzinfo=UTC)
    assert found.ship_not_after == late
    assert found.deliver_not_before is None
    assert found.deliver_not_after == datetime.datetime(2026, 11, 5, tzinfo=UTC)


def test_the_address_has_the_buyers_wishes() -> None:
    hour = {"startTime": {"hour": 9, "minute": 5}, "endTime": {"hour": 17}}
    recipient = {
        "deliveryAddress": {
            "name": "Ada",
            "addressLine1": "Am Markt 7",
            "addressLine2": "",
            "addressLine3": "Hof",
            "municipality": "Ulm",
            "countryCode": "DE",
            "addressType": "PICKUP_POINT",
        },
        "deliveryPreference": {
            "addressInstruction": "Klingel defekt",
            "deliveryTime": {
                "businessHours": [{"dayOfWeek": "MON", "timeWindows": [hour]}]
            },
        },
    }

    address = understood(order(recipient=recipient)).address

    assert address is not None
    assert address.lines == ("Am Markt 7", "Hof")
    assert (address.city, address.kind) == ("Ulm", "PICKUP_POINT")
    assert address.instructions == "Klingel defekt\nMON 09:05-17:00"


def test_the_whole_of_a_line_is_read() -> None:
    line = item(
        quantityOrdered=2,
        programs=["TRANSPARENCY"],
        product={
            "asin": "B01",
            "title": "Kanne",
            "condition": {"conditionType": "USED", "conditionSubtype": "VERY_GOOD"},
            "price": {"unitPrice": money("5.00"), "priceDesignation": "BUSINESS_PRICE"},
        },
        promotion={"breakdowns": [{"promotionId": "P1"}, {"promotionId": "P2"}]},
        cancellation={
            "cancellationRequest": {"requester": "BUYER"},
            "cancellationExecution": {"cancelledBy": "AMAZON", "cancelReason": "late"},
        },
        fulfillment={
            "quantityFulfilled": 1,
            "packing": {
                "giftOption": {"giftMessage": "Alles Gute", "giftWrapLevel": "Rot"}
            },
            "shipping": {"internationalShipping": {"iossNumber": "IM1"}},
        },
        tax={
            "taxCalculationBreakdowns": [{"reportingScheme": "UOSS"}],
            "taxCollections": [{"model": "MARKETPLACE_FACILITATOR"}],
        },
    )

    (found,) = understood(order(orderItems=[line])).lines

    assert (found.quantity, found.shipped) == (2, 1)
    assert (found.asin, found.title, found.condition) == (
        "B01",
        "Kanne",
        "USED VERY_GOOD",
    )
    assert (found.unit_price, found.price_designation) == (5, "BUSINESS_PRICE")
    assert found.promotions == ("P1", "P2")
    assert (found.gift_wrap, found.gift_message) == ("Rot", "Alles Gute")
    assert found.cancel_requested == "BUYER"
    assert (found.cancelled_by, found.cancel_reason) == ("AMAZON", "late")
    assert (found.reporting_scheme, found.ioss) == ("UOSS", "IM1")
    assert found.collected_tax
    assert found.programs == ("TRANSPARENCY",)


def test_parcels_say_what_is_in_them() -> None:
    package = {
        "packageReferenceId": "1",
        "packageStatus": {"status": "IN_TRANSIT"},
        "carrier": "DHL",
        "shippingService": "Paket",
        "trackingNumber": "0034",
        "shipTime": "2026-11-02T08:00:00Z",
        "shipFromAddress": {"name": "Lager", "countryCode": "DE"},
        "packageItems": [{"orderItemId": "100", "quantity": 1}],
    }

    (found,) = understood(order(packages=[package])).parcels

    assert (found.number, found.status, found.tracking) == ("1", "IN_TRANSIT", "0034")
    assert (found.carrier, found.service) == ("DHL", "Paket")
    assert (found.ship_from, found.ship_from_country) == ("Lager", "DE")
    assert found.items == (SellerParcelItem(line="100", quantity=Decimal(1)),)


def test_the_tip_is_a_charge_of_the_order() -> None:
    sums = [breakdown("ITEM", "10.00"), breakdown("DELIVERY_TIP", "2.00")]

    found = understood(
        order(proceeds={"grandTotal": money("12.00"), "breakdowns": sums})
    )

    tip = SellerCharge(kind="DELIVERY_TIP", amount=Decimal("2.00"))
    assert (found.charges, found.currency) == ((tip,), "EUR")
    assert difference(found) == 0


@pytest.mark.parametrize(("total", "charged"), [("10.00", 0), ("12.00", 1)])
def test_a_pending_tip_counts_if_the_total_has_it(total: str, charged: int) -> None:
    tip = breakdown("DELIVERY_TIP", "2.00") | {"status": "PENDING"}

    found = understood(
        order(proceeds={"grandTotal": money(total), "breakdowns": [tip]})
    )

    assert len(found.charges) == charged
    assert difference(found) == 0


def test_a_kind_that_no_line_has_is_a_charge_of_the_order() -> None:
    sums = [breakdown("ITEM", "10.00"), breakdown("COD_FEE", "3.00")]

    found = understood(
        order(proceeds={"grandTotal": money("13.00"), "breakdowns": sums})
    )

    assert [(c.kind, c.amount) for c in found.charges] == [("COD_FEE", 3)]


def test_a_tax_of_the_order_that_no_line_has_is_an_issue() -> None:
    sums = [breakdown("ITEM", "10.00"), breakdown("TAX", "1.60")]

    found = read(order(proceeds={"grandTotal": money("10.00"), "breakdowns": sums}))

    assert found.order is not None
    assert "tax of 1.60" in found.issues[0]


def test_a_total_that_the_lines_do_not_come_to_shows() -> None:
    found = understood(order(proceeds={"grandTotal": money("10.01")}))

    assert difference(found) == Decimal("0.01")


def test_a_line_that_does_not_add_up_is_named_with_the_difference() -> None:
    line = item(proceeds=proceeds("12.00", breakdown("ITEM", "10.00")))

    found = read(order(orderItems=[line]))

    assert found.order is not None
    assert found.issues[0].startswith("orderItems[0].proceeds: ")
    assert "difference of 2.00" in found.issues[0]


def test_two_currencies_are_an_issue() -> None:
    found = read(order(proceeds={"grandTotal": money("10.00", "SEK")}))

    assert found.issues == ("the currencies differ: EUR, SEK",)


def test_an_order_of_another_shop_says_so() -> None:
    found = understood(order(salesChannel={"channelName": "NON_AMAZON"}))

    assert found.channel == "NON_AMAZON"


DEEP = json.loads("[" * 500 + "]" * 500)
BROKEN = {
    "no createdTime": order() | {"createdTime": None},
    "no salesChannel": order() | {"salesChannel": None},
    "a time that is none": order() | {"createdTime": "2026-13-01T00:00:00Z"},
    "no items": order() | {"orderItems": None},
    "items that are none": order() | {"orderItems": {"a": 1}},
    "an item that is none": order() | {"orderItems": [1]},
    "an item without number": order(orderItems=[item() | {"orderItemId": ""}]),
    "an item twice": order(orderItems=[item(), item()]),
    "an item without product": order(orderItems=[item() | {"product": None}]),
    "a quantity that is a text": order(orderItems=[item(quantityOrdered="1")]),
    "a quantity below zero": order(orderItems=[item(quantityOrdered=-1)]),
    "a quantity that is no number": order(orderItems=[item(quantityOrdered=1e400)]),
    "a quantity without end": order(orderItems=[item(quantityOrdered=10**400)]),
}


@pytest.mark.parametrize("name", BROKEN)
def test_one_broken_order_spoils_no_other(name: str) -> None:
    found = read_page(page(order("A"), BROKEN[name], order("B")))

    assert found.issues == ()
    assert [read.number for read in found.orders] == ["A", "302-1000000-0000001", "B"]
    assert [read.order is not None for read in found.orders] == [True, False, True]
    assert found.orders[1].issues


@pytest.mark.parametrize(
    "text",
    [
        '{"orderId": "X", "more": ' + "[" * 100000 + "]" * 100000 + "}",
        '{"more": ' + '{"orderId":' * 9999 + "1" + "}" * 9999 + ', "orderId": "X"}',
        '{"orderId": "X", "createdTime": NaN}',
        '{"orderId": "X", "createdTime": ' + "9" * 5000 + "}",
        '{"orderId": "X", "createdTime": 1e999999999999999999999}',
        '{"orderId": "X" "createdTime"}',
        '{"orderId": "X", "createdTime": \x01}',
    ],
)
def test_what_no_parser_takes_spoils_no_other(text: str) -> None:
    good = json.dumps(order("A"))

    found = read_page(f'{{"orders": [{good}, {text}, {good}]}}'.encode())

    assert [read.number for read in found.orders] == ["A", "X", "A"]
    assert [read.order is not None for read in found.orders] == [True, False, True]


WRONG = [
    ("buyer", "x", "buyer is not an object"),
    ("programs", ["PRIME", 7], "programs[1] is not a text"),
    ("packages", [3], "packages[0] is not an object"),
    ("proceeds", {"grandTotal": money("1,00")}, "an amount that is not a number"),
    ("proceeds", {"grandTotal": money("1" * 16)}, "an amount that is too large"),
    ("proceeds", {"grandTotal": {"amount": "1"}}, "has no currencyCode"),
    ("fulfillment", {"shipByWindow": {"latestDateTime": "soon"}}, "is not a time"),
]


@pytest.mark.parametrize(("name", "value", "issue"), WRONG)
def test_what_is_wrong_but_not_required_is_left_out_and_named(
    name: str, value: Any, issue: str
) -> None:
    found = read(order(**{name: value}))

    assert found.order is not None
    assert issue in found.issues[0]
    assert name in found.issues[0]


@pytest.mark.parametrize(
    "data",
    [b"", b"[]", b"7", b"null", b"\xff{}", b"{}", b'{"orders": 5}', b"[" * 100000]
    + [b'{"orders": [{"orderId": "1"', b'{"errors": [{"code": "InvalidInput"}]}'],
)
def test_what_is_no_page_is_an_issue(data: bytes) -> None:
    found = read_page(data)

    assert found.orders == ()
    assert found.issues


def test_no_damaged_page_raises() -> None:
    whole = page(order("A", buyer={"buyerName": 'Ö\\"'}), order("B"))
    chance = random.Random(7)
    for _ in range(500):
        data = bytearray(whole)
        for _ in range(chance.randint(1, 5)):
            data[chance.randrange(len(data))] = chance.choice(b'{}[]",:\\0x\xff')
        read_page(bytes(data))
    for end in range(len(whole)):
        assert read_page(whole[:end]).issues


def test_the_hash_ignores_the_order_of_keys_alone() -> None:
    value = order(more={"b": 1, "a": [1, 2]})
    turned = dict(reversed(value.items())) | {"more": {"a": [1, 2], "b": 1}}

    assert read(value).hash == read(turned).hash
    assert read(value).raw == read(turned).raw
    for other in ({"b": 1, "a": [2, 1]}, {"b": "1", "a": [1, 2]}, {"b": 1.0}):
        assert read(order(more=other)).hash != read(value).hash


def test_what_is_kept_of_an_order_is_read_alike() -> None:
    first = read(order(buyer={"buyerName": "Jörg \ud800 \0"}, weight=1.50))

    assert read_order(first.raw.decode()) == first


def test_no_text_has_what_no_database_stores() -> None:
    found = understood(order(buyer={"buyerName": " J\ud800rg\0 "}))

    assert found.buyer is not None
    assert found.buyer.name == "J\N{REPLACEMENT CHARACTER}rg"


def test_a_key_in_escapes_is_the_same_key() -> None:
    data = page(order("A"), {"": 5}).replace(b'"orders"', rb'"\u006frders"')

    assert [read.number for read in read_page(data).orders] == ["A", ""]
