from odoo import models
from odoo.tools import float_compare


class StockMove(models.Model):
    """Moves of Amazon's orders: picked by the scan, back-ordered parts apart."""

    _inherit = "stock.move"

    def _amazon_b2b_pick(self, quantity):
        """Mark ``quantity`` (in the product's unit) as picked, the rest as not.

        What the reservation found already (lots, packages, locations) is kept; what
        it lacks is added, for the goods were scanned.
        """
        self.ensure_one()
        unit = self.product_id.uom_id
        reserved = self.product_uom._compute_quantity(self.quantity, unit, round=False)
        if unit.compare(reserved, quantity) < 0:
            self.quantity = unit._compute_quantity(
                quantity, self.product_uom, round=False
            )
        left = quantity
        for line in self.move_line_ids:
            if unit.compare(left, 0) <= 0:
                break
            if unit.compare(line.quantity_product_uom, left) > 0:
                line._amazon_b2b_split(left)
            line.picked = True
            left -= line.quantity_product_uom

    def _key_assign_picking(self):
        return (
            *super()._key_assign_picking(),
            self.sale_line_id.amazon_b2b_backorder_date,
        )

    def _search_picking_for_assignation_domain(self):
        """A back-ordered part leaves on its own day, so it has its own picking."""
        domain = super()._search_picking_for_assignation_domain()
        line = self.sale_line_id
        if any(line.order_id.order_line.mapped("amazon_b2b_is_backorder")):
            domain = [
                *domain,
                (
                    "move_ids.sale_line_id.amazon_b2b_backorder_date",
                    "=",
                    line.amazon_b2b_backorder_date,
                ),
            ]
        return domain


class StockMoveLine(models.Model):
    _inherit = "stock.move.line"

    def _amazon_b2b_split(self, quantity):
        """Keep ``quantity`` (in the product's unit) here, the rest on a line beside."""
        self.ensure_one()
        unit = self.product_id.uom_id
        rest = unit._compute_quantity(
            self.quantity_product_uom - quantity, self.product_uom_id, round=False
        )
        if float_compare(rest, 0, precision_digits=6) <= 0:
            return
        self.quantity -= rest
        self.copy({"quantity": rest, "picked": False})
