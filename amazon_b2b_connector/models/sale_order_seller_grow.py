from odoo import models
from odoo.exceptions import UserError

from .. import spapi
from ..exact import exact
from .res_partner_seller import Customer
from .sale_order_seller_import import left


class SaleOrder(models.Model):
    """An order that Amazon ships grows with each shipment that reports tell of.

    What a shipment adds becomes lines of its own: what is delivered or invoiced before
    stays as it is, and each shipment is invoiced with exactly its amounts.
    """

    _inherit = "sale.order"

    def _amazon_b2b_apply_change(self, document, paper):
        grown = self._amazon_b2b_growth(paper)
        if grown and self.state == "cancel":
            self._amazon_b2b_tell_shipped(document, grown)
            return None
        if grown is None:
            if not document._hold_other_total(paper):
                super()._amazon_b2b_apply_change(document, paper)
            return None
        if self._amazon_b2b_grow(document, paper, grown):
            self._amazon_b2b_take_over(document, paper)
            self._amazon_b2b_show_changes(self._amazon_b2b_parcel_texts(grown))
            document._done(sale_order_id=self.id, origin_id=document._maker().id)
        return None

    def _amazon_b2b_growth(self, paper):
        """The further shipments in a report, as an order; ``None`` where it tells
        something else, or nothing can be added."""
        source = self.amazon_b2b_seller_document_id
        if not source:
            return None
        before = source._paper()
        if not spapi.is_shipments(before) or not spapi.is_shipments(paper):
            return None
        grown = spapi.added(before, paper)
        return grown if grown and grown.parcels else None

    def _amazon_b2b_grow(self, document, paper, grown):
        """Add the lines of further shipments; whether nothing stands against it."""
        lines = self.env["sale.order.line"]
        plan = lines._amazon_b2b_seller_plan({document: grown})[document]
        if document._hold_plan(plan):
            return False
        before = exact(self.amount_total), exact(self.amount_tax)
        customer = Customer(self.partner_id, self.partner_shipping_id)
        lines._amazon_b2b_describe_seller({document: plan}, {document: customer})
        lines.create(
            [
                {**values, "order_id": self.id}
                for _command, _id, values in self._amazon_b2b_shipped_commands(
                    document, grown, plan, left(grown)
                )
            ]
        )
        # what a person changed of the order meanwhile stays as it is
        more = exact(self.amount_total) - before[0], exact(self.amount_tax) - before[1]
        problem = self._amazon_b2b_sum_problem(*more, plan)
        if problem:
            raise UserError(problem)
        return True

    def _amazon_b2b_tell_shipped(self, document, grown):
        document._hold(
            "change",
            self.env._(
                "%(order)s is cancelled here, but more of it has left:\n%(parcels)s\n"
                "Do here what is left to do, then set this aside.",
                order=self.name,
                parcels="\n".join(self._amazon_b2b_parcel_texts(grown)),
            ),
            sale_order_id=self.id,
            origin_id=document._maker().id,
        )

    def _amazon_b2b_parcel_texts(self, grown):
        skus = {line.number: line.sku for line in grown.lines}
        return [
            self.env._(
                "Amazon shipped %(goods)s (%(carrier)s %(tracking)s)",
                goods=", ".join(
                    f"{item.quantity} × {skus.get(item.line, item.line)}"
                    for item in parcel.items
                ),
                carrier=parcel.carrier,
                tracking=parcel.tracking,
            )
            for parcel in grown.parcels
        ]
