from datetime import timedelta, timezone
from itertools import product

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .. import spapi
from .worker import TAKEN

MINUTES = 5
# Amazon takes no end of a range later than this before now (Orders API 2026-01-01)
NOT_YET_MINUTES = 2
# what one run reads again of the one before: clocks differ, and updates arrive late
OVERLAP_MINUTES = 10
# a pagination token dies after 24 hours
TOKEN_HOURS = 23
# what is read -> the connection's ways on which it is
ROUTES = {"orders": "api", "mfn": "reports", "fba": "reports"}


class Poll(models.Model):
    """How far the orders of a seller account have been read.

    ``cursor`` is durable: every order that was updated before it is stored, or a
    report that tells of it is asked for. A run reads from there (with an overlap) to a
    fixed end. Where it goes page by page, a page and the place where to go on are
    committed together, so that a killed process asks for the page again and no more.
    """

    _name = "amazon.b2b.poll"
    _description = "Amazon: how far orders have been read"
    _inherit = ["amazon.b2b.asking.mixin"]
    _rec_name = "connection_id"
    _cron_name = "cron_poll"

    kind = fields.Selection(
        [
            ("orders", "Orders API"),
            ("mfn", "Reports of MFN orders"),
            ("fba", "Reports of FBA shipments"),
        ],
        required=True,
        default="orders",
    )
    cursor = fields.Datetime("Read Up To")
    first_start = fields.Datetime(
        "Read From", help="Everything that was updated since then was asked for once."
    )
    range_start = fields.Datetime()
    range_end = fields.Datetime()
    token = fields.Text(groups="base.group_system")
    token_date = fields.Datetime()
    pages = fields.Integer("Pages of This Run")
    last_run = fields.Datetime("Last Complete Run")
    asked_by_id = fields.Many2one(
        "res.users", help="Pressed “Synchronise” and is told where it fails."
    )

    _connection_uniq = models.UniqueIndex(
        "(connection_id, kind)", "The orders of this connection are read already."
    )

    @api.model
    def _cron_poll(self):
        """Ask for one page after the other of every account that is due."""
        try:
            self._add_missing()
        except TAKEN:
            self.env.cr.rollback()  # another worker has just added them
        self._ask_all()

    def _due_domain(self):
        ways = [
            [("kind", "=", kind), ("connection_id.order_route", "=", route)]
            for kind, route in ROUTES.items()
        ]
        return fields.Domain.AND(
            [super()._due_domain(), fields.Domain.OR(map(fields.Domain, ways))]
        )

    @api.model
    def _add_missing(self):
        """A row for each account and kind that has none.

        In a statement that does not log its failure: two workers at once, or one and
        the button, are no error.

        :raise SerializationFailure: another worker added it since our snapshot
        """
        sellers = self.env["amazon.b2b.connection"].search([("kind", "=", "seller")])
        known = {(poll.connection_id, poll.kind) for poll in self.search([])}
        for seller, kind in product(sellers, ROUTES):
            if (seller, kind) not in known:
                statement = SQL(
                    "INSERT INTO amazon_b2b_poll"
                    " (connection_id, company_id, kind, next_run)"
                    " VALUES (%s, %s, %s, %s) ON CONFLICT DO NOTHING",
                    seller.id,
                    seller.company_id.id,
                    kind,
                    fields.Datetime.now(),
                )
                self.env.cr.execute(statement, log_exceptions=False)
        sellers.invalidate_recordset(["poll_ids"])

    def _fetch(self, client):
        now = fields.Datetime.now()
        if self.token and self.token_date < now - timedelta(hours=TOKEN_HOURS):
            self.token = False
        if not self.token:
            self.connection_id._read_marketplaces_daily()
            self._begin(now)
        return spapi.orders_calls.search(
            client,
            last_updated_after=aware(self.range_start),
            last_updated_before=aware(self.range_end),
            marketplaces=self._codes(),
            token=self.token or None,
        )

    def _codes(self):
        codes = self.connection_id.marketplace_ids.mapped("code")
        if not codes:
            raise UserError(
                self.env._(
                    "Amazon has named no marketplace of this account yet. An Amazon "
                    "Manager reads them with “Check and Synchronise”."
                )
            )
        return codes

    def _begin(self, now, overlap=OVERLAP_MINUTES):
        start = self.cursor or self.connection_id._orders_from()
        if self.cursor:
            start -= timedelta(minutes=overlap)
        end = now - timedelta(minutes=NOT_YET_MINUTES)
        first = min(self.first_start or start, start)
        self.write(
            {
                "range_start": start,
                "range_end": end,
                "first_start": first,
                "pages": 0,
            }
        )

    def _keep(self, page):
        """Store the page and where to go on, in one transaction."""
        self.connection_id._has_role("searchOrders")
        if page.orders:
            self.connection_id._keep_orders_answer(
                page.body,
                self.env._(
                    "Orders updated until %(end)s, page %(page)s",
                    end=self.range_end,
                    page=self.pages + 1,
                ),
            )
        if page.next_token:
            self.write(
                {
                    "token": page.next_token,
                    "token_date": self.token_date
                    if self.token
                    else fields.Datetime.now(),
                    "pages": self.pages + 1,
                }
            )
            return
        self._complete()
        self._sleep(timedelta(minutes=MINUTES))

    def _complete(self):
        self.write(
            {
                "asked_by_id": False,
                "cursor": self.range_end,
                "token": False,
                "pages": 0,
                "last_run": fields.Datetime.now(),
            }
        )

    def _go_wrong(self, error):
        # the range is asked for anew, without a token that Amazon does not take
        values = {"token": False} if isinstance(error, spapi.BadRequest) else {}
        self._failed(str(error), **values)

    def _failed(self, problem, **values):
        result = super()._failed(problem, **values)
        if self.asked_by_id:
            self.asked_by_id._bus_send(
                "simple_notification",
                {
                    "type": "danger",
                    "sticky": True,
                    "title": self.env._(
                        "Amazon, %s: orders cannot be read", self.connection_id.name
                    ),
                    "message": problem,
                },
            )
            self.asked_by_id = False
        return result

    def _what_fails(self):
        return self.env._("orders cannot be read")

    def _read_from(self, moment):
        """Read everything that was updated since ``moment`` again; what has not been
        read yet stays to be read."""
        reached = self.cursor or self.connection_id._orders_from()
        self.write(
            {
                "cursor": min(moment, reached),
                "token": False,
                "next_run": fields.Datetime.now(),
            }
        )
        self._wake()


class Connection(models.Model):
    _inherit = "amazon.b2b.connection"

    poll_ids = fields.One2many("amazon.b2b.poll", "connection_id")

    def _trigger_poll(self, asked_by=None):
        """Have the orders of these accounts read now.

        Those that are just being read are left alone: nobody waits for Amazon here.

        :param asked_by: the user who is told where it fails
        """
        polls = self.env["amazon.b2b.poll"].sudo()
        polls._add_missing()
        polls = polls.search([("connection_id", "in", self.ids)]).try_lock_for_update()
        polls.write(
            {
                "next_run": fields.Datetime.now(),
                "asked_by_id": asked_by and asked_by.id,
            }
        )
        polls._wake()

    def _keep_orders_answer(self, body, title):
        """Store an answer of the Orders API; its decoding follows by itself.

        :param body: the bytes of a page of orders, or of one order
        :param title: what the transmission is called
        """
        transmissions = self.env["amazon.b2b.transmission"].sudo()
        return transmissions._receive(
            {
                "transport": "spapi",
                "content": "orders",
                "company_id": self.company_id.id,
                "connection_id": self.id,
                "content_type": "application/json",
                "filename": title,
                **transmissions._payload_values(body),
            }
        )


def aware(moment):
    return moment.replace(tzinfo=timezone.utc)
