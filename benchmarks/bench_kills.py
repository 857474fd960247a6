"""An import of orders that is killed, and whether it ends in exactly its orders.

Once for each commit that it makes, before and after it, and then at random ones: the
import begins anew, its process gets SIGKILL there, another one goes on, and what came
of it is compared with what Amazon has. Each processor takes its share of the kills, in
a database and with a stand-in Amazon of its own. With 500 orders it takes most of an
hour; the tests have the same with a few.

    ./dev bench kills                500 orders
    ./dev bench kills 100            as many
"""

from __future__ import annotations

import os
import random
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

import _odoo

from simulator.seller_client import SellerSimulator
from tools import seller_shop
from tools.seller_workers import Workers

ORDERS, AT_RANDOM = 500, 20
LANES = os.cpu_count() or 1

Point = tuple[int, str]


def main() -> int:
    """Print what went wrong; 0 if nothing did."""
    counts = [int(count) for count in sys.argv[1:] if count.isdigit()] or [ORDERS]
    return int(any([_killed(count) for count in counts]))


def _killed(orders: int) -> int:
    seed = random.randrange(10_000)
    template = _odoo.with_addon()
    with ThreadPoolExecutor(LANES) as pool:
        lanes = [
            pool.submit(_lane, lane, template, orders, seed) for lane in range(LANES)
        ]
        ends = [wrong for lane in lanes for wrong in lane.result()]
    failed = sum(map(bool, ends))
    print(
        f"{orders} orders, {len(ends)} kills (random ones by seed {seed}): "
        f"{len(ends) - failed} ended in exactly {orders} orders, {failed} not"
    )
    return failed


def _points(commits: int, seed: int) -> list[Point]:
    every = [(n + 1, moment) for n in range(commits) for moment in ("before", "after")]
    return every + random.Random(seed).choices(every, k=AT_RANDOM)


def _lane(lane: int, template: str, orders: int, seed: int) -> list[str]:
    """What was wrong after each kill of this lane, empty where nothing was."""
    with (
        Workers(f"bench_kills_{lane}", template) as workers,
        tempfile.TemporaryDirectory() as folder,
        SellerSimulator(folder) as amazon,
    ):
        workers.connect(seller_shop.open_account(amazon))
        amazon.make_orders(
            *(seller_shop.SELLER, orders),
            **{"fba": 0, "shipped": 0, "catalogue": seller_shop.CATALOGUE},
        )
        workers.keep()
        points = _points(workers.road().commits, seed)[lane::LANES]
        print(f"lane {lane}: {len(points)} kills", flush=True)
        return [_kill(workers, amazon, *point) for point in points]


def _kill(workers: Workers, amazon: SellerSimulator, number: int, moment: str) -> str:
    workers.reset()
    amazon.refill_buckets()
    ended = workers.road(kill=number, moment=moment)
    workers.road()
    wrong = workers.wrong(amazon) or ("" if ended.status else "it was not killed")
    if wrong:
        print(f"killed {moment} commit {number}: {wrong}", flush=True)
    return wrong
