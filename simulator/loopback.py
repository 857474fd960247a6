"""The simulator listens on, and sends to, loopback addresses only."""

from __future__ import annotations

import http.client
import ipaddress
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit


class NotLoopback(ValueError):
    """An address outside 127.0.0.0/8 and ::1."""


def check_address(host: str) -> str:
    """Return the first address of `host`; raise unless every one is loopback."""
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except socket.gaierror as error:
        raise NotLoopback(f"{host}: no such host ({error.strerror})") from error
    addresses = [str(entry[4][0]) for entry in found]
    for address in addresses:
        if not ipaddress.ip_address(address).is_loopback:
            raise NotLoopback(f"{host} is {address}: only loopback is allowed")
    return addresses[0]


def check_url(url: str) -> str:
    """Return `url` if it is plain http to a loopback address; else raise."""
    parts = urlsplit(url)
    if parts.scheme != "http" or not parts.hostname:
        raise NotLoopback(f"{url}: only http:// to a loopback address is allowed")
    check_address(parts.hostname)
    return url


@dataclass(frozen=True)
class Response:
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def raw(self) -> bytes:
        """Headers and body as one MIME entity, as pyas2lib parses it."""
        lines = "".join(f"{name}: {value}\r\n" for name, value in self.headers)
        return lines.encode("latin-1", "replace") + b"\r\n" + self.body


def post(
    url: str,
    headers: Mapping[str, str],
    body: bytes,
    timeout: float,
    cut_after: int | None = None,
) -> Response:
    """POST to a loopback URL, without redirects.

    With `cut_after` only so many bytes of the body leave before the connection is
    closed, and `ConnectionAbortedError` is raised. Other failures: `OSError` and
    `http.client.HTTPException`.
    """
    parts = urlsplit(check_url(url))
    address = check_address(parts.hostname or "")
    connection = http.client.HTTPConnection(address, parts.port or 80, timeout=timeout)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        connection.putrequest("POST", path, skip_host=True)
        connection.putheader("Host", parts.netloc.rpartition("@")[2])
        for name, value in headers.items():
            connection.putheader(name, value)
        connection.putheader("Content-Length", str(len(body)))
        connection.putheader("Connection", "close")
        connection.endheaders()
        if cut_after is not None:
            connection.send(body[:cut_after])
            raise ConnectionAbortedError("cut while sending, as asked")
        connection.send(body)
        answer = connection.getresponse()
        return Response(answer.status, tuple(answer.getheaders()), answer.read())
    finally:
        connection.close()
