from datetime import datetime, time, timedelta

from odoo import fields, models
from odoo.exceptions import UserError


class CatchUp(models.TransientModel):
    """Ask once for the reports of a seller's orders since a day."""

    _name = "amazon.b2b.catch.up"
    _description = "Catch up on a seller's orders by reports"

    connection_id = fields.Many2one(
        "amazon.b2b.connection", required=True, domain=[("kind", "=", "seller")]
    )
    day = fields.Date(
        "Orders Since",
        required=True,
        default=lambda self: fields.Date.today() - timedelta(days=30),
        help="Amazon keeps order reports for 60 days.",
    )

    def action_apply(self):
        self.ensure_one()
        connection = self.connection_id
        connection._check_may_authorise()
        if self.day > fields.Date.today():
            raise UserError(self.env._("Choose a day that is not in the future."))
        reports = connection._catch_up(datetime.combine(self.day, time.min))
        if not reports:
            raise UserError(
                self.env._("No marketplace of %s imports orders.", connection.name)
            )
        return reports._show()
