from odoo import fields, models

from .. import spapi
from .sale_order_seller_import import PENDING


class Transmission(models.Model):
    """Reports: every order in them is a document, or a row to compare."""

    _inherit = "amazon.b2b.transmission"

    is_unshipped = fields.Boolean(
        "None Has Left",
        readonly=True,
        help="Who uploaded the report said that all of its orders are still to be "
        "shipped, where it does not tell.",
    )

    def _decode_report(self):
        """The documents of the orders that are new or have changed.

        A report that was asked for has its type from there, an uploaded file is known
        by its columns. A report of all orders tells how far they are, and is compared
        with what is here: one that was asked for does one of both.
        """
        report = self.env["amazon.b2b.report"].search(
            [("transmission_id", "=", self.id)], limit=1
        )
        data = self._bytes("payload")
        charset = spapi.report_calls.charset_of(self.content_type or "")
        kind = report.report_type or spapi.recognise(data, charset)[0]
        documents = self.env["amazon.b2b.document"]
        reading = None
        summed = spapi.report_types.is_totals(kind)
        if summed:
            data = self._keep_impersonal(data, charset)
        if not spapi.report_types.compares_only(report.report_type):
            reading = spapi.read_report(
                data, charset, report.report_type or "", self.is_unshipped
            )
            orders = self._missed(reading.orders) if summed else reading.orders
            documents = self._keep_orders(orders)
        if summed and (not report or not reading):
            reading = spapi.read_totals(data, charset, kind)
            self.env["amazon.b2b.reconciliation"]._reconcile(self, report, reading)
        if reading.issues:
            self._keep_unreadable("\n".join(reading.issues))
        return documents

    def _keep_impersonal(self, data, charset):
        """Keep of a report of all orders what it is read for: no document points to
        most of its orders, by which their towns would be erased later."""
        left = spapi.cut_columns(data, charset)
        if left != data:
            self.write({"payload": self._stored(left), "wire": False})
        return left

    def _missed(self, orders):
        """Of a report of all orders, those whose status nothing else tells: we ship
        them, the Orders API did not tell of them, and they are not pending.

        :param orders: :class:`spapi.ReadOrder`
        """
        ours = [order for order in orders if _is_ours(order.order)]
        documents = self.env["amazon.b2b.document"]
        told = documents._told_by_api(self.connection_id, {o.number for o in ours})
        return [order for order in ours if order.number not in told]


def _is_ours(paper):
    return not paper or (
        paper.fulfilled_by == "MERCHANT"
        and paper.status not in PENDING
        and paper.channel != spapi.NON_AMAZON
    )
