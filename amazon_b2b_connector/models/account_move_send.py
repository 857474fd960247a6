from odoo import api, models

from .account_move import AMAZON_USER

KEY = "amazon_b2b"


class AccountMoveSend(models.AbstractModel):
    """Amazon's entry in Odoo's own Send dialog, for one invoice and for many."""

    _inherit = "account.move.send"

    @api.model
    def _get_all_extra_edis(self):
        return {
            **super()._get_all_extra_edis(),
            KEY: {
                "label": self.env._("Amazon (810)"),
                "is_applicable": self._is_amazon_b2b_applicable,
                "help": self.env._("Hand the invoice to Amazon's outbox."),
            },
        }

    @api.model
    def _is_amazon_b2b_applicable(self, move):
        connection = move.amazon_b2b_order_id.sudo().amazon_b2b_connection_id
        return (
            move.amazon_b2b_sendable == "new"
            and connection._stage("invoice") != "off"
            and self.env.user.has_group(AMAZON_USER)
        )

    @api.model
    def _get_default_sending_methods(self, move):
        """By EDI, so no e-mail besides, unless the customer is set to it."""
        methods = super()._get_default_sending_methods(move)
        partner = move.commercial_partner_id.with_company(move.company_id)
        if move.amazon_b2b_order_id and not partner.invoice_sending_method:
            return (methods - {"email"}) or {"manual"}
        return methods

    @api.model
    def _get_default_sending_settings(self, move, from_cron=False, **custom_settings):
        """A scheduled action sends batches: who asked for it must have the right."""
        settings = super()._get_default_sending_settings(
            move, from_cron=from_cron, **custom_settings
        )
        author = self.env["res.users"].browse(settings["author_user_id"])
        if KEY in settings["extra_edis"] and not author.has_group(AMAZON_USER):
            settings["extra_edis"] = set(settings["extra_edis"]) - {KEY}
        return settings

    @api.model
    def _get_alerts(self, moves, moves_data):
        alerts = super()._get_alerts(moves, moves_data)
        chosen = moves.filtered(lambda move: KEY in moves_data[move]["extra_edis"])
        refused = {move: move._amazon_b2b_refusals() for move in chosen}
        refused = {move: reasons for move, reasons in refused.items() if reasons}
        if chosen and not refused:
            alerts |= self._amazon_b2b_pdf_alert()
        if len(moves) == 1:
            alerts |= self._amazon_b2b_alert(moves, refused.get(moves))
        elif refused:
            alerts |= self._amazon_b2b_batch_alert(refused)
        return alerts

    def _amazon_b2b_pdf_alert(self):
        if self.env["ir.actions.report"].get_wkhtmltopdf_state() != "install":
            return {}
        return {
            "amazon_b2b_pdf": {
                "level": "warning",
                "message": self.env._(
                    "This server makes no PDF (wkhtmltopdf is missing), and sending "
                    "from here wants one. “Send to Amazon” on the invoice does without."
                ),
            }
        }

    def _amazon_b2b_batch_alert(self, refused):
        """The others go; each of these gets its reasons when its turn comes."""
        return {
            "amazon_b2b_refused": {
                "level": "warning",
                "message": "\n".join(
                    move._amazon_b2b_refusal_text(reasons)
                    for move, reasons in refused.items()
                ),
                "action_text": self.env._("View Invoice(s)"),
                "action": self.env["account.move"]
                .union(*refused)
                ._get_records_action(name=self.env._("Not for Amazon Yet")),
            }
        }

    def _amazon_b2b_alert(self, move, reasons):
        """For one invoice: why it is refused, or why Amazon is not offered."""
        if reasons:
            return {
                "amazon_b2b_refused": {
                    "level": "danger",
                    "message": move._amazon_b2b_refusal_text(reasons),
                }
            }
        if not move.amazon_b2b_order_id or self._is_amazon_b2b_applicable(move):
            return {}
        if not self.env.user.has_group(AMAZON_USER):
            reason = self.env._("Amazon gets this invoice from an Amazon User.")
        else:
            reason = "\n".join(move._amazon_b2b_refusals())
        return {"amazon_b2b_info": {"level": "info", "message": reason}}

    @api.model
    def _call_web_service_after_invoice_pdf_render(self, invoices_data):
        """Nothing is called: the paper goes into the outbox, last of all, so that what
        failed before keeps it back."""
        result = super()._call_web_service_after_invoice_pdf_render(invoices_data)
        for invoice, invoice_data in invoices_data.items():
            if KEY not in invoice_data["extra_edis"] or invoice_data.get("error"):
                continue
            reasons = invoice._amazon_b2b_refusals()
            if reasons:
                invoice_data["error"] = {
                    "error_title": self.env._(
                        "%s cannot go to Amazon:", invoice.display_name
                    ),
                    "errors": reasons,
                }
            else:
                invoice._amazon_b2b_put_out()
        return result
