"""Builders for tests of the seller's channel: short names, all may be overridden."""

import json
from itertools import count

from odoo import fields
from odoo.tests import TransactionCase

SELLER = "A3SELLEREXAMPLE"
GERMANY, AMERICA = "A1PA6795UKMFR9", "ATVPDKIKX0DER"
_numbers = count(1)


def order_number():
    return f"302-1234567-{next(_numbers):07}"


def money(amount, currency="EUR"):
    return {"amount": str(amount), "currencyCode": currency}


def item(sku="MUG-BLUE", quantity=1, price="11.90", tax="1.90", **values):
    """An order item in the manner of the Orders API; gross as in Europe.

    ``charges`` adds breakdowns, as ``{"SHIPPING": ("3.57", "0.57")}``.
    """
    currency = values.pop("currency", "EUR")
    charges = {"ITEM": (price, tax), **values.pop("charges", {})}
    net = values.pop("net", False)
    amounts = {kind: (_cents(a), _cents(t)) for kind, (a, t) in charges.items()}
    taxes = sum(t for _a, t in amounts.values())
    total = sum(a for a, _t in amounts.values()) + (taxes if net else 0)
    breakdowns = [
        {"type": kind, "subtotal": money(_text(amount), currency)}
        for kind, (amount, _tax) in amounts.items()
    ]
    if taxes:
        breakdowns.append(
            {
                "type": "TAX",
                "subtotal": money(_text(taxes), currency),
                "detailedBreakdowns": [
                    {"subtype": kind, "value": money(_text(tax), currency)}
                    for kind, (_amount, tax) in amounts.items()
                    if tax
                ],
            }
        )
    return {
        "orderItemId": values.pop("number", f"{next(_numbers):014}"),
        "quantityOrdered": quantity,
        "product": {"asin": "B0EXAMPLE1", "title": "Mug, blue", "sellerSku": sku},
        "proceeds": {
            "proceedsTotal": money(_text(total), currency),
            "breakdowns": breakdowns,
        },
        "fulfillment": {"quantityFulfilled": 0, "quantityUnfulfilled": quantity},
        **values,
    }


def address(**values):
    return {
        "name": "Erika Beispiel",
        "addressLine1": "Lindenweg 4",
        "city": "Kassel",
        "postalCode": "34117",
        "countryCode": "DE",
        "phone": "0561 100200",
        **values,
    }


def order(*items, **values):
    """A customer's order as the Orders API 2026-01-01 gives it."""
    items = items or (item(),)
    number = values.pop("number", None) or order_number()
    fulfillment = {
        "fulfillmentStatus": values.pop("status", "UNSHIPPED"),
        "fulfilledBy": values.pop("by", "MERCHANT"),
        "fulfillmentServiceLevel": values.pop("level", "STANDARD"),
        "shipByWindow": {
            "earliestDateTime": "2026-11-22T07:00:00Z",
            "latestDateTime": "2026-11-24T22:59:59Z",
        },
        "deliverByWindow": {
            "earliestDateTime": "2026-11-25T07:00:00Z",
            "latestDateTime": "2026-11-27T22:59:59Z",
        },
    }
    totals = [entry["proceeds"]["proceedsTotal"] for entry in items]
    total = sum(_cents(total["amount"]) for total in totals)
    now = fields.Datetime.now().isoformat() + "Z"
    return {
        "orderId": number,
        "createdTime": values.pop("created", now),
        "lastUpdatedTime": values.pop("updated", now),
        "programs": values.pop("programs", []),
        "salesChannel": {
            "channelName": "AMAZON",
            "marketplaceId": values.pop("marketplace", GERMANY),
        },
        "buyer": {
            "buyerName": "Erika Beispiel",
            "buyerEmail": f"{number}@marketplace.amazon.de",
        },
        "recipient": {"deliveryAddress": address()},
        "proceeds": {"grandTotal": money(_text(total), totals[0]["currencyCode"])},
        "fulfillment": fulfillment,
        "orderItems": list(items),
        **values,
    }


def _cents(amount):
    return round(float(amount) * 100)


def _text(cents):
    return f"{cents / 100:.2f}"


class SellerCase(TransactionCase):
    """A company that sells on Amazon.de: ``connection``, ``marketplace``, ``product``
    (internal reference MUG-BLUE) and the German tax of 19 % are there."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.company
        cls.company.country_id = cls.env.ref("base.de")
        cls.company.account_fiscal_country_id = cls.company.country_id
        cls.euro = cls.env.ref("base.EUR")
        cls.euro.active = True
        cls.connection = cls.env["amazon.b2b.connection"].create(
            {
                "name": "Mugs & More",
                "kind": "seller",
                "region": "eu",
                "seller_id": SELLER,
                "home_marketplace": GERMANY,
            }
        )
        cls.connection.authorisation_state = "ok"
        cls.marketplace = cls.make_marketplace(GERMANY, "Amazon.de", "base.de")
        cls.tax = cls.make_tax(19)
        cls.product = cls.make_product("MUG-BLUE")

    @classmethod
    def make_marketplace(cls, code, name, country, currency="EUR"):
        return cls.env["amazon.b2b.marketplace"].create(
            {
                "connection_id": cls.connection.id,
                "code": code,
                "name": name,
                "country_id": cls.env.ref(country).id,
                "currency_id": cls.env["res.currency"]
                .with_context(active_test=False)
                .search([("name", "=", currency)])
                .id,
            }
        )

    @classmethod
    def make_tax(cls, rate, country="base.de", included=True):
        country_id = cls.env.ref(country).id
        group = cls.env["account.tax.group"].create(
            {"name": f"VAT {rate}", "country_id": country_id}
        )
        return cls.env["account.tax"].create(
            {
                "tax_group_id": group.id,
                "name": f"{rate} % {country} ({next(_numbers)})",
                "amount": rate,
                "type_tax_use": "sale",
                "country_id": country_id,
                "price_include_override": (
                    "tax_included" if included else "tax_excluded"
                ),
            }
        )

    @classmethod
    def make_product(cls, sku, **values):
        return cls.env["product.product"].create(
            {
                "name": f"Product {sku}",
                "default_code": sku,
                "is_storable": True,
                "list_price": 99,
                **values,
            }
        )

    @classmethod
    def receive(cls, *orders, connection=None):
        """A page with ``orders`` arrives and is decoded: its documents."""
        connection = connection or cls.connection
        transmissions = cls.env["amazon.b2b.transmission"]
        payload = json.dumps({"orders": orders}).encode()
        page = transmissions._receive(
            {
                "transport": "spapi",
                "content": "orders",
                "company_id": connection.company_id.id,
                "connection_id": connection.id,
                **transmissions._payload_values(payload),
            }
        )
        page._decode()
        return page.document_ids.sorted("id")

    @classmethod
    def take(cls, *orders, **values):
        """The same, and worked: its documents."""
        documents = cls.receive(*orders, **values)
        documents.filtered(lambda d: d.state == "new")._work()
        return documents
