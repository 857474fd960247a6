"""The control API of the vendor's side: what a test or the demo can tell and ask it."""

from __future__ import annotations

import base64
from collections.abc import Callable

from . import purchase_order, x12
from . import settings as configuration
from .books import Books
from .commands import Call, Commands
from .delivery import AWAITING_MDN, WAITING
from .faults import KNOWN, Faults
from .ordering import Ordering
from .settings import AMAZON, Settings
from .station import Station
from .store import Json, Store


class Control(Commands):
    def __init__(
        self,
        store: Store,
        station: Station,
        ordering: Ordering,
        slips: Faults,
        settings: Callable[[], Settings],
        as2_url: Callable[[], str],
        stop: Callable[[], None],
    ) -> None:
        self._station, self._ordering = station, ordering
        self._settings, self._as2_url = settings, as2_url
        calls: dict[tuple[str, str], Call] = {
            ("GET", "/status"): self._status,
            ("POST", "/configure"): self._configure,
            ("POST", "/orders"): self._send_orders,
            ("GET", "/orders"): lambda given: ordering.orders(),
            ("POST", "/raw"): self._send_raw,
            ("POST", "/file"): self._send_file,
            ("POST", "/resend"): self._resend,
            ("POST", "/drop"): lambda given: ordering.drop(given["message_id"]),
            ("GET", "/verdicts"): self._verdicts,
            ("GET", "/deadlines"): lambda given: store.deadlines(),
            ("GET", "/outbox"): self._outbox,
            ("GET", "/idle"): self._idle,
        }
        super().__init__(store, slips, stop, calls)

    def _status(self, given: Json) -> Json:
        return {
            "as2_url": self._as2_url(),
            "as2_id": self._station.as2_id,
            "certificate": self._station.certificate,
            "isa_qualifier": AMAZON.qualifier,
            "isa_id": AMAZON.isa_id,
            "gs_id": AMAZON.gs_id,
            "settings": configuration.as_json(self._settings()),
            "faults_known": KNOWN,
        }

    def _configure(self, given: Json) -> Json:
        changed = configuration.as_json(configuration.change(self._settings(), given))
        self._store.set_setting("settings", changed)
        return changed

    def _send_orders(self, given: Json) -> Json:
        today = self._store.today().strftime("%Y%m%d")
        interchanges = [
            [purchase_order.from_json(order, today) for order in orders]
            for orders in given["interchanges"]
        ]
        return self._ordering.send_orders(
            interchanges, bool(given.get("test")), str(given.get("mdn", ""))
        )

    def _send_raw(self, given: Json) -> Json:
        content = base64.b64decode(given["content"], validate=True)
        if given.get("test") is not None:
            content = x12.with_usage(content, bool(given["test"]))
        return self._ordering.send_raw(content, str(given.get("mdn", "")))

    def _send_file(self, given: Json) -> Json:
        return self._ordering.send_sets(
            base64.b64decode(given["content"], validate=True),
            str(given.get("vendor_code", "")),
            str(given.get("ship_to", "")),
            bool(given.get("test")),
        )

    def _resend(self, given: Json) -> Json:
        return self._ordering.resend(
            str(given.get("message_id", "")),
            str(given.get("po_number", "")),
            bool(given.get("same_message_id")),
            int(given.get("copies", 1)),
        )

    def _verdicts(self, given: Json) -> list[Json]:
        books = Books(self._store, self._settings(), test=False)
        return books.verdicts(given.get("po_number"))

    def _outbox(self, given: Json) -> list[Json]:
        rows = self._store.rows(
            "SELECT message_id, subject, state, attempts FROM outgoing ORDER BY rowid"
        )
        return [dict(row) for row in rows]

    def _idle(self, given: Json) -> bool:
        """Nothing to post, no receipt awaited, no message unworked."""
        return not self._store.rows(
            "SELECT 1 FROM outgoing WHERE state IN (?, ?)"
            " UNION SELECT 1 FROM incoming WHERE worked = 0",
            *(WAITING, AWAITING_MDN),
        )
