"""What Amazon's report of all orders says, order by order, against what is here."""

from datetime import timedelta

from odoo import fields

from ..exact import exact
from .sale_order_seller_import import CANCELLED, PENDING

# orders that are younger than this may be on their way here
UNDER_WAY = timedelta(hours=2)


class Ours:
    """What is here of a seller's orders: looked up once for a whole report."""

    def __init__(self, transmission, start, end, numbers):
        connection = transmission.connection_id
        env = connection.env
        self.connection = connection
        self.numbers = numbers
        # of these the same report tells the status
        self.arriving = set(transmission.document_ids.mapped("order_number"))
        self.documents = {}
        documents = env["amazon.b2b.document"].sudo()
        for document in documents.search(
            [
                ("kind", "=", "seller_order"),
                ("vendor_code", "=", connection.seller_id),
                ("is_test", "=", connection.is_sandbox),
                ("order_number", "in", list(numbers)),
                ("transmission_id", "!=", transmission.id),
                # of others nothing but the status is known
                "|",
                ("state", "!=", "ignored"),
                ("reason_code", "not in", ["half"]),
            ],
            order="id",
        ):
            self.documents.setdefault(document.order_number, documents)
            self.documents[document.order_number] |= document
        marketplaces = connection.marketplace_ids
        self.orders = {}
        self._unknown = env["sale.order"].sudo()
        for order in self._unknown.search(
            [
                ("amazon_b2b_seller_number", "in", list(numbers)),
                (
                    "company_id",
                    "in",
                    (marketplaces.company_id | connection.company_id).ids,
                ),
            ]
        ):
            self.orders[order.amazon_b2b_seller_number] = order
        self._unknown = self._unknown.search(
            [
                ("amazon_b2b_marketplace_id", "in", marketplaces.ids),
                ("amazon_b2b_seller_number", "not in", list(numbers)),
                ("amazon_b2b_seller_document_id.is_test", "=", False),
                ("date_order", ">=", start),
                ("date_order", "<=", end),
            ]
        )

    def unknown(self, marketplace=None, currency=None):
        """Our orders of the time that are not in the report."""
        if marketplace is None:
            return self._unknown
        return self._unknown.filtered(
            lambda order: (
                order.amazon_b2b_marketplace_id == marketplace
                and order.currency_id.name == currency
            )
        )


class Counter:
    """Counts and sums of one marketplace on both sides, and the lines that differ."""

    def __init__(self, marketplace, ours):
        self.marketplace = marketplace
        self.here = ours
        self.amazon = self.ours = (0, exact(0))
        self.lines = []

    def add(self, totals):
        """One order of the report.

        :param totals: :class:`spapi.OrderTotals`
        """
        env = self.here.connection.env
        order = self.here.orders.get(totals.number, env["sale.order"])
        documents = self.here.documents.get(
            totals.number, env["amazon.b2b.document"].sudo()
        )
        if not order and self._not_expected(totals, documents):
            return
        amount = totals.total(self.marketplace._report_basis(totals.fulfilled_by))
        ours, gone = _total(order), order.state == "cancel"
        cancelled = totals.status in CANCELLED
        if not cancelled:
            self.amazon = _plus(self.amazon, amount)
        if order and not gone:
            self.ours = _plus(self.ours, ours)
        if not order:
            what, detail = self._missing(documents)
        elif cancelled != gone:
            what, detail = "cancelled", totals.status
        elif not gone and order.currency_id.compare_amounts(float(ours), float(amount)):
            what, detail = "total", " ".join(totals.issues)
        else:
            return
        self.lines.append(
            {
                "number": totals.number,
                "what": what,
                "detail": detail,
                "amazon_total": 0.0 if cancelled else float(amount),
                "our_total": 0.0 if gone else float(ours),
                "document_id": documents.sorted("id")[-1:].id,
                "sale_order_id": order.id,
            }
        )

    def add_unknown(self, order):
        """One order of ours that is not in the report."""
        if order.state == "cancel":
            return
        ours = _total(order)
        self.ours = _plus(self.ours, ours)
        self.lines.append(
            {
                "number": order.amazon_b2b_seller_number,
                "what": "unknown",
                "our_total": float(ours),
                "document_id": order.amazon_b2b_seller_document_id.id,
                "sale_order_id": order.id,
            }
        )

    def _not_expected(self, totals, documents):
        """Whether an order need not be here: cancelled or pending at Amazon, switched
        off, on its way, or told by reports when it ships."""
        if totals.status in (*CANCELLED, *PENDING):
            return True
        if any(document.reason_code == "switch" for document in documents):
            return True
        if documents:
            waits = any(d.reason_code == "half" for d in documents)
            return waits and totals.number in self.here.arriving
        created = totals.created and totals.created.replace(tzinfo=None)
        if created and fields.Datetime.now() - created < UNDER_WAY:
            return True
        by_shipment = (
            totals.fulfilled_by == "AMAZON"
            and self.here.connection.order_route != "api"
            and totals.status != "SHIPPED"
        )
        return by_shipment or self.marketplace._leaves_out(totals)

    def _missing(self, documents):
        for document in documents.sorted("id", reverse=True):
            if document.state != "ignored":
                return "held", (document.reason or "").partition("\n")[0]
        last = documents.sorted("id")[-1:]
        return "missing", (last.reason or "").partition("\n")[0]


def _total(order):
    """What the buyer paid, with the tax that Amazon remits itself."""
    if not order:
        return exact(0)
    return exact(order.amount_total) + exact(order.amazon_b2b_collected_tax)


def _plus(sums, amount):
    count, total = sums
    return count + 1, total + amount
