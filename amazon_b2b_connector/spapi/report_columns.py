"""The columns of Amazon's order reports, and which report has which.

Sources: the report type values and attributes of order reports, order tracking reports
and FBA sales reports (Selling Partner API documentation), and Seller Central's page on
the order report. Which columns are there is the seller's choice (the column picker), so
that every one of them may be missing; names are compared as :func:`heading` gives them.
"""

from __future__ import annotations

from typing import NamedTuple

ORDERS, SHIPMENTS, TOTALS = "orders", "shipments", "totals"
# what of an order a report tells: where it goes, what it costs, how far it is
SHIPPING, INVOICING, STATUS = "shipping", "invoicing", "status"

ACTIONABLE = "GET_FLAT_FILE_ACTIONABLE_ORDER_DATA_SHIPPING"
ORDER_SHIPPING = "GET_FLAT_FILE_ORDER_REPORT_DATA_SHIPPING"
ORDER_INVOICING = "GET_FLAT_FILE_ORDER_REPORT_DATA_INVOICING"
ORDER_TAX = "GET_FLAT_FILE_ORDER_REPORT_DATA_TAX"
ALL_BY_UPDATE = "GET_FLAT_FILE_ALL_ORDERS_DATA_BY_LAST_UPDATE_GENERAL"
ALL_BY_ORDER_DATE = "GET_FLAT_FILE_ALL_ORDERS_DATA_BY_ORDER_DATE_GENERAL"
SHIPMENTS_GENERAL = "GET_AMAZON_FULFILLED_SHIPMENTS_DATA_GENERAL"
SHIPMENTS_INVOICING = "GET_AMAZON_FULFILLED_SHIPMENTS_DATA_INVOICING"
SHIPMENTS_TAX = "GET_AMAZON_FULFILLED_SHIPMENTS_DATA_TAX"


class Kind(NamedTuple):
    """A report type: what its rows are, and which parts of an order it tells."""

    rows: str
    parts: tuple[str, ...] = ()


KINDS = {
    ACTIONABLE: Kind(ORDERS, (SHIPPING, STATUS)),
    ORDER_SHIPPING: Kind(ORDERS, (SHIPPING,)),
    ORDER_INVOICING: Kind(ORDERS, (INVOICING,)),
    ORDER_TAX: Kind(ORDERS, (INVOICING,)),
    ALL_BY_UPDATE: Kind(TOTALS, (STATUS,)),
    ALL_BY_ORDER_DATE: Kind(TOTALS, (STATUS,)),
    SHIPMENTS_GENERAL: Kind(SHIPMENTS),
    SHIPMENTS_INVOICING: Kind(SHIPMENTS),
    SHIPMENTS_TAX: Kind(SHIPMENTS),
}

# The first whose columns are all there is the report; reports with the same columns
# (by update or by order date, invoicing or tax) are read alike.
RECOGNISED = (
    ({"number", "line", "shipment", "shipment_item"}, SHIPMENTS_GENERAL),
    ({"number", "line", "to_ship"}, ACTIONABLE),
    ({"number", "line", "item_price"}, ORDER_INVOICING),
    ({"number", "line"}, ORDER_SHIPPING),
    ({"number", "order_status"}, ALL_BY_UPDATE),
)

# What we call a column: the headings under which it is known, the best first.
COLUMNS: dict[str, tuple[str, ...]] = {
    # the order
    "number": ("amazon-order-id", "order-id"),
    "seller_number": ("merchant-order-id",),
    "created": ("purchase-date", "order-date"),
    "updated": ("last-updated-date",),
    "order_status": ("order-status",),
    "fulfilled_by": ("fulfillment-channel",),
    "channel": ("sales-channel", "order-channel-instance"),
    "service_text": ("ship-service-level",),
    "ship_not_before": ("earliest-ship-date",),
    "ship_not_after": ("latest-ship-date", "promise-date"),
    "deliver_not_before": ("earliest-delivery-date",),
    "deliver_not_after": ("latest-delivery-date",),
    "is_prime": ("is-prime",),
    "is_business": ("is-business-order",),
    "replaces": ("original-order-id",),
    "currency": ("currency",),
    # the buyer
    "buyer_email": ("buyer-email",),
    "buyer_name": ("buyer-name",),
    "buyer_company": ("buyer-company-name",),
    "buyer_phone": ("buyer-phone-number",),
    "purchase_order": ("purchase-order-number",),
    "vat_number": ("buyer-vat-number", "buyer-tax-registration-id"),
    "vat_kind": ("buyer-tax-registration-type",),
    "vat_country": ("buyer-tax-registration-country",),
    # where it goes
    "recipient": ("recipient-name",),
    "address_1": ("ship-address-1",),
    "address_2": ("ship-address-2",),
    "address_3": ("ship-address-3",),
    "city": ("ship-city",),
    "district": ("ship-county",),
    "state": ("ship-state",),
    "postal_code": ("ship-postal-code",),
    "country": ("ship-country",),
    "phone": ("ship-phone-number",),
    "address_type": ("address-type",),
    "instructions": ("delivery-instructions",),
    # the line
    "line": ("amazon-order-item-id", "order-item-id"),
    "sku": ("sku",),
    "asin": ("asin",),
    "title": ("product-name",),
    "quantity": ("quantity-purchased", "quantity"),
    "shipped": ("quantity-shipped",),
    "to_ship": ("quantity-to-ship",),
    "item_status": ("item-status",),
    "price_designation": ("price-designation",),
    "gift_wrap": ("gift-wrap-type",),
    "gift_message": ("gift-message-text",),
    "ioss": ("ioss-number",),
    "cancel_requested": ("buyer-requested-cancel", "is-buyer-requested-cancellation"),
    "cancel_reason": ("buyer-cancel-reason", "buyer-requested-cancel-reason"),
    "is_transparency": ("is-transparency",),
    "item_promotion": ("item-promotion-id", "promotion-ids"),
    "shipping_promotion": ("shipping-promotion-id", "ship-promotion-id"),
    "tax_model": ("tax-collection-model",),
    "from_country": (
        "actual-ship-from-country",
        "actual-ship-from-address-country",
        "default-ship-from-address-country",
        "default-ship-from-country",
    ),
    # its amounts, all of them for the whole line
    "item_price": ("item-price",),
    "item_tax": ("item-tax",),
    "shipping_price": ("shipping-price",),
    "shipping_tax": ("shipping-tax",),
    "gift_wrap_price": ("gift-wrap-price",),
    "gift_wrap_tax": ("gift-wrap-tax",),
    "item_discount": ("item-promotion-discount",),
    "shipping_discount": ("shipping-promotion-discount", "ship-promotion-discount"),
    # what left Amazon's warehouse
    "shipment": ("shipment-id",),
    "shipment_item": ("shipment-item-id",),
    "shipment_date": ("shipment-date",),
    "carrier": ("carrier",),
    "tracking": ("tracking-number",),
    "warehouse": ("fulfillment-center-id",),
}

# Kind of charge, column of the amount, column of its tax, what a discount is of
CHARGES = (
    ("ITEM", "item_price", "item_tax", ""),
    ("SHIPPING", "shipping_price", "shipping_tax", ""),
    ("GIFT_WRAP", "gift_wrap_price", "gift_wrap_tax", ""),
    ("DISCOUNT", "item_discount", "", "ITEM"),
    ("DISCOUNT", "shipping_discount", "", "SHIPPING"),
)

# A row that ends before one of these is broken, not merely trimmed by an editor.
ESSENTIAL = frozenset(
    ("number", "line", "created", "quantity", "shipped", "currency", "shipment_item")
    + ("recipient", "address_1", "address_2", "address_3", "city", "postal_code")
    + ("country",)
    + tuple(name for charge in CHARGES for name in charge[1:3] if name)
)

# What may tell of a person, or where one lives.
PERSONAL = (
    *("buyer_email", "buyer_name", "buyer_company", "buyer_phone", "purchase_order"),
    *("vat_number", "recipient", "address_1", "address_2", "address_3", "city"),
    *("district", "postal_code", "phone", "instructions", "gift_message"),
)

# The spellings of reports and what the Orders API 2026-01-01 calls the same.
FULFILLED_BY = {
    "afn": "AMAZON",
    "amazon": "AMAZON",
    "mfn": "MERCHANT",
    "merchant": "MERCHANT",
}
STATUSES = {
    "pendingavailability": "PENDING_AVAILABILITY",
    "pending": "PENDING",
    "unshipped": "UNSHIPPED",
    "shipping": "PARTIALLY_SHIPPED",
    "partiallyshipped": "PARTIALLY_SHIPPED",
    "shipped": "SHIPPED",
    "complete": "SHIPPED",
    "cancelled": "CANCELLED",
    "canceled": "CANCELLED",
    "unfulfillable": "UNFULFILLABLE",
}


def heading(text: str) -> str:
    """A heading as it is compared: case, underscores and quotes do not count."""
    return text.strip().strip('"').lower().replace("_", "-").replace(" ", "-")
