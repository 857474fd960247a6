"""Imports into Odoo every order that Amazon's model of its Orders API shows.

``main(directory)`` expects ``orders_2026-01-01.json`` under ``spapi-models/models``
there. Each example and each answer of the static sandbox is what a little server says
when Odoo polls; an answer of getOrder is given as a page of one order. Asked is:

- With no product known, each order is held, and its reason names every SKU; what
  Amazon cancelled or holds back is set aside or waits.
- Once the products and the taxes that its reason names are there, it is a sale order
  that comes to Amazon's total, or it is held with the difference.
- An error is what the poll says, in Amazon's words.
"""

import contextlib
import json
import threading
from collections.abc import Iterator
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from . import conformance_orders, environment, templates
from .conformance_orders import MODEL
from .results import FAILED, PASSED, Result, tell
from .seller_workers import Workers

Json = dict[str, Any]

TOKENS = {"access_token": "Atza|x", "token_type": "bearer", "expires_in": 3600}
ROUNDS = 3  # products, taxes, and what is left
SETTLED = ("done", "ignored", "waiting")


class Replay:
    """Says one answer when orders are asked for, and then that there are no more."""

    def __init__(self) -> None:
        self.answer: tuple[int, Json] | None = None

    def say(self, path: str) -> tuple[int, Json]:
        if "/orders" not in path:
            return 200, TOKENS
        said, self.answer = self.answer or (200, {"orders": []}), None
        return said


@contextlib.contextmanager
def serving(replay: Replay) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            status, value = replay.say(self.path)
            data = json.dumps(value).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_POST = answer  # noqa: N815

        def log_message(self, *_args: object) -> None:
            """Keep quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def main(directory: Path) -> int:
    """Print a table and a sum; 0 if everything is as it should be."""
    model = json.loads((directory / MODEL).read_bytes())
    answers = list(conformance_orders.answers(model))
    replay = Replay()
    with (
        environment.ensure(),
        Workers("conformance", templates.addon()) as workers,
        serving(replay) as address,
    ):
        orders = [order for _n, _s, answer in answers for order in of(answer)]
        places = sorted({order["salesChannel"]["marketplaceId"] for order in orders})
        workers.prepare(address=address, marketplaces=places)
        return tell(
            result
            for name, status, answer in answers
            for result in _results(workers, replay, name, status, answer)
        )


def of(answer: Json) -> list[Json]:
    """The orders of an answer of searchOrders or getOrder."""
    return [answer["order"]] if "order" in answer else answer.get("orders", [])


def _results(
    workers: Workers, replay: Replay, name: str, status: int, answer: Json
) -> Iterator[Result]:
    orders = of(answer)
    replay.answer = (status, {"orders": orders} if "order" in answer else answer)
    workers.pass_time()
    workers.road()
    if errors := answer.get("errors"):
        said = workers.polls()[0]["problem"] or ""
        named = all(error["code"] in said for error in errors)
        yield Result(name, PASSED if named else FAILED, f"error: {said}")
        return
    for order in orders:
        yield _imported(workers, f"{name}: {order['orderId']}", order)


def _imported(workers: Workers, name: str, order: Json) -> Result:
    state, code, reason, _total = _document(workers, order)
    skus = [item["product"].get("sellerSku", "") for item in order["orderItems"]]
    if state == "held" and code == "product" and all(sku in reason for sku in skus):
        for _round in range(ROUNDS):
            workers.supply(number=order["orderId"])
            workers.road()
    elif state not in SETTLED:
        return Result(name, FAILED, f"{state} at first: {reason}")
    state, code, reason, total = _document(workers, order)
    stated = order["proceeds"]["grandTotal"]["amount"]
    remark = " ".join((reason or f"{total} of {stated}").split())
    held = state == "held" and code == "total" and "difference" in reason
    same = total is not None and Decimal(total) == Decimal(stated)
    good = same if state == "done" else held or state in SETTLED
    return Result(name, PASSED if good else FAILED, f"{state}, {remark}")


def _document(workers: Workers, order: Json) -> tuple[Any, ...]:
    rows = workers.rows(
        "SELECT d.state, d.reason_code, d.reason, "
        " o.amount_total + COALESCE(o.amazon_b2b_collected_tax, 0)"
        " FROM amazon_b2b_document d LEFT JOIN sale_order o ON o.id = d.sale_order_id"
        " WHERE d.number = %s ORDER BY d.id DESC LIMIT 1",
        order["orderId"],
    )
    return rows[0] if rows else ("missing", "", "no document", None)


# in Odoo


def prepare(env: Any, address: str, marketplaces: list[str]) -> None:
    """A connection to the little server, with these marketplaces."""
    from odoo.addons.amazon_b2b_connector import spapi

    from . import seller_shop

    regions = dict.fromkeys(("na", "eu", "fe", "lwa"), address)
    seller_shop.make_connection(
        env, {"seller": seller_shop.SELLER, "endpoints": regions}
    )
    connection = env["amazon.b2b.connection"].search([])
    places = [spapi.MARKETPLACES[code] for code in marketplaces]
    currencies = env["res.currency"].with_context(active_test=False)
    countries = env["res.country"].search(
        [("code", "in", [place.country for place in places])]
    )
    by_code = {country.code: country for country in countries}
    for place in places:
        country = by_code[place.country]
        currency = currencies.search([("name", "=", country.currency_id.name)])
        currency.active = True
        env["amazon.b2b.marketplace"].create(
            {
                "connection_id": connection.id,
                "code": place.id,
                "name": place.name,
                "country_id": country.id,
                "currency_id": currency.id,
            }
        )
    connection.write({"mfn_from": "2020-01-01", "fba_from": "2020-01-01"})
    tokens = spapi.Tokens(access="Atza|x", refresh="Atzr|x", expires=3600)
    connection._accept(tokens, seller_shop.SELLER)


def supply(env: Any, number: str) -> None:
    """Make the products and taxes that the order's document waits for."""
    document = env["amazon.b2b.document"].search([("number", "=", number)], limit=1)
    missing = document.missing or {}
    for line in missing.get("lines", ()):
        sku = next(value for kind, value in line["identifiers"] if kind == "SK")
        if not env["product.product"].search_count([("default_code", "=", sku)]):
            env["product.product"].create({"name": sku, "default_code": sku})
    for wanted in missing.get("taxes", ()):
        country = env.company.account_fiscal_country_id
        group = env["account.tax.group"].create(
            {"name": f"{number} {wanted['rate']}", "country_id": country.id}
        )
        tax = env["account.tax"].create(
            {
                "name": f"{number} {wanted['rate']}",
                "amount": wanted["rate"],
                "type_tax_use": "sale",
                "country_id": country.id,
                "tax_group_id": group.id,
            }
        )
        env["amazon.b2b.tax.mapping"].create({**wanted, "tax_id": tax.id})
    if document.state == "held":
        document.action_process_again()
