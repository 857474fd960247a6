from odoo import api, fields, models
from odoo.exceptions import ValidationError


class VendorCode(models.Model):
    """One of the codes under which Amazon orders (X12 850 ``REF*CR``).

    It chooses company, sales channel, warehouse and money, none of which Amazon's
    orders name.
    """

    _name = "amazon.b2b.vendor.code"
    _description = "Amazon vendor code"
    _order = "connection_id, code"
    _rec_name = "code"
    _check_company_auto = True

    connection_id = fields.Many2one(
        "amazon.b2b.connection", required=True, ondelete="cascade", index=True
    )
    active = fields.Boolean(default=True)
    code = fields.Char("Vendor Code", required=True, size=30)
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    team_id = fields.Many2one("crm.team", "Sales Team", check_company=True)
    warehouse_id = fields.Many2one(
        "stock.warehouse",
        required=True,
        check_company=True,
        compute="_compute_warehouse_id",
        store=True,
        readonly=False,
        precompute=True,
    )
    user_id = fields.Many2one("res.users", "Responsible", check_company=True)
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        default=lambda self: self.env.company.currency_id,
    )
    pricelist_id = fields.Many2one(
        "product.pricelist",
        check_company=True,
        domain="[('currency_id', '=', currency_id)]",
        help="Amazon's prices are compared with it. Empty: one in the order's currency "
        "is made without rules.",
    )
    payment_term_id = fields.Many2one("account.payment.term", check_company=True)
    fiscal_position_id = fields.Many2one("account.fiscal.position", check_company=True)

    terms_kind = fields.Char("Terms Type (ITD01)", size=2, default="01")
    terms_basis = fields.Char("Terms Basis (ITD02)", size=2, default="3")
    terms_discount_percent = fields.Float("Discount % (ITD03)", digits=(6, 3))
    terms_discount_days = fields.Integer("Discount Days (ITD05)")
    terms_net_days = fields.Integer("Net Days (ITD07)")

    bill_to_name = fields.Char()
    bill_to_name2 = fields.Char()
    bill_to_code = fields.Char()
    bill_to_street = fields.Char()
    bill_to_street2 = fields.Char()
    bill_to_city = fields.Char()
    bill_to_state = fields.Char(size=2)
    bill_to_zip = fields.Char()
    bill_to_country = fields.Char(size=3)
    bill_to_tax_number = fields.Char()
    remit_to_name = fields.Char()
    remit_to_name2 = fields.Char()
    remit_to_code = fields.Char()
    remit_to_street = fields.Char()
    remit_to_street2 = fields.Char()
    remit_to_city = fields.Char()
    remit_to_state = fields.Char(size=2)
    remit_to_zip = fields.Char()
    remit_to_country = fields.Char(size=3)
    remit_to_tax_number = fields.Char()

    _code_uniq = models.UniqueIndex(
        "(connection_id, code)", "This connection has this vendor code already."
    )

    @api.depends("company_id")
    def _compute_warehouse_id(self):
        for record in self:
            if record.warehouse_id.company_id != record.company_id:
                record.warehouse_id = self.env["stock.warehouse"].search(
                    [("company_id", "=", record.company_id.id)], limit=1
                )

    @api.constrains("pricelist_id", "currency_id")
    def _check_currency(self):
        for record in self.filtered("pricelist_id"):
            if record.pricelist_id.currency_id != record.currency_id:
                raise ValidationError(
                    self.env._(
                        "The pricelist of vendor code %(code)s is in %(theirs)s, its "
                        "orders are in %(ours)s.",
                        code=record.code,
                        theirs=record.pricelist_id.currency_id.name,
                        ours=record.currency_id.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        codes = super().create(vals_list)
        # its company may be another, but nobody takes orders of a strange connection
        codes.connection_id.check_access("write")
        codes._let_go_on()
        return codes

    def write(self, vals):
        result = super().write(vals)
        if "connection_id" in vals:
            self.connection_id.check_access("write")
        if vals.keys() & {"code", "active"}:
            self._let_go_on()
        return result

    def _let_go_on(self):
        for company in self.connection_id.company_id | self.company_id:
            self.env["amazon.b2b.document"]._release_held(company, ["vendor_code"])

    def _responsible(self):
        return self.user_id or self.connection_id.user_id

    def _party_values(self, prefix):
        """The address ``prefix`` (``bill_to``, ``remit_to``) as Amazon writes it."""
        return {
            "name": self[f"{prefix}_name"] or "",
            "additional_name": self[f"{prefix}_name2"] or "",
            "code": self[f"{prefix}_code"] or "",
            "street": self[f"{prefix}_street"] or "",
            "street2": self[f"{prefix}_street2"] or "",
            "city": self[f"{prefix}_city"] or "",
            "state": self[f"{prefix}_state"] or "",
            "postal_code": self[f"{prefix}_zip"] or "",
            "country": self[f"{prefix}_country"] or "",
            "tax_number": self[f"{prefix}_tax_number"] or "",
        }
