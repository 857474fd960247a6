"""Builders for tests of the seller's side: an application, a connection, and a little
server in Amazon's place."""

import contextlib
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from unittest.mock import patch
from urllib.parse import parse_qs, urlsplit

from odoo import fields

from .. import spapi, vault

SELLER = "A2SELLERTEST"
GERMANY, FRANCE = "A1PA6795UKMFR9", "A13V1IB3VIYZZH"
REFRESH = "Atzr|IwEBtest-refresh-token-9876"
TOKEN, PLACES = "/auth/o2/token", "/sellers/v1/marketplaceParticipations"
RESTRICTED = "/tokens/2021-03-01/restrictedDataToken"


def place(code, country, currency, name, participating=True):
    """One marketplace as the sellers API writes it."""
    return {
        "marketplace": {
            "id": code,
            "countryCode": country,
            "name": name,
            "defaultCurrencyCode": currency,
            "defaultLanguageCode": "de_DE",
            "domainName": "www.amazon.test",
        },
        "participation": {
            "isParticipating": participating,
            "hasSuspendedListings": False,
        },
    }


def denied():
    """How Amazon says that a role is missing."""
    error = {
        "code": "Unauthorized",
        "message": "Access to requested resource is denied.",
        "details": "",
    }
    return 403, {"errors": [error]}


class Amazon:
    """What the little server answers: ``answers`` maps a path to a status and a JSON
    value or bytes (or to what returns them), anything else is unknown to it (404).

    ``calls`` are the (path, form or JSON body, headers) that came.
    """

    def __init__(self):
        self.calls, self.number = [], 0
        self.answers = {
            TOKEN: self._tokens,
            PLACES: (
                200,
                {
                    "payload": [
                        place(GERMANY, "DE", "EUR", "Amazon.de"),
                        place(FRANCE, "FR", "EUR", "Amazon.fr", participating=False),
                    ]
                },
            ),
            "/reports/2021-06-30/reports": (200, {"reports": []}),
            RESTRICTED: (
                200,
                {"restrictedDataToken": "Atz.sprdt|x", "expiresIn": 3600},
            ),
        }

    def _tokens(self):
        self.number += 1
        tokens = {
            "access_token": f"Atza|access-{self.number}",
            "refresh_token": REFRESH,
            "token_type": "bearer",
            "expires_in": 3600,
        }
        return 200, tokens

    def asked(self, path):
        """What was sent to ``path``."""
        return [body for called, body, _headers in self.calls if called == path]

    def answer(self, path, body, headers):
        self.calls.append((path, body, headers))
        found = self.answers.get(path)
        if not found:
            error = {"code": "NotFound", "message": "Not found.", "details": ""}
            return 404, {"errors": [error]}
        return found() if callable(found) else found


@contextlib.contextmanager
def running(amazon):
    """Serve ``amazon`` on this machine; yields its address."""

    class Handler(BaseHTTPRequestHandler):
        def answer(self):
            length = int(self.headers.get("Content-Length") or 0)
            body = self.rfile.read(length).decode()
            if "urlencoded" in self.headers.get("Content-Type", ""):
                body = {name: value for name, [value] in parse_qs(body).items()}
            path = urlsplit(self.path).path
            status, value = amazon.answer(path, body, dict(self.headers))
            data = value if isinstance(value, bytes) else json.dumps(value).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.send_header("x-amzn-RequestId", "request-1")
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_POST = answer  # noqa: N815

        def log_message(self, *_args):
            """Keep quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class SellerMixin:
    """``amazon`` answers; ``connection`` is a seller's, not authorised."""

    @classmethod
    def set_up_seller(cls):
        if not cls._registry_patched:
            # buckets, tokens and calls are written in transactions of their own,
            # which become savepoints of the test's
            cls.registry_enter_test_mode_cls()
        cls.amazon = Amazon()
        address = cls.enterClassContext(running(cls.amazon))
        cls.env["ir.config_parameter"].set_param(
            "amazon_b2b.spapi_endpoints",
            json.dumps({"eu": address, "lwa": address + TOKEN}),
        )
        cls.application = cls.env["amazon.b2b.application"]._get()
        cls.application.write(
            {
                "application_id": "amzn1.sp.solution.test",
                "client_id": "amzn1.application-oa2-client.test",
                "sealed_secret": vault.seal(cls.env, b"amzn1.oa2-cs.v1.secret"),
                "secret_date": fields.Date.today(),
            }
        )
        cls.connection = cls.make_seller()

    @classmethod
    def _request_handler(cls, session, request, /, **options):
        """Odoo's own compares the time-out with a number; the client's is a pair."""
        if isinstance(options.get("timeout"), tuple):
            options["timeout"] = max(options["timeout"])
        return super()._request_handler(session, request, **options)

    @classmethod
    def make_seller(cls, **values):
        return cls.env["amazon.b2b.connection"].create(
            {
                "name": "Amazon Europe",
                "kind": "seller",
                "home_marketplace": GERMANY,
                **values,
            }
        )

    def answering(self, path, *answers):
        """Amazon's answers at ``path`` meanwhile: in turn, the last one for good."""
        left = list(answers)

        def answer():
            found = left.pop(0) if len(left) > 1 else left[0]
            return found() if callable(found) else found

        return patch.dict(self.amazon.answers, {path: answer})

    def authorise(self, connection=None, seller_id=SELLER):
        """Give ``connection`` an authorisation, as a consent would."""
        connection = connection or self.connection
        tokens = spapi.Tokens(access="Atza|first", refresh=REFRESH, expires=3600)
        connection._accept(tokens, seller_id)
        return connection

    def told(self, connection=None):
        """The notifications about ``connection`` that somebody got."""
        connection = connection or self.connection
        return self.env["mail.message"].search(
            [
                ("model", "=", connection._name),
                ("res_id", "=", connection.id),
                ("message_type", "=", "user_notification"),
            ]
        )
