from odoo import models


class MergePartners(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _update_values(self, src_partners, dst_partner):
        """A buyer may be merged: the one that stays takes over the e-mail address
        while the other is still there."""
        partners = src_partners | dst_partner
        was_buyer = any(partners.mapped("amazon_b2b_is_buyer"))
        partners.amazon_b2b_is_buyer = False
        result = super()._update_values(src_partners, dst_partner)
        dst_partner.amazon_b2b_is_buyer = was_buyer
        return result
