import hashlib

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .. import edi, spapi
from .message_type import CODE_OF_KIND, KIND_LABELS, OTHER_KINDS
from .states import DOCUMENT_MOVES, DOCUMENT_STATES

LANES = 2

# why a document waits, and the button that solves it
HOLD_REASONS = [
    ("partner", "Unknown EDI ids"),
    ("vendor_code", "Unknown vendor code"),
    ("warehouse_code", "Unknown warehouse code"),
    ("product", "Unknown product"),
    ("unit", "Unit does not fit"),
    ("total", "Total differs"),
    ("change", "Possible change"),
    ("interchange", "Control number used twice"),
    ("stage", "Waits for release"),
    ("reference", "Answers something unknown"),
    ("marketplace", "Unknown marketplace"),
    ("switch", "Switched off"),
    ("pending", "Payment at Amazon"),
    ("half", "Another report"),
    ("tax", "Unknown tax"),
    ("content", "Cannot be worked as it is"),
    ("error", "Error"),
]


# what is exchanged, counted and promised by; no call from outside changes it
OWN_FIELDS = frozenset(
    {
        "state",
        "data",
        "kind",
        "direction",
        "number",
        "order_number",
        "is_test",
        "stage",
        "is_released",
        "is_record_maker",
        "elsewhere_reason",
        "company_id",
        "connection_id",
        "vendor_code",
        "vendor_code_id",
        "partner_identifier",
        "transmission_id",
        "interchange_id",
        "group_code",
        "group_control_number",
        "set_control_number",
        "sale_order_id",
        "sale_order_ids",
        "picking_id",
        "move_id",
        "origin_id",
    }
)


class Document(models.Model):
    """One business paper inside a transmission: the unit of work, error and retry.

    Inward it goes from ``new`` to done, held, ignored or failed; outward from
    ``prepared`` or ``ready`` to accepted or rejected. ``data`` is the paper itself
    (:mod:`edi.documents`), so that nothing reads the wire twice.
    """

    _name = "amazon.b2b.document"
    _description = "Amazon document"
    _inherit = [
        "mail.thread",
        "mail.activity.mixin",
        "amazon.b2b.state.mixin",
        "amazon.b2b.worker.mixin",
        "amazon.b2b.foreign.text.mixin",
    ]
    _order = "id desc"
    _moves = DOCUMENT_MOVES

    name = fields.Char(compute="_compute_name", store=True)
    direction = fields.Selection([("in", "In"), ("out", "Out")], required=True)
    kind = fields.Selection(KIND_LABELS + OTHER_KINDS)
    code = fields.Char("Message", help="X12 transaction set or EDIFACT message.")
    number = fields.Char(index="trigram", help="Its own number: PO, ASN, invoice.")
    order_number = fields.Char(index="btree_not_null")
    lane = fields.Integer(compute="_compute_lane", store=True, index=True)
    state = fields.Selection(DOCUMENT_STATES, required=True, index=True)
    reason_code = fields.Selection(HOLD_REASONS, "Waits For")
    reason = fields.Text(help="What waits or failed, and what to do.")
    reason_line = fields.Char("What Waits", compute="_compute_reason_line")
    missing = fields.Json(help="What a mapping must name for it to go on.")
    data = fields.Json()
    issues = fields.Json(help="What was sloppy in it, segment by segment.")
    issue_text = fields.Text("Remarks", compute="_compute_issue_text")
    paper_text = fields.Text("Content", compute="_compute_paper_text")
    is_test = fields.Boolean("Test")
    stage = fields.Selection(
        [("off", "Off"), ("test", "Test"), ("parallel", "Parallel"), ("live", "Live")],
        default="live",
    )
    is_released = fields.Boolean(help="Released singly from stage Parallel.")

    company_id = fields.Many2one("res.company", index=True)
    connection_id = fields.Many2one("amazon.b2b.connection", index=True)
    vendor_code_id = fields.Many2one("amazon.b2b.vendor.code", index="btree_not_null")
    vendor_code = fields.Char(
        "Vendor Code or Seller", help="As sent; of a seller's order the merchant token."
    )
    partner_identifier = fields.Char("Amazon's EDI ID")
    user_id = fields.Many2one("res.users", "Owner")

    transmission_id = fields.Many2one(
        "amazon.b2b.transmission", index="btree_not_null", ondelete="restrict"
    )
    interchange_id = fields.Many2one(
        "amazon.b2b.interchange", index="btree_not_null", ondelete="set null"
    )
    interchange_control_number = fields.Char(related="interchange_id.control_number")
    group_code = fields.Char()
    group_control_number = fields.Char(index="btree_not_null")
    set_control_number = fields.Char()
    message_version = fields.Char("Version")
    transmission_state = fields.Selection(
        related="transmission_id.state", string="Transmission State"
    )

    origin_id = fields.Many2one(
        "amazon.b2b.document",
        "Belongs To",
        index="btree_not_null",
        ondelete="set null",
        help="The document it answers, repeats or changes.",
    )
    answer_ids = fields.One2many("amazon.b2b.document", "origin_id", "Answers")
    sale_order_id = fields.Many2one("sale.order", index="btree_not_null")
    picking_id = fields.Many2one("stock.picking", "Delivery", index="btree_not_null")
    move_id = fields.Many2one("account.move", "Invoice", index="btree_not_null")

    deadline = fields.Datetime(index="btree_not_null")
    sent_date = fields.Datetime()
    delivered_date = fields.Datetime()
    answered_date = fields.Datetime("Answered At", help="When the 997 came.")
    alarm = fields.Selection(
        [
            ("due", "Due soon"),
            ("late", "Late"),
            ("unreachable", "Cannot be delivered"),
            ("receipt", "Receipt (MDN) cannot be sent"),
        ],
        copy=False,
        index="btree_not_null",
    )
    alarm_reason = fields.Char("Why", compute="_compute_alarm_reason")
    needs_person = fields.Boolean(
        compute="_compute_needs_person", store=True, index=True
    )
    notified = fields.Boolean(copy=False)

    # the document that made the record; a second arrival is a row beside it
    is_record_maker = fields.Boolean(copy=False)
    _business_key_uniq = models.UniqueIndex(
        "(company_id, kind, partner_identifier, vendor_code, number, is_test) "
        "WHERE is_record_maker",
        "This document was imported before.",
    )
    _work_idx = models.Index("(lane, id) WHERE state = 'new'")
    _outbox_idx = models.Index("(id) WHERE state = 'ready'")
    _group_idx = models.Index(
        "(group_control_number, direction) WHERE group_control_number IS NOT NULL"
    )

    @api.depends("code", "number", "kind")
    def _compute_name(self):
        for record in self:
            code = record.code or CODE_OF_KIND.get(record.kind, "?")
            record.name = (
                f"{code} {record.number or record.set_control_number or ''}".strip()
            )

    @api.depends("order_number", "number")
    def _compute_lane(self):
        """Documents about one order share a lane, so they are never worked at once."""
        for record in self:
            key = (record.order_number or record.number or "").encode()
            record.lane = hashlib.sha256(key).digest()[0] % LANES

    @api.depends("state", "alarm")
    def _compute_needs_person(self):
        for record in self:
            record.needs_person = bool(record.alarm) or record.state in (
                "held",
                "failed",
                "rejected",
                "prepared",
            )

    @api.depends("reason")
    def _compute_reason_line(self):
        """The reason on one line, for lists."""
        for record in self:
            record.reason_line = " ".join((record.reason or "").split())

    def _compute_issue_text(self):
        for record in self:
            record.issue_text = "\n".join(
                f"{issue['segment_id']} ({issue['segment_number']}): {issue['text']}"
                for issue in record.issues or []
            )

    @api.depends("data")
    def _compute_paper_text(self):
        for record in self:
            record.paper_text = "\n".join(_outline(record.data or {}))

    def write(self, vals):
        if not self.env.su and not OWN_FIELDS.isdisjoint(vals):
            raise AccessError(
                self.env._(
                    "What a document says and how far it got is not written by hand. "
                    "Use its buttons."
                )
            )
        return super().write(vals)

    # the paper

    def _paper(self):
        """The document as :mod:`edi.documents` or :mod:`spapi.documents` has it."""
        self.ensure_one()
        return edi.from_json(self.data, spapi.SellerOrder)

    def _responsible(self):
        self.ensure_one()
        return (
            self.user_id
            or self.vendor_code_id.user_id
            or self.connection_id.user_id
            or self.env["res.users"]
        )

    def _hold(self, reason_code, reason, **values):
        """Wait for a person, who is told why and finds the button beside it."""
        self._move("held", reason_code=reason_code, reason=reason, **values)

    def _wait(self, reason_code, reason, **values):
        """Wait for what Amazon sends by itself; nobody has to do anything."""
        self._move("waiting", reason_code=reason_code, reason=reason, **values)

    def _ignore(self, reason, reason_code=False, **values):
        self._move("ignored", reason_code=reason_code, reason=reason, **values)

    def _done(self, **values):
        self._move("done", reason_code=False, reason=False, missing=False, **values)

    @api.model
    def _release_held(self, company, reason_codes):
        """Let go on what may have waited for a mapping that was just made."""
        held = self.sudo().search(
            [
                ("state", "=", "held"),
                ("reason_code", "in", reason_codes),
                ("company_id", "in", [company.id, False]),
            ]
        )
        if held:
            held._move("new", reason_code=False, reason=False, missing=False)
            self._trigger_work()
        return held

    # person's actions

    def action_process_again(self):
        """Judge it afresh, as if it had just been decoded."""
        for document in self:
            if document.direction == "out":
                raise UserError(
                    self.env._("%s goes out. Use “Send again”.", document.display_name)
                )
            document._move("new", reason_code=False, reason=False, missing=False)
        self._trigger_work()

    def action_ignore(self):
        for document in self:
            document._ignore(self.env._("Set aside by %s.", self.env.user.display_name))

    def action_open_record(self):
        """The Odoo record that this document made or came from."""
        self.ensure_one()
        record = self.move_id or self.picking_id or self.sale_order_id
        if not record:
            raise UserError(self.env._("%s has no record yet.", self.display_name))
        return record.get_formview_action()

    def action_open_transmission(self):
        self.ensure_one()
        return self.transmission_id.get_formview_action()

    def action_solve(self):
        """Open what solves the reason: the mapping to make, the code to add."""
        self.ensure_one()
        solver = self._solvers().get(self.reason_code)
        if not solver:
            raise UserError(
                self.env._("Correct what the reason says, then “Process again”.")
            )
        return solver()

    def _solvers(self):
        """Reason code to the method that returns the solving action."""
        return {"stage": self._solve_stage}

    def _solve_stage(self):
        self.action_release()

    def action_release(self):
        """Let a document of a parallel message type go on, this one only."""
        for document in self:
            state = "ready" if document.direction == "out" else "new"
            document._move(state, is_released=True, reason_code=False, reason=False)
        self._trigger_work()
        self._trigger_outbox()

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        if not self.env.context.get("amazon_b2b_purge"):
            raise UserError(
                self.env._("Documents are kept. They go when their retention is over.")
            )

    def _trigger(self, *names):
        for name in names:
            self.env.ref(f"amazon_b2b_connector.{name}").sudo()._trigger()

    @api.model
    def _trigger_work(self):
        self._trigger(*(f"cron_work_{lane}" for lane in range(LANES)))

    @api.model
    def _trigger_outbox(self):
        self._trigger("cron_outbox")


def _outline(value, indent=0):
    """The JSON of a paper as lines a person reads; what is empty is left out."""
    pad = "    " * indent
    for name, inner in value.items():
        if inner in (None, "", [], {}):
            continue
        label = name.replace("_", " ")
        if isinstance(inner, dict):
            yield f"{pad}{label}:"
            yield from _outline(inner, indent + 1)
        elif isinstance(inner, list):
            for number, item in enumerate(inner, 1):
                if isinstance(item, dict):
                    yield f"{pad}{label} {number}:"
                    yield from _outline(item, indent + 1)
                else:
                    yield f"{pad}{label}: {item}"
        else:
            yield f"{pad}{label}: {inner}"
