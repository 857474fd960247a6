from odoo import api, models

# what Amazon was told of a line, and is not told again when it is changed here
TOLD = {"product_uom_qty", "price_unit", "discount", "product_id", "product_uom_id"}


class SaleOrderLine(models.Model):
    """Changing an acknowledged line is allowed, and said: Amazon is not told."""

    _inherit = "sale.order.line"

    def write(self, vals):
        changed = self.browse()
        if not TOLD.isdisjoint(vals) and not self.env.context.get("amazon_b2b_told"):
            changed = self.filtered(
                lambda line: (
                    line.order_id.amazon_b2b_acknowledged_at
                    and line._amazon_b2b_would_change(vals)
                )
            )
        result = super().write(vals)
        if changed:
            changed._amazon_b2b_log_untold()
        return result

    def _amazon_b2b_would_change(self, vals):
        for name in TOLD & vals.keys():
            now = self[name].id if self._fields[name].relational else self[name]
            if now != vals[name]:
                return True
        return False

    def _amazon_b2b_log_untold(self):
        orders = self.order_id
        orders._message_log_batch(
            {
                order.id: self.env._(
                    "%(lines)s: changed after the acknowledgement. Amazon is not told "
                    "and expects what was acknowledged.",
                    lines=", ".join(
                        (self & order.order_line).product_id.mapped("display_name")
                    ),
                )
                for order in orders
            }
        )

    @api.onchange("product_uom_qty", "price_unit", "discount", "product_id")
    def _onchange_amazon_b2b_told(self):
        """Warn before it is saved, and only where something really differs."""
        origin = self._origin
        if not (origin and origin.order_id.amazon_b2b_acknowledged_at):
            return None
        names = ("product_uom_qty", "price_unit", "discount", "product_id")
        if all(self[name] == origin[name] for name in names):
            return None
        return {
            "warning": {
                "title": self.env._("Amazon is not told"),
                "message": self.env._(
                    "This order was acknowledged: Amazon expects %(quantity)s %(unit)s "
                    "at %(price)s each. Changing it here tells Amazon nothing.",
                    quantity=origin.amazon_b2b_acknowledged_qty,
                    unit=origin.product_uom_id.name,
                    price=origin.price_unit,
                ),
            }
        }
