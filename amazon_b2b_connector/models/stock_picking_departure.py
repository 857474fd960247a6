from odoo import models
from odoo.exceptions import AccessError, UserError


class StockPicking(models.Model):
    """When the goods leave, by validation or by button, Amazon is told."""

    _inherit = "stock.picking"

    def _pre_action_done_hook(self):
        result = super()._pre_action_done_hook()
        if result is True:
            for picking in self._amazon_b2b_noticed_on_validation():
                picking._amazon_b2b_refuse(picking._amazon_b2b_gaps())
        return result

    def _action_done(self):
        deliveries = self._amazon_b2b_deliveries()
        for picking in deliveries:
            picking._amazon_b2b_number_packages(picking._amazon_b2b_packages())
        result = super()._action_done()
        for picking in deliveries:
            picking._amazon_b2b_mark_shipped()
        for picking in deliveries._amazon_b2b_noticed_on_validation():
            picking._amazon_b2b_send_notice()
        return result

    def _amazon_b2b_noticed_on_validation(self):
        return self._amazon_b2b_deliveries().filtered(
            lambda p: (
                p.amazon_b2b_connection_id.notice_on_validate
                and p.amazon_b2b_connection_id._stage("ship_notice") != "off"
                and not p._amazon_b2b_notices()
            )
        )

    def _amazon_b2b_mark_shipped(self):
        """Whose numbers have left: a reused box will need a new one."""
        numbers = self._amazon_b2b_packages().mapped("name")
        self.env["amazon.b2b.sscc"].sudo().search(
            [("number", "in", numbers), ("picking_id", "=", False)]
        ).picking_id = self

    def action_amazon_b2b_send_notice(self):
        """The goods have left: tell Amazon, for one delivery or for many."""
        self._amazon_b2b_check_user()
        if len(self) == 1:
            self.sudo()._amazon_b2b_send_notice()
            return None
        refused = []
        for picking in self:
            try:
                with self.env.cr.savepoint():
                    picking.sudo()._amazon_b2b_send_notice()
                    picking.flush_recordset()
            except UserError as error:
                self.env.invalidate_all()
                refused.append(str(error))
        return self._amazon_b2b_report(len(self) - len(refused), refused)

    def _amazon_b2b_report(self, sent, refused):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "danger" if refused else "success",
                "sticky": bool(refused),
                "title": self.env._("%s ship notices sent", sent),
                "message": "\n\n".join(refused),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def action_amazon_b2b_replace_notice(self):
        """Correct a notice that Amazon has: the same number, quantities only down."""
        self._amazon_b2b_check_user()
        for picking in self:
            picking.sudo()._amazon_b2b_send_notice(replace=True)

    def _amazon_b2b_check_user(self):
        self.check_access("write")
        if not self.env.user.has_group("amazon_b2b_connector.group_user"):
            raise AccessError(
                self.env._("Only an Amazon User can send ship notices to Amazon.")
            )

    def action_amazon_b2b_open_documents(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "amazon_b2b_connector.amazon_b2b_document_action"
        )
        action["domain"] = [("picking_id", "=", self.id)]
        if len(self.amazon_b2b_document_ids) == 1:
            action["views"] = [(False, "form")]
            action["res_id"] = self.amazon_b2b_document_ids.id
        return action
