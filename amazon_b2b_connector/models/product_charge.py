from odoo import fields, models


class ProductTemplate(models.Model):
    _inherit = "product.template"

    amazon_b2b_charge_code = fields.Char(
        "Amazon Charge Code",
        size=4,
        help="How an invoice for Amazon names this charge or allowance (X12 810 SAC02, "
        "element 1300). Empty: freight for delivery methods, discount for what is "
        "deducted.",
    )
