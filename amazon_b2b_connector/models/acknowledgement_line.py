from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import float_compare, float_is_zero, format_date

from ..exact import exact
from .acknowledgement_paper import Answer

# quantities are compared to this: a hundredth is Odoo's own "Product Unit", and a
# twelfth of a case must stay visible
DIGITS = 6


class AcknowledgementLine(models.Model):
    """One line of the purchase order: ordered, scanned, to accept, and the rest."""

    _name = "amazon.b2b.acknowledgement.line"
    _description = "Amazon acknowledgement line"
    _order = "acknowledgement_id, position"

    acknowledgement_id = fields.Many2one(
        "amazon.b2b.acknowledgement", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="acknowledgement_id.company_id", store=True)
    state = fields.Selection(related="acknowledgement_id.state")
    position = fields.Integer(required=True, readonly=True)
    line_number = fields.Char("Line", readonly=True)
    order_line_id = fields.Many2one(
        "sale.order.line", readonly=True, ondelete="set null", index="btree_not_null"
    )
    product_id = fields.Many2one(related="order_line_id.product_id")
    description = fields.Char("Amazon's Description", readonly=True)
    numbers = fields.Json(readonly=True, help="[qualifier, value] as Amazon sent.")
    identifiers = fields.Char(compute="_compute_identifiers")
    unit = fields.Char(readonly=True, help="X12 element 355: EA each, CA case.")
    uom_id = fields.Many2one(related="order_line_id.product_uom_id", string="Odoo Unit")
    ordered_qty = fields.Float("Ordered", digits="Product Unit", readonly=True)
    ordered_price = fields.Float("Amazon's Price", readonly=True)
    price_unit = fields.Float(related="order_line_id.price_unit", string="Our Price")
    price_differs = fields.Boolean(related="order_line_id.amazon_b2b_price_differs")
    answer_code_id = fields.Many2one(
        "amazon.b2b.acknowledgement.code", "Answered Instead", readonly=True
    )

    scan_ids = fields.One2many("amazon.b2b.scan", "line_id")
    scanned_base_qty = fields.Float(
        "Scanned Pieces",
        compute="_compute_scanned_base_qty",
        store=True,
        digits=False,
        help="In the product's own unit.",
    )
    scanned_qty = fields.Float(
        "Scanned", compute="_compute_scanned_qty", digits="Product Unit"
    )
    typed_qty = fields.Float(digits="Product Unit")
    is_typed = fields.Boolean("Typed", help="The typed quantity counts, not the scans.")
    accepted_qty = fields.Float(
        "To Accept",
        compute="_compute_accepted_qty",
        inverse="_inverse_accepted_qty",
        digits="Product Unit",
    )
    rest_qty = fields.Float("Rest", compute="_compute_rest_qty", digits="Product Unit")
    is_complete = fields.Boolean(compute="_compute_rest_qty")
    rest_code_id = fields.Many2one(
        "amazon.b2b.acknowledgement.code",
        "The Rest Is",
        compute="_compute_rest_code_id",
        store=True,
        readonly=False,
        domain="[('id', 'in', allowed_code_ids)]",
    )
    allowed_code_ids = fields.Many2many(
        "amazon.b2b.acknowledgement.code", compute="_compute_allowed_code_ids"
    )
    rest_meaning = fields.Selection(related="rest_code_id.meaning")
    rest_date = fields.Date("Comes On", help="Empty: the date at the top.")

    def _can_come(self):
        """Whether this line is ordered in Odoo at all."""
        return self.order_line_id and not self.answer_code_id

    @api.depends("numbers")
    def _compute_identifiers(self):
        for line in self:
            line.identifiers = ", ".join(" ".join(pair) for pair in line.numbers or [])

    @api.depends("scan_ids.counted_qty")
    def _compute_scanned_base_qty(self):
        for line in self:
            line.scanned_base_qty = sum(line.scan_ids.mapped("counted_qty"))

    @api.depends("scanned_base_qty", "order_line_id.product_uom_id")
    def _compute_scanned_qty(self):
        for line in self:
            line.scanned_qty = line._from_base(line.scanned_base_qty)

    def _from_base(self, quantity):
        """A quantity of the product's own unit in the unit of the line."""
        line = self.sudo().order_line_id
        if not line:
            return 0.0
        return line.product_id.uom_id._compute_quantity(
            quantity, line.product_uom_id, round=False
        )

    @api.depends("typed_qty", "is_typed", "scanned_qty")
    def _compute_accepted_qty(self):
        for line in self:
            line.accepted_qty = line.typed_qty if line.is_typed else line.scanned_qty

    def _inverse_accepted_qty(self):
        for line in self:
            typed = line.accepted_qty
            same = float_is_zero(typed - line.scanned_qty, precision_digits=DIGITS)
            line.write({"typed_qty": 0 if same else typed, "is_typed": not same})

    @api.depends("accepted_qty", "ordered_qty")
    def _compute_rest_qty(self):
        for line in self:
            rest = line.ordered_qty - line.accepted_qty
            line.is_complete = float_is_zero(rest, precision_digits=DIGITS)
            line.rest_qty = 0 if line.is_complete else rest

    @api.depends("answer_code_id", "acknowledgement_id")
    def _compute_rest_code_id(self):
        codes = self.env["amazon.b2b.acknowledgement.code"]
        cancelled = later = None
        for line in self:
            if line.answer_code_id:
                line.rest_code_id = line.answer_code_id
            elif line._may_backorder():
                later = later or codes._default("backordered")
                line.rest_code_id = later
            else:
                cancelled = cancelled or codes._default(
                    "rejected", "temporarily_unavailable"
                )
                line.rest_code_id = cancelled

    def _may_backorder(self):
        return self._can_come() and self.acknowledgement_id.may_backorder

    @api.depends("answer_code_id")
    def _compute_allowed_code_ids(self):
        codes = self.env["amazon.b2b.acknowledgement.code"].search(
            [("meaning", "!=", "accepted")]
        )
        cancelling = codes.filtered(lambda code: code.meaning == "rejected")
        for line in self:
            allowed = codes if line._may_backorder() else cancelling
            line.allowed_code_ids = line.answer_code_id or allowed

    @api.constrains("typed_qty", "is_typed")
    def _check_typed_qty(self):
        for line in self.filtered("is_typed"):
            above = float_compare(line.typed_qty, line.ordered_qty, DIGITS) > 0
            if line.typed_qty < 0 or above:
                raise ValidationError(
                    self.env._(
                        "Line %(line)s: %(typed)s typed, %(ordered)s %(unit)s ordered. "
                        "Accept between nothing and what is ordered.",
                        line=line.line_number,
                        typed=line.typed_qty,
                        ordered=line.ordered_qty,
                        unit=line.unit,
                    )
                )
            if line.typed_qty and not line._can_come():
                raise ValidationError(
                    self.env._(
                        "Line %s is answered instead of ordered: nothing of it can be "
                        "accepted.",
                        line.line_number,
                    )
                )

    # a person decides these; everything else comes from the order and the scanner
    _decided = frozenset(
        {"typed_qty", "is_typed", "accepted_qty", "rest_code_id", "rest_date"}
    )

    def write(self, vals):
        if self._decided & vals.keys():
            self.acknowledgement_id._check_open()
        return super().write(vals)

    def _confirm_values(self, reject=False):
        """What a person is asked about this line; nothing where all of it comes.

        :param reject: as if nothing of it were accepted
        """
        self.ensure_one()
        remarks = []
        rest = self.ordered_qty if reject else self.rest_qty
        code = self._cancelling_code() if reject else self.rest_code_id
        later = bool(rest and code.meaning == "backordered")
        if rest:
            when = self.rest_date or self.acknowledgement_id.backorder_date
            remarks.append(
                f"{code.display_name}, {format_date(self.env, when)}"
                if later
                else code.display_name
            )
        if self.price_differs and not reject:
            remarks.append(self.order_line_id._amazon_b2b_price_remark())
        return remarks and {
            "number": self.acknowledgement_id.number,
            "line_number": self.line_number,
            "product": self.product_id.display_name or self.description,
            "ordered_qty": self.ordered_qty,
            "accepted_qty": self.ordered_qty - rest,
            "rest_qty": rest,
            "unit": self.unit,
            "later": later,
            "is_final": bool(rest and code.reason == "obsolete"),
            "remark": "; ".join(remarks),
        }

    def _cancelling_code(self):
        """The code that cancels: the one chosen, where it does."""
        if self.rest_code_id.meaning == "rejected":
            return self.rest_code_id
        return self.rest_code_id._default("rejected", "temporarily_unavailable")

    def _reject(self):
        """Take nothing of these lines."""
        for line in self:
            line.write(
                {
                    "typed_qty": 0,
                    "is_typed": True,
                    "rest_code_id": line._cancelling_code().id,
                }
            )

    def _answers(self):
        """{position: Answer} as it stands."""
        return {line.position: line._answer() for line in self}

    def _answer(self):
        backordered = self.rest_code_id.meaning == "backordered"
        return Answer(
            accepted=exact(self.accepted_qty, DIGITS),
            rest_code=self.rest_code_id,
            rest_date=backordered
            and (self.rest_date or self.acknowledgement_id.backorder_date)
            or None,
            scanned=self.scanned_qty,
        )
