from odoo import api, fields, models

# stock.picking, field priority
URGENT = "1"
# a person has seen that the buyer asks to cancel, and ships
SHIPS_ANYWAY = "amazon_b2b_ships_anyway"


class StockPicking(models.Model):
    """What whoever packs must know of the customer's order on Amazon."""

    _inherit = "stock.picking"

    amazon_b2b_seller_number = fields.Char(related="sale_id.amazon_b2b_seller_number")
    amazon_b2b_cancel_request = fields.Text(
        related="sale_id.amazon_b2b_cancel_request", string="Buyer Asks to Cancel"
    )
    amazon_b2b_gift_message = fields.Text(related="sale_id.amazon_b2b_gift_message")
    amazon_b2b_instructions = fields.Text(related="sale_id.amazon_b2b_instructions")
    amazon_b2b_ship_before = fields.Datetime(related="sale_id.amazon_b2b_ship_before")
    amazon_b2b_is_prime = fields.Boolean(related="sale_id.amazon_b2b_is_prime")
    amazon_b2b_asks_to_cancel = fields.Boolean(
        "Asks to Cancel",
        compute="_compute_amazon_b2b_warnings",
        compute_sudo=True,
        help="The buyer asked Amazon to cancel the order, and nothing has left yet.",
    )

    amazon_b2b_has_left = fields.Boolean(
        "Shipped at Amazon",
        compute="_compute_amazon_b2b_warnings",
        compute_sudo=True,
        help="Amazon has the order as shipped, and this delivery is still open.",
    )

    @api.depends(
        "amazon_b2b_cancel_request",
        "sale_id.amazon_b2b_seller_status",
        "state",
        "picking_type_id",
    )
    def _compute_amazon_b2b_warnings(self):
        for picking in self:
            leaves = (
                picking.state not in ("done", "cancel")
                and picking.picking_type_code != "incoming"
                and not picking.move_ids.origin_returned_move_id
            )
            status = picking.sale_id.amazon_b2b_seller_status
            ours = picking.sale_id.amazon_b2b_fulfilled_by == "MERCHANT"
            picking.amazon_b2b_has_left = leaves and ours and status == "SHIPPED"
            picking.amazon_b2b_asks_to_cancel = bool(
                leaves and picking.amazon_b2b_cancel_request
            )

    def _pre_action_done_hook(self):
        """Ask before goods leave that the buyer does not want any more."""
        asked = self.filtered(
            lambda p: p.amazon_b2b_asks_to_cancel and p.picking_type_code == "outgoing"
        )
        if asked and not self.env.context.get(SHIPS_ANYWAY):
            return self.env["amazon.b2b.ship.anyway"]._ask(asked)
        # Amazon writes to its buyers itself: no text messages from here
        quiet = all(picking.sale_id.amazon_b2b_marketplace_id for picking in self)
        pickings = self.with_context(skip_sms=True) if quiet else self
        return super(StockPicking, pickings)._pre_action_done_hook()


class StockMove(models.Model):
    _inherit = "stock.move"

    def _get_new_picking_values(self):
        """Prime orders are picked, packed and shipped first."""
        values = super()._get_new_picking_values()
        if any(self.sale_line_id.order_id.mapped("amazon_b2b_is_prime")):
            values["priority"] = URGENT
        return values
