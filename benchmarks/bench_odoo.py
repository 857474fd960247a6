"""Purchase orders in Odoo, beside what Odoo does without us.

A database with the addon and one with Odoo's own modules alone hold the same
customer, products and stock. In turn, in the same run, in fresh transactions that are
rolled back: there the orders are created in one batch and confirmed, here their
documents are imported and acknowledged whole. Chatter and tracking are on, and done
within what is measured. The ratios are of processor time, Odoo's and its
PostgreSQL backend's together, the best of the turns, so that they hold on a busy
machine; milliseconds are given by the clock too.

    ./dev bench odoo                 the whole table
    ./dev bench odoo 10x10 100x10    these rows only
"""

from __future__ import annotations

import re
import sys
import time
from typing import Any

import _odoo
import _orders

#: orders, lines of each
SIZES = [
    (orders, lines)
    for orders in (1, 10, 100, 1000)
    for lines in (1, 10, 100)
    if orders * lines <= 10_000
]
LEAST = 0.9
FROM_ORDERS = 10  # below that, milliseconds say more than a ratio
SECONDS = 25.0  # of turns for one size
TURNS = 12  # at most, and at least one

Costs = dict[str, _odoo.Cost]


def bare_turn(database: str, trade: _orders.Trade, orders: int, lines: int) -> Costs:
    """Create and confirm orders in Odoo without the addon."""
    with _odoo.environment(database) as env:
        meter, values = _odoo.Meter(env), _orders.bare_values(trade, orders, lines)
        with meter.measure() as create:
            made = env["sale.order"].create(values)
        with meter.measure() as confirm:
            made.action_confirm()
        assert set(made.mapped("state")) == {"sale"}
    return {"create": create[0], "confirm": confirm[0]}


def import_turn(database: str, ids: list[int]) -> Costs:
    """Import documents that are placed already."""
    with _odoo.environment(database) as env:
        meter, documents = _odoo.Meter(env), env["amazon.b2b.document"].browse(ids)
        documents._place()
        with meter.measure() as imported:
            env["sale.order"]._amazon_b2b_import(documents)
        assert set(documents.mapped("state")) == {"done"}, documents.mapped("reason")
    return {"import": imported[0]}


def our_turn(database: str, ids: list[int]) -> Costs:
    """Work documents as the scheduled action does, then acknowledge everything."""
    with _odoo.environment(database) as env:
        meter, documents = _odoo.Meter(env), env["amazon.b2b.document"].browse(ids)
        with meter.measure() as worked:
            documents._work()
        # chosen in a list, as a person does: browsed together
        orders = env["sale.order"].browse(documents.sale_order_id.ids)
        with meter.measure() as acknowledged:
            orders._amazon_b2b_acknowledge()
        assert set(orders.mapped("state")) == {"sale"}
        assert set(orders.mapped("amazon_b2b_status")) == {"acknowledged"}
    return {"work": worked[0], "acknowledge": acknowledged[0]}


class Bench:
    """The two databases and what they hold."""

    def __init__(self, bare: str, ours: str) -> None:
        self.bare, self.ours = bare, ours
        with _odoo.environment(bare, commit=True) as env:
            self.bare_trade = _orders.trade(env)
        with _odoo.environment(ours, commit=True) as env:
            _orders.connect(env, _orders.trade(env))

    def measure(self, orders: int, lines: int) -> Costs:
        """The best of several turns for every step."""
        with _odoo.environment(self.ours, commit=True) as env:
            ids = _orders.receive(env, orders, lines).ids
        best: Costs = {}
        deadline = time.monotonic() + SECONDS
        for turn in range(TURNS):
            if turn and time.monotonic() > deadline:
                break
            for name, cost in self._turn(ids, orders, lines, turn).items():
                best[name] = best.get(name, cost) | cost
        return best

    def _turn(self, ids: list[int], orders: int, lines: int, turn: int) -> Costs:
        ways = [
            lambda: bare_turn(self.bare, self.bare_trade, orders, lines),
            lambda: import_turn(self.ours, ids),
            lambda: our_turn(self.ours, ids),
        ]
        # nobody is always the one that runs after the longest rest
        found: Costs = {}
        for way in ways[turn % 3 :] + ways[: turn % 3]:
            found |= way()
        return found


#: what is measured, beside what, what it is called
COMPARED = (
    ("import", "create", "import to draft orders beside a bare create"),
    ("work", "create", "the scheduled action's whole work beside a bare create"),
    ("acknowledge", "confirm", "acknowledging everything beside a bare action_confirm"),
)


def show(title: str, rows: list[tuple[int, int, Any, Any]]) -> bool:
    """Print one table; whether every ratio in it is as wanted."""
    print(f"\n{title}")
    print(
        f"{'orders':>7}{'lines':>6} |{'bare ms':>10}{'ours ms':>10} |{'bare cpu':>10}"
        f"{'ours cpu':>10} |{'ratio':>6} | queries a line:{'bare':>7}{'ours':>7}"
    )
    good = True
    for orders, lines, ours, bare in rows:
        ratio, count = bare.cpu / ours.cpu, orders * lines
        missed = orders >= FROM_ORDERS and ratio < LEAST
        good = good and not missed
        print(
            f"{orders:>7}{lines:>6} |{bare.wall * 1000:>10.1f}"
            f"{ours.wall * 1000:>10.1f} |{bare.cpu * 1000:>10.1f}"
            f"{ours.cpu * 1000:>10.1f} |{ratio:>6.2f} |{'':>15} "
            f"{bare.queries / count:>7.2f}{ours.queries / count:>7.2f}"
            f"{'  MISSED' if missed else ''}"
        )
    return good


def wanted(arguments: list[str]) -> list[tuple[int, int]]:
    names = [name for name in arguments if re.fullmatch(r"\d+x\d+", name)]
    return [tuple(map(int, name.split("x"))) for name in names] or SIZES  # type: ignore


def main() -> int:
    """Print the tables; 0 if every ratio from ten orders up is as wanted."""
    _odoo.configure()
    with (
        _odoo.database("bench_bare", _odoo.without_addon()) as bare,
        _odoo.database("bench_ours", _odoo.with_addon()) as ours,
    ):
        bench = Bench(bare, ours)
        bench.measure(1, 1)  # what is kept in memory from here on
        found = {}
        for size in wanted(sys.argv[1:]):
            found[size] = bench.measure(*size)
            print("measured {} orders of {} lines".format(*size), flush=True)
    print(f"ratios: speed of ours by that of bare Odoo, at least {LEAST} is wanted")
    print(f"from {FROM_ORDERS} orders up")
    good = [
        show(title, [(*size, c[ours], c[bare]) for size, c in found.items()])
        for ours, bare, title in COMPARED
    ]
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main())
