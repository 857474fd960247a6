from markupsafe import escape
from odoo import api, fields, models
from odoo.exceptions import UserError

from .message_type import KINDS

# what tells whose an interchange is
IDENTITY = {
    "active",
    "own_edi_id",
    "partner_qualifier",
    "partner_identifier",
    "own_station_id",
    "partner_station_id",
}


class Connection(models.Model):
    """One Amazon account with its settings: what a user calls a channel."""

    _name = "amazon.b2b.connection"
    _description = "Amazon connection"
    _inherit = ["mail.thread"]
    _order = "company_id, name"
    _check_company_auto = True

    name = fields.Char(required=True)
    active = fields.Boolean(
        default=True,
        help="Archived: what arrives is from an unknown partner, the outbox stands.",
    )
    kind = fields.Selection([("vendor", "Vendor")], required=True, default="vendor")
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    user_id = fields.Many2one(
        "res.users",
        "Responsible",
        default=lambda self: self.env.user,
        help="Gets what waits, fails or runs late where a vendor code names nobody.",
    )
    notification_emails = fields.Char(
        "Notification E-mails",
        help="One message a run, to these addresses (separated by commas), with what "
        "is held, failed, rejected, late or unreachable.",
    )
    is_test = fields.Boolean(
        "Test Connection",
        help="Everything is sent as a test (ISA15 T); nothing that arrives becomes "
        "a confirmed order.",
    )

    own_edi_id = fields.Many2one("amazon.b2b.edi.id", "Our EDI ID", check_company=True)
    partner_qualifier = fields.Char("Amazon's Qualifier", default="ZZ")
    partner_identifier = fields.Char(
        "Amazon's EDI ID", default="AMAZON", help="X12 ISA06/08."
    )
    partner_group = fields.Char(
        "Amazon's Group ID", default="AMAZON", help="X12 GS02/03."
    )
    own_station_id = fields.Many2one(
        "amazon.b2b.station",
        "Our Station",
        domain=[("kind", "=", "own")],
        check_company=True,
    )
    partner_station_id = fields.Many2one(
        "amazon.b2b.station",
        "Amazon's Station",
        domain=[("kind", "=", "partner")],
        check_company=True,
    )

    vendor_code_ids = fields.One2many("amazon.b2b.vendor.code", "connection_id")
    message_type_ids = fields.One2many(
        "amazon.b2b.message.type",
        "connection_id",
        default=lambda self: [
            fields.Command.create({"kind": kind, "version": version})
            for kind, _label, _direction, _code, version in KINDS
        ],
    )
    warehouse_code_ids = fields.One2many("amazon.b2b.warehouse.code", "connection_id")

    price_tolerance = fields.Float(
        "Price Tolerance (%)",
        default=0.0,
        help="An order line whose price differs from the pricelist by more than this "
        "is marked, and acknowledging it asks.",
    )
    price_per_piece = fields.Boolean(
        "Price per Piece",
        default=True,
        help="A price per each (PO105 PE or RE) of a line that is ordered by the case "
        "is the price of one piece; a case costs that times the pieces in it. Off: it "
        "is the price of a case.",
    )
    backorder = fields.Boolean(
        "Back-order What Is Missing",
        help="Where the purchase order allows it (CSH), the part that is not accepted "
        "is back-ordered instead of cancelled.",
    )
    notice_on_validate = fields.Boolean(
        "Ship Notice on Validation",
        help="Validating the delivery sends the ship notice. Off: its own button does. "
        "Sent before the truck leaves, it locks the shipment at the fulfilment centre: "
        "leave it off where deliveries are validated early.",
    )
    sscc_prefix = fields.Boolean(
        "“00” Before SSCC",
        default=True,
        help="Write the GS1 application identifier in front of the 18 digits (MAN*GM).",
    )
    line_break = fields.Boolean(
        "Line Breaks", help="One segment a line in what we send, for human eyes."
    )

    document_count = fields.Integer(compute="_compute_document_count")
    waiting_count = fields.Integer(compute="_compute_document_count")

    def _compute_document_count(self):
        grouped = self.env["amazon.b2b.document"]._read_group(
            [("connection_id", "in", self.ids)],
            ["connection_id", "needs_person"],
            ["__count"],
        )
        for connection in self:
            counts = {waits: n for c, waits, n in grouped if c == connection}
            connection.document_count = sum(counts.values())
            connection.waiting_count = counts.get(True, 0)

    @api.model_create_multi
    def create(self, vals_list):
        connections = super().create(vals_list)
        connections._let_go_on()
        return connections

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() & IDENTITY:
            self._let_go_on()
        if vals.get("active"):
            # what waited in the outbox of the archived connection goes out now
            self.env["amazon.b2b.document"]._trigger_outbox()
            self.env["amazon.b2b.transmission"]._trigger_send()
        return result

    def _let_go_on(self):
        for company in self.company_id:
            self.env["amazon.b2b.document"]._release_held(company, ["partner"])

    def _person(self, company=None):
        """Who is told of what concerns no vendor code: the responsible, else an
        Amazon Manager of the company."""
        managers = self.env.ref("amazon_b2b_connector.group_manager").sudo()
        company = company or self.company_id
        return (
            self.user_id._amazon_b2b_able()
            or managers.all_user_ids._amazon_b2b_able()
            .filtered(lambda user: not company or company in user.company_ids)
            .sorted("id")[:1]
        )

    def _emails(self):
        return [
            email.strip()
            for email in (self.notification_emails or "").split(",")
            if email.strip()
        ]

    def _tell(self, subject, body):
        """Tell the responsible, and the notification addresses."""
        body = escape(body)
        self.message_notify(
            partner_ids=self._person().partner_id.ids, subject=subject, body=body
        )
        if self._emails():
            self.env["mail.mail"].sudo().create(
                {
                    "email_to": ", ".join(self._emails()),
                    "subject": subject,
                    "body_html": body,
                    "auto_delete": True,
                }
            )

    def _type(self, kind):
        """The settings of one kind of document; empty where it was deleted (off)."""
        return self.message_type_ids.filtered(lambda line: line.kind == kind)[:1]

    def _version(self, kind):
        """The release that a kind of document is written in (X12 GS08)."""
        return self._type(kind).version or "004010"

    def _stage(self, kind):
        return self._type(kind).state or "off"

    @api.model
    def _for_ids(self, sender, receiver):
        """The connections of an incoming interchange from ``sender`` to ``receiver``,
        each written as qualifier, colon, id."""
        theirs, _colon, their_id = sender.partition(":")
        ours, _colon, our_id = receiver.partition(":")
        return self.search(
            [
                ("own_edi_id.qualifier", "=", ours),
                ("own_edi_id.identifier", "=", our_id),
                ("partner_qualifier", "=", theirs),
                ("partner_identifier", "=", their_id),
            ]
        )

    def _numbering(self, test):
        return self.env["amazon.b2b.numbering"]._for_pair(
            self.own_edi_id, self.partner_qualifier, self.partner_identifier, test
        )

    def _check_ready_to_send(self):
        self.ensure_one()
        if not (self.own_station_id and self.partner_station_id):
            raise UserError(
                self.env._(
                    "%s has no pair of AS2 stations. Choose ours and Amazon's.",
                    self.name,
                )
            )

    def action_open_documents(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "amazon_b2b_connector.amazon_b2b_document_action"
        )
        return {**action, "domain": [("connection_id", "=", self.id)]}
