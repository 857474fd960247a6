import base64

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .. import as2, vault


class Secret(models.TransientModel):
    """Enter a private key for one of our stations; it can never be read back.

    The fields are not stored: :meth:`create` takes the secret, seals it into the
    station's certificate and forgets it.
    """

    _name = "amazon.b2b.secret"
    _description = "Enter the key of an Amazon AS2 station"

    station_id = fields.Many2one(
        "amazon.b2b.station", required=True, domain=[("kind", "=", "own")]
    )
    source = fields.Selection(
        [
            ("generate", "Make a new key and certificate"),
            ("pkcs12", "PKCS#12 file (.p12, .pfx)"),
            ("pem", "PEM file with key and certificate"),
        ],
        required=True,
        default="generate",
    )
    years = fields.Integer("Valid for (years)", default=3)
    use_from = fields.Datetime(
        help="When it takes over from the present one; until then it only decrypts."
    )
    file = fields.Binary(store=False)
    password = fields.Char(store=False)
    certificate_id = fields.Many2one("amazon.b2b.certificate", readonly=True)
    certificate_pem = fields.Text(
        related="certificate_id.pem", string="Certificate (PEM)"
    )

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.user.has_group("amazon_b2b_connector.group_manager"):
            raise AccessError(self.env._("Only an Amazon Manager enters keys."))
        rows = []
        for vals in vals_list:
            vals = {**vals}
            secret = {name: vals.pop(name, None) for name in ("file", "password")}
            station = self.env["amazon.b2b.station"].browse(vals["station_id"])
            # the rules of the company hold for who writes, sealing needs no right
            station.check_access("write")
            key = self._key(vals, station, **secret)
            certificate = self.env["amazon.b2b.certificate"].create(
                {
                    "station_id": station.id,
                    "pem": key.certificate.to_pem().decode(),
                    "use_from": vals.get("use_from"),
                }
            )
            certificate.sudo().sealed_key = vault.seal(self.env, key.to_pem())
            rows.append({**vals, "certificate_id": certificate.id})
        return super().create(rows)

    def _key(self, vals, station, file, password):
        if vals.get("source", "generate") == "generate":
            return as2.PrivateKey.generate(
                station.as2_id, days=365 * (vals.get("years") or 3)
            )
        if not file:
            raise UserError(self.env._("Choose the file with the key first."))
        data, phrase = base64.b64decode(file), (password or "").encode() or None
        try:
            if vals["source"] == "pkcs12":
                return as2.PrivateKey.from_pkcs12(data, phrase)
            return as2.PrivateKey.from_pem(data, data, phrase)
        except as2.AS2ConfigurationError as error:
            raise UserError(self.env._("The key cannot be read: %s", error)) from error

    def action_enter(self):
        """The key is sealed since :meth:`create`; show the certificate to pass on."""
        return self.certificate_id.get_formview_action() | {"target": "new"}
