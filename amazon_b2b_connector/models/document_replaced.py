from odoo import api, fields, models
from odoo.exceptions import UserError


class Document(models.Model):
    """A document that went out takes the place of an earlier one that Amazon rejected,
    that never got there, or that it corrects.

    The earlier one needs nobody any more, keeps nothing back and is sent no more.
    """

    _inherit = "amazon.b2b.document"

    replaces_id = fields.Many2one(
        "amazon.b2b.document",
        "Takes the Place Of",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    replaced_by_ids = fields.One2many("amazon.b2b.document", "replaces_id")

    @api.depends("replaced_by_ids")
    def _compute_needs_person(self):
        replaced = self.filtered("replaced_by_ids")
        replaced.needs_person = False
        return super(Document, self - replaced)._compute_needs_person()

    def _with_replaced(self):
        """These and all that they took the place of, however often corrected."""
        found = self
        while older := found.replaces_id - found:
            found |= older
        return found

    def _latest(self):
        """Without those that a later one of these takes the place of.

        What stood between them may be missing here: Amazon rejected that one.
        """
        return self - self.replaces_id._with_replaced()

    def action_send_again(self):
        for document in self:
            successor = document.replaced_by_ids[-1:]
            if successor:
                raise UserError(
                    self.env._(
                        "%(document)s is not sent again: %(successor)s of %(moment)s "
                        "took its place. Send that one.",
                        document=document.display_name,
                        successor=successor.display_name,
                        moment=fields.Datetime.to_string(successor.create_date),
                    )
                )
        return super().action_send_again()
