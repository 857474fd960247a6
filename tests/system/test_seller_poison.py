"""A thousand orders through a real server, one of them poisoned."""

import pytest
from sellers import SELLER, UNKNOWN, make

from tools import server
from tools.story_person import Person, until

ORDERS, SECONDS = 1000, 1200
CONNECTION, DOCUMENT = "amazon.b2b.connection", "amazon.b2b.document"


@pytest.mark.timeout(SECONDS + 300)
def test_one_poisoned_order_of_a_thousand_is_held_and_999_come_in(
    workers, amazon_seller
):
    made = make(amazon_seller, ORDERS - 1)
    middle = amazon_seller.order(SELLER, made[ORDERS // 2])["createdTime"]
    (poisoned,) = make(
        amazon_seller, 1, catalogue=UNKNOWN, seed=2, start=middle, end=middle
    )
    with server.running(workers.database, workers=2, cron_threads=2) as odoo:
        person = Person(odoo.url, "admin", "admin", odoo.database)
        (connection,) = person.call(CONNECTION, "search", [])
        person.press(CONNECTION, connection, "action_synchronise")
        until(lambda: sum(settled(person)) == ORDERS, "the orders", SECONDS)
        assert settled(person) == [ORDERS - 1, 1]
        held = person.row(
            DOCUMENT, [("state", "=", "held")], ["number", "reason_code", "reason"]
        )
    assert (held["number"], held["reason_code"]) == (poisoned, "product")
    assert "POISON" in held["reason"]
    assert workers.wrong(amazon_seller) == f"1 of {ORDERS} are missing"


def settled(person):
    return [
        person.call(DOCUMENT, "search_count", [("state", "=", state)])
        for state in ("done", "held")
    ]
