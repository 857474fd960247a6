"""Orders come page by page, or one by its number; marketplaces and tokens besides."""

import datetime
import json

import pytest
from spapi_clients import Bench
from spapi_server import Reply, answer

import spapi
from spapi import orders_calls, sellers, tokens_calls

UTC = datetime.timezone.utc
SINCE = datetime.datetime(2026, 1, 1, tzinfo=UTC)
UNTIL = datetime.datetime(2026, 1, 2, tzinfo=UTC)
GERMANY = "A1PA6795UKMFR9"


@pytest.fixture
def bench(amazon):
    return Bench(amazon)


def search(bench, **options):
    options = {"last_updated_after": SINCE, "marketplaces": [GERMANY], **options}
    return orders_calls.search(bench.client, **options)


def test_a_page_is_kept_as_it_came_beside_what_was_read(amazon, bench):
    reply = answer(
        {
            "orders": [{"orderId": "1", "weight": 0.10}],
            "pagination": {"nextToken": "more"},
            "lastUpdatedBefore": "2026-01-02T03:04:05Z",
        }
    )
    amazon.says(reply)
    page = search(bench)
    assert page.body == reply.body
    assert page.orders == 1
    assert page.next_token == "more"
    assert page.last_updated_before == datetime.datetime(2026, 1, 2, 3, 4, 5, 0, UTC)


def test_a_search_says_all_its_filters_on_every_page(amazon, bench):
    amazon.says(answer({"orders": []}))
    filters = {
        "last_updated_before": UNTIL,
        "marketplaces": [GERMANY, "A13V1IB3VIYZZH"],
        "fulfilled_by": ["MERCHANT"],
        "statuses": ["UNSHIPPED", "SHIPPED"],
        "included": ["BUYER", "TAX"],
        "page_size": 50,
    }
    page = search(bench, **filters)
    search(bench, **filters, token="more")
    first, second = (asked.query for asked in amazon.asked)
    assert first == {
        "lastUpdatedAfter": "2026-01-01T00:00:00Z",
        "lastUpdatedBefore": "2026-01-02T00:00:00Z",
        "marketplaceIds": f"{GERMANY},A13V1IB3VIYZZH",
        "fulfilledBy": "MERCHANT",
        "fulfillmentStatuses": "UNSHIPPED,SHIPPED",
        "includedData": "BUYER,TAX",
        "maxResultsPerPage": "50",
    }
    assert second == {**first, "paginationToken": "more"}
    assert (page.next_token, page.last_updated_before) == ("", None)


def test_orders_are_found_by_when_they_were_made(amazon, bench):
    amazon.says(answer({"orders": []}))
    search(bench, last_updated_after=None, created_after=SINCE, created_before=UNTIL)
    query = amazon.asked[0].query
    assert query["createdAfter"] == "2026-01-01T00:00:00Z"
    assert query["createdBefore"] == "2026-01-02T00:00:00Z"
    assert "lastUpdatedAfter" not in query


@pytest.mark.parametrize(
    "change",
    [
        {"created_after": SINCE},
        {"last_updated_after": None},
        {"created_before": UNTIL},
        {
            "last_updated_after": None,
            "created_after": SINCE,
            "last_updated_before": UNTIL,
        },
        {"marketplaces": []},
        {"marketplaces": ["x"] * 51},
        {"page_size": 0},
        {"page_size": 101},
    ],
)
def test_what_amazon_would_refuse_is_not_asked(amazon, bench, change):
    with pytest.raises(ValueError):
        search(bench, **change)
    assert not amazon.asked


@pytest.mark.parametrize(
    "value",
    [
        {},
        [],
        None,
        {"orders": {}},
        {"orders": [], "pagination": []},
        {"orders": [], "pagination": {"nextToken": 1}},
        {"orders": [], "lastUpdatedBefore": "soon"},
    ],
)
def test_a_page_of_another_form_is_unreadable(amazon, bench, value):
    amazon.says(answer(value))
    with pytest.raises(spapi.Unreadable, match="searchOrders: Amazon's answer cannot"):
        search(bench)


@pytest.mark.parametrize(
    "broken",
    [
        '{"orderId": "302-1", "x": %s}' % ("[" * 100_000 + "]" * 100_000),
        '{"orderId": "302-1", "x": NaN}',
        '{"orderId": "302-1" "x" 1,}',
        "7",
    ],
    ids=["deep", "no number", "no JSON", "no object"],
)
def test_a_broken_order_spoils_nothing_but_itself(amazon, bench, broken):
    body = '{"orders": [%s, {"orderId": "302-2"}], "pagination": {"nextToken": "more"}}'
    amazon.says(Reply(body=(body % broken).encode()))
    page = search(bench)
    assert (page.orders, page.next_token) == (2, "more")
    assert [each.number for each in spapi.read_page(page.body).orders][1] == "302-2"


def test_a_broken_order_that_was_asked_for_is_had(amazon, bench):
    body = b'{"order": {"orderId": "302-1", "x": NaN}}'
    amazon.says(Reply(body=body))
    assert orders_calls.get(bench.client, "302-1") == body


@pytest.mark.parametrize(
    "body", [b'{"orders": [{"a": 1}', b'{"orders": [], x}', b"\xff"]
)
def test_a_page_that_breaks_off_is_unreadable(amazon, bench, body):
    amazon.says(Reply(body=body))
    with pytest.raises(spapi.Unreadable, match="not JSON"):
        search(bench)


def test_one_order_is_had_by_its_number(amazon, bench):
    amazon.says(answer({"order": {"orderId": "302-1"}}))
    found = orders_calls.get(bench.client, "302-1", ["BUYER"])
    assert found == b'{"order": {"orderId": "302-1"}}'
    assert amazon.asked[0].path == "/orders/2026-01-01/orders/302-1"
    assert amazon.asked[0].query == {"includedData": "BUYER"}


def test_an_order_of_another_form_is_unreadable(amazon, bench):
    amazon.says(answer({"order": []}))
    with pytest.raises(spapi.Unreadable, match="order is missing"):
        orders_calls.get(bench.client, "302-1")


def test_the_reprs_hold_nothing_of_a_buyer(amazon, bench):
    amazon.says(answer({"orders": [{"buyer": "Erika"}], "order": {"buyer": "Erika"}}))
    assert "Erika" not in repr(search(bench))
    assert "Erika" not in repr(bench.client.call("searchOrders"))


PARTICIPATION = {
    "marketplace": {
        "id": GERMANY,
        "name": "Amazon.de",
        "countryCode": "DE",
        "defaultCurrencyCode": "EUR",
        "defaultLanguageCode": "de_DE",
        "domainName": "www.amazon.de",
    },
    "storeName": "Our shop",
    "participation": {"isParticipating": True, "hasSuspendedListings": False},
}


def test_the_marketplaces_of_a_seller_are_read(amazon, bench):
    amazon.says(answer({"payload": [PARTICIPATION]}))
    assert sellers.participations(bench.client) == [
        sellers.Participation(
            marketplace_id=GERMANY,
            name="Amazon.de",
            country="DE",
            currency="EUR",
            language="de_DE",
            domain="www.amazon.de",
            store="Our shop",
            participating=True,
            suspended=False,
        )
    ]
    assert amazon.asked[0].path == "/sellers/v1/marketplaceParticipations"


@pytest.mark.parametrize(
    "value",
    [
        {},
        {"payload": {}},
        {"payload": [{}]},
        {"payload": [{**PARTICIPATION, "marketplace": {}}]},
        {"payload": [{**PARTICIPATION, "participation": {"isParticipating": "yes"}}]},
    ],
)
def test_participations_of_another_form_are_unreadable(amazon, bench, value):
    amazon.says(answer(value))
    with pytest.raises(spapi.Unreadable):
        sellers.participations(bench.client)


def test_a_restricted_token_names_what_it_is_for(amazon, bench):
    amazon.says(answer({"restrictedDataToken": "Atz.sprdt|x", "expiresIn": 3600}))
    orders = tokens_calls.Resource("/orders/v0/orders", data_elements=("buyerInfo",))
    report = tokens_calls.report_document("amzn1.spdoc.1")
    token = tokens_calls.create(bench.client, [orders, report])
    assert (token.token, token.expires) == ("Atz.sprdt|x", 3600)
    assert json.loads(amazon.asked[0].body) == {
        "restrictedResources": [
            {
                "method": "GET",
                "path": "/orders/v0/orders",
                "dataElements": ["buyerInfo"],
            },
            {"method": "GET", "path": "/reports/2021-06-30/documents/amzn1.spdoc.1"},
        ]
    }


@pytest.mark.parametrize(
    "value",
    [
        {"restrictedDataToken": "x"},
        {"restrictedDataToken": "x", "expiresIn": True},
        {"restrictedDataToken": "", "expiresIn": 1},
        {"expiresIn": 1},
    ],
)
def test_a_restricted_token_that_is_none_is_unreadable(amazon, bench, value):
    amazon.says(answer(value))
    with pytest.raises(spapi.Unreadable):
        tokens_calls.create(bench.client, [])
