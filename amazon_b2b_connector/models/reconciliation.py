from collections import defaultdict
from datetime import timedelta

from odoo import api, fields, models

from .. import spapi
from .reconciling import UNDER_WAY, Counter, Ours

KEPT_DAYS = 180
PURGED_AT_ONCE = 1000

WHATS = [
    ("missing", "Missing here"),
    ("held", "Not imported"),
    ("total", "Total differs"),
    ("cancelled", "Cancelled on one side only"),
    ("unknown", "Unknown at Amazon"),
]


class Reconciliation(models.Model):
    """The orders of a marketplace over some days, counted and summed at Amazon and
    here, and each order that differs."""

    _name = "amazon.b2b.reconciliation"
    _description = "Amazon reconciliation"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _rec_name = "channel"

    connection_id = fields.Many2one(
        "amazon.b2b.connection", required=True, ondelete="cascade", index=True
    )
    marketplace_id = fields.Many2one("amazon.b2b.marketplace", index=True)
    channel = fields.Char("Sales Channel", required=True)
    company_id = fields.Many2one("res.company", required=True, index=True)
    currency_id = fields.Many2one("res.currency")
    currency_code = fields.Char()
    range_start = fields.Datetime("From", required=True)
    range_end = fields.Datetime("Until", required=True)
    amazon_count = fields.Integer("Orders at Amazon")
    amazon_total = fields.Float("Total at Amazon", digits=(16, 2))
    our_count = fields.Integer("Orders Here")
    our_total = fields.Float("Total Here", digits=(16, 2))
    difference = fields.Float(compute="_compute_difference", digits=(16, 2))
    line_ids = fields.One2many("amazon.b2b.reconciliation.line", "reconciliation_id")
    line_count = fields.Integer(
        "Differences", compute="_compute_line_count", store=True
    )
    has_orders = fields.Boolean(compute="_compute_has_orders")
    transmission_id = fields.Many2one("amazon.b2b.transmission", index=True)

    @api.depends("channel", "range_start", "range_end")
    def _compute_display_name(self):
        for record in self:
            record.display_name = self.env._(
                "%(channel)s, %(start)s to %(end)s",
                channel=record.channel,
                start=record.range_start and record.range_start.date(),
                end=record.range_end and record.range_end.date(),
            )

    @api.depends("amazon_total", "our_total")
    def _compute_difference(self):
        for record in self:
            record.difference = record.our_total - record.amazon_total

    @api.depends("line_ids")
    def _compute_line_count(self):
        for record in self:
            record.line_count = len(record.line_ids)

    @api.depends("line_ids.sale_order_id")
    def _compute_has_orders(self):
        for record in self:
            record.has_orders = bool(record.line_ids.sudo().sale_order_id)

    # asking

    @api.model
    def _cron_reconcile(self):
        """Ask for the reports of all orders of every account that can be asked."""
        connections = self.env["amazon.b2b.connection"].search(
            [
                ("kind", "=", "seller"),
                ("authorisation_state", "=", "ok"),
                ("order_route", "!=", "file"),
                ("reconcile_days", ">", 0),
            ]
        )
        for connection in connections:
            connection._want_reconciliation()

    # comparing

    @api.model
    def _reconcile(self, transmission, report, reading):
        """Compare a report of all orders with what is here.

        :param report: the ``amazon.b2b.report`` that asked for it, or none where the
            file was uploaded: then its orders bound the range
        :param reading: :class:`spapi.TotalsReading`
        :return: one reconciliation for each marketplace and currency
        """
        created = [t.created.replace(tzinfo=None) for t in reading.totals if t.created]
        start = report.range_start or min(created, default=False)
        end = report.range_end or max(created, default=False)
        if not start:
            return self
        connection = transmission.connection_id
        ours = Ours(transmission, start, end, {t.number for t in reading.totals})
        groups = defaultdict(list)
        for totals in reading.totals:
            marketplace = connection._marketplace_of_channel(totals.channel)
            if totals.channel != spapi.NON_AMAZON:
                key = (marketplace, totals.channel if not marketplace else "")
                groups[(*key, totals.currency)].append(totals)
        for order in ours.unknown():
            marketplace = order.amazon_b2b_marketplace_id
            groups[marketplace, "", order.currency_id.name] += ()
        found = self
        currencies = self.env["res.currency"].with_context(active_test=False)
        known = {
            c.name: c
            for c in currencies.search([("name", "in", [key[2] for key in groups])])
        }
        for (marketplace, channel, currency), totals in _without_currency(groups):
            found |= self._compare(
                {
                    "connection_id": connection.id,
                    "marketplace_id": marketplace.id,
                    "channel": marketplace.name or channel or "?",
                    "company_id": (marketplace or connection).company_id.id,
                    "currency_id": known.get(currency, currencies).id,
                    "currency_code": currency,
                    "range_start": start,
                    "range_end": end,
                    "transmission_id": transmission.id,
                },
                totals,
                ours,
            )
        found._tell_differences()
        return found

    @api.model
    def _compare(self, values, totals, ours):
        marketplace = self.env["amazon.b2b.marketplace"].browse(
            values["marketplace_id"]
        )
        counter = Counter(marketplace, ours)
        for each in totals:
            counter.add(each)
        for order in ours.unknown(marketplace, values["currency_code"]):
            counter.add_unknown(order)
        return self.create(
            {
                **values,
                "amazon_count": counter.amazon[0],
                "amazon_total": float(counter.amazon[1]),
                "our_count": counter.ours[0],
                "our_total": float(counter.ours[1]),
                "line_ids": [fields.Command.create(line) for line in counter.lines],
            }
        )

    # telling

    def _tell_differences(self):
        """Put the latest differences of each marketplace before its responsible; what
        earlier ones of the same time asked for is in them."""
        for record in self:
            earlier = self.search(
                [
                    ("connection_id", "=", record.connection_id.id),
                    ("marketplace_id", "=", record.marketplace_id.id),
                    ("channel", "=", record.channel),
                    ("range_start", "<", record.range_end),
                    ("range_end", ">", record.range_start),
                    ("id", "!=", record.id),
                    ("id", "not in", self.ids),
                    ("activity_ids", "!=", False),
                ]
            )
            earlier.activity_unlink(["mail.mail_activity_data_todo"])
            if record.line_count:
                record._remind()

    def _remind(self):
        person = self.marketplace_id.user_id._amazon_b2b_able()
        self.activity_schedule(
            "mail.mail_activity_data_todo",
            summary=self.env._(
                "%(channel)s: %(count)s orders differ from Amazon's",
                channel=self.channel,
                count=self.line_count,
            ),
            user_id=(
                person or self.connection_id._person(self.company_id) or self.env.user
            ).id,
        )

    @api.autovacuum
    def _gc_old(self):
        before = fields.Datetime.now() - timedelta(days=KEPT_DAYS)
        domain = [("create_date", "<", before)]
        old = self.sudo().search(domain, order="id", limit=PURGED_AT_ONCE)
        old.unlink()
        return len(old), self.sudo().search_count(domain, limit=1)

    def action_open_orders(self):
        """The orders that differ, where there is one here."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Orders that differ"),
            "res_model": "sale.order",
            "view_mode": "list,form",
            "domain": [("id", "in", self.line_ids.sale_order_id.ids)],
        }


class ReconciliationLine(models.Model):
    """One order that differs."""

    _name = "amazon.b2b.reconciliation.line"
    _description = "Amazon reconciliation: an order that differs"
    _order = "what, number, id"
    _rec_name = "number"

    reconciliation_id = fields.Many2one(
        "amazon.b2b.reconciliation", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="reconciliation_id.company_id", store=True)
    number = fields.Char("Order", required=True)
    what = fields.Selection(WHATS, "Difference", required=True)
    detail = fields.Char()
    amazon_total = fields.Float("At Amazon", digits=(16, 2))
    our_total = fields.Float("Here", digits=(16, 2))
    document_id = fields.Many2one("amazon.b2b.document", ondelete="set null")
    sale_order_id = fields.Many2one("sale.order", ondelete="set null")


class Connection(models.Model):
    _inherit = "amazon.b2b.connection"

    reconciliation_ids = fields.One2many("amazon.b2b.reconciliation", "connection_id")

    def _want_reconciliation(self):
        end = fields.Datetime.now() - UNDER_WAY
        start = end - timedelta(days=self.reconcile_days)
        return self.env["amazon.b2b.report"].sudo()._want(self, "all", start, end)

    def action_reconcile(self):
        """The button: compare now."""
        self._check_may_authorise()
        return self._want_reconciliation()._show()


def _without_currency(groups):
    """Orders of which no currency is told, as cancelled ones, join the others of
    their marketplace."""
    named = {key[:2]: key for key in groups if key[2]}
    joined = defaultdict(list)
    for key, totals in groups.items():
        joined[key if key[2] else named.get(key[:2], key)] += totals
    return joined.items()
