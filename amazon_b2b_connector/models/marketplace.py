from odoo import api, fields, models
from odoo.exceptions import UserError


class Marketplace(models.Model):
    """One of Amazon's marketplaces in which a seller account takes part.

    The rows come from Amazon and are switched on or off here. Orders take their
    company, warehouse, team and all other settings from the row.
    """

    _name = "amazon.b2b.marketplace"
    _description = "Amazon marketplace"
    _inherit = ["amazon.b2b.readonly.mixin", "amazon.b2b.seller.settings"]
    _order = "connection_id, is_enabled desc, name, id"
    _check_company_auto = True
    _settings_paths = ("connection_id", "company_id.amazon_b2b_seller_defaults_ids")

    connection_id = fields.Many2one(
        "amazon.b2b.connection",
        required=True,
        readonly=True,
        ondelete="cascade",
        index=True,
    )
    code = fields.Char(
        "Marketplace ID",
        required=True,
        readonly=True,
        help="As A1PA6795UKMFR9.",
    )
    name = fields.Char(required=True, readonly=True)
    country_id = fields.Many2one("res.country", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    is_participating = fields.Boolean(
        "Participating",
        readonly=True,
        default=True,
        help="Whether Amazon says that the account sells there.",
    )
    is_enabled = fields.Boolean(
        "Import", default=True, help="Off: its orders are not imported."
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        compute="_compute_company_id",
        store=True,
        readonly=False,
        precompute=True,
    )
    _code_uniq = models.Constraint(
        "unique(connection_id, code)", "This connection has this marketplace already."
    )

    @api.depends("connection_id")
    def _compute_company_id(self):
        for record in self:
            record.company_id = record.company_id or record.connection_id.company_id

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        documents = self.env["amazon.b2b.document"].sudo()
        for record in self:
            if documents.search_count([("marketplace_id", "=", record.id)], limit=1):
                raise UserError(
                    self.env._(
                        "%s has orders: switch it off instead of deleting it.",
                        record.name,
                    )
                )
