"""Slips on demand: what Amazon, or the line to it, does wrong when asked to.

A fault is set with a name, how many times it strikes, and options. `set` confines it
to messages that hold such a transaction set ("855"), `after` lets so many pass first;
the other options stand with the fault's name below.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from .store import Json, Store

# When a message of the vendor's arrives. Unless said otherwise it is stored all the
# same: what is lost is the receipt.
ON_RECEIVING = {
    "http-error": "answers with an HTTP `status` (500) and keeps nothing",
    "cut-connection": "reads the message and closes; `keep` (true): stores it",
    "no-mdn": "answers 200 without a receipt",
    "late-mdn": "answers after `seconds` (5)",
    "mdn-negative": "the receipt says failed, nothing is stored",
    "mdn-wrong-mic": "the receipt's MIC belongs to other bytes",
    "mdn-other-message": "the receipt names another Message-ID",
    "mdn-foreign-signature": "the receipt is signed with a stranger's key",
    "mdn-unsigned": "the receipt is not signed",
}
# When documents in it are worked.
ON_WORKING = {
    "997-reject": "the 997 says R and the documents are not looked at",
    "997-missing": "no 997 goes out",
    "997-late": "the 997 goes out after `seconds` (5)",
}
# When Amazon's next message is built or posted.
ON_SENDING = {
    "foreign-signature": "signed with a stranger's key",
    "unsigned": "not signed",
    "unencrypted": "not encrypted",
    "cut-while-sending": "the connection closes half-way through the body",
}
KNOWN = {**ON_RECEIVING, **ON_WORKING, **ON_SENDING}


@dataclass(frozen=True)
class Fault:
    name: str
    options: Mapping[str, Any]

    @property
    def seconds(self) -> float:
        return float(self.options.get("seconds", 5.0))


class Faults:
    def __init__(
        self, store: Store, known: Mapping[str, str] = KNOWN, confined_by: str = "set"
    ) -> None:
        self._store, self._known, self._confined_by = store, known, confined_by

    def add(self, name: str, count: int, options: Json) -> None:
        """Let `name` strike the next `count` times. Raises `ValueError`."""
        if name not in self._known:
            raise ValueError(f"no such fault: {name}; known: {', '.join(self._known)}")
        self._store.execute(
            "INSERT INTO fault (name, remaining, options) VALUES (?, ?, ?)",
            *(name, count, json.dumps(options)),
        )

    def clear(self) -> None:
        self._store.execute("DELETE FROM fault")

    def take(self, names: Collection[str], sets: Collection[str]) -> Fault | None:
        """The first fault of those that strikes a message with such sets, used up
        by one."""
        with self._store.transaction() as database:
            for row in database.execute(
                "SELECT * FROM fault WHERE remaining > 0 ORDER BY id"
            ).fetchall():
                options = json.loads(row["options"])
                wanted = options.get(self._confined_by)
                if row["name"] in names and (wanted is None or wanted in sets):
                    if options.get("after"):
                        options["after"] -= 1
                        database.execute(
                            "UPDATE fault SET options = ? WHERE id = ?",
                            (json.dumps(options), row["id"]),
                        )
                        continue
                    database.execute(
                        "UPDATE fault SET remaining = remaining - 1 WHERE id = ?",
                        (row["id"],),
                    )
                    self._store.event(
                        "fault",
                        f"As asked: {self._known[row['name']]}.",
                        fault=row["name"],
                    )
                    return Fault(row["name"], options)
        return None

    def pending(self) -> list[Json]:
        rows = self._store.rows("SELECT * FROM fault WHERE remaining > 0 ORDER BY id")
        return [
            {"name": row["name"], "remaining": row["remaining"]}
            | json.loads(row["options"])
            for row in rows
        ]
