from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..models.document_elsewhere import MANAGER


class Elsewhere(models.TransientModel):
    """A Manager says that Amazon was told in Vendor Central, and why.

    About a document that waits or failed here; or about an acknowledgement or a
    delivery of which nothing went out yet.
    """

    _name = "amazon.b2b.elsewhere"
    _description = "Done in Vendor Central"

    document_id = fields.Many2one("amazon.b2b.document", readonly=True)
    acknowledgement_id = fields.Many2one("amazon.b2b.acknowledgement", readonly=True)
    picking_id = fields.Many2one("stock.picking", "Delivery", readonly=True)
    number = fields.Char(
        "Its Number There", help="Of the shipment, as Vendor Central shows it."
    )
    reason = fields.Char(
        "Why There",
        required=True,
        help="It stays on the document.",
    )

    @api.model
    def _ask(self, **about):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Done in Vendor Central"),
            "res_model": self._name,
            "view_mode": "form",
            "target": "new",
            "context": {f"default_{name}": value for name, value in about.items()},
        }

    def action_apply(self):
        self.ensure_one()
        if not self.env.user.has_group(MANAGER):
            raise AccessError(self.env._("Saying so takes the right “Amazon Manager”."))
        if self.document_id:
            self.document_id._told_elsewhere(self.reason)
        elif self.acknowledgement_id:
            self.acknowledgement_id._acknowledge()
            self.acknowledgement_id.document_id._told_elsewhere(self.reason)
        else:
            self.picking_id.check_access("write")
            picking = self.picking_id.sudo()
            picking._amazon_b2b_told_elsewhere(self.reason, self.number or picking.name)
        return {"type": "ir.actions.act_window_close"}
