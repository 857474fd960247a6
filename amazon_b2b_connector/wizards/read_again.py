from datetime import datetime, time

from dateutil.relativedelta import relativedelta
from odoo import fields, models
from odoo.exceptions import UserError

# Amazon keeps orders for two years (Orders API 2026-01-01)
KEPT = relativedelta(years=2)


class ReadAgain(models.TransientModel):
    """Read the orders of a connection again from a day on."""

    _name = "amazon.b2b.read.again"
    _description = "Read orders from Amazon again"

    connection_id = fields.Many2one(
        "amazon.b2b.connection",
        required=True,
        domain=[("kind", "=", "seller")],
    )
    day = fields.Date("Updated Since", required=True)

    def action_read(self):
        self.ensure_one()
        today = fields.Date.context_today(self)
        if not today - KEPT < self.day <= today:
            raise UserError(
                self.env._(
                    "Choose a day of the last two years: Amazon keeps orders that long."
                )
            )
        connection = self.connection_id._for_person()
        connection._trigger_poll()
        for poll in connection.current_poll_ids:
            poll._read_from(datetime.combine(self.day, time.min))
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "Orders that were updated since %s are read again. Those that are "
                    "here as they are stay as they are.",
                    self.day,
                ),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
