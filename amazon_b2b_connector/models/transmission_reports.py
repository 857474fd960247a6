from odoo import models

from .. import spapi


class Transmission(models.Model):
    """Reports: every order in them is a document, or a row to compare."""

    _inherit = "amazon.b2b.transmission"

    def _decode_report(self):
        """The documents of the orders that are new or have changed.

        A report that was asked for has its type from there, an uploaded file is known
        by its columns.
        """
        report = self.env["amazon.b2b.report"].search(
            [("transmission_id", "=", self.id)], limit=1
        )
        data = self._bytes("payload")
        charset = spapi.report_calls.charset_of(self.content_type or "")
        kind = report.report_type or spapi.recognise(data, charset)[0]
        if spapi.report_types.is_totals(kind):
            reading = spapi.read_totals(data, charset, kind)
            self.env["amazon.b2b.reconciliation"]._reconcile(self, report, reading)
            documents = self.env["amazon.b2b.document"]
        else:
            reading = spapi.read_report(data, charset, report.report_type or "")
            documents = self._keep_orders(reading.orders)
        if reading.issues:
            self._keep_unreadable("\n".join(reading.issues))
        return documents
