"""Holds the client of the Selling Partner API against Amazon's Swagger models.

``main(directory)`` expects the models under ``spapi-models/models`` there. Checked is:

- the table of operations: method, path, rate and burst;
- every request that the client's modules make, for representative arguments: path,
  names and forms of the query's parameters, what is required, the schema of the body;
- every example and every answer of Amazon's static sandbox for those operations: it is
  as the model says and is read, or it is the error that it stands for.
"""

import json
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import datetime, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "amazon_b2b_connector"))

import spapi  # noqa: E402
from spapi import orders_calls, report_calls, sellers, tokens_calls  # noqa: E402

from .results import FAILED, PASSED, Result, tell  # noqa: E402
from .swagger import ModelOperation, Pair, load  # noqa: E402

MODELS = Path("spapi-models/models")
FILES = (
    "orders-api-model/orders_2026-01-01.json",
    "reports-api-model/reports_2021-06-30.json",
    "sellers-api-model/sellers.json",
    "tokens-api-model/tokens_2021-03-01.json",
)
DAY = datetime(2026, 1, 31, tzinfo=timezone.utc)
LATER = datetime(2026, 2, 1, 12, 30, 15, 250_000, tzinfo=timezone.utc)
GERMANY, FRANCE = "A1PA6795UKMFR9", "A13V1IB3VIYZZH"
REPORT_TYPE = "GET_FLAT_FILE_ORDER_REPORT_DATA_SHIPPING"
Use = Callable[[spapi.Client], object]

# What the client's modules are asked for: the least, and all that they can say.
USES: dict[str, tuple[Use, ...]] = {
    "searchOrders": (
        lambda client: orders_calls.search(
            client, last_updated_after=DAY, marketplaces=[GERMANY]
        ),
        lambda client: orders_calls.search(
            client,
            last_updated_after=DAY,
            last_updated_before=LATER,
            marketplaces=[GERMANY, FRANCE],
            fulfilled_by=orders_calls.FULFILLED_BY,
            statuses=orders_calls.STATUSES,
            included=orders_calls.INCLUDED,
            page_size=50,
            token="2YgYW55IGNhcm5hbCBwbGVhc3VyZS4=",
        ),
        lambda client: orders_calls.search(
            client, created_after=DAY, created_before=LATER, marketplaces=[GERMANY]
        ),
    ),
    "getOrder": (
        lambda client: orders_calls.get(client, "302-1234567-1234567"),
        lambda client: orders_calls.get(client, "302-1234567-1234567", ["TAX"]),
    ),
    "getMarketplaceParticipations": (sellers.participations,),
    "createReport": (
        lambda client: report_calls.create(client, REPORT_TYPE, [GERMANY]),
        lambda client: report_calls.create(
            client,
            REPORT_TYPE,
            [GERMANY, FRANCE],
            start=DAY,
            end=LATER,
            options={"ShowSalesChannel": "true"},
        ),
    ),
    "getReport": (lambda client: report_calls.status(client, "50001020476"),),
    "getReports": (
        lambda client: report_calls.listed(client, [REPORT_TYPE]),
        lambda client: report_calls.listed(
            client,
            [REPORT_TYPE, "GET_AMAZON_FULFILLED_SHIPMENTS_DATA_GENERAL"],
            marketplaces=[GERMANY, FRANCE],
            statuses=report_calls.STATUSES,
            since=DAY,
            until=LATER,
            page_size=100,
        ),
        lambda client: report_calls.listed(client, token="VGhpcyB0b2tlbg=="),
    ),
    "getReportDocument": (
        lambda client: report_calls.document(client, "amzn1.spdoc.1.4.eu.1"),
    ),
    "createRestrictedDataToken": (
        lambda client: tokens_calls.create(
            client,
            [
                tokens_calls.report_document("amzn1.spdoc.1.4.eu.1"),
                tokens_calls.Resource("/orders/v0/orders", "GET", ("buyerInfo",)),
            ],
        ),
    ),
}
# Every value that a list of the query may hold, as the client's modules name them.
VALUES: dict[tuple[str, str], tuple[str, ...]] = {
    ("searchOrders", "includedData"): orders_calls.INCLUDED,
    ("getOrder", "includedData"): orders_calls.INCLUDED,
    ("searchOrders", "fulfilledBy"): orders_calls.FULFILLED_BY,
    ("searchOrders", "fulfillmentStatuses"): orders_calls.STATUSES,
    ("getReports", "processingStatuses"): report_calls.STATUSES,
}


def main(directory: Path) -> int:
    """Print a table and a sum; 0 if everything is as it should be."""
    return tell(_checks(load(*(directory / MODELS / file for file in FILES))))


def _checks(known: dict[str, ModelOperation]) -> Iterator[Result]:
    with Replay() as replay:
        for name in spapi.OPERATIONS:
            if name not in known or name not in USES:
                yield _result(name, ["no model has it, or no check uses it"])
                continue
            model = known[name]
            yield _result(f"{name} in the table", table_faults(model))
            for number, use in enumerate(USES[name], 1):
                faults = request_faults(replay, model, use)
                yield _result(f"{name} asked, {number}", faults)
            for pair in model.pairs():
                yield _result(pair.where, answer_faults(replay, model, pair))
    for (name, parameter), values in VALUES.items():
        missing = set(known[name].values(parameter)) ^ set(values)
        faults = [f"differs by {', '.join(sorted(missing))}"] if missing else []
        yield _result(f"{name}: values of {parameter}", faults)


def _result(name: str, faults: list[str]) -> Result:
    return Result(name, FAILED if faults else PASSED, "; ".join(faults))


def table_faults(model: ModelOperation) -> list[str]:
    """How the table of operations differs from the model."""
    ours = spapi.OPERATIONS[model.name]
    said = (ours.method, ours.path, (ours.rate, ours.burst))
    wanted = (model.method, model.path, model.usage_plan)
    return [
        f"{mine} should be {theirs}"
        for mine, theirs in zip(said, wanted, strict=True)
        if mine != theirs
    ]


def request_faults(replay: "Replay", model: ModelOperation, use: Use) -> list[str]:
    """What the model has against the request that ``use`` makes."""
    pair = next(pair for pair in model.pairs() if pair.status < 300)
    replay.answers(pair.status, pair.answer)
    use(replay.client)
    if len(replay.asked) != 1:
        return [f"{len(replay.asked)} requests instead of one"]
    return model.request_faults(*replay.asked[0])


def answer_faults(replay: "Replay", model: ModelOperation, pair: Pair) -> list[str]:
    """What is wrong with an answer of Amazon's, or with how it is read."""
    replay.answers(pair.status, pair.answer)
    faults = model.answer_faults(pair.status, pair.answer)
    try:
        USES[model.name][0](replay.client)
    except spapi.BadRequest as error:
        told = pair.answer.get("errors", ()) if pair.status == 400 else ()
        if error.code not in [each["code"] for each in told]:
            faults.append(f"read as {error}")
    except spapi.SpapiError as error:
        faults.append(f"read as {error}")
    else:
        if pair.status >= 300:
            faults.append("the error is not seen")
    return faults


class Replay:
    """A server on this machine that gives one answer, and a client that asks it."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, dict[str, str], bytes]] = []
        self._status, self._body = 200, b""
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.client = spapi.Client(
            f"http://127.0.0.1:{self._server.server_address[1]}",
            lambda fresh: "Atza|replay",
            _Open(),
            allow_loopback_http=True,
        )

    def __enter__(self) -> "Replay":
        threading.Thread(target=self._server.serve_forever, args=(0.05,)).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def answers(self, status: int, answer: Any) -> None:
        """Give this from now on, and forget what was asked."""
        self._status, self._body = status, json.dumps(answer).encode()
        self.asked.clear()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        replay = self

        class Handler(BaseHTTPRequestHandler):
            def handle_any(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                target = urlsplit(self.path)
                query = dict(parse_qsl(target.query, keep_blank_values=True))
                replay.asked.append((self.command, target.path, query, body))
                self.send_response(replay._status)
                self.send_header("Content-Length", str(len(replay._body)))
                self.end_headers()
                self.wfile.write(replay._body)

            do_GET = do_POST = handle_any

            def log_message(self, *_: object) -> None:
                """Quiet."""

        return Handler


class _Open:
    """A gate that lets everything through."""

    def take(self, operation: str) -> float:
        return 0.0

    def learn(self, operation: str, rate: float) -> None:
        """Not of interest."""

    def exhausted(self, operation: str, pause: float) -> None:
        """Not of interest."""
