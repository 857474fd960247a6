from collections import defaultdict
from decimal import Decimal

from odoo import models

from ..exact import exact

# stages at which a message type tells Amazon nothing that counts
SILENT = ("off", "test")


class SaleOrder(models.Model):
    """What an order lets be invoiced, and that each order has invoices of its own."""

    _inherit = "sale.order"

    def _prepare_invoice(self):
        values = super()._prepare_invoice()
        is_amazon = bool(self.amazon_b2b_document_id)
        values["amazon_b2b_order_id"] = is_amazon and self.id
        if is_amazon:
            values["ref"] = self.client_order_ref or self.amazon_b2b_number
        return values

    def _get_invoice_grouping_keys(self):
        """Amazon takes one purchase order an invoice."""
        return [*super()._get_invoice_grouping_keys(), "amazon_b2b_order_id"]

    def _amazon_b2b_sends(self, kind):
        """Whether Amazon is told ``kind`` from here, so that its documents count."""
        return self.sudo().amazon_b2b_connection_id._stage(kind) not in SILENT

    def _amazon_b2b_out(self, kind):
        """The documents of ``kind`` that went out, or will, about this order."""
        documents = self.sudo().amazon_b2b_document_ids
        if kind == "ship_notice":  # one may be about several orders
            documents |= documents.search([("sale_order_ids", "in", self.ids)])
        return documents.filtered(
            lambda document: document.direction == "out" and document.kind == kind
        )

    def _amazon_b2b_paper_lines(self):
        """The lines of Amazon's paper; ``amazon_b2b_position`` counts them from 1."""
        return self.sudo().amazon_b2b_document_id._paper().lines

    def _amazon_b2b_announced(self):
        """{(line number, unit): quantity} that Amazon was told is on its way.

        Where ship notices do not go out from here, what the deliveries say.
        """
        if self._amazon_b2b_sends("ship_notice"):
            notices = self._amazon_b2b_out("ship_notice")._standing()
            return notices._shipped_quantities(self.amazon_b2b_number)
        ordered = self._amazon_b2b_paper_lines()
        found = defaultdict(Decimal)
        for line in self.sudo().order_line.filtered("amazon_b2b_position"):
            told = ordered[line.amazon_b2b_position - 1]
            found[told.number, told.unit] += exact(line.qty_delivered)
        return found

    def _amazon_b2b_invoiced(self, move):
        """{(line number, unit): quantity} in the other invoices that Amazon has."""
        invoices = self._amazon_b2b_out("invoice")._standing()
        return invoices.filtered(lambda d: d.move_id != move)._invoiced_quantities()

    def _amazon_b2b_agreed_prices(self):
        """The price of each line of the order as acknowledged; ``None`` before that.

        By position, since Amazon may number two lines alike: an acknowledgement has
        every line of the order, in its order. Where none go out from here, Amazon's
        own prices, ``None`` for a line without.
        """
        if not self._amazon_b2b_sends("acknowledgement"):
            if self.state != "sale":
                return None
            return [line.price for line in self._amazon_b2b_paper_lines()]
        told = self._amazon_b2b_out("acknowledgement")._standing().sorted("id")
        if not told:
            return None
        return [line.price for line in told[-1]._paper().lines]
