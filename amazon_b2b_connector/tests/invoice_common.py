"""Builders for orders that were acknowledged and shipped, and for their invoices."""

from datetime import datetime
from decimal import Decimal

from .. import edi
from .common import AMAZON_ID, AmazonCase, order_line, purchase_order

BILL_TO = {
    "bill_to_name": "Amazon.com Services LLC",
    "bill_to_street": "PO Box 80387",
    "bill_to_city": "Seattle",
    "bill_to_state": "WA",
    "bill_to_zip": "98108",
    "bill_to_country": "US",
}
REMIT_TO = {
    "remit_to_name": "Kettle Works Inc",
    "remit_to_street": "12 Foundry Lane",
    "remit_to_street2": "Suite 4",
    "remit_to_city": "Cleveland",
    "remit_to_state": "OH",
    "remit_to_zip": "44113",
    "remit_to_country": "US",
}
TERMS = {"terms_kind": "01", "terms_basis": "3", "terms_net_days": 60}


class InvoiceCase(AmazonCase):
    """``order()`` gives a confirmed, acknowledged and shipped order; ``bill()`` its
    posted invoice."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.vendor_code.write({**BILL_TO, **REMIT_TO, **TERMS})
        cls.product.invoice_policy = "order"
        cls.env["amazon.b2b.origin"]._remember()

    @classmethod
    def order(cls, *lines, shipped=True, acknowledged="accepted", taxes=None, **values):
        """The confirmed sale order of ``lines`` (:func:`common.order_line`).

        ``shipped`` says whether Amazon was told of everything; ``acknowledged`` how far
        the acknowledgement got, ``False`` for an order confirmed without one.
        """
        document = cls.import_order(*lines, **values)
        order = document.sale_order_id
        order.order_line.tax_ids = taxes
        if acknowledged:
            order._amazon_b2b_acknowledge().state = acknowledged
        else:
            answers = cls.connection._type("acknowledgement")
            answers.state = "off"
            order.action_confirm()
            answers.state = "live"
        if shipped:
            cls.ship(order)
        return order

    @classmethod
    def told(cls, order, paper, number, state="accepted", **values):
        """A document that went to Amazon about ``order``."""
        document = cls.env["amazon.b2b.document"]._send_out(
            paper,
            cls.connection,
            number=number,
            order_number=order.amazon_b2b_number,
            sale_order_id=order.id,
            **values,
        )
        document.state = state
        return document

    @classmethod
    def acknowledge(cls, order, state="accepted", prices=None, **values):
        paper = order.amazon_b2b_document_id._paper()
        lines = tuple(
            edi.AcknowledgementLine(
                number=line.number,
                quantity=line.quantity,
                unit=line.unit,
                price=(prices or {}).get(line.number, line.price),
                identifiers=line.identifiers,
                decisions=(
                    edi.Decision(code="IA", quantity=line.quantity, unit=line.unit),
                ),
            )
            for line in paper.lines
        )
        answer = edi.Acknowledgement(
            order_number=paper.number, date=paper.date, lines=lines
        )
        return cls.told(order, answer, paper.number, state, **values)

    @classmethod
    def ship(cls, order, quantities=None, number="ASN1", state="accepted", **values):
        """A ship notice; ``quantities`` by line number, else everything ordered."""
        paper = order.amazon_b2b_document_id._paper()
        items = tuple(
            edi.ShippedItem(
                order_number=paper.number,
                line_number=line.number,
                quantity=Decimal((quantities or {}).get(line.number, line.quantity)),
                unit=line.unit,
                identifiers=line.identifiers,
            )
            for line in paper.lines
            if quantities is None or line.number in quantities
        )
        carton = edi.Container(kind="carton", sscc="000000000000000000", items=items)
        pallet = edi.Container(
            kind="pallet", sscc="000000000000000017", containers=(carton,)
        )
        notice = edi.ShipNotice(
            number=number,
            created=datetime(2026, 11, 5, 12),
            containers=(pallet,),
        )
        return cls.told(order, notice, number, state, **values)

    @classmethod
    def bill(cls, orders, quantities=None, post=True, **values):
        """The invoice of ``orders``; ``quantities`` (by line number) instead of all."""
        invoice = orders._create_invoices()
        for line in invoice.invoice_line_ids:
            number = line.sale_line_ids.amazon_b2b_line_number
            if quantities is not None and number in quantities:
                line.quantity = quantities[number]
        invoice.write({"invoice_date": "2026-11-06", **values})
        if post:
            invoice.action_post()
        return invoice

    def sent(self, invoice):
        """The documents of an invoice that stand with Amazon."""
        return invoice.amazon_b2b_document_ids._standing()

    def assertRefused(self, invoice, *texts, again=False):
        """It says so with all ``texts``, and nothing leaves."""
        reasons = "\n".join(invoice._amazon_b2b_refusals(again=again))
        for text in texts:
            self.assertIn(text, reasons)
        before = self.env["amazon.b2b.document"].search_count([])
        with self.assertRaisesRegex(Exception, "cannot go to Amazon"):
            invoice.action_amazon_b2b_send()
        self.assertEqual(self.env["amazon.b2b.document"].search_count([]), before)


__all__ = ["AMAZON_ID", "InvoiceCase", "order_line", "purchase_order"]
