import base64
import hashlib
import json
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.orm.models import NO_ACCESS

from .apart import Loose
from .states import TRANSMISSION_MOVES, TRANSMISSION_STATES

AMAZON_USER = "amazon_b2b_connector.group_user"

# bytes of the payload that the form shows
SHOWN = 100_000
# what stands there for a NUL, which no browser shows
NUL_SHOWN = "\N{SYMBOL FOR NULL}"
# how long a refusal or a duplicate can be looked up
NOT_TAKEN_DAYS = 30
PURGED_AT_ONCE = 1000


class Transmission(models.Model):
    """One thing that crossed the wire, its bytes kept in PostgreSQL itself.

    ``wire`` is what the other side sent or gets, ``payload`` the business bytes in
    it. Both are committed before anybody is told that they were received, and
    before the first attempt to send.
    """

    _name = "amazon.b2b.transmission"
    _description = "Amazon transmission"
    _inherit = [
        "amazon.b2b.state.mixin",
        "amazon.b2b.worker.mixin",
        "amazon.b2b.foreign.text.mixin",
    ]
    _order = "id desc"
    _moves = TRANSMISSION_MOVES

    name = fields.Char(compute="_compute_name", store=True)
    direction = fields.Selection([("in", "In"), ("out", "Out")], required=True)
    transport = fields.Selection(
        [("as2", "AS2"), ("spapi", "Selling Partner API"), ("file", "File")],
        required=True,
        default="as2",
    )
    content = fields.Selection(
        string="Kind of Content",
        selection=[
            ("edi", "EDI Interchanges"),
            ("orders", "Orders (Orders API 2026-01-01)"),
            ("report", "Order Report"),
        ],
        required=True,
        default="edi",
        help="What is read out of the payload.",
    )
    unchanged_count = fields.Integer(
        "Unchanged Orders", help="Orders in it that came before with the same content."
    )
    state = fields.Selection(TRANSMISSION_STATES, required=True, index=True)
    reason = fields.Text(help="Why it was refused, failed or is a duplicate.")
    company_id = fields.Many2one("res.company", index=True)
    connection_id = fields.Many2one("amazon.b2b.connection", index="btree_not_null")
    own_station_id = fields.Many2one("amazon.b2b.station", "Our Station")
    partner_station_id = fields.Many2one("amazon.b2b.station", "Amazon's Station")
    # loose: the answer to a duplicate waits for nobody who decodes the original
    original_id = Loose("amazon.b2b.transmission", "Duplicate Of")
    remote_address = fields.Char("From Address")

    message_id = fields.Char("Message-ID", index="btree_not_null")
    headers = fields.Text("HTTP Headers")
    content_type = fields.Char()
    filename = fields.Char()
    wire = fields.Binary(attachment=False, groups=NO_ACCESS, copy=False)
    payload = fields.Binary(attachment=False, groups=NO_ACCESS, copy=False)
    payload_text = fields.Text("Content", compute="_compute_payload_text")
    size = fields.Integer("Size (bytes)")
    sha256 = fields.Char("SHA-256 of the Payload")
    signed = fields.Boolean()
    encrypted = fields.Boolean()
    mic = fields.Char("MIC")
    mic_algorithm = fields.Char("MIC Algorithm")

    mdn_state = fields.Selection(
        [
            ("none", "Not asked for"),
            ("ready", "To send"),
            ("sent", "Given"),
            ("waiting", "Awaited"),
            ("received", "Received"),
            ("failed", "Failed"),
            ("stopped", "Given up"),
        ],
        "Receipt (MDN)",
        default="none",
        required=True,
    )
    mdn_url = fields.Char("MDN Goes To")
    mdn_headers = fields.Text("MDN Headers")
    mdn_body = fields.Binary(attachment=False, groups=NO_ACCESS, copy=False)
    mdn_disposition = fields.Char("MDN Disposition")
    mdn_date = fields.Datetime("MDN At")

    attempts = fields.Integer(readonly=True)
    next_attempt = fields.Datetime(index="btree_not_null")
    first_failure = fields.Datetime()
    last_error = fields.Char()
    done_date = fields.Datetime("Delivered At")

    document_ids = fields.One2many("amazon.b2b.document", "transmission_id")
    interchange_ids = fields.One2many("amazon.b2b.interchange", "transmission_id")

    # a refused message leaves its Message-ID free: the same id is judged afresh
    _message_id_uniq = models.UniqueIndex(
        "(partner_station_id, message_id) WHERE direction = 'in' AND transport = 'as2' "
        "AND state NOT IN ('refused', 'duplicate')",
        "This Message-ID was received before.",
    )
    _receipt_idx = models.Index(
        "(id) WHERE direction = 'in' AND mdn_state IN ('ready', 'failed')"
    )
    _due_idx = models.Index(
        "(next_attempt) WHERE direction = 'out' AND state = 'ready'"
    )

    @api.depends("direction", "transport", "message_id", "filename")
    def _compute_name(self):
        for record in self:
            record.name = record.message_id or record.filename or str(record.id or "")

    def _compute_payload_text(self):
        for record in self:
            text = record._bytes("payload")[:SHOWN].decode("utf-8", "replace")
            record.payload_text = text.replace("~", "~\n").replace("\0", NUL_SHOWN)

    # retention

    @api.autovacuum
    def _gc_not_taken(self):
        """What was refused or had come before was not taken: its record goes when its
        time is over."""
        before = fields.Datetime.now() - timedelta(days=NOT_TAKEN_DAYS)
        domain = [
            ("state", "in", ("refused", "duplicate")),
            ("create_date", "<", before),
        ]
        old = self.sudo().search(domain, order="id", limit=PURGED_AT_ONCE)
        old.unlink()
        return len(old), self.sudo().search_count(domain, limit=1)

    # bytes

    @api.model
    def _stored(self, data):
        """``Binary(attachment=False)`` holds base64."""
        return base64.b64encode(data)

    def _bytes(self, field):
        """The bytes in ``wire``, ``payload`` or ``mdn_body``."""
        self.ensure_one()
        value = self.sudo().with_context(bin_size=False)[field]
        return base64.b64decode(value) if value else b""

    @api.model
    def _payload_values(self, payload):
        return {
            "payload": self._stored(payload),
            "size": len(payload),
            "sha256": hashlib.sha256(payload).hexdigest(),
        }

    @api.model
    def _json(self, headers):
        return json.dumps(dict(headers), ensure_ascii=False, indent=1)

    def _headers(self, field="headers"):
        return json.loads(self[field] or "{}")

    # person's actions

    def _for_person(self):
        """These transmissions for a button that an Amazon User presses.

        Nobody writes transmissions but the exchange itself, so the right is checked
        here and the button goes on as the exchange.
        """
        self.check_access("read")
        if not (self.env.su or self.env.user.has_group(AMAZON_USER)):
            raise AccessError(
                self.env._("Sending and decoding again takes the right “Amazon User”.")
            )
        return self.sudo()

    def action_download_payload(self):
        return self._download("payload")

    def action_download_wire(self):
        return self._download("wire")

    def action_download_mdn(self):
        return self._download("mdn_body")

    def _download(self, field):
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"/amazon_b2b/transmission/{self.id}/{field}",
            "target": "download",
        }

    def action_open_documents(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "amazon_b2b_connector.amazon_b2b_document_action"
        )
        return {**action, "domain": [("transmission_id", "=", self.id)]}
