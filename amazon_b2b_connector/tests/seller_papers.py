"""Builders for the papers of sellers' orders, without a page or report around them."""

import datetime
from decimal import Decimal

from .. import edi, spapi
from ..seller_amounts import ZERO
from .selling import GERMANY, SellerCase, order_number


def charge(kind="ITEM", amount="11.90", tax="0", of=""):
    return spapi.SellerCharge(
        kind=kind, amount=Decimal(amount), tax=Decimal(tax), of=of
    )


def line(*charges, number="1", quantity=1, sku="MUG-BLUE", basis="gross", **values):
    """An order line; by default one mug for 11.90 with 1.90 of German tax in it."""
    charges = charges or (charge(tax="1.90"),)
    return spapi.SellerOrderLine(
        number=number,
        quantity=Decimal(quantity),
        sku=sku,
        title="Mug, blue",
        charges=charges,
        basis=basis if any(c.tax for c in charges) else "",
        **values,
    )


def paper(*lines, to="DE", total=None, **values):
    """An order that we ship, with the total that its lines come to."""
    lines = lines or (line(),)
    if total is None:
        charges = [(c, row) for row in lines for c in row.charges]
        total = sum(
            (
                c.amount + (c.tax if (row.basis or "net") == "net" else 0)
                for c, row in charges
            ),
            sum((c.amount + c.tax for c in values.get("charges", ())), ZERO),
        )
    now = datetime.datetime.now(datetime.timezone.utc)
    defaults = {
        "number": order_number(),
        "source": "orders",
        "created": now,
        "updated": now,
        "marketplace": GERMANY,
        "status": "UNSHIPPED",
        "fulfilled_by": "MERCHANT",
        "service_level": "STANDARD",
        "currency": "EUR",
        "total": None if total == "" else Decimal(total),
        "buyer": spapi.SellerBuyer(name="Erika Beispiel"),
        "address": spapi.SellerAddress(
            name="Erika Beispiel", lines=("Lindenweg 4",), city="Kassel", country=to
        ),
        "lines": lines,
    }
    return spapi.SellerOrder(**{**defaults, **values})


class PaperCase(SellerCase):
    """Papers become documents, and these sale orders and invoices."""

    @classmethod
    def document(cls, paper, **values):
        return cls.env["amazon.b2b.document"].create(
            {
                "direction": "in",
                "kind": "seller_order",
                "code": "Order",
                "state": "new",
                "number": paper.number,
                "order_number": paper.number,
                "partner_identifier": "AMAZON",
                "vendor_code": cls.connection.seller_id,
                "company_id": cls.company.id,
                "connection_id": cls.connection.id,
                "data": edi.to_json(paper),
                **values,
            }
        )

    @classmethod
    def work(cls, *papers):
        """The documents of ``papers``, worked as one batch."""
        documents = cls.env["amazon.b2b.document"].union(*map(cls.document, papers))
        documents._work()
        return documents

    def sell(self, *lines, **values):
        """The sale order of a paper with these lines."""
        document = self.work(paper(*lines, **values))
        self.assertEqual((document.state, document.reason), ("done", False))
        return document.sale_order_id

    def hold(self, *lines, reason, **values):
        """The document of such a paper, which is held for ``reason``."""
        document = self.work(paper(*lines, **values))
        self.assertEqual(
            (document.state, document.reason_code), ("held", reason), document.reason
        )
        return document

    def assertComesTo(self, record, total, tax=None):
        """Order or invoice: its total, and what is in it of tax, to the cent."""
        self.assertEqual(f"{record.amount_total:.2f}", f"{Decimal(total):.2f}")
        if tax is not None:
            self.assertEqual(f"{record.amount_tax:.2f}", f"{Decimal(tax):.2f}")

    def invoice(self, order):
        """The posted invoice of what may be invoiced now."""
        move = order._create_invoices()
        move.action_post()
        return move

    def deliver(self, order, quantity):
        """So many pieces of each of the goods have left."""
        for row in order.order_line.filtered(lambda r: r.amazon_b2b_charge == "ITEM"):
            row.amazon_b2b_no_moves = True
            row.amazon_b2b_shipped_qty = quantity
