"""A vendor of a few lines on pyas2lib, for the other end of the line."""

from __future__ import annotations

import copy
import http.client
import itertools
import queue
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from simulator import keys, pyas2

_VERSIONS = {
    "PR": "004010",
    "SH": "005010",
    "IN": "004010",
    "FA": "004010",
}


class Vendor:
    """Receives what Amazon posts, answers MDN and 997, and posts its own papers.

    `received` holds the payloads as text; `requests` the raw headers. `statuses` are
    HTTP statuses to answer instead, one a request.
    """

    as2_id = "VENDOR"
    isa_id = "5551234567"

    def __init__(self, folder: Path, amazon: dict[str, Any]) -> None:
        pair = keys.key_pair(folder / "vendor.pem", "Vendor")
        self.certificate = keys.certificate_of(pair)
        self._amazon = amazon
        self._own = pyas2.as2.Organization(
            as2_name=self.as2_id, sign_key=pair, decrypt_key=pair, domain="vendor.test"
        )
        self._numbers = itertools.count(1)
        self._threads: list[threading.Thread] = []
        self._sent: dict[str, Any] = {}
        self.receipts: queue.Queue[tuple[str, str | None]] = queue.Queue()
        self.behave()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/as2"

    def behave(self) -> None:
        self.received: list[str] = []
        self.requests: list[dict[str, str]] = []
        self.outcomes: list[str] = []
        self.statuses: list[int] = []
        self.answers_997 = True
        self.verdict_997 = "A"
        self.counts_997 = ""

    def __enter__(self) -> Vendor:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _partner(self, **changes: Any) -> Any:
        certificate = self._amazon["certificate"].encode()
        options: dict[str, Any] = {
            "as2_name": self._amazon["as2_id"],
            "verify_cert": certificate,
            "encrypt_cert": certificate,
            "sign": True,
            "encrypt": True,
            "enc_alg": "aes_256_cbc",
            "mdn_mode": "SYNC",
            "mdn_digest_alg": "sha256",
        }
        return pyas2.as2.Partner(**{**options, **changes})

    # -- receiving ------------------------------------------------------------

    def take(self, headers: dict[str, str], body: bytes) -> tuple[int, Any]:
        self.requests.append(headers)
        if self.statuses:
            return self.statuses.pop(0), None
        raw = "".join(f"{k}: {v}\r\n" for k, v in headers.items()).encode()
        raw += b"\r\n" + body
        if b"disposition-notification" in body[:4096]:
            self.receipts.put(self.read_receipt(raw))
            return 200, None
        message = pyas2.as2.Message()
        status, (error, _trace), mdn = message.parse(
            raw,
            find_org_cb=lambda name: self._own,
            find_partner_cb=lambda name: self._partner(),
        )
        self.outcomes.append(f"{status} {error or ''}".strip())
        if status == "processed":
            payload = message.content.decode()
            self.received.append(payload)
            if self.answers_997 and "*PO*" in payload.replace("~GS*PO", "*PO"):
                self._start(self._answer, payload)
        if mdn is not None and mdn.mdn_mode == "ASYNC":
            self._start(self._post_receipt, mdn)
            return 200, None
        return 200, mdn

    def _start(self, work: Callable[[Any], None], about: Any) -> None:
        thread = threading.Thread(target=work, args=(about,))
        self._threads.append(thread)
        thread.start()

    def busy(self) -> bool:
        self._threads = [each for each in self._threads if each.is_alive()]
        return bool(self._threads)

    def _answer(self, payload: str) -> None:
        for line in payload.split("~"):
            elements = line.split("*")
            if elements[0] == "GS" and elements[1] == "PO":
                verdict = self.verdict_997
                group = payload.partition(f"*{elements[6]}*X*")[2].partition("~GE*")[0]
                sets = group.count("ST*850*")
                taken = 0 if verdict == "R" else sets
                counts = self.counts_997 or f"{sets}*{sets}*{taken}"
                test = "T" if "*T*>~" in payload else "P"
                self.post(
                    self.envelope(
                        "FA",
                        [("997", f"AK1*PO*{elements[6]}~AK9*{verdict}*{counts}~")],
                        test=test,
                    )
                )

    def read_receipt(self, raw: bytes) -> tuple[str, str | None]:
        mdn = pyas2.as2.Mdn()
        status, detail = mdn.parse(raw, lambda i, _recipient: self._sent.get(i))
        return status, detail

    def _post_receipt(self, mdn: Any) -> None:
        http_post(mdn.mdn_url, mdn.headers, mdn.content)

    # -- sending --------------------------------------------------------------

    def envelope(
        self,
        functional_id: str,
        sets: Sequence[tuple[str, str]],
        test: str = "P",
        **changes: str,
    ) -> str:
        """An interchange with one group; a set's text stands between ST and SE."""
        number = f"{next(self._numbers):09d}"
        version = changes.get("version", _VERSIONS[functional_id])
        now = datetime.now(timezone.utc)
        written = ""
        for place, (kind, body) in enumerate(sets, 1):
            count = changes.get("count", str(body.count("~") + 2))
            written += f"ST*{kind}*{place:04d}~{body}SE*{count}*{place:04d}~"
        return (
            f"ISA*00*{'':10}*00*{'':10}*ZZ*{self.isa_id:15}*ZZ*{'AMAZON':15}"
            f"*{now:%y%m%d}*{now:%H%M}*U*{version[:5]}*{number}*0*{test}*>~"
            f"GS*{functional_id}*{self.isa_id}*AMAZON*{now:%Y%m%d}*{now:%H%M}"
            f"*{int(number)}*X*{version}~{written}"
            f"GE*{len(sets)}*{int(number)}~IEA*1*{number}~"
        )

    def build(self, payload: str, receipt_url: str = "", **changes: Any) -> Any:
        if receipt_url:
            changes["mdn_mode"] = "ASYNC"
        own = copy.copy(self._own)  # other threads build meanwhile
        own.mdn_url = receipt_url or None
        message = pyas2.as2.Message(own, self._partner(**changes))
        message.build(payload.encode(), content_type="application/EDI-X12")
        self._sent[message.message_id] = message
        return message

    def post_message(self, message: Any) -> tuple[int, str | None, str | None]:
        """HTTP status, and of a receipt in the answer disposition and detail."""
        status, headers, body = http_post(
            self._amazon["as2_url"], message.headers, message.content
        )
        if not body or status != 200:
            return status, None, None
        raw = "".join(f"{k}: {v}\r\n" for k, v in headers.items()).encode()
        return status, *self.read_receipt(raw + b"\r\n" + body)

    def post(self, payload: str, **changes: Any) -> tuple[int, str | None, str | None]:
        return self.post_message(self.build(payload, **changes))

    def wait_for(self, found: Callable[[], bool], timeout: float = 10) -> None:
        end = time.monotonic() + timeout
        while not found():
            assert time.monotonic() < end, "the vendor did not get what it waits for"
            time.sleep(0.01)


def http_post(
    url: str, headers: dict[str, str], body: bytes | Iterator[bytes]
) -> tuple[int, dict[str, str], bytes]:
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=20)
    try:
        connection.request(
            *("POST", urlsplit(url).path, body, headers),
            encode_chunked="Transfer-Encoding" in headers,
        )
        response = connection.getresponse()
        return response.status, dict(response.getheaders()), response.read()
    finally:
        connection.close()


def _handler(vendor: Vendor) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        wbufsize = -1

        def log_message(self, format: str, *args: Any) -> None:
            pass

        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            body = self.rfile.read(length)
            if len(body) < length:
                vendor.outcomes.append("cut")
                return
            status, mdn = vendor.take(dict(self.headers.items()), body)
            content = mdn.content if mdn is not None else b""
            self.send_response(status)
            for name, value in (mdn.headers if mdn is not None else {}).items():
                self.send_header(name, " ".join(value.split()))
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

    return Handler
