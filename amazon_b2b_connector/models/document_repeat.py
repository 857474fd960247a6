from odoo import models

from .order_change import PURPOSES, WHOLE_ORDER, differences


class Document(models.Model):
    """The same purchase order number again: a duplicate, or a possible change."""

    _inherit = "amazon.b2b.document"

    def _business_key(self):
        """What the partial unique index holds once; a test never stands in the way
        of the real order."""
        return (self.partner_identifier, self.vendor_code, self.number, self.is_test)

    def _originals(self):
        """{business key: the document that made the order} of these documents."""
        found = self.search(
            [
                ("is_record_maker", "=", True),
                ("kind", "=", "purchase_order"),
                ("company_id", "in", self.company_id.ids),
                ("number", "in", self.mapped("number")),
            ]
        )
        return {document._business_key(): document for document in found}

    def _set_repeats_aside(self, papers):
        """Compare what came before with what came again. Returns what is new.

        Equal is ignored and points to the original; different is held, for a person
        to judge. Nothing ever becomes a second order.
        """
        originals = self._originals()
        new = self.browse()
        for document in self:
            original = originals.get(document._business_key())
            if original and original != document:
                document._compare_with(original, papers[document])
            elif papers[document].purpose not in WHOLE_ORDER:
                document._hold_unknown_change(papers[document].purpose)
            else:
                new |= document
        return new

    def _compare_with(self, original, paper):
        changes = differences(self.env, original._paper(), paper)
        facts = {
            "origin_id": original.id,
            "sale_order_id": original.sale_order_id.id,
        }
        if not changes:
            self._ignore(
                self.env._(
                    "The same order came before and is %(order)s.",
                    order=original.sale_order_id.name or original.display_name,
                ),
                **facts,
            )
            return
        self._hold(
            "change",
            self.env._(
                "Purchase order %(number)s came before and is %(order)s. This one "
                "differs:\n%(changes)s\nChange the order by hand where you agree, then "
                "set this aside.",
                number=self.number,
                order=original.sale_order_id.name or original.display_name,
                changes="\n".join(f"– {change}" for change in changes),
            ),
            **facts,
        )

    def _hold_unknown_change(self, purpose):
        self._hold(
            "change",
            self.env._(
                "Amazon sends a %(purpose)s (BEG01 %(code)s) of purchase order "
                "%(number)s, which never came. Once the order itself is here, process "
                "this again; else set it aside.",
                purpose=PURPOSES.get(purpose, "?"),
                code=purpose,
                number=self.number,
            ),
        )
