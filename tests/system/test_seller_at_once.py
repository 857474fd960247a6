"""Two processes that import at once."""

from sellers import SELLER, make

BURST = 20  # calls of searchOrders, Orders API 2026-01-01
PAGE = 5
ORDERS = 22 * PAGE


def test_two_workers_import_nothing_twice_and_stay_within_one_bucket(
    workers, amazon_seller
):
    make(amazon_seller, ORDERS)
    workers.at_once(2, page=PAGE)
    counted = amazon_seller.counters(SELLER)["searchOrders"]
    assert counted == {"calls": BURST, "throttled": 0, "refused": 0}
    assert workers.states() == {"done": BURST * PAGE}
    workers.pass_time(amazon_seller)
    workers.at_once(2, page=PAGE)
    counted = amazon_seller.counters(SELLER)["searchOrders"]
    assert counted["throttled"] == counted["refused"] == 0
    assert workers.wrong(amazon_seller) == ""
    assert workers.states() == {"done": ORDERS}
