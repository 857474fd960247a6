"""What the simulator knows, in one SQLite file, so that a restart forgets nothing.

Times are seconds since the epoch on Amazon's own clock, which the control API can
advance so that a deadline need not be waited for.
"""

from __future__ import annotations

import json
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, TextIO

Json = dict[str, Any]

_COMMON = """
CREATE TABLE IF NOT EXISTS setting (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS counter (name TEXT PRIMARY KEY, value INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS event (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, at REAL NOT NULL,
    kind TEXT NOT NULL, text TEXT NOT NULL, facts TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS fault (
    id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL,
    remaining INTEGER NOT NULL, options TEXT NOT NULL);
"""
VENDOR_SCHEMA = """
CREATE TABLE IF NOT EXISTS purchase_order (
    po_number TEXT NOT NULL, test INTEGER NOT NULL, sent_at REAL NOT NULL,
    content TEXT NOT NULL, message_id TEXT NOT NULL, group_number INTEGER NOT NULL,
    PRIMARY KEY (po_number, test));
CREATE TABLE IF NOT EXISTS own_group (
    number INTEGER PRIMARY KEY, functional_id TEXT NOT NULL, test INTEGER NOT NULL,
    interchange TEXT NOT NULL, po_numbers TEXT NOT NULL, answer TEXT);
CREATE TABLE IF NOT EXISTS paper (
    id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, number TEXT NOT NULL,
    test INTEGER NOT NULL, at REAL NOT NULL, interchange TEXT NOT NULL,
    accepted INTEGER NOT NULL, replaced INTEGER NOT NULL DEFAULT 0,
    reasons TEXT NOT NULL, content TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS paper_number ON paper (kind, number, test);
CREATE TABLE IF NOT EXISTS paper_order (
    po_number TEXT NOT NULL, test INTEGER NOT NULL, paper_id INTEGER NOT NULL,
    PRIMARY KEY (po_number, test, paper_id));
CREATE TABLE IF NOT EXISTS carton (
    sscc TEXT PRIMARY KEY, at REAL NOT NULL, notice TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS outgoing (
    message_id TEXT PRIMARY KEY, subject TEXT NOT NULL, headers TEXT NOT NULL,
    body BLOB NOT NULL, payload BLOB NOT NULL, mic TEXT NOT NULL, state TEXT NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0, made_at REAL NOT NULL, due REAL NOT NULL,
    asynchronous INTEGER NOT NULL DEFAULT 0, is_mdn INTEGER NOT NULL,
    url TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS incoming (
    message_id TEXT PRIMARY KEY, at REAL NOT NULL, digest TEXT NOT NULL,
    payload BLOB NOT NULL, mdn_headers TEXT NOT NULL, mdn_body BLOB NOT NULL,
    worked INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS interchange (
    key TEXT PRIMARY KEY, at REAL NOT NULL, digest TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS deadline (
    what TEXT NOT NULL, reference TEXT NOT NULL, started REAL NOT NULL,
    ended REAL, allowed REAL NOT NULL, PRIMARY KEY (what, reference));
"""


class Store:
    """One connection, one lock: every method is a transaction of its own unless it
    is called inside `with store.transaction()`."""

    def __init__(
        self, path: Path, tell: TextIO | None = None, schema: str = VENDOR_SCHEMA
    ) -> None:
        """`tell` gets a line for every event; `schema` makes the tables of a side."""
        self._tell = tell
        self._untold: list[str] = []
        self._lock = threading.RLock()
        self._news = threading.Condition(self._lock)
        self._depth = 0
        self._database = sqlite3.connect(path, check_same_thread=False)
        self._database.row_factory = sqlite3.Row
        self._database.execute("PRAGMA journal_mode=WAL")
        # safe against a killed process, which is all that happens to a simulator
        self._database.execute("PRAGMA synchronous=NORMAL")
        self._database.executescript(_COMMON + schema)
        self._offset = float(self.setting("clock_offset", 0.0))
        self._frozen: float | None = self.setting("clock_frozen")

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            self._depth += 1
            try:
                yield self._database
            except BaseException:
                if self._depth == 1:
                    self._database.rollback()
                    self._untold.clear()
                raise
            else:
                if self._depth == 1:
                    self._database.commit()
                    self._tell_events()
            finally:
                self._depth -= 1

    def _tell_events(self) -> None:
        self._news.notify_all()
        if self._tell is not None:
            self._tell.write("".join(self._untold))
            self._tell.flush()
        self._untold.clear()

    def close(self) -> None:
        with self._lock:
            self._database.close()

    def execute(self, statement: str, *values: Any) -> None:
        with self.transaction() as database:
            database.execute(statement, values)

    def rows(self, statement: str, *values: Any) -> list[sqlite3.Row]:
        with self._lock:
            return self._database.execute(statement, values).fetchall()

    def row(self, statement: str, *values: Any) -> sqlite3.Row | None:
        found = self.rows(statement, *values)
        return found[0] if found else None

    # -- clock ----------------------------------------------------------------

    def now(self) -> float:
        return time.time() + self._offset if self._frozen is None else self._frozen

    def today(self) -> datetime:
        return datetime.fromtimestamp(self.now(), timezone.utc)

    def advance_clock(self, seconds: float) -> None:
        with self.transaction():
            self._offset += seconds
            self.set_setting("clock_offset", self._offset)
            if self._frozen is not None:
                self._frozen += seconds
                self.set_setting("clock_frozen", self._frozen)

    def freeze_clock(self, frozen: bool) -> None:
        """Let the clock stand still, moved by `advance_clock` alone, or run again."""
        with self.transaction():
            now = self.now()
            self._frozen, self._offset = (now if frozen else None), now - time.time()
            self.set_setting("clock_frozen", self._frozen)
            self.set_setting("clock_offset", self._offset)

    # -- settings and numbers -------------------------------------------------

    def setting(self, name: str, default: Any = None) -> Any:
        row = self.row("SELECT value FROM setting WHERE name = ?", name)
        return default if row is None else json.loads(row["value"])

    def set_setting(self, name: str, value: Any) -> None:
        self.execute(
            "INSERT OR REPLACE INTO setting VALUES (?, ?)", name, json.dumps(value)
        )

    def next_number(self, name: str) -> int:
        """The next of a series that never repeats; the first is 1."""
        with self.transaction() as database:
            database.execute(
                "INSERT INTO counter VALUES (?, 1)"
                " ON CONFLICT (name) DO UPDATE SET value = value + 1",
                (name,),
            )
            row = database.execute(
                "SELECT value FROM counter WHERE name = ?", (name,)
            ).fetchone()
        return int(row["value"])

    # -- events ---------------------------------------------------------------

    def event(self, kind: str, text: str, **facts: Any) -> None:
        with self.transaction() as database:
            self._untold.append(f"{self.today():%H:%M:%S} {kind}: {text}\n")
            database.execute(
                "INSERT INTO event (at, kind, text, facts) VALUES (?, ?, ?, ?)",
                (self.now(), kind, text, json.dumps(facts)),
            )

    def latest_event(self) -> int:
        """The number of the newest event, 0 if there is none."""
        row = self.row("SELECT MAX(seq) AS seq FROM event")
        return int(row["seq"] or 0) if row else 0

    def events(self, since: int, wait: float = 0.0) -> list[Json]:
        """Events with a higher number than `since`; waits up to `wait` seconds."""
        end = time.monotonic() + wait
        with self._news:
            while True:
                rows = self.rows(
                    "SELECT * FROM event WHERE seq > ? ORDER BY seq", since
                )
                left = end - time.monotonic()
                if rows or left <= 0:
                    return [_as_event(row) for row in rows]
                self._news.wait(left)

    # -- deadlines ------------------------------------------------------------

    def start_deadline(self, what: str, reference: str, allowed: float) -> None:
        self.execute(
            "INSERT OR IGNORE INTO deadline VALUES (?, ?, ?, NULL, ?)",
            *(what, reference, self.now(), allowed),
        )

    def end_deadline(self, what: str, reference: str) -> float | None:
        """Close it; the seconds it took, None if it was not running."""
        with self.transaction() as database:
            row = database.execute(
                "SELECT started FROM deadline"
                " WHERE what = ? AND reference = ? AND ended IS NULL",
                (what, reference),
            ).fetchone()
            if row is None:
                return None
            now = self.now()
            database.execute(
                "UPDATE deadline SET ended = ? WHERE what = ? AND reference = ?",
                (now, what, reference),
            )
        return round(now - float(row["started"]), 3)

    def deadlines(self) -> list[Json]:
        now, shown = self.now(), []
        for row in self.rows("SELECT * FROM deadline ORDER BY started"):
            seconds = (row["ended"] or now) - row["started"]
            shown.append(
                {
                    "what": row["what"],
                    "reference": row["reference"],
                    "seconds": round(seconds, 3),
                    "allowed_seconds": row["allowed"],
                    "running": row["ended"] is None,
                    "late": seconds > row["allowed"],
                }
            )
        return shown


def _as_event(row: sqlite3.Row) -> Json:
    at = datetime.fromtimestamp(row["at"], timezone.utc)
    return {
        "seq": row["seq"],
        "at": at.isoformat(timespec="milliseconds"),
        "kind": row["kind"],
        "text": row["text"],
        **json.loads(row["facts"]),
    }
