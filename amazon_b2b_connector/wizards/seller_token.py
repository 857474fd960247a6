from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .. import spapi
from ..models.connection_authorise import MANAGER

# what a refresh token of Login with Amazon begins with
BEGINNING = "Atzr|"


class SellerToken(models.TransientModel):
    """Paste a refresh token (self-authorised applications); it cannot be read back.

    The token is not stored here: :meth:`create` tries it, seals it into the connection
    and forgets it.
    """

    _name = "amazon.b2b.seller.token"
    _description = "Paste an Amazon refresh token"

    connection_id = fields.Many2one(
        "amazon.b2b.connection", required=True, domain=[("kind", "=", "seller")]
    )
    seller_id = fields.Char(
        "Seller ID", help="The merchant token of Seller Central › Account Info."
    )
    refresh_token = fields.Char(store=False)

    @api.onchange("connection_id")
    def _onchange_connection_id(self):
        self.seller_id = self.connection_id.seller_id

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.user.has_group(MANAGER):
            raise AccessError(self.env._("Only an Amazon Manager enters tokens."))
        rows = []
        for vals in vals_list:
            vals = {**vals}
            token = (vals.pop("refresh_token", None) or "").strip()
            connections = self.env["amazon.b2b.connection"]
            connection = connections.browse(vals["connection_id"])
            connection._check_may_authorise()
            self._enter(connection, token, (vals.get("seller_id") or "").strip())
            rows.append(vals)
        return super().create(rows)

    def write(self, vals):
        """A token typed after the first one was sealed is entered like that one."""
        vals = {**vals}
        token = (vals.pop("refresh_token", None) or "").strip()
        result = super().write(vals)
        if token:
            for wizard in self:
                connection = wizard.connection_id
                connection._check_may_authorise()
                self._enter(connection, token, (wizard.seller_id or "").strip())
        return result

    def _enter(self, connection, token, seller_id):
        if not token.startswith(BEGINNING):
            raise UserError(
                self.env._("A refresh token begins with %s. Copy all of it.", BEGINNING)
            )
        if not seller_id:
            raise UserError(
                self.env._("Enter the seller ID too: a pasted token does not name it.")
            )
        connection._check_seller(seller_id)
        try:
            tokens = self.env["amazon.b2b.application"]._lwa().refresh(token)
        except spapi.SpapiError as error:
            raise UserError(str(error)) from error
        connection._accept(tokens, seller_id)

    def action_enter(self):
        """The token is sealed since :meth:`create`; go on as after a consent."""
        return self.connection_id.action_set_up()
