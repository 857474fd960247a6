from odoo import api, fields, models


class EdiId(models.Model):
    """A name under which a company signs its interchanges (X12 ISA05/06, GS02)."""

    _name = "amazon.b2b.edi.id"
    _description = "Amazon EDI id"
    _rec_name = "identifier"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    active = fields.Boolean(default=True)
    qualifier = fields.Char(
        required=True,
        default="ZZ",
        size=4,
        help="X12 ISA05: ZZ mutually defined, 01 DUNS, 12 telephone, 14 GLN.",
    )
    identifier = fields.Char(
        required=True, size=35, help="X12 ISA06: at most 15 characters."
    )
    group_identifier = fields.Char(
        size=35, help="X12 GS02. Empty: the same as the interchange's."
    )

    _identifier_uniq = models.Constraint(
        "unique(company_id, qualifier, identifier)",
        "This company already has this EDI id.",
    )

    @api.depends("qualifier", "identifier")
    def _compute_display_name(self):
        for record in self:
            record.display_name = f"{record.qualifier}:{record.identifier}"

    def _group_name(self):
        return self.group_identifier or self.identifier
