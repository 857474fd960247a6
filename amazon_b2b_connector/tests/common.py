"""Builders for the addon's tests: short names, everything may be overridden."""

from datetime import date
from decimal import Decimal
from itertools import count

from odoo.fields import Command
from odoo.tests import TransactionCase

from .. import edi

OUR_ID, AMAZON_ID = "01:VENDORTEST", "ZZ:AMAZON"
_numbers = count(1)


def order_line(**values):
    """One line of a purchase order: by default 10 eaches at 9.50 of UPC 1."""
    identifiers = values.pop("identifiers", [("UP", "012345678905")])
    defaults = {
        "number": "1",
        "quantity": Decimal("10"),
        "unit": "EA",
        "price": Decimal("9.50"),
        "price_basis": "PE",
    }
    return edi.PurchaseOrderLine(
        **{
            **defaults,
            **values,
            "identifiers": tuple(
                edi.Identifier(qualifier=qualifier, value=value)
                for qualifier, value in identifiers
            ),
        }
    )


def purchase_order(*lines, **values):
    """A purchase order in Amazon's manner, to fulfilment centre PHX3."""
    defaults = {
        "number": "4Z1PHX3A",
        "kind": "NE",
        "date": date(2026, 11, 2),
        "vendor_code": "ABCD5",
        "ship_to": edi.Party(role="ST", code="PHX3", code_qualifier="92"),
        "back_order_allowed": False,
        "freight_payer": "CC",
        "deliver_not_before": date(2031, 3, 3),
        "deliver_not_after": date(2031, 3, 10),
        "lines": lines or (order_line(),),
    }
    return edi.PurchaseOrder(**{**defaults, **values})


class AmazonCase(TransactionCase):
    """A company with a connection, a vendor code, a fulfilment centre, a product.

    ``connection``, ``vendor_code`` (ABCD5), ``place`` (PHX3), ``product`` (barcode
    012345678905, sold at 10.00) are there for all; the methods make more.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.company
        cls.connection = cls.make_connection()
        cls.vendor_code = cls.make_vendor_code()
        cls.customer = cls.env["res.partner"].create(
            {"name": "Amazon.com Services LLC", "is_company": True}
        )
        cls.place = cls.make_place("PHX3")
        cls.product = cls.make_product("Kettle", barcode="012345678905")

    @classmethod
    def make_connection(cls, **values):
        company = cls.env["res.company"].browse(
            values.get("company_id", cls.company.id)
        )
        own = cls.env["amazon.b2b.edi.id"].search(
            [("company_id", "=", company.id)], limit=1
        ) or cls.env["amazon.b2b.edi.id"].create(
            {
                "company_id": company.id,
                "qualifier": OUR_ID.partition(":")[0],
                "identifier": OUR_ID.partition(":")[2],
            }
        )
        return cls.env["amazon.b2b.connection"].create(
            {
                "name": "Amazon US",
                "price_tolerance": 100,  # prices are asked about where a test says so
                "company_id": company.id,
                "own_edi_id": own.id,
                **values,
            }
        )

    @classmethod
    def make_vendor_code(cls, code="ABCD5", **values):
        return cls.env["amazon.b2b.vendor.code"].create(
            {
                "connection_id": cls.connection.id,
                "code": code,
                "company_id": cls.company.id,
                **values,
            }
        )

    @classmethod
    def make_place(cls, code, **values):
        """A warehouse code with an address under the customer."""
        address = cls.env["res.partner"].create(
            {
                "name": f"Amazon {code}",
                "type": "delivery",
                "parent_id": cls.customer.id,
                "street": "6835 W Buckeye Rd",
                "city": "Phoenix",
                "zip": "85043",
                "country_id": cls.env.ref("base.us").id,
                "state_id": cls.env.ref("base.state_us_3").id,
            }
        )
        return cls.env["amazon.b2b.warehouse.code"].create(
            {
                "code": code,
                "company_id": cls.company.id,
                "partner_id": address.id,
                **values,
            }
        )

    @classmethod
    def make_product(cls, name, **values):
        return cls.env["product.product"].create(
            {"name": name, "type": "consu", "list_price": 10.0, **values}
        )

    @classmethod
    def map_product(cls, qualifier, value, product=None, **values):
        return cls.env["amazon.b2b.product.mapping"].create(
            {
                "company_id": cls.company.id,
                "qualifier": qualifier,
                "value": value,
                "product_id": product and product.id,
                **values,
            }
        )

    @classmethod
    def receive(cls, *papers, **values):
        """Purchase orders as they lie there after decoding, not yet worked."""
        transmission = cls.env["amazon.b2b.transmission"].create(
            {"direction": "in", "state": "decoded", "company_id": cls.company.id}
        )
        interchange = cls.env["amazon.b2b.interchange"].create(
            {
                "transmission_id": transmission.id,
                "company_id": cls.company.id,
                "sender": AMAZON_ID,
                "receiver": OUR_ID,
                "control_number": f"{next(_numbers):09}",
                "interchange_date": "261102",
                "sha256": "-",
            }
        )
        return cls.env["amazon.b2b.document"].create(
            [
                {
                    "direction": "in",
                    "kind": "purchase_order",
                    "code": "850",
                    "state": "new",
                    "data": edi.to_json(paper),
                    "number": paper.number,
                    "order_number": paper.number,
                    "vendor_code": paper.vendor_code,
                    "company_id": cls.company.id,
                    "partner_identifier": AMAZON_ID,
                    "transmission_id": transmission.id,
                    "interchange_id": interchange.id,
                    "deadline": "2031-03-01 12:00:00",
                    **values,
                }
                for paper in papers
            ]
        )

    @classmethod
    def import_order(cls, *lines, **values):
        """Receive and work one purchase order. Returns its document."""
        document = cls.receive(purchase_order(*lines, **values))
        document._work()
        return document

    def assertHeld(self, document, reason_code, *texts):
        self.assertEqual(
            (document.state, document.reason_code),
            ("held", reason_code),
            document.reason,
        )
        for text in texts:
            self.assertIn(text, document.reason)

    @classmethod
    def set_lines(cls, *values):
        return [Command.create(value) for value in values]
