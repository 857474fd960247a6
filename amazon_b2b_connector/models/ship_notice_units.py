"""Goods in the terms of Amazon's order: its lines, its units, dates of lots."""

from decimal import Decimal

from odoo import fields, models

from ..edi import documents
from ..exact import exact


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _amazon_b2b_shipped_item(self, ordered, quantity, **details):
        """So much of a line of Amazon's order, as a ship notice says it.

        :param ordered: the order line of the paper
        :param details: what else is known of it (lot, expiry)
        """
        return documents.ShippedItem(
            order_number=self.amazon_b2b_number,
            line_number=ordered.number,
            quantity=quantity,
            unit=ordered.unit,
            identifiers=ordered.identifiers,
            **details,
        )


class StockMoveLine(models.Model):
    _inherit = "stock.move.line"

    def _amazon_b2b_concerns_amazon(self):
        """Whether it is for an Amazon order, or for none that is known."""
        order = self.move_id.sale_line_id.order_id
        return not order or bool(order.amazon_b2b_connection_id)


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _amazon_b2b_in_units(self, move_lines):
        """How many of the line's own unit ``move_lines`` are.

        A kit is counted by its parts, which the moves carry in its stead.

        :return: quantity as ``Decimal``, and what is wrong with it or ``""``
        """
        self.ensure_one()
        if move_lines.product_id == self.product_id:
            quantity = self.product_id.uom_id._compute_quantity(
                sum(move_lines.mapped("quantity_product_uom")),
                self.product_uom_id,
                round=False,
            )
            return exact(quantity), ""
        kit = self._amazon_b2b_kit(move_lines)
        kits = {
            exact(sum(parts.mapped("quantity_product_uom")) / per_kit)
            for parts, per_kit in kit
            if per_kit > 0
        }
        if len(kits) == 1 and int(max(kits)) == max(kits):
            return max(kits), ""
        return Decimal(0), self.env._(
            "Package %(package)s holds only a part of kit %(product)s. A ship notice "
            "names whole kits: pack each into one carton.",
            package=move_lines.result_package_id[:1].name or "-",
            product=self.product_id.display_name,
        )

    def _amazon_b2b_kit(self, move_lines):
        """[(the move lines of a part, how many of it make one kit)]"""
        moves = self.move_ids.filtered(
            lambda move: (
                move.picking_type_id.code == "outgoing"
                and not move.origin_returned_move_id
            )
        )
        return [
            (
                move_lines.filtered(lambda line, p=part: line.product_id == p),
                sum(demand.mapped("product_qty")) / (self.product_uom_qty or 1),
            )
            for part, demand in moves.grouped("product_id").items()
        ]


class StockLot(models.Model):
    _inherit = "stock.lot"

    def _amazon_b2b_expiry(self):
        """The expiry date, where Odoo keeps one (module ``product_expiry``)."""
        if "expiration_date" not in self._fields or not self.expiration_date:
            return None
        return fields.Datetime.context_timestamp(self, self.expiration_date).date()
