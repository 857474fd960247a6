from odoo import api, models
from odoo.exceptions import AccessError
from odoo.orm.models import MAGIC_COLUMNS


class ReadonlyMixin(models.AbstractModel):
    """What a screen shows as read-only is so for every call and import as well: only
    the program itself writes it (with sudo)."""

    _name = "amazon.b2b.readonly.mixin"
    _description = "Amazon: read-only for people"

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_readonly(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._check_readonly(vals)
        return super().write(vals)

    def _check_readonly(self, vals):
        if self.env.su:
            return
        for name in vals:
            field = self._fields.get(name)
            if field and field.readonly and field.store and name not in MAGIC_COLUMNS:
                raise AccessError(
                    self.env._(
                        "“%s” cannot be written by hand.",
                        field._description_string(self.env),
                    )
                )
