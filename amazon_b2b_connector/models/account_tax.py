from odoo import fields, models

# X12 element 963
TAX_KINDS = [
    ("ST", "ST State sales tax"),
    ("LS", "LS State and local sales tax"),
    ("SP", "SP State or provincial tax"),
    ("LO", "LO Local tax"),
    ("GS", "GS Goods and services tax"),
    ("VA", "VA Value added tax"),
    ("TX", "TX All taxes"),
]


class AccountTax(models.Model):
    _inherit = "account.tax"

    amazon_b2b_kind = fields.Selection(
        TAX_KINDS,
        "Amazon Tax Type",
        default="TX",
        help="How an invoice for Amazon names this tax (X12 810 TXI01).",
    )
