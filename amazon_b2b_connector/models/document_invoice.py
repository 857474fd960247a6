from odoo import fields, models


class Document(models.Model):
    _inherit = "amazon.b2b.document"

    again_reason = fields.Text(
        "Sent Again Because",
        readonly=True,
        help="Why it went out once more under the number that Amazon had rejected.",
    )

    def _superseded(self):
        """Another document takes its number: it goes out no more."""
        self.filtered(lambda document: document.state == "failed")._move("stopped")
        self.is_record_maker = False
        self.flush_recordset(["is_record_maker"])
