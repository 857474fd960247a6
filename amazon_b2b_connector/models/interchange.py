from odoo import api, fields, models

KEY = (
    "company_id",
    "sender",
    "receiver",
    "test",
    "control_number",
    "interchange_date",
)


class Interchange(models.Model):
    """An EDI envelope, in or out, by the key that makes it the only one of its kind."""

    _name = "amazon.b2b.interchange"
    _description = "Amazon interchange"
    _order = "id desc"
    _rec_name = "control_number"

    transmission_id = fields.Many2one(
        "amazon.b2b.transmission", required=True, ondelete="cascade", index=True
    )
    direction = fields.Selection(related="transmission_id.direction", store=True)
    company_id = fields.Many2one("res.company", index=True)
    sender = fields.Char(required=True)
    receiver = fields.Char(required=True)
    test = fields.Boolean()
    control_number = fields.Char(required=True)
    interchange_date = fields.Char("Date", required=True)
    sha256 = fields.Char("SHA-256")
    state = fields.Selection(
        [
            ("accepted", "Accepted"),
            ("duplicate", "Duplicate"),
            ("conflict", "Same number, other content"),
        ],
        required=True,
        default="accepted",
    )
    original_id = fields.Many2one("amazon.b2b.interchange", ondelete="set null")

    _key_uniq = models.UniqueIndex(
        "(company_id, sender, receiver, test, control_number, interchange_date) "
        "WHERE state = 'accepted'",
        "This interchange exists already.",
    )

    @api.model
    def _record(self, transmission, interchange):
        """Keep the envelope that :mod:`edi` read or wrote, judged by its key: the
        only one, a duplicate, or another under a number that was used before."""
        values = {
            "transmission_id": transmission.id,
            "company_id": transmission.company_id.id,
            "sender": f"{interchange.sender_qualifier}:{interchange.sender}",
            "receiver": f"{interchange.receiver_qualifier}:{interchange.receiver}",
            "test": interchange.test,
            "control_number": interchange.control_number,
            "interchange_date": interchange.date or "-",
            "sha256": interchange.digest,
        }
        key = [(name, "=", values[name]) for name in KEY]
        earlier = self.search([("state", "=", "accepted"), *key], limit=1)
        if earlier:
            same = earlier.sha256 == interchange.digest
            values |= {
                "state": "duplicate" if same else "conflict",
                "original_id": earlier.id,
            }
        return self.create(values)

    def _same_number_sent(self):
        """The last one out under this control number, whatever its date."""
        self.ensure_one()
        return self.search(
            [
                ("transmission_id", "!=", self.transmission_id.id),
                ("direction", "=", "out"),
                ("company_id", "=", self.company_id.id),
                ("sender", "=", self.sender),
                ("receiver", "=", self.receiver),
                ("test", "=", self.test),
                ("control_number", "=", self.control_number),
            ],
            limit=1,
        )
