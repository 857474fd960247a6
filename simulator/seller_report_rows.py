"""The rows of reports, out of the same orders that the API shows.

Columns: https://developer-docs.amazon.com/sp-api/docs/order-reports-attributes,
.../order-tracking-reports-attributes, .../fba-sales-reports-attributes. Amounts are of
the whole line; where prices contain tax, so do the columns of prices.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from typing import Any

from . import seller_report_money, seller_times
from .seller_order_view import PENDING

Json = dict[str, Any]
Row = dict[str, str]

_ADDRESS = {
    "recipient-name": "name",
    "ship-address-1": "addressLine1",
    "ship-address-2": "addressLine2",
    "ship-address-3": "addressLine3",
}
_PLACE = {
    "ship-city": "city",
    "ship-state": "stateOrRegion",
    "ship-postal-code": "postalCode",
    "ship-country": "countryCode",
}
_LEVELS = {
    "STANDARD": "Std {country} Dom_1",
    "EXPEDITED": "Exp {country} Dom_1",
    "SECOND_DAY": "Second {country} Dom_2",
    "NEXT_DAY": "Next {country} Dom_1",
}


# -- order reports ------------------------------------------------------------


def orders(rows: Iterable[sqlite3.Row], variant: str) -> Iterator[Row]:
    """SHIPPING says where to, INVOICING and TAX what it costs."""
    for row in rows:
        order = json.loads(row["content"])
        for item in order["orderItems"]:
            yield {
                **_head(order, item, row["released"]),
                **(_shipping(order, item) if variant == "SHIPPING" else {}),
                **(_invoicing(order, item) if variant != "SHIPPING" else {}),
            }


def still_open(rows: Iterable[sqlite3.Row], now: float) -> Iterator[Row]:
    """ACTIONABLE: what the merchant must still ship."""
    for row in rows:
        order = json.loads(row["content"])
        window = order.get("fulfillment", {}).get("shipByWindow", {})
        promised = seller_times.parse(
            window.get("latestDateTime", order["lastUpdatedTime"])
        )
        for item in order["orderItems"]:
            fulfillment = item.get("fulfillment", {})
            open_ = fulfillment.get("quantityUnfulfilled", item["quantityOrdered"])
            if not open_:
                continue
            yield {
                **_head(order, item, row["released"]),
                "reporting-date": seller_times.in_report(now),
                "promise-date": seller_times.in_report(promised),
                "days-past-promise": str(int((now - promised) // 86400)),
                "quantity-shipped": str(fulfillment.get("quantityFulfilled", 0)),
                "quantity-to-ship": str(open_),
                **_shipping(order, item),
            }


def _head(order: Json, item: Json, released: float) -> Row:
    buyer = order.get("buyer", {})
    product = item["product"]
    return {
        "order-id": order["orderId"],
        "order-item-id": item["orderItemId"],
        "purchase-date": _time(order["createdTime"]),
        "payments-date": seller_times.in_report(released),
        "buyer-email": buyer.get("buyerEmail", ""),
        "buyer-name": buyer.get("buyerName", ""),
        "buyer-phone-number": _address(order).get("phone", ""),
        "sku": product.get("sellerSku", ""),
        "product-name": product.get("title", ""),
        "quantity-purchased": str(item["quantityOrdered"]),
        "is-business-order": _flag("AMAZON_BUSINESS" in order.get("programs", ())),
        "purchase-order-number": buyer.get("buyerPurchaseOrderNumber", ""),
        "price-designation": product.get("price", {}).get("priceDesignation", ""),
        "sales-channel": order["salesChannel"].get("marketplaceName", ""),
    }


def _shipping(order: Json, item: Json) -> Row:
    address = _address(order)
    packing = item.get("fulfillment", {}).get("packing", {})
    gift = packing.get("giftOption", {})
    request = item.get("cancellation", {}).get("cancellationRequest")
    return {
        "ship-service-level": _level(order),
        **{column: address.get(name, "") for column, name in _ADDRESS.items()},
        **{column: address.get(name, "") for column, name in _PLACE.items()},
        "ship-phone-number": address.get("phone", ""),
        "buyer-company-name": address.get("companyName", ""),
        "address-type": address.get("addressType", "").capitalize(),
        "gift-wrap-type": gift.get("giftWrapLevel", ""),
        # a line end would end the row
        "gift-message-text": gift.get("giftMessage", "").replace("\n", " "),
        "delivery-instructions": "",
        "is-prime": _flag("PRIME" in order.get("programs", ())),
        "is-buyer-requested-cancellation": _flag(bool(request)),
        "buyer-requested-cancel-reason": (request or {}).get("cancelReason", ""),
        "ioss-number": _ioss(item),
        "number-of-items": str(item["quantityOrdered"]),
        "is-transparency": _flag("TRANSPARENCY" in item.get("programs", ())),
        "original-order-id": _original(order),
    }


def _invoicing(order: Json, item: Json) -> Row:
    address = _address(order)
    registrations = order.get("tax", {}).get("taxRegistrations", ())
    registration: Json = registrations[0] if registrations else {}
    home = registration.get("taxRegistrationAddress", address)
    money = seller_report_money.of_line(item)
    return {
        **money.amounts,
        "item-promotion-discount": money.discounts["ITEM"],
        "item-promotion-id": _promotion(item),
        "shipping-promotion-discount": money.discounts["SHIPPING"],
        "shipping-promotion-id": _promotion(item),
        "ship-service-level": _level(order),
        **{column: address.get(name, "") for column, name in _PLACE.items()},
        "bill-name": registration.get("legalName", home.get("name", "")),
        **{
            column.replace("ship-", "bill-"): home.get(name, "")
            for column, name in (_ADDRESS | _PLACE).items()
            if column != "recipient-name"
        },
        "buyer-company-name": order.get("buyer", {}).get("buyerCompanyName", ""),
        "buyer-tax-registration-id": registration.get("taxRegistrationNumber", ""),
        "buyer-tax-registration-type": registration.get("taxRegistrationType", ""),
        "buyer-tax-registration-country": (
            home.get("countryCode", "") if registration else ""
        ),
        "ioss-number": _ioss(item),
        "tax-collection-model": _collection(item),
    }


# -- all orders ---------------------------------------------------------------


def everything(rows: Iterable[sqlite3.Row]) -> Iterator[Row]:
    """ALL_ORDERS: merchant's and Amazon's, no personal data, no item id."""
    for row in rows:
        order = json.loads(row["content"])
        fulfillment, address = order.get("fulfillment", {}), _address(order)
        status = _words(row["status"])
        hidden = row["status"] in PENDING or row["status"] == "CANCELLED"
        for item in order["orderItems"]:
            product = item["product"]
            item_status = _item_status(row["status"], item)
            quantity = 0 if item_status == "CANCELLED" else item["quantityOrdered"]
            money = seller_report_money.of_line(item)
            amounts = {
                **money.amounts,
                "item-promotion-discount": money.discounts["ITEM"],
                "ship-promotion-discount": money.discounts["SHIPPING"],
            }
            if hidden:
                amounts = dict.fromkeys(amounts, "")
            by_amazon = fulfillment.get("fulfilledBy") == "AMAZON"
            yield {
                "amazon-order-id": order["orderId"],
                "merchant-order-id": "",
                "purchase-date": _time(order["createdTime"]),
                "last-updated-date": _time(order["lastUpdatedTime"]),
                "order-status": status,
                "fulfillment-channel": "Amazon" if by_amazon else "Merchant",
                "sales-channel": order["salesChannel"].get("marketplaceName", ""),
                "order-channel": "",
                "ship-service-level": _level(order),
                "product-name": product.get("title", ""),
                "sku": product.get("sellerSku", ""),
                "asin": product.get("asin", ""),
                "item-status": _words(item_status),
                "quantity": str(quantity),
                **amounts,
                **{column: address.get(name, "") for column, name in _PLACE.items()},
                "promotion-ids": _promotion(item),
                "is-business-order": _flag(
                    "AMAZON_BUSINESS" in order.get("programs", ())
                ),
                "purchase-order-number": order.get("buyer", {}).get(
                    "buyerPurchaseOrderNumber", ""
                ),
                "price-designation": product.get("price", {}).get(
                    "priceDesignation", ""
                ),
            }


# -- FBA ----------------------------------------------------------------------


def fba(
    shipments: Iterable[Json],
    orders_: dict[str, Json],
    earlier: dict[tuple[str, str], int],
    variant: str,
    net: bool,
) -> Iterator[Row]:
    """A row per item of a shipment; amounts are the part of the line that left.

    `earlier` counts the units of an order's item that left before; `net` leaves the
    tax out of prices, as for sellers with the VAT calculation service.
    """
    for shipment in shipments:
        order = orders_[shipment["orderId"]]
        items = {item["orderItemId"]: item for item in order["orderItems"]}
        for number, part in enumerate(shipment["items"], 1):
            item = items[part["orderItemId"]]
            key = (order["orderId"], part["orderItemId"])
            before = earlier.get(key, 0)
            earlier[key] = before + part["quantity"]
            yield {
                **_shipment(shipment, number, order, item, part["quantity"]),
                **seller_report_money.of_part(item, before, part["quantity"], net),
                **_receiver(order, variant != "GENERAL"),
            }


def _shipment(shipment: Json, number: int, order: Json, item: Json, units: int) -> Row:
    at = seller_times.in_report(shipment["at"])
    product = item["product"]
    return {
        "amazon-order-id": order["orderId"],
        "merchant-order-id": "",
        "shipment-id": shipment["shipmentId"],
        "shipment-item-id": f"{shipment['shipmentId']}{number:03d}",
        "amazon-order-item-id": item["orderItemId"],
        "merchant-order-item-id": "",
        "purchase-date": _time(order["createdTime"]),
        "payments-date": at,
        "shipment-date": at,
        "reporting-date": at,
        "sku": product.get("sellerSku", ""),
        "product-name": product.get("title", ""),
        "quantity-shipped": str(units),
        "ship-service-level": _level(order),
        "carrier": shipment["carrier"],
        "tracking-number": shipment["trackingNumber"],
        "estimated-arrival-date": seller_times.in_report(shipment["at"] + 2 * 86400),
        "fulfillment-center-id": shipment["center"],
        "fulfillment-channel": "AFN",
        "sales-channel": order["salesChannel"].get("marketplaceName", ""),
    }


def _receiver(order: Json, personal: bool) -> Row:
    address, buyer = _address(order), order.get("buyer", {})
    shown = address if personal else {}
    return {
        "buyer-email": buyer.get("buyerEmail", "") if personal else "",
        "buyer-name": buyer.get("buyerName", "") if personal else "",
        "buyer-phone-number": "",
        **{column: shown.get(name, "") for column, name in _ADDRESS.items()},
        **{column: address.get(name, "") for column, name in _PLACE.items()},
        "ship-phone-number": shown.get("phone", ""),
    }


# -- pieces -------------------------------------------------------------------


def _time(text: str) -> str:
    return seller_times.in_report(seller_times.parse(text))


def _flag(value: bool) -> str:
    return "true" if value else "false"


def _words(status: str) -> str:
    return "".join(word.capitalize() for word in status.split("_"))


def _item_status(status: str, item: Json) -> str:
    """Of an order of which a part has left, that of each item."""
    if status != "PARTIALLY_SHIPPED":
        return status
    gone = item.get("fulfillment", {}).get("quantityFulfilled", 0)
    if not gone:
        return "UNSHIPPED"
    return "SHIPPED" if gone >= item["quantityOrdered"] else status


def _address(order: Json) -> Json:
    return dict(order.get("recipient", {}).get("deliveryAddress", {}))


def _level(order: Json) -> str:
    level = order.get("fulfillment", {}).get("fulfillmentServiceLevel", "")
    country = _address(order).get("countryCode", "")
    text = _LEVELS.get(level, str(level).replace("_", " ").capitalize())
    return text.format(country=country)


def _promotion(item: Json) -> str:
    found = item.get("promotion", {}).get("breakdowns", ())
    return ",".join(each["promotionId"] for each in found)


def _ioss(item: Json) -> str:
    shipping = item.get("fulfillment", {}).get("shipping", {})
    return str(shipping.get("internationalShipping", {}).get("iossNumber", ""))


def _collection(item: Json) -> str:
    found = item.get("tax", {}).get("taxCollections", ())
    names = [str(each.get("model", "")) for each in found]
    return "MarketplaceFacilitator" if "MARKETPLACE_FACILITATOR" in names else ""


def _original(order: Json) -> str:
    found = order.get("associatedOrders", ())
    return next((each["orderId"] for each in found), "")
