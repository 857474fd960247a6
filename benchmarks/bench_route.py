"""Messages per second through the AS2 route, beside a route that only stores bytes.

One Odoo with two workers on a database that waits for the disk at every commit. The
same messages, signed and encrypted, go in turn to the AS2 route, which verifies,
decrypts, stores and answers with a signed receipt, and to a route of a small addon that
is made for this and only stores the body. Every receipt is checked afterwards.
"""

from __future__ import annotations

import contextlib
import http.client
import statistics
import tempfile
import textwrap
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import _odoo
import psutil

from tools import databases, ports, server
from tools.paths import CHECKOUT

WORKERS = 2
SENDERS = 4  # at once; more than workers, so that these never wait for us
MESSAGES = 150  # a turn
TURNS = 9
KIB = 1024
SIZES = (2 * KIB, 100 * KIB)
# The larger one is shown only: it is kept as it came and as it was decrypted, which is
# twice the bytes that the other route stores.
LEAST = {2 * KIB: 0.7}

OURS, BARE = "/amazon_b2b/as2", "/bench_store"
MODULE = "amazon_b2b_bench_store"
FILES = {
    "__init__.py": "from . import main\n",
    "__manifest__.py": """
        {
            "name": "Stores bytes",
            "author": "Benchmark",
            "license": "LGPL-3",
            "depends": ["web"],
            "data": ["ir.model.access.csv"],
        }
        """,
    "ir.model.access.csv": """
        id,name,model_id:id,group_id:id,perm_read,perm_write,perm_create,perm_unlink
        store,store,model_bench_store,base.group_system,1,0,0,0
        """,
    "main.py": f"""
        import base64

        from odoo import fields, http, models
        from odoo.http import request


        class Store(models.Model):
            _name = "bench.store"
            _description = "Stored bytes"

            data = fields.Binary(attachment=False)


        class Route(http.Controller):
            @http.route(
                "{BARE}",
                type="http",
                auth="public",
                methods=["POST"],
                csrf=False,
                save_session=False,
            )
            def store(self):
                data = base64.b64encode(request.httprequest.get_data())
                request.env["bench.store"].sudo().create({{"data": data}})
                return request.make_response(b"")
        """,
}


class Posted(NamedTuple):
    """What a turn took, and the answers in the order of the messages."""

    seconds: float
    cpu: float
    answers: list[Any]


def write_module(folder: Path) -> None:
    (folder / MODULE).mkdir()
    for name, text in FILES.items():
        (folder / MODULE / name).write_text(textwrap.dedent(text).lstrip())


@contextlib.contextmanager
def odoo() -> Iterator[tuple[server.Server, Any]]:
    """A server with both routes, and Amazon's side of the exchange."""
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as stack:
        write_module(Path(folder))
        options = [f"--addons-path={CHECKOUT},{folder}"]
        _odoo.configure(*options)
        name = stack.enter_context(
            _odoo.database("bench_route", _odoo.with_addon(), durable=True)
        )
        server.install(name, [MODULE], options)
        exchange = set_up(name)
        _odoo.forget(name)
        yield (
            stack.enter_context(
                server.running(name, workers=WORKERS, cron_threads=0, options=options)
            ),
            exchange,
        )


def set_up(name: str) -> Any:
    """Our station and Amazon's, as the addon's own tests have them."""
    with _odoo.environment(name, commit=True) as env:
        from odoo.addons.amazon_b2b_connector.tests.exchange import ExchangeMixin

        Exchange = type("Exchange", (ExchangeMixin,), {"env": env})
        Exchange.set_up_exchange()
    return Exchange()


def messages(exchange: Any, size: int, turn: int) -> list[Any]:
    """As many messages as a turn sends, each with a Message-ID of its own."""
    payload = (b"PO1*1*12*EA*9.5*PE*UP*012345678905~" * (size // 35 + 1))[:size]
    return [
        exchange.message(payload, message_id=f"<{size}.{turn}.{number}@amazon.example>")
        for number in range(MESSAGES)
    ]


def post(odoo: server.Server, path: str, batch: list[Any]) -> Posted:
    """Post all messages, :data:`SENDERS` at once."""
    answers: list[Any] = [None] * len(batch)
    waiting = iter(range(len(batch)))
    lock = threading.Lock()

    def send() -> None:
        while True:
            with lock:
                number = next(waiting, None)
            if number is None:
                return
            message = batch[number]
            connection = http.client.HTTPConnection(ports.LOOPBACK, odoo.port)
            connection.request("POST", path, message.body, message.headers)
            answer = connection.getresponse()
            body = answer.read()
            connection.close()
            assert answer.status == 200, (path, answer.status, body[:200])
            answers[number] = (answer.headers, body)

    threads = [threading.Thread(target=send) for _ in range(SENDERS)]
    cpu, start = processor_seconds(odoo), time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - start
    assert all(answers), "a sender ended early: see above"
    return Posted(seconds, processor_seconds(odoo) - cpu, answers)


def processor_seconds(odoo: server.Server) -> float:
    """Of the workers and of PostgreSQL's processes that serve them, so far."""
    workers = psutil.Process(odoo.process.pid).children(recursive=True)
    with databases.cursor() as cr:
        cr.execute(
            "SELECT pid FROM pg_stat_activity"
            " WHERE datname = %s AND backend_type = 'client backend'",
            [odoo.database],
        )
        backends = [psutil.Process(pid) for (pid,) in cr.fetchall()]
    times = [process.cpu_times() for process in workers + backends]
    return sum(one.user + one.system for one in times)


def check(exchange: Any, batch: list[Any], answers: list[Any]) -> None:
    """Every answer is a signed receipt of that very message."""

    class Answer(NamedTuple):
        headers: Any
        content: bytes

    for message, answer in zip(batch, answers, strict=True):
        assert exchange.receipt(message, Answer(*answer)).accepted


def check_durable(odoo: server.Server) -> None:
    with databases.cursor(odoo.database) as cr:
        for setting in ("fsync", "synchronous_commit"):
            cr.execute(f"SHOW {setting}")
            assert cr.fetchone() == ("on",), f"{setting} is not on"


def measure(odoo: server.Server, exchange: Any, size: int) -> bool:
    """Print one size's line; whether it is fast enough."""
    turns: list[tuple[Posted, Posted]] = []
    for turn in range(TURNS + 1):
        batch = messages(exchange, size, turn)
        paths = (OURS, BARE) if turn % 2 else (BARE, OURS)
        found = {path: post(odoo, path, batch) for path in paths}
        check(exchange, batch, found[OURS].answers)
        if turn:  # the first one warms both
            turns.append((found[OURS], found[BARE]))
    ours, bare = (
        [MESSAGES / posted.seconds for posted in way]
        for way in zip(*turns, strict=True)
    )
    ratio = statistics.median(o / b for o, b in zip(ours, bare, strict=True))
    cpu = [
        statistics.median(posted.cpu for posted in way) / MESSAGES * 1000
        for way in zip(*turns, strict=True)
    ]
    least = LEAST.get(size, 0)
    verdict = f"(at least {least}) {'ok' if ratio >= least else 'MISSED'}"
    print(
        f"{size // KIB:>7} KB |{statistics.median(ours):>9.1f}/s"
        f"{statistics.median(bare):>9.1f}/s |{ratio:>6.2f} {verdict if least else ''}"
        f" | processor ms a message: {cpu[0]:.1f}, {cpu[1]:.1f}"
    )
    return ratio >= least


def main() -> int:
    """Print the rates; 0 if those of the AS2 route are as wanted."""
    with odoo() as (running, exchange):
        check_durable(running)
        print(
            f"messages per second, {WORKERS} workers, fsync on, median of {TURNS} "
            f"turns of {MESSAGES}"
        )
        print(f"{'payload':>10} |{'AS2 route':>11}{'bare route':>11} | ratio")
        good = [measure(running, exchange, size) for size in SIZES]
    return 0 if all(good) else 1
