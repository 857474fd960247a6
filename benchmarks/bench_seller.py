"""A seller's orders from Amazon's answers to confirmed sale orders, beside what Odoo
does without us.

A stand-in Amazon holds the orders, of one to three lines, with its real limits. They
are polled, kept, decoded and worked as the scheduled actions do it, with real commits;
then a database without the addon gets the same customers, addresses, orders and lines
from prepared values, in batches, and confirms them. Each way has a process of its own.
The ratio is of processor time, Odoo's and its PostgreSQL backends' together, so that it
holds on a busy machine; orders a second are given by the clock, and hold on an idle
one.

Waiting for the limits is not done but skipped, on Amazon's clock and on ours; work
takes as long as it takes. So the minutes until everything is there are as they would
be, beside the best that the limits let anybody reach.

    ./dev bench seller               1000 and 10000 orders
    ./dev bench seller 100           as many
"""

from __future__ import annotations

import sys

import _odoo
import _seller

SIZES = (1000, 10_000)
LEAST = 0.85
#: of the best that can be reached
LONGEST = 1.05
PAGE = 100  # orders
#: searchOrders, Orders API 2026-01-01: calls at once, and calls a second after them
BURST, RATE = 20, 0.0056


def best_minutes(orders: int) -> float:
    """How long the calls take that nobody can do without."""
    calls = -(-orders // PAGE)
    return max(0, calls - BURST) / RATE / 60


def measure(orders: int) -> tuple[_seller.Run, _seller.Run]:
    """Ours and bare."""
    with _odoo.database("bench_ours", _odoo.with_addon()) as database:
        ours, prepared = _seller.apart(_seller.road, database, orders)
    with _odoo.database("bench_bare", _odoo.without_addon()) as database:
        bare = _seller.apart(_seller.bare, database, prepared)
    assert bare.lines == ours.lines
    return ours, bare


def show(ours: _seller.Run, bare: _seller.Run) -> bool:
    """Print a size; whether everything in it is as wanted."""
    ratio, count = bare.cpu / ours.cpu, ours.orders
    best = best_minutes(count)
    good = ratio >= LEAST and (not best or ours.minutes <= LONGEST * best)
    good = good and not ours.throttled and ours.calls <= -(-count // PAGE)
    print(f"\n{count} orders, {ours.lines} lines{'' if good else '  MISSED'}")
    print(
        f"{'':>8}{'orders/s':>10}{'seconds':>10}{'cpu s':>10}{'queries/order':>15}"
        f"{'peak MiB':>10}{'of these before':>17}"
    )
    for name, run in (("bare", bare), ("ours", ours)):
        print(
            f"{name:>8}{count / run.wall:>10.1f}{run.wall:>10.1f}{run.cpu:>10.1f}"
            f"{run.queries / count:>15.2f}{run.peak:>10.0f}{run.base:>17.0f}"
        )
    print(f"   ratio of speeds: {ratio:.2f}, at least {LEAST} is wanted")
    print(
        f"   calls: {ours.calls}, {100 * ours.calls / count:.2f} for 100 orders; "
        f"{ours.throttled} refused as too many"
    )
    told = f"{ours.minutes:.1f} minutes until caught up, at best {best:.1f}"
    if best:
        told += f": {ours.minutes / best:.3f} of it, at most {LONGEST} is wanted"
    print(f"   {told}", flush=True)
    return good


def main() -> int:
    """Print the table; 0 if everything is as wanted."""
    sizes = [int(size) for size in sys.argv[1:] if size.isdigit()] or SIZES
    return 0 if all([show(*measure(size)) for size in sizes]) else 1
