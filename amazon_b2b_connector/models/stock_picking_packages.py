from odoo import models
from odoo.exceptions import UserError


class StockPicking(models.Model):
    """The cartons and pallets of a delivery, their SSCCs and labels."""

    _inherit = "stock.picking"

    def _amazon_b2b_number_packages(self, packages):
        """Give SSCCs to ``packages`` of Amazon's orders where the company can."""
        for company in self.company_id:
            pickings = self.filtered(lambda p, c=company: p.company_id == c)
            if company.sudo().amazon_b2b_gs1_prefix and pickings._amazon_b2b_orders():
                packages.sudo()._amazon_b2b_assign_sscc(company, pickings)

    def _amazon_b2b_packages(self):
        """Cartons and pallets of these deliveries, outermost first."""
        packages = self.move_line_ids.result_package_id
        outer = packages
        while outer:
            outer = outer.package_dest_id | outer.parent_package_id
            packages = outer | packages
        return packages

    def action_amazon_b2b_print_labels(self):
        """Print the SSCC labels of all cartons and pallets."""
        packages = self._amazon_b2b_packages()
        if not packages:
            raise UserError(
                self.env._("Nothing is packed yet. Put the goods in cartons first.")
            )
        for picking in self:
            picking._amazon_b2b_packages().sudo()._amazon_b2b_assign_sscc(
                picking.company_id, picking
            )
        return self.env.ref(
            "amazon_b2b_connector.action_report_sscc_label"
        ).report_action(packages, config=False)

    def action_amazon_b2b_pack_rest(self):
        """Offer cartons for what lies outside packages."""
        self.ensure_one()
        wizard = self.env["amazon.b2b.pack.rest"].create({"picking_id": self.id})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Put the Rest in Cartons"),
            "res_model": wizard._name,
            "res_id": wizard.id,
            "view_mode": "form",
            "target": "new",
        }
