from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

# field of the sequence -> its name, prefix and padding
SEQUENCES = {
    "amazon_b2b_asn_sequence_id": ("Amazon ship notices", "ASN", 8),
    "amazon_b2b_sscc_sequence_id": ("Amazon SSCC serials", "", 0),
}

# GS1 General Specifications, section 1.4.4: a company prefix has 4 to 12 digits;
# what GS1 licenses for identification keys today begins at 7 (6 in the US, with a
# leading zero).
PREFIX_LENGTHS = range(7, 13)

# digits of an SSCC before its check digit: extension digit, prefix, serial number
SSCC_BODY = 17


class ResCompany(models.Model):
    """The numbers a company gives to its shipments: GS1 prefix, SSCC, ASN."""

    _inherit = "res.company"

    amazon_b2b_gs1_prefix = fields.Char(
        "GS1 Company Prefix",
        help="The 7 to 12 digits that GS1 has licensed to the company. The SSCC of "
        "every carton and pallet begins with them.",
    )
    amazon_b2b_sscc_extension = fields.Char(
        "SSCC Extension Digit",
        default="0",
        help="The first digit of every SSCC. Another one opens a whole new range of "
        "serial numbers.",
    )
    amazon_b2b_sscc_sequence_id = fields.Many2one(
        "ir.sequence", "SSCC Sequence", readonly=True, copy=False
    )
    amazon_b2b_asn_sequence_id = fields.Many2one(
        "ir.sequence", "Ship Notice Sequence", readonly=True, copy=False
    )

    @api.constrains("amazon_b2b_gs1_prefix", "amazon_b2b_sscc_extension")
    def _check_amazon_b2b_gs1(self):
        for company in self:
            prefix = company.amazon_b2b_gs1_prefix
            if prefix and not (_digits(prefix) and len(prefix) in PREFIX_LENGTHS):
                raise ValidationError(
                    self.env._(
                        "“%(prefix)s” is no GS1 company prefix: it has %(least)s to "
                        "%(most)s digits and nothing else.",
                        prefix=prefix,
                        least=min(PREFIX_LENGTHS),
                        most=max(PREFIX_LENGTHS),
                    )
                )
            extension = company.amazon_b2b_sscc_extension or ""
            if not (_digits(extension) and len(extension) == 1):
                raise ValidationError(
                    self.env._(
                        "The SSCC extension digit of %s must be one digit.",
                        company.name,
                    )
                )

    def _amazon_b2b_sequence(self, name):
        """The sequence in the field ``name``, made on first use.

        Two transactions that both make it meet on the company's row, and the later
        one starts again.
        """
        self.ensure_one()
        company = self.sudo()
        if not company[name]:
            title, prefix, padding = SEQUENCES[name]
            company[name] = (
                self.env["ir.sequence"]
                .sudo()
                .create(
                    {
                        "name": f"{title} ({company.name})",
                        "implementation": "standard",
                        "prefix": prefix,
                        "padding": padding,
                        "company_id": company.id,
                    }
                )
            )
        return company[name]

    def _amazon_b2b_make_alone(self):
        """Before what a company has once is made on first use, as a pricelist.

        As above the later transaction of two starts again, and finds what the first
        one made.

        :raise SerializationFailure: another one made something since our snapshot
        """
        self.ensure_one()
        self.env.cr.execute(
            SQL(
                "UPDATE res_company SET write_date = write_date WHERE id = %s", self.id
            ),
            log_exceptions=False,
        )

    def _amazon_b2b_next_asn(self):
        """A new ship notice number (X12 BSN02, not used in the last 365 days)."""
        return self._amazon_b2b_sequence("amazon_b2b_asn_sequence_id").next_by_id()

    def _amazon_b2b_check_prefix(self):
        self.ensure_one()
        if not self.sudo().amazon_b2b_gs1_prefix:
            raise UserError(
                self.env._(
                    "%s has no GS1 company prefix, so its cartons get no SSCC. An "
                    "Amazon Manager enters it under Amazon › Configuration › Shipping "
                    "Numbers.",
                    self.name,
                )
            )


def _digits(text):
    return text.isascii() and text.isdigit()
