"""What of an order an answer shows: its data sets, the roles, and its status."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from . import seller_roles

Json = dict[str, Any]

# includedData: fields of the order, fields of its items.
DATA_SETS = {
    "BUYER": (("buyer",), ()),
    "RECIPIENT": (("recipient",), ()),
    "PROCEEDS": (("proceeds",), ("proceeds",)),
    "EXPENSE": ((), ("expense",)),
    "PROMOTION": ((), ("promotion",)),
    "CANCELLATION": ((), ("cancellation",)),
    "FULFILLMENT": (("fulfillment",), ("fulfillment",)),
    "PACKAGES": (("packages",), ()),
    "TAX": (("tax",), ("tax",)),
    "PAYMENT": (("payment",), ()),
    "FULFILLMENT_ORDERS": (("fulfillmentOrders",), ()),
}
PENDING = frozenset({"PENDING", "PENDING_AVAILABILITY"})
# An e-mail address is given while there is something to tell the buyer.
_WITH_EMAIL = frozenset({"UNSHIPPED", "PARTIALLY_SHIPPED", "SHIPPED"})


def view(order: Json, included: Collection[str], roles: frozenset[str]) -> Json:
    """`order` as an application with `roles` sees it; the order stays as it is."""
    left_out: set[str] = set()
    left_out_of_items: set[str] = set()
    for name, (of_order, of_items) in DATA_SETS.items():
        if name not in included:
            left_out.update(of_order)
            left_out_of_items.update(of_items)
    if not roles & seller_roles.BUYER:
        left_out |= {"buyer", "tax"}
    if not roles & seller_roles.ADDRESS:
        left_out |= {"recipient"}
    fulfillment = order.get("fulfillment", {})
    status = fulfillment.get("fulfillmentStatus")
    if status in PENDING:
        left_out |= {"buyer", "recipient", "proceeds", "payment", "tax"}
        left_out_of_items |= {"proceeds", "tax", "promotion"}
    shown = {k: v for k, v in order.items() if k not in left_out}
    if "buyer" in shown and not (
        fulfillment.get("fulfilledBy") == "MERCHANT" and status in _WITH_EMAIL
    ):
        shown["buyer"] = {k: v for k, v in shown["buyer"].items() if k != "buyerEmail"}
    shown["orderItems"] = [
        _item(item, left_out_of_items, status in PENDING)
        for item in order["orderItems"]
    ]
    return shown


def _item(item: Json, left_out: set[str], pending: bool) -> Json:
    shown = {k: v for k, v in item.items() if k not in left_out}
    if pending:
        shown["product"] = {k: v for k, v in item["product"].items() if k != "price"}
    return shown
