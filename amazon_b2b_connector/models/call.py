from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from .apart import Loose, apart

# of a connection that is no more
KEPT_DAYS = 30
PURGED_AT_ONCE = 10_000


class Call(models.Model):
    """One call of Amazon's Selling Partner API, as it went.

    Written apart from the work that made the call: what failed is in here too.
    """

    _name = "amazon.b2b.call"
    _description = "Amazon API call"
    _order = "id desc"
    _rec_name = "operation"
    _log_access = False

    connection_id = Loose("amazon.b2b.connection", required=True, index=True)
    company_id = Loose("res.company", required=True)
    date = fields.Datetime(required=True, index=True)
    operation = fields.Char(required=True)
    status = fields.Integer(
        "HTTP Status", aggregator=None, help="0 where no answer came."
    )
    seconds = fields.Float("Took (s)", digits=(12, 3), aggregator="avg")
    size = fields.Integer("Answer (bytes)")
    cost = fields.Float(
        "Cost (s)",
        digits=(12, 2),
        help="How long it takes until Amazon allows another call in its place.",
    )
    attempt = fields.Integer(
        "Try", aggregator=None, help="2 and more: it was repeated after a failure."
    )
    request_id = fields.Char("Request ID", help="What Amazon's support asks for.")
    error = fields.Char()

    @api.model
    def _record(self, connection, **values):
        """Write a call down at once, in a transaction of its own."""
        row = {
            "connection_id": connection.id,
            "company_id": connection.company_id.id,
            "date": fields.Datetime.now(),
            **values,
        }

        def work(cr):
            self.env(cr=cr, su=True)[self._name].create(row)

        apart(self.env, work)

    @api.autovacuum
    def _gc_old(self):
        domain = self._over_domain(fields.Datetime.now())
        old = self.sudo().search(domain, order="id", limit=PURGED_AT_ONCE)
        done = len(old)
        old.unlink()
        left = self.sudo().search_count(domain, limit=1)
        return done, left

    @api.model
    def _over_domain(self, now):
        """What is older than its connection keeps it."""
        connections = self.env["amazon.b2b.connection"].sudo()
        known = connections.with_context(active_test=False).search(
            [("kind", "=", "seller")]
        )
        over = Domain("connection_id", "not in", known.ids) & Domain(
            "date", "<", now - timedelta(days=KEPT_DAYS)
        )
        for days, group in known.grouped("keep_calls_days").items():
            if days:
                over |= Domain("connection_id", "in", group.ids) & Domain(
                    "date", "<", now - timedelta(days=days)
                )
        return over
