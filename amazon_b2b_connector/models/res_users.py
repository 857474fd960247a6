from odoo import models


class ResUsers(models.Model):
    _inherit = "res.users"

    def _amazon_b2b_able(self):
        """Those who are still there and may look at Amazon's documents."""
        return self.filtered(
            lambda user: (
                user.active and user.has_group("amazon_b2b_connector.group_user")
            )
        )
