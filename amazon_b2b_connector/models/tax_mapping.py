from odoo import api, fields, models
from odoo.exceptions import ValidationError

REASONS = ["tax"]


class TaxMapping(models.Model):
    """Which tax of Odoo's Amazon's tax of a country and rate is.

    What a row leaves empty fits everything; of several rows that fit the one that
    says most counts. Where no row fits, a tax is found by itself: see
    :mod:`..tax_finder`.
    """

    _name = "amazon.b2b.tax.mapping"
    _description = "Amazon tax mapping"
    _order = "country_id, rate, ship_from_id, id"
    _check_company_auto = True

    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    country_id = fields.Many2one("res.country", "Ship-to Country", required=True)
    ship_from_id = fields.Many2one(
        "res.country", "Ship-from Country", help="Empty: wherever it leaves from."
    )
    rate = fields.Float(
        "Rate (%)",
        digits=(6, 3),
        required=True,
        help="0: what Amazon charges no tax on, as an export or a reverse charge.",
    )
    scheme = fields.Char(
        "Reporting Scheme",
        help="As Amazon names it: UNION_OSS, IOSS, ... Empty: any, and none.",
    )
    marketplace_id = fields.Many2one(
        "amazon.b2b.marketplace",
        check_company=True,
        ondelete="cascade",
        help="Empty: all marketplaces of the company.",
    )
    tax_id = fields.Many2one(
        "account.tax",
        required=True,
        check_company=True,
        domain=[("type_tax_use", "=", "sale")],
        help="Amazon's amount of the tax is booked on it, to the cent.",
    )

    _values_uniq = models.UniqueIndex(
        "(company_id, country_id, COALESCE(ship_from_id, 0), rate, "
        "COALESCE(upper(scheme), ''), COALESCE(marketplace_id, 0)) WHERE active",
        "This country, ship-from country, rate and scheme is mapped already.",
    )

    @api.constrains("rate")
    def _check_rate(self):
        if self.filtered(lambda row: not 0 <= row.rate < 100):
            raise ValidationError(self.env._("A rate is from 0 to below 100 %."))

    @api.depends("country_id", "rate", "tax_id")
    def _compute_display_name(self):
        for row in self:
            row.display_name = (
                f"{row.country_id.code} {row.rate:g} % › {row.tax_id.name}"
            )

    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create(vals_list)
        rows._let_go_on()
        return rows

    def write(self, vals):
        result = super().write(vals)
        self._let_go_on()
        return result

    def _let_go_on(self):
        for company in self.company_id:
            self.env["amazon.b2b.document"]._release_held(company, REASONS)


class AccountTax(models.Model):
    """A tax that is made or corrected may be what orders wait for."""

    _inherit = "account.tax"

    @api.model_create_multi
    def create(self, vals_list):
        taxes = super().create(vals_list)
        taxes._amazon_b2b_let_go_on()
        return taxes

    def write(self, vals):
        result = super().write(vals)
        self._amazon_b2b_let_go_on()
        return result

    def _amazon_b2b_let_go_on(self):
        # branches use the taxes of the companies above them
        companies = self.env["res.company"].sudo()
        for company in companies.search([("id", "child_of", self.company_id.ids)]):
            self.env["amazon.b2b.document"]._release_held(company, REASONS)


class Document(models.Model):
    _inherit = "amazon.b2b.document"

    def _solvers(self):
        return {**super()._solvers(), "tax": self._solve_tax}

    def _solve_tax(self):
        """A new row with the country and rate that the first missing tax has."""
        wanted = (self.missing or {}).get("taxes") or [{}]
        return self._new_record(
            "amazon.b2b.tax.mapping",
            self.env._("Tax that Amazon charges"),
            company_id=self.company_id.id,
            **wanted[0],
        )
