from collections import defaultdict
from decimal import Decimal

from odoo import models

from ..exact import exact


class SaleOrder(models.Model):
    """How much of an order may still be shipped, by what Amazon was told."""

    _inherit = "sale.order"

    def _amazon_b2b_is_acknowledged(self):
        """Whether Amazon has its acknowledgement, or will before anything later.

        Where acknowledgements do not go out from here, they are given another way.
        """
        self.ensure_one()
        return not self._amazon_b2b_sends("acknowledgement") or bool(
            self._amazon_b2b_out("acknowledgement")._standing()
        )

    def _amazon_b2b_acknowledged(self):
        """{(PO number, line number): acknowledged quantity as ``Decimal``}

        What was acknowledged another way is what the order says.
        """
        acknowledged = defaultdict(Decimal)
        for order in self.sudo():
            told = order._amazon_b2b_paper_lines()
            here = order._amazon_b2b_sends("acknowledgement")
            quantity = "amazon_b2b_acknowledged_qty" if here else "product_uom_qty"
            for line in order.order_line:
                if 0 < line.amazon_b2b_position <= len(told):
                    number = told[line.amazon_b2b_position - 1].number
                    key = order.amazon_b2b_number, number
                    acknowledged[key] += exact(line[quantity])
        return acknowledged

    def _amazon_b2b_shipped(self, without=None):
        """{(PO number, line number): quantity} in the ship notices that hold.

        :param without: deliveries whose notices do not count
        """
        shipped = defaultdict(Decimal)
        for order in self:
            notices = order._amazon_b2b_out("ship_notice")._standing()
            if without:
                notices = notices.filtered(lambda d: d.picking_id not in without)
            number = order.amazon_b2b_number
            for (line, _unit), quantity in notices._shipped_quantities(number).items():
                shipped[number, line] += quantity
        return shipped
