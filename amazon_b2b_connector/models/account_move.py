from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from .states import DOCUMENT_STATES

AMAZON_USER = "amazon_b2b_connector.group_user"

# between our outbox and Amazon's answer that it arrived
UNDERWAY = ("prepared", "ready", "sent")


class AccountMove(models.Model):
    """An invoice knows its Amazon order, goes to Amazon, and shows how far it got."""

    _inherit = "account.move"

    amazon_b2b_order_id = fields.Many2one(
        "sale.order",
        "Amazon Order",
        copy=False,
        readonly=True,
        index="btree_not_null",
    )
    amazon_b2b_number = fields.Char(
        "Amazon PO", related="amazon_b2b_order_id.amazon_b2b_number"
    )
    amazon_b2b_document_ids = fields.One2many(
        "amazon.b2b.document", "move_id", "Amazon Documents"
    )
    amazon_b2b_state = fields.Selection(
        DOCUMENT_STATES, "Amazon", compute="_compute_amazon_b2b", compute_sudo=True
    )
    amazon_b2b_reason = fields.Text(compute="_compute_amazon_b2b", compute_sudo=True)
    amazon_b2b_sendable = fields.Selection(
        [("new", "Send"), ("again", "Send again")],
        compute="_compute_amazon_b2b",
        compute_sudo=True,
    )

    @api.depends(
        "state",
        "move_type",
        "amazon_b2b_order_id",
        "amazon_b2b_document_ids.state",
        "amazon_b2b_document_ids.reason",
    )
    def _compute_amazon_b2b(self):
        for move in self:
            documents = move.amazon_b2b_document_ids.sorted("id")
            move.amazon_b2b_state = documents[-1:].state
            move.amazon_b2b_reason = documents[-1:].reason
            move.amazon_b2b_sendable = (
                move.amazon_b2b_order_id
                and move.state == "posted"
                and move.move_type == "out_invoice"
                and move._amazon_b2b_sendable(move._amazon_b2b_document())
            )

    def _amazon_b2b_document(self):
        """The last document of this invoice; tests do not count."""
        return (
            self.sudo()
            .amazon_b2b_document_ids.filtered(lambda document: not document.is_test)
            .sorted("id")[-1:]
        )

    def _amazon_b2b_sendable(self, document):
        """``"new"``, ``"again"`` where Amazon may have it, ``False`` while underway."""
        if document.state in UNDERWAY:
            return False
        arrived = document.transmission_id or document._standing()
        return "again" if arrived else "new"

    def _amazon_b2b_label(self):
        return dict(DOCUMENT_STATES).get(self._amazon_b2b_document().state, "")

    # sending

    def action_amazon_b2b_send(self):
        """The button: into the outbox, no PDF needed."""
        self._amazon_b2b_check_rights()
        for move in self:
            reasons = move._amazon_b2b_refusals()
            if reasons:
                raise UserError(move._amazon_b2b_refusal_text(reasons))
            move._amazon_b2b_put_out()
        self.is_move_sent = True

    def action_amazon_b2b_send_again(self):
        """Ask why, then send under the same number."""
        self.ensure_one()
        self._amazon_b2b_check_rights()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Send to Amazon Again"),
            "res_model": "amazon.b2b.invoice.again",
            "view_mode": "form",
            "target": "new",
            "context": {"default_move_id": self.id},
        }

    def _amazon_b2b_send_again(self, reason):
        """Send under its number once more, since Amazon rejected it for ``reason``."""
        self.ensure_one()
        self._amazon_b2b_check_rights()
        reasons = self._amazon_b2b_refusals(again=True)
        if reasons:
            raise UserError(self._amazon_b2b_refusal_text(reasons))
        self.is_move_sent = True
        return self._amazon_b2b_put_out(reason)

    def _amazon_b2b_put_out(self, reason=""):
        """Build the paper into the outbox. Whoever calls has asked for refusals.

        :param str reason: why it goes out again under its number
        """
        self.ensure_one()
        self = self.sudo()
        self._amazon_b2b_claim()
        order = self.amazon_b2b_order_id
        connection = order.amazon_b2b_connection_id
        code = order.amazon_b2b_vendor_code_id
        is_test = connection.is_test or connection._stage("invoice") == "test"
        earlier = self.env["amazon.b2b.document"]
        if not is_test:
            earlier = self._amazon_b2b_document()
            earlier._superseded()
        document = earlier._send_out(
            self._amazon_b2b_invoice(),
            connection,
            number=self.name,
            order_number=order.amazon_b2b_number,
            company_id=order.company_id.id,
            vendor_code_id=code.id,
            vendor_code=code.code,
            sale_order_id=order.id,
            move_id=self.id,
            user_id=code._responsible().id,
            origin_id=(earlier or order.amazon_b2b_document_id).id,
            replaces_id=earlier.id,
            again_reason=reason,
            is_record_maker=not is_test,
        )
        self._amazon_b2b_tell(reason)
        return document

    def _amazon_b2b_claim(self):
        """Two invoices of one order are never judged at once.

        Touching the order makes the second fail with a serialization error; Odoo then
        runs it again, and it sees what the first has sent.
        """
        self.env.cr.execute(
            SQL(
                "UPDATE sale_order SET write_date = write_date WHERE id = %s",
                self.amazon_b2b_order_id.id,
            ),
            log_exceptions=False,
        )

    def _amazon_b2b_tell(self, reason):
        body = self.env._("Handed to Amazon's outbox (810).")
        if reason:
            body = self.env._("Sent to Amazon again under its number: %s", reason)
        self.message_post(body=body)

    def _amazon_b2b_refusal_text(self, reasons):
        return "\n- ".join(
            (self.env._("%s cannot go to Amazon:", self.display_name), *reasons)
        )

    def _amazon_b2b_check_rights(self):
        self.check_access("write")
        if not self.env.user.has_group(AMAZON_USER):
            raise AccessError(
                self.env._(
                    "Only an Amazon User can send invoices to Amazon. Ask for that "
                    "right, or have somebody send them who has it."
                )
            )

    def action_amazon_b2b_documents(self):
        self.ensure_one()
        documents = self.amazon_b2b_document_ids
        if len(documents) == 1:
            return documents.get_formview_action()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "amazon_b2b_connector.amazon_b2b_document_action"
        )
        return {**action, "domain": [("move_id", "=", self.id)], "context": {}}

    def _fetch_duplicate_reference(self, matching_states=("draft", "posted")):
        """Equal amounts on one day are usual; only of one order are they suspicious."""
        found = super()._fetch_duplicate_reference(matching_states)
        return {
            move: others.filtered(
                lambda other, move=move: (
                    not move.amazon_b2b_order_id
                    or not other.amazon_b2b_order_id
                    or other.amazon_b2b_order_id == move.amazon_b2b_order_id
                )
            )
            for move, others in found.items()
        }

    # what Amazon is not told

    def button_draft(self):
        for move in self.filtered("amazon_b2b_order_id"):
            document = move._amazon_b2b_document()
            if document.state in UNDERWAY:
                raise UserError(
                    self.env._(
                        "%(invoice)s is on its way to Amazon (%(state)s). Stop its "
                        "document first, or wait until Amazon has it.",
                        invoice=move.display_name,
                        state=move._amazon_b2b_label(),
                    )
                )
            if document._standing():
                move.message_post(
                    body=self.env._(
                        "Amazon has this invoice as it was and is not told that it "
                        "changes. If Amazon rejected it, send it again under its "
                        "number."
                    )
                )
        return super().button_draft()

    def _reverse_moves(self, default_values_list=None, cancel=False):
        """A credit note remembers whose it is, so that it can be refused."""
        rows = default_values_list or [{} for _move in self]
        for move, values in zip(self, rows, strict=True):
            values["amazon_b2b_order_id"] = move.amazon_b2b_order_id.id
        return super()._reverse_moves(rows, cancel=cancel)
