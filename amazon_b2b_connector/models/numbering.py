from odoo import api, fields, models

# ISA13, GS06 and ST02 of X12
COUNTERS = ("interchange", "group", "set")


class Numbering(models.Model):
    """The control numbers of one pair of EDI ids, test and production apart.

    They come from sequences, so that two workers never get the same and nobody
    waits; a number that a rolled back transaction took stays unused.
    """

    _name = "amazon.b2b.numbering"
    _description = "Amazon control numbers"
    _order = "own_edi_id, partner_identifier, test"

    own_edi_id = fields.Many2one(
        "amazon.b2b.edi.id", "Our EDI ID", required=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="own_edi_id.company_id", store=True)
    partner_qualifier = fields.Char("Amazon's Qualifier", required=True, default="ZZ")
    partner_identifier = fields.Char("Amazon's EDI ID", required=True, default="AMAZON")
    test = fields.Boolean()
    interchange_sequence_id = fields.Many2one(
        "ir.sequence", required=True, readonly=True
    )
    group_sequence_id = fields.Many2one("ir.sequence", required=True, readonly=True)
    set_sequence_id = fields.Many2one("ir.sequence", required=True, readonly=True)
    next_interchange = fields.Integer(
        "Next Interchange (ISA13)",
        compute="_compute_next",
        inverse="_inverse_next_interchange",
    )
    next_group = fields.Integer(
        "Next Group (GS06)", compute="_compute_next", inverse="_inverse_next_group"
    )
    next_set = fields.Integer(
        "Next Set (ST02)", compute="_compute_next", inverse="_inverse_next_set"
    )

    _pair_uniq = models.Constraint(
        "unique(own_edi_id, partner_qualifier, partner_identifier, test)",
        "These control numbers exist already.",
    )

    def _compute_next(self):
        for record in self:
            for counter in COUNTERS:
                sequence = record[f"{counter}_sequence_id"].sudo()
                record[f"next_{counter}"] = sequence.number_next_actual

    def _set_next(self, counter):
        for record in self:
            sequence = record[f"{counter}_sequence_id"].sudo()
            sequence.number_next_actual = record[f"next_{counter}"]

    def _inverse_next_interchange(self):
        self._set_next("interchange")

    def _inverse_next_group(self):
        self._set_next("group")

    def _inverse_next_set(self):
        self._set_next("set")

    @api.model
    def _for_pair(self, own_edi_id, partner_qualifier, partner_identifier, test):
        """The numbers of a pair, made on first use."""
        pair = {
            "own_edi_id": own_edi_id.id,
            "partner_qualifier": partner_qualifier,
            "partner_identifier": partner_identifier,
            "test": test,
        }
        found = self.search([(name, "=", value) for name, value in pair.items()])
        if found:
            return found
        return self.sudo().create(pair).sudo(False)

    @api.model_create_multi
    def create(self, vals_list):
        return super().create(
            [{**vals, **self._new_sequences(vals)} for vals in vals_list]
        )

    def _new_sequences(self, vals):
        own = self.env["amazon.b2b.edi.id"].browse(vals["own_edi_id"])
        name = f"{own.identifier}-{vals.get('partner_identifier', '')}"
        sequences = (
            self.env["ir.sequence"]
            .sudo()
            .create(
                [
                    {
                        "name": f"Amazon {counter} {name}",
                        "implementation": "standard",
                        "company_id": own.company_id.id,
                    }
                    for counter in COUNTERS
                ]
            )
        )
        return {
            f"{counter}_sequence_id": sequence.id
            for counter, sequence in zip(COUNTERS, sequences, strict=True)
        }

    def _take(self):
        """The next interchange, group and set control numbers, as integers."""
        self.ensure_one()
        return tuple(
            int(self[f"{counter}_sequence_id"].sudo().next_by_id())
            for counter in COUNTERS
        )

    def unlink(self):
        sequences = self.env["ir.sequence"].sudo()
        for counter in COUNTERS:
            sequences |= self[f"{counter}_sequence_id"].sudo()
        result = super().unlink()
        sequences.unlink()
        return result
