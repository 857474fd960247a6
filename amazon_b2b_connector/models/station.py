from typing import Any, NamedTuple
from urllib.parse import urlsplit

from odoo import api, fields, models, tools
from odoo.exceptions import UserError, ValidationError
from odoo.http import db_filter, db_list
from odoo.tools import config

from .. import as2
from .remembered import CACHE

ROUTE = "/amazon_b2b/as2"
MEGABYTE = 1024 * 1024
# scheme -> port where the address names none
PORTS = {"http": 80, "https": 443}


class Pair(NamedTuple):
    """Our station and Amazon's, between which a message goes.

    The records are for what is seldom asked; the rest takes no query.
    """

    own: Any
    partner: Any
    company_id: int
    max_size: int  # bytes of a body


class Station(models.Model):
    """An AS2 party: us (AS2 id, keys) or Amazon (AS2 id, URL, certificates)."""

    _name = "amazon.b2b.station"
    _description = "Amazon AS2 station"
    _inherit = ["mail.thread", "amazon.b2b.remembered.mixin"]
    _order = "kind, name"
    _check_company_auto = True

    name = fields.Char(required=True)
    active = fields.Boolean(
        default=True,
        help="An archived station is unknown to what comes in, and nothing is sent "
        "to it or from it.",
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    kind = fields.Selection(
        [("own", "Ours"), ("partner", "Amazon's")], required=True, default="own"
    )
    as2_id = fields.Char(
        "AS2 ID",
        required=True,
        size=128,
        help="AS2-From and AS2-To, exact to the letter.",
    )
    certificate_ids = fields.One2many("amazon.b2b.certificate", "station_id")
    receive_url = fields.Char("Receiving URL", compute="_compute_receive_url")
    receive_hint = fields.Text(compute="_compute_receive_url")
    max_megabytes = fields.Integer(
        "Largest Message (MB)", default=50, help="Larger bodies are refused unread."
    )

    url = fields.Char("URL", help="Where messages to this station are sent.")
    sign = fields.Selection(
        [
            ("sha256", "SHA-256"),
            ("sha384", "SHA-384"),
            ("sha512", "SHA-512"),
            ("none", "Do not sign"),
        ],
        default="sha256",
        required=True,
    )
    encrypt = fields.Selection(
        [
            ("aes128_cbc", "AES-128 CBC"),
            ("aes192_cbc", "AES-192 CBC"),
            ("aes256_cbc", "AES-256 CBC"),
            ("none", "Do not encrypt"),
        ],
        default="aes256_cbc",
        required=True,
    )
    compress = fields.Boolean()
    mdn = fields.Selection(
        [("sync", "In the answer"), ("async", "In a request of its own")],
        "Receipt (MDN)",
        default="sync",
        required=True,
    )
    allow_3des = fields.Boolean("Accept 3DES")
    allow_sha1 = fields.Boolean("Accept SHA-1")
    require_signature = fields.Boolean(default=True)
    require_encryption = fields.Boolean(default=True)
    timeout = fields.Integer(
        "Time-out (s)", default=60, help="How long an answer is waited for."
    )

    _own_as2_id_uniq = models.UniqueIndex(
        "(as2_id) WHERE active AND kind = 'own'",
        "Another station of ours already uses this AS2 id.",
    )
    _partner_as2_id_uniq = models.UniqueIndex(
        "(company_id, as2_id) WHERE active AND kind = 'partner'",
        "Another station already has this AS2 id.",
    )

    @api.constrains("as2_id")
    def _check_as2_id(self):
        for station in self:
            # RFC 4130 section 6.2: printable ASCII, no backslash, no quote
            if not all(
                " " <= char <= "~" and char not in '"\\' for char in station.as2_id
            ):
                raise ValidationError(
                    self.env._(
                        "The AS2 id of %s may hold printable ASCII characters only, "
                        "without quotes and backslashes.",
                        station.name,
                    )
                )

    @api.constrains("url")
    def _check_url(self):
        for station in self.filtered("url"):
            if not _is_http(station.url):
                raise ValidationError(
                    self.env._(
                        "The URL of %s must start with https:// or http://.",
                        station.name,
                    )
                )

    @api.depends("kind")
    def _compute_receive_url(self):
        """The address to give to Amazon, and what is in the way of its working.

        Amazon's request carries no session, so Odoo must know the database from
        the host name (``dbfilter``) or from the header ``X-Odoo-Database``.
        """
        base = self.env["ir.config_parameter"].sudo().get_param("web.base.url", "")
        host = urlsplit(base).netloc
        database = self.env.cr.dbname
        found = db_filter([database], host=host) and (
            (config["db_name"] and [database]) or db_list(force=True, host=host)
        )
        for station in self:
            station.receive_url = base + ROUTE if station.kind == "own" else False
            station.receive_hint = False
            if station.kind == "own" and found != [database]:
                station.receive_hint = self.env._(
                    "This server holds several databases. Let the reverse proxy add "
                    "the header “X-Odoo-Database: %(database)s” to this address, or "
                    "set “dbfilter” so that %(host)s leads to this database only.",
                    database=database,
                    host=host,
                )

    @api.model
    def _find_pair(self, envelope):
        """The :class:`Pair` for AS2-To and AS2-From, or nothing."""
        try:
            own, partner, *values = self._pair(envelope.as2_to, envelope.as2_from)
        except LookupError:
            return None
        return Pair(self.browse(own), self.browse(partner), *values)

    @api.model
    @tools.ormcache("as2_to", "as2_from", cache=CACHE)
    def _pair(self, as2_to, as2_from):
        """Ids of both stations, id of the company, bytes of a body.

        :raise LookupError: there are none; unlike an answer it is not remembered, so
            that strangers cannot fill the memory
        """
        own = self.search([("kind", "=", "own"), ("as2_id", "=", as2_to)])
        partner = own and self.search(
            [
                ("kind", "=", "partner"),
                ("as2_id", "=", as2_from),
                ("company_id", "=", own.company_id.id),
            ]
        )
        if not partner:
            raise LookupError
        return own.id, partner.id, own.company_id.id, own.max_megabytes * MEGABYTE

    def _identity(self):
        """Our station as :mod:`as2` wants it; the first key signs, all decrypt."""
        self.ensure_one()
        return self._identity_in(_this_minute())

    @tools.ormcache("self.id", "minute", cache=CACHE)
    def _identity_in(self, minute):
        held = self.certificate_ids.filtered(
            lambda c: c.has_key and c.state != "expired"
        ).sorted(lambda c: (c.state != "valid", -c.id))
        if not held:
            raise UserError(
                self.env._(
                    "%s has no valid certificate with a private key. Enter one with "
                    "“Enter key”.",
                    self.name,
                )
            )
        return as2.Identity(
            as2_id=self.as2_id, keys=tuple(c._private_key() for c in held)
        )

    def _partner(self):
        """Amazon's station as :mod:`as2` wants it, with its pinned certificates."""
        self.ensure_one()
        return self._partner_in(_this_minute())

    @tools.ormcache("self.id", "minute", cache=CACHE)
    def _partner_in(self, minute):
        trusted = self.certificate_ids.filtered(lambda c: c.state != "expired").sorted(
            lambda c: (c.state != "valid", -c.id)
        )
        if not trusted:
            raise UserError(
                self.env._("%s has no valid certificate of Amazon's.", self.name)
            )
        certificates = tuple(c._certificate() for c in trusted)
        return as2.Station(
            as2_id=self.as2_id,
            certificates=certificates,
            encryption_certificate=certificates[0],
            policy=self._policy(),
            sign=None if self.sign == "none" else self.sign,
            encrypt=None if self.encrypt == "none" else self.encrypt,
            compress=self.compress,
            mdn=self.mdn,
        )

    def _policy(self):
        default = as2.Policy()
        return as2.Policy(
            digests=default.digests | ({"sha1"} if self.allow_sha1 else set()),
            ciphers=default.ciphers
            | ({"tripledes_3key"} if self.allow_3des else set()),
            require_signature=self.require_signature,
            require_encryption=self.require_encryption,
            max_size=self.max_megabytes * MEGABYTE,
        )

    def _may_get_receipt_at(self, url):
        """Whether ``url`` is an address of this station's: the host it is configured
        with, no less protected, on its own port or on the usual one. ``url`` comes
        from a header that nobody signed."""
        try:
            ours, theirs = urlsplit(self.url or ""), urlsplit(url or "")
            port = _port(theirs)
            own = (ours.scheme, _port(ours))
        except ValueError:  # a bracket or a port that is none
            return False
        return (
            theirs.scheme in ("https", ours.scheme)
            and bool(ours.hostname)
            and ours.hostname == theirs.hostname
            and (
                port == PORTS.get(theirs.scheme)  # the usual one
                or (theirs.scheme, port) == own
            )
        )


def _port(parts):
    return PORTS.get(parts.scheme) if parts.port is None else parts.port


def _is_http(url):
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:  # a bracket or a port that is none
        return False


def _this_minute():
    """Certificates come and go, so what was made of them is kept for a minute."""
    return fields.Datetime.now().replace(second=0)
