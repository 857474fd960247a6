"""Workers of a seller's shop: separate processes, real commits, and SIGKILL."""

import json
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from typing import Any

from simulator.seller_client import SellerSimulator

from . import databases, seller_shop, venv
from .console import Stop
from .paths import CHECKOUT, LOGS

Json = dict[str, Any]

# until PostgreSQL has noticed that a process is gone
GONE_SECONDS = 30.0
# 20 calls of searchOrders at 0.0056 a second, Orders API 2026-01-01
ALL_BACK_SECONDS = 4000.0
KILLED = -signal.SIGKILL
WENT_LIVE = "amazon_b2b.origin"


@dataclass(frozen=True)
class Ended:
    """How a worker ended: its exit status, and how far its commits came."""

    status: int
    commits: int


class Workers:
    """A database of a seller's shop, and the process that forks workers on it."""

    def __init__(self, purpose: str, template: str) -> None:
        self.database = databases.name(purpose)
        self._shop = databases.name(f"{purpose}_shop")
        self._kept = databases.name(f"{purpose}_kept")
        self._ahead = 0.0
        databases.copy(template, self.database, durable=False)
        LOGS.mkdir(parents=True, exist_ok=True)
        self.log = LOGS / f"{self.database}.log"
        with self.log.open("w") as log:
            self._process = subprocess.Popen(
                [str(venv.python()), "-m", "tools.seller_worker", self.database],
                cwd=CHECKOUT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        self._run("shop")
        self._copy(self.database, self._shop)

    def __enter__(self) -> "Workers":
        return self

    def __exit__(self, *_error: object) -> None:
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait()
        for database in (self.database, self._shop, self._kept):
            databases.drop(database)

    def connect(self, *accounts: Json) -> None:
        """Begin anew, with connections to these accounts
        (see :func:`.seller_shop.open_account`)."""
        self._copy(self._shop, self.database)
        self._ahead = 0.0
        self._run("connect", accounts=accounts, ahead=0.0)
        # the first call has written down which database went live: no copy of it may
        # call Amazon
        with databases.cursor(self.database) as cr:
            cr.execute("DELETE FROM ir_config_parameter WHERE key = %s", [WENT_LIVE])

    def add(self, account: Json) -> None:
        """Connect one account more."""
        self._run("connect", accounts=[account], ahead=self._ahead)

    def authorise(self, account: Json) -> None:
        self._run("authorise", account=account, ahead=self._ahead)

    def prepare(self, **facts: Any) -> None:
        """See :func:`.conformance_import.prepare`."""
        self._run("example", step="prepare", **facts)

    def supply(self, **facts: Any) -> None:
        """See :func:`.conformance_import.supply`."""
        self._run("example", step="supply", **facts)

    def keep(self) -> None:
        """Remember how it is now, for `reset`."""
        self._copy(self.database, self._kept)

    def reset(self) -> None:
        self._copy(self._kept, self.database)

    def _copy(self, source: str, target: str) -> None:
        self._without_others()
        databases.copy(source, target, durable=False)

    def road(self, **wishes: Any) -> Ended:
        """One worker; see :func:`.seller_worker.road`. Unless it was to be killed, it
        has to come through.

        :raise Stop: it did not
        """
        (ended,) = self._run("road", ahead=self._ahead, **wishes)
        return ended

    def at_once(self, processes: int, **wishes: Any) -> list[Ended]:
        """Several workers that begin at the same moment."""
        return self._run("road", processes=processes, ahead=self._ahead, **wishes)

    def _run(self, call: str, **wishes: Any) -> list[Ended]:
        self._without_others()
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(json.dumps({"call": call, **wishes}) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        if not answer:
            raise Stop(f"the workers ended: read {self.log}")
        ended = [Ended(**each) for each in json.loads(answer)]
        allowed = {0, KILLED} if wishes.get("kill") else {0}
        if {each.status for each in ended} - allowed:
            text = self.log.read_text(errors="replace")[-3000:]
            raise Stop(f"{call} failed: {ended}; {text}")
        return ended

    def _without_others(self) -> None:
        """Wait until no worker that ended holds anything any more."""
        deadline = time.monotonic() + GONE_SECONDS
        while time.monotonic() < deadline:
            with databases.cursor() as cr:
                cr.execute(
                    "SELECT count(*) FROM pg_stat_activity WHERE datname = %s",
                    [self.database],
                )
                if cr.fetchone() == (0,):
                    return
            time.sleep(0.02)
        raise Stop(f"somebody else is at {self.database}")

    # looking at it

    def rows(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        with databases.cursor(self.database) as cr:
            cr.execute(statement, list(values))
            return list(cr.fetchall())

    def pass_time(self, amazon: SellerSimulator | None = None) -> None:
        """Let time go by, here and at Amazon, until every call is back."""
        self._ahead += ALL_BACK_SECONDS
        if amazon:
            amazon.advance_clock(ALL_BACK_SECONDS)

    def polls(self) -> list[Json]:
        names = "problem token failures last_run next_run".split()
        return [
            dict(zip(names, row, strict=True))
            for row in self.rows(
                f"SELECT {', '.join(names)} FROM amazon_b2b_poll"
                " WHERE kind = 'orders' ORDER BY id"
            )
        ]

    def states(self) -> dict[str, int]:
        """How many documents there are in each state."""
        return dict(
            self.rows("SELECT state, count(*) FROM amazon_b2b_document GROUP BY state")
        )

    def wrong(self, amazon: SellerSimulator, seller: str = seller_shop.SELLER) -> str:
        """How the sale orders differ from Amazon's orders, in words; empty where they
        are the very same, each once, confirmed and with one delivery."""
        theirs = {
            each["orderId"]: f"{float(each['proceeds']['grandTotal']['amount']):.2f}"
            for each in amazon.orders(seller)
            if each["fulfillment"]["fulfillmentStatus"] not in ("PENDING", "CANCELLED")
        }
        rows = self.rows(
            "SELECT o.amazon_b2b_seller_number, o.state, o.amount_total,"
            " (SELECT count(*) FROM stock_picking WHERE sale_id = o.id)"
            " FROM sale_order o JOIN amazon_b2b_marketplace m"
            " ON m.id = o.amazon_b2b_marketplace_id"
            " JOIN amazon_b2b_connection c ON c.id = m.connection_id"
            " WHERE c.seller_id = %s",
            seller,
        )
        numbers = [number for number, *_rest in rows]
        problems = [
            f"{len(set(theirs) - set(numbers))} of {len(theirs)} are missing"
            if set(theirs) - set(numbers)
            else "",
            f"{len(numbers) - len(set(numbers))} are there twice"
            if len(numbers) > len(set(numbers))
            else "",
            *(
                f"{number} is {state} with {total} and {pickings} deliveries,"
                f" wanted {theirs.get(number)}"
                for number, state, total, pickings in rows
                if (state, f"{total:.2f}", pickings) != ("sale", theirs.get(number), 1)
            ),
        ]
        return "; ".join(filter(None, problems))


def killed_at_every_commit(
    workers: Workers, bring: Callable[[], object], moment: str, **sizes: int
) -> Iterator[int]:
    """Import what ``bring`` brings with a worker that is killed at its first commit,
    and one that goes on; then again at its second, and so on until one comes through.
    Yields the number of the commit after each."""
    for number in count(1):
        bring()
        ended = workers.road(kill=number, moment=moment, **sizes)
        if not ended.status:
            return
        if ended != Ended(KILLED, number):
            raise Stop(f"it should have been killed at commit {number}: {ended}")
        workers.road(**sizes)
        yield number
