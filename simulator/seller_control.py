"""The control API of the seller's side: what a test or the demo can tell and ask it."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable

from . import seller_buckets, seller_changes, seller_maker, seller_settings
from .commands import Call, Commands
from .faults import Faults
from .seller_accounts import REFRESH, Accounts, seller_json
from .seller_faults import KNOWN
from .seller_order_book import OrderBook
from .store import Json, Store


class SellerControl(Commands):
    def __init__(
        self,
        store: Store,
        accounts: Accounts,
        book: OrderBook,
        slips: Faults,
        urls: Callable[[], Json],
        stop: Callable[[], None],
    ) -> None:
        self._accounts, self._book, self._urls = accounts, book, urls
        self._changes = seller_changes.Changes(store, book)
        calls: dict[tuple[str, str], Call] = {
            ("GET", "/status"): self._status,
            ("POST", "/configure"): self._configure,
            ("POST", "/applications"): accounts.add_application,
            ("POST", "/sellers"): accounts.put_seller,
            ("POST", "/authorise"): self._authorise,
            ("POST", "/revoke"): self._revoke,
            ("POST", "/expire"): self._expire,
            ("POST", "/orders"): self._put_orders,
            ("POST", "/orders/make"): self._make_orders,
            ("POST", "/orders/change"): self._change_order,
            ("GET", "/orders"): lambda given: book.orders(given["seller_id"]),
            ("GET", "/order"): self._order,
            ("GET", "/asked"): self._asked,
            ("GET", "/counters"): self._counters,
            ("POST", "/counters/clear"): self._clear_counters,
            ("GET", "/buckets"): lambda given: seller_buckets.levels(store),
            ("POST", "/buckets/refill"): lambda given: seller_buckets.refill(store),
        }
        super().__init__(store, slips, stop, calls)

    def _status(self, given: Json) -> Json:
        return {
            **self._urls(),
            "now": self._store.today().isoformat(),
            "settings": dataclasses.asdict(seller_settings.current(self._store)),
            "sellers": [seller_json(each) for each in self._accounts.sellers()],
            "faults_known": KNOWN,
        }

    def _configure(self, given: Json) -> Json:
        return dataclasses.asdict(seller_settings.configure(self._store, given))

    # -- accounts -------------------------------------------------------------

    def _authorise(self, given: Json) -> Json:
        """A refresh token as a self-authorised application's owner gets it."""
        application = self._accounts.application(str(given["application_id"]))
        if application is None:
            raise ValueError(f"no such application: {given['application_id']}")
        seller = self._accounts.known_seller(str(given["seller_id"]))
        token = self._accounts.new_token(
            REFRESH, application.client_id, seller.seller_id
        )
        return {"refresh_token": token}

    def _revoke(self, given: Json) -> None:
        seller = self._accounts.known_seller(str(given["seller_id"]))
        self._accounts.revoke(seller.seller_id)

    def _expire(self, given: Json) -> None:
        seller = self._accounts.known_seller(str(given["seller_id"]))
        self._accounts.expire_access_tokens(seller.seller_id)

    # -- orders ---------------------------------------------------------------

    def _put_orders(self, given: Json) -> list[str]:
        seller = self._accounts.known_seller(str(given["seller_id"]))
        return self._book.put(seller.seller_id, given["orders"])

    def _make_orders(self, given: Json) -> list[str]:
        seller = self._accounts.known_seller(str(given["seller_id"]))
        wishes = {k: v for k, v in given.items() if k != "seller_id"}
        made = seller_maker.make(seller, self._store.now(), wishes)
        with self._store.transaction():
            ids = self._book.put(seller.seller_id, (each.order for each in made))
            for each in made:
                for shipment in each.fba_shipments:
                    self._book.add_fba_shipment(seller.seller_id, shipment)
        return ids

    def _change_order(self, given: Json) -> Json:
        wishes = dict(given)
        seller = self._accounts.known_seller(str(wishes.pop("seller_id")))
        return self._changes.change(
            *(seller, str(wishes.pop("order_id")), str(wishes.pop("what"))), **wishes
        )

    def _order(self, given: Json) -> Json:
        return self._book.known(given["seller_id"], given["order_id"])

    # -- what was asked -------------------------------------------------------

    def _asked(self, given: Json) -> list[Json]:
        rows = self._store.rows(
            "SELECT * FROM request WHERE seq > ? AND (? = '' OR operation = ?)"
            " ORDER BY seq",
            int(given.get("since", 0)),
            *[str(given.get("operation", ""))] * 2,
        )
        return [
            {**dict(row), "parameters": json.loads(row["parameters"])} for row in rows
        ]

    def _counters(self, given: Json) -> Json:
        """Per operation: calls (every one), throttled (429), refused (other 4xx)."""
        rows = self._store.rows(
            "SELECT operation, COUNT(*) AS calls, SUM(status = 429) AS throttled,"
            " SUM(status BETWEEN 400 AND 499 AND status <> 429) AS refused"
            " FROM request WHERE (? = '' OR seller_id = ?) GROUP BY operation",
            *[str(given.get("seller_id", ""))] * 2,
        )
        return {
            row["operation"]: {
                key: row[key] for key in ("calls", "throttled", "refused")
            }
            for row in rows
        }

    def _clear_counters(self, given: Json) -> None:
        self._store.execute("DELETE FROM request")
