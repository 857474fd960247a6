"""The hosts of the seller's side in one: Seller Central, LWA, SP-API, documents."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from urllib.parse import parse_qsl, urlsplit

from . import seller_consent, web
from .faults import Faults
from .seller_call import Reply, Request
from .seller_consent import Consent, ConsentRefused
from .seller_errors import LwaRefused
from .seller_faults import SPOILED, spoiled
from .seller_lwa import Lwa
from .store import Store

Handle = Callable[[Request], Reply]
TOKEN_PATH = "/auth/o2/token"
DOCUMENTS = "/documents/"
_HTML = {
    "Content-Type": "text/html; charset=utf-8",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
_JSON = {"Content-Type": "application/json;charset=UTF-8", "Cache-Control": "no-store"}
_LWA_FAILS = {
    "internal-failure": 500,
    "service-unavailable": 503,
    "timeout": 0,
    "connection-closed": 0,
}
_FORM = "application/x-www-form-urlencoded"


class Hosts:
    def __init__(
        self,
        store: Store,
        slips: Faults,
        consent: Consent,
        lwa: Lwa,
        api: Handle,
        documents: Handle,
    ) -> None:
        self._store, self._slips = store, slips
        self._consent, self._lwa = consent, lwa
        self._api, self._documents = api, documents

    def handle(self, request: Request) -> Reply:
        if seller_consent.is_here(request.path):
            return self._seller_central(request)
        if request.path == TOKEN_PATH:
            return self._token(request)
        if request.path.startswith(DOCUMENTS):
            return self._documents(request)
        return self._api(request)

    def _seller_central(self, request: Request) -> Reply:
        try:
            if request.method == "GET":
                page = self._consent.page(request.path, dict(request.query))
                return Reply(200, page.encode(), _HTML)
            target = self._consent.confirm(request.path, _form(request))
        except ConsentRefused as error:
            self._refused("consent", str(error))
            return Reply(400, seller_consent.refusal(str(error)).encode(), _HTML)
        self._store.event("authorised", "A seller authorised an application.")
        return Reply(303, b"", {**_HTML, "Location": target})

    def _token(self, request: Request) -> Reply:
        slip = self._slips.take([*_LWA_FAILS, *SPOILED], ["token"])
        if slip and slip.name in _LWA_FAILS:
            return spoiled(Reply(_LWA_FAILS[slip.name], b""), slip)
        return spoiled(self._token_answer(request), slip)

    def _token_answer(self, request: Request) -> Reply:
        try:
            kind = request.headers.get("content-type", "").partition(";")[0].strip()
            if request.method != "POST" or kind.lower() != _FORM or request.query:
                raise LwaRefused("invalid_request", f"POST a form ({_FORM})")
            answer = self._lwa.token(_form(request))
        except LwaRefused as error:
            self._refused("token", str(error))
            return Reply(error.status, json.dumps(error.body()).encode(), _JSON)
        self._store.event("token", "An access token was given out.")
        return Reply(200, json.dumps(answer).encode(), _JSON)

    def _refused(self, operation: str, error: str) -> None:
        self._store.event(
            "refused", f"{operation}: {error}", operation=operation, error=error
        )


def _form(request: Request) -> dict[str, str]:
    text = request.body.decode("utf-8", "replace")
    return dict(parse_qsl(text, keep_blank_values=True))


def handler(handle: Handle) -> type[BaseHTTPRequestHandler]:
    class Amazon(web.Handler):
        def do_GET(self) -> None:
            self._call()

        def do_POST(self) -> None:
            self._call()

        def do_PUT(self) -> None:
            self._call()

        def do_PATCH(self) -> None:
            self._call()

        def do_DELETE(self) -> None:
            self._call()

        def _call(self) -> None:
            try:
                body = self.body()
            except web.TooLarge:
                self.reply(413, b"", {"Connection": "close"})
                return
            except (ValueError, OSError):
                self.close_connection = True
                return
            parts = urlsplit(self.path)
            query = tuple(parse_qsl(parts.query, keep_blank_values=True))
            headers = {name.lower(): value for name, value in self.headers.items()}
            reply = handle(Request(self.command, parts.path, query, headers, body))
            time.sleep(reply.delay)
            if reply.cut is None:
                self.reply(reply.status, reply.body, dict(reply.headers))
                return
            self.close_connection = True
            if reply.cut >= 0:
                self.half(reply)

        def half(self, reply: Reply) -> None:
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(reply.body)))
            self.end_headers()
            self.wfile.write(reply.body[: reply.cut])

    return Amazon
