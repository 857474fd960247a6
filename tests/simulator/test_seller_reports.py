"""Reports: their course, their documents, and that they say what the API says."""

from __future__ import annotations

import csv
import gzip
import io
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import requests
from shop import LONG_AGO, Shop, error

from simulator.seller_marketplaces import BY_COUNTRY

REPORTS = "/reports/2021-06-30/reports"
DOCUMENTS = "/reports/2021-06-30/documents"
TOKENS = "/tokens/2021-03-01/restrictedDataToken"
SHIPPING = "GET_FLAT_FILE_ORDER_REPORT_DATA_SHIPPING"
INVOICING = "GET_FLAT_FILE_ORDER_REPORT_DATA_INVOICING"
TAX = "GET_FLAT_FILE_ORDER_REPORT_DATA_TAX"
ACTIONABLE = "GET_FLAT_FILE_ACTIONABLE_ORDER_DATA_SHIPPING"
ALL = "GET_FLAT_FILE_ALL_ORDERS_DATA_BY_LAST_UPDATE_GENERAL"
ALL_BY_DATE = "GET_FLAT_FILE_ALL_ORDERS_DATA_BY_ORDER_DATE_GENERAL"
FBA = "GET_AMAZON_FULFILLED_SHIPMENTS_DATA_GENERAL"
FBA_INVOICING = "GET_AMAZON_FULFILLED_SHIPMENTS_DATA_INVOICING"
FBA_TAX = "GET_AMAZON_FULFILLED_SHIPMENTS_DATA_TAX"
EUROPE = [BY_COUNTRY["DE"].id, BY_COUNTRY["FR"].id]

Row = dict[str, str]


def ago(shop: Shop, days: float) -> str:
    now = shop.amazon.status()["now"]
    return (datetime.fromisoformat(now) - timedelta(days=days)).isoformat()


def create(shop: Shop, kind: str, **changes: Any) -> requests.Response:
    body = {
        "reportType": kind,
        "marketplaceIds": EUROPE,
        "dataStartTime": ago(shop, 20),
        **changes,
    }
    return shop.post(REPORTS, {k: v for k, v in body.items() if v is not None})


def status(shop: Shop, report_id: str) -> dict[str, Any]:
    return dict(shop.get(f"{REPORTS}/{report_id}").json())


def document(shop: Shop, document_id: str, **parameters: str) -> dict[str, Any]:
    """With a restricted token where it is needed."""
    path = f"{DOCUMENTS}/{document_id}"
    plain = shop.headers
    asked = {"restrictedResources": [{"method": "GET", "path": path}]}
    answer = shop.post(TOKENS, asked)
    if answer.status_code == 200:
        token = answer.json()["restrictedDataToken"]
        shop.headers = {"x-amz-access-token": token}
    try:
        return dict(shop.get(path, **parameters).json())
    finally:
        shop.headers = plain


def rows(shop: Shop, kind: str, **changes: Any) -> list[Row]:
    """Create, fetch, unpack, read."""
    report = status(shop, create(shop, kind, **changes).json()["reportId"])
    if report["processingStatus"] == "CANCELLED":
        return []
    answer = requests.get(document(shop, report["reportDocumentId"])["url"], timeout=10)
    charset = answer.headers["Content-Type"].partition("charset=")[2]
    text = gzip.decompress(answer.content).decode(charset)
    return list(csv.DictReader(io.StringIO(text), delimiter="\t"))


def money(row: Row, *columns: str) -> Decimal:
    return sum((Decimal(row[name] or 0) for name in columns), Decimal(0))


PRICES = ("item-price", "shipping-price", "gift-wrap-price")
TAXES = ("item-tax", "shipping-tax", "gift-wrap-tax")


def totals(shop: Shop, **wanted: str) -> dict[str, Decimal]:
    return {
        each["orderId"]: Decimal(each["proceeds"]["grandTotal"]["amount"])
        for each in shop.amazon.orders(shop.seller_id)
        if wanted.items() <= each["fulfillment"].items()
    }


# -- the course of a report ---------------------------------------------------


def test_report_is_queued_worked_and_done(shop: Shop) -> None:
    shop.amazon.configure(report_queue_seconds=15, report_work_seconds=30)
    shop.amazon.freeze_clock()
    shop.make()
    answer = create(shop, ALL)
    assert answer.status_code == 202
    number = answer.json()["reportId"]
    assert status(shop, number)["processingStatus"] == "IN_QUEUE"
    shop.amazon.advance_clock(15)
    assert status(shop, number)["processingStatus"] == "IN_PROGRESS"
    shop.amazon.advance_clock(30)
    done = status(shop, number)
    assert done["processingStatus"] == "DONE" and done["reportDocumentId"]
    assert {"processingStartTime", "processingEndTime"} <= set(done)


def test_report_without_data_is_cancelled(shop: Shop) -> None:
    report = status(shop, create(shop, ALL).json()["reportId"])
    assert report["processingStatus"] == "CANCELLED"
    assert "reportDocumentId" not in report


@pytest.mark.parametrize("fate", ["fatal", "cancelled"])
def test_report_that_fails_on_demand(shop: Shop, fate: str) -> None:
    shop.make()
    shop.amazon.fault(f"report-{fate}")
    ends = [
        status(shop, create(shop, ALL).json()["reportId"])["processingStatus"]
        for _ in range(2)
    ]
    assert ends == [fate.upper(), "DONE"]


def test_report_in_the_queue_can_be_cancelled(shop: Shop) -> None:
    shop.amazon.configure(report_queue_seconds=60)
    number = create(shop, ALL).json()["reportId"]
    url = f"{shop.amazon.ready['endpoint']}{REPORTS}/{number}"
    assert shop.session.delete(url, headers=shop.headers).status_code == 200
    assert status(shop, number)["processingStatus"] == "CANCELLED"


@pytest.mark.parametrize(
    ("changes", "details"),
    [
        ({"reportType": "GET_EVERYTHING"}, "is no report type"),
        ({"marketplaceIds": None}, "marketplaceIds is needed"),
        ({"marketplaceIds": ["ATVPDKIKX0DER"]}, "does not sell"),
        ({"dataStartTime": "2099-01-01T00:00:00Z"}, "is in the future"),
        ({"dataEndTime": LONG_AGO}, "is before dataStartTime"),
        ({"dataStartTime": LONG_AGO}, "covers at most 30 days"),
        ({"reportOptions": {"Colour": "red"}}, "reportOptions"),
        ({"format": "csv"}, "format is no field"),
    ],
)
def test_wrong_report_is_refused(
    shop: Shop, changes: dict[str, Any], details: str
) -> None:
    assert details in error(create(shop, ALL, **changes))[2]


def test_reports_are_listed_and_filtered(shop: Shop) -> None:
    shop.make()
    numbers = [create(shop, ALL).json()["reportId"] for _ in range(3)]
    other = create(shop, ALL_BY_DATE).json()["reportId"]
    for number in (*numbers, other):
        status(shop, number)
    first = shop.get(REPORTS, reportTypes=ALL, pageSize="2").json()
    rest = shop.get(REPORTS, nextToken=first["nextToken"]).json()
    listed = [each["reportId"] for each in first["reports"] + rest["reports"]]
    assert listed == numbers[::-1] and "nextToken" not in rest
    again = shop.get(REPORTS, nextToken=first["nextToken"], pageSize="2")
    assert "must be the only parameter" in error(again)[2]
    assert "reportTypes" in error(shop.get(REPORTS))[2]
    queued = shop.get(REPORTS, reportTypes=ALL, processingStatuses="IN_QUEUE").json()
    assert queued == {"reports": []}


def test_report_of_another_seller_is_not_found(shop: Shop) -> None:
    number = create(shop, ALL).json()["reportId"]
    with Shop(shop.amazon, shop.seller_id + "B") as other:
        assert error(other.get(f"{REPORTS}/{number}"))[:2] == (404, "NotFound")


# -- documents ----------------------------------------------------------------


def done(shop: Shop, kind: str = ALL) -> str:
    shop.make(1, fba=0)
    report = status(shop, create(shop, kind).json()["reportId"])
    return str(report["reportDocumentId"])


def test_presigned_url_needs_no_token_and_lives_five_minutes(shop: Shop) -> None:
    shop.amazon.freeze_clock()
    url = document(shop, done(shop))["url"]
    assert requests.get(url, timeout=10).status_code == 200
    shop.amazon.advance_clock(301)
    late = requests.get(url, timeout=10)
    assert late.status_code == 403 and "Request has expired" in late.text


def test_presigned_url_must_not_be_altered_or_given_the_token(shop: Shop) -> None:
    url = document(shop, done(shop))["url"]
    assert requests.get(url + "0", timeout=10).status_code == 403
    since = shop.amazon.latest()
    leaked = requests.get(url, headers=shop.headers, timeout=10)
    assert leaked.status_code == 403
    (kept,) = shop.amazon.refusals(since)
    assert "A token must not be sent" in kept["error"]


def test_document_is_packed_or_plain(shop: Shop) -> None:
    name = done(shop)
    packed = document(shop, name)
    assert packed["compressionAlgorithm"] == "GZIP"
    raw = requests.get(packed["url"], timeout=10)
    assert "Content-Encoding" not in raw.headers
    plain = gzip.decompress(raw.content)
    unpacked = document(shop, name, enableContentEncodingUrlHeader="true")["url"]
    assert requests.get(unpacked, timeout=10).content == plain
    shop.amazon.configure(report_gzip=False)
    bare = document(shop, done(shop))
    assert "compressionAlgorithm" not in bare
    assert requests.get(bare["url"], timeout=10).content.startswith(b"amazon-order-id")


@pytest.mark.parametrize(
    ("country", "charset", "codec"),
    [
        ("DE", "windows-1252", "cp1252"),
        ("PL", "UTF-8", "utf-8"),
        ("JP", "Shift_JIS", "shift_jis"),
    ],
)
def test_charset_is_that_of_the_marketplace(
    shop: Shop, country: str, charset: str, codec: str
) -> None:
    shop.amazon.put_seller(shop.seller_id, marketplaces=[country])
    shop.amazon.configure(report_gzip=False)
    shop.make(30, fba=0, shipped=0)
    places = [BY_COUNTRY[country].id]
    number = create(shop, SHIPPING, marketplaceIds=places).json()["reportId"]
    name = status(shop, number)["reportDocumentId"]
    answer = requests.get(document(shop, name)["url"], timeout=10)
    assert answer.headers["Content-Type"] == f"text/plain; charset={charset}"
    names = {
        each["recipient"]["deliveryAddress"]["name"]
        for each in shop.amazon.orders(shop.seller_id)
    }
    assert not all(each.isascii() for each in names)
    assert all(each in answer.content.decode(codec) for each in names)


@pytest.mark.parametrize(
    "kind", [SHIPPING, INVOICING, TAX, ACTIONABLE, FBA_INVOICING, FBA_TAX]
)
def test_restricted_report_needs_a_restricted_token(shop: Shop, kind: str) -> None:
    shop.make(1, fba=0, shipped=0)
    shop.make(1, seed=2, fba=1, shipped=1)
    name = status(shop, create(shop, kind).json()["reportId"])["reportDocumentId"]
    refused = shop.get(f"{DOCUMENTS}/{name}")
    assert "needs a restricted data token" in error(refused)[2]
    assert document(shop, name)["url"]


def test_restricted_token_opens_its_document_alone(shop: Shop) -> None:
    one, other = done(shop, SHIPPING), done(shop, SHIPPING)
    path = f"{DOCUMENTS}/{one}"
    body = {"restrictedResources": [{"method": "GET", "path": path}]}
    answer = shop.post(TOKENS, body).json()
    assert answer["expiresIn"] == 3600
    shop.headers = {"x-amz-access-token": answer["restrictedDataToken"]}
    assert shop.get(path).status_code == 200
    assert "not for this resource" in error(shop.get(f"{DOCUMENTS}/{other}"))[2]
    assert error(shop.search())[0] == 403
    shop.amazon.advance_clock(3600)
    assert "has expired" in error(shop.get(path))[2]


@pytest.mark.parametrize(
    "resources",
    [[], None, [{"method": "GET", "path": "/orders/2026-01-01/orders"}], ["GET"]],
)
def test_wrong_restricted_token_request(shop: Shop, resources: Any) -> None:
    answer = shop.post(TOKENS, {"restrictedResources": resources})
    assert error(answer)[:2] == (400, "InvalidRequest")


def test_report_needs_its_role(shop: Shop) -> None:
    shop.amazon.put_seller(shop.seller_id, roles=["Inventory and Order Tracking"])
    assert error(create(shop, SHIPPING))[:2] == (403, "Unauthorized")
    assert error(create(shop, FBA_INVOICING))[:2] == (403, "Unauthorized")
    assert create(shop, ALL).status_code == 202


# -- what reports say ---------------------------------------------------------


def test_two_halves_of_an_order_join_by_item(shop: Shop) -> None:
    shop.make(30, fba=0.3, gift=0.5, promotion=0.5, cancelled=0.1, pending=0.1)
    where = {each["order-item-id"]: each for each in rows(shop, SHIPPING)}
    what = {each["order-item-id"]: each for each in rows(shop, INVOICING)}
    orders = [
        each
        for each in shop.amazon.orders(shop.seller_id)
        if each["fulfillment"]["fulfilledBy"] == "MERCHANT"
        and each["fulfillment"]["fulfillmentStatus"] in ("UNSHIPPED", "SHIPPED")
    ]
    items = {
        item["orderItemId"]: (order, item)
        for order in orders
        for item in order["orderItems"]
    }
    assert set(where) == set(what) == set(items)
    for name, (order, item) in items.items():
        address = order["recipient"]["deliveryAddress"]
        assert where[name]["recipient-name"] == address["name"]
        assert where[name]["sku"] == item["product"]["sellerSku"]
        paid = money(what[name], *PRICES) - money(
            *(what[name], "item-promotion-discount", "shipping-promotion-discount")
        )
        assert paid == Decimal(item["proceeds"]["proceedsTotal"]["amount"])
        (tax,) = [
            each["subtotal"]["amount"]
            for each in item["proceeds"]["breakdowns"]
            if each["type"] == "TAX"
        ]
        assert money(what[name], *TAXES) == Decimal(tax)
    assert "item-price" not in where[name] and "recipient-name" not in what[name]


def test_all_orders_sum_up_to_the_api(shop: Shop) -> None:
    shop.make(30, fba=0.5, promotion=0.5, cancelled=0.2, pending=0.1)
    sums: dict[str, Decimal] = {}
    for row in rows(shop, ALL):
        paid = money(row, *PRICES) - money(
            row, "item-promotion-discount", "ship-promotion-discount"
        )
        sums[row["amazon-order-id"]] = sums.get(row["amazon-order-id"], 0) + paid
        assert not {"recipient-name", "buyer-email", "ship-address-1"} & set(row)
        if row["order-status"] in ("Pending", "Cancelled"):
            assert paid == 0
    every = totals(shop)
    assert set(sums) == set(every)
    for status_ in ("UNSHIPPED", "SHIPPED"):
        for name, total in totals(shop, fulfillmentStatus=status_).items():
            assert sums[name] == total


def test_all_orders_by_order_date_and_by_update(shop: Shop) -> None:
    (order_id,) = shop.make(1, start=ago(shop, 40), end=ago(shop, 39))
    shop.change(order_id, "touch")
    assert rows(shop, ALL_BY_DATE) == []
    assert {each["amazon-order-id"] for each in rows(shop, ALL)} == {order_id}


def test_actionable_is_what_must_still_be_shipped(shop: Shop) -> None:
    shop.make(20, fba=0.3, shipped=0.3, partly_shipped=0.3, pending=0.1)
    open_ = {
        item["orderItemId"]: str(item["fulfillment"]["quantityUnfulfilled"])
        for order in shop.amazon.orders(shop.seller_id)
        if order["fulfillment"]["fulfilledBy"] == "MERCHANT"
        and order["fulfillment"]["fulfillmentStatus"] != "PENDING"
        for item in order["orderItems"]
        if item["fulfillment"]["quantityUnfulfilled"]
    }
    found = {
        each["order-item-id"]: each["quantity-to-ship"]
        for each in rows(shop, ACTIONABLE)
    }
    assert found == open_ and open_


def test_range_means_when_the_order_left_pending(shop: Shop) -> None:
    (order_id,) = shop.make(1, fba=0, pending=1, start=ago(shop, 10), end=ago(shop, 9))
    assert rows(shop, SHIPPING) == []
    shop.change(order_id, "release")
    assert rows(shop, SHIPPING, dataStartTime=ago(shop, 1))


@pytest.mark.parametrize(("vcs", "taxed"), [(False, 0), (True, 1)])
def test_fba_order_grows_over_shipments_and_adds_up(
    shop: Shop, vcs: bool, taxed: int
) -> None:
    """Prices contain the tax without the VAT calculation service, not with it."""
    shop.amazon.put_seller(shop.seller_id, vcs=vcs)
    wishes = {"fba": 1, "shipped": 0, "lines": [2, 2], "promotion": 1, "shipping": 1}
    for order_id in shop.make(10, **wishes):
        order = shop.amazon.order(shop.seller_id, order_id)
        for item in order["orderItems"]:
            for _ in range(item["quantityOrdered"]):
                units = {item["orderItemId"]: 1}
                shop.change(order_id, "ship", items=units)
    sums: dict[str, Decimal] = {}
    keys = set()
    for row in rows(shop, FBA_INVOICING):
        paid = money(row, *PRICES, "item-promotion-discount", "ship-promotion-discount")
        paid += taxed * money(row, *TAXES)
        sums[row["amazon-order-id"]] = sums.get(row["amazon-order-id"], 0) + paid
        keys.add((row["shipment-id"], row["shipment-item-id"]))
        assert row["quantity-shipped"] == "1"
        assert Decimal(row["item-promotion-discount"]) < 0
        assert row["recipient-name"] and row["ship-address-1"]
    assert sums == totals(shop)
    assert len(keys) == sum(
        item["quantityOrdered"]
        for order in shop.amazon.orders(shop.seller_id)
        for item in order["orderItems"]
    )


def test_fba_report_for_everybody_has_no_person(shop: Shop) -> None:
    shop.make(3, fba=1, shipped=1)
    for row in rows(shop, FBA):
        assert not row["recipient-name"] and not row["ship-address-1"]
        assert not row["buyer-email"] and row["ship-country"]


def test_columns_switched_off_are_missing(shop: Shop) -> None:
    shop.make(1, fba=0, shipped=0)
    shop.amazon.put_seller(shop.seller_id, hidden_columns=["is-prime"])
    (row, *_) = rows(shop, SHIPPING)
    assert "is-prime" not in row and "sales-channel" not in row
    (row, *_) = rows(shop, SHIPPING, reportOptions={"ShowSalesChannel": "true"})
    assert row["sales-channel"] in ("Amazon.de", "Amazon.fr")
