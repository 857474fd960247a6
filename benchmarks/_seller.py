"""A seller's orders on their whole road, and the same orders in Odoo without it."""

from __future__ import annotations

import contextlib
import datetime
import math
import multiprocessing
import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from unittest import mock

import _odoo
import odoo.fields
import odoo.sql_db
import psutil

from simulator.seller_client import SellerSimulator
from tools import databases, seller_shop

Values = dict[str, Any]

#: every order is one that we ship: only such have deliveries, as the bare ones do
WISHES = {"fba": 0, "shipped": 0}
#: orders of one transaction of the bare batch
BARE_BATCH = 250
#: seconds after which Odoo's scheduled actions look round by themselves
LOOK_ROUND = 60

#: what of a customer or an order the bare batch is given
PARTNER = (
    *("name", "email", "phone", "street", "street2", "city", "zip", "type"),
    *("is_company", "company_name", "vat", "lang", "country_id", "state_id"),
)
ORDER = (
    *("date_order", "client_order_ref", "origin", "commitment_date"),
    *("require_signature", "require_payment", "validity_date"),
)
LINE = ("sequence", "product_uom_qty", "price_unit")


@dataclass
class Run:
    """What one way of making the orders cost."""

    orders: int
    lines: int
    wall: float  # seconds
    cpu: float  # seconds of processors, Odoo's and its PostgreSQL backends'
    queries: int
    peak: float  # MiB, of Odoo's process
    base: float  # MiB, before it began
    calls: int = 0  # of searchOrders
    throttled: int = 0
    minutes: float = 0.0  # until caught up, by Amazon's clock


class Meter:
    """Like :class:`_odoo.Meter`, over several transactions and cursors."""

    def __init__(self, database: str) -> None:
        self._database = database
        self._before = self._now()

    def _now(self) -> tuple[float, float, int, dict[int, float]]:
        return (
            time.perf_counter(),
            time.process_time(),
            odoo.sql_db.sql_counter,
            dict(self._backends()),
        )

    def _backends(self) -> Iterator[tuple[int, float]]:
        with databases.cursor() as cr:
            cr.execute(
                "SELECT pid FROM pg_stat_activity WHERE datname = %s", [self._database]
            )
            for (pid,) in cr.fetchall():
                with contextlib.suppress(psutil.NoSuchProcess):
                    times = psutil.Process(pid).cpu_times()
                    yield pid, times.user + times.system

    def read(self) -> tuple[float, float, int]:
        """Seconds by the clock, seconds of processors, queries."""
        wall, cpu, queries, backends = self._now()
        before = self._before
        served = sum(s - before[3].get(pid, 0.0) for pid, s in backends.items())
        return (
            wall - before[0],
            cpu - before[1] + served,
            queries - before[2],
        )


def apart(work: Callable[..., Any], *arguments: Any) -> Any:
    """Call ``work`` in a process of its own, so that its memory can be measured."""
    context = multiprocessing.get_context("spawn")
    with context.Pool(1) as pool:
        return pool.apply(work, arguments)


def memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


# ours


class Clock:
    """Real time, and what is skipped of it, for Odoo and for Amazon alike."""

    def __init__(self, amazon: SellerSimulator) -> None:
        self._amazon, self._skipped = amazon, 0.0

    def seconds(self) -> float:
        return time.time() + self._skipped

    def now(self, *_args: Any) -> datetime.datetime:
        """As ``odoo.fields.Datetime.now`` has it."""
        moment = datetime.datetime.fromtimestamp(self.seconds(), datetime.timezone.utc)
        return moment.replace(microsecond=0, tzinfo=None)

    def skip(self, seconds: float) -> None:
        self._skipped += seconds
        self._amazon.advance_clock(seconds)

    @contextlib.contextmanager
    def ruling(self, registry: Any) -> Iterator[None]:
        bucket = registry["amazon.b2b.rate.bucket"]
        with (
            mock.patch.object(odoo.fields.Datetime, "now", self.now),
            mock.patch.object(bucket, "_now", lambda _self, _cr: self.seconds()),
        ):
            yield


def road(database: str, count: int) -> tuple[Run, list[Values]]:
    """From Amazon's answers to confirmed orders; and those orders as values."""
    _odoo.configure()
    with (
        tempfile.TemporaryDirectory() as folder,
        SellerSimulator(folder) as amazon,
    ):
        account = seller_shop.open_account(amazon)
        with _odoo.environment(database, commit=True) as env:
            seller_shop.shop(env)
        with _odoo.environment(database, commit=True) as env:
            seller_shop.connect(env, account)
        # what is kept in memory from here on
        _import(database, amazon, 1, _ago(60), _ago(50))
        amazon.clear_counters()
        amazon.refill_buckets()
        with databases.cursor(database) as cr:
            cr.execute("DELETE FROM amazon_b2b_rate_bucket")
        with _odoo.environment(database, commit=True) as env:
            _poll(env)._read_from(_ago(40))
        run = _import(database, amazon, count, _ago(30), _ago(1))
    with _odoo.environment(database) as env:
        orders = env["sale.order"].search([], order="id")[1:]
        assert len(orders) == count, len(orders)
        assert set(orders.mapped("state")) == {"sale"}
        run.lines = len(orders.order_line)
        return run, list(_prepared(orders))


def _poll(env: Any) -> Any:
    return env["amazon.b2b.poll"].search([("kind", "=", "orders")])


def _ago(days: int) -> datetime.datetime:
    return odoo.fields.Datetime.now() - datetime.timedelta(days=days)


def _import(
    database: str,
    amazon: SellerSimulator,
    count: int,
    start: datetime.datetime,
    end: datetime.datetime,
) -> Run:
    """Orders that were placed between ``start`` and ``end``."""
    wishes = {**WISHES, "catalogue": seller_shop.CATALOGUE, "seed": count}
    wishes |= {"start": f"{start.isoformat()}Z", "end": f"{end.isoformat()}Z"}
    amazon.make_orders(seller_shop.SELLER, count, **wishes)
    clock = Clock(amazon)
    registry = odoo.modules.registry.Registry(database)
    base = memory()
    with clock.ruling(registry):
        meter, began = Meter(database), clock.seconds()
        before = _placed(database)
        while not _step(database, clock):
            pass
        wall, cpu, queries = meter.read()
        minutes = (clock.seconds() - began) / 60
    _check(database, before + count)
    counted = amazon.counters(seller_shop.SELLER)["searchOrders"]
    return Run(
        orders=count,
        lines=0,
        wall=wall,
        cpu=cpu,
        queries=queries,
        peak=memory(),
        base=base,
        calls=counted["calls"],
        throttled=counted["throttled"],
        minutes=minutes,
    )


def _placed(database: str) -> int:
    with databases.cursor(database) as cr:
        cr.execute("SELECT count(*) FROM amazon_b2b_document")
        return int(cr.fetchone()[0])


def _check(database: str, count: int) -> None:
    with databases.cursor(database) as cr:
        cr.execute(
            "SELECT state, reason, count(*) FROM amazon_b2b_document GROUP BY 1, 2"
        )
        rows = cr.fetchall()
    assert rows == [("done", None, count)], rows


def _step(database: str, clock: Clock) -> bool:
    """What the scheduled actions do when they wake; whether nothing is left."""
    for model, action, arguments in (
        ("amazon.b2b.poll", "_cron_poll", ()),
        ("amazon.b2b.transmission", "_cron_decode", ()),
        ("amazon.b2b.document", "_cron_work", (0,)),
        ("amazon.b2b.document", "_cron_work", (1,)),
    ):
        with _odoo.environment(database, commit=True) as env:
            getattr(env[model], action)(*arguments)
    with _odoo.environment(database) as env:
        poll = _poll(env)
        assert not poll.problem, poll.problem
        if not poll.token:
            return True
        rest = (poll.next_run - clock.now()).total_seconds()
        clock.skip(math.ceil(max(rest, 0) / LOOK_ROUND) * LOOK_ROUND)
        return False


def _prepared(orders: Any) -> Iterator[Values]:
    """Each order, its customers and lines, in values that know no database."""
    for order in orders:
        customer, address = order.partner_id, order.partner_shipping_id
        yield {
            "customer": (customer.id, _plain(customer, PARTNER)),
            "address": (address.id, _plain(address, PARTNER)),
            "order": _plain(order, ORDER),
            "lines": [
                (line.product_id.name, bool(line.tax_ids), _plain(line, LINE))
                for line in order.order_line
            ],
        }


def _plain(record: Any, names: tuple[str, ...]) -> Values:
    found = {name: record[name] for name in names}
    return {
        name: value.id if isinstance(value, odoo.models.BaseModel) else value
        for name, value in found.items()
    }


# bare


def bare(database: str, prepared: list[Values]) -> Run:
    """The same customers, addresses, orders and lines in Odoo without the addon."""
    _odoo.configure()
    with _odoo.environment(database, commit=True) as env:
        seller_shop.shop(env)
        services = {name for each in prepared for name, _taxed, _v in each["lines"]}
        services -= {each["title"] for each in seller_shop.CATALOGUE}
        env["product.product"].create(
            [{"name": name, "type": "service", "taxes_id": False} for name in services]
        )
    with _odoo.environment(database) as env:
        _bare_batch(env, prepared[:1], {})  # what is kept in memory from here on
    base, meter, partners = memory(), Meter(database), {}
    for start in range(0, len(prepared), BARE_BATCH):
        with _odoo.environment(database, commit=True) as env:
            _bare_batch(env, prepared[start : start + BARE_BATCH], partners)
    wall, cpu, queries = meter.read()
    return Run(
        orders=len(prepared),
        lines=sum(len(each["lines"]) for each in prepared),
        wall=wall,
        cpu=cpu,
        queries=queries,
        peak=memory(),
        base=base,
    )


def _bare_batch(env: Any, prepared: list[Values], partners: dict[int, int]) -> None:
    """``partners``: those that are there, by the id that they have in the other."""
    new = {}
    for each in prepared:
        for key in ("customer", "address"):
            number, values = each[key]
            if number not in partners:
                new.setdefault(number, (each["customer"][0], values))
    heads = {n: v for n, (head, v) in new.items() if n == head}
    below = {n: (head, v) for n, (head, v) in new.items() if n != head}
    _add(env, partners, heads)
    _add(
        env,
        partners,
        {n: {**v, "parent_id": partners[head]} for n, (head, v) in below.items()},
    )
    products = {p.name: p.id for p in env["product.product"].search([])}
    tax = env["account.tax"].search([("amount", "=", seller_shop.RATE)])
    orders = env["sale.order"].create(
        [
            {
                **each["order"],
                "partner_id": partners[each["customer"][0]],
                "partner_invoice_id": partners[each["customer"][0]],
                "partner_shipping_id": partners[each["address"][0]],
                "order_line": [
                    (
                        0,
                        0,
                        {
                            **values,
                            "product_id": products[name],
                            "tax_ids": [(6, 0, tax.ids if taxed else [])],
                        },
                    )
                    for name, taxed, values in each["lines"]
                ],
            }
            for each in prepared
        ]
    )
    orders.action_confirm()
    assert set(orders.mapped("state")) == {"sale"}


def _add(env: Any, partners: dict[int, int], rows: dict[int, Values]) -> None:
    made = env["res.partner"].create(list(rows.values()))
    partners.update(zip(rows, made.ids, strict=True))
