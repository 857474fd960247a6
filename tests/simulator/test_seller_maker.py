"""Orders that are made, put, and changed: every kind, and money that adds up."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import pytest
from shop import Shop
from stdnum.eu import vat

from simulator.seller_marketplaces import BY_COUNTRY
from simulator.seller_money import Charges, Purse, proceeds

Json = dict[str, Any]
GERMANY = {"fba": 0, "marketplaces": ["DE"]}


def one(shop: Shop, **wishes: Any) -> Json:
    (order_id,) = shop.make(1, **{**GERMANY, **wishes})
    return shop.amazon.order(shop.seller_id, order_id)


def amount(money: Json) -> Decimal:
    return Decimal(money["amount"])


def parts(item: Json) -> dict[str, Decimal]:
    return {
        each["type"]: amount(each["subtotal"])
        for each in item["proceeds"]["breakdowns"]
    }


def assert_adds_up(order: Json, gross: bool) -> None:
    total = Decimal(0)
    for item in order["orderItems"]:
        found = parts(item)
        if gross:
            found.pop("TAX", None)
        assert sum(found.values()) == amount(item["proceeds"]["proceedsTotal"])
        for each in item["proceeds"]["breakdowns"]:
            if details := each.get("detailedBreakdowns"):
                values = sum(amount(one["value"]) for one in details)
                assert values == amount(each["subtotal"])
        total += amount(item["proceeds"]["proceedsTotal"])
    assert total == amount(order["proceeds"]["grandTotal"])


EVERY_KIND = {
    "count": 60,
    "gift": 0.5,
    "promotion": 0.5,
    "shipping": 0.5,
    "replacement": 0.1,
    "cancelled": 0.1,
    "partly_shipped": 0.2,
    "ioss": 0.1,
}


def test_same_seed_makes_the_same_orders(shop: Shop) -> None:
    times = {"start": "2026-01-01T00:00:00Z", "end": "2026-01-08T00:00:00Z"}
    ids = shop.make(5, seed=7, **times)
    before = shop.amazon.orders(shop.seller_id)
    assert shop.make(5, seed=7, **times) == ids
    assert shop.amazon.orders(shop.seller_id) == before
    assert not set(shop.make(5, seed=8, **times)) & set(ids)


def test_prices_contain_tax_in_europe(shop: Shop) -> None:
    shop.make(**EVERY_KIND)
    for order in shop.amazon.orders(shop.seller_id):
        assert_adds_up(order, gross=True)


def test_tax_is_on_top_in_the_united_states(shop: Shop) -> None:
    shop.amazon.put_seller(shop.seller_id, marketplaces=["US", "CA"])
    shop.make(**EVERY_KIND)
    found = shop.amazon.orders(shop.seller_id)
    for order in found:
        assert_adds_up(order, gross=False)
    currencies = {each["proceeds"]["grandTotal"]["currencyCode"] for each in found}
    assert currencies == {"USD", "CAD"}


@pytest.mark.parametrize("gross", [True, False])
def test_discounts_shown_without_their_sign(shop: Shop, gross: bool) -> None:
    wishes = {**GERMANY, "gross": gross, "promotion": 1, "shipping": 1, "seed": 5}
    signed = one(shop, **wishes)
    order = one(shop, **wishes, positive_discounts=True)
    assert order["proceeds"]["grandTotal"] == signed["proceeds"]["grandTotal"]
    for item, before in zip(order["orderItems"], signed["orderItems"], strict=True):
        assert parts(item)["DISCOUNT"] == -parts(before)["DISCOUNT"] > 0
        assert item["proceeds"]["proceedsTotal"] == before["proceeds"]["proceedsTotal"]


def test_yen_have_no_decimals(shop: Shop) -> None:
    shop.amazon.put_seller(shop.seller_id, marketplaces=["JP"])
    shop.make(20, shipping=1)
    for order in shop.amazon.orders(shop.seller_id):
        assert_adds_up(order, gross=True)
        assert re.fullmatch(r"\d+", order["proceeds"]["grandTotal"]["amount"])


def test_tax_of_a_charge_by_hand() -> None:
    gross = Purse("EUR", 2, True, Decimal(19))
    assert (gross.tax(1190), gross.tax(-1190)) == (190, -190)
    net = Purse("USD", 2, False, Decimal("8.25"))
    found, total = proceeds(Charges(1000, item_discount=-100), net)
    assert total == 1000 - 100 + 83 - 8
    assert parts({"proceeds": found}) == {
        "ITEM": Decimal("10.00"),
        "DISCOUNT": Decimal("-1.00"),
        "TAX": Decimal("0.75"),
    }


def test_lines_are_as_many_as_wished(shop: Shop) -> None:
    shop.make(30, lines=[2, 4])
    counts = {len(each["orderItems"]) for each in shop.amazon.orders(shop.seller_id)}
    assert counts == {2, 3, 4}


def test_catalogue_of_ones_own(shop: Shop) -> None:
    mine = {"sku": "OWN-1", "asin": "B000000001", "title": "Own", "price": 500}
    order = one(shop, catalogue=[mine])
    assert {each["product"]["sellerSku"] for each in order["orderItems"]} == {"OWN-1"}


def test_prime_by_the_merchant(shop: Shop) -> None:
    order = one(shop, prime=1)
    assert "PRIME" in order["programs"]
    assert order["fulfillment"]["fulfilledBy"] == "MERCHANT"


def test_business_order_has_company_number_and_vat(shop: Shop) -> None:
    order = one(shop, b2b=1)
    (registration,) = order["tax"]["taxRegistrations"]
    assert "AMAZON_BUSINESS" in order["programs"]
    assert order["buyer"]["buyerCompanyName"] == registration["legalName"]
    assert order["buyer"]["buyerPurchaseOrderNumber"].startswith("PO-")
    assert re.fullmatch(r"DE\d{9}", registration["taxRegistrationNumber"])
    assert order["recipient"]["deliveryAddress"]["addressType"] == "COMMERCIAL"


@pytest.mark.parametrize("country", ["DE", "FR", "IT"])
def test_vat_numbers_have_good_check_digits(shop: Shop, country: str) -> None:
    shop.amazon.put_seller(shop.seller_id, marketplaces=[country])
    shop.make(20, b2b=1)
    shop.make(20, seed=2, b2b=1, bad_vat=1)
    valid = [
        vat.is_valid(each["tax"]["taxRegistrations"][0]["taxRegistrationNumber"])
        for each in shop.amazon.orders(shop.seller_id)
    ]
    assert (valid.count(True), valid.count(False)) == (20, 20)


def test_gift_has_message_and_wrap(shop: Shop) -> None:
    (item, *_) = one(shop, gift=1)["orderItems"]
    gift = item["fulfillment"]["packing"]["giftOption"]
    assert gift["giftMessage"] and gift["giftWrapLevel"]
    assert parts(item)["GIFT_WRAP"] > 0


def test_packstation_is_a_pickup_point(shop: Shop) -> None:
    shop.make(30, **GERMANY, packstation=1, b2b=0)
    written = set()
    for order in shop.amazon.orders(shop.seller_id):
        address = order["recipient"]["deliveryAddress"]
        assert address["addressType"] == "PICKUP_POINT"
        assert re.search(r"ackstation \d{3}", address["addressLine1"] + str(address))
        written.add("companyName" in address)
    assert written == {True, False}


def test_fba_in_north_america_has_no_person(shop: Shop) -> None:
    shop.amazon.put_seller(shop.seller_id, marketplaces=["US"])
    order = one(shop, fba=1, marketplaces=["US"])
    assert order["buyer"] == {}
    assert set(order["recipient"]["deliveryAddress"]) == {
        *("city", "postalCode", "stateOrRegion", "countryCode")
    }


def test_replacement_is_free_and_names_its_original(shop: Shop) -> None:
    order = one(shop, replacement=1)
    (original,) = order["associatedOrders"]
    assert original["associationType"] == "REPLACEMENT_ORIGINAL_ID"
    assert amount(order["proceeds"]["grandTotal"]) == 0


def test_shipped_orders_have_their_parcels(shop: Shop) -> None:
    order = one(shop, shipped=1)
    (parcel,) = order["packages"]
    shipped = {each["orderItemId"]: each["quantity"] for each in parcel["packageItems"]}
    assert shipped == {
        each["orderItemId"]: each["quantityOrdered"] for each in order["orderItems"]
    }


def test_unknown_wish_is_refused(shop: Shop) -> None:
    with pytest.raises(RuntimeError, match="orders are made without colour"):
        shop.make(1, colour="red")


# -- put and changed ----------------------------------------------------------


def test_given_order_is_kept_as_it_is(shop: Shop) -> None:
    order = one(shop)
    order["orderId"] = "999-0000000-0000001"
    order["lastUpdatedTime"] = order["createdTime"]
    shop.amazon.put_orders(shop.seller_id, [order])
    assert shop.amazon.order(shop.seller_id, order["orderId"]) == order
    assert order["orderId"] in {each["orderId"] for each in shop.orders()}


def test_order_without_what_every_order_has_is_refused(shop: Shop) -> None:
    order = one(shop)
    del order["createdTime"]
    with pytest.raises(RuntimeError, match="lacks 'createdTime'"):
        shop.amazon.put_orders(shop.seller_id, [order])


def test_change_moves_the_time_of_the_last_update(shop: Shop) -> None:
    shop.amazon.freeze_clock()
    order = one(shop)
    first = shop.change(order["orderId"], "touch")
    second = shop.change(order["orderId"], "touch")
    times = [each["lastUpdatedTime"] for each in (order, first, second)]
    assert times == sorted(set(times))


def test_order_shipped_in_parts(shop: Shop) -> None:
    order = one(shop, shipped=0, lines=[2, 2])
    first = order["orderItems"][0]
    units = {first["orderItemId"]: first["quantityOrdered"]}
    changed = shop.change(order["orderId"], "ship", items=units, tracking="T1")
    assert changed["fulfillment"]["fulfillmentStatus"] == "PARTIALLY_SHIPPED"
    changed = shop.change(order["orderId"], "ship")
    assert changed["fulfillment"]["fulfillmentStatus"] == "SHIPPED"
    assert [each["packageReferenceId"] for each in changed["packages"]] == ["1", "2"]
    with pytest.raises(RuntimeError, match="fewer open units"):
        shop.change(order["orderId"], "ship", items=units)


def test_cancelled_and_asked_to_cancel(shop: Shop) -> None:
    order = one(shop, shipped=0)
    asked = shop.change(order["orderId"], "request_cancel", reason="Too late")
    request = asked["orderItems"][0]["cancellation"]["cancellationRequest"]
    assert request == {"requester": "BUYER", "cancelReason": "Too late"}
    assert asked["fulfillment"]["fulfillmentStatus"] == "UNSHIPPED"
    changed = shop.change(order["orderId"], "cancel", by="AMAZON")
    done = changed["orderItems"][0]["cancellation"]["cancellationExecution"]
    assert done["cancelledBy"] == "AMAZON"
    assert changed["fulfillment"]["fulfillmentStatus"] == "CANCELLED"


@pytest.mark.parametrize("gross", [True, False])
def test_reduced_line_still_adds_up(shop: Shop, gross: bool) -> None:
    shop.make(
        *(10,),
        **{**GERMANY, "gross": gross, "shipped": 0, "promotion": 1, "shipping": 1},
    )
    reduced = 0
    for order in shop.amazon.orders(shop.seller_id):
        for item in order["orderItems"]:
            units = item["quantityOrdered"]
            if units > 1:
                changed = shop.change(
                    *(order["orderId"], "reduce"),
                    item=item["orderItemId"],
                    quantity=units - 1,
                )
                assert_adds_up(changed, gross)
                reduced += 1
    assert reduced


def test_edit_merges_into_the_order(shop: Shop) -> None:
    order = one(shop)
    changed = shop.change(
        *(order["orderId"], "edit"),
        changes={
            "recipient": {"deliveryAddress": {"city": "Bonn", "phone": None}},
            "fulfillment": {"fulfillmentServiceLevel": "SAME_DAY"},
        },
    )
    address = changed["recipient"]["deliveryAddress"]
    assert address["city"] == "Bonn" and "phone" not in address
    assert changed["fulfillment"]["fulfillmentServiceLevel"] == "SAME_DAY"
    assert changed["buyer"] == order["buyer"]


def test_unknown_change_is_refused(shop: Shop) -> None:
    with pytest.raises(RuntimeError, match="no such change: paint"):
        shop.change(one(shop)["orderId"], "paint")


def test_marketplaces_of_two_regions_are_two_accounts(shop: Shop) -> None:
    with pytest.raises(RuntimeError, match="one region"):
        shop.amazon.put_seller(shop.seller_id, marketplaces=["DE", "US"])
    assert len(BY_COUNTRY) == 23
