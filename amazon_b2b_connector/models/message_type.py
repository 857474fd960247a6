from odoo import fields, models

# kind, label, direction, X12 transaction set, the version Amazon uses
KINDS = [
    ("purchase_order", "Purchase Order", "in", "850", "004010"),
    ("acknowledgement", "Acknowledgement", "out", "855", "004010"),
    ("ship_notice", "Ship Notice", "out", "856", "005010"),
    ("invoice", "Invoice", "out", "810", "004010"),
    (
        "functional_acknowledgement",
        "Functional Acknowledgement",
        "both",
        "997",
        "004010",
    ),
]
KIND_LABELS = [(kind, f"{code} {label}") for kind, label, _direction, code, _v in KINDS]
KIND_OF_CODE = {code: kind for kind, _label, _direction, code, _version in KINDS}
CODE_OF_KIND = {kind: code for code, kind in KIND_OF_CODE.items()}

# papers that travel outside EDI
OTHER_KINDS = [("seller_order", "Seller Order")]

STAGES = [("off", "Off"), ("test", "Test"), ("parallel", "Parallel"), ("live", "Live")]


class MessageType(models.Model):
    """How far one type of message of a connection is."""

    _name = "amazon.b2b.message.type"
    _description = "Amazon message type"
    _order = "connection_id, id"
    _rec_name = "kind"

    connection_id = fields.Many2one(
        "amazon.b2b.connection", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="connection_id.company_id", store=True)
    kind = fields.Selection(KIND_LABELS, "Message", required=True)
    state = fields.Selection(
        STAGES,
        "Stage",
        required=True,
        default="live",
        help="Off: ignored. Test: only answered, nothing in Odoo changes. Parallel: "
        "built, checked and shown, and released one by one. Live: works by itself.",
    )
    version = fields.Selection(
        [("004010", "4010"), ("005010", "5010")], required=True, default="004010"
    )

    _kind_uniq = models.Constraint(
        "unique(connection_id, kind)", "This connection has this message type already."
    )
