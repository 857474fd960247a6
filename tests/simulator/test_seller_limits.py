"""Token buckets, counters, and faults on demand."""

from __future__ import annotations

import json
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests
from shop import ORDERS, Shop, error


def limited(shop: Shop) -> None:
    """Amazon's rates at work, on a clock that stands still."""
    shop.amazon.freeze_clock()
    shop.amazon.configure(limits=True)


def test_burst_of_twenty_searches_then_quota_exceeded(shop: Shop) -> None:
    limited(shop)
    answers = [shop.search() for _ in range(21)]
    assert [each.status_code for each in answers] == [200] * 20 + [429]
    assert answers[-1].json() == {
        "errors": [
            {
                "code": "QuotaExceeded",
                "message": "You exceeded your quota for the requested resource.",
                "details": "",
            }
        ]
    }
    assert answers[0].headers["x-amzn-RateLimit-Limit"] == "0.0056"
    assert "x-amzn-RequestId" in answers[-1].headers
    counted = shop.amazon.counters(shop.seller_id)["searchOrders"]
    assert counted == {"calls": 21, "throttled": 1, "refused": 0}


def test_empty_bucket_grants_one_search_in_179_seconds(shop: Shop) -> None:
    limited(shop)
    for _ in range(20):
        shop.search()
    shop.amazon.advance_clock(1 / 0.0056 - 1)
    assert shop.search().status_code == 429
    shop.amazon.advance_clock(1)
    assert shop.search().status_code == 200
    assert shop.search().status_code == 429


def test_buckets_are_of_an_operation_and_a_seller(shop: Shop) -> None:
    limited(shop)
    while shop.search().status_code == 200:
        pass
    assert shop.get(f"{ORDERS}/000-0000000-0000000").status_code == 404
    with Shop(shop.amazon, shop.seller_id + "B") as other:
        assert other.search().status_code == 200
    shop.amazon.refill_buckets()
    assert shop.search().status_code == 200


def test_bucket_is_not_overdrawn_by_calls_at_once(shop: Shop) -> None:
    limited(shop)

    def status(_number: int) -> int:
        url = shop.amazon.ready["endpoint"] + ORDERS
        asked = {"lastUpdatedAfter": "2020-01-01T00:00:00Z"}
        return requests.get(url, asked, headers=shop.headers, timeout=10).status_code

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(status, range(30)))
    assert (found.count(200), found.count(429)) == (20, 10)


def test_seller_with_a_plan_of_its_own(shop: Shop) -> None:
    limited(shop)
    shop.amazon.configure(rates={"searchOrders": [0.5, 3]})
    answers = [shop.search() for _ in range(4)]
    shop.amazon.configure(rates={})
    assert [each.status_code for each in answers] == [200] * 3 + [429]
    assert answers[0].headers["x-amzn-RateLimit-Limit"] == "0.5"


def test_without_limits_nothing_is_throttled(shop: Shop) -> None:
    assert {shop.search().status_code for _ in range(25)} == {200}


@pytest.mark.parametrize(
    ("name", "status", "code"),
    [
        ("quota-exceeded", 429, "QuotaExceeded"),
        ("internal-failure", 500, "InternalFailure"),
        ("service-unavailable", 503, "ServiceUnavailable"),
    ],
)
def test_fault_strikes_so_many_calls_of_its_operation(
    shop: Shop, name: str, status: int, code: str
) -> None:
    shop.amazon.fault(name, 2, operation="searchOrders")
    participations = "/sellers/v1/marketplaceParticipations"
    assert shop.get(participations).status_code == 200
    assert [error(shop.search())[:2] for _ in range(2)] == [(status, code)] * 2
    assert shop.search().status_code == 200


def test_fault_lets_as_many_calls_pass_first_as_are_asked_for(shop: Shop) -> None:
    shop.amazon.fault("internal-failure", 1, operation="searchOrders", after=2)
    assert [shop.search().status_code for _ in range(4)] == [200, 200, 500, 200]


def test_access_token_expires_in_the_middle(shop: Shop) -> None:
    shop.amazon.fault("access-token-expired")
    assert "has expired" in error(shop.search())[2]
    assert error(shop.search())[0] == 403
    shop.headers = {"x-amz-access-token": shop.access_token()}
    assert shop.search().status_code == 200


def test_refresh_token_is_revoked_in_the_middle(shop: Shop) -> None:
    shop.amazon.fault("refresh-token-revoked")
    assert shop.token().json()["error"] == "invalid_grant"
    assert shop.token().json()["error"] == "invalid_grant"


def test_connection_closes_inside_the_page(shop: Shop) -> None:
    shop.make(5)
    shop.amazon.fault("half-page")
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        shop.search()
    assert len(shop.search().json()["orders"]) == 5


def test_connection_closes_without_an_answer(shop: Shop) -> None:
    shop.amazon.fault("connection-closed")
    with pytest.raises(requests.ConnectionError):
        shop.search()
    assert [each["status"] for each in shop.amazon.asked("searchOrders")] == [0]


def test_no_answer_for_some_seconds(shop: Shop) -> None:
    shop.amazon.fault("timeout", seconds=0.3)
    started = time.monotonic()
    with pytest.raises(requests.ConnectionError):
        shop.search()
    assert time.monotonic() - started >= 0.3


def test_slow_answer(shop: Shop) -> None:
    shop.amazon.fault("slow", seconds=0.3)
    started = time.monotonic()
    assert shop.search().status_code == 200
    assert time.monotonic() - started >= 0.3


def test_answer_that_is_no_json(shop: Shop) -> None:
    shop.amazon.fault("invalid-json")
    answer = shop.search()
    assert answer.status_code == 200
    with pytest.raises(json.JSONDecodeError):
        json.loads(answer.text)


def test_token_request_fails(shop: Shop) -> None:
    shop.amazon.fault("service-unavailable", operation="token")
    assert shop.search().status_code == 200
    assert shop.token().status_code == 503
    assert shop.token().status_code == 200


def test_same_order_twice_in_one_page(shop: Shop) -> None:
    shop.make(3)
    shop.amazon.fault("order-twice")
    found = [each["orderId"] for each in shop.search().json()["orders"]]
    assert len(found) == 4 and len(set(found)) == 3


def test_same_order_on_two_pages(shop: Shop) -> None:
    shop.make(4)
    shop.amazon.fault("order-on-two-pages")
    first, second, *_ = shop.pages(maxResultsPerPage="2")
    assert first[-1]["orderId"] == second[0]["orderId"]


@pytest.mark.parametrize(("which", "seen"), [("next", 3), ("seen", 4)])
def test_order_that_changes_between_pages_is_found_by_the_next_search(
    shop: Shop, which: str, seen: int
) -> None:
    shop.amazon.freeze_clock()
    shop.make(4)
    shop.amazon.fault("order-changes", which=which)
    pages = shop.pages(maxResultsPerPage="2")
    found = [each["orderId"] for page in pages for each in page]
    assert len(set(found)) == len(found) == seen
    shop.amazon.advance_clock(121)
    assert len(shop.orders()) == 4


def test_unknown_fault_is_refused(shop: Shop) -> None:
    with pytest.raises(RuntimeError, match="no such fault: rain"):
        shop.amazon.fault("rain")


def test_asked_tells_what_was_asked(shop: Shop) -> None:
    shop.search(maxResultsPerPage="7")
    (asked,) = shop.amazon.asked("searchOrders")
    assert (asked["seller_id"], asked["path"]) == (shop.seller_id, ORDERS)
    assert asked["parameters"]["maxResultsPerPage"] == "7"
    assert (asked["status"], asked["error"]) == (200, "")
    assert shop.amazon.asked("searchOrders", since=asked["seq"]) == []
