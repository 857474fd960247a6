"""The other side of the wire: an HTTP server on this machine that answers as told."""

from __future__ import annotations

import gzip
import json
import socket
import ssl
import threading
from collections import deque
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

ACCESS = "Atza|access-token-of-the-test"
REFRESH = "Atzr|refresh-token-of-the-test"
SECRET = "amzn1.oa2-cs.v1.secret-of-the-test"
CODE = "ANauthorisationCodeOfTheTest"
SECRETS = (ACCESS, REFRESH, SECRET, CODE)


@dataclass
class Reply:
    """What to answer. ``announced`` is a Content-Length that may be a lie."""

    status: int = 200
    body: bytes = b"{}"
    headers: dict[str, str] = field(default_factory=dict)
    announced: int | None = None
    silent: bool = False  # accept and never answer
    hang_up: bool = False  # close without an answer
    wait: float = 0.0  # seconds before anything


@dataclass
class Asked:
    """A request that came."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]  # names in lower case
    body: bytes

    @property
    def form(self) -> dict[str, str]:
        return dict(parse_qsl(self.body.decode()))


def answer(value: Any, status: int = 200, **headers: str) -> Reply:
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    named.setdefault("x-amzn-RequestId", "request-1")
    return Reply(status, json.dumps(value).encode(), named)


def refusal(status: int, code: str, message: str = "", details: str = "") -> Reply:
    error = {"code": code, "message": message, "details": details}
    return answer({"errors": [error]}, status)


def gzipped(reply: Reply) -> Reply:
    headers = {**reply.headers, "Content-Encoding": "gzip"}
    return Reply(reply.status, gzip.compress(reply.body), headers)


class Server:
    """Gives its replies in turn; the last one again and again."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.replies: deque[Reply] = deque()
        self.asked: list[Asked] = []
        self._done = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        if tls:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)
        self.port = self._server.server_address[1]
        self.url = f"{'https' if tls else 'http'}://127.0.0.1:{self.port}"

    def __enter__(self) -> Server:
        threading.Thread(target=self._server.serve_forever, args=(0.01,)).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._server.shutdown()
        self._server.server_close()

    def says(self, *replies: Reply) -> None:
        self.replies.extend(replies)

    @property
    def tokens(self) -> list[str | None]:
        """The access tokens that came, in turn."""
        return [each.headers.get("x-amz-access-token") for each in self.asked]

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def handle_any(self) -> None:
                outer._serve(self)

            do_GET = do_POST = handle_any

            def log_message(self, *_: object) -> None:
                """Quiet."""

        return Handler

    def _serve(self, handler: BaseHTTPRequestHandler) -> None:
        target = urlsplit(handler.path)
        headers = {name.lower(): value for name, value in handler.headers.items()}
        body = handler.rfile.read(int(headers.get("content-length", 0)))
        query = dict(parse_qsl(target.query))
        asked = Asked(handler.command, target.path, query, headers, body)
        self.asked.append(asked)
        reply = self.replies.popleft() if len(self.replies) > 1 else self.replies[0]
        handler.close_connection = True
        self._done.wait(reply.wait)
        if reply.silent:
            self._done.wait(10)
            return
        if reply.hang_up:
            handler.connection.shutdown(socket.SHUT_RDWR)
            return
        handler.send_response(reply.status)
        for name, value in reply.headers.items():
            handler.send_header(name, value)
        size = len(reply.body) if reply.announced is None else reply.announced
        handler.send_header("Content-Length", str(size))
        handler.end_headers()
        try:
            handler.wfile.write(reply.body)
        except OSError:
            pass  # who asked has read enough
