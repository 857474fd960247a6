from odoo import api, models

# U+FFFD, which stands for what cannot be shown
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


class ForeignTextMixin(models.AbstractModel):
    """Rows that quote what strangers wrote: PostgreSQL keeps no NUL in a text."""

    _name = "amazon.b2b.foreign.text.mixin"
    _description = "Amazon: texts of others"

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([_storable(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(_storable(vals))


def _storable(vals):
    return {
        name: value.replace("\0", REPLACEMENT) if isinstance(value, str) else value
        for name, value in vals.items()
    }
