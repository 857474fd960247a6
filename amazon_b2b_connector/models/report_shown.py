from odoo import api, fields, models


class Report(models.Model):
    """A report as a person reads it."""

    _inherit = "amazon.b2b.report"

    marketplace_names = fields.Char(
        "Of Marketplaces", compute="_compute_marketplace_names"
    )

    @api.depends("marketplaces", "connection_id.marketplace_ids.name")
    def _compute_marketplace_names(self):
        for report in self:
            places = report.connection_id.marketplace_ids
            names = {place.code: place.name for place in places}
            codes = (report.marketplaces or "").split()
            report.marketplace_names = ", ".join(names.get(c, c) for c in codes)

    def _show(self):
        """The list of these reports, as an action."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "amazon_b2b_connector.amazon_b2b_report_action"
        )
        return {**action, "domain": [("id", "in", self.ids)]}
