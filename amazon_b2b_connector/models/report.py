from contextlib import suppress
from datetime import timedelta
from functools import partial

from odoo import api, fields, models

from .. import spapi
from ..spapi.report_types import REPORT_TYPES
from .poll import aware
from .states import REPORT_MOVES, REPORT_STATES

LABELS = {
    "GET_FLAT_FILE_ORDER_REPORT_DATA_SHIPPING": "MFN orders: addresses",
    "GET_FLAT_FILE_ORDER_REPORT_DATA_INVOICING": "MFN orders: amounts and taxes",
    "GET_FLAT_FILE_ORDER_REPORT_DATA_TAX": "MFN orders: amounts and sales tax",
    "GET_AMAZON_FULFILLED_SHIPMENTS_DATA_INVOICING": "FBA shipments: with buyers",
    "GET_AMAZON_FULFILLED_SHIPMENTS_DATA_TAX": "FBA shipments: with sales tax",
    "GET_AMAZON_FULFILLED_SHIPMENTS_DATA_GENERAL": "FBA shipments",
    "GET_FLAT_FILE_ALL_ORDERS_DATA_BY_LAST_UPDATE_GENERAL": "MFN orders: status",
    "GET_FLAT_FILE_ALL_ORDERS_DATA_BY_ORDER_DATE_GENERAL": "All orders: totals",
}
# a report that was asked for so long before serves as well as a new one
FRESH = timedelta(minutes=30)
# how often Amazon may fail to make a report (FATAL), and the pause between
ATTEMPTS = 3
PAUSE = timedelta(minutes=15)
# Amazon cancels a report without data, but also one that is asked for too soon after
# another: every 30 minutes at the most (FBA sales reports)
UNTIL_SURE = timedelta(minutes=31)
# a report takes minutes: the longer it takes, the rarer it is looked at
SOONEST, LATEST = timedelta(seconds=20), timedelta(minutes=5)
MAX_REASON = 4000  # bytes of Amazon's explanation of a failure


class Report(models.Model):
    """A report that was asked for: of one type, for one range of time.

    Step by step: Amazon's list is searched for one that serves, else it is created;
    it is looked at until it is made; its document is fetched and stored.
    """

    _name = "amazon.b2b.report"
    _description = "Amazon report"
    _inherit = ["amazon.b2b.asking.mixin", "amazon.b2b.state.mixin"]
    _order = "id desc"
    _moves = REPORT_MOVES
    _cron_name = "cron_report"

    report_type = fields.Selection(
        [(name, LABELS[name]) for name in REPORT_TYPES], required=True
    )
    marketplaces = fields.Char(required=True, help="Amazon's marketplace IDs.")
    range_start = fields.Datetime("From", required=True)
    range_end = fields.Datetime("Until", required=True)
    state = fields.Selection(
        REPORT_STATES, required=True, default="wanted", index=True, readonly=True
    )
    report_number = fields.Char("Amazon's Report ID", readonly=True)
    document_number = fields.Char("Amazon's Document ID", readonly=True)
    requested_date = fields.Datetime("Requested At", readonly=True)
    attempts = fields.Integer(readonly=True)
    was_cancelled = fields.Boolean(
        "Cancelled Before",
        readonly=True,
        help="Amazon cancels a report without data, but also one that is asked for too "
        "often. So it is asked for once more.",
    )
    transmission_id = fields.Many2one(
        "amazon.b2b.transmission", readonly=True, index="btree_not_null"
    )

    _due_idx = models.Index("(next_run) WHERE state IN ('wanted', 'requested')")

    @api.depends("report_type", "range_start", "range_end")
    def _compute_display_name(self):
        labels = dict(self._fields["report_type"]._description_selection(self.env))
        for report in self:
            report.display_name = self.env._(
                "%(type)s, %(start)s to %(end)s",
                type=labels.get(report.report_type, "?"),
                start=report.range_start and report.range_start.date(),
                end=report.range_end and report.range_end.date(),
            )

    # wanting

    @api.model
    def _want(self, connection, group, start, end):
        """Ask for all reports that tell a group of orders of a range of time.

        The rows are Amazon's to serve from now on: once they are committed, none of
        the range is lost.

        :param group: ``mfn``, ``fba`` or ``all`` (:mod:`spapi.report_types`)
        :return: the new rows, none where no marketplace wants such orders
        """
        codes = connection._reported(group).mapped("code")
        reports = self.create(list(self._rows(connection, group, codes, start, end)))
        if reports:
            self._wake()
        return reports

    @api.model
    def _rows(self, connection, group, codes, start, end):
        for kind in spapi.report_types.wanted(group, connection.region):
            kept = fields.Datetime.now() - timedelta(days=kind.kept_days)
            span = timedelta(days=kind.most_days)
            for first in _steps(max(start, kept), end, span):
                for some in _chunks(codes, spapi.report_calls.MAX_MARKETPLACES):
                    yield {
                        "connection_id": connection.id,
                        "report_type": connection._report_type(kind),
                        "marketplaces": " ".join(some),
                        "range_start": first,
                        "range_end": min(first + span, end),
                    }

    # the steps

    @api.model
    def _cron_report(self):
        self._ask_all()

    def _due_domain(self):
        return [*super()._due_domain(), ("state", "in", ("wanted", "requested"))]

    def _type(self):
        return REPORT_TYPES[self.report_type]

    def _fetch(self, client):
        if self.state == "wanted":
            number = self._find(client) or self._create_report(client)
            return partial(self._keep_number, number)
        if not self.document_number:
            report = spapi.report_calls.status(client, self.report_number)
            reason = ""
            if report.status == spapi.report_calls.FATAL and report.document_id:
                reason = self._reason(client, report.document_id)
            return partial(self._keep_status, report, reason)
        return partial(self._keep_document, self._download(client))

    def _keep(self, found):
        found()

    def _find(self, client):
        """The id of a report that serves, ``""`` if there is none: one that a killed
        process created, or another program. Amazon cancels what is asked for too often.
        """
        page = spapi.report_calls.listed(
            client,
            [self.report_type],
            since=aware(max(self.range_end, self.create_date - FRESH)),
        )
        wanted = set(self.marketplaces.split())
        start, end = aware(self.range_start), aware(self.range_end)
        for report in page.reports:
            if (
                (report.running or report.status == spapi.report_calls.DONE)
                and wanted <= set(report.marketplaces)
                and report.start
                and report.end
                and report.start <= start
                and report.end >= end
            ):
                return report.id
        return ""

    def _create_report(self, client):
        return spapi.report_calls.create(
            client,
            self.report_type,
            self.marketplaces.split(),
            start=aware(self.range_start),
            end=aware(self.range_end),
            options=dict(self._type().options) or None,
        )

    def _keep_number(self, number):
        now = fields.Datetime.now()
        self._move("requested", report_number=number, requested_date=now)
        self._sleep(SOONEST)

    def _keep_status(self, report, reason):
        if report.running:
            taken = fields.Datetime.now() - self.requested_date
            self._sleep(min(max(taken / 2, SOONEST), LATEST))
        elif report.status == spapi.report_calls.CANCELLED:
            self._be_cancelled()
        elif report.status == spapi.report_calls.FATAL or not report.document_id:
            self._made_wrong(reason)
        else:
            self.document_number = report.document_id
            self._sleep(timedelta())

    def _be_cancelled(self):
        if self.was_cancelled:
            self._move("empty")
        else:
            self._want_again(was_cancelled=True)
            self._sleep(UNTIL_SURE)

    def _made_wrong(self, reason):
        problem = self.env._("Amazon could not make the report. %s", reason).strip()
        self.attempts += 1
        if self.attempts < ATTEMPTS:
            self._want_again(problem=problem)
            self._sleep(PAUSE)
        else:
            self._give_up(problem)

    def _reason(self, client, document_id):
        """Why Amazon could not make it, where that can be had."""
        with suppress(spapi.SpapiError):
            document = spapi.report_calls.document(client, document_id)
            body = spapi.report_calls.fetch(client, document).body
            return spapi.errors.cleaned(body[:MAX_REASON].decode("utf-8", "replace"))
        return ""

    def _download(self, client):
        token = None
        if self._type().restricted:
            resource = spapi.tokens_calls.report_document(self.document_number)
            token = spapi.tokens_calls.create(client, [resource]).token
        document = spapi.report_calls.document(client, self.document_number, token)
        return spapi.report_calls.fetch(client, document)

    def _keep_document(self, fetched):
        """Store the bytes and be done, in one transaction."""
        transmissions = self.env["amazon.b2b.transmission"].sudo()
        transmission = transmissions._receive(
            {
                "transport": "spapi",
                "content": "report",
                "company_id": self.company_id.id,
                "connection_id": self.connection_id.id,
                "content_type": fetched.content_type,
                "filename": self.display_name,
                **transmissions._payload_values(fetched.body),
            }
        )
        self._move("done", transmission_id=transmission.id)

    # what goes wrong

    def _go_wrong(self, error):
        instead = self._type().instead
        if isinstance(error, spapi.Forbidden) and instead:
            # the role for personal data is missing: the rest can be had
            self._want_again(report_type=instead)
        elif isinstance(error, spapi.NotFound) and self.state == "requested":
            self._want_again(problem=str(error))
        elif isinstance(error, spapi.BadRequest) and self.state == "wanted":
            self._give_up(str(error))
        else:
            self._failed(str(error))

    def _what_fails(self):
        return self.env._("this report cannot be had: %s", self.display_name)

    def _want_again(self, **values):
        self._move("wanted", report_number=False, document_number=False, **values)
        self._sleep(timedelta())

    def _give_up(self, problem):
        self._move("failed", problem=problem)
        self._tell_once()

    # person's actions

    def action_ask_again(self):
        for report in self:
            report.check_access("read")
            report.connection_id._check_may_authorise()
            report.sudo()._want_again(
                attempts=0, was_cancelled=False, told=False, problem=False
            )

    def action_open_transmission(self):
        self.ensure_one()
        return self.transmission_id.get_formview_action()


class Connection(models.Model):
    _inherit = "amazon.b2b.connection"

    def _reported(self, group):
        """The marketplaces whose orders of a group are wanted."""
        return self.marketplace_ids.filtered(
            lambda line: (
                line.is_enabled
                and {
                    "mfn": line.import_mfn or line.import_prime,
                    "fba": line.import_fba,
                    "all": True,
                }[group]
            )
        )

    def _report_type(self, kind):
        """The name of a report, or of what serves without the role it needs."""
        missing = (self.missing_roles or "").splitlines()
        return kind.instead if kind.instead and kind.role in missing else kind.name


def _steps(start, end, span):
    """The beginnings of ranges of at most ``span`` that cover ``start`` to ``end``."""
    while start < end:
        yield start
        start += span


def _chunks(values, size):
    return (values[i : i + size] for i in range(0, len(values), size))
