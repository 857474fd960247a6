import base64

from odoo import fields, models
from odoo.exceptions import UserError

from .. import edi, spapi
from ..models.message_type import KIND_OF_CODE


class ReadFile(models.TransientModel):
    """The rescue when a transport is down: take or send an EDI file by hand. And the
    way of a seller without an authorisation: take a report."""

    _name = "amazon.b2b.read.file"
    _description = "Read or send an EDI file for an Amazon connection"

    connection_id = fields.Many2one("amazon.b2b.connection", required=True)
    kind = fields.Selection(related="connection_id.kind")
    direction = fields.Selection(
        [("in", "Read it in, as if it had arrived"), ("out", "Send it to Amazon")],
        required=True,
        default="in",
    )
    shipped = fields.Selection(
        [
            ("told", "The report of all orders, uploaded as well, tells of each"),
            ("none", "None of them: all are still to be shipped"),
        ],
        "What Has Left",
        help="The reports with addresses and with amounts do not tell what was shipped "
        "before. Other reports tell it, and what is chosen here then counts for "
        "nothing.",
    )
    file = fields.Binary(required=True)
    filename = fields.Char()
    is_repeat = fields.Boolean(
        "Send a Used Number Again",
        help="The control number of this file went to Amazon before, and it is the "
        "same interchange that shall go once more.",
    )

    def action_apply(self):
        self.ensure_one()
        self.connection_id.check_access("write")
        payload = base64.b64decode(self.file)
        if not payload:
            raise UserError(self.env._("The file is empty."))
        if self.kind == "seller":
            take = self._read_report
        else:
            take = self._read_in if self.direction == "in" else self._send
        transmission = take(payload)
        return transmission.get_formview_action()

    def _read_in(self, payload):
        transmissions = self.env["amazon.b2b.transmission"].sudo()
        return transmissions._receive(
            {
                "transport": "file",
                "company_id": self.connection_id.company_id.id,
                "connection_id": self.connection_id.id,
                "filename": self.filename,
                **transmissions._payload_values(payload),
            }
        ).sudo(False)

    def _read_report(self, payload):
        """A report of Amazon's, downloaded from Seller Central; no API is needed."""
        connection = self.connection_id
        if not connection.seller_id:
            raise UserError(
                self.env._(
                    "Enter the Seller ID on %s first: orders are told apart by it.",
                    connection.name,
                )
            )
        kind, issue = spapi.recognise(payload)
        if not kind:
            raise UserError(
                self.env._(
                    "%(file)s is none of the reports that tell of orders: %(issue)s. "
                    "Take it as Seller Central or the Reports API gives it: order "
                    "reports, Amazon-fulfilled shipments, or all orders.",
                    file=self.filename or self.env._("The file"),
                    issue=issue,
                )
            )
        transmissions = self.env["amazon.b2b.transmission"].sudo()
        return transmissions._receive(
            {
                "transport": "file",
                "content": "report",
                "company_id": connection.company_id.id,
                "connection_id": connection.id,
                "filename": self.filename,
                "is_unshipped": self.shipped == "none",
                **transmissions._payload_values(payload),
            }
        ).sudo(False)

    def _send(self, payload):
        """Send the bytes as they are; what is in them is known, so that a 997 for
        it finds its document."""
        connection = self.connection_id
        connection._check_ready_to_send()
        reading = edi.read(payload)
        sets = [
            (interchange, group, message)
            for interchange in reading.interchanges
            for group in interchange.groups
            for message in group.messages
        ]
        if not sets:
            raise UserError(
                self.env._(
                    "There is no EDI message in this file: %s",
                    "; ".join(issue.text for issue in reading.all_issues),
                )
            )
        transmission = connection._build_transmission(payload, self.filename)
        interchanges = self.env["amazon.b2b.interchange"].sudo()
        records = {
            interchange: interchanges._record(transmission, interchange)
            for interchange in reading.interchanges
        }
        for record in records.values():
            self._check_number(record)
        self.env["amazon.b2b.document"].sudo().create(
            [
                {
                    "direction": "out",
                    "kind": KIND_OF_CODE.get(message.code),
                    "code": message.code,
                    "state": "ready",
                    "data": edi.to_json(message.document)
                    if message.document
                    else False,
                    "company_id": connection.company_id.id,
                    "connection_id": connection.id,
                    "partner_identifier": records[interchange].receiver,
                    "is_test": interchange.test,
                    "user_id": self.env.uid,
                    "transmission_id": transmission.id,
                    "interchange_id": records[interchange].id,
                    "group_code": group.code,
                    "group_control_number": group.control_number.lstrip("0"),
                    "set_control_number": message.control_number,
                    "message_version": group.version,
                }
                for interchange, group, message in sets
            ]
        )
        transmission._trigger_send()
        return transmission.sudo(False)

    def _check_number(self, interchange):
        """Amazon takes a control number once: what comes again under it is set aside
        there, so a person must know that it does."""
        earlier = interchange.original_id or interchange._same_number_sent()
        if not earlier:
            return
        facts = {
            "number": interchange.control_number,
            "transmission": earlier.transmission_id.display_name,
            "date": fields.Date.to_string(earlier.create_date),
        }
        if interchange.state == "conflict":
            raise UserError(
                self.env._(
                    "Control number %(number)s was used on %(date)s with other content "
                    "(transmission %(transmission)s). Give the file a number that was "
                    "not used (ISA13 and IEA02).",
                    **facts,
                )
            )
        if not self.is_repeat:
            raise UserError(
                self.env._(
                    "Control number %(number)s was used before, on %(date)s "
                    "(transmission %(transmission)s). Give the file another number, or "
                    "tick “Send a Used Number Again” if it is the same interchange.",
                    **facts,
                )
            )
