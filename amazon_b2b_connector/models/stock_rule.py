from odoo import api, models

KNOWN = "amazon_b2b_known_rules"


class Answers(dict):
    """Answers of one run; no two runs share theirs, as equal contexts would."""

    __hash__ = object.__hash__

    def __eq__(self, other):
        return self is other


class StockRule(models.Model):
    """Odoo looks the stock rules up line by line; orders of one batch name the same
    products again and again, so for Amazon's lines each question is put once."""

    _inherit = "stock.rule"

    @api.model
    def run(self, procurements, raise_user_error=True):
        if KNOWN in self.env.context or not self._amazon_b2b_ours(procurements):
            return super().run(procurements, raise_user_error)
        # the answers live as long as this run, in which no rule changes
        known = Answers()
        knowing = self.with_context(**{KNOWN: known})
        try:
            return super(StockRule, knowing).run(procurements, raise_user_error)
        finally:
            known.clear()

    @api.model
    def _amazon_b2b_ours(self, procurements):
        ids = {p.values.get("sale_line_id") for p in procurements} - {None, False}
        lines = self.env["sale.order.line"].sudo().browse(ids)
        return any(line._amazon_b2b_is_amazons() for line in lines)

    @api.model
    def _search_rule_for_warehouses(
        self, route_ids, packaging_uom_id, product_id, warehouse_ids, domain
    ):
        question = (route_ids, packaging_uom_id, product_id, warehouse_ids, domain)
        known = self.env.context.get(KNOWN)
        if known is None:
            return super()._search_rule_for_warehouses(*question)
        key = (self.env, repr(question))
        if key not in known:
            known[key] = super()._search_rule_for_warehouses(*question)
        return known[key]
