import logging

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError
from odoo.tools import SQL
from psycopg2 import OperationalError

from .. import edi
from . import waking

_logger = logging.getLogger(__name__)

# content of a transmission -> the method that makes documents of its payload
DECODERS = {
    "edi": "_decode_interchanges",
    "orders": "_decode_orders",
    "report": "_decode_report",
}


class Transmission(models.Model):
    _inherit = "amazon.b2b.transmission"

    @api.model
    def _receive(self, values):
        """Store what just arrived and ask for its decoding; the caller commits."""
        self.env["amazon.b2b.origin"]._remember_first()
        message_id = values.get("message_id")
        transmission = self.create(
            {"direction": "in", "state": "received", **values, "message_id": False}
        )
        if message_id:
            transmission._take_message_id(message_id)
        self._trigger_decode()
        return transmission

    def _take_message_id(self, message_id):
        """Be the one with this Message-ID.

        In a statement that does not log its failure: the same message twice at once
        is no error.

        :raise UniqueViolation: another took it since our snapshot
        """
        self.flush_recordset()
        self.env.cr.execute(
            SQL(
                "UPDATE amazon_b2b_transmission SET message_id = %s WHERE id = %s",
                message_id,
                self.id,
            ),
            log_exceptions=False,
        )
        self.invalidate_recordset(["message_id"])

    @api.model
    def _received_before(self, partner, message_id):
        """The transmission that keeps this Message-ID of ``partner``, or none.

        In SQL, for it is asked with every message, and put as the unique index on it
        puts it.
        """
        self.flush_model(["partner_station_id", "message_id", "direction", "state"])
        self.env.cr.execute(
            SQL(
                "SELECT id FROM amazon_b2b_transmission"
                " WHERE partner_station_id = %s AND message_id = %s"
                " AND direction = 'in' AND transport = 'as2'"
                " AND state NOT IN ('refused', 'duplicate')",
                partner.id,
                message_id,
            )
        )
        return self.browse(row[0] for row in self.env.cr.fetchall())

    @api.model
    def _trigger_decode(self):
        waking.trigger(self.env, "amazon_b2b_connector.cron_decode")

    @api.model
    def _cron_decode(self):
        """Decode what was received, one transmission a transaction, in order."""
        self._work_off(
            [("direction", "=", "in"), ("state", "=", "received")],
            1,
            type(self)._decode,
        )

    def action_decode_again(self):
        for transmission in self._for_person():
            transmission._move("received", reason=False)
        self._trigger_decode()

    def _decode(self):
        """Turn the payload into documents and answer every functional group."""
        self.ensure_one()
        try:
            with self.env.cr.savepoint():
                self._decode_payload()
                self.env.flush_all()
        except (ConcurrencyError, OperationalError):
            raise
        except Exception as error:
            _logger.exception("Transmission %s could not be decoded", self.id)
            self.env.invalidate_all()
            self._move("failed", reason=str(error))
            self._keep_unreadable(str(error))

    def _decode_payload(self):
        documents = getattr(self, DECODERS[self.content])()
        self._move("decoded", reason=False)
        documents._trigger_work()
        return documents

    def _decode_interchanges(self):
        reading = edi.read(self._bytes("payload"))
        documents = self.env["amazon.b2b.document"]
        for interchange in reading.interchanges:
            documents |= self._decode_interchange(interchange)
        if reading.issues or not documents:
            reason = "\n".join(issue.text for issue in reading.issues)
            self._keep_unreadable(
                reason or self.env._("There is no document in this transmission.")
            )
        documents._trigger_outbox()
        return documents

    def _keep_unreadable(self, reason, **values):
        """Bytes that are no document still end in one, failed, with an owner."""
        connection = self.connection_id or self._by_stations()[:1]
        return self.env["amazon.b2b.document"].create(
            {
                "direction": "in",
                "code": self.env._("unreadable"),
                "state": "failed",
                "reason_code": "content",
                "reason": reason,
                "company_id": self.company_id.id,
                "connection_id": self.connection_id.id,
                "user_id": connection.user_id.id,
                "transmission_id": self.id,
                **values,
            }
        )

    def _keep_unread(self, interchange, record, connection):
        """What of an interchange is in none of its messages, or what its envelopes
        promise and do not hold: a person must look, for it may be an order."""
        issues = list(interchange.issues)
        for group in interchange.groups:
            issues += group.issues
        faults = [str(issue) for issue in issues if issue.severity == "error"]
        if not faults:
            return self.env["amazon.b2b.document"]
        values = {
            "state": "new",
            "interchange_id": record.id,
            "connection_id": connection.id,
            "user_id": connection.user_id.id,
            "is_test": record.test,
        }
        if record.state == "duplicate":
            values = self._judged(values, record)
        else:
            values["state"] = "failed"
        reason = self.env._(
            "The interchange is not whole. What could be read of it was taken. Compare "
            "it with Amazon's own copy, then set this aside.\n%s",
            "\n".join(faults),
        )
        return self._keep_unreadable(**{"reason": reason, **values})

    def _decode_interchange(self, interchange):
        """The documents of one interchange, and ours that answer its groups."""
        record = self.env["amazon.b2b.interchange"]._record(self, interchange)
        connections = self._connections(record.sender, record.receiver)
        documents = self.env["amazon.b2b.document"]
        for group in interchange.groups:
            values = [
                documents._values_of_message(message, group, record, self)
                for message in group.messages
            ]
            documents |= documents.create(
                [
                    {
                        **self._judged(v, record),
                        "connection_id": connections[:1].id,
                        "user_id": connections[:1].user_id.id,
                    }
                    for v in values
                ]
            )
            if group.answerable and connections:
                documents |= self._answer_group(connections[0], group, record)
        documents |= self._keep_unread(interchange, record, connections[:1])
        return documents

    def _connections(self, sender, receiver):
        """Whose an interchange from ``sender`` to ``receiver`` is.

        What came by AS2 belongs to connections of its stations only: a signature
        vouches for its own station, whatever ids the interchange claims.
        """
        if self.connection_id:
            return self.connection_id
        connections = self.env["amazon.b2b.connection"]._for_ids(sender, receiver)
        if self.partner_station_id:
            return connections & self._by_stations()
        return connections.filtered(lambda c: c.company_id == self.company_id)

    def _by_stations(self):
        """The connections that use the pair of stations it came by."""
        return self.env["amazon.b2b.connection"].search(
            [
                ("own_station_id", "=", self.own_station_id.id),
                ("partner_station_id", "=", self.partner_station_id.id),
            ]
        )

    def _judged(self, values, interchange):
        """Set aside what repeats an interchange, hold what reuses its number."""
        if values["state"] != "new" or interchange.state == "accepted":
            return values
        facts = {
            "number": interchange.control_number,
            "original": interchange.original_id.transmission_id.name,
        }
        if interchange.state == "duplicate":
            return {
                **values,
                "state": "ignored",
                "reason": self.env._(
                    "Interchange %(number)s was received before, byte for byte "
                    "(transmission %(original)s).",
                    **facts,
                ),
            }
        return {
            **values,
            "state": "held",
            "reason_code": "interchange",
            "reason": self.env._(
                "Interchange number %(number)s came before with other content "
                "(transmission %(original)s). If this one is right, process it again.",
                **facts,
            ),
        }

    def _answer_group(self, connection, group, interchange):
        """The 997 for a group, whether or not its documents are held."""
        stage = connection._stage("functional_acknowledgement")
        if stage == "off":
            return self.env["amazon.b2b.document"]
        paper = edi.acknowledge(group)
        return self.env["amazon.b2b.document"]._send_out(
            paper,
            connection,
            number=group.control_number,
            is_test=interchange.test or connection.is_test,
            stage=stage,
            deadline=fields.Datetime.add(self.create_date, hours=24),
        )
