"""Orders API 2026-01-01: searchOrders and getOrder.

Rules: models/orders-api-model/orders_2026-01-01.json of Amazon's
selling-partner-api-models; tokens die after 24 hours
(https://developer-docs.amazon.com/sp-api/docs/orders-api-migration-guide).
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from . import seller_call, seller_roles, seller_settings, seller_times
from .faults import Faults
from .seller_call import Call, Json, Operation
from .seller_errors import invalid, not_found
from .seller_order_book import OrderBook
from .seller_order_view import DATA_SETS, view
from .seller_signing import Signer
from .store import Store

STATUSES = (
    "PENDING_AVAILABILITY PENDING UNSHIPPED PARTIALLY_SHIPPED SHIPPED CANCELLED"
    " UNFULFILLABLE"
).split()
FULFILLED_BY = ("MERCHANT", "AMAZON")
_TIMES = ("createdAfter", "createdBefore", "lastUpdatedAfter", "lastUpdatedBefore")
_QUERY = frozenset(
    (*_TIMES, "fulfillmentStatuses", "marketplaceIds", "fulfilledBy")
    + ("maxResultsPerPage", "paginationToken", "includedData")
)
_MOST_MARKETPLACES = 50
_MOST_RESULTS = 100
_BEFORE_SECONDS = 120.0
_TOKEN_SECONDS = 86400.0


@dataclass(frozen=True)
class _Search:
    by: str  # "created" or "updated": the column that it goes along
    after: float
    before: float
    conditions: str
    values: tuple[Any, ...]
    position: tuple[float, str]  # after which the page begins


class Orders:
    def __init__(
        self, store: Store, book: OrderBook, slips: Faults, signer: Signer
    ) -> None:
        self._store, self._book, self._slips = store, book, slips
        self._signer = signer

    def operations(self) -> list[Operation]:
        path, roles = "/orders/2026-01-01/orders", seller_roles.ORDERS
        included = frozenset({"includedData"})
        return [
            Operation("searchOrders", "GET", path, _QUERY, roles, self._search),
            Operation(
                *("getOrder", "GET", path + "/{orderId}", included, roles, self._get)
            ),
        ]

    def _get(self, call: Call) -> Json:
        included = seller_call.values(call, "includedData", DATA_SETS)
        found = self._book.find(call.seller.seller_id, call.parameters["orderId"])
        if found is None:
            raise not_found(f"There is no order {call.parameters['orderId']}.")
        return {"order": view(found, included, call.seller.roles)}

    def _search(self, call: Call) -> Json:
        included = seller_call.values(call, "includedData", DATA_SETS)
        size = seller_call.whole(
            call, "maxResultsPerPage", 1, _MOST_RESULTS, _MOST_RESULTS
        )
        search = self._read(call)
        rows = self._book.page(
            call.seller.seller_id,
            f"{search.conditions} AND ({search.by}, order_id) > (?, ?)",
            (*search.values, *search.position),
            f"{search.by}, order_id",
            size + 1,
        )
        page, more = rows[:size], rows[size:]
        orders = [
            view(json.loads(row["content"]), included, call.seller.roles)
            for row in page
        ]
        if orders and self._slips.take(["order-twice"], ["searchOrders"]):
            orders[-1:] = [orders[-1], orders[-1]]
        bound = "createdBefore" if search.by == "created" else "lastUpdatedBefore"
        answer: Json = {"orders": orders, bound: seller_times.write(search.before)}
        if more:
            last = page[-1]
            if len(page) > 1 and self._slips.take(
                ["order-on-two-pages"], ["searchOrders"]
            ):
                last = page[-2]
            position = (last[search.by], last["order_id"])
            answer["pagination"] = {
                "nextToken": self._token(call, search.before, position)
            }
            slip = self._slips.take(["order-changes"], ["searchOrders"])
            if slip:
                seen = slip.options.get("which", "next") == "seen"
                moved = page[-1] if seen else more[0]
                self._book.touch(call.seller.seller_id, moved["order_id"])
        return answer

    # -- what is asked --------------------------------------------------------

    def _read(self, call: Call) -> _Search:
        times = {name: seller_call.moment(call, name) for name in _TIMES}
        created = times["createdAfter"] is not None
        if created == (times["lastUpdatedAfter"] is not None):
            raise invalid("Exactly one of createdAfter and lastUpdatedAfter is needed.")
        mine, other = ("created", "lastUpdated")[:: 1 if created else -1]
        if times[f"{other}Before"] is not None:
            raise invalid(f"{other}Before does not go with {mine}After.")
        after, before = times[f"{mine}After"], times[f"{mine}Before"]
        assert after is not None
        now = self._store.now()
        if before is not None and before > now - _BEFORE_SECONDS:
            raise invalid(f"{mine}Before must be two minutes before now or earlier.")
        if before is not None and before < after:
            raise invalid(f"{mine}Before is before {mine}After.")
        column = "created" if created else "updated"
        position = (after, "")
        if before is None:
            before = now - seller_settings.current(self._store).visible_after
        token = call.parameters.get("paginationToken")
        if token is not None:
            before, position = self._position(call, token)
        conditions, values = self._filters(call)
        return _Search(
            *(column, after, before),
            f"{column} BETWEEN ? AND ?{conditions}",
            (after, before, *values),
            position,
        )

    def _filters(self, call: Call) -> tuple[str, list[str]]:
        ids = seller_call.values(call, "marketplaceIds")
        given = {
            "marketplace_id": seller_call.marketplaces(call, ids, _MOST_MARKETPLACES),
            "status": seller_call.values(call, "fulfillmentStatuses", STATUSES),
            "fulfilled_by": seller_call.values(call, "fulfilledBy", FULFILLED_BY),
        }
        conditions, values = "", []
        for column, wanted in given.items():
            if wanted:
                conditions += f" AND {column} IN ({', '.join('?' * len(wanted))})"
                values += wanted
        return conditions, values

    # -- pagination tokens ----------------------------------------------------

    def _token(self, call: Call, before: float, position: tuple[float, str]) -> str:
        return self._signer.seal([_asked(call), before, position, self._store.now()])

    def _position(self, call: Call, token: str) -> tuple[float, tuple[float, str]]:
        try:
            asked, before, (moment, order_id), at = self._signer.open(token)
        except (ValueError, TypeError) as error:
            raise invalid("The paginationToken is not valid.") from error
        if asked != _asked(call):
            raise invalid("The paginationToken belongs to other parameters.")
        if self._store.now() - at > _TOKEN_SECONDS:
            raise invalid("The paginationToken has expired.")
        return before, (moment, order_id)


def _asked(call: Call) -> str:
    """The seller and the parameters to which a pagination token is bound."""
    given = {k: v for k, v in call.parameters.items() if k != "paginationToken"}
    content = json.dumps([call.seller.seller_id, given], sort_keys=True)
    return hashlib.sha256(content.encode()).hexdigest()
