from odoo import api, fields, models


class SellerDefaults(models.Model):
    """A company's defaults for all its seller connections: the uppermost level."""

    _name = "amazon.b2b.seller.defaults"
    _description = "Amazon seller defaults"
    _inherit = ["amazon.b2b.seller.settings"]
    _rec_name = "company_id"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company",
        required=True,
        ondelete="cascade",
        default=lambda self: self.env.company,
    )

    _company_uniq = models.Constraint(
        "unique(company_id)", "This company has its seller defaults already."
    )

    @api.model
    def _for_companies(self, companies):
        """The defaults of ``companies``, made where there are none yet."""
        found = self.sudo().search([("company_id", "in", companies.ids)])
        missing = companies - found.company_id
        return found | self.sudo().create(
            [{"company_id": company.id} for company in missing]
        )

    @api.model
    def action_open(self):
        """The form of the present company."""
        self._for_companies(self.env.companies)
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "amazon_b2b_connector.amazon_b2b_seller_defaults_action"
        )
        if len(self.env.companies) == 1:
            own = self.search([("company_id", "=", self.env.company.id)])
            action |= {"res_id": own.id, "views": [(False, "form")]}
        return action


class ResCompany(models.Model):
    _inherit = "res.company"

    amazon_b2b_seller_defaults_ids = fields.One2many(
        "amazon.b2b.seller.defaults", "company_id", "Amazon Seller Defaults"
    )
