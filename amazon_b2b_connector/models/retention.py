from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

# content of transmissions -> the setting of how long their bytes are kept
KEPT = {"orders": "keep_pages_days", "report": "keep_reports_days"}
# states of documents for which nobody needs the bytes any more
FINISHED = ("done", "ignored")
PURGED_AT_ONCE = 200


class Transmission(models.Model):
    """How long pages and reports of sellers' orders are kept.

    Their bytes go; when, how large and with which SHA-256 they came stays as long as
    documents point to it. Of pages in which nothing was new nothing stays. Vendors'
    interchanges are business letters, and stay.
    """

    _inherit = "amazon.b2b.transmission"

    purged_at = fields.Datetime(
        "Content Removed", readonly=True, copy=False, help="Its retention was over."
    )

    @api.autovacuum
    def _gc_over(self):
        """Purge what is over, some at a time."""
        domain = self._over_domain(fields.Datetime.now())
        if not domain:
            return 0, 0
        over = self.sudo().search(domain, order="id", limit=PURGED_AT_ONCE)
        done = len(over)
        over._purge()
        return done, self.sudo().search_count(domain, limit=1)

    @api.model
    def _over_domain(self, now):
        """What is finished, and older than its connection keeps it; empty if nothing
        is kept for a limited time."""
        connections = self.env["amazon.b2b.connection"].sudo()
        sellers = connections.with_context(active_test=False).search(
            [("kind", "=", "seller")]
        )
        over = [
            Domain("content", "=", content)
            & Domain("connection_id", "in", group.ids)
            & Domain("create_date", "<", now - timedelta(days=days))
            for content, setting in KEPT.items()
            for days, group in sellers.grouped(setting).items()
            if days
        ]
        if not over:
            return None
        return (
            Domain("direction", "=", "in")
            & Domain("state", "=", "decoded")
            & Domain("purged_at", "=", False)
            & Domain("document_ids", "not any", [("state", "not in", FINISHED)])
            & Domain.OR(over)
        )

    def _purge(self):
        nothing_new = self.filtered(
            lambda t: t.content == "orders" and not t.document_ids
        )
        nothing_new.unlink()
        (self - nothing_new).write(
            {
                "payload": False,
                "wire": False,
                "headers": False,
                "purged_at": fields.Datetime.now(),
            }
        )

    def action_decode_again(self):
        for transmission in self:
            if transmission.purged_at:
                raise UserError(
                    self.env._(
                        "The content of %(name)s was removed on %(day)s, when its "
                        "retention was over. Read the orders from Amazon again.",
                        name=transmission.name,
                        day=fields.Date.to_string(transmission.purged_at),
                    )
                )
        return super().action_decode_again()
