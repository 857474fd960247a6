from odoo import api, fields, models
from odoo.exceptions import UserError


class AcknowledgementCode(models.Model):
    """A line code of the acknowledgement (X12 855 ACK01, element 668) and its meaning.

    Amazon's present list is not public, so it is data: a code that Amazon asks for
    is a row more.
    """

    _name = "amazon.b2b.acknowledgement.code"
    _description = "Amazon acknowledgement code"
    _order = "sequence, code"

    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    code = fields.Char(required=True, size=2)
    name = fields.Char("What It Says", required=True, translate=True)
    meaning = fields.Selection(
        [
            ("accepted", "Accepted"),
            ("backordered", "Back-ordered"),
            ("rejected", "Rejected"),
        ],
        required=True,
    )
    reason = fields.Selection(
        [
            ("temporarily_unavailable", "Temporarily unavailable"),
            ("invalid_identifier", "Invalid product identifier"),
            ("obsolete", "Obsolete product"),
        ],
        help="Why it is rejected. Obsolete is final: Amazon stops ordering the item.",
    )
    is_default = fields.Boolean(
        "Default", help="Taken where nobody chose: one for each meaning and reason."
    )

    _code_uniq = models.UniqueIndex("(code) WHERE active", "This code exists already.")
    _default_uniq = models.UniqueIndex(
        "(meaning, COALESCE(reason, '')) WHERE active AND is_default",
        "There is a default for this meaning and reason already.",
    )

    @api.depends("code", "name")
    def _compute_display_name(self):
        for record in self:
            record.display_name = f"{record.code} {record.name}"

    @api.model
    def _default(self, meaning, reason=False):
        """The default code of a meaning.

        :raise UserError: the table has none
        """
        found = self.search(
            [
                ("meaning", "=", meaning),
                ("reason", "=", reason),
                ("is_default", "=", True),
            ],
            limit=1,
        )
        if not found:
            raise UserError(
                self.env._(
                    "No acknowledgement code is the default for “%(meaning)s”. Choose "
                    "one under Amazon › Configuration › Acknowledgement Codes.",
                    meaning=dict(self._fields["meaning"].selection)[meaning],
                )
            )
        return found
