from datetime import timedelta

from odoo import api, fields, models

from ..transports import as2_http
from .worker import TAKEN

AT_ONCE = 50
# seconds until what could not be claimed is looked for again
SOON = 5
# states of a receipt that is still to be sent
OWED = ("ready", "failed")


class Transmission(models.Model):
    """Receipts of ours (MDNs) that were asked for in a request of their own.

    One that cannot be sent raises an alarm on the message's first document
    (``document_watch``).
    """

    _inherit = "amazon.b2b.transmission"

    def _due_receipts_domain(self, rested):
        return [
            ("direction", "=", "in"),
            ("mdn_state", "=", "ready"),
            ("own_station_id.active", "=", True),
            ("partner_station_id.active", "=", True),
            ("partner_station_id", "not in", rested.ids),
            ("next_attempt", "<=", fields.Datetime.now()),
        ]

    @api.model
    def _send_receipts(self):
        """Send what is due; a station that cannot be reached rests for this run."""
        rested = self.env["amazon.b2b.station"]
        for _receipt in range(AT_ONCE):
            if not self.env["amazon.b2b.origin"]._may_exchange():
                return
            try:
                transmission = self._begin_attempt(self._due_receipts_domain(rested))
            except TAKEN:
                self.env.cr.rollback()
                continue
            if not transmission:
                break
            if not transmission._send_receipt():
                rested |= transmission.partner_station_id
            self.env["ir.cron"]._commit_progress(1)
            self.env.invalidate_all()
        if self.search_count(self._due_receipts_domain(rested), limit=1):
            # it is being decoded, or there are many
            soon = fields.Datetime.now() + timedelta(seconds=SOON)
            self._trigger_send(at=soon)

    def _send_receipt(self):
        """Send it once. Returns whether its station could be reached."""
        outcome = None
        if self.partner_station_id._may_get_receipt_at(self.mdn_url):
            outcome = self._post(self.mdn_url, "mdn_headers", "mdn_body")
        return self._settle(type(self)._conclude_receipt, outcome)

    def _conclude_receipt(self, outcome):
        if outcome is None:
            self._refuse_receipt()
            return True
        if isinstance(outcome, as2_http.Unreachable):
            self._not_delivered(str(outcome))
            return False
        if not outcome.ok:
            self._not_delivered(self.env._("HTTP status %s", outcome.status))
            return outcome.status < 500
        self._settle_receipt("sent", mdn_date=fields.Datetime.now(), last_error=False)
        return True

    def _refuse_receipt(self):
        error = self.env._(
            "%(station)s asked for the receipt at %(url)s, which is not its own "
            "address (%(own)s). If Amazon moved, correct the URL of the station, then "
            "“Send Receipt Again” on the transmission.",
            station=self.partner_station_id.display_name,
            url=self.mdn_url,
            own=self.partner_station_id.url or "-",
        )
        self._not_delivered(error)
        self.write({"mdn_state": "failed", "next_attempt": False})

    def _settle_receipt(self, state, **values):
        """Nothing more is to be done for it, so nobody is needed."""
        self.write(
            {
                "mdn_state": state,
                "next_attempt": False,
                "first_failure": False,
                **values,
            }
        )
        self.document_ids.filtered(lambda d: d.alarm == "receipt").alarm = False

    # person's actions

    def action_send_receipt_again(self):
        owed = self._for_person().filtered(lambda t: t.direction == "in" and t.mdn_url)
        owed.write({"mdn_state": "ready", "next_attempt": fields.Datetime.now()})
        self._trigger_send()

    def action_give_up_receipt(self):
        owed = self._for_person().filtered(lambda t: t.mdn_state in OWED)
        for transmission in owed:
            transmission._settle_receipt(
                "stopped",
                last_error=self.env._("Given up by %s.", self.env.user.display_name),
            )
