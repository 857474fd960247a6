"""What a POST to /as2 leads to: stored first, then answered; worked later."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, field

from . import faults, loopback, station, x12
from .delivery import Delivery
from .settings import Settings
from .station import Headers, Opened, Station
from .store import Store


@dataclass(frozen=True)
class Answer:
    status: int
    body: bytes = b""
    headers: Headers = field(default_factory=dict)
    delay: float = 0.0  # seconds before it is given
    cut: bool = False  # close the connection instead


def kinds(payload: bytes) -> set[str]:
    """The transaction sets in a payload, {"855"}; empty if it cannot be read."""
    try:
        interchanges = x12.read(payload)
    except x12.Unreadable:
        return set()
    return {
        one.kind
        for interchange in interchanges
        for group in interchange.groups
        for one in group.sets
    }


class Reception:
    def __init__(
        self,
        store: Store,
        as2: Station,
        slips: faults.Faults,
        delivery: Delivery,
        settings: Callable[[], Settings],
        stored: Callable[[], None],
    ) -> None:
        """`stored` is called after a message was stored: there is work to do."""
        self._store, self._station, self._slips = store, as2, slips
        self._delivery, self._settings, self._stored = delivery, settings, stored

    def handle(self, headers: Headers, body: bytes) -> Answer:
        settings = self._settings()
        here, there = (station.as2_name(headers, n) for n in ("AS2-To", "AS2-From"))
        if here != self._station.as2_id or there != settings.vendor_as2_id:
            self._store.event(
                "refused", f"A message from {there!r} to {here!r}: nobody known."
            )
            return Answer(403, b"unknown trading partner")
        if station.is_receipt(headers, body):
            raw = "".join(f"{k}: {v}\r\n" for k, v in headers.items()).encode("latin-1")
            receipt = self._delivery.settle(raw + b"\r\n" + body, "", None)
            return Answer(400 if receipt.problem else 200)
        digest = hashlib.sha256(body).hexdigest()
        before = self._stored_before(station.message_id(headers))
        if before is not None:
            return self._again(before, digest, headers)
        return self._first(settings, headers, body, digest)

    def _first(
        self, settings: Settings, headers: Headers, body: bytes, digest: str
    ) -> Answer:
        opened = self._station.open(settings, headers, body)
        sets = kinds(opened.payload)
        slip = self._slips.take(faults.ON_RECEIVING, sets)
        name = slip.name if slip else ""
        if opened.disposition != "processed":
            self._store.event(
                "refused",
                f"Message {opened.message_id} was refused, {opened.disposition}:"
                f" {opened.problem}.",
                message_id=opened.message_id,
                disposition=opened.disposition,
            )
            return self._answer(
                None,
                opened.wants_receipt,
                opened.receipt_url,
                opened.message_id,
                self._station.receipt(opened),
            )
        mdn_headers, mdn_body = self._station.receipt(opened)
        if name not in ("http-error", "mdn-negative") and (
            slip is None or slip.options.get("keep", True)
        ):
            before = self._keep(opened, digest, mdn_headers, mdn_body, sets)
            if before is not None:
                return self._again(before, digest, headers)
        if name.startswith("mdn-"):
            mdn_headers, mdn_body = self._station.receipt(opened, name)
        return self._answer(
            slip,
            opened.wants_receipt,
            opened.receipt_url,
            opened.message_id,
            (mdn_headers, mdn_body),
        )

    def _keep(
        self,
        opened: Opened,
        digest: str,
        mdn_headers: Headers,
        mdn_body: bytes,
        sets: set[str],
    ) -> sqlite3.Row | None:
        """Store the message; the row of the same message that came meanwhile."""
        with self._store.transaction() as database:
            before = self._stored_before(opened.message_id)
            if before is not None:
                return before
            database.execute(
                "INSERT INTO incoming"
                " (message_id, at, digest, payload, mdn_headers, mdn_body)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                (
                    *(opened.message_id, self._store.now(), digest, opened.payload),
                    *(json.dumps(mdn_headers), mdn_body),
                ),
            )
            self._store.event(
                "message-received",
                f"Message {opened.message_id} was stored, with"
                f" {', '.join(sorted(sets)) or 'no X12'}.",
                message_id=opened.message_id,
                sets=sorted(sets),
            )
        self._stored()
        return None

    def _stored_before(self, message_id: str) -> sqlite3.Row | None:
        return self._store.row(
            "SELECT * FROM incoming WHERE message_id = ?", message_id
        )

    def _again(self, before: sqlite3.Row, digest: str, headers: Headers) -> Answer:
        """The same Message-ID once more: the stored receipt, and nothing else."""
        same = before["digest"] == digest
        self._store.event(
            "duplicate",
            f"Message {before['message_id']} came again"
            + ("." if same else " WITH OTHER BYTES than the first time."),
            message_id=before["message_id"],
            same_bytes=same,
        )
        slip = self._slips.take(faults.ON_RECEIVING, kinds(before["payload"]))
        wanted = {name.lower(): value for name, value in headers.items()}
        return self._answer(
            slip,
            "disposition-notification-to" in wanted,
            wanted.get("receipt-delivery-option", "").strip(),
            before["message_id"],
            (json.loads(before["mdn_headers"]), before["mdn_body"]),
        )

    def _answer(
        self,
        slip: faults.Fault | None,
        wanted: bool,
        url: str,
        about: str,
        receipt: tuple[Headers, bytes],
    ) -> Answer:
        """The HTTP answer: with the receipt, or with it sent to `url` on its own."""
        name = slip.name if slip else ""
        if slip and name == "http-error":
            return Answer(int(slip.options.get("status", 500)), b"as asked")
        if name == "cut-connection":
            return Answer(200, cut=True)
        if name == "no-mdn" or not wanted:
            return Answer(200)
        delay = slip.seconds if slip and name == "late-mdn" else 0.0
        headers, body = receipt
        if not url:
            return Answer(200, body, headers, delay)
        try:
            self._delivery.add_receipt(headers, body, url, about, delay)
        except loopback.NotLoopback as error:
            self._store.event("refused", f"No receipt for {about}: {error}.")
            return Answer(400, str(error).encode())
        return Answer(200)
