from odoo import models

from ..seller_amounts import to_unit
from .document_seller_money import collected_tax, order_total, smallest

# which reason a document waits for, when several things are missing
PRIORITY = ("content", "product", "tax", "total")


class Document(models.Model):
    """What stands against an order as it is planned."""

    _inherit = "amazon.b2b.document"

    def _add_total(self, plan, paper):
        """What the order must come to, and what stands against that."""
        marketplace = self.marketplace_id
        currency = marketplace.currency_id
        if paper.currency and paper.currency != currency.name:
            text = self.env._(
                "The order is in %(theirs)s, marketplace %(name)s in %(ours)s.",
                theirs=paper.currency,
                name=marketplace.name,
                ours=currency.name,
            )
            plan.problems.append(("content", text))
        problem = self._seller_total_problem(paper)
        if problem:
            plan.problems.append(("total", problem))
        unit = smallest(self)
        plan.total, plan.tax = (to_unit(sum_, unit) for sum_ in order_total(paper))
        collected = collected_tax(paper)
        plan.order_values = {"amazon_b2b_collected_tax": float(collected)}

    def _hold_plan(self, plan):
        """Hold with everything at once that stands against it, if anything does."""
        if not plan.problems:
            return False
        reasons = {reason for reason, _text in plan.problems}
        self._hold(
            next(reason for reason in PRIORITY if reason in reasons),
            "\n".join(text for _reason, text in plan.problems),
            missing=plan.missing,
        )
        return True
