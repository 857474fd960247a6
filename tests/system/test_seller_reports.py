"""Orders that come by reports: whole processes, a stand-in Amazon, every step of it."""

from datetime import datetime, timedelta, timezone

import pytest

from tools.story_person import until

CONNECTION = "amazon.b2b.connection"
SELLER, GERMANY = "A2SELLERTWO", "A1PA6795UKMFR9"
PATIENCE = 240  # seconds
PLAIN = dict.fromkeys(("prime", "b2b", "gift", "promotion", "packstation", "taxed"), 0)


@pytest.fixture(scope="module")
def amazon(amazon_seller):
    amazon_seller.put_seller(SELLER, store_name="Kettles & Co", marketplaces=["DE"])
    amazon_seller.configure(report_queue_seconds=1.0, report_work_seconds=1.0)
    return amazon_seller


@pytest.fixture(scope="module")
def made(manager, amazon):
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
        manager.call("product.product", "create", [values])
    return mfn, fba


@pytest.fixture(scope="module")
def connection(manager, amazon, made):
    """A connection by reports, authorised with a pasted token."""
    token = amazon.authorise(manager.application, SELLER)
    connection = manager.fill(
        CONNECTION,
        {
            "name": "Amazon by reports",
            "kind": "seller",
            "home_marketplace": GERMANY,
            "order_route": "reports",
        },
    )
    wizard = manager.fill(
        "amazon.b2b.seller.token",
        {"connection_id": connection, "seller_id": SELLER, "refresh_token": token},
    )
    manager.press("amazon.b2b.seller.token", wizard, "action_enter")
    return connection


def test_orders_come_by_reports_and_agree_with_amazon(
    manager, connection, made, amazon, seller_odoo
):
    mfn, fba = made

    def imported():
        numbers = [("amazon_b2b_seller_number", "in", [*mfn, *fba])]
        rows = manager.rows(
            "sale.order", numbers, ["amazon_b2b_seller_number", "amount_total"]
        )
        return len(rows) == len(mfn) + len(fba) and rows

    def compared():
        domain = [("connection_id", "=", connection)]
        fields = ["line_count", "amazon_count", "our_count"]
        return manager.rows("amazon.b2b.reconciliation", domain, fields)

    def awaited(look, what):
        """A report is looked at again at a planned moment: Odoo's workers would find
        that within a minute by themselves."""
        with seller_odoo.kept_awake():
            return until(look, what, PATIENCE)

    rows = awaited(imported, "every order")
    totals = {row["amazon_b2b_seller_number"]: row["amount_total"] for row in rows}
    for order in amazon.orders(SELLER):
        stated = float(order["proceeds"]["grandTotal"]["amount"])
        assert totals[order["orderId"]] == pytest.approx(stated)
    assert not amazon.asked("searchOrders")
    manager.press(CONNECTION, connection, "action_reconcile")
    found = awaited(compared, "the comparison")
    assert [(row["line_count"], row["our_count"]) for row in found] == [(0, 5)]
