"""HTTP on loopback: the AS2 endpoint and the control API, each on a port of its own."""

from __future__ import annotations

import hmac
import json
import socket
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

from . import loopback

if TYPE_CHECKING:  # the seller's side runs without pyas2lib
    from .reception import Answer

LARGEST_BODY = 128 * 1024 * 1024  # bytes

Headers = dict[str, str]
As2Handler = Callable[[Headers, bytes], "Answer"]
ControlHandler = Callable[[str, str, dict[str, Any]], Any]


class TooLarge(ValueError):
    pass


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(
        self, host: str, ports: list[int], handler: type[BaseHTTPRequestHandler]
    ) -> None:
        """Listen on the first of `ports` that is free."""
        address = loopback.check_address(host)
        self.address_family = socket.AF_INET6 if ":" in address else socket.AF_INET
        for place, port in enumerate(ports, 1):
            try:
                super().__init__((address, port), handler)
                return
            except OSError:
                if place == len(ports):
                    raise

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    @property
    def authority(self) -> str:
        host = str(self.server_address[0])
        return f"[{host}]:{self.port}" if ":" in host else f"{host}:{self.port}"

    def start(self) -> None:
        threading.Thread(target=self.serve_forever, daemon=True).start()


class Handler(BaseHTTPRequestHandler):
    """HTTP/1.1 with a body of bounded size; a side adds what it answers."""

    protocol_version = "HTTP/1.1"
    server_version = "Server"
    timeout = 60
    wbufsize = -1  # headers and body leave together, no waiting for a delayed ACK

    def log_message(self, format: str, *args: Any) -> None:
        """Events tell what happened; nothing goes to standard error."""

    def body(self) -> bytes:
        if "chunked" in self.headers.get("Transfer-Encoding", "").lower():
            return self._chunks()
        length = int(self.headers.get("Content-Length") or 0)
        if not 0 <= length <= LARGEST_BODY:
            raise TooLarge(str(length))
        data = self.rfile.read(length)
        if len(data) < length:
            raise ConnectionError("the body ended early")
        return data

    def _chunks(self) -> bytes:
        data = bytearray()
        while True:
            size = int(self.rfile.readline(64).split(b";")[0], 16)
            if not 0 <= size <= LARGEST_BODY - len(data):
                raise TooLarge(str(size))
            if size == 0:
                break
            data += self.rfile.read(size)
            self.rfile.readline(8)
        while self.rfile.readline(1024).strip():
            pass
        return bytes(data)

    def reply(self, status: int, body: bytes, headers: Headers) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, " ".join(value.split()))
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def as2_handler(handle: As2Handler) -> type[BaseHTTPRequestHandler]:
    class As2(Handler):
        def do_POST(self) -> None:
            try:
                body = self.body()
            except TooLarge:
                self.reply(413, b"", {"Connection": "close"})
                return
            except (ValueError, OSError):
                self.close_connection = True
                return
            if urlsplit(self.path).path != "/as2":
                self.reply(404, b"", {})
                return
            answer = handle(dict(self.headers.items()), body)
            if answer.cut:
                self.close_connection = True
                return
            time.sleep(answer.delay)
            self.reply(answer.status, answer.body, answer.headers)

    return As2


def control_handler(handle: ControlHandler, token: str) -> type[BaseHTTPRequestHandler]:
    class ControlApi(Handler):
        def do_GET(self) -> None:
            self._call("GET")

        def do_POST(self) -> None:
            self._call("POST")

        def _call(self, method: str) -> None:
            given = self.headers.get("Authorization", "")
            if not hmac.compare_digest(given.encode(), f"Bearer {token}".encode()):
                self._json(401, {"error": "the token of DIR/control-token is needed"})
                return
            parts = urlsplit(self.path)
            try:
                values: dict[str, Any] = dict(parse_qsl(parts.query))
                if method == "POST":
                    values |= json.loads(self.body() or b"{}")
                self._json(200, handle(method, parts.path, values))
            except LookupError as error:
                self._json(404, {"error": f"no such call: {error}"})
            except (ValueError, TypeError) as error:
                self._json(400, {"error": str(error)})

        def _json(self, status: int, value: Any) -> None:
            headers = {"Content-Type": "application/json"}
            self.reply(status, json.dumps(value).encode(), headers)

    return ControlApi
