"""`python -m simulator.seller_main --state DIR`: the seller's side of Amazon.

One port is Seller Central, LWA, the Selling Partner API and its documents; a second
is the sandbox endpoint, a third the control API (JSON; bearer token in
`DIR/control-token`). One line of JSON tells the URLs when it is ready.
"""

from __future__ import annotations

import argparse
import sys
import threading
from pathlib import Path

from . import running, seller_participations, seller_web, web
from .faults import Faults
from .seller_accounts import Accounts
from .seller_api import Api
from .seller_consent import PATH, Consent
from .seller_control import SellerControl
from .seller_faults import KNOWN
from .seller_lwa import Lwa
from .seller_order_book import OrderBook
from .seller_orders import Orders
from .seller_reports import Reports
from .seller_sandbox import Sandbox
from .seller_schema import SELLER_SCHEMA
from .seller_signing import Signer
from .seller_tokens import RestrictedTokens
from .store import Json, Store


def _arguments() -> argparse.Namespace:
    parser = running.parser("simulator.seller_main", "A stand-in for the SP-API.")
    parser.add_argument("--sandbox-port", type=int, default=0)
    return parser.parse_args()


def run(arguments: argparse.Namespace) -> None:
    state: Path = arguments.state
    store = Store(state / "seller.sqlite", tell=sys.stderr, schema=SELLER_SCHEMA)
    token = running.token(state / "control-token")
    slips = Faults(store, KNOWN, "operation")
    accounts, book = Accounts(store), OrderBook(store)
    stopped = threading.Event()

    def urls() -> Json:
        return dict(store.setting("urls"))

    def own_url() -> str:
        return str(urls()["endpoint"])

    signer = Signer(token)
    reports = Reports(store, accounts, book, slips, signer, own_url)
    orders = Orders(store, book, slips, signer)
    tokens = RestrictedTokens(accounts, reports)
    api = Api(
        *(store, accounts, slips),
        [
            *(*orders.operations(), *seller_participations.operations()),
            *(*reports.operations(), *tokens.operations()),
        ],
    )
    hosts = seller_web.Hosts(
        *(store, slips, Consent(accounts), Lwa(store, accounts, slips)),
        *(api.handle, reports.download),
    )
    sandbox = Sandbox(store, api)
    control = SellerControl(store, accounts, book, slips, urls, stopped.set)
    servers = running.listen(
        *(store, arguments.host),
        {
            "amazon": (arguments.port, seller_web.handler(hosts.handle)),
            "sandbox": (arguments.sandbox_port, seller_web.handler(sandbox.handle)),
            "control": (
                arguments.control_port,
                web.control_handler(control.handle, token),
            ),
        },
    )
    endpoint = f"http://{servers['amazon'].authority}"
    store.set_setting(
        "urls",
        {
            "endpoint": endpoint,
            "seller_central_url": endpoint,
            "consent_url": endpoint + PATH,
            "token_url": endpoint + seller_web.TOKEN_PATH,
            "sandbox_endpoint": f"http://{servers['sandbox'].authority}",
            "control_url": f"http://{servers['control'].authority}",
        },
    )
    running.serve(servers, stopped, urls(), arguments.end_with_input)
    running.close(servers)
    store.close()


if __name__ == "__main__":
    sys.exit(running.main(run, _arguments()))
