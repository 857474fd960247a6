from odoo import fields, models

from ..exact import exact


class SaleOrder(models.Model):
    """A seller's order comes to Amazon's total, or there is no order."""

    _inherit = "sale.order"

    amazon_b2b_collected_tax = fields.Monetary(
        "Tax Remitted by Amazon",
        copy=False,
        readonly=True,
        help="Amazon collects this tax from the buyer and remits it itself, as a "
        "marketplace facilitator. It is not part of this order's amounts.",
    )

    def _amazon_b2b_with_amazons_total(self, plans):
        """Those that come to exactly what Amazon's amounts do.

        The others are taken back, and their documents held with the difference.

        :param plans: {document: :class:`.sale_order_line_seller.SellerPlan`}
        """
        wrong = self.browse()
        for order in self:
            document = order.amazon_b2b_seller_document_id
            problem = order._amazon_b2b_total_problem(plans[document])
            if problem:
                document._hold(
                    "total",
                    problem,
                    is_record_maker=False,
                    missing=order._amazon_b2b_reckoned_by(),
                )
                wrong |= order
        if wrong:
            wrong.unlink()
        return self - wrong

    def _amazon_b2b_reckoned_by(self):
        """What may reckon in another way than Amazon, for the button that opens it."""
        term = self.payment_term_id
        if term.early_discount and term.early_pay_discount_computation == "mixed":
            return {"reckoned_by": [term._name, term.ids]}
        return {"reckoned_by": ["account.tax", self.order_line.tax_ids.ids]}

    def _amazon_b2b_total_problem(self, plan):
        """In words how the order differs from what it must come to; else empty."""
        sums = exact(self.amount_total), exact(self.amount_tax)
        return self._amazon_b2b_sum_problem(*sums, plan)

    def _amazon_b2b_sum_problem(self, total, tax, plan):
        differs = self.currency_id.compare_amounts
        if not differs(float(total), float(plan.total)) and not differs(
            float(tax), float(plan.tax)
        ):
            return ""
        return self.env._(
            "Odoo comes to a total of %(total)s %(currency)s with a tax of %(tax)s, "
            "Amazon to %(theirs)s with %(their_tax)s: a difference of %(difference)s. "
            "The taxes or payment terms of the order reckon in a way that Amazon does "
            "not. “Solve” opens them; correct them, then “Process again”.",
            total=total,
            currency=self.currency_id.name,
            tax=tax,
            theirs=plan.total,
            their_tax=plan.tax,
            difference=total - plan.total,
        )
