from odoo import fields, models

from ..exact import exact


class Document(models.Model):
    """The total that Amazon states for an order (X12 AMT), against its lines."""

    _inherit = "amazon.b2b.document"

    is_total_taken = fields.Boolean(
        copy=False, help="A person took the order as its lines add up."
    )

    def _solvers(self):
        return {**super()._solvers(), "total": self._solve_total}

    def _solve_total(self):
        """Take the order as its lines say; where Odoo makes another sum of these, open
        what does so, to correct it."""
        model, ids = (self.missing or {}).get("reckoned_by") or (False, [])
        if model:
            return {
                "type": "ir.actions.act_window",
                "name": self.env._("Reckons otherwise than Amazon"),
                "res_model": model,
                "domain": [("id", "in", ids)],
                "views": [(False, "list"), (False, "form")],
            }
        self.is_total_taken = True
        body = self.env._("%s takes the order as its lines say.", self.env.user.name)
        self._message_log(body=body)
        self.action_process_again()
        return None

    def _total_problem(self, paper, plan):
        """In words how Amazon's total differs from what the order would come to."""
        if paper.total is None or self.is_total_taken:
            return ""
        if any(planned.problem for planned in plan):
            return ""  # what a case holds may be among what is missing
        currency = self.vendor_code_id.currency_id
        extended = [
            float(p.line.quantity * p.line.price * p.pieces(self.connection_id))
            for p in plan
            if p.line.price
        ]
        company = self.vendor_code_id.company_id
        if company.tax_calculation_rounding_method == "round_per_line":
            extended = map(currency.round, extended)
        ours = currency.round(sum(extended))
        # some state it without tax, some with
        stated = {float(paper.total), float(paper.total - (paper.tax or 0))}
        if any(currency.is_zero(total - ours) for total in stated):
            return ""
        return self.env._(
            "The lines add up to %(ours)s, Amazon states a total of %(theirs)s: a "
            "difference of %(difference)s. Compare with Amazon's own copy; “Solve” "
            "takes the order as its lines say.",
            ours=f"{ours:.{currency.decimal_places}f}",
            theirs=paper.total,
            difference=f"{exact(ours) - paper.total:.{currency.decimal_places}f}",
        )
