"""What lets held documents go on by itself, wherever it is made or corrected.

Amazon's own models do so in their own files; here are Odoo's, which have more to do
than that.
"""

from odoo import api, models

from . import gtin
from .identifiers import GTIN, REFERENCE_QUALIFIERS, key_of


class Document(models.Model):
    _inherit = "amazon.b2b.document"

    @api.model
    def _release_for_keys(self, keys):
        """Let go on what waits for one of these identifiers, in any company."""
        held = self.sudo().search(
            [("state", "=", "held"), ("reason_code", "in", ("product", "unit"))]
        )
        waiting = held.filtered(lambda d: keys & d._missing_keys())
        if waiting:
            waiting._move("new", reason_code=False, reason=False, missing=False)
            self._trigger_work()

    def _missing_keys(self):
        lines = (self.missing or {}).get("lines", [])
        return {key_of(*pair) for line in lines for pair in line["identifiers"]}


class ProductProduct(models.Model):
    _inherit = "product.product"

    @api.model_create_multi
    def create(self, vals_list):
        products = super().create(vals_list)
        products._amazon_b2b_let_go_on()
        return products

    def write(self, vals):
        result = super().write(vals)
        if not vals.keys().isdisjoint({"barcode", "default_code", "active", "uom_id"}):
            self._amazon_b2b_let_go_on()
        return result

    def _amazon_b2b_let_go_on(self):
        keys = {(GTIN, gtin.normal(product.barcode or "")) for product in self}
        keys |= {
            (qualifier, product.default_code)
            for product in self
            if product.default_code
            for qualifier in REFERENCE_QUALIFIERS
        }
        keys.discard((GTIN, ""))
        if keys:
            self.env["amazon.b2b.document"]._release_for_keys(keys)


class ProductUom(models.Model):
    _inherit = "product.uom"

    @api.model_create_multi
    def create(self, vals_list):
        packagings = super().create(vals_list)
        packagings._amazon_b2b_let_go_on()
        return packagings

    def write(self, vals):
        result = super().write(vals)
        self._amazon_b2b_let_go_on()
        return result

    def _amazon_b2b_let_go_on(self):
        keys = {(GTIN, gtin.normal(packaging.barcode)) for packaging in self}
        self.env["amazon.b2b.document"]._release_for_keys(keys - {(GTIN, "")})
