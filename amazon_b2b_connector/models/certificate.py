import base64
import ssl
from datetime import timezone
from functools import lru_cache

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.orm.models import NO_ACCESS

from .. import as2, vault


class StationCertificate(models.Model):
    """A certificate of a station; our own stations also hold its private key.

    A station may have two at once: that is how a certificate is rotated.
    """

    _name = "amazon.b2b.certificate"
    _description = "Amazon AS2 certificate"
    _inherit = ["amazon.b2b.remembered.mixin"]
    _order = "station_id, use_from desc, id desc"
    _rec_name = "subject"

    station_id = fields.Many2one(
        "amazon.b2b.station", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="station_id.company_id", store=True)
    pem = fields.Text("Certificate (PEM)", required=True)
    file = fields.Binary(
        "Certificate File",
        store=False,
        help="PEM or DER, as Vendor Central offers it for download.",
    )
    subject = fields.Char(readonly=True)
    fingerprint = fields.Char("SHA-256 fingerprint", readonly=True)
    valid_from = fields.Datetime(readonly=True)
    valid_until = fields.Datetime(readonly=True)
    use_from = fields.Datetime(
        help="From when on this certificate signs or encrypts. Until then it is "
        "already accepted on what comes in. Empty: from its own start.",
    )
    use_until = fields.Datetime(
        help="After this it is neither used nor trusted any more."
    )
    sealed_key = fields.Text(groups=NO_ACCESS, copy=False)
    has_key = fields.Boolean("Private Key", compute="_compute_has_key", store=True)
    state = fields.Selection(
        [("coming", "Coming"), ("valid", "Valid"), ("expired", "Expired")],
        compute="_compute_state",
    )

    _fingerprint_uniq = models.Constraint(
        "unique(station_id, fingerprint)",
        "This station already has this certificate.",
    )

    @api.depends("sealed_key")
    def _compute_has_key(self):
        for record in self:
            record.has_key = bool(record.sudo().sealed_key)

    @api.depends("valid_from", "valid_until", "use_from", "use_until")
    def _compute_state(self):
        now = fields.Datetime.now()
        for record in self:
            if record._ends() and record._ends() < now:
                record.state = "expired"
            elif record._starts() and record._starts() > now:
                record.state = "coming"
            else:
                record.state = "valid"

    def _starts(self):
        return max(filter(None, (self.valid_from, self.use_from)), default=None)

    def _ends(self):
        return min(filter(None, (self.valid_until, self.use_until)), default=None)

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._with_facts(vals) for vals in vals_list])

    def write(self, vals):
        given = "pem" in vals or vals.get("file")
        return super().write(self._with_facts(vals) if given else vals)

    @api.onchange("file")
    def _onchange_file(self):
        if self.file:
            self.pem = _as_pem(self._read(base64.b64decode(self.file)))

    def _with_facts(self, vals):
        """Read subject, fingerprint and validity out of the certificate itself."""
        vals = {**vals}
        file = vals.pop("file", None)
        data = base64.b64decode(file) if file else (vals.get("pem") or "").encode()
        certificate = self._read(data)
        return {
            **vals,
            "pem": _as_pem(certificate),
            "subject": certificate.subject,
            "fingerprint": certificate.fingerprint,
            "valid_from": _naive(certificate.not_before),
            "valid_until": _naive(certificate.not_after),
        }

    def _read(self, data):
        try:
            return as2.Certificate.from_bytes(data)
        except as2.AS2ConfigurationError as error:
            raise UserError(
                self.env._("This is no X.509 certificate: %s", error)
            ) from error

    def _certificate(self):
        return as2.Certificate.from_bytes(self.pem.encode())

    def _private_key(self):
        """Our certificate with its key, decrypted for this moment only."""
        sealed = self.sudo().sealed_key
        return _parsed_key(vault.unseal(self.env, sealed), self.pem.encode())


@lru_cache(maxsize=16)
def _parsed_key(key, pem):
    """Parsing checks the key's primes, which takes longer than using it."""
    return as2.PrivateKey.from_pem(key, pem)


def _naive(moment):
    return moment.astimezone(timezone.utc).replace(tzinfo=None)


def _as_pem(certificate):
    return ssl.DER_cert_to_PEM_cert(certificate.der)
