from odoo import api, models

from .. import edi
from ..exact import exact


class UomUom(models.Model):
    _inherit = "uom.uom"

    @api.model
    def _amazon_b2b_each(self):
        """Odoo's “Units”, without asking the database whether it still exists."""
        return self.browse(
            self.env["ir.model.data"]._xmlid_to_res_id("uom.product_uom_unit")
        )

    def _amazon_b2b_pieces(self, connection, line):
        """How many pieces Amazon's price is multiplied by for one of this unit.

        :param line: the ordered :class:`edi.PurchaseOrderLine`
        :return: ``Decimal``, 1 where the price is that of the unit
        """
        per_piece = edi.is_per_piece(line.unit, line.price_basis)
        if not per_piece or not connection.price_per_piece:
            return exact(1)
        return exact(self.factor / self._amazon_b2b_each().factor)

    @api.model
    def _amazon_b2b_case(self, packagings, pack_size):
        """The unit that holds ``pack_size`` eaches, so that quantity and price on the
        order line are those of X12 PO1: one of the product's own packagings,
        else “Case of N”, made on first use.
        """
        each = self._amazon_b2b_each()
        if pack_size == 1:
            return each
        own = packagings.filtered(
            lambda unit: (
                unit._has_common_reference(each)
                and unit.factor == pack_size * each.factor
            )
        )
        if own:
            return own[0]
        name = f"Case of {pack_size:g}"
        cases = self.sudo().with_context(lang=None)
        return cases.search(
            [
                ("name", "=", name),
                ("relative_uom_id", "=", each.id),
                ("relative_factor", "=", pack_size),
            ],
            order="id",
            limit=1,
        ) or cases.create(
            {"name": name, "relative_uom_id": each.id, "relative_factor": pack_size}
        )
