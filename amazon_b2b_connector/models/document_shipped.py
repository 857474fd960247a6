from collections import defaultdict
from decimal import Decimal

from odoo import models

# on its way to Amazon, or there
STANDING = ("prepared", "ready", "sent", "delivered", "accepted")
ARRIVED = ("delivered", "accepted")


class Document(models.Model):
    """How much of each ordered line ship notices announce and invoices ask money for.

    The papers are the one source: what was told Amazon, in the units of its order.
    """

    _inherit = "amazon.b2b.document"

    def _standing(self, states=STANDING):
        """Those that hold with Amazon.

        At stage Parallel a document that a person stopped was told Amazon by hand,
        so it holds as well; a test never does.
        """
        return self.filtered(
            lambda d: not d.is_test and (d.state in states or d._told_by_hand())
        )

    def _told_by_hand(self):
        return (
            self.state == "stopped"
            and self.stage == "parallel"
            and not self.is_released
        )

    def _shipped_quantities(self, order_number):
        """{(line number, unit): quantity} of one order in these ship notices."""
        found = defaultdict(Decimal)
        for document in self._latest():
            paper = document._paper()
            for item in (*paper.items, *_items(paper.containers)):
                if item.order_number == order_number:
                    found[item.line_number, item.unit] += item.quantity
        return found

    def _invoiced_quantities(self):
        """{(line number, unit): quantity} in these invoices.

        One that was cancelled or credited in full is settled with Amazon outside of
        EDI and asks for nothing any more.
        """
        found = defaultdict(Decimal)
        for document in self._latest():
            move = document.move_id
            if move.state == "cancel" or move.payment_state == "reversed":
                continue
            for line in document._paper().lines:
                found[line.number, line.unit] += line.quantity
        return found

    def _behind_others(self):
        """An invoice also waits until delivered ship notices cover what is invoiced:
        one that was stopped, or corrected to less, meanwhile keeps it back."""
        waiting = super()._behind_others()
        return waiting | (self - waiting).filtered(
            lambda d: d.kind == "invoice" and not d.is_test and not d._is_covered()
        )

    def _is_covered(self):
        order = self.sale_order_id
        if not order._amazon_b2b_sends("ship_notice"):
            return True
        notices = order._amazon_b2b_out("ship_notice")._standing(ARRIVED)
        shipped = notices._shipped_quantities(self.order_number)
        invoices = order._amazon_b2b_out("invoice")._standing()
        invoiced = invoices.filtered(lambda d: d.id <= self.id)._invoiced_quantities()
        return all(quantity <= shipped[key] for key, quantity in invoiced.items())


def _items(containers):
    """Every item inside, however the containers nest."""
    for container in containers:
        yield from container.items
        yield from _items(container.containers)
