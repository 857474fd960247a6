from odoo import fields, models


class Partner(models.Model):
    _inherit = "res.partner"

    amazon_b2b_warehouse_code_ids = fields.One2many(
        "amazon.b2b.warehouse.code", "partner_id", "Amazon Warehouse Codes"
    )
