from collections import defaultdict
from decimal import Decimal

from odoo import fields, models

from ..edi import documents
from .ship_notice_load import Gap, Shipment


class StockPicking(models.Model):
    """A delivery that was announced in Vendor Central by hand."""

    _inherit = "stock.picking"

    def action_amazon_b2b_done_elsewhere(self):
        self.ensure_one()
        return self.env["amazon.b2b.elsewhere"]._ask(picking_id=self.id)

    def _amazon_b2b_told_elsewhere(self, reason, number):
        """Write down what Amazon was told of this delivery: the quantities, which is
        all that what follows is held against.

        :param number: of the shipment in Vendor Central
        """
        self.ensure_one()
        self._amazon_b2b_check_departed()
        self._amazon_b2b_hold()
        failed = self._amazon_b2b_notices().filtered(lambda d: d._is_unsaid())
        if failed:
            failed._told_elsewhere(reason)
            return failed
        items, gaps = self._amazon_b2b_all_items()
        orders = self._amazon_b2b_travelling().move_id.sale_line_id.order_id
        party = documents.Party(role="ST")
        whole = documents.Container(kind="carton", sscc="", items=items)
        gaps += self._amazon_b2b_order_gaps(orders)
        gaps += self._amazon_b2b_quantity_gaps([Shipment(orders, party, (whole,))])
        self._amazon_b2b_refuse(gaps)
        order = orders[0]
        paper = documents.ShipNotice(
            number=number,
            created=self._amazon_b2b_local(fields.Datetime.now()),
            structure="SOI",
            vendor_code=order.amazon_b2b_vendor_code_id.code,
            items=items,
        )
        document = self.env["amazon.b2b.document"]._send_out(
            paper,
            order.amazon_b2b_connection_id,
            number=number,
            order_number=order.amazon_b2b_number,
            company_id=self.company_id.id,
            vendor_code_id=order.amazon_b2b_vendor_code_id.id,
            vendor_code=paper.vendor_code,
            sale_order_id=order.id,
            sale_order_ids=[fields.Command.set(orders.ids)],
            picking_id=self.id,
            user_id=self.env.uid,
        )
        document._told_elsewhere(reason)
        self._message_log(body=document.reason)
        return document

    def _amazon_b2b_all_items(self):
        """All that leaves, by line of Amazon's orders: items, and what is wrong."""
        lines = self._amazon_b2b_travelling()
        papers = {
            order: order.amazon_b2b_document_id._paper()
            for order in lines.move_id.sale_line_id.order_id
            if order.amazon_b2b_document_id
        }
        totals, gaps = defaultdict(Decimal), []
        for sale_line, group in lines.grouped(_sale_line).items():
            problem = self._amazon_b2b_stranger(group, sale_line, papers)
            if not problem:
                quantity, problem = sale_line._amazon_b2b_in_units(group)
                order = sale_line.order_id
                totals[order, sale_line.amazon_b2b_position] += quantity
            if problem:
                gaps.append(Gap(True, problem))
        items = []
        for (order, position), quantity in totals.items():
            ordered = papers[order].lines[position - 1]
            items.append(order._amazon_b2b_shipped_item(ordered, quantity))
        return tuple(items), gaps


def _sale_line(move_line):
    return move_line.move_id.sale_line_id
