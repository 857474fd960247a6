from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .. import vault
from ..models.connection_authorise import MANAGER


class ClientSecret(models.TransientModel):
    """Enter the application's client secret; it can never be read back.

    The field is not stored: :meth:`create` seals the secret into the application.
    """

    _name = "amazon.b2b.client.secret"
    _description = "Enter the client secret of the Amazon application"

    secret = fields.Char("Client Secret", store=False)
    date = fields.Date(
        "Made On",
        required=True,
        default=fields.Date.context_today,
        help="Amazon wants a new one every 180 days.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.user.has_group(MANAGER):
            raise AccessError(self.env._("Only an Amazon Manager enters secrets."))
        rows = []
        for vals in vals_list:
            vals = {**vals}
            secret = (vals.pop("secret", None) or "").strip()
            if not secret:
                raise UserError(self.env._("Enter the client secret first."))
            wizards = super().create([vals])
            self.env["amazon.b2b.application"]._get().write(
                {
                    "sealed_secret": vault.seal(self.env, secret.encode()),
                    "secret_tail": secret[-4:],
                    "secret_date": wizards.date,
                    "rotation_told": False,
                }
            )
            rows += wizards.ids
        return self.browse(rows)

    def write(self, vals):
        """A secret typed after the first one was sealed is sealed in its place."""
        if vals.get("secret"):
            self.create([{"date": self[:1].date, **vals}]).unlink()
        return super().write({**vals, "secret": False})

    def action_enter(self):
        """The secret is sealed since :meth:`create`."""
        return self.env["amazon.b2b.application"].action_open()
