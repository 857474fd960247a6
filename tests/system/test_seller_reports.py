"""Orders that come by reports: whole processes, a stand-in Amazon, every step of it."""

import json
from datetime import datetime, timedelta, timezone

import pytest

from simulator.seller_client import SellerSimulator
from tools import databases, server, templates, venv
from tools.story_person import Person, until

CONNECTION = "amazon.b2b.connection"
SELLER, GERMANY = "A2SELLERTWO", "A1PA6795UKMFR9"
PATIENCE = 240  # seconds; scheduled actions look round every minute by themselves
PLAIN = dict.fromkeys(("prime", "b2b", "gift", "promotion", "packstation", "taxed"), 0)


@pytest.fixture(scope="module")
def amazon(tmp_path_factory):
    folder = tmp_path_factory.mktemp("seller")
    with SellerSimulator(folder, python=str(venv.python())) as simulator:
        simulator.put_seller(SELLER, store_name="Kettles & Co", marketplaces=["DE"])
        simulator.configure(report_queue_seconds=1.0, report_work_seconds=1.0)
        yield simulator


@pytest.fixture(scope="module")
def odoo():
    database = databases.name("reports")
    databases.copy(templates.addon(), database)
    with server.running(database, workers=2) as running:
        databases.set_parameter(database, "web.base.url", running.url)
        yield running
    databases.drop(database)


@pytest.fixture(scope="module")
def person(odoo, amazon):
    person = Person(odoo.url, "admin", "admin", odoo.database)
    application = amazon.add_application(name="Our Odoo")
    endpoints = {"eu": amazon.ready["endpoint"], "lwa": amazon.ready["token_url"]}
    person.call(
        *("ir.config_parameter", "set_param", "amazon_b2b.spapi_endpoints"),
        json.dumps(endpoints),
    )
    person.change(
        "amazon.b2b.application",
        person.call("amazon.b2b.application", "search", [])[0],
        {name: application[name] for name in ("application_id", "client_id")},
    )
    person.fill("amazon.b2b.client.secret", {"secret": application["client_secret"]})
    person.application = application["application_id"]
    return person


@pytest.fixture(scope="module")
def made(person, amazon):
    """Orders at Amazon, with products for them here: their numbers, MFN then FBA."""
    # the last two hours are not compared
    end = datetime.now(timezone.utc) - timedelta(hours=3)
    wishes = {"end": end.isoformat(), **PLAIN}
    mfn = amazon.make_orders(SELLER, 3, fba=0, shipped=0, seed=1, **wishes)
    fba = amazon.make_orders(SELLER, 2, fba=1, shipped=1, seed=2, **wishes)
    orders = amazon.orders(SELLER)
    for sku in {
        item["product"]["sellerSku"] for order in orders for item in order["orderItems"]
    }:
        values = {"name": sku, "default_code": sku, "is_storable": True}
        person.call("product.product", "create", [values])
    return mfn, fba


@pytest.fixture(scope="module")
def connection(person, amazon, made):
    """A connection by reports, authorised with a pasted token."""
    token = amazon.authorise(person.application, SELLER)
    connection = person.fill(
        CONNECTION,
        {
            "name": "Amazon by reports",
            "kind": "seller",
            "home_marketplace": GERMANY,
            "order_route": "reports",
        },
    )
    wizard = person.fill(
        "amazon.b2b.seller.token",
        {"connection_id": connection, "seller_id": SELLER, "refresh_token": token},
    )
    person.press("amazon.b2b.seller.token", wizard, "action_enter")
    return connection


def test_orders_come_by_reports_and_agree_with_amazon(person, connection, made, amazon):
    mfn, fba = made

    def imported():
        numbers = [("amazon_b2b_seller_number", "in", [*mfn, *fba])]
        rows = person.rows(
            "sale.order", numbers, ["amazon_b2b_seller_number", "amount_total"]
        )
        return len(rows) == len(mfn) + len(fba) and rows

    rows = until(imported, "every order", PATIENCE)
    totals = {row["amazon_b2b_seller_number"]: row["amount_total"] for row in rows}
    for order in amazon.orders(SELLER):
        stated = float(order["proceeds"]["grandTotal"]["amount"])
        assert totals[order["orderId"]] == pytest.approx(stated)
    assert not amazon.asked("searchOrders")
    person.press(CONNECTION, connection, "action_reconcile")
    compared = until(
        lambda: person.rows(
            "amazon.b2b.reconciliation",
            [("connection_id", "=", connection)],
            ["line_count", "amazon_count", "our_count"],
        ),
        "the comparison",
        PATIENCE,
    )
    assert [(row["line_count"], row["our_count"]) for row in compared] == [(0, 5)]
