from odoo import fields, models

from .document_outbox import SETTLED


class Document(models.Model):
    """Ship notices among the documents: they may be about several orders."""

    _inherit = "amazon.b2b.document"

    sale_order_ids = fields.Many2many(
        "sale.order",
        "amazon_b2b_document_sale_order_rel",
        string="Orders Shipped",
        help="All the orders that a ship notice is about.",
    )

    def _behind_others(self):
        """As for one order; a ship notice of several waits for each of them, and
        what follows for one of them waits for it."""
        waiting = super()._behind_others()
        shared = self.filtered(lambda d: len(d.sale_order_ids) > 1)
        orders = shared.sale_order_ids | self.sale_order_id
        if not orders:
            return waiting
        unsettled = self.search(
            [
                ("direction", "=", "out"),
                ("state", "not in", SETTLED),
                ("replaced_by_ids", "=", False),
                "|",
                ("sale_order_id", "in", shared.sale_order_ids.ids),
                "&",
                ("kind", "=", "ship_notice"),
                ("sale_order_ids", "in", orders.ids),
            ]
        )
        for document in self - waiting:
            mine = document.sale_order_ids | document.sale_order_id
            if unsettled.filtered(
                lambda e, d=document, m=mine: (
                    e.id < d.id and (e.sale_order_id | e.sale_order_ids) & m
                )
            ):
                waiting |= document
        return waiting

    def _give_way(self):
        """A corrected notice took over: this one is sent no more."""
        self.filtered(lambda d: d.state == "failed").action_stop()
