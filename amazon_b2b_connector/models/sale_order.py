from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import float_compare

from .clock import time_left
from .states import DOCUMENT_STATES

# stages of the acknowledgement at which Amazon is answered from Odoo
ANSWERING_STAGES = ("live", "parallel")

PAID = ("paid", "in_payment")

# quantities are compared to this: a twelfth of a case must stay visible
DIGITS = 6

STATUS = [
    ("to_acknowledge", "To Acknowledge"),
    ("acknowledged", "Acknowledged"),
    ("partly_shipped", "Partly Shipped"),
    ("shipped", "Shipped"),
    ("invoiced", "Invoiced"),
    ("paid", "Paid"),
    ("rejected", "Rejected"),
    ("cancelled", "Cancelled"),
]


class SaleOrder(models.Model):
    """What a sale order knows of Amazon's purchase order behind it.

    Whatever is overridden here does nothing to orders without
    ``amazon_b2b_document_id``.
    """

    _inherit = "sale.order"

    amazon_b2b_document_id = fields.Many2one(
        "amazon.b2b.document",
        "Amazon Purchase Order",
        copy=False,
        index="btree_not_null",
        help="The document that made this order.",
    )
    amazon_b2b_document_ids = fields.One2many(
        "amazon.b2b.document", "sale_order_id", "Amazon Documents"
    )
    amazon_b2b_invoice_ids = fields.One2many(
        "account.move", "amazon_b2b_order_id", "Amazon Invoices"
    )
    amazon_b2b_document_count = fields.Integer(
        "Amazon Document Count", compute="_compute_amazon_b2b_document_count"
    )
    amazon_b2b_connection_id = fields.Many2one(
        "amazon.b2b.connection", "Amazon Connection", copy=False, index="btree_not_null"
    )
    amazon_b2b_vendor_code_id = fields.Many2one(
        "amazon.b2b.vendor.code", "Amazon Vendor Code", copy=False
    )
    amazon_b2b_number = fields.Char("Amazon PO", copy=False, index="btree_not_null")
    amazon_b2b_is_test = fields.Boolean("Amazon Test Order", copy=False)
    amazon_b2b_deliver_not_before = fields.Date("Not Before", copy=False)
    amazon_b2b_deliver_not_after = fields.Date("Not After", copy=False)
    amazon_b2b_backorder_allowed = fields.Boolean("Back Order Allowed", copy=False)
    amazon_b2b_freight_payer = fields.Char(
        "Freight Payer", copy=False, help="X12 FOB01: CC is collect, Amazon pays."
    )
    amazon_b2b_deadline = fields.Datetime(
        "Acknowledge Before", copy=False, help="24 hours from receipt."
    )
    amazon_b2b_acknowledged_at = fields.Datetime(
        "Acknowledged At",
        copy=False,
        readonly=True,
        help="When the answer to Amazon went into the outbox.",
    )
    amazon_b2b_is_rejected = fields.Boolean(
        "Rejected as a Whole",
        copy=False,
        readonly=True,
        help="Amazon was told that nothing of it comes.",
    )
    amazon_b2b_status = fields.Selection(
        STATUS,
        "Amazon Status",
        compute="_compute_amazon_b2b_status",
        store=True,
        index="btree_not_null",
        copy=False,
    )
    amazon_b2b_must_acknowledge = fields.Boolean(
        compute="_compute_amazon_b2b_must_acknowledge"
    )
    amazon_b2b_can_acknowledge = fields.Boolean(
        compute="_compute_amazon_b2b_can_acknowledge"
    )
    amazon_b2b_acknowledgement_state = fields.Selection(
        DOCUMENT_STATES,
        "Acknowledgement",
        compute="_compute_amazon_b2b_can_acknowledge",
        help="How far the last one got.",
    )
    amazon_b2b_answer_lost = fields.Boolean(
        compute="_compute_amazon_b2b_can_acknowledge"
    )
    amazon_b2b_price_differs = fields.Boolean(
        compute="_compute_amazon_b2b_price_differs"
    )
    amazon_b2b_clock = fields.Char(
        "Time Left",
        compute="_compute_amazon_b2b_clock",
        help="Until Amazon takes the order for unanswered.",
    )
    amazon_b2b_is_late = fields.Boolean(compute="_compute_amazon_b2b_clock")

    @api.depends("amazon_b2b_document_ids")
    def _compute_amazon_b2b_document_count(self):
        grouped = dict(
            self.env["amazon.b2b.document"]._read_group(
                [("sale_order_id", "in", self.ids)], ["sale_order_id"], ["__count"]
            )
        )
        for order in self:
            order.amazon_b2b_document_count = grouped.get(order, 0)

    @api.depends(
        "amazon_b2b_acknowledged_at",
        "amazon_b2b_document_id",
        "amazon_b2b_connection_id.message_type_ids.state",
    )
    def _compute_amazon_b2b_must_acknowledge(self):
        for order in self:
            order.amazon_b2b_must_acknowledge = bool(
                order.amazon_b2b_document_id
                and not order.amazon_b2b_acknowledged_at
                and order.amazon_b2b_connection_id.sudo()._stage("acknowledgement")
                in ANSWERING_STAGES
            )

    @api.depends(
        "amazon_b2b_document_id",
        "amazon_b2b_document_ids.state",
        "amazon_b2b_connection_id.message_type_ids.state",
    )
    def _compute_amazon_b2b_can_acknowledge(self):
        amazon = self.sudo().filtered("amazon_b2b_document_id")
        said = amazon._amazon_b2b_acknowledgement_documents()
        for order in self:
            last = said[order.sudo()][:1] if order.sudo() in said else None
            lost = bool(last and last._is_unsaid())
            connection = order.sudo().amazon_b2b_connection_id
            order.amazon_b2b_acknowledgement_state = last and last.state
            order.amazon_b2b_answer_lost = lost
            order.amazon_b2b_can_acknowledge = bool(
                order.amazon_b2b_document_id
                and connection._stage("acknowledgement") != "off"
                and (lost or not last)
                and (last or order.state != "cancel")
            )

    @api.depends("order_line.amazon_b2b_price_differs")
    def _compute_amazon_b2b_price_differs(self):
        for order in self:
            order.amazon_b2b_price_differs = any(
                order.order_line.mapped("amazon_b2b_price_differs")
            )

    @api.depends("amazon_b2b_deadline", "amazon_b2b_acknowledged_at", "state")
    def _compute_amazon_b2b_clock(self):
        now = fields.Datetime.now()
        for order in self:
            waits = (
                order.amazon_b2b_deadline
                and not order.amazon_b2b_acknowledged_at
                and order.state != "cancel"
            )
            order.amazon_b2b_clock = waits and time_left(
                self.env, order.amazon_b2b_deadline, now
            )
            order.amazon_b2b_is_late = waits and order.amazon_b2b_deadline < now

    @api.depends(
        "state",
        "delivery_status",
        "invoice_status",
        "amazon_b2b_document_id",
        "amazon_b2b_acknowledged_at",
        "amazon_b2b_is_rejected",
        "amazon_b2b_document_ids.state",
        "amazon_b2b_invoice_ids.state",
        "amazon_b2b_invoice_ids.payment_state",
        "order_line.qty_delivered",
        "order_line.qty_invoiced",
    )
    def _compute_amazon_b2b_status(self):
        for order in self:
            order.amazon_b2b_status = (
                order.amazon_b2b_document_id and order._amazon_b2b_status_now()
            )

    def _amazon_b2b_status_now(self):
        """The furthest that this order has come; see ``STATUS``."""
        if self.amazon_b2b_is_rejected:
            return "rejected"
        if self.state == "cancel":
            return "cancelled"
        moves = self._amazon_b2b_invoices_told()
        if moves and self._amazon_b2b_is_invoiced():
            paid = all(move.payment_state in PAID for move in moves)
            return "paid" if paid else "invoiced"
        if self.delivery_status == "full":
            return "shipped"
        if self.delivery_status == "partial":
            return "partly_shipped"
        if self.amazon_b2b_acknowledged_at or self.state == "sale":
            return "acknowledged"
        return "to_acknowledge"

    def _amazon_b2b_is_invoiced(self):
        """Whether Amazon owes nothing more: also where less was shipped than ordered,
        nothing more will be, and Odoo would still invoice what was ordered."""
        if self.invoice_status == "invoiced":
            return True
        lines = self.order_line.filtered("amazon_b2b_position")
        return self.delivery_status == "full" and all(
            float_compare(line.qty_invoiced, line.qty_delivered, DIGITS) >= 0
            for line in lines
        )

    def _amazon_b2b_invoices_told(self):
        """The invoices that Amazon has; where none go out from here, those posted."""
        if not self._amazon_b2b_sends("invoice"):
            return self.sudo().amazon_b2b_invoice_ids.filtered(
                lambda move: move.state == "posted" and move.move_type == "out_invoice"
            )
        return (
            self.sudo()
            .amazon_b2b_document_ids.filtered(
                lambda d: d.kind == "invoice" and not d._is_unsaid()
            )
            .move_id
        )

    # confirming

    def action_confirm(self):
        """Lead the person who presses Confirm to the acknowledgement first."""
        if len(self) == 1 and self.env.context.get("validate_analytic"):
            if self.amazon_b2b_must_acknowledge:
                return self.action_amazon_b2b_acknowledge()
        return super().action_confirm()

    def _confirmation_error_message(self):
        error = super()._confirmation_error_message()
        if error or not self.amazon_b2b_document_id:
            return error
        if self.amazon_b2b_is_test:
            return self.env._(
                "%s is a test order of Amazon's: it can be acknowledged, and never "
                "becomes a confirmed order.",
                self.display_name,
            )
        if self.amazon_b2b_must_acknowledge:
            return self.env._(
                "%s is not acknowledged yet. Press “Acknowledge”: that tells Amazon "
                "and confirms the order.",
                self.display_name,
            )
        if self.amazon_b2b_is_rejected:
            return self.env._(
                "%s was rejected as a whole: Amazon expects nothing of it and would "
                "send back what comes.",
                self.display_name,
            )
        return error

    # cancelling

    def action_cancel(self):
        """Offer the acknowledgement that rejects everything, where Amazon waits."""
        waiting = self._amazon_b2b_unanswered()
        if not waiting or any(order.locked for order in self):
            return super().action_cancel()
        if len(self) > 1:
            waiting._amazon_b2b_refuse_cancel()
        return self._amazon_b2b_acknowledgement().action_reject_all()

    def _action_cancel(self):
        self._amazon_b2b_unanswered()._amazon_b2b_refuse_cancel()
        told = self.filtered(
            lambda o: o.amazon_b2b_acknowledged_at and not o.amazon_b2b_is_rejected
        )
        result = super()._action_cancel()
        if told:
            told._message_log_batch(
                {
                    order.id: self.env._(
                        "Amazon acknowledged this order as coming and is not told that "
                        "it was cancelled: tell Amazon in Vendor Central."
                    )
                    for order in told
                }
            )
        return result

    def _amazon_b2b_unanswered(self):
        """Those that Amazon waits for; a test order may go without an answer."""
        return self.filtered(
            lambda o: (
                o.amazon_b2b_document_id
                and o.amazon_b2b_must_acknowledge
                and not o.amazon_b2b_is_test
                and o.state != "cancel"
            )
        )

    def _amazon_b2b_refuse_cancel(self):
        if self:
            raise UserError(
                self.env._(
                    "Amazon waits for the acknowledgement of %s. Open each and press "
                    "“Cancel”: that rejects it.",
                    ", ".join(self.mapped("display_name")),
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_amazon_b2b(self):
        kept = self.filtered("amazon_b2b_document_id")
        if kept:
            raise UserError(
                self.env._(
                    "%s came from Amazon and is kept. Reject or cancel it instead.",
                    ", ".join(kept.mapped("display_name")),
                )
            )

    # buttons

    def action_amazon_b2b_acknowledge(self):
        """Open the form on which this order is scanned and acknowledged."""
        self.ensure_one()
        return self._amazon_b2b_acknowledgement()._open()

    def _amazon_b2b_acknowledgement(self):
        self.ensure_one()
        self.env["amazon.b2b.acknowledgement"].check_access("write")
        return self.env["amazon.b2b.acknowledgement"]._for_order(self)

    def action_amazon_b2b_accept_all(self):
        """Acknowledge all of these orders as ordered; ask where a price differs or a
        line is answered instead."""
        self.env["amazon.b2b.acknowledgement"].check_access("write")
        self.check_access("read")
        lines = self.sudo().order_line
        if any(
            line.amazon_b2b_price_differs or line.amazon_b2b_answer_code_id
            for line in lines
        ):
            return self.env["amazon.b2b.acknowledge.confirm"]._ask(self)
        self._amazon_b2b_acknowledge()
        return True

    def action_amazon_b2b_documents(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "amazon_b2b_connector.amazon_b2b_document_action"
        )
        documents = self.amazon_b2b_document_ids
        if len(documents) == 1:
            return documents.get_formview_action()
        return {**action, "domain": [("sale_order_id", "=", self.id)], "context": {}}
