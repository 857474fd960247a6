from odoo import api, models

# of the caches that Odoo keeps, the one for what hardly ever changes
CACHE = "stable"


class RememberedMixin(models.AbstractModel):
    """Rows that every message needs and hardly anybody changes.

    What is made of them is kept in memory (``tools.ormcache``) until one of them
    changes; Odoo tells every other worker and host.
    """

    _name = "amazon.b2b.remembered.mixin"
    _description = "Amazon: kept in memory"

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        self.env.registry.clear_cache(CACHE)
        return records

    def write(self, vals):
        result = super().write(vals)
        self.env.registry.clear_cache(CACHE)
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache(CACHE)
        return result
