from odoo import api, fields, models


class AcknowledgeConfirm(models.TransientModel):
    """Says what will be cancelled, comes later or costs otherwise, and asks."""

    _name = "amazon.b2b.acknowledge.confirm"
    _description = "Amazon: what the acknowledgement says"

    acknowledgement_id = fields.Many2one("amazon.b2b.acknowledgement", readonly=True)
    order_ids = fields.Many2many("sale.order", readonly=True)
    order_count = fields.Integer(compute="_compute_order_count")
    line_ids = fields.One2many(
        "amazon.b2b.acknowledge.confirm.line", "confirm_id", readonly=True
    )
    reject_all = fields.Boolean(readonly=True)
    is_rejection = fields.Boolean(readonly=True)
    is_final = fields.Boolean(readonly=True)
    stage = fields.Selection(
        [("off", "Off"), ("test", "Test"), ("parallel", "Parallel"), ("live", "Live")],
        readonly=True,
    )

    @api.depends("order_ids")
    def _compute_order_count(self):
        for record in self:
            record.order_count = len(record.order_ids)

    @api.model
    def _ask(self, orders, acknowledgement=None, reject=False):
        """The action that asks about ``acknowledgement``, about rejecting all of it
        (``reject``), or about accepting all of ``orders``."""
        orders = orders.sudo()
        if acknowledgement:
            lines = [
                line._confirm_values(reject) for line in acknowledgement.sudo().line_ids
            ]
        else:
            lines = [
                line._amazon_b2b_confirm_values()
                for line in orders.order_line
                if line.amazon_b2b_price_differs or line.amazon_b2b_answer_code_id
            ]
        asked = [values for values in lines if values]
        record = self.create(
            {
                "acknowledgement_id": acknowledgement and acknowledgement.id,
                "order_ids": [fields.Command.set(orders.ids)],
                "line_ids": [fields.Command.create(values) for values in asked],
                "stage": orders[:1].amazon_b2b_connection_id._stage("acknowledgement"),
                "reject_all": reject,
                "is_rejection": reject
                or bool(
                    acknowledgement
                    and not any(acknowledgement.line_ids.mapped("accepted_qty"))
                    and not any(values["later"] for values in asked)
                ),
                "is_final": any(values["is_final"] for values in asked),
            }
        )
        title = (
            self.env._("Reject %s?", acknowledgement.number)
            if record.is_rejection
            else self.env._("Acknowledge %s?", acknowledgement.number)
            if acknowledgement
            else self.env._("Acknowledge %s orders?", len(orders))
        )
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": self._name,
            "res_id": record.id,
            "view_mode": "form",
            "target": "new",
        }

    def action_acknowledge(self):
        """Send it and set the orders to it, as was shown."""
        self.ensure_one()
        if self.reject_all:
            self.acknowledgement_id.line_ids._reject()
        if self.acknowledgement_id:
            self.acknowledgement_id._acknowledge()
        else:
            self.order_ids._amazon_b2b_acknowledge()
        return {"type": "ir.actions.act_window_close"}


class AcknowledgeConfirmLine(models.TransientModel):
    _name = "amazon.b2b.acknowledge.confirm.line"
    _description = "Amazon: a line of what the acknowledgement says"

    confirm_id = fields.Many2one(
        "amazon.b2b.acknowledge.confirm", required=True, ondelete="cascade"
    )
    number = fields.Char("Purchase Order")
    line_number = fields.Char("Line")
    product = fields.Char()
    ordered_qty = fields.Float("Ordered", digits="Product Unit")
    accepted_qty = fields.Float("Accepted", digits="Product Unit")
    rest_qty = fields.Float("Rest", digits="Product Unit")
    unit = fields.Char()
    later = fields.Boolean()
    is_final = fields.Boolean()
    remark = fields.Char()
