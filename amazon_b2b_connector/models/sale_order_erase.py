from odoo import fields, models
from odoo.exceptions import AccessError

from .document_elsewhere import MANAGER

# what is written in the chatter while data is erased would keep what is erased
QUIET = {"tracking_disable": True, "mail_notrack": True}
# fields of ours that hold what the buyer wrote
WRITTEN = (
    "amazon_b2b_gift_message",
    "amazon_b2b_instructions",
    "amazon_b2b_cancel_request",
    "amazon_b2b_buyer_reference",
    "amazon_b2b_stated_vat",
    "signed_by",
    "signature",
)


class SaleOrder(models.Model):
    """A buyer's data on sale orders and their deliveries."""

    _inherit = "sale.order"

    amazon_b2b_erased_at = fields.Datetime(
        "Personal Data Erased", readonly=True, copy=False, index="btree_not_null"
    )

    # when

    def _amazon_b2b_keeps_personal(self):
        """Why an order still needs its personal data, in words; empty where not."""
        for order in self:
            if order.state == "cancel":
                continue
            if order._amazon_b2b_is_open():
                return self.env._("%s is still to be delivered", order.name)
            if order.invoice_ids.filtered(lambda move: move.state == "draft"):
                return self.env._("an invoice of %s is a draft", order.name)
            if order.amazon_b2b_is_business and order.invoice_status == "to invoice":
                return self.env._(
                    "%s is a business's order and not invoiced", order.name
                )
        return ""

    def _amazon_b2b_is_open(self):
        """Whether something is still to leave, as far as Odoo and Amazon know."""
        if self.amazon_b2b_seller_status == "SHIPPED":
            return False
        return any(
            picking.state not in ("done", "cancel")
            and picking.picking_type_code == "outgoing"
            for picking in self.picking_ids
        )

    def _amazon_b2b_shipped_at(self, updated):
        """When the last goods of these orders left.

        :param updated: when Amazon changed the order last
        """
        moments = self.picking_ids.filtered(
            lambda p: p.state == "done" and p.picking_type_code == "outgoing"
        ).mapped("date_done")
        for order in self.filtered(lambda o: o.amazon_b2b_seller_status == "SHIPPED"):
            paper = order.amazon_b2b_seller_document_id._seller_paper()
            parcels = [p.shipped for p in paper.parcels if p.shipped] if paper else []
            moments += [p.replace(tzinfo=None) for p in parcels] or [updated]
        return max(filter(None, moments), default=None)

    # what

    def _amazon_b2b_personal_texts(self):
        texts = set()
        for order in self:
            texts |= {order[name] for name in WRITTEN if name != "signature"}
        return texts

    def _amazon_b2b_erase(self, blackout, now):
        """Leave of these orders and their deliveries what the books need."""
        for order in self.with_context(**QUIET):
            values = {name: False for name in WRITTEN if order[name]}
            for name in ("note", "client_order_ref"):
                if blackout(order[name]) != order[name]:
                    values[name] = blackout(order[name])
            order.write({**values, "amazon_b2b_erased_at": now})
            for line in order.order_line:
                if blackout(line.name) != line.name:
                    line.name = blackout(line.name)
        pickings = self.picking_ids.with_context(**QUIET)
        pickings.filtered(lambda p: p.note or p.signature).write(
            {"note": False, "signature": False}
        )
        for move in pickings.move_ids:
            if blackout(move.description_picking) != move.description_picking:
                move.description_picking = blackout(move.description_picking)

    def _amazon_b2b_tell_erased(self, who, kept):
        """One line in the chatter, which names nobody but who erased."""
        text = self.env._(
            "The buyer's personal data was erased, by %(who)s. Order number, products, "
            "quantities, amounts and posted invoices stay.",
            who=who,
        )
        more = self.env._(
            "A customer was kept, because something else needs the record: see "
            "Amazon › Orders › Kept Buyers."
        )
        bodies = {
            order.id: f"{text} {more}" if order._amazon_b2b_partners() & kept else text
            for order in self
        }
        self._message_log_batch(bodies=bodies)

    def _amazon_b2b_partners(self):
        return (
            self.partner_id
            | self.partner_shipping_id
            | self.partner_invoice_id
            | self.picking_ids.partner_id
        )

    # person's actions

    def action_amazon_b2b_erase(self):
        """Ask what would be erased, and whether it shall be."""
        self.ensure_one()
        if not self.env.user.has_group(MANAGER):
            raise AccessError(
                self.env._("Erasing personal data takes the right “Amazon Manager”.")
            )
        return self.env["amazon.b2b.erase"]._ask(self.amazon_b2b_seller_number)
