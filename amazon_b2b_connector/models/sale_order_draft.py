from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import float_compare

from .sale_order import DIGITS


class SaleOrder(models.Model):
    """What a person changed on an order of Amazon's before it is acknowledged.

    A quantity or a lower price may be changed, and Amazon is told. A unit, another
    product or goods of one's own cannot be told in an answer that repeats Amazon's
    lines, and would be delivered all the same.
    """

    _inherit = "sale.order"

    def _amazon_b2b_draft_problems(self, answered, decisions):
        """What of this order, as it stands, the acknowledgement would not say.

        :param answered: its lines, list of :class:`AnsweredLine`
        :param decisions: {position: Answer} that a person gave
        :return: generator of sentences
        """
        currency = self.amazon_b2b_vendor_code_id.currency_id
        if self.currency_id != currency:
            yield self.env._(
                "the order is in %(ours)s, Amazon's in %(theirs)s. Choose a pricelist "
                "in %(theirs)s.",
                ours=self.currency_id.name,
                theirs=currency.name,
            )
        for line in self.order_line - self.order_line.filtered("amazon_b2b_position"):
            if line.product_id.type == "consu" and line.product_uom_qty:
                yield self.env._(
                    "%(product)s is no line of Amazon's order. Take it off: Amazon "
                    "takes no goods that it did not order.",
                    product=line.product_id.display_name,
                )
        for one in answered:
            if one.order_line:
                yield from one.order_line._amazon_b2b_unit_problems(one)
                yield from one.order_line._amazon_b2b_price_problems(one)
                undecided = one.position not in decisions
                if undecided and not self.amazon_b2b_acknowledged_at:
                    yield from one.order_line._amazon_b2b_quantity_problems()
        yield from self._amazon_b2b_product_problems(answered)

    def _amazon_b2b_product_problems(self, answered):
        """Lines whose product was exchanged, unless it is what the mapping says now."""
        changed = [
            one
            for one in answered
            if one.order_line
            and one.order_line.amazon_b2b_product_id
            and one.order_line.product_id != one.order_line.amazon_b2b_product_id
        ]
        if not changed:
            return
        matches = self.env["amazon.b2b.product.mapping"]._match(
            self.company_id,
            [(self.amazon_b2b_connection_id, one.line.identifiers) for one in changed],
        )
        for one, match in zip(changed, matches, strict=True):
            if match.product != one.order_line.product_id:
                yield self.env._(
                    "line %(line)s: the product was changed from %(before)s to "
                    "%(now)s. Amazon would be promised the one and get the other: put "
                    "it back, or correct the product mapping first.",
                    line=one.line.number,
                    before=one.order_line.amazon_b2b_product_id.display_name,
                    now=one.order_line.product_id.display_name,
                )


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _amazon_b2b_unit_problems(self, answered):
        unit = self.amazon_b2b_uom_id
        if unit and self.product_uom_id != unit:
            yield self.env._(
                "line %(line)s: Amazon ordered %(quantity)s %(code)s, which is "
                "%(unit)s here, and the order now says %(now)s. Put the unit back.",
                line=answered.line.number,
                quantity=answered.line.quantity,
                code=answered.line.unit,
                unit=unit.name,
                now=self.product_uom_id.name,
            )

    def _amazon_b2b_price_problems(self, answered):
        """The price of a case that is no price of a piece cannot be told in Amazon's
        basis."""
        price, pieces = (
            self._amazon_b2b_unit_price(),
            self._amazon_b2b_pieces(answered.line),
        )
        if answered.price is not None and answered.price * pieces != price:
            yield self.env._(
                "line %(line)s: Amazon's price is that of one piece, and %(price)s for "
                "%(unit)s is none of %(pieces)s pieces. %(price_near)s would be.",
                line=answered.line.number,
                price=price,
                unit=self.product_uom_id.name,
                pieces=pieces,
                price_near=round(price / pieces, 2) * pieces,
            )

    def _amazon_b2b_quantity_problems(self):
        ordered = self.amazon_b2b_ordered_qty
        if float_compare(self.product_uom_qty, ordered, DIGITS):
            yield self.env._(
                "line %(line)s: the order says %(now)s, Amazon ordered %(ordered)s. To "
                "accept another quantity than ordered, press “Acknowledge” on the "
                "order and enter it there.",
                line=self.amazon_b2b_line_number,
                now=f"{self.product_uom_qty:g}",
                ordered=f"{ordered:g}",
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_amazon_b2b_answered(self):
        """The note is the one place that says how the line is answered."""
        for line in self.filtered("amazon_b2b_answer_code_id"):
            if not line.order_id.amazon_b2b_acknowledged_at:
                raise UserError(
                    self.env._(
                        "Line %(line)s of %(order)s is answered by this note "
                        "(%(code)s): keep it until the order is acknowledged.",
                        line=line.amazon_b2b_line_number,
                        order=line.order_id.amazon_b2b_number,
                        code=line.amazon_b2b_answer_code_id.display_name,
                    )
                )
