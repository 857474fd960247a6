from odoo import api, fields, models

from ..models.stock_picking_seller import SHIPS_ANYWAY


class ShipAnyway(models.TransientModel):
    """The buyer asks to cancel: a person decides whether the goods still leave."""

    _name = "amazon.b2b.ship.anyway"
    _description = "Ship what a buyer asked to cancel"

    picking_ids = fields.Many2many("stock.picking", string="Deliveries", readonly=True)
    has_others = fields.Boolean(compute="_compute_has_others")

    @api.depends("picking_ids")
    @api.depends_context("button_validate_picking_ids")
    def _compute_has_others(self):
        to_validate = self.env.context.get("button_validate_picking_ids") or []
        for wizard in self:
            wizard.has_others = bool(set(to_validate) - set(wizard.picking_ids.ids))

    @api.model
    def _ask(self, pickings):
        """The dialog; going on validates all that was to be validated with them."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("The Buyer Asks to Cancel"),
            "res_model": self._name,
            "res_id": self.create({"picking_ids": pickings.ids}).id,
            "view_mode": "form",
            "target": "new",
            "context": self.env.context,
        }

    def action_ship(self):
        self.ensure_one()
        to_validate = self.env.context.get("button_validate_picking_ids")
        pickings = self.env["stock.picking"].browse(to_validate or self.picking_ids.ids)
        self.picking_ids._message_log_batch(
            {
                picking.id: self.env._(
                    "Shipped although the buyer asks to cancel: %s.",
                    picking.amazon_b2b_cancel_request,
                )
                for picking in self.picking_ids
            }
        )
        return pickings.with_context(**{SHIPS_ANYWAY: True}).button_validate()

    def action_ship_the_others(self):
        """Validate those that nobody asked to cancel."""
        self.ensure_one()
        to_validate = self.env.context.get("button_validate_picking_ids") or []
        others = self.env["stock.picking"].browse(to_validate) - self.picking_ids
        return others.with_context(
            button_validate_picking_ids=others.ids
        ).button_validate()
