"""Reordering rules that a product does not have are not looked for move by move.

Odoo searches them for each move that is reserved and for each that a delivery confirms:
a seventh of the queries of a batch of orders. For the moves of Amazon's orders it is
asked once, for all their products, which of them have any; moves of those, and of every
other order, go Odoo's way.
"""

from odoo import api, fields, models


class ProductProduct(models.Model):
    _inherit = "product.product"

    amazon_b2b_is_reordered = fields.Boolean(
        compute="_compute_amazon_b2b_is_reordered", compute_sudo=True
    )

    @api.depends("orderpoint_ids")
    def _compute_amazon_b2b_is_reordered(self):
        """Whether any reordering rule names it, of whatever company, archived or not:
        never less than what Odoo would find."""
        rules = self.env["stock.warehouse.orderpoint"].with_context(active_test=False)
        found = rules._read_group([("product_id", "in", self.ids)], ["product_id"])
        reordered = {product.id for (product,) in found}
        for product in self:
            product.amazon_b2b_is_reordered = product._origin.id in reordered


class StockMove(models.Model):
    _inherit = "stock.move"

    def _amazon_b2b_may_be_reordered(self):
        """All but the moves of Amazon's lines whose products have no such rule."""
        # who moves goods need not see the sale
        return self - self.sudo().filtered(
            lambda move: (
                move.sale_line_id._amazon_b2b_is_amazons()
                and not move.product_id.amazon_b2b_is_reordered
            )
        )

    def _update_orderpoints(self):
        moves = self._amazon_b2b_may_be_reordered()
        return super(StockMove, moves)._update_orderpoints()

    def _trigger_scheduler(self):
        moves = self._amazon_b2b_may_be_reordered()
        return super(StockMove, moves)._trigger_scheduler()
