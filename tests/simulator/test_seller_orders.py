"""searchOrders and getOrder: filters, pages, data sets, roles."""

from __future__ import annotations

from typing import Any

import pytest
from shop import EVERYTHING, LONG_AGO, ORDERS, Shop, error

from simulator import seller_times
from simulator.seller_marketplaces import BY_COUNTRY


def moment(shop: Shop, seconds: float = 0) -> str:
    """So many seconds from now on the stand-in's clock."""
    now = seller_times.parse(shop.amazon.status()["now"])
    return seller_times.write(now + seconds)


def test_pages_hold_every_order_once_in_the_order_of_their_updates(shop: Shop) -> None:
    ids = shop.make(25)
    pages = shop.pages(maxResultsPerPage="10")
    found = [order for page in pages for order in page]
    assert [len(page) for page in pages] == [10, 10, 5]
    assert sorted(each["orderId"] for each in found) == sorted(ids)
    times = [each["lastUpdatedTime"] for each in found]
    assert times == sorted(times)


def test_orders_by_creation(shop: Shop) -> None:
    shop.make(6, shipped=0.5)
    created = sorted(each["createdTime"] for each in shop.orders())
    found = shop.orders(createdAfter=created[2])
    assert [each["createdTime"] for each in found] == created[2:]


@pytest.mark.parametrize(
    ("parameters", "details"),
    [
        ({"createdAfter": LONG_AGO, "lastUpdatedAfter": LONG_AGO}, "Exactly one of"),
        ({"createdAfter": LONG_AGO, "lastUpdatedBefore": LONG_AGO}, "does not go with"),
        ({"lastUpdatedBefore": "2019-01-01T00:00:00Z"}, "is before lastUpdatedAfter"),
        ({"lastUpdatedAfter": "yesterday"}, "is not in ISO 8601 format"),
        ({"maxResultsPerPage": "0"}, "must be between 1 and 100"),
        ({"maxResultsPerPage": "101"}, "must be between 1 and 100"),
        ({"marketplaceIds": "A0000000000000"}, "is not a valid marketplace id"),
        ({"marketplaceIds": "ATVPDKIKX0DER"}, "does not sell in marketplace"),
        ({"marketplaceIds": ",".join(["A1PA6795UKMFR9"] * 51)}, "more than 50 values"),
        ({"includedData": "BUYER,NOPE"}, "NOPE is no value of includedData"),
        ({"fulfillmentStatuses": "OPEN"}, "OPEN is no value of fulfillmentStatuses"),
        ({"fulfilledBy": "FBA"}, "FBA is no value of fulfilledBy"),
        ({"paginationToken": "made-up"}, "The paginationToken is not valid"),
        ({"MarketplaceIds": "A1PA6795UKMFR9"}, "MarketplaceIds is no parameter"),
    ],
)
def test_wrong_search_is_refused_and_remembered(
    shop: Shop, parameters: dict[str, str], details: str
) -> None:
    since = shop.amazon.latest()
    status, code, found = error(shop.search(**parameters))
    assert (status, code) == (400, "InvalidInput") and details in found
    (kept,) = shop.amazon.refusals(since)
    assert kept["operation"] == "searchOrders" and details in kept["error"]
    assert parameters.items() <= kept["parameters"].items()


def test_search_without_a_time_is_refused(shop: Shop) -> None:
    assert "Exactly one of" in error(shop.get(ORDERS))[2]


def test_before_is_two_minutes_before_now_or_earlier(shop: Shop) -> None:
    shop.amazon.freeze_clock()
    good = shop.search(lastUpdatedBefore=moment(shop, -120))
    assert good.status_code == 200
    bad = shop.search(lastUpdatedBefore=moment(shop, -118))
    assert "two minutes before now" in error(bad)[2]


def test_change_is_found_two_minutes_later(shop: Shop) -> None:
    shop.amazon.freeze_clock()
    (order_id,) = shop.make()
    since = moment(shop, -120)
    shop.change(order_id, "touch")
    assert shop.search(lastUpdatedAfter=since).json()["orders"] == []
    shop.amazon.advance_clock(121)
    answer = shop.search(lastUpdatedAfter=since).json()
    assert [each["orderId"] for each in answer["orders"]] == [order_id]
    assert answer["lastUpdatedBefore"] == moment(shop, -120)


def test_filters(shop: Shop) -> None:
    shop.make(40, fba=0.5, shipped=0.5)
    everything = shop.orders()

    def having(path: str, value: str, **parameters: str) -> bool:
        def at(order: Any) -> Any:
            for name in path.split("."):
                order = order[name]
            return order

        found = [each["orderId"] for each in shop.orders(**parameters)]
        wanted = [each["orderId"] for each in everything if at(each) == value]
        return 0 < len(found) < len(everything) and found == wanted

    france = BY_COUNTRY["FR"].id
    assert having("salesChannel.marketplaceId", france, marketplaceIds=france)
    assert having("fulfillment.fulfilledBy", "AMAZON", fulfilledBy="AMAZON")
    assert having(
        "fulfillment.fulfillmentStatus", "SHIPPED", fulfillmentStatuses="SHIPPED"
    )


def test_only_what_is_included_is_shown(shop: Shop) -> None:
    shop.make(1, fba=0, b2b=1, promotion=1)
    (bare,) = shop.search().json()["orders"]
    assert set(bare) == {
        *("orderId", "createdTime", "lastUpdatedTime", "programs"),
        *("salesChannel", "orderItems"),
    }
    assert set(bare["orderItems"][0]) == {"orderItemId", "quantityOrdered", "product"}
    (some,) = shop.search(includedData="BUYER,PROMOTION").json()["orders"]
    assert set(some) - set(bare) == {"buyer"}
    assert set(some["orderItems"][0]) - set(bare["orderItems"][0]) == {"promotion"}


def test_without_their_roles_buyer_and_address_are_left_out(shop: Shop) -> None:
    shop.make(1, fba=0, b2b=1)
    (full,) = shop.orders()
    assert {"buyer", "recipient", "tax"} <= set(full)
    shop.amazon.put_seller(shop.seller_id, roles=["Inventory and Order Tracking"])
    (bare,) = shop.orders()
    assert not {"buyer", "recipient", "tax"} & set(bare)
    shipping = "Direct-to-Consumer Delivery (Restricted)"
    shop.amazon.put_seller(shop.seller_id, roles=[shipping])
    (addressed,) = shop.orders()
    assert "recipient" in addressed and "buyer" not in addressed


def test_email_is_shown_for_open_orders_of_the_merchant_alone(shop: Shop) -> None:
    (mine,) = shop.make(1, fba=0, shipped=0)
    (amazons,) = shop.make(1, seed=2, fba=1)
    found = {each["orderId"]: each["buyer"] for each in shop.orders()}
    assert "buyerEmail" in found[mine] and "buyerEmail" not in found[amazons]
    shop.change(mine, "cancel")
    shop.amazon.advance_clock(121)
    found = {each["orderId"]: each["buyer"] for each in shop.orders()}
    assert "buyerEmail" not in found[mine]


def test_pending_order_has_no_buyer_no_address_and_no_prices(shop: Shop) -> None:
    (order_id,) = shop.make(1, pending=1, fba=0)
    (order,) = shop.orders()
    assert not {"buyer", "recipient", "proceeds"} & set(order)
    assert "proceeds" not in order["orderItems"][0]
    assert "price" not in order["orderItems"][0]["product"]
    shop.change(order_id, "release")
    shop.amazon.advance_clock(121)
    (order,) = shop.orders()
    assert order["fulfillment"]["fulfillmentStatus"] == "UNSHIPPED"
    assert {"buyer", "recipient", "proceeds"} <= set(order)


def test_one_order(shop: Shop) -> None:
    (order_id,) = shop.make(1, fba=0, shipped=0)
    answer = shop.get(f"{ORDERS}/{order_id}", includedData=EVERYTHING)
    assert answer.json() == {"order": shop.amazon.order(shop.seller_id, order_id)}
    assert answer.headers["x-amzn-RateLimit-Limit"] == "0.5"
    assert error(shop.get(f"{ORDERS}/000-0000000-0000000"))[:2] == (404, "NotFound")


def test_order_of_another_seller_is_not_found(shop: Shop) -> None:
    shop.amazon.put_seller("AOTHER", marketplaces=["DE"])
    (order_id,) = shop.amazon.make_orders("AOTHER")
    assert error(shop.get(f"{ORDERS}/{order_id}"))[:2] == (404, "NotFound")


def test_pagination_token_belongs_to_its_filters(shop: Shop) -> None:
    shop.make(3)
    first = shop.search(maxResultsPerPage="1").json()
    token = first["pagination"]["nextToken"]
    other = shop.search(
        maxResultsPerPage="1", fulfilledBy="MERCHANT", paginationToken=token
    )
    assert "belongs to other parameters" in error(other)[2]


def test_pagination_token_dies_after_a_day(shop: Shop) -> None:
    shop.make(3)
    first = shop.search(maxResultsPerPage="1").json()
    token = first["pagination"]["nextToken"]
    shop.amazon.advance_clock(86400 - 60)
    shop.headers = {"x-amz-access-token": shop.access_token()}
    again = {"maxResultsPerPage": "1", "paginationToken": token}
    assert shop.search(**again).status_code == 200
    shop.amazon.advance_clock(61)
    assert "has expired" in error(shop.search(**again))[2]


def test_pages_stay_bounded_by_the_time_of_the_first(shop: Shop) -> None:
    shop.amazon.freeze_clock()
    shop.make(3)
    first = shop.search(maxResultsPerPage="1").json()
    shop.change(first["orders"][0]["orderId"], "touch")
    shop.amazon.advance_clock(3600 - 1)
    rest = shop.pages(
        maxResultsPerPage="1", paginationToken=first["pagination"]["nextToken"]
    )
    assert [len(page) for page in rest] == [1, 1]
    assert first["orders"][0]["orderId"] not in {page[0]["orderId"] for page in rest}


def test_wrong_paths_and_headers_are_refused(shop: Shop) -> None:
    assert error(shop.get("/orders/v0/orders"))[:2] == (404, "NotFound")
    shop.headers["User-Agent"] = "x" * 501
    assert "at most 500 characters" in error(shop.search())[2]
    shop.headers["User-Agent"] = "App/1.0"
    shop.headers["x-amz-date"] = "yesterday"
    assert "x-amz-date" in error(shop.search())[2]
