"""Purchase orders in Odoo, beside what Odoo does without us.

A database with the addon and one with Odoo's own modules alone hold the same
customer, products and stock. In turn, in the same run, in fresh transactions that are
rolled back: there the orders are created in one batch and confirmed, here their
documents are worked as the scheduled action does and acknowledged whole. Chatter and
tracking are on, and done within what is measured.

The ratios are of processor time, Odoo's and its PostgreSQL backend's together, within
one turn; the median of the turns counts, so that they hold on a busy machine, whose
processors are slower from one moment to the next. Milliseconds are the best by the
clock. Every step begins with nothing cached and the garbage collected, every turn
with both databases vacuumed: what is rolled back stays behind as dead rows, and the
next one would pay for them, or for PostgreSQL's clearing them away meanwhile.

Each row is printed when it is measured, so a run that is stopped leaves the rows
before; the others can be had by their names.

    ./dev bench odoo                 the whole table (about 20 minutes)
    ./dev bench odoo 10x10 100x10    these rows only
"""

from __future__ import annotations

import re
import statistics
import sys
import time
from collections.abc import Callable

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
SECONDS = 90.0  # of turns for one size, as long as another one fits
TURNS = 12  # at most, and at least one

Costs = dict[str, _odoo.Cost]

#: what is measured, beside what
COMPARED = (("import", "create"), ("acknowledge", "confirm"))


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


def our_turn(database: str, ids: list[int]) -> Costs:
    """Work documents up to draft orders, then acknowledge everything."""
    with _odoo.environment(database) as env:
        meter, documents = _odoo.Meter(env), env["amazon.b2b.document"].browse(ids)
        with meter.measure() as imported:
            documents._work()
        assert set(documents.mapped("state")) == {"done"}, documents.mapped("reason")
        # chosen in a list, as a person does: browsed together
        orders = env["sale.order"].browse(documents.sale_order_id.ids)
        with meter.measure() as acknowledged:
            orders._amazon_b2b_acknowledge()
        assert set(orders.mapped("state")) == {"sale"}
        assert set(orders.mapped("amazon_b2b_status")) == {"acknowledged"}
    return {"import": imported[0], "acknowledge": acknowledged[0]}


class Bench:
    """The two databases and what they hold."""

    def __init__(self, bare: str, ours: str) -> None:
        self.bare, self.ours = bare, ours
        with _odoo.environment(bare, commit=True) as env:
            self.bare_trade = _orders.trade(env)
        with _odoo.environment(ours, commit=True) as env:
            _orders.connect(env, _orders.trade(env))

    def measure(self, orders: int, lines: int, *, most: int = TURNS) -> list[Costs]:
        """What every step costs in each of several turns."""
        with _odoo.environment(self.ours, commit=True) as env:
            ids = _orders.receive(env, orders, lines).ids
        ways = [
            lambda: bare_turn(self.bare, self.bare_trade, orders, lines),
            lambda: our_turn(self.ours, ids),
        ]
        start = time.monotonic()
        turns = [self._turn(ways)]
        while len(turns) < most and _another_fits(start, len(turns)):
            ways.reverse()  # nobody is always the one that runs first
            turns.append(self._turn(ways))
        return turns

    def _turn(self, ways: list[Callable[[], Costs]]) -> Costs:
        found: Costs = {}
        for way in ways:
            _odoo.vacuum(self.bare, self.ours)
            found |= way()
        return found


def _another_fits(start: float, turns: int) -> bool:
    spent = time.monotonic() - start
    return spent + spent / turns <= SECONDS


HEAD = f"""\
ratios: speed of ours by that of bare Odoo, at least {LEAST} is wanted from
{FROM_ORDERS} orders up; milliseconds; queries a line of an order

               |      import to draft orders        |     acknowledging everything
               |      beside a batch create         |     beside action_confirm
 orders  lines |  create    ours  ratio     queries | confirm    ours  ratio     queries
-------------- | ---------------------------------- | ----------------------------------
"""


def show(orders: int, lines: int, turns: list[Costs]) -> bool:
    """Print one row of the table; whether every ratio in it is as wanted."""
    row, good = f"{orders:>7}{lines:>7} |", True
    for ours, bare in COMPARED:
        ratio = statistics.median(turn[bare].cpu / turn[ours].cpu for turn in turns)
        good = good and (orders < FROM_ORDERS or ratio >= LEAST)
        for name in (bare, ours):
            row += f"{min(turn[name].wall for turn in turns) * 1000:>8.0f}"
        queries = "→".join(
            f"{min(turn[name].queries for turn in turns) / (orders * lines):.1f}"
            for name in (bare, ours)
        )
        row += f"{ratio:>7.2f}{queries:>13} |"
    print(f"{row} {len(turns)} turns{'' if good else '  MISSED'}", flush=True)
    return good


def wanted(arguments: list[str]) -> list[tuple[int, int]]:
    names = [re.fullmatch(r"(\d+)x(\d+)", name) for name in arguments]
    return [(int(name[1]), int(name[2])) for name in names if name] or SIZES


def main() -> int:
    """Print the table; 0 if every ratio from ten orders up is as wanted."""
    _odoo.configure()
    with (
        _odoo.database("bench_bare", _odoo.without_addon()) as bare,
        _odoo.database("bench_ours", _odoo.with_addon()) as ours,
    ):
        bench = Bench(bare, ours)
        bench.measure(2, 2, most=1)  # what is kept in memory from here on
        print(HEAD, end="", flush=True)
        good = [show(*size, bench.measure(*size)) for size in wanted(sys.argv[1:])]
    return 0 if all(good) else 1
