import logging
from datetime import timedelta, timezone

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError, UserError
from psycopg2 import OperationalError

from .. import as2
from ..transports import as2_http
from .worker import MAX_CONFLICTS, TAKEN

_logger = logging.getLogger(__name__)

# minutes from one attempt to the next; the last one goes on
RETRY_MINUTES = (1, 2, 5, 10, 15, 30, 60)
# how long an asynchronous MDN is awaited before the same bytes are sent again
ASYNC_MDN_HOURS = 1

CONTENT_TYPE = "application/EDI-X12"


class Connection(models.Model):
    _inherit = "amazon.b2b.connection"

    def _build_transmission(self, payload, filename):
        """The stored, signed and encrypted message that will carry ``payload``."""
        own, partner = self.own_station_id, self.partner_station_id
        message = as2.build_message(
            payload,
            own._identity(),
            partner._partner(),
            message_id=as2.new_message_id(self._message_domain()),
            content_type=CONTENT_TYPE,
            filename=filename,
            date=fields.Datetime.now().replace(tzinfo=timezone.utc),
            async_mdn_url=own.receive_url if partner.mdn == "async" else None,
        )
        transmissions = self.env["amazon.b2b.transmission"].sudo()
        return transmissions.create(
            {
                "direction": "out",
                "transport": "as2",
                "state": "ready",
                "next_attempt": fields.Datetime.now(),
                "company_id": self.company_id.id,
                "connection_id": self.id,
                "own_station_id": own.id,
                "partner_station_id": partner.id,
                "message_id": message.headers["Message-ID"],
                "headers": transmissions._json(message.headers),
                "content_type": CONTENT_TYPE,
                "filename": filename,
                "wire": transmissions._stored(message.body),
                "signed": partner.sign != "none",
                "encrypted": partner.encrypt != "none",
                "mic": message.mic,
                "mic_algorithm": message.mic_algorithm,
                "mdn_state": "waiting",
                **transmissions._payload_values(payload),
            }
        )

    def _message_domain(self):
        return self.own_station_id.as2_id.replace(" ", "-")


class Transmission(models.Model):
    """Sending: exactly the stored bytes, until Amazon's MDN says they arrived."""

    _inherit = "amazon.b2b.transmission"

    @api.model
    def _trigger_send(self, at=None):
        self.env.ref("amazon_b2b_connector.cron_send").sudo()._trigger(at=at)

    def _due_domain(self, rested=()):
        """What is due, without that for the stations ``rested``."""
        return [
            ("partner_station_id", "not in", [station.id for station in rested]),
            ("direction", "=", "out"),
            ("state", "in", ("ready", "sent")),
            ("next_attempt", "<=", fields.Datetime.now()),
            ("connection_id.active", "=", True),
            ("partner_station_id.active", "=", True),
            ("own_station_id.active", "=", True),
        ]

    @api.model
    def _cron_send(self):
        """Send what is due; a station that cannot be reached rests for this run."""
        rested, conflicts = self.env["amazon.b2b.station"], 0
        while conflicts < MAX_CONFLICTS and (
            self.env["amazon.b2b.origin"]._may_exchange()
        ):
            try:
                transmission = self.search(
                    self._due_domain(rested), order="id", limit=10
                ).try_lock_for_update(limit=1)
                if not transmission:
                    break
                transmission._claim_attempt()
                # the claim is committed before the first byte leaves
                self.env["ir.cron"]._commit_progress()
                if not transmission._safely(type(self)._attempt):
                    rested |= transmission.partner_station_id
                left = self.search_count(self._due_domain(rested))
                if not self.env["ir.cron"]._commit_progress(1, remaining=left):
                    break
            except TAKEN:
                # its receipt or its 997 came by the door while its answer was waited
                # for; if not, the claim makes it due again
                self.env.cr.rollback()
                conflicts += 1
            self.env.invalidate_all()
        self._send_receipts()

    def _safely(self, step):
        """Take a step with one transmission; what goes wrong is written beside it and
        stops no other. Returns what the step does, false where it went wrong."""
        try:
            with self.env.cr.savepoint():
                done = step(self)
                self.env.flush_all()
        except (OperationalError, ConcurrencyError):
            raise
        except Exception as error:
            if not isinstance(error, UserError):
                _logger.exception("Transmission %s could not be sent", self.id)
            self.env.invalidate_all()
            self._not_delivered(str(error))
            return False
        return done

    def _claim_attempt(self):
        """Count the attempt and set the next one, so that a killed worker's is due."""
        self.env["amazon.b2b.origin"]._remember_first()
        now = fields.Datetime.now()
        step = RETRY_MINUTES[min(self.attempts, len(RETRY_MINUTES) - 1)]
        self.write(
            {
                "attempts": self.attempts + 1,
                "next_attempt": now + timedelta(minutes=step),
            }
        )
        self._trigger_send(at=self.next_attempt)

    def _attempt(self):
        """Send once. Returns whether the other station could be reached."""
        station = self.partner_station_id
        try:
            answer = as2_http.post(
                station.url, self._headers(), self._bytes("wire"), station.timeout
            )
        except as2_http.Unreachable as error:
            self._not_delivered(str(error))
            return False
        if not answer.ok:
            self._not_delivered(self.env._("HTTP status %s", answer.status))
            return answer.status < 500
        if station.mdn == "async" and not answer.body.strip():
            self._await_async_mdn()
            return True
        self._take_mdn(answer.headers, answer.body)
        return True

    def _not_delivered(self, error):
        now = fields.Datetime.now()
        self.write({"last_error": error, "first_failure": self.first_failure or now})
        _logger.info("Transmission %s not delivered: %s", self.id, error)

    def _await_async_mdn(self):
        now = fields.Datetime.now()
        if self.state == "sent":
            # awaited since the attempt before
            self._not_delivered(self.env._("No receipt (MDN) came."))
        else:
            self.write({"last_error": False, "first_failure": False})
        self._move("sent", next_attempt=now + timedelta(hours=ASYNC_MDN_HOURS))
        ready = self.document_ids.filtered(lambda d: d.state == "ready")
        ready._move("sent", sent_date=now)

    def _pending(self):
        return as2.PendingMessage(
            message_id=self.message_id,
            mic=self.mic or None,
            mic_algorithm=self.mic_algorithm or None,
        )

    def _take_mdn(self, headers, body):
        """Verify Amazon's receipt for this message and move on accordingly."""
        try:
            result = as2.receive_mdn(
                headers, body, self._pending(), self.partner_station_id._partner()
            )
        except as2.AS2Error as error:
            self._not_delivered(
                self.env._("The receipt (MDN) cannot be trusted: %s", error)
            )
            return False
        now = fields.Datetime.now()
        values = {
            "mdn_state": "received",
            "mdn_headers": self._json(headers),
            "mdn_body": self._stored(body),
            "mdn_disposition": f"{result.disposition} {result.modifier}".strip(),
            "mdn_date": now,
        }
        if not result.accepted:
            reason = self.env._(
                "Amazon's station refused the message: %(disposition)s %(text)s",
                disposition=f"{result.disposition} {result.modifier}".strip(),
                text=result.person or result.text,
            )
            self._move("failed", next_attempt=False, reason=reason, **values)
            self.document_ids.filtered(lambda d: d.state in ("ready", "sent"))._move(
                "failed", reason_code="content", reason=reason
            )
            return True
        self._move(
            "delivered",
            next_attempt=False,
            last_error=False,
            first_failure=False,
            reason=False,
            done_date=now,
            **values,
        )
        self.document_ids._was_delivered(now)
        return True

    # receipts of ours that were asked for in a request of their own

    @api.model
    def _send_receipts(self):
        """Send asynchronous MDNs, each only to the station's own host."""
        due = self.search(
            [
                ("direction", "=", "in"),
                ("mdn_state", "=", "ready"),
                ("own_station_id.active", "=", True),
                ("partner_station_id.active", "=", True),
                ("next_attempt", "<=", fields.Datetime.now()),
            ],
            order="id",
            limit=50,
        )
        for transmission in due:
            if not self.env["amazon.b2b.origin"]._may_exchange():
                return
            transmission._claim_attempt()
            self.env["ir.cron"]._commit_progress()
            try:
                transmission._safely(type(self)._send_receipt)
                self.env["ir.cron"]._commit_progress(1)
            except TAKEN:
                self.env.cr.rollback()
            self.env.invalidate_all()

    def _send_receipt(self):
        if not self.partner_station_id._is_own_host(self.mdn_url):
            self.write(
                {
                    "mdn_state": "failed",
                    "last_error": self.env._(
                        "The receipt was asked to %s, which is not the station's host.",
                        self.mdn_url,
                    ),
                }
            )
            return
        try:
            answer = as2_http.post(
                self.mdn_url,
                self._headers("mdn_headers"),
                self._bytes("mdn_body"),
                self.partner_station_id.timeout,
            )
        except as2_http.Unreachable as error:
            self._not_delivered(str(error))
            return
        if answer.ok:
            self.write(
                {
                    "mdn_state": "sent",
                    "mdn_date": fields.Datetime.now(),
                    "next_attempt": False,
                    "last_error": False,
                }
            )
        else:
            self._not_delivered(self.env._("HTTP status %s", answer.status))

    # person's actions

    def action_delivered_by_hand(self):
        """The file was brought to Amazon another way, for instance by its portal."""
        now = fields.Datetime.now()
        for transmission in self._for_person():
            transmission._move(
                "delivered",
                next_attempt=False,
                done_date=now,
                reason=self.env._(
                    "Delivered by hand, says %s.", self.env.user.display_name
                ),
            )
            transmission.document_ids._was_delivered(now)

    def action_resend(self):
        """Send the stored bytes again, under the same Message-ID, at once."""
        for transmission in self._for_person():
            if transmission.direction != "out":
                raise UserError(
                    self.env._("%s came in; it is not sent.", transmission.name)
                )
            transmission._move("ready", next_attempt=fields.Datetime.now())
        self._trigger_send()
