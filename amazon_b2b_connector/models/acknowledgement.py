from odoo import api, fields, models
from odoo.exceptions import UserError

from .clock import time_left


class Acknowledgement(models.Model):
    """The form on which one order is scanned and answered, one for each attempt.

    It shows what a warehouse needs of the order, so that scanning takes no rights in
    Sales. What it decides goes through ``sale.order._amazon_b2b_acknowledge``.
    """

    _name = "amazon.b2b.acknowledgement"
    _description = "Amazon acknowledgement"
    _order = "deadline, id"
    _rec_name = "number"

    order_id = fields.Many2one(
        "sale.order", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="order_id.company_id", store=True)
    connection_id = fields.Many2one(
        related="order_id.amazon_b2b_connection_id", store=True
    )
    state = fields.Selection(
        [("draft", "To Acknowledge"), ("done", "Acknowledged")],
        default="draft",
        required=True,
        readonly=True,
    )
    number = fields.Char(
        "Purchase Order", related="order_id.amazon_b2b_number", store=True
    )
    order_name = fields.Char("Sales Order", related="order_id.name")
    ship_to_id = fields.Many2one(
        "res.partner", "Deliver To", related="order_id.partner_shipping_id"
    )
    deliver_not_before = fields.Date(related="order_id.amazon_b2b_deliver_not_before")
    deliver_not_after = fields.Date(related="order_id.amazon_b2b_deliver_not_after")
    is_test = fields.Boolean("Test Order", related="order_id.amazon_b2b_is_test")
    deadline = fields.Datetime(related="order_id.amazon_b2b_deadline", store=True)
    clock = fields.Char("Time Left", compute="_compute_clock")
    is_late = fields.Boolean(compute="_compute_clock")
    stage = fields.Selection(
        [("off", "Off"), ("test", "Test"), ("parallel", "Parallel"), ("live", "Live")],
        compute="_compute_stage",
    )
    may_backorder = fields.Boolean(compute="_compute_may_backorder")
    backorder_date = fields.Date(
        "Back-order Date", help="For every line that has no date of its own."
    )
    line_ids = fields.One2many("amazon.b2b.acknowledgement.line", "acknowledgement_id")
    line_count = fields.Integer("Lines", compute="_compute_progress")
    complete_count = fields.Integer("Complete", compute="_compute_progress")
    has_typed = fields.Boolean(compute="_compute_progress")
    scan_ids = fields.One2many("amazon.b2b.scan", "acknowledgement_id", "Scans")
    scan_count = fields.Integer(
        readonly=True,
        help="Counted up first by every scan, so that two at once go one by one.",
    )
    last_scan_id = fields.Many2one(
        "amazon.b2b.scan", readonly=True, ondelete="set null"
    )
    scan_message = fields.Char("Scanner Says", related="last_scan_id.message")
    document_id = fields.Many2one("amazon.b2b.document", readonly=True)
    document_state = fields.Selection(related="document_id.state", string="At Amazon")
    user_id = fields.Many2one("res.users", "Acknowledged By", readonly=True)
    done_date = fields.Datetime("Acknowledged At", readonly=True)

    _open_uniq = models.UniqueIndex(
        "(order_id) WHERE state = 'draft'",
        "This order is being acknowledged already.",
    )

    @api.depends("deadline", "state")
    def _compute_clock(self):
        now = fields.Datetime.now()
        for record in self:
            waits = record.deadline and record.state == "draft"
            record.clock = waits and time_left(self.env, record.deadline, now)
            record.is_late = waits and record.deadline < now

    def _compute_stage(self):
        for record in self:
            record.stage = record.sudo().connection_id._stage("acknowledgement")

    def _compute_may_backorder(self):
        for record in self:
            record.may_backorder = record.sudo().order_id._amazon_b2b_may_backorder()

    @api.depends("line_ids.accepted_qty", "line_ids.ordered_qty", "line_ids.is_typed")
    def _compute_progress(self):
        for record in self:
            record.line_count = len(record.line_ids)
            record.complete_count = len(record.line_ids.filtered("is_complete"))
            record.has_typed = any(record.line_ids.mapped("is_typed"))

    # making one

    @api.model
    def _for_order(self, order):
        """The open acknowledgement of ``order``, made where it takes one.

        :raise UserError: it was acknowledged already, or cannot be
        """
        order.check_access("read")
        order = order.sudo()
        found = self.sudo().search(
            [("order_id", "=", order.id)], order="id desc", limit=1
        )
        if found and found.state == "draft":
            return found.with_env(self.env)
        earlier = order._amazon_b2b_acknowledgement_documents()[order]
        problems = order._amazon_b2b_order_problems(earlier)
        if problems and found:
            return found.with_env(self.env)
        order._amazon_b2b_refuse(problems)
        # the index on open ones must see that the earlier one is done
        found.flush_recordset(["state"])
        return self._make(order)

    @api.model
    def _make(self, order):
        refused = order._amazon_b2b_answered_lines()
        order_lines = {
            line.amazon_b2b_position: line for line in order._amazon_b2b_ordered_lines()
        }
        record = self.sudo().create(
            {
                "order_id": order.id,
                "line_ids": [
                    fields.Command.create(
                        {
                            "position": position,
                            "line_number": line.number,
                            "description": line.description,
                            "numbers": [
                                [i.qualifier, i.value] for i in line.identifiers
                            ],
                            "ordered_qty": float(line.quantity),
                            "unit": line.unit,
                            "ordered_price": float(line.price or 0),
                            "order_line_id": order_lines[position].id
                            if position in order_lines
                            else False,
                            "answer_code_id": refused[position].id
                            if position in refused
                            else False,
                        }
                    )
                    for position, line in enumerate(
                        order.amazon_b2b_document_id._paper().lines, 1
                    )
                ],
            }
        )
        return record.with_env(self.env)

    def _open(self):
        return {
            **self.get_formview_action(),
            "name": self.env._("Acknowledge %s", self.number),
        }

    def write(self, vals):
        if {"backorder_date"} & vals.keys():
            self._check_open()
        return super().write(vals)

    def _check_open(self):
        for record in self:
            if record.state != "draft":
                raise UserError(
                    self.env._(
                        "%s is acknowledged: nothing of it can be changed here.",
                        record.number,
                    )
                )

    # a person's buttons

    def action_accept_all(self):
        """Take every line as ordered; nothing is sent yet."""
        self._check_open()
        for line in self.line_ids.filtered(lambda line: line._can_come()):
            line.accepted_qty = line.ordered_qty

    def action_reject_all(self):
        """Ask whether nothing shall be taken; nothing changes before the answer."""
        self.ensure_one()
        self._check_open()
        return self.env["amazon.b2b.acknowledge.confirm"]._ask(
            self.order_id, acknowledgement=self, reject=True
        )

    def action_forget_typed(self):
        """Count only what was scanned."""
        self._check_open()
        self.line_ids.write({"typed_qty": 0, "is_typed": False})

    def action_undo_scan(self):
        """Take the last scan back."""
        self._check_open()
        self._undo_scan()

    def action_acknowledge(self):
        """Send it; ask first where something is cancelled or a price differs."""
        self.ensure_one()
        self._check_open()
        self.order_id.sudo()._amazon_b2b_judge(self._decisions())
        if self.line_ids.filtered(lambda line: line.rest_qty or line.price_differs):
            return self._ask()
        self._acknowledge()
        return True

    def action_done_elsewhere(self):
        """What stands here was acknowledged in Vendor Central by hand."""
        self.ensure_one()
        self._check_open()
        self.order_id.sudo()._amazon_b2b_judge(self._decisions())
        return self.env["amazon.b2b.elsewhere"]._ask(acknowledgement_id=self.id)

    def _ask(self):
        return self.env["amazon.b2b.acknowledge.confirm"]._ask(
            self.order_id, acknowledgement=self
        )

    def _decisions(self):
        return {self.order_id.id: self.line_ids._answers()}

    def _acknowledge(self):
        """Answer Amazon with what stands here."""
        self.ensure_one()
        self.check_access("write")
        self._check_open()
        document = self.order_id._amazon_b2b_acknowledge(self._decisions())
        self.sudo().write(
            {
                "state": "done",
                "document_id": document.id,
                "user_id": self.env.uid,
                "done_date": fields.Datetime.now(),
            }
        )

    def action_open_order(self):
        return self.order_id.get_formview_action()

    def action_open_document(self):
        return self.document_id.get_formview_action()
