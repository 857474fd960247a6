"""One HTTP exchange with Amazon: bounded in size and time, https, no redirects.

What goes wrong on the way is :class:`~.errors.Unavailable` or
:class:`~.errors.Unreadable` with the status 0, without the exception below it: those of
`requests` carry the request, and with it tokens and signed addresses.
"""

import http.client
import ipaddress
import os
import re
import time
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import requests

from .errors import ApiError, Unavailable, Unreadable

CHUNK = 16 * 1024
MAX_ANSWER = 64 * 1024 * 1024  # bytes, unpacked
CONNECT_TIMEOUT = 10.0  # seconds
READ_TIMEOUT = 60.0  # seconds between two pieces
# Seconds for a whole answer: what must be written down is, before Odoo kills a worker
# (limit_time_real, 120).
TOTAL_TIMEOUT = 100.0
LOOPBACK_ONLY = "AMAZON_B2B_LOOPBACK_ONLY"  # set while tests run
GZIP_MAGIC = b"\x1f\x8b"
_HOST = re.compile(r"[a-z0-9.:-]+")


@dataclass(frozen=True, slots=True)
class Response:
    """An answer of whatever status. ``headers`` are found in any case."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)


class Wire:
    """Sends requests over one `requests.Session`.

    :param session: one of the caller's, for its proxies or certificate authorities; by
        default a new one that takes nothing from the environment (a ``.netrc`` there
        would add credentials of its own)
    :param allow_loopback_http: for a stand-in of Amazon on this machine
    """

    def __init__(
        self,
        session: requests.Session | None = None,
        *,
        allow_loopback_http: bool = False,
    ) -> None:
        if session is None:
            session = requests.Session()
            session.trust_env = False
        elif session.verify is False:
            raise ValueError("Amazon's certificates are always verified")
        self._session = session
        self._allow_loopback_http = allow_loopback_http

    def exchange(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str],
        data: bytes | None = None,
        limit: int = MAX_ANSWER,
        connect_timeout: float = CONNECT_TIMEOUT,
        read_timeout: float = READ_TIMEOUT,
    ) -> Response:
        """Send one request and read the whole answer.

        :param limit: how many bytes the answer may have, packed and unpacked
        :raise Unavailable: no connection, no answer in time, or half of one
        :raise Unreadable: too large, packed in an unknown way, or not from where it
            may come
        """
        failure: ApiError
        try:
            host = self.check(url)
            with self._session.request(
                method,
                url,
                headers={**headers, "Accept-Encoding": "gzip"},
                data=data,
                timeout=(connect_timeout, read_timeout),
                allow_redirects=False,
                stream=True,
            ) as response:
                body = _body(response, limit)
                return Response(response.status_code, response.headers, body)
        except ApiError as error:
            failure = error
        except requests.exceptions.SSLError:
            text = f"no secure connection with {host}: check its certificate"
            failure = _unavailable("TLS", text)
        except requests.exceptions.ConnectTimeout:
            text = f"{host} takes no connection within {connect_timeout:g} seconds"
            failure = _unavailable("Timeout", text)
        except requests.exceptions.Timeout:
            text = f"{host} gave no answer within {read_timeout:g} seconds"
            failure = _unavailable("Timeout", text)
        except ValueError:  # an address or a header that cannot be sent
            failure = Unreadable(0, "Address", "the address cannot be used")
        except (requests.RequestException, http.client.HTTPException, OSError):
            text = f"the connection to {host} failed or broke off"
            failure = _unavailable("Connection", text)
        raise failure  # out here, so that it does not carry the other one along

    def check(self, url: str) -> str:
        """The host of an address that may be called.

        :raise Unreadable: neither https nor what tests allow
        """
        try:
            parts = urlsplit(url)
            host, _ = parts.hostname or "", parts.port
        except ValueError:
            host = ""
        if not _HOST.fullmatch(host) or "@" in parts.netloc:
            raise Unreadable(0, "Address", "the address has no usable host")
        loopback = is_loopback(host)
        if os.environ.get(LOOPBACK_ONLY) and not loopback:
            text = f"{host}: only this machine can be reached while tests run"
            raise Unreadable(0, "Address", text)
        plain = parts.scheme == "http" and loopback and self._allow_loopback_http
        if parts.scheme != "https" and not plain:
            raise Unreadable(0, "Address", f"{host} is to be called over https only")
        return host


def is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def unpacked(pieces: Iterator[bytes], limit: int) -> Iterator[bytes]:
    """What gzip packed, as it comes in; one member or several.

    :raise Unavailable: the end is missing
    :raise Unreadable: not gzip, or more than ``limit`` bytes
    """
    decoder, size = _gunzip(), 0
    for data in pieces:
        while data:
            if decoder.eof:  # another member follows, or padding
                data = data.lstrip(b"\0")
                if not data:
                    break
                decoder = _gunzip()
            try:
                piece = decoder.decompress(data, limit - size + 1)
            except zlib.error:
                raise Unreadable(0, "Packing", "the answer is no gzip") from None
            size += len(piece)
            if size > limit:
                raise _too_large(limit)
            yield piece
            data = decoder.unconsumed_tail or decoder.unused_data
    if not decoder.eof:
        raise _unavailable("Connection", "the packed answer breaks off")


def _gunzip() -> "zlib._Decompress":
    return zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)


def _body(response: requests.Response, limit: int) -> bytes:
    """The body. The header is taken from urllib3, which unpacks without a limit."""
    packing = (response.raw.headers.pop("Content-Encoding", None) or "").lower()
    pieces = _received(response, limit)
    if packing == "gzip":
        pieces = unpacked(pieces, limit)
    elif packing not in ("", "identity"):
        raise Unreadable(0, "Packing", "the answer is packed in an unknown way")
    return b"".join(pieces)


def _received(response: requests.Response, limit: int) -> Iterator[bytes]:
    """The bytes that came, all that were announced."""
    deadline = time.monotonic() + TOTAL_TIMEOUT
    announced = response.headers.get("Content-Length", "")
    size = 0
    for piece in response.iter_content(CHUNK):
        size += len(piece)
        if size > limit:
            raise _too_large(limit)
        if time.monotonic() > deadline:
            raise _unavailable("Timeout", "the answer takes too long")
        yield piece
    # requests before 2.32 on urllib3 1.26 takes a half answer for a whole one
    chunked = "chunked" in response.headers.get("Transfer-Encoding", "").lower()
    if announced.isdecimal() and not chunked and size < int(announced):
        raise _unavailable("Connection", "the answer breaks off")


def _too_large(limit: int) -> Unreadable:
    return Unreadable(0, "Size", f"the answer has more than {limit} bytes")


def _unavailable(code: str, text: str) -> Unavailable:
    return Unavailable(0, code, text)
