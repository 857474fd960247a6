"""Amazon's buyers: send purchase orders, and remember what was sent."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence

from . import faults, purchase_order, userfile, x12
from .books import Books
from .delivery import Delivery
from .purchase_order import Order
from .settings import AMAZON, Settings
from .station import Station
from .store import Json, Store
from .x12 import Group, Interchange, Segment

HOUR = 3600.0


class Ordering:
    def __init__(
        self,
        store: Store,
        station: Station,
        delivery: Delivery,
        slips: faults.Faults,
        settings: Callable[[], Settings],
        as2_url: Callable[[], str],
    ) -> None:
        self._store, self._station, self._delivery = store, station, delivery
        self._slips, self._settings, self._as2_url = slips, settings, as2_url

    def send_orders(
        self, interchanges: Sequence[Sequence[Order]], test: bool, mdn: str = ""
    ) -> Json:
        """Put orders into interchanges, all of them into one AS2 message.

        `mdn` is "sync" or "async", the setting's where empty.
        """
        return self._send_sets(
            [[order.segments() for order in orders] for orders in interchanges],
            test,
            mdn,
            {order.po_number: order for orders in interchanges for order in orders},
        )

    def send_sets(
        self, content: bytes, vendor_code: str, ship_to: str, test: bool
    ) -> Json:
        """The 850 transaction sets of a foreign file in Amazon's envelope."""
        sets = userfile.purchase_orders(content, vendor_code, ship_to)
        return self._send_sets([sets], test, "")

    def _send_sets(
        self,
        interchanges: Sequence[Sequence[list[Segment]]],
        test: bool,
        mdn: str,
        meant: Mapping[str, Order] | None = None,
    ) -> Json:
        settings = self._settings()
        payload = b"".join(
            self._wrap(bodies, settings, test) for bodies in interchanges
        )
        return self.send_raw(payload, mdn, meant)

    def _wrap(
        self, bodies: Sequence[list[Segment]], settings: Settings, test: bool
    ) -> bytes:
        return x12.write(
            *(AMAZON, settings.vendor(), purchase_order.FUNCTIONAL_ID),
            purchase_order.VERSION,
            [
                x12.close_set("850", f"{place:04d}", body)
                for place, body in enumerate(bodies, 1)
            ],
            *(self._store.next_number("ISA13"), self._store.next_number("GS06")),
            *(self._store.today(), test),
        )

    def send_raw(
        self, payload: bytes, mdn: str = "", meant: Mapping[str, Order] | None = None
    ) -> Json:
        """Send these bytes as they are, and remember the orders found in them.

        `meant` are the orders by number, where they say more than their 850: how many
        pieces a case holds. Returns the message's id, and the control and order
        numbers found.
        """
        settings = self._settings()
        if not settings.complete:
            raise ValueError("configure the vendor's station first")
        mode = mdn or settings.mdn
        flaws = [
            slip.name
            for name in ("foreign-signature", "unsigned", "unencrypted")
            if (slip := self._slips.take((name,), {"850"}))
        ]
        built = self._station.build(
            settings, payload, self._as2_url() if mode == "async" else "", flaws
        )
        with self._store.transaction():
            numbers, po_numbers = self._remember(payload, built.message_id, meant or {})
            subject = _subject(po_numbers, numbers)
            self._delivery.add_message(
                built, subject, payload, settings.vendor_url, mode == "async"
            )
            self._store.event(
                "order-sent",
                f"{subject} is on its way.",
                message_id=built.message_id,
                po_numbers=po_numbers,
                interchanges=numbers,
            )
        return {
            "message_id": built.message_id,
            "interchanges": numbers,
            "po_numbers": po_numbers,
        }

    def _remember(
        self, payload: bytes, message_id: str, meant: Mapping[str, Order]
    ) -> tuple[list[str], list[str]]:
        """Enter orders and groups of a payload; its control and order numbers."""
        try:
            interchanges = x12.read(payload)
        except x12.Unreadable:
            return [], []
        po_numbers = [
            po_number
            for interchange in interchanges
            for group in interchange.groups
            for po_number in self._remember_group(interchange, group, message_id, meant)
        ]
        return [each.number for each in interchanges], po_numbers

    def _remember_group(
        self,
        interchange: Interchange,
        group: Group,
        message_id: str,
        meant: Mapping[str, Order],
    ) -> list[str]:
        orders = [
            meant.get(order.po_number, order)
            for order in (
                purchase_order.from_set(one) for one in group.sets if one.kind == "850"
            )
        ]
        if not orders:
            return []
        settings, test = self._settings(), interchange.test
        po_numbers = [order.po_number for order in orders]
        number = int(group.number) if group.number.isdecimal() else 0
        self._store.execute(
            "INSERT OR REPLACE INTO own_group VALUES (?, ?, ?, ?, ?, NULL)",
            *(number, group.functional_id, test, interchange.number),
            json.dumps(po_numbers),
        )
        self._store.start_deadline(
            "997", f"group {number}", settings.functional_ack_hours * HOUR
        )
        for order in orders:
            # a repeated number keeps its clock and takes the newest content
            self._store.execute(
                "INSERT INTO purchase_order VALUES (?, ?, ?, ?, ?, ?)"
                " ON CONFLICT DO UPDATE SET content = excluded.content,"
                " message_id = excluded.message_id,"
                " group_number = excluded.group_number",
                *(order.po_number, test, self._store.now()),
                *(json.dumps(purchase_order.to_json(order)), message_id, number),
            )
            self._store.start_deadline(
                "855", order.po_number, settings.acknowledgement_hours * HOUR
            )
        return po_numbers

    def resend(
        self, message_id: str, po_number: str, same_message_id: bool, copies: int
    ) -> Json:
        """Send a message again, found by its id or by an order in it: the same bytes
        under the same Message-ID, or the same interchange in a new message."""
        row = self._store.row(
            "SELECT * FROM outgoing WHERE is_mdn = 0 AND message_id = ?",
            message_id or self._message_of(po_number),
        )
        if row is None:
            raise ValueError(f"nothing was sent as {message_id or po_number}")
        identifier = str(row["message_id"])
        if same_message_id:
            self._delivery.repeat(identifier, copies)
            return {"message_id": identifier}
        settings = self._settings()
        for _ in range(copies):
            built = self._station.build(
                settings, row["payload"], self._as2_url() if row["asynchronous"] else ""
            )
            self._delivery.add_message(
                *(built, f"{row['subject']} again", row["payload"]),
                *(settings.vendor_url, bool(row["asynchronous"])),
            )
            identifier = built.message_id
        return {"message_id": identifier}

    def drop(self, message_id: str) -> None:
        """Send a message no more."""
        self._delivery.drop(message_id)

    def _message_of(self, po_number: str) -> str:
        row = self._store.row(
            "SELECT message_id FROM purchase_order WHERE po_number = ?", po_number
        )
        return str(row["message_id"]) if row else ""

    # -- what is known --------------------------------------------------------

    def orders(self) -> list[Json]:
        """Every order: how far it got, and line by line what came of it."""
        shown = []
        for row in self._store.rows(
            "SELECT purchase_order.*, state, answer FROM purchase_order"
            " LEFT JOIN outgoing USING (message_id)"
            " LEFT JOIN own_group ON own_group.number = group_number"
            " ORDER BY sent_at, purchase_order.rowid"
        ):
            books = Books(self._store, self._settings(), bool(row["test"]))
            order = purchase_order.from_stored(json.loads(row["content"]))
            way = {"delivery": row["state"], "functional_ack": row["answer"]}
            shown.append({**books.summary(order), **way})
        return shown


def _subject(po_numbers: Sequence[str], numbers: Sequence[str]) -> str:
    named = ", ".join(po_numbers[:3]) + (" …" if len(po_numbers) > 3 else "")
    return f"850 {named or '(none)'} in interchange {', '.join(numbers) or '(none)'}"
