from odoo import models

from ..exact import exact
from ..seller_amounts import ITEM, Amounts, part_data


class SaleOrderLine(models.Model):
    """Amazon's amounts to the cent, also where a line is invoiced in parts."""

    _inherit = "sale.order.line"

    def _prepare_invoice_line(self, **optional_values):
        values = super()._prepare_invoice_line(**optional_values)
        if not self.amazon_b2b_charge:
            return values
        values["quantity"] = self._amazon_b2b_qty_to_invoice()
        part = self._amazon_b2b_part(self.qty_invoiced, values["quantity"])
        return {**values, **part}

    def _amazon_b2b_part(self, before, quantity):
        """Amazon's amounts for ``quantity`` of the line, after ``before`` of it.

        :return: values of price and amounts; none where the line is no longer as
            Amazon had it
        """
        data = self.extra_tax_data
        if not data or not self._amazon_b2b_is_as_sold(data):
            return {}
        if not before:
            return part_data(data, before, quantity)
        invoiced, lines = self._amazon_b2b_invoiced(data)
        return part_data(data, before, quantity, invoiced, lines)

    def _amazon_b2b_invoiced(self, data):
        """What the invoices so far really say of the line: one of them may have been
        credited, deleted or corrected by a cent.

        :return: (:class:`..seller_amounts.Amounts`, or ``None`` where that cannot be
            told tax by tax, number of invoice lines)
        """
        taxes = list(data["manual_tax_amounts"])
        if len(taxes) > 1:
            return None, 0
        lines = self.invoice_lines.filtered(
            lambda line: (
                line.parent_state != "cancel" and line.currency_id == self.currency_id
            )
        )
        net = tax = 0.0
        for line in lines:
            sign = -line.move_id.direction_sign
            net += sign * line.price_subtotal
            tax += sign * (line.price_total - line.price_subtotal)
        return Amounts(exact(net), dict.fromkeys(taxes, exact(tax))), len(lines)

    def _amazon_b2b_is_as_sold(self, data):
        same = self.currency_id.compare_amounts
        return (
            not same(self.product_uom_qty, data["quantity"])
            and not same(self.price_unit, data["price_unit"])
            and not self.discount
        )

    # charges are invoiced with the goods they belong to

    def _can_be_invoiced_alone(self):
        return (
            super()._can_be_invoiced_alone()
            and (self.amazon_b2b_charge or ITEM) == ITEM
        )

    def _amazon_b2b_goods(self):
        """The lines of the goods that a charge for each piece belongs to."""
        if self.amazon_b2b_charge in (False, ITEM):
            return self.browse()
        number = self.amazon_b2b_item_number
        return self.order_id.order_line.filtered(
            lambda line: (
                line.amazon_b2b_charge == ITEM and line.amazon_b2b_item_number == number
            )
        )

    def _amazon_b2b_qty_to_invoice(self):
        """So much of a discount or gift wrap as of its goods; else what Odoo says."""
        goods = self._amazon_b2b_goods()
        whole = sum(goods.mapped("product_uom_qty"))
        if not whole:
            return self.qty_to_invoice
        ready = sum(line.qty_invoiced + line.qty_to_invoice for line in goods)
        target = self.product_uom_qty * ready / whole
        return float(exact(target - self.qty_invoiced, 2))


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _get_invoiceable_lines(self, final=False):
        lines = super()._get_invoiceable_lines(final)
        charges = self.order_line.filtered(lambda line: line._amazon_b2b_goods())
        if not charges:
            return lines
        due = charges.filtered(
            lambda line: (
                line._amazon_b2b_qty_to_invoice() > 0
                or (final and line._amazon_b2b_qty_to_invoice() < 0)
            )
        )
        return (lines | due) - (charges - due)
