import json
from contextlib import suppress

from markupsafe import Markup
from odoo import api, fields, models

from ..spapi import charsets, report_calls
from .transmission import NUL_SHOWN, SHOWN

# rows of a report that the form shows; all of it can be downloaded
ROWS_SHOWN = 100
# a payload above this is shown as it is: pretty-printing it would take seconds
PRETTY_BYTES = 4_000_000


class Transmission(models.Model):
    """The payload as a person reads it: EDI by segments, JSON indented, reports as a
    table."""

    _inherit = "amazon.b2b.transmission"

    payload_table = fields.Html(compute="_compute_payload_table", sanitize=False)

    def _compute_payload_text(self):
        orders = self.filtered(lambda t: t.content == "orders")
        reports = self.filtered(lambda t: t.content == "report")
        reports.payload_text = False
        for record in orders:
            record.payload_text = _pretty(record._bytes("payload"))
        others = self - orders - reports
        return super(Transmission, others)._compute_payload_text()

    @api.depends("content")
    def _compute_payload_table(self):
        for record in self:
            record.payload_table = record.content == "report" and record._report_table()

    def _report_table(self):
        """The first rows of a report, its columns as they come."""
        data = self._bytes("payload")
        if len(data) > SHOWN:
            data = data[:SHOWN].rpartition(b"\n")[0]
        hint = report_calls.charset_of(self.content_type or "")
        text = charsets.decode(data, hint)
        rows = [line.split("\t") for line in text.splitlines()[: ROWS_SHOWN + 1]]
        if not rows:
            return False
        head, *body = (
            Markup("<tr>%s</tr>") % Markup().join(Markup(cell) % text for text in row)
            for row, cell in (
                (row, "<td>%s</td>" if number else "<th>%s</th>")
                for number, row in enumerate(rows)
            )
        )
        return Markup(
            '<div class="overflow-auto"><table class="table table-sm table-striped '
            'text-nowrap"><thead>%s</thead><tbody>%s</tbody></table></div>'
        ) % (head, Markup().join(body))


def _pretty(data):
    """JSON with an indent; what is none, or is too large, as it came."""
    text = data.decode("utf-8-sig", "replace")
    if len(data) <= PRETTY_BYTES:
        with suppress(ValueError, RecursionError):
            text = json.dumps(json.loads(text), ensure_ascii=False, indent=2)
    return text[:SHOWN].replace("\0", NUL_SHOWN)
