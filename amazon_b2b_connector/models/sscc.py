from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from stdnum import ean

from .res_company import SSCC_BODY

# Amazon Vendor, ship notice: an SSCC is not used again within this time
UNIQUE_FOR = timedelta(days=365)


class SSCC(models.Model):
    """A Serial Shipping Container Code that a package bears or bore.

    It outlives the package's name: a reusable box gets a new number for every
    journey, and PostgreSQL sees to it that no number is given twice.
    """

    _name = "amazon.b2b.sscc"
    _description = "Amazon: SSCC of a package"
    _order = "id desc"
    _rec_name = "number"

    number = fields.Char("SSCC", required=True, readonly=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    package_id = fields.Many2one(
        "stock.package", index="btree_not_null", ondelete="set null", readonly=True
    )
    picking_id = fields.Many2one(
        "stock.picking",
        "Shipped With",
        index="btree_not_null",
        ondelete="set null",
        readonly=True,
    )
    given_date = fields.Date(required=True, default=fields.Date.today, readonly=True)

    _number_uniq = models.Constraint(
        "unique(number)", "This SSCC was given to another package."
    )

    def _is_recent(self):
        return fields.Date.today() - self.given_date < UNIQUE_FOR

    @api.model
    def _take(self, company, packages):
        """A new SSCC for each of ``packages``, in their order.

        :return: list of 18 digits
        :raise UserError: no GS1 prefix, or all its serial numbers are in use
        """
        company._amazon_b2b_check_prefix()
        sequence = company._amazon_b2b_sequence("amazon_b2b_sscc_sequence_id")
        head = company.amazon_b2b_sscc_extension + company.amazon_b2b_gs1_prefix
        places = SSCC_BODY - len(head)
        numbers = []
        for _package in packages:
            serial = int(sequence.next_by_id()) % 10**places
            body = f"{head}{serial:0{places}}"
            numbers.append(body + ean.calc_check_digit(body))
        self._note_down(company, dict(zip(numbers, packages, strict=True)))
        return numbers

    @api.model
    def _note_down(self, company, package_of_number):
        """Write down who bears which number; an old one may be given once more."""
        known = self.search([("number", "in", list(package_of_number))])
        for record in known.filtered(lambda r: r._is_recent()):
            raise UserError(
                self.env._(
                    "SSCC %(number)s was given to a package on %(date)s already, less "
                    "than 365 days ago. Choose a higher serial number or another "
                    "extension digit under Amazon › Configuration › Shipping Numbers.",
                    number=record.number,
                    date=record.given_date,
                )
            )
        for record in known:
            record.write(
                {
                    "company_id": company.id,
                    "package_id": package_of_number[record.number].id,
                    "picking_id": False,
                    "given_date": fields.Date.today(),
                }
            )
        taken = set(known.mapped("number"))
        self.create(
            [
                {"number": n, "company_id": company.id, "package_id": package.id}
                for n, package in package_of_number.items()
                if n not in taken
            ]
        )

    def _belongs_to(self, package, pickings):
        """Whether ``package`` may go on bearing this number in ``pickings``."""
        self.ensure_one()
        if self.package_id and self.package_id != package:
            return False
        return not self.picking_id or self.picking_id in pickings
