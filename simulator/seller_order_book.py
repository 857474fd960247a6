"""The orders as Amazon has them, and what happens to them."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from typing import Any

from . import seller_times
from .seller_marketplaces import MARKETPLACES
from .seller_order_view import PENDING
from .store import Json, Store

_PUT = "INSERT OR REPLACE INTO seller_order VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
# Where Amazon's own examples leave out what every order of an account has.
_DEFAULT_STATUS, _DEFAULT_FULFILLED_BY = "UNSHIPPED", "MERCHANT"


class OrderBook:
    def __init__(self, store: Store) -> None:
        self._store = store

    # -- reading --------------------------------------------------------------

    def find(self, seller_id: str, order_id: str) -> Json | None:
        row = self._store.row(
            "SELECT content FROM seller_order WHERE seller_id = ? AND order_id = ?",
            *(seller_id, order_id),
        )
        return None if row is None else dict(json.loads(row["content"]))

    def known(self, seller_id: str, order_id: str) -> Json:
        found = self.find(seller_id, order_id)
        if found is None:
            raise ValueError(f"no such order: {order_id}")
        return found

    def page(
        self,
        seller_id: str,
        conditions: str,
        values: Iterable[Any],
        order: str,
        limit: int = -1,
    ) -> list[sqlite3.Row]:
        """Rows of `seller_order` by an SQL condition."""
        return self._store.rows(
            f"SELECT * FROM seller_order WHERE seller_id = ? AND {conditions}"
            f" ORDER BY {order} LIMIT ?",
            *(seller_id, *values, limit),
        )

    def orders(self, seller_id: str) -> list[Json]:
        """Every order in full, whatever a role or a status would hide."""
        rows = self.page(seller_id, "TRUE", (), "updated, order_id")
        return [json.loads(row["content"]) for row in rows]

    # -- writing --------------------------------------------------------------

    def put(self, seller_id: str, orders: Iterable[Json]) -> list[str]:
        """Keep orders as they are, new or instead of their former state.

        Raises `ValueError` for one that has no id, times, marketplace or items.
        """
        rows = [_row(seller_id, order) for order in orders]
        with self._store.transaction() as database:
            database.executemany(_PUT, rows)
        return [row[1] for row in rows]

    def change(self, seller_id: str, order: Json) -> Json:
        """Keep a changed order; its lastUpdatedTime moves to now, always forward."""
        with self._store.transaction():
            before = self._store.row(
                "SELECT updated, released FROM seller_order"
                " WHERE seller_id = ? AND order_id = ?",
                *(seller_id, order["orderId"]),
            )
            assert before is not None
            moment = max(int(self._store.now()), int(before["updated"]) + 1)
            changed = {**order, "lastUpdatedTime": seller_times.write(moment)}
            row = list(_row(seller_id, changed))
            row[7] = before["released"] or (
                None if row[4] in PENDING else self._store.now()
            )
            self._store.execute(_PUT, *row)
        return changed

    def touch(self, seller_id: str, order_id: str) -> Json:
        """Move the lastUpdatedTime of an order, and nothing else."""
        return self.change(seller_id, self.known(seller_id, order_id))

    # -- what Amazon's warehouses sent ----------------------------------------

    def add_fba_shipment(self, seller_id: str, shipment: Json) -> None:
        """A shipment as `seller_maker.fba_shipment` has it."""
        self._store.execute(
            "INSERT OR REPLACE INTO fba_shipment VALUES (?, ?, ?, ?, ?)",
            *(seller_id, shipment["orderId"], shipment["shipmentId"]),
            *(shipment["at"], json.dumps(shipment)),
        )

    def fba_shipments(self, seller_id: str, start: float, end: float) -> list[Json]:
        """Those of a time, oldest first."""
        rows = self._store.rows(
            "SELECT content FROM fba_shipment WHERE seller_id = ?"
            " AND at BETWEEN ? AND ? ORDER BY at, shipment_id",
            *(seller_id, start, end),
        )
        return [json.loads(row["content"]) for row in rows]


def _row(seller_id: str, order: Json) -> tuple[Any, ...]:
    try:
        marketplace = str(order["salesChannel"]["marketplaceId"])
        fulfillment = order.get("fulfillment", {})
        status = fulfillment.get("fulfillmentStatus", _DEFAULT_STATUS)
        created = seller_times.parse(order["createdTime"])
        if marketplace not in MARKETPLACES:
            raise ValueError(f"no such marketplace: {marketplace}")
        if not order["orderItems"]:
            raise ValueError("an order has items")
        return (
            *(seller_id, str(order["orderId"]), marketplace),
            *(fulfillment.get("fulfilledBy", _DEFAULT_FULFILLED_BY), status, created),
            seller_times.parse(order["lastUpdatedTime"]),
            None if status in PENDING else created,
            json.dumps(order),
        )
    except (KeyError, TypeError) as error:
        raise ValueError(f"the order lacks {error}") from error
