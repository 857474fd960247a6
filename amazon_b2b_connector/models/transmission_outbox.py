import logging
from datetime import timedelta, timezone
from functools import partial

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
                transmission = self._begin_attempt(self._due_domain(rested))
            except TAKEN:
                self.env.cr.rollback()
                conflicts += 1
                continue
            if not transmission:
                break
            outcome = transmission._post(
                transmission.partner_station_id.url, "headers", "wire"
            )
            if not transmission._settle(type(self)._conclude, outcome):
                rested |= transmission.partner_station_id
            left = self.search_count(self._due_domain(rested))
            if not self.env["ir.cron"]._commit_progress(1, remaining=left):
                break
            self.env.invalidate_all()
        self._send_receipts()

    @api.model
    def _begin_attempt(self, domain):
        """The first of these, its attempt committed before any byte leaves; or none.

        :raise: one of ``TAKEN``; the caller rolls back and tries again
        """
        transmission = self._claim(domain, limit=1)
        if transmission:
            transmission._claim_attempt()
            self.env["ir.cron"]._commit_progress()
        return transmission

    def _post(self, url, headers, body):
        """Send once. Nothing is written here, for it takes as long as the other side.

        :param headers: name of the field that holds them
        :param body: name of the field that holds it
        :return: an ``as2_http.Answer``, or ``as2_http.Unreachable`` with the reason
        """
        timeout = self.partner_station_id.timeout
        try:
            return as2_http.post(
                url, self._headers(headers), self._bytes(body), timeout
            )
        except as2_http.Unreachable as error:
            return error
        except Exception as error:
            _logger.exception("Transmission %s could not be sent", self.id)
            return as2_http.Unreachable(str(error))

    def _settle(self, step, outcome):
        """Write down what came of sending, in a transaction that begins here.

        While the answer was awaited, its receipt or its 997 came by the door, or a
        person stopped it: what they wrote is seen and kept. Returns what ``step``
        does, which is whether the other station could be reached.
        """
        for _conflict in range(MAX_CONFLICTS):
            self.env["ir.cron"]._commit_progress()
            try:
                self._claim([("id", "in", self.ids)], wait=True)
                documents = self.document_ids
                documents._claim([("id", "in", documents.ids)], wait=True)
                return self._safely(partial(step, outcome=outcome))
            except TAKEN:
                self.env.cr.rollback()
        return True  # the claim makes it due again

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

    def _conclude(self, outcome):
        """Take what came of an attempt. Returns whether the station was reached."""
        if isinstance(outcome, as2_http.Unreachable):
            self._not_delivered(str(outcome))
            return False
        if not outcome.ok:
            self._not_delivered(self.env._("HTTP status %s", outcome.status))
            return outcome.status < 500
        if self.partner_station_id.mdn == "async" and not outcome.body.strip():
            self._await_async_mdn()
        else:
            self._take_mdn(outcome.headers, outcome.body)
        return True

    def _not_delivered(self, error):
        if self.state == "delivered":
            return  # its receipt came another way meanwhile
        now = fields.Datetime.now()
        self.write({"last_error": error, "first_failure": self.first_failure or now})
        _logger.info("Transmission %s not delivered: %s", self.id, error)

    def _await_async_mdn(self):
        if self.state not in ("ready", "sent"):
            return  # it came already, or a person stopped it
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
