from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

# field here -> field of the company
ON_COMPANY = {
    "gs1_prefix": "amazon_b2b_gs1_prefix",
    "extension": "amazon_b2b_sscc_extension",
}
# field here -> sequence of the company
NEXT_NUMBERS = {
    "next_asn": "amazon_b2b_asn_sequence_id",
    "next_sscc": "amazon_b2b_sscc_sequence_id",
}


class ShippingNumbers(models.TransientModel):
    """GS1 prefix and start values of a company, for who is no system administrator.

    Who comes from another EDI house goes on from the numbers used there.
    """

    _name = "amazon.b2b.shipping.numbers"
    _description = "Amazon shipping numbers"

    company_id = fields.Many2one(
        "res.company",
        required=True,
        readonly=True,
        default=lambda self: self.env.company,
    )
    gs1_prefix = fields.Char(
        "GS1 Company Prefix", help="7 to 12 digits, licensed by GS1."
    )
    extension = fields.Char("SSCC Extension Digit", required=True)
    next_sscc = fields.Integer(
        "Next SSCC Serial Number",
        required=True,
        help="Higher than any that was used in the last 365 days.",
    )
    next_asn = fields.Integer(
        "Next Ship Notice Number",
        required=True,
        help="Higher than any that was used in the last 365 days (X12 BSN02).",
    )

    @api.model
    def default_get(self, fields_list):
        company = self.env.company.sudo()
        now = {name: company[field] for name, field in ON_COMPANY.items()}
        now |= {
            name: company[field].number_next_actual or 1
            for name, field in NEXT_NUMBERS.items()
        }
        return {
            **super().default_get(fields_list),
            **{name: value for name, value in now.items() if name in fields_list},
        }

    def action_apply(self):
        self.ensure_one()
        if not self.env.user.has_group("amazon_b2b_connector.group_manager"):
            raise AccessError(
                self.env._("Only an Amazon Manager can change shipping numbers.")
            )
        if min(self.next_asn, self.next_sscc) < 1:
            raise UserError(self.env._("Numbers begin with 1 or higher."))
        company = self.env.company.sudo()
        company.write({to: self[name] for name, to in ON_COMPANY.items()})
        for name, field in NEXT_NUMBERS.items():
            sequence = company._amazon_b2b_sequence(field)
            if sequence.number_next_actual != self[name]:
                sequence.number_next_actual = self[name]
        return {"type": "ir.actions.act_window_close"}
