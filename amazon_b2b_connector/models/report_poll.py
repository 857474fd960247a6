from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..spapi.report_types import REPORT_TYPES
from .poll import NOT_YET_MINUTES

# an order comes into its reports up to 30 minutes after it left pending, a shipment
# of Amazon's rarely a day after it left (report type values; FBA sales reports)
OVERLAPS = {"mfn": 60, "fba": 24 * 60}
# Amazon makes a report of shipments every 30 minutes at the most
LEAST_MINUTES = 30
MAX_DAYS = 60
# reports that wait for a call still keep further ones back
LOOK_AGAIN = timedelta(minutes=5)


class Poll(models.Model):
    """Orders that come by reports: the cursor moves with the reports' rows, which are
    never lost once they are committed."""

    _inherit = "amazon.b2b.poll"

    def _ask(self):
        if self.kind == "orders":
            return super()._ask()
        return self._ask_for_reports()

    def _ask_for_reports(self):
        connection = self.connection_id
        connection._read_marketplaces_daily()
        reports = self.env["amazon.b2b.report"]
        if not connection._reported(self.kind) or reports.search_count(
            [
                ("connection_id", "=", connection.id),
                ("state", "=", "wanted"),
                ("report_type", "in", _names(self.kind)),
            ],
            limit=1,
        ):
            self._sleep(LOOK_AGAIN)
            return
        self._begin(fields.Datetime.now(), OVERLAPS[self.kind])
        reports._want(connection, self.kind, self.range_start, self.range_end)
        self._complete()
        self._sleep(timedelta(minutes=connection.report_minutes))


class Connection(models.Model):
    _inherit = "amazon.b2b.connection"

    report_minutes = fields.Integer(
        "Ask for Reports Every (minutes)",
        default=60,
        help="Amazon makes them every 30 minutes at the most.",
    )
    reconcile_days = fields.Integer(
        "Compare the Last (days)",
        default=30,
        help="Every night the orders of so many days are counted and summed at Amazon "
        "and here. 0: never.",
    )
    report_ids = fields.One2many("amazon.b2b.report", "connection_id", "Reports")

    @api.constrains("report_minutes", "reconcile_days")
    def _check_report_settings(self):
        for record in self:
            if record.report_minutes < LEAST_MINUTES:
                raise ValidationError(
                    self.env._("Reports are asked for every 30 minutes at the most.")
                )
            if not 0 <= record.reconcile_days <= MAX_DAYS:
                raise ValidationError(
                    self.env._(
                        "Compare between 1 and %s days, or 0 for never.", MAX_DAYS
                    )
                )

    def _catch_up(self, moment):
        """Ask once for the reports of all orders since ``moment``."""
        reports = self.env["amazon.b2b.report"].sudo()
        until = fields.Datetime.now() - timedelta(minutes=NOT_YET_MINUTES)
        return reports.union(
            *(reports._want(self, group, moment, until) for group in OVERLAPS)
        )


def _names(group):
    return [each.name for each in REPORT_TYPES.values() if each.group == group]
