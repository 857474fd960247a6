from contextlib import contextmanager

from odoo import api, models
from odoo.exceptions import ValidationError

from .seller_settings import GROUPS


class SellerSettings(models.AbstractModel):
    """How long personal data stays; a change counts for what is here already."""

    _inherit = "amazon.b2b.seller.settings"

    @api.constrains(*GROUPS["retention"])
    def _check_retention(self):
        for record in self:
            for name in GROUPS["retention"]:
                if record[name] < 0:
                    raise ValidationError(
                        self.env._(
                            "“%(setting)s” cannot be %(days)s. Enter 1 or more; 0 "
                            "keeps for ever.",
                            setting=record._fields[name]._description_string(self.env),
                            days=record[name],
                        )
                    )

    @api.constrains("erase_after_days")
    def _check_erase_after_days(self):
        for record in self:
            if record.erase_after_days < 0:
                raise ValidationError(
                    self.env._(
                        "Personal data cannot be erased %s days after the shipment. "
                        "Enter 1 or more; 0 never erases it by itself.",
                        record.erase_after_days,
                    )
                )


class Marketplace(models.Model):
    _inherit = "amazon.b2b.marketplace"

    def _compute_personal_data(self):
        with self._erase_judged_again():
            return super()._compute_personal_data()

    def write(self, vals):
        with self._erase_judged_again():
            return super().write(vals)

    @contextmanager
    def _erase_judged_again(self):
        known = self.filtered(lambda line: line._origin.id)
        before = {line: line.erase_after_days for line in known}
        yield
        changed = [
            line.id for line, days in before.items() if line.erase_after_days != days
        ]
        if changed:
            documents = self.env["amazon.b2b.document"]
            documents._erase_again_judged([("marketplace_id", "in", changed)])
