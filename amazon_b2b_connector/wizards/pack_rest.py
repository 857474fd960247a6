from math import ceil

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class PackRest(models.TransientModel):
    """Put what lies outside packages into cartons, so many to a carton."""

    _name = "amazon.b2b.pack.rest"
    _description = "Put the rest in cartons"

    picking_id = fields.Many2one("stock.picking", required=True, readonly=True)
    package_type_id = fields.Many2one("stock.package.type", "Carton Type")
    line_ids = fields.One2many("amazon.b2b.pack.rest.line", "pack_id")

    @api.model_create_multi
    def create(self, vals_list):
        wizards = super().create(vals_list)
        for wizard in wizards:
            loose = wizard.picking_id._amazon_b2b_loose_lines()
            wizard.line_ids = [
                fields.Command.create(
                    {
                        "product_id": lines.product_id.id,
                        "sale_line_id": sale_line.id,
                        "quantity": sum(lines.mapped("quantity_product_uom")),
                        "per_carton": self._pack_size(sale_line, lines),
                    }
                )
                for (_product, sale_line), lines in loose.grouped(_pile).items()
            ]
        return wizards

    @api.model
    def _pack_size(self, sale_line, lines):
        """A case where Amazon orders cases; else the pack size of the product
        mapping; else everything in one carton."""
        product = lines.product_id
        case = sale_line.product_uom_id._compute_quantity(
            1, product.uom_id, raise_if_failure=False
        )
        if case > 1:
            return case
        mapped = self.env["amazon.b2b.product.mapping"].search(
            [("product_id", "=", product.id), ("pack_size", ">", 1)], limit=1
        )
        return mapped.pack_size or sum(lines.mapped("quantity_product_uom"))

    def action_pack(self):
        self.ensure_one()
        loose = self.picking_id._amazon_b2b_loose_lines().grouped(_pile)
        for line in self.line_ids:
            pile = loose.get((line.product_id, line.sale_line_id))
            if not pile:
                raise UserError(
                    self.env._(
                        "%s is packed already. Close this and look again.",
                        line.product_id.display_name,
                    )
                )
            for same in pile.grouped("lot_id").values() if line._by_lot() else [pile]:
                self._fill(same, line.per_carton)
        return {"type": "ir.actions.act_window_close"}

    def _fill(self, move_lines, per_carton):
        """Fill carton after carton; the last one takes what is left."""
        carton, room = move_lines.browse(), 0
        for move_line in move_lines:
            for part in self._cut(move_line, room, per_carton):
                if not room:
                    room = per_carton
                carton |= part
                room -= part.quantity_product_uom
                if part.product_id.uom_id.compare(room, 0) <= 0:
                    self._close(carton)
                    carton, room = move_lines.browse(), 0
        if carton:
            self._close(carton)

    def _cut(self, move_line, room, per_carton):
        """Cut a move line into what still fits, full cartons and a rest."""
        unit = move_line.product_id.uom_id
        left = move_line.quantity_product_uom
        sizes = []
        while unit.compare(left, 0) > 0:
            size = min(left, room or per_carton)
            sizes.append(size)
            left, room = left - size, 0
        quantities = [
            unit._compute_quantity(size, move_line.product_uom_id, round=False)
            for size in sizes
        ]
        parts = move_line
        if len(quantities) > 1:
            move_line.quantity = quantities[0]
            for quantity in quantities[1:]:
                parts |= move_line.copy(
                    {"quantity": quantity, "picked": move_line.picked}
                )
        return parts

    def _close(self, move_lines):
        """One carton more: Odoo's own packing before the goods have left."""
        if self.picking_id.state != "done":
            package = move_lines._put_in_pack(package_type_id=self.package_type_id.id)
            move_lines._post_put_in_pack_hook(package)
            return
        package = self.env["stock.package"].create(
            {"package_type_id": self.package_type_id.id}
        )
        move_lines.result_package_id = package
        self.picking_id._amazon_b2b_number_packages(package)
        self.picking_id.package_history_ids |= self.env["stock.package.history"].create(
            {
                "company_id": self.picking_id.company_id.id,
                "package_id": package.id,
                "package_name": package.name,
                "location_id": move_lines.location_id[:1].id,
                "location_dest_id": move_lines.location_dest_id[:1].id,
                "outermost_dest_id": package.id,
                "move_line_ids": [fields.Command.set(move_lines.ids)],
                "picking_ids": [fields.Command.set(self.picking_id.ids)],
            }
        )


class PackRestLine(models.TransientModel):
    _name = "amazon.b2b.pack.rest.line"
    _description = "Put the rest in cartons: a product"

    pack_id = fields.Many2one("amazon.b2b.pack.rest", required=True, ondelete="cascade")
    product_id = fields.Many2one("product.product", readonly=True, required=True)
    sale_line_id = fields.Many2one("sale.order.line", readonly=True)
    quantity = fields.Float("Outside Packages", digits="Product Unit", readonly=True)
    per_carton = fields.Float("In One Carton", digits="Product Unit", required=True)
    carton_count = fields.Integer("Cartons", compute="_compute_carton_count")

    @api.depends("quantity", "per_carton")
    def _compute_carton_count(self):
        for line in self:
            line.carton_count = (
                ceil(round(line.quantity / line.per_carton, 6))
                if line.per_carton > 0
                else 0
            )

    @api.constrains("per_carton")
    def _check_per_carton(self):
        for line in self:
            if line.product_id.uom_id.compare(line.per_carton, 0) <= 0:
                raise ValidationError(
                    self.env._(
                        "How many of %s go into one carton?",
                        line.product_id.display_name,
                    )
                )

    def _by_lot(self):
        return self.product_id.tracking == "lot"


def _pile(move_line):
    return move_line.product_id, move_line.move_id.sale_line_id
