import logging

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError, UserError
from psycopg2 import OperationalError

from .. import as2, edi
from .message_type import CODE_OF_KIND, KIND_OF_CODE

_logger = logging.getLogger(__name__)

BATCH = 20

# nothing of these is on its way to Amazon any more, or it has arrived there
SETTLED = ("delivered", "accepted", "stopped", "ignored")

# these may still go with the next attempt
OPEN = ("ready", "sent", "failed")

# a receipt makes them delivered; it may come after they were stopped or refused
UNDELIVERED = ("ready", "sent", "failed", "stopped")


class Document(models.Model):
    """The way out: encoded, numbered, read again, stored; sent by its transmission."""

    _inherit = "amazon.b2b.document"

    @api.model
    def _send_out(self, paper, connection, **values):
        """Put ``paper`` into the outbox, in the transaction of what decided it.

        :param paper: one of :mod:`edi.documents`
        :param values: further fields of the document (number, order, record)
        """
        return self._send_out_batch([(paper, connection, values)])

    @api.model
    def _send_out_batch(self, rows):
        """As :meth:`_send_out`, for many rows of (paper, connection, values)."""
        documents = self.sudo().create([self._outgoing_values(*row) for row in rows])
        documents._trigger_outbox()
        return documents

    def _outgoing_values(self, paper, connection, values):
        kind = KIND_OF_CODE[edi.code_of(paper)]
        stage = values.pop("stage", None) or connection._stage(kind)
        if stage == "off":
            raise UserError(
                self.env._(
                    "%(kind)s is switched off on %(connection)s.",
                    kind=dict(self._fields["kind"].selection)[kind],
                    connection=connection.name,
                )
            )
        parallel = stage == "parallel"
        return {
            "direction": "out",
            "kind": kind,
            "code": CODE_OF_KIND[kind],
            "state": "prepared" if parallel else "ready",
            "reason": parallel
            and self.env._("Built at stage Parallel: compare it, then release it."),
            "stage": stage,
            "data": edi.to_json(paper),
            "company_id": self._company_of(connection, values).id,
            "connection_id": connection.id,
            "partner_identifier": f"{connection.partner_qualifier}:"
            f"{connection.partner_identifier}",
            "user_id": connection.user_id.id,
            **values,
            "is_test": values.get("is_test") or connection.is_test or stage == "test",
        }

    def _company_of(self, connection, values):
        """A document's company is its vendor code's."""
        code = self.env["amazon.b2b.vendor.code"].browse(values.get("vendor_code_id"))
        return code.company_id or connection.company_id

    @api.model
    def _cron_outbox(self):
        """Encode what is ready, each document one transaction, in order."""
        if not self.env["amazon.b2b.origin"]._may_exchange():
            return
        waiting = [
            ("direction", "=", "out"),
            ("state", "=", "ready"),
            ("transmission_id", "=", False),
            ("connection_id.active", "=", True),
        ]
        unlocked = self.search(waiting, order="id")
        unlocked -= unlocked._behind_others()
        self._work_off(
            [("id", "in", unlocked.ids), *waiting], BATCH, type(self)._encode_batch
        )

    def _encode_batch(self):
        for document in self:
            document._encode_safely()
        self.transmission_id._trigger_send()

    def _behind_others(self):
        """Those that wait for an earlier document of their order to be delivered."""
        numbered = self.filtered("order_number")
        if not numbered:
            return self.browse()
        others = self.search(
            [
                ("direction", "=", "out"),
                ("order_number", "in", numbered.mapped("order_number")),
                ("kind", "!=", "functional_acknowledgement"),
                ("state", "not in", SETTLED),
                # a corrected document took the place of the one before it
                ("replaced_by_ids", "=", False),
            ],
            order="id desc",
        )
        first_open = {(d.connection_id, d.order_number): d.id for d in others}
        return numbered.filtered(
            lambda d: first_open.get((d.connection_id, d.order_number), d.id) < d.id
        )

    def _encode_safely(self):
        try:
            with self.env.cr.savepoint():
                self._encode()
                self.env.flush_all()
        except (OperationalError, ConcurrencyError):
            raise
        except (UserError, edi.WriteError, as2.AS2Error) as error:
            self.env.invalidate_all()
            self._move("failed", reason_code="content", reason=str(error))
        except Exception as error:
            _logger.exception("%s could not be encoded", self.display_name)
            self.env.invalidate_all()
            self._move("failed", reason_code="error", reason=str(error))

    def _encode(self):
        """Number, write, read again and store the bytes that will be sent."""
        connection = self.connection_id
        connection._check_ready_to_send()
        paper = self._paper()
        interchange_number, group_number, set_number = connection._numbering(
            self.is_test
        )._take()
        moment = fields.Datetime.now()
        envelope = edi.Envelope(
            sender_qualifier=connection.own_edi_id.qualifier,
            sender=connection.own_edi_id.identifier,
            receiver_qualifier=connection.partner_qualifier,
            receiver=connection.partner_identifier,
            group_sender=connection.own_edi_id._group_name(),
            group_receiver=connection.partner_group or connection.partner_identifier,
            test=self.is_test,
            moment=moment,
            interchange_control_number=interchange_number,
            group_control_number=group_number,
            first_set_control_number=set_number,
            version=connection._version(self.kind),
            line_break=connection.line_break,
        )
        options = edi.Options(sscc_prefix=connection.sscc_prefix)
        payload = edi.write(envelope, [paper], options=options)
        written = self._read_again(payload, paper)
        transmission = connection._build_transmission(
            payload, f"{self.code}_{self.id}.edi"
        )
        interchange = self.env["amazon.b2b.interchange"]._record(transmission, written)
        if interchange.state != "accepted":
            raise UserError(
                self.env._(
                    "Control number %s was used before. Raise the next one under "
                    "Amazon › Configuration › Control Numbers.",
                    interchange.control_number,
                )
            )
        group = written.groups[0]
        self.write(
            {
                "transmission_id": transmission.id,
                "interchange_id": interchange.id,
                "group_code": group.code,
                "group_control_number": group.control_number.lstrip("0"),
                "set_control_number": group.messages[0].control_number,
                "message_version": group.version,
                "reason_code": False,
                "reason": False,
            }
        )

    def _read_again(self, payload, paper):
        """Our own reader must give back exactly the paper that was meant."""
        reading = edi.read(payload)
        messages, faults = reading.messages, [i.text for i in reading.all_issues]
        if faults or len(messages) != 1 or not edi.same(paper, messages[0].document):
            raise UserError(
                self.env._(
                    "%(document)s does not read back as what was meant, so it was not "
                    "sent: %(faults)s",
                    document=self.display_name,
                    faults="; ".join(faults) or self.env._("values were lost"),
                )
            )
        return reading.interchanges[0]

    # what became of the transmission

    def _was_delivered(self, moment):
        """Amazon's MDN came: the bytes are theirs, the 997 is awaited."""
        for document in self.filtered(lambda d: d.state in UNDELIVERED):
            document._move(
                "delivered",
                sent_date=document.sent_date or moment,
                delivered_date=moment,
                alarm=False,
                reason_code=False,
                reason=False,
            )
        self._trigger_outbox()

    def action_send_again(self):
        """Send once more: the same bytes, or built anew where none were accepted."""
        for document in self:
            if document.direction != "out":
                raise UserError(
                    self.env._("%s came in; it is not sent.", document.display_name)
                )
            if document.transmission_id and document.state != "failed":
                document.transmission_id.action_resend()
                continue
            document._move(
                "ready", transmission_id=False, interchange_id=False, reason=False
            )
        self._trigger_outbox()

    def action_stop(self):
        """Stop sending; a person says that it is pointless or was done another way."""
        self._check_stopped_alone()
        reason = self.env._("Stopped by %s.", self.env.user.display_name)
        for document in self:
            document._move("stopped", reason=reason)
        # writing the document was allowed; transmissions are the exchange's own
        self.transmission_id.sudo().filtered(
            lambda t: (
                t.state in ("ready", "sent", "failed")
                and not t.document_ids.filtered(lambda d: d.state in OPEN)
            )
        )._move("stopped")
        self._trigger_outbox()

    def _check_stopped_alone(self):
        """What is on its way in one file can only be stopped together."""
        for transmission in self.transmission_id.sudo():
            if transmission.state not in ("ready", "sent"):
                continue
            others = transmission.document_ids.filtered(lambda d: d.state in OPEN)
            others -= self
            if others:
                raise UserError(
                    self.env._(
                        "%(documents)s goes to Amazon in one file with %(others)s, and "
                        "a file is sent whole. Choose all of them in the list, then "
                        "“Stop” from its menu; or let them go.",
                        documents=", ".join(
                            (self & transmission.document_ids).mapped("display_name")
                        ),
                        others=", ".join(others.mapped("display_name")),
                    )
                )
