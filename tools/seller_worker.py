"""A process with Odoo in it that forks workers: ``python -m tools.seller_worker``.

It reads a JSON object a line, what is to be done, and answers with one: what it came
to. Whatever touches the database happens in a fork of its own, which is a worker as a
scheduled action has it, with real commits, and can be killed like one. The process
itself keeps nothing open, so that the database can be put back to its beginning, which
is quicker than loading Odoo's modules again. See :class:`.seller_workers.Workers`.
"""

import contextlib
import datetime
import json
import mmap
import os
import random
import signal
import struct
import sys
import time
import traceback
from collections.abc import Callable
from functools import partial
from typing import Any

import odoo
import odoo.api
import odoo.fields
import odoo.modules.registry
import odoo.sql_db

from . import conformance_import, seller_shop, server

Json = dict[str, Any]

# a worker that is not done by then is stuck
SECONDS = 300
PAUSE = 0.02  # seconds


def main() -> int:
    quiet = ("--no-http", "--max-cron-threads=0", "--log-level=critical")
    _python, _program, *options = server.command(*quiet)
    odoo.tools.config.parse_config(options, setup_logging=True)
    database = sys.argv[1]
    odoo.modules.registry.Registry(database)
    for line in sys.stdin:
        wishes = json.loads(line)
        odoo.sql_db.close_all()
        print(json.dumps(_forked(database, wishes)), flush=True)
    return 0


def _forked(database: str, wishes: Json) -> list[Json]:
    """Run ``processes`` workers at once and say how each of them ended."""
    number = wishes.pop("processes", 1)
    work = CALLS[wishes.pop("call")]
    boards = [mmap.mmap(-1, 8) for _ in range(number)]
    children = []
    gate_read, gate_write = os.pipe()
    for board in boards:
        child = os.fork()
        if not child:
            os.close(gate_write)
            os.read(gate_read, 1)  # until all of them are there
            _exit(partial(work, database, board, **wishes))
        children.append(child)
    os.close(gate_read)
    os.close(gate_write)
    ended = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
    return [
        {"status": status, "commits": struct.unpack("q", board)[0]}
        for status, board in zip(ended, boards, strict=True)
    ]


def _exit(work: Callable[[], None]) -> None:
    """Do it and end without what Python does at its end: that is the parent's."""
    status = 1
    try:
        random.seed()
        signal.alarm(SECONDS)
        work()
        status = 0
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(status)


def _environment(cr: Any) -> Any:
    return odoo.api.Environment(cr, odoo.api.SUPERUSER_ID, {})


# what can be done


def shop(database: str, _board: mmap.mmap) -> None:
    with odoo.modules.registry.Registry(database).cursor() as cr:
        seller_shop.shop(_environment(cr))


def connect(
    database: str, _board: mmap.mmap, accounts: list[Json], ahead: float
) -> None:
    _put_clock(odoo.modules.registry.Registry(database), ahead)
    for account in accounts:
        with odoo.modules.registry.Registry(database).cursor() as cr:
            seller_shop.connect(_environment(cr), account)


def authorise(database: str, _board: mmap.mmap, account: Json, ahead: float) -> None:
    """The seller agrees anew."""
    _put_clock(odoo.modules.registry.Registry(database), ahead)
    with odoo.modules.registry.Registry(database).cursor() as cr:
        seller_shop.authorise(_environment(cr), account)


def example(database: str, _board: mmap.mmap, step: str, **facts: Any) -> None:
    """A step of :mod:`.conformance_import` in Odoo."""
    with odoo.modules.registry.Registry(database).cursor() as cr:
        getattr(conformance_import, step)(_environment(cr), **facts)


def road(
    database: str,
    board: mmap.mmap,
    ahead: float = 0.0,
    page: int = 100,
    batch: int | None = None,
    kill: int = 0,
    moment: str = "before",
) -> None:
    """Do what the scheduled actions do until nothing is due.

    :param ahead: seconds that our clock is ahead of the machine's
    :param page: orders of one call
    :param batch: documents of one transaction
    :param kill: SIGKILL this process at its commit of that number
    :param moment: "before" or "after" what the commit does
    """
    from odoo.addons.amazon_b2b_connector import spapi
    from odoo.addons.amazon_b2b_connector.models import document_inbox

    search = spapi.orders_calls.search
    spapi.orders_calls.search = partial(search, page_size=page)
    if batch:
        document_inbox.BATCH = batch
    _count_commits(board, kill, moment)
    registry = odoo.modules.registry.Registry(database)
    _put_clock(registry, ahead)
    while True:
        for model, action, *arguments in ACTIONS:
            # they commit what they do themselves
            with contextlib.closing(registry.cursor()) as cr:
                getattr(_environment(cr)[model], action)(*arguments)
        if not _due(registry):
            return
        time.sleep(PAUSE)  # another worker is at it


ACTIONS = (
    ("amazon.b2b.poll", "_cron_poll"),
    ("amazon.b2b.transmission", "_cron_decode"),
    ("amazon.b2b.document", "_cron_work", 0),
    ("amazon.b2b.document", "_cron_work", 1),
)


def _due(registry: Any) -> bool:
    """Whether one of the actions has something to do now."""
    with contextlib.closing(registry.cursor()) as cr:
        env = _environment(cr)
        polls = env["amazon.b2b.poll"]
        return bool(
            polls.search_count(polls._due_domain())
            or env["amazon.b2b.transmission"].search_count([("state", "=", "received")])
            or env["amazon.b2b.document"].search_count([("state", "=", "new")])
        )


def _put_clock(registry: Any, ahead: float) -> None:
    def now(*_args: Any) -> datetime.datetime:
        moment = datetime.datetime.fromtimestamp(
            time.time() + ahead, datetime.timezone.utc
        )
        return moment.replace(microsecond=0, tzinfo=None)

    odoo.fields.Datetime.now = now
    buckets = registry["amazon.b2b.rate.bucket"]
    buckets._now = lambda _self, _cr: time.time() + ahead


def _count_commits(board: mmap.mmap, kill: int, moment: str) -> None:
    """Write the number of commits on ``board``, and end at one of them."""
    commit = odoo.sql_db.Cursor.commit
    count = 0

    def counted(cursor: Any) -> None:
        nonlocal count
        count += 1
        number = count  # a commit may lead to others, which wake the scheduled actions
        board[:] = struct.pack("q", number)
        if number == kill and moment == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        commit(cursor)
        if number == kill:
            board[:] = struct.pack("q", number)
            os.kill(os.getpid(), signal.SIGKILL)

    odoo.sql_db.Cursor.commit = counted


CALLS: dict[str, Callable[..., None]] = {
    "shop": shop,
    "connect": connect,
    "authorise": authorise,
    "example": example,
    "road": road,
}


if __name__ == "__main__":
    sys.exit(main())
