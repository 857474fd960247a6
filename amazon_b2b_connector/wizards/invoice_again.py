from odoo import fields, models


class InvoiceAgain(models.TransientModel):
    """Asks why an invoice goes to Amazon once more under its number."""

    _name = "amazon.b2b.invoice.again"
    _description = "Send an invoice to Amazon again"

    move_id = fields.Many2one("account.move", "Invoice", required=True)
    state = fields.Selection(related="move_id.amazon_b2b_state", string="Amazon Says")
    answer = fields.Text(related="move_id.amazon_b2b_reason", string="Its Reason")
    reason = fields.Char(
        "Why Again",
        required=True,
        help="What was wrong and is right now. It stays on the invoice and on the "
        "document.",
    )

    def action_send(self):
        self.move_id._amazon_b2b_send_again(self.reason)
        return {"type": "ir.actions.act_window_close"}
