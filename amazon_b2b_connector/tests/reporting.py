"""Builders for tests of reports: rows as Amazon writes them, and their bytes."""

from datetime import timedelta

from odoo import fields

from ..spapi import report_columns as columns


def moment(days=0, hours=0):
    """So long ago, as a report writes it."""
    then = fields.Datetime.now() - timedelta(days=days, hours=hours)
    return then.isoformat() + "+00:00"


def report(*rows):
    """The bytes of a report with these rows, one heading for all."""
    headings = list(dict.fromkeys(name for row in rows for name in row))
    lines = [headings, *([row.get(name, "") for name in headings] for row in rows)]
    return "".join("\t".join(map(str, line)) + "\r\n" for line in lines).encode()


def ordered(number, item="70000000000001", **values):
    """What both halves of an order say."""
    return {
        "order-id": number,
        "order-item-id": item,
        "purchase-date": moment(days=1),
        "sku": "MUG-BLUE",
        "product-name": "Mug, blue",
        "quantity-purchased": "1",
        "sales-channel": "Amazon.de",
        **values,
    }


def shipping(number, item="70000000000001", **values):
    """A row of the report that says where an order goes."""
    return ordered(
        number,
        item,
        **{
            "ship-service-level": "Std DE Dom_1",
            "recipient-name": "Erika Beispiel",
            "ship-address-1": "Lindenweg 4",
            "ship-city": "Kassel",
            "ship-postal-code": "34117",
            "ship-country": "DE",
            "buyer-email": f"{number}@marketplace.amazon.de",
            "is-prime": "false",
        }
        | values,
    )


def invoicing(number, item="70000000000001", **values):
    """A row of the report that says what an order costs."""
    amounts = {"currency": "EUR", "item-price": "11.90", "item-tax": "1.90"}
    return ordered(number, item, **amounts | values)


def shipment(number, shipment="S1", item="70000000000001", **values):
    """A row of the report of what Amazon shipped."""
    return {
        "amazon-order-id": number,
        "shipment-id": shipment,
        "shipment-item-id": f"{shipment}001",
        "amazon-order-item-id": item,
        "purchase-date": moment(days=2),
        "shipment-date": moment(days=1),
        "sku": "MUG-BLUE",
        "product-name": "Mug, blue",
        "quantity-shipped": "1",
        "currency": "EUR",
        "item-price": "11.90",
        "item-tax": "1.90",
        "recipient-name": "Erika Beispiel",
        "ship-address-1": "Lindenweg 4",
        "ship-city": "Kassel",
        "ship-postal-code": "34117",
        "ship-country": "DE",
        "carrier": "DHL",
        "tracking-number": f"TRACK-{shipment}",
        "fulfillment-center-id": "LEJ1",
        "fulfillment-channel": "AFN",
        "sales-channel": "Amazon.de",
    } | values


def total(number, **values):
    """A row of the report of all orders."""
    return {
        "amazon-order-id": number,
        "purchase-date": moment(days=1),
        "last-updated-date": moment(days=1),
        "order-status": "Unshipped",
        "fulfillment-channel": "Merchant",
        "sales-channel": "Amazon.de",
        "sku": "MUG-BLUE",
        "item-status": "Unshipped",
        "quantity": "1",
        "currency": "EUR",
        "item-price": "11.90",
        "item-tax": "1.90",
    } | values


class ReportMixin:
    """Reports arrive at ``connection`` of a :class:`.selling.SellerCase`."""

    @classmethod
    def arrive(cls, kind, *rows, connection=None):
        """A report that was asked for arrives and is decoded: its transmission."""
        connection = connection or cls.connection
        now = fields.Datetime.now()
        wanted = cls.env["amazon.b2b.report"].create(
            {
                "connection_id": connection.id,
                "report_type": kind,
                "marketplaces": " ".join(connection.marketplace_ids.mapped("code")),
                "range_start": now - timedelta(days=30),
                "range_end": now,
                "state": "done",
            }
        )
        arrived = cls._kept(connection, report(*rows), transport="spapi")
        wanted.transmission_id = arrived
        arrived._decode()
        return arrived

    @classmethod
    def _kept(cls, connection, data, **values):
        transmissions = cls.env["amazon.b2b.transmission"]
        return transmissions._receive(
            {
                "content": "report",
                "company_id": connection.company_id.id,
                "connection_id": connection.id,
                "content_type": "text/plain; charset=UTF-8",
                **transmissions._payload_values(data),
                **values,
            }
        )

    @classmethod
    def tell(cls, kind, *rows, **values):
        """The same, and worked: its documents."""
        documents = cls.arrive(kind, *rows, **values).document_ids.sorted("id")
        documents.filtered(lambda d: d.state == "new")._work()
        return documents

    @classmethod
    def tell_shipping(cls, *rows, **values):
        return cls.tell(columns.ORDER_SHIPPING, *rows, **values)

    @classmethod
    def tell_invoicing(cls, *rows, **values):
        return cls.tell(columns.ORDER_INVOICING, *rows, **values)

    @classmethod
    def tell_status(cls, *rows, **values):
        """The report of all orders that was asked for to import: its documents."""
        return cls.tell(columns.ALL_BY_UPDATE, *rows, **values)

    @classmethod
    def tell_shipments(cls, *rows, **values):
        return cls.tell(columns.SHIPMENTS_INVOICING, *rows, **values)

    @classmethod
    def tell_totals(cls, *rows, **values):
        """A report of all orders: its reconciliations."""
        arrived = cls.arrive(columns.ALL_BY_ORDER_DATE, *rows, **values)
        return cls.env["amazon.b2b.reconciliation"].search(
            [("transmission_id", "=", arrived.id)]
        )
