"""An import of orders that is killed, and whether it ends in exactly its orders.

Once for each commit that it makes, before and after it, and then at random ones: the
import begins anew, its process gets SIGKILL there, another one goes on, and what came
of it is compared with what Amazon has. It takes an hour and more with 500 orders; the
tests have the same with a few.

    ./dev bench kills                500 orders
    ./dev bench kills 100            as many
"""

from __future__ import annotations

import random
import sys
import tempfile

import _odoo

from simulator.seller_client import SellerSimulator
from tools import seller_shop
from tools.seller_workers import Workers

ORDERS, AT_RANDOM = 500, 20


def main() -> int:
    """Print what went wrong; 0 if nothing did."""
    counts = [int(count) for count in sys.argv[1:] if count.isdigit()] or [ORDERS]
    with Workers("bench_kills", _odoo.with_addon()) as workers:
        return int(any([_killed(workers, count) for count in counts]))


def _killed(workers: Workers, orders: int) -> int:
    with tempfile.TemporaryDirectory() as folder, SellerSimulator(folder) as amazon:
        workers.connect(seller_shop.open_account(amazon))
        amazon.make_orders(
            *(seller_shop.SELLER, orders),
            **{"fba": 0, "shipped": 0, "catalogue": seller_shop.CATALOGUE},
        )
        workers.keep()
        commits = workers.road().commits
        points = [
            (number, moment)
            for number in range(1, commits + 1)
            for moment in ("before", "after")
        ]
        points += random.choices(points, k=AT_RANDOM)
        print(f"{orders} orders, {commits} commits, {len(points)} kills", flush=True)
        failed = 0
        for number, moment in points:
            workers.reset()
            amazon.refill_buckets()
            ended = workers.road(kill=number, moment=moment)
            workers.road()
            wrong = workers.wrong(amazon)
            failed += bool(wrong) or not ended.status
            if wrong or not ended.status:
                print(f"killed {moment} commit {number}: {wrong or 'it ended'}")
        print(f"{len(points) - failed} ended in exactly {orders} orders, {failed} not")
    return failed
