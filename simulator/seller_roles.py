"""The roles that a seller's authorisation grants an application.

https://developer-docs.amazon.com/sp-api/docs/roles-in-the-selling-partner-api; which
part of an order needs which: .../sp-api/docs/access-orders-pii.
"""

from __future__ import annotations

from collections.abc import Collection

INSIGHTS = "Selling Partner Insights"
ORDER_TRACKING = "Inventory and Order Tracking"
FULFILLMENT = "Amazon Fulfillment"
SHIPPING = "Direct-to-Consumer Delivery (Restricted)"
INVOICING = "Tax Invoicing (Restricted)"
REMITTANCE = "Tax Remittance (Restricted)"

ALL = (INSIGHTS, ORDER_TRACKING, FULFILLMENT, SHIPPING, INVOICING, REMITTANCE)

# One of them is needed.
ADDRESS = frozenset({SHIPPING})
BUYER = frozenset({INVOICING, REMITTANCE})
ORDERS = frozenset({ORDER_TRACKING, SHIPPING, INVOICING, REMITTANCE})
SELLERS = frozenset({INSIGHTS})
REPORTS = frozenset(ALL)


def check(names: Collection[str]) -> list[str]:
    """Those of `names`, in order; raises `ValueError` for an unknown one."""
    unknown = sorted(set(names) - set(ALL))
    if unknown:
        raise ValueError(f"no such role: {', '.join(unknown)}; known: {', '.join(ALL)}")
    return [name for name in ALL if name in names]
