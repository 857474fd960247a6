from odoo import fields, models

from .. import spapi


class ImportOrder(models.TransientModel):
    """Ask Amazon for one order by its number, and take it in.

    A call that fails is told here, so that what it says of the connection (authorise
    again) is kept.
    """

    _name = "amazon.b2b.import.order"
    _description = "Import one order from Amazon"

    connection_id = fields.Many2one(
        "amazon.b2b.connection",
        required=True,
        domain=[("kind", "=", "seller")],
    )
    number = fields.Char("Amazon Order", required=True)
    problem = fields.Text(readonly=True)

    def action_import(self):
        self.ensure_one()
        self.problem = False
        connection = self.connection_id._for_person()
        number = self.number.strip().upper()
        try:
            document = connection._fetch_order(number)
        except spapi.SpapiError as error:
            connection._take_error(error)
            self.problem = connection._in_words(error, number)
            return {
                "type": "ir.actions.act_window",
                "name": self.env._("Import One Order"),
                "res_model": self._name,
                "res_id": self.id,
                "view_mode": "form",
                "target": "new",
            }
        document = document.with_env(self.env)
        order = document.sale_order_id
        if document.state == "done" and order.has_access("read"):
            return order.get_formview_action()
        return document.get_formview_action()
