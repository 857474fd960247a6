import json
from datetime import timedelta
from math import ceil
from urllib.parse import urlsplit

from markupsafe import Markup
from odoo import api, fields, models
from odoo.exceptions import UserError

from .. import spapi, vault
from .rate_bucket import Gate, full

# JSON: na, eu, fe (the API), lwa (the token's address), seller_central -> URL. For a
# stand-in of Amazon; a Manager cannot write it, else he could lead tokens elsewhere.
ENDPOINTS = "amazon_b2b.spapi_endpoints"

METER = Markup('<table class="table table-sm">%s</table>')
METER_ROW = Markup(
    "<tr><td>{operation}</td><td>{left} / {burst}</td>"
    '<td class="w-25"><div class="progress"><div class="progress-bar" '
    'style="width: {percent}%"/></div></td>'
    "<td>{a_minute:.2f}</td><td>{seconds} s</td></tr>"
)


class Connection(models.Model):
    """How a seller's connection calls Amazon."""

    _inherit = "amazon.b2b.connection"

    call_ids = fields.One2many("amazon.b2b.call", "connection_id", "Calls")
    call_count = fields.Integer(compute="_compute_call_count")
    meter = fields.Html(compute="_compute_meter", sanitize=False)

    @api.model
    def _endpoints(self):
        """The addresses that are not Amazon's own."""
        text = self.env["ir.config_parameter"].sudo().get_param(ENDPOINTS)
        try:
            endpoints = json.loads(text or "{}")
            good = isinstance(endpoints, dict) and all(
                urlsplit(url).scheme in ("https", "http") for url in endpoints.values()
            )
        except (ValueError, TypeError, AttributeError):
            good = False
        if not good:
            raise UserError(
                self.env._(
                    "The system parameter %s is no JSON object of addresses.", ENDPOINTS
                )
            )
        return endpoints

    def _endpoint(self):
        return self._endpoints().get(self.region) or (
            spapi.REGIONS[self.region].endpoint(sandbox=self.is_sandbox)
        )

    def _client(self):
        """A :class:`spapi.Client` for this account.

        It takes access tokens from the shared cache, asks the shared buckets before
        each call, and writes each call down; all three in transactions of their own.

        :raise UserError: this database exchanges nothing, or nothing is authorised
        """
        self.ensure_one()
        if obstacle := self.env["amazon.b2b.origin"]._obstacle():
            raise UserError(obstacle)
        if not self.sudo().sealed_refresh_token:
            raise UserError(
                self.env._("%s is not authorised yet: use “Authorise”.", self.name)
            )
        return spapi.Client(
            self._endpoint(),
            _Tokens(self),
            Gate(self.env, *self._bucket_key()),
            observe=self._observe,
            allow_loopback_http=self.region in self._endpoints(),
        )

    def _observe(self, call):
        self.env["amazon.b2b.call"]._record(
            self,
            operation=call.operation,
            status=call.status,
            seconds=call.seconds,
            size=call.size,
            cost=self._cost(call),
            attempt=call.retry + 1,
            request_id=call.request_id,
            error=call.problem,
        )
        self.env["amazon.b2b.origin"]._remember_first()

    def _cost(self, call):
        """Seconds until Amazon has given back what the call took."""
        if not call.cost:
            return 0
        key = (*self._bucket_key(), call.operation)
        return call.cost / (call.rate_limit or full(key, 0).rate)

    def _bucket_key(self):
        """Whose buckets these are: region, environment and seller."""
        return self.region, self.is_sandbox, self.seller_id

    def _refresh_token(self):
        return vault.unseal(self.env, self.sudo().sealed_refresh_token).decode()

    def _meter(self):
        """How many calls are left of each operation that was called.

        :return: dicts: operation, left and burst (calls), a_minute (calls that come
            back), full_in (seconds)
        """
        self.ensure_one()
        return [
            {
                "operation": operation,
                "left": int(bucket.level),
                "burst": int(bucket.burst),
                "a_minute": bucket.rate * 60,
                "full_in": (bucket.burst - bucket.level) / bucket.rate,
            }
            for operation, bucket in self.env["amazon.b2b.rate.bucket"]._meter(
                self._bucket_key()
            )
        ]

    def _compute_meter(self):
        head = Markup("<tr><th>%s</th><th>%s</th><th/><th>%s</th><th>%s</th></tr>") % (
            self.env._("Operation"),
            self.env._("Calls left"),
            self.env._("Come back a minute"),
            self.env._("All back in"),
        )
        for record in self:
            rows = [
                METER_ROW.format(
                    **line,
                    percent=100 * line["left"] // line["burst"],
                    seconds=ceil(line["full_in"]),
                )
                for line in (record.seller_id and record._meter()) or ()
            ]
            record.meter = rows and METER % (head + Markup().join(rows))

    def _compute_call_count(self):
        since = fields.Datetime.now() - timedelta(days=1)
        counts = dict(
            self.env["amazon.b2b.call"]._read_group(
                [("connection_id", "in", self.ids), ("date", ">", since)],
                ["connection_id"],
                ["__count"],
            )
        )
        for record in self:
            record.call_count = counts.get(record, 0)

    def action_open_calls(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "amazon_b2b_connector.amazon_b2b_call_action"
        )
        return {**action, "domain": [("connection_id", "=", self.id)]}


class _Tokens:
    """The access tokens of a connection, as :class:`spapi.Client` asks for them."""

    def __init__(self, connection):
        self._connection = connection
        self._last = None

    def __call__(self, fresh):
        connection = self._connection
        self._last = connection.env["amazon.b2b.access.token"]._obtain(
            connection.id,
            lambda: (
                connection.env["amazon.b2b.application"]
                ._lwa()
                .refresh(connection._refresh_token())
            ),
            refused=self._last if fresh else None,
        )
        return self._last
