from odoo import api, fields, models


class SaleOrderLine(models.Model):
    """The line of Amazon's purchase order behind a sale order line.

    ``amazon_b2b_position`` is the place (from 1) in the purchase order's lines; the
    paper itself holds identifiers and everything else to be repeated. A line of the
    purchase order that is not ordered but answered is a note here, with its code.
    """

    _inherit = "sale.order.line"

    amazon_b2b_position = fields.Integer(copy=False)
    amazon_b2b_line_number = fields.Char("Amazon Line", copy=False)
    amazon_b2b_ordered_qty = fields.Float(
        "Ordered by Amazon", digits="Product Unit", copy=False
    )
    amazon_b2b_product_id = fields.Many2one(
        "product.product", "Product as Imported", copy=False
    )
    amazon_b2b_uom_id = fields.Many2one("uom.uom", "Unit as Imported", copy=False)
    amazon_b2b_price = fields.Float(
        "Amazon's Price", min_display_digits="Product Price", copy=False
    )
    amazon_b2b_is_unpriced = fields.Boolean(
        "Amazon Named No Price", copy=False, help="The price is our pricelist's."
    )
    amazon_b2b_price_differs = fields.Boolean(
        "Price Differs", copy=False, help="From the pricelist, by more than tolerated."
    )
    amazon_b2b_answer_code_id = fields.Many2one(
        "amazon.b2b.acknowledgement.code",
        "Answered Instead",
        copy=False,
        help="Not ordered: the acknowledgement gives this code for the line.",
    )
    amazon_b2b_acknowledged_qty = fields.Float(
        "Acknowledged", digits="Product Unit", copy=False
    )
    amazon_b2b_is_backorder = fields.Boolean("Back-ordered Part", copy=False)

    def _amazon_b2b_is_amazons(self):
        """Whether it stands for a line of a vendor's or of a seller's order."""
        return bool(self.amazon_b2b_position or self.amazon_b2b_charge)

    @api.depends("amazon_b2b_position")
    def _compute_discount(self):
        """A pricelist's discount never comes on top of Amazon's price, not even when
        only the quantity is written later."""
        ours = self.filtered("amazon_b2b_position")
        return super(SaleOrderLine, self - ours)._compute_discount()
