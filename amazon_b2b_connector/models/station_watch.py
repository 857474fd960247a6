from datetime import timedelta

from markupsafe import Markup
from odoo import api, fields, models

# hours after which a station's refusals are told again
TOLD_EVERY = 24


class Station(models.Model):
    """Who is told that what a station sends is refused.

    A certificate that Amazon changed, or one of ours that ran out, keeps every order
    out, and no document says so.
    """

    _inherit = "amazon.b2b.station"

    refusals_told = fields.Datetime(readonly=True, copy=False)

    @api.model
    def _tell_refusals(self, now):
        since = now - timedelta(hours=TOLD_EVERY)
        refused = self.env["amazon.b2b.transmission"]._read_group(
            [
                ("state", "=", "refused"),
                ("create_date", ">", since),
                ("partner_station_id.active", "=", True),
            ],
            ["partner_station_id"],
            ["id:max", "__count"],
        )
        for station, last, count in refused:
            if not station.refusals_told or station.refusals_told <= since:
                station.refusals_told = now
                last = self.env["amazon.b2b.transmission"].browse(last)
                last._by_stations()._tell_refused(last, count)


class Connection(models.Model):
    _inherit = "amazon.b2b.connection"

    def _tell_refused(self, last, count):
        """Tell the responsible, and the notification addresses, of refused messages."""
        text = self.env._(
            "%(count)s messages from %(station)s were refused in a day. The last one: "
            "%(reason)s Ask Amazon for its present certificate, if it changed.",
            count=count,
            station=last.partner_station_id.display_name,
            reason=last.reason or "",
        )
        link = f"{last.get_base_url()}/odoo/{last._name}/{last.id}"
        body = Markup('<p>%s</p><p><a href="%s">%s</a></p>') % (
            text,
            link,
            last.display_name or link,
        )
        for connection in self:
            subject = self.env._("Amazon, %s: messages are refused", connection.name)
            connection._tell(subject, body)
