import logging
import time

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError, UserError
from psycopg2 import OperationalError

from .. import edi
from .message_type import KIND_OF_CODE

_logger = logging.getLogger(__name__)

BATCH = 50

# hours that Amazon gives for the acknowledgement, counted from receipt
ACKNOWLEDGE_HOURS = 24

# X12 elements 715 and 717: accepted, with errors noted; rejected, and rejected by
# security checks
ACCEPTED = ("A", "E")
REJECTED = ("R", "M", "W", "X")

# kind of document -> the model and method that works a batch of them
WORKERS = {
    "purchase_order": ("sale.order", "_amazon_b2b_import"),
    "functional_acknowledgement": ("amazon.b2b.document", "_apply_acknowledgements"),
    "seller_order": ("sale.order", "_amazon_b2b_import_seller"),
}
# kind of document -> the method that finds whose a batch is; else by EDI ids
PLACERS = {"seller_order": "_place_seller_orders"}


class Document(models.Model):
    _inherit = "amazon.b2b.document"

    @api.model
    def _cron_work(self, lane):
        """Work the documents of one lane; each batch is one transaction."""
        self._work_off(
            [("state", "=", "new"), ("lane", "=", lane)], BATCH, type(self)._work
        )

    def _work(self):
        """Work a batch; what fails as a batch is worked one by one.

        A document that is worked always leaves ``new``: one bad one stops nobody.
        """
        for kind, batch in self.grouped("kind").items():
            if len(batch) > 1 and batch._work_safely(kind, last_chance=False):
                continue
            for document in batch.filtered(lambda d: d.state == "new"):
                document._work_safely(kind, last_chance=True)

    def _work_safely(self, kind, *, last_chance):
        started = time.monotonic()
        try:
            with self.env.cr.savepoint():
                self._work_placed(kind)
                self.env.flush_all()
        except (OperationalError, ConcurrencyError):
            raise  # the transaction is lost; the scheduled action runs again
        except Exception as error:
            self.env.invalidate_all()
            if last_chance:
                self._fail(error)
            return False
        _logger.info(
            "%s %s worked in %.0f ms",
            len(self),
            kind,
            (time.monotonic() - started) * 1000,
        )
        return True

    def _work_placed(self, kind):
        placed = getattr(self, PLACERS.get(kind, "_place"))()
        if placed and kind in WORKERS:
            model, method = WORKERS[kind]
            getattr(self.env[model], method)(placed)
        else:
            placed._ignore(self.env._("Nothing is done with this type of message yet."))

    def _fail(self, error):
        """End as failed with the reason, the trace in the log."""
        self.ensure_one()
        if isinstance(error, UserError):
            reason = str(error)
        else:
            _logger.exception("%s could not be worked", self.display_name)
            reason = self.env._(
                "An unexpected error stopped it: %s. The log says where. Nothing was "
                "changed; “Process again” tries once more.",
                error,
            )
        self._move("failed", reason_code="error", reason=reason)

    # placing: whose document is it, and how far is its message type

    def _place(self):
        """Find connection and vendor code anew; what has none or is staged waits.

        Done whenever a document is worked, so that a connection or a vendor code
        that was added meanwhile counts. Returns what may go on.
        """
        ready = self.browse()
        known = {}
        for document in self:
            interchange = document.interchange_id
            key = (document.transmission_id, interchange.sender, interchange.receiver)
            if key not in known:
                known[key] = document.transmission_id._connections(*key[1:])
            connections = known[key]
            if document._find_place(connections) and document._pass_stage():
                ready |= document
        return ready

    def _find_place(self, connections):
        """Choose among ``connections`` by vendor code; hold what has no place."""
        if not connections:
            self._hold(
                "partner",
                self.env._(
                    "No connection has the EDI ids of this interchange, from "
                    "%(sender)s to %(receiver)s, and the stations it came by, if it "
                    "came by any. Add them to a connection.",
                    sender=self.interchange_id.sender,
                    receiver=self.interchange_id.receiver,
                ),
            )
            return False
        if self.kind != "purchase_order":
            self.connection_id = self.connection_id or connections[0]
            return True
        code = connections.vendor_code_ids.filtered(
            lambda c: c.code == self.vendor_code
        )[:1]
        if not code:
            self._hold(
                "vendor_code",
                self.env._(
                    "Vendor code “%s” (REF*CR) is on no connection. Add it with its "
                    "company, warehouse and sales team.",
                    self.vendor_code or "",
                ),
                connection_id=connections[0].id,
                user_id=connections[0].user_id.id,
                missing={"vendor_code": self.vendor_code or ""},
            )
            return False
        self.write(
            {
                "connection_id": code.connection_id.id,
                "vendor_code_id": code.id,
                "company_id": code.company_id.id,
                "user_id": code._responsible().id,
                "is_test": self.is_test or code.connection_id.is_test,
            }
        )
        return True

    def _pass_stage(self):
        """Whether the stage of the message type lets it go on; else say why not."""
        stage = "live" if self.is_released else self.connection_id._stage(self.kind)
        self.stage = stage
        if stage == "off":
            self._ignore(self.env._("This message type is switched off."))
        elif stage == "test":
            self._ignore(
                self.env._("This message type is at stage Test: answered only.")
            )
        elif stage == "parallel":
            self._hold(
                "stage",
                self.env._(
                    "This message type is at stage Parallel: release it to go on."
                ),
            )
        return stage == "live"

    # decoding

    @api.model
    def _values_of_message(self, message, group, interchange_record, transmission):
        """The values of the document that one transaction set becomes."""
        paper = message.document
        kind = KIND_OF_CODE.get(message.code)
        errors = [i for i in message.issues if i.severity == "error"]
        values = {
            "direction": "in",
            "kind": kind,
            "code": message.code,
            "state": "new",
            "data": edi.to_json(paper) if paper else False,
            "issues": [_issue_values(issue) for issue in message.issues] or False,
            "is_test": interchange_record.test,
            "company_id": transmission.company_id.id,
            "partner_identifier": interchange_record.sender,
            "transmission_id": transmission.id,
            "interchange_id": interchange_record.id,
            "group_code": group.code,
            "group_control_number": group.control_number,
            "set_control_number": message.control_number,
            "message_version": message.version,
        }
        if kind == "purchase_order" and paper:
            values |= {
                "number": paper.number,
                "order_number": paper.number,
                "vendor_code": paper.vendor_code,
                "deadline": fields.Datetime.add(
                    transmission.create_date, hours=ACKNOWLEDGE_HOURS
                ),
            }
        elif kind == "functional_acknowledgement" and paper:
            values["number"] = paper.group_control_number
        if paper and errors and kind == "purchase_order":
            values |= {
                "state": "held",
                "reason_code": "content",
                "reason": self.env._(
                    "Something in it could not be read. Compare it with Amazon's own "
                    "copy; “Process again” takes it as it was read.\n%s",
                    "\n".join(map(str, errors)),
                ),
            }
        if not paper:
            values |= {
                "state": "failed",
                "reason_code": "content",
                "reason": "\n".join(i.text for i in errors or message.issues)
                or self.env._(
                    "Message type %s is not known here.", message.code or "?"
                ),
            }
        return values

    @api.model
    def _apply_acknowledgements(self, documents):
        """Move what we sent to accepted or rejected as each 997 says."""
        for document in documents:
            document._apply_acknowledgement(document._paper())

    def _apply_acknowledgement(self, paper):
        sent = self.search(
            [
                ("direction", "=", "out"),
                ("interchange_id.sender", "=", self.interchange_id.receiver),
                ("interchange_id.receiver", "=", self.interchange_id.sender),
                ("interchange_id.test", "=", self.interchange_id.test),
                ("interchange_id.company_id", "=", self.interchange_id.company_id.id),
                ("group_code", "=", paper.group_code),
                ("group_control_number", "=", _number(paper.group_control_number)),
            ]
        )
        if not sent:
            self._hold(
                "reference",
                self.env._(
                    "Amazon answers group %(group)s (%(code)s), which was never sent "
                    "from here. If another system sent it, set this aside.",
                    group=paper.group_control_number,
                    code=paper.group_code,
                ),
            )
            return
        verdicts = {target: _verdict(paper, target) for target in sent}
        if not all(verdicts.values()):
            self._hold(
                "content",
                self.env._(
                    "It does not say whether Amazon accepted %(documents)s (AK9 "
                    "%(status)s). Ask Amazon or look in Vendor Central, then set this "
                    "aside.",
                    documents=", ".join(
                        d.display_name for d, verdict in verdicts.items() if not verdict
                    ),
                    status=paper.status,
                ),
                origin_id=sent[0].id,
            )
            return
        sent._claim_all()  # the sender may be writing them
        for target, verdict in verdicts.items():
            target._answered(self.create_date, *verdict)
        self._done(
            origin_id=sent[0].id,
            connection_id=sent[0].connection_id.id,
            sale_order_id=sent[0].sale_order_id.id,
            order_number=sent[0].order_number,
        )

    def _answered(self, moment, status, codes, segments):
        """Take over what a 997 of ``moment`` says of this sent document.

        It also proves that the document arrived, where the MDN did not say so yet.
        """
        accepted = status in ACCEPTED
        self._move(
            "accepted" if accepted else "rejected",
            sent_date=self.sent_date or moment,
            delivered_date=self.delivered_date or moment,
            answered_date=moment,
            alarm=False,
            notified=False,
            reason_code=False if accepted else "content",
            reason=self._answer_text(status, codes, segments),
        )

    def _answer_text(self, status, codes, segments):
        if status == "A":
            return False
        lines = [self.env._("997 status %s", status)]
        if codes:
            lines.append(self.env._("error codes %s", ", ".join(codes)))
        for segment in segments:
            lines.append(
                self.env._(
                    "segment %(id)s at position %(position)s: code %(code)s",
                    id=segment.segment,
                    position=segment.position,
                    code=segment.code or "-",
                )
            )
            lines += [
                self.env._(
                    "element %(position)s: code %(code)s %(value)s",
                    position=element.position,
                    code=element.code,
                    value=element.value,
                )
                for element in segment.elements
            ]
        return "\n".join(lines)


def _number(control_number):
    """Control numbers are compared without their leading zeros."""
    return (control_number or "").lstrip("0") or "0"


def _verdict(paper, sent):
    """Status, codes and segments of one sent document in a 997; ``None`` where it
    says neither that it was accepted nor that it was rejected.

    A group that is rejected takes its sets along, whatever is said of them; one that
    is accepted in part says nothing of a set that it does not name.
    """
    number = _number(sent.set_control_number)
    named = [s for s in paper.sets if _number(s.control_number) == number]
    status = paper.status.upper()
    if named and status not in REJECTED:
        status = named[-1].status.upper()
    if status == "P" and paper.sets_accepted == paper.sets_included:
        status = "A"
    if status not in (*ACCEPTED, *REJECTED):
        return None
    codes = [*(c for s in named for c in s.codes)]
    if status in REJECTED or not named:
        codes += paper.codes
    return status, tuple(codes), named[-1].segments if named else ()


def _issue_values(issue):
    return {
        "severity": issue.severity,
        "segment_number": issue.segment_number,
        "segment_id": issue.segment_id,
        "text": issue.text,
    }
