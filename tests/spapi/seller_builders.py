"""Orders as the API gives them, and reports as Amazon writes them."""

import copy
import json
from typing import Any

Json = dict[str, Any]


def money(amount: str, currency: str = "EUR") -> Json:
    return {"amount": amount, "currencyCode": currency}


def breakdown(kind: str, amount: str, **details: str) -> Json:
    found: Json = {"type": kind, "subtotal": money(amount)}
    if details:
        found["detailedBreakdowns"] = [
            {"subtype": subtype, "value": money(value)}
            for subtype, value in details.items()
        ]
    return found


def proceeds(total: str | None, *breakdowns: Json) -> Json:
    found: Json = {"breakdowns": list(breakdowns)}
    if total is not None:
        found["proceedsTotal"] = money(total)
    return found


def item(number: str = "100", **fields: Any) -> Json:
    return {
        "orderItemId": number,
        "quantityOrdered": 1,
        "product": {"sellerSku": f"SKU-{number}"},
        "proceeds": proceeds("10.00", breakdown("ITEM", "10.00")),
        **fields,
    }


def order(number: str = "302-1000000-0000001", **fields: Any) -> Json:
    return copy.deepcopy(
        {
            "orderId": number,
            "createdTime": "2026-11-01T10:00:00Z",
            "lastUpdatedTime": "2026-11-01T11:30:00Z",
            "salesChannel": {
                "channelName": "AMAZON",
                "marketplaceId": "A1PA6795UKMFR9",
                "marketplaceName": "Amazon.de",
            },
            "orderItems": [item()],
            **fields,
        }
    )


def page(*orders: Any, **fields: Any) -> bytes:
    return json.dumps({"orders": list(orders), **fields}).encode()


ROW = {
    "order-id": "302-1000000-0000001",
    "order-item-id": "100",
    "purchase-date": "2026-11-01T11:00:00+01:00",
    "sku": "SKU-100",
    "product-name": "Kanne",
    "quantity-purchased": "1",
}
SHIPPING_ROW = ROW | {
    "buyer-email": "x1@marketplace.example",
    "ship-service-level": "Std DE Dom_1",
    "recipient-name": "Jörg Weiß",
    "ship-address-1": "Am Markt 7",
    "ship-address-2": "",
    "ship-city": "Köln",
    "ship-postal-code": "50667",
    "ship-country": "DE",
    "is-prime": "false",
}
INVOICING_ROW = ROW | {
    "currency": "EUR",
    "item-price": "11.90",
    "item-tax": "1.90",
    "shipping-price": "",
    "shipping-tax": "",
    "item-promotion-discount": "",
    "buyer-company-name": "",
}
SHIPMENT_ROW = {
    "amazon-order-id": "302-1000000-0000001",
    "shipment-id": "S1",
    "shipment-item-id": "I1",
    "amazon-order-item-id": "100",
    "purchase-date": "2026-11-01T10:00:00+00:00",
    "shipment-date": "2026-11-02T09:00:00+00:00",
    "sku": "SKU-100",
    "quantity-shipped": "1",
    "currency": "EUR",
    "item-price": "11.90",
    "item-tax": "1.90",
    "carrier": "DHL",
    "tracking-number": "T1",
    "fulfillment-center-id": "LEJ1",
    "fulfillment-channel": "AFN",
    "sales-channel": "Amazon.de",
}
TOTALS_ROW = {
    "amazon-order-id": "302-1000000-0000001",
    "purchase-date": "2026-11-01T10:00:00+00:00",
    "last-updated-date": "2026-11-02T10:00:00+00:00",
    "order-status": "Shipped",
    "fulfillment-channel": "Merchant",
    "sales-channel": "Amazon.de",
    "item-status": "Shipped",
    "quantity": "1",
    "currency": "EUR",
    "item-price": "11.90",
    "item-tax": "1.90",
    "shipping-price": "",
    "ship-promotion-discount": "",
}


def report(*rows: dict[str, str], charset: str = "utf-8", end: str = "\r\n") -> bytes:
    lines = ["\t".join(rows[0]), *("\t".join(row.values()) for row in rows)]
    return (end.join(lines) + end).encode(charset)
