from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

MANAGER = "amazon_b2b_connector.group_manager"

# what a person can do in Vendor Central instead
KINDS = ("acknowledgement", "ship_notice", "invoice")

# states of a sent document in which Amazon does not have it from here
UNSAID = ("rejected", "failed", "stopped")


class Document(models.Model):
    """A document that a person did in Vendor Central by hand: Amazon has what it says,
    so it holds like one that was delivered, and what follows goes on."""

    _inherit = "amazon.b2b.document"

    elsewhere_reason = fields.Text(
        "Done in Vendor Central",
        readonly=True,
        copy=False,
        help="Why, in the words of the Manager who said that Amazon has it from there.",
    )
    may_be_elsewhere = fields.Boolean(compute="_compute_may_be_elsewhere")

    @api.depends("state", "elsewhere_reason", "replaced_by_ids")
    def _compute_may_be_elsewhere(self):
        for document in self:
            document.may_be_elsewhere = (
                document.direction == "out"
                and document.kind in KINDS
                and not document.is_test
                and not document.elsewhere_reason
                and not document.replaced_by_ids
                and document.state not in ("delivered", "accepted")
            )

    def _told_by_hand(self):
        return super()._told_by_hand() or (
            self.state == "stopped" and bool(self.elsewhere_reason)
        )

    def _is_unsaid(self):
        """Whether it went out, and no longer counts as said to Amazon."""
        return self.state in UNSAID and not self.elsewhere_reason

    def _told_elsewhere(self, reason):
        """Send these no more: Amazon was told in Vendor Central, for ``reason``."""
        if not self.env.user.has_group(MANAGER):
            raise AccessError(
                self.env._(
                    "Only an Amazon Manager can say that something was done in Vendor "
                    "Central."
                )
            )
        for document in self:
            if not document.may_be_elsewhere:
                raise UserError(
                    self.env._(
                        "%s was not to go to Amazon from here any more, or Amazon has "
                        "it already.",
                        document.display_name,
                    )
                )
        self.filtered(lambda d: d.state != "stopped").action_stop()
        self.sudo().write(
            {
                "elsewhere_reason": reason,
                "alarm": False,
                "reason": self.env._(
                    "Done in Vendor Central, says %(user)s: %(reason)s",
                    user=self.env.user.display_name,
                    reason=reason,
                ),
            }
        )
        for document in self:
            document._message_log(body=document.reason)
        self.origin_id.filtered("alarm").sudo().alarm = False

    def action_done_elsewhere(self):
        self.ensure_one()
        return self.env["amazon.b2b.elsewhere"]._ask(document_id=self.id)

    def action_send_again(self):
        for document in self.filtered("elsewhere_reason"):
            if document.state == "stopped":
                raise UserError(
                    self.env._(
                        "%s was done in Vendor Central: sent from here, Amazon would "
                        "have it twice.",
                        document.display_name,
                    )
                )
        return super().action_send_again()
