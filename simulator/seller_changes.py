"""What happens to an order after it was placed; its lastUpdatedTime moves each time.

`what`, and what may be given with it:

    release           a pending order becomes UNSHIPPED
    cancel            by ("BUYER"), reason; the rest of the order
    request_cancel    reason; the buyer asks, nothing is cancelled
    ship              items {orderItemId: quantity} (all that is open), carrier,
                      tracking, center (FBA)
    reduce            item (an orderItemId), quantity (what is left, 0 cancels it)
    edit              changes: JSON merged into the order, null takes a field out
    touch             nothing but the time
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from . import seller_money
from .seller_accounts import Seller
from .seller_maker import fba_shipment, package
from .seller_order_book import OrderBook
from .store import Json, Store


class Changes:
    def __init__(self, store: Store, book: OrderBook) -> None:
        self._store, self._book = store, book
        self._ways: dict[str, Callable[..., Json]] = {
            "release": _release,
            "cancel": _cancel,
            "request_cancel": _request_cancel,
            "ship": self._ship,
            "reduce": _reduce,
            "edit": _edit,
            "touch": lambda order: order,
        }

    def change(self, seller: Seller, order_id: str, what: str, **wishes: Any) -> Json:
        """The order as it is then. Raises `ValueError`."""
        way = self._ways.get(what)
        if way is None:
            raise ValueError(f"no such change: {what}; known: {', '.join(self._ways)}")
        with self._store.transaction():
            order = self._book.known(seller.seller_id, order_id)
            if what == "ship":
                wishes["seller_id"] = seller.seller_id
            return self._book.change(seller.seller_id, way(order, **wishes))

    def _ship(
        self,
        order: Json,
        seller_id: str,
        items: dict[str, int] | None = None,
        carrier: str = "DHL",
        tracking: str = "",
        center: str = "LEJ1",
    ) -> Json:
        wanted = items or {
            item["orderItemId"]: item["fulfillment"]["quantityUnfulfilled"]
            for item in order["orderItems"]
        }
        for item in order["orderItems"]:
            quantity = wanted.get(item["orderItemId"], 0)
            fulfillment = item["fulfillment"]
            if not 0 <= quantity <= fulfillment["quantityUnfulfilled"]:
                raise ValueError(f"{item['orderItemId']} has fewer open units")
            fulfillment["quantityFulfilled"] += quantity
            fulfillment["quantityUnfulfilled"] -= quantity
        parts = [
            {"orderItemId": name, "quantity": quantity}
            for name, quantity in wanted.items()
            if quantity
        ]
        number = self._store.next_number("parcel")
        tracking = tracking or f"{number:012d}"
        if order["fulfillment"]["fulfilledBy"] == "AMAZON":
            shipment = fba_shipment(
                *(order["orderId"], self._store.now(), parts, tracking, center)
            )
            shipment["shipmentId"] = f"S{number:09d}"
            self._book.add_fba_shipment(seller_id, shipment)
        else:
            parcels = order.setdefault("packages", [])
            parcels.append(
                package(len(parcels) + 1, self._store.now(), parts, tracking, carrier)
            )
        _set_status(order)
        return order


def _set_status(order: Json) -> None:
    amounts = [item["fulfillment"] for item in order["orderItems"]]
    fulfilled = sum(each["quantityFulfilled"] for each in amounts)
    open_ = sum(each["quantityUnfulfilled"] for each in amounts)
    status = "SHIPPED" if fulfilled else "CANCELLED"
    if open_:
        status = "PARTIALLY_SHIPPED" if fulfilled else "UNSHIPPED"
    order["fulfillment"]["fulfillmentStatus"] = status


def _release(order: Json) -> Json:
    _set_status(order)
    return order


def _cancel(order: Json, by: str = "BUYER", reason: str = "Other") -> Json:
    for item in order["orderItems"]:
        if item["fulfillment"]["quantityUnfulfilled"]:
            item["fulfillment"]["quantityUnfulfilled"] = 0
            item.setdefault("cancellation", {})["cancellationExecution"] = {
                "cancelledBy": by,
                "cancelReason": reason,
            }
    _set_status(order)
    return order


def _request_cancel(order: Json, reason: str = "Ordered by mistake") -> Json:
    for item in order["orderItems"]:
        item.setdefault("cancellation", {})["cancellationRequest"] = {
            "requester": "BUYER",
            "cancelReason": reason,
        }
    return order


def _reduce(order: Json, item: str, quantity: int) -> Json:
    found = [each for each in order["orderItems"] if each["orderItemId"] == item]
    if not found:
        raise ValueError(f"{order['orderId']} has no item {item}")
    (line,) = found
    before = line["quantityOrdered"]
    fulfillment = line["fulfillment"]
    if not fulfillment["quantityFulfilled"] <= quantity < before:
        raise ValueError(f"{item} cannot be reduced from {before} to {quantity}")
    line["quantityOrdered"] = quantity
    fulfillment["quantityUnfulfilled"] -= before - quantity
    if "proceeds" in line:
        line["proceeds"] = seller_money.scaled(line["proceeds"], quantity, before)
    if not quantity:
        line.setdefault("cancellation", {})["cancellationExecution"] = {
            "cancelledBy": "BUYER",
            "cancelReason": "Other",
        }
    if "proceeds" in order:
        order["proceeds"] = seller_money.order_proceeds(order["orderItems"])
    if order["fulfillment"]["fulfillmentStatus"] != "PENDING":
        _set_status(order)
    return order


def _edit(order: Json, changes: Json) -> Json:
    order_id = order["orderId"]
    return {**_merged(order, changes), "orderId": order_id}


def _merged(old: Any, new: Any) -> Any:
    """RFC 7396 (JSON Merge Patch); a list is replaced as a whole."""
    if not isinstance(new, dict):
        return new
    result = dict(old) if isinstance(old, dict) else {}
    for key, value in new.items():
        if value is None:
            result.pop(key, None)
        else:
            result[key] = _merged(result.get(key), value)
    return result
