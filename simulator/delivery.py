"""The outbox: what Amazon sends is stored first and posted until its receipt is there.

A message goes again under the same Message-ID with the same bytes (RFC 4130 section
5.5) at the intervals of the settings; a vendor that was killed is found again so.
"""

from __future__ import annotations

import http.client
import json
import sqlite3
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from . import faults, loopback
from .settings import Settings
from .station import Built, Headers, Receipt, Station
from .store import Store

WAITING, AWAITING_MDN = "waiting", "awaiting-mdn"
DELIVERED, REFUSED, GIVEN_UP, DROPPED = "delivered", "refused", "given-up", "dropped"


class Delivery:
    def __init__(
        self,
        store: Store,
        station: Station,
        slips: faults.Faults,
        settings: Callable[[], Settings],
    ) -> None:
        self._store, self._station, self._slips = store, station, slips
        self._settings = settings
        self._pool = ThreadPoolExecutor(max_workers=4, thread_name_prefix="post")
        self._busy: set[str] = set()
        self._guard = threading.Lock()
        self._wake = threading.Event()
        self._stopped = threading.Event()

    # -- putting in -----------------------------------------------------------

    def add_message(
        self,
        built: Built,
        subject: str,
        payload: bytes,
        url: str,
        asynchronous: bool,
        delay: float = 0.0,
    ) -> None:
        self._insert(
            built.message_id,
            subject,
            built.headers,
            built.body,
            url,
            payload=payload,
            mic=built.mic,
            asynchronous=asynchronous,
            delay=delay,
        )
        self._store.start_deadline(
            "mdn", built.message_id, self._settings().mdn_seconds
        )

    def add_receipt(
        self, headers: Headers, body: bytes, url: str, about: str, delay: float
    ) -> None:
        """An asynchronous MDN, due in `delay` seconds; `about` is the Message-ID it
        answers."""
        self._insert(
            f"mdn-{about}",
            f"MDN for {about}",
            headers,
            body,
            url,
            is_mdn=True,
            delay=delay,
        )

    def _insert(
        self,
        message_id: str,
        subject: str,
        headers: Headers,
        body: bytes,
        url: str,
        *,
        payload: bytes = b"",
        mic: str = "",
        asynchronous: bool = False,
        is_mdn: bool = False,
        delay: float = 0.0,
    ) -> None:
        loopback.check_url(url)
        now = time.time()
        self._store.execute(
            "INSERT OR REPLACE INTO outgoing (message_id, subject, headers, body,"
            " payload, mic, state, made_at, due, asynchronous, is_mdn, url)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            *(message_id, subject, json.dumps(headers), body, payload, mic, WAITING),
            *(now, now + delay, asynchronous, is_mdn, url),
        )
        self._wake.set()

    # -- the loop -------------------------------------------------------------

    def run(self) -> None:
        """Post what is due until `stop` is called."""
        while not self._stopped.is_set():
            self._wake.clear()
            for row in self._due():
                self._submit(row["message_id"])
            self._wake.wait(self._pause())
        self._pool.shutdown(wait=False, cancel_futures=True)

    def stop(self) -> None:
        self._stopped.set()
        self._wake.set()

    def _due(self) -> list[sqlite3.Row]:
        return self._store.rows(
            "SELECT message_id FROM outgoing WHERE state IN (?, ?) AND due <= ?"
            " ORDER BY made_at, rowid LIMIT 64",
            *(WAITING, AWAITING_MDN, time.time()),
        )

    def _pause(self) -> float:
        with self._guard:
            busy = set(self._busy)
        rows = self._store.rows(
            "SELECT message_id, due FROM outgoing WHERE state IN (?, ?)"
            " ORDER BY due LIMIT 64",
            *(WAITING, AWAITING_MDN),
        )
        due = next((row["due"] for row in rows if row["message_id"] not in busy), None)
        return 60.0 if due is None else max(0.0, due - time.time())

    def _submit(self, message_id: str) -> None:
        with self._guard:
            if message_id in self._busy:
                return
            self._busy.add(message_id)
        self._pool.submit(self._attempt_once, message_id)

    def _attempt_once(self, message_id: str) -> None:
        try:
            self.attempt(message_id)
        finally:
            with self._guard:
                self._busy.discard(message_id)
            self._wake.set()

    def repeat(self, message_id: str, copies: int) -> None:
        """Post the same bytes under the same Message-ID again, `copies` at once."""
        for _ in range(copies):
            self._pool.submit(self.attempt, message_id)

    def drop(self, message_id: str) -> None:
        """Post it no more."""
        self._set_state(message_id, DROPPED)

    # -- one attempt ----------------------------------------------------------

    def attempt(self, message_id: str) -> None:
        settings = self._settings()
        self._store.execute(
            "UPDATE outgoing SET attempts = attempts + 1 WHERE message_id = ?",
            message_id,
        )
        row = self._store.row("SELECT * FROM outgoing WHERE message_id = ?", message_id)
        if row is None:
            raise KeyError(message_id)
        started = time.monotonic()
        try:
            response = loopback.post(
                row["url"],
                json.loads(row["headers"]),
                row["body"],
                settings.http_timeout,
                self._cut(row),
            )
        except (OSError, http.client.HTTPException, ValueError) as error:
            self._failed(row, f"{type(error).__name__}: {error}")
            return
        seconds = round(time.monotonic() - started, 3)
        if not 200 <= response.status < 300:
            self._failed(row, f"HTTP {response.status}", http_status=response.status)
        elif row["is_mdn"]:
            self._set_state(message_id, DELIVERED)
            self._store.event(
                "mdn-delivered", f"{row['subject']} was taken.", message_id=message_id
            )
        elif row["asynchronous"]:
            self._wait_for_receipt(row, settings, seconds)
        else:
            self.settle(response.raw(), message_id, seconds)

    def _cut(self, row: sqlite3.Row) -> int | None:
        if row["is_mdn"] or not self._slips.take(("cut-while-sending",), ()):
            return None
        return len(row["body"]) // 2

    def _wait_for_receipt(
        self, row: sqlite3.Row, settings: Settings, seconds: float
    ) -> None:
        with self._store.transaction() as database:
            # the receipt may have overtaken the HTTP answer
            database.execute(
                "UPDATE outgoing SET state = ?, due = ?"
                " WHERE message_id = ? AND state IN (?, ?)",
                (
                    *(AWAITING_MDN, time.time() + settings.async_mdn_seconds),
                    *(row["message_id"], WAITING, AWAITING_MDN),
                ),
            )
            self._store.event(
                "message-sent",
                f"{row['subject']}: taken, its receipt is to come by itself.",
                message_id=row["message_id"],
                seconds=seconds,
            )

    def settle(self, raw: bytes, expected: str, seconds: float | None) -> Receipt:
        """Judge an MDN. `expected` is the Message-ID it must answer, "" for any;
        `seconds` is how long the HTTP exchange took, if it came that way."""
        receipt = self._station.read_receipt(self._settings(), raw, self._mic_of)
        problem = receipt.problem
        if expected and not problem and receipt.message_id != expected:
            problem = f"it answers {receipt.message_id}"
        row = self._store.row(
            "SELECT * FROM outgoing WHERE message_id = ?",
            expected or receipt.message_id,
        )
        if problem:
            receipt = Receipt(receipt.message_id, receipt.disposition, problem)
            self._store.event(
                "mdn-invalid",
                f"The receipt for {row['subject'] if row else 'nothing'}"
                f" cannot be believed: {problem}.",
                message_id=expected or receipt.message_id,
            )
            if row is not None:
                self._retry(row)
        elif row is not None:
            self._believe(row, receipt, seconds)
        return receipt

    def _believe(
        self, row: sqlite3.Row, receipt: Receipt, seconds: float | None
    ) -> None:
        good = receipt.disposition.lower().startswith(
            ("processed/warning: duplicate", "processed: ")
        ) or (receipt.disposition.lower() == "processed")
        with self._store.transaction():
            taken = self._store.end_deadline("mdn", row["message_id"])
            if row["state"] != DELIVERED:
                self._set_state(row["message_id"], DELIVERED if good else REFUSED)
            self._store.event(
                "mdn-received",
                f"{row['subject']}: {receipt.disposition}.",
                message_id=row["message_id"],
                disposition=receipt.disposition,
                good=good,
                http_seconds=seconds,
                seconds=taken,
                attempts=row["attempts"],
                again=row["state"] == DELIVERED,
            )

    def _mic_of(self, message_id: str) -> str | None:
        row = self._store.row(
            "SELECT mic FROM outgoing WHERE message_id = ? AND is_mdn = 0", message_id
        )
        return None if row is None else str(row["mic"])

    # -- states ---------------------------------------------------------------

    def _set_state(self, message_id: str, state: str) -> None:
        self._store.execute(
            "UPDATE outgoing SET state = ? WHERE message_id = ?", state, message_id
        )

    def _failed(
        self, row: sqlite3.Row, reason: str, http_status: int | None = None
    ) -> None:
        self._store.event(
            "delivery-failed",
            f"{row['subject']} did not arrive: {reason}.",
            message_id=row["message_id"],
            reason=reason,
            http_status=http_status,
            attempts=row["attempts"],
        )
        self._retry(row)

    def _retry(self, row: sqlite3.Row) -> None:
        """Plan the next attempt of a message that has no believable receipt yet."""
        settings = self._settings()
        state, due = WAITING, time.time()
        if due - row["made_at"] > settings.give_up_seconds:
            state = GIVEN_UP
        else:
            pauses = settings.retry_seconds
            due += pauses[min(row["attempts"], len(pauses)) - 1]
        with self._store.transaction() as database:
            # settled or dropped meanwhile: then it stays so
            changed = database.execute(
                "UPDATE outgoing SET state = ?, due = ?"
                " WHERE message_id = ? AND state IN (?, ?)",
                (state, due, row["message_id"], WAITING, AWAITING_MDN),
            ).rowcount
            if changed and state == GIVEN_UP:
                self._store.event(
                    "given-up",
                    f"{row['subject']} could not be delivered.",
                    message_id=row["message_id"],
                )
