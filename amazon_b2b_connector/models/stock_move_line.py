from odoo import models


class StockMoveLine(models.Model):
    _inherit = "stock.move.line"

    def _post_put_in_pack_hook(self, package):
        """The number comes before the label that Odoo may print by itself."""
        self.picking_id._amazon_b2b_number_packages(package)
        return super()._post_put_in_pack_hook(package)
