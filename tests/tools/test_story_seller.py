"""What the seller's part of the demo reads from a form, and from Amazon's orders."""

from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace

from tools.story_seller_books import sums
from tools.story_seller_consent import to_do
from tools.story_seller_orders import ORDERS
from tools.story_seller_road import ago, stated


def test_checklist_is_told_without_its_links():
    checklist = (
        '<ul class="mb-0"><li>Give the role &#34;Orders&#34;.'
        ' <a href="https://x.example" target="_blank">Open Seller Central</a></li>'
        "<li>Set the address.</li></ul>"
    )
    assert to_do(checklist) == ['Give the role "Orders".', "Set the address."]
    assert to_do("") == []


def test_moment_is_written_as_amazon_writes_it():
    earlier, later = ago(timedelta(hours=1)), ago(timedelta())
    assert earlier < later
    assert len(later) == len("2026-11-21T10:00:00Z") and later.endswith("Z")


def test_forty_orders_wait_for_the_seller():
    assert sum(batch.count for batch in ORDERS.values()) == 40


def _at_amazon(amount, currency="EUR"):
    total = {"amount": amount, "currencyCode": currency}
    return {"proceeds": {"grandTotal": total}}


def _in_odoo(number, amount, currency=1):
    return {
        "amazon_b2b_seller_number": number,
        "amount_total": amount,
        "currency_id": currency,
    }


def _scene(at_amazon, orders):
    """As much of a scene as sums need; EUR is 1, GBP is 2."""
    currencies = [{"id": 1, "name": "EUR"}, {"id": 2, "name": "GBP"}]
    return SimpleNamespace(
        at_amazon=lambda: at_amazon,
        orders=lambda numbers: orders,
        office=SimpleNamespace(rows=lambda *_: currencies),
    )


def test_amounts_are_amazons_own_decimals():
    assert stated(_at_amazon("119.70")) == ("EUR", Decimal("119.70"))


def test_equal_sums_do_not_hide_orders_that_differ():
    scene = _scene(
        {"A": _at_amazon("10.00"), "B": _at_amazon("20.00"), "C": _at_amazon("5.00")},
        [_in_odoo("A", 10.01), _in_odoo("B", 19.99), _in_odoo("C", 5.0)],
    )
    theirs, ours, wrong = sums(scene)["EUR"]
    assert theirs == ours == Decimal("35.00")
    assert len(wrong) == 2


def test_amount_in_another_currency_is_wrong():
    scene = _scene({"A": _at_amazon("10.00", "GBP")}, [_in_odoo("A", 10.0, 1)])
    assert sums(scene)["GBP"][2]


def test_orders_that_are_not_in_odoo_yet_count_on_neither_side():
    scene = _scene(
        {"A": _at_amazon("10.00"), "B": _at_amazon("20.00")}, [_in_odoo("A", 10.0)]
    )
    assert sums(scene) == {"EUR": (Decimal("10.00"), Decimal("10.00"), [])}
