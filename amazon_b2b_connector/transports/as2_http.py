"""HTTP for AS2: bytes out, bytes back, nothing else.

No redirects, a time-out on every step, and a cap on what an answer may hold.
While tests run only this machine can be reached.
"""

import ipaddress
import os
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import HTTPError

CONNECT_TIMEOUT = 10  # seconds
CHUNK = 16 * 1024
MAX_ANSWER = 1024 * 1024  # bytes; an MDN has a few thousand
LOOPBACK_ONLY = "AMAZON_B2B_LOOPBACK_ONLY"


class Unreachable(Exception):
    """The other side gave no answer; the text says what happened."""


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300


def post(url: str, headers: Mapping[str, str], body: bytes, timeout: float) -> Answer:
    """POST ``body`` and return the answer, whatever its status.

    :param timeout: seconds to wait for the answer, once connected
    :raise Unreachable: no connection, no answer in time, or too large an answer
    """
    _check_target(url)
    try:
        with requests.Session() as session:
            session.trust_env = False
            session.mount("http://", _Adapter())
            session.mount("https://", _Adapter())
            response = session.post(
                url,
                data=body,
                headers=dict(headers),
                timeout=timeout,
                allow_redirects=False,
                stream=True,
            )
            with response:
                answer = _read(response, time.monotonic() + timeout)
    except (requests.RequestException, HTTPError, OSError) as error:
        raise Unreachable(f"{urlsplit(url).netloc}: {error}") from error
    return Answer(response.status_code, dict(response.headers), answer)


class _Adapter(HTTPAdapter):
    """Waits shorter for the connection than for the answer."""

    def send(self, *args: Any, **kwargs: Any) -> requests.Response:
        kwargs["timeout"] = (CONNECT_TIMEOUT, kwargs["timeout"])
        return super().send(*args, **kwargs)


def _read(response: requests.Response, deadline: float) -> bytes:
    """The body, which may neither be endless nor come drop by drop."""
    pieces, size = [], 0
    for piece in response.iter_content(CHUNK):
        size += len(piece)
        pieces.append(piece)
        if size > MAX_ANSWER:
            raise OSError("the answer is too large")
        if time.monotonic() > deadline:
            raise OSError("the answer takes too long")
    return b"".join(pieces)


def _check_target(url: str) -> None:
    parts = urlsplit(url or "")
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise Unreachable(f"“{url}” is no http or https address")
    if os.environ.get(LOOPBACK_ONLY) and not _is_loopback(parts.hostname):
        raise Unreachable(f"{parts.netloc}: only this machine can be reached in tests")


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
