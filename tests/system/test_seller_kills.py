"""Processes that are killed while they import: nothing is lost, nothing is doubled.

`./dev bench kills` does the first of these with 500 orders, both before and after
each commit, and kills at 20 random commits of imports of their own; it takes an hour.
"""

import random

import pytest
from sellers import make_next

from tools.seller_workers import KILLED, Ended, killed_at_every_commit

# two pages of four orders
FEW = {"page": 2, "batch": 2}
# fetched, kept, decoded, worked: at least so many commits
POINTS = 15
ORDERS, KILLS, SEED = 500, 20, 1
# of its commits; so many that it lives through 20 kills
SMALL = {"page": 20, "batch": 20}


def quick(amazon):
    """Calls come back at once: what is killed asks for its page again."""
    amazon.configure(rates={"searchOrders": [100, 1000]})


@pytest.mark.timeout(900)
def test_import_killed_at_each_commit_in_turn_ends_in_exactly_its_orders(
    workers, amazon_seller
):
    """Before each commit: what stands then is what stood after the one before it."""
    quick(amazon_seller)

    def bring():
        workers.pass_time(amazon_seller)
        make_next(amazon_seller, 4)

    before, points = workers.states().get("done", 0), 0
    for number in killed_at_every_commit(workers, bring, "before", **FEW):
        assert workers.wrong(amazon_seller) == "", number
        points = number
    assert workers.wrong(amazon_seller) == ""
    assert points >= POINTS
    assert workers.states() == {"done": before + 4 * (points + 1)}


@pytest.mark.timeout(900)
def test_import_of_500_orders_killed_20_times_ends_in_exactly_500(
    workers, amazon_seller
):
    quick(amazon_seller)
    workers.pass_time(amazon_seller)
    before = workers.states().get("done", 0)
    assert len(set(make_next(amazon_seller, ORDERS))) == ORDERS
    chance, killed = random.Random(SEED), 0
    while killed < KILLS:
        kill, moment = chance.randint(1, 4), chance.choice(["before", "after"])
        ended = workers.road(kill=kill, moment=moment, **SMALL)
        assert ended == Ended(KILLED, kill), f"it had ended after {killed} kills"
        killed += 1
    workers.road()
    assert workers.wrong(amazon_seller) == ""
    assert workers.states() == {"done": before + ORDERS}
