from odoo import fields, models
from odoo.tools.barcode import check_barcode_encoding

# GS1 application identifier of an SSCC; scanners read it, a name does not bear it
APPLICATION_IDENTIFIER = "00"


class StockPackageType(models.Model):
    _inherit = "stock.package.type"

    amazon_b2b_is_pallet = fields.Boolean(
        "Pallet for Amazon",
        help="Ship notices call it a pallet even when no carton stands on it. A "
        "package that contains packages always is one.",
    )


class StockPackage(models.Model):
    """Cartons and pallets that travel to Amazon bear an SSCC as their name."""

    _inherit = "stock.package"

    amazon_b2b_tracking = fields.Char(
        "Carton Tracking",
        copy=False,
        help="Tracking number of this carton, where each has its own.",
    )

    def _amazon_b2b_assign_sscc(self, company, pickings):
        """Give an SSCC to each package that has none of its own for this journey.

        A package keeps the number that it bears, so that a label printed again is
        the same. It gets a new one where its name is no SSCC, where another package
        bears that number, and where the number has travelled with another delivery
        than ``pickings`` (a reused box).

        :return: the packages that got a new number
        """
        for package in self:
            bare = (package.name or "").removeprefix(APPLICATION_IDENTIFIER)
            if not package.valid_sscc and _is_sscc(bare):
                package.name = bare
        register = self.env["amazon.b2b.sscc"].sudo()
        bearing = self.filtered("valid_sscc")
        known = {
            record.number: record
            for record in register.search([("number", "in", bearing.mapped("name"))])
        }
        foreign = {}
        kept = self.browse()
        for package in bearing:
            record = known.get(package.name)
            if not record and package.name not in foreign:
                foreign[package.name] = package
                kept |= package
            elif record and record._belongs_to(package, pickings):
                kept |= package
        register._note_down(company, foreign)
        renewed = self - kept
        if renewed:
            numbers = register._take(company, renewed)
            for package, number in zip(renewed, numbers, strict=True):
                package.write({"name": number, "amazon_b2b_tracking": False})
        return renewed

    def _post_put_in_pack_hook(self):
        pickings = self.move_line_ids.picking_id
        pickings._amazon_b2b_number_packages(self)
        return super()._post_put_in_pack_hook()

    def action_amazon_b2b_print_label(self):
        """Print the SSCC labels; a package without a number gets one first."""
        for package in self:
            moves = package.move_line_ids or self.env["stock.move.line"].search(
                [("result_package_id", "child_of", package.ids)]
            )
            company = package.company_id or moves.company_id[:1] or self.env.company
            package.sudo()._amazon_b2b_assign_sscc(company, moves.picking_id)
        return self.env.ref(
            "amazon_b2b_connector.action_report_sscc_label"
        ).report_action(self, config=False)


def _is_sscc(text):
    return bool(text) and bool(check_barcode_encoding(text, "sscc"))
