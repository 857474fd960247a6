from datetime import timedelta

from odoo import api, fields, models

from .. import edi, spapi

# contents of transmissions in which buyers' data comes
RAW = ("orders", "report")
# reasons that quote what was read; the others quote products, taxes and amounts
QUOTING = ("content", "error")
# when it is looked at again where its time is not known yet
AGAIN = timedelta(days=1)
# statuses of the Orders API 2026-01-01 at which we still have to deliver
TO_DELIVER = (
    "",
    "PENDING",
    "PENDING_AVAILABILITY",
    "UNSHIPPED",
    "PARTIALLY_SHIPPED",
)


class Document(models.Model):
    """A buyer's data in documents: how long it stays, and what is left then.

    Everything about one order goes together: all its versions, the bytes they came in,
    and the sale order made of them.
    """

    _inherit = "amazon.b2b.document"

    erase_check = fields.Datetime(
        index="btree_not_null",
        copy=False,
        help="When it is judged whether the time of its personal data is over.",
    )
    erased_at = fields.Datetime("Personal Data Erased", readonly=True, copy=False)

    @api.model_create_multi
    def create(self, vals_list):
        check = fields.Datetime.now() + AGAIN
        for vals in vals_list:
            if self._may_be_personal(vals):
                vals.setdefault("erase_check", check)
        return super().create(vals_list)

    @api.model
    def _may_be_personal(self, vals):
        """Orders of a seller, and what could not be read where orders came."""
        if vals.get("kind") or vals.get("direction") != "in":
            return vals.get("kind") == "seller_order"
        came_in = self.env["amazon.b2b.transmission"].browse(
            vals.get("transmission_id")
        )
        return came_in.content in RAW

    # whole orders

    def _subjects(self):
        """{key: every document about one order}, of the orders of these documents.

        What has no order number stands alone.
        """
        numbered = self.filtered(lambda d: d.kind == "seller_order" and d.order_number)
        everyone = numbered._family() | self
        found = {}
        for document in everyone:
            key = document.kind == "seller_order" and document.order_number
            key = (key, document.vendor_code, document.is_test) if key else document.id
            found[key] = found.get(key, self.browse()) | document
        mine = set(self.ids)
        return {
            key: family.with_prefetch(everyone.ids)  # what is read, is read of all
            for key, family in found.items()
            if mine & set(family.ids)
        }

    def _made_orders(self):
        """The sale orders that were made of these documents; one that stood here
        before and was only linked is a person's."""
        orders = self.sale_order_id
        made = orders.filtered("amazon_b2b_marketplace_id")
        return made.with_prefetch(orders._prefetch_ids)

    # when

    def _erase_days(self):
        """Days that personal data stays after the shipment; 0 is for ever."""
        places = self.marketplace_id.sorted("id") or self.connection_id.sorted("id")
        return places[-1:].erase_after_days

    def _erase_on(self):
        """When the time of one order's personal data is over, as far as is known.

        :return: ``(moment or None, in words why it is not known)``
        """
        if any(document.state == "new" for document in self):
            return None, self.env._("it is being worked")
        orders = self._made_orders()
        obstacle = orders._amazon_b2b_keeps_personal()
        if obstacle:
            return None, obstacle
        moments = [document.amazon_updated or document.create_date for document in self]
        shipped = orders._amazon_b2b_shipped_at(max(moments))
        return (shipped or max(moments)) + timedelta(days=self._erase_days()), ""

    # what is left

    def _personal_texts(self):
        texts = set()
        for paper in filter(None, map(type(self)._seller_paper, self)):
            texts |= spapi.personal_texts(paper)
        return texts

    def _address_keys(self):
        """The keys that partners of these orders' addresses have."""
        partners = self.env["res.partner"]
        papers = filter(None, map(type(self)._seller_paper, self))
        return {partners._amazon_b2b_key(p.address) for p in papers if p.address}

    def _seller_paper(self):
        """The order in it, or ``None`` where none could be read."""
        return self._paper() if self.kind == "seller_order" and self.data else None

    def _erase_data(self, blackout, now):
        """Leave of these what the books need."""
        for document in self:
            paper = document._seller_paper()
            values = {
                "erased_at": now,
                "erase_check": False,
                "reason": document._erased_reason(blackout),
                "missing": blackout(document.missing),
            }
            if paper:
                values["data"] = edi.to_json(spapi.without_personal_data(paper))
            if document.issues:
                # they quote what could not be understood, which is nowhere else
                text = self.env._("Erased with the personal data.")
                values["issues"] = [
                    {**issue, "text": text} for issue in document.issues
                ]
            document.write(values)

    def _erased_reason(self, blackout):
        if self.reason and self.reason_code in QUOTING:
            return self.env._("Erased with the personal data.")
        return blackout(self.reason)

    # what comes after

    @api.model
    def _erased_numbers(self, connection, numbers):
        """Those of these orders whose personal data was erased: those that sale orders
        were made of, and all."""
        found = self.search_fetch(
            [
                ("kind", "=", "seller_order"),
                ("vendor_code", "=", connection.seller_id),
                ("is_test", "=", connection.is_sandbox),
                ("order_number", "in", list(numbers)),
                ("erased_at", "!=", False),
            ],
            ["order_number", "is_record_maker"],
        )
        made = {row.order_number for row in found if row.is_record_maker}
        return made, {row.order_number for row in found}

    def _place_seller_orders(self):
        """What was erased makes no order that we would have to deliver."""
        placed = super()._place_seller_orders()
        for document in placed.filtered(lambda d: d.erased_at or d._is_report()):
            paper = document._paper()
            erased = document._address_erased_at(paper)
            if erased and not document._changes_an_order() and must_deliver(paper):
                document._hold(
                    "content",
                    self.env._(
                        "Its address was erased on %s, so it cannot be delivered from "
                        "here. Deliver it by Seller Central, then set this aside.",
                        fields.Date.to_string(erased),
                    ),
                )
                placed -= document
        return placed

    def _address_erased_at(self, paper):
        """When the address was erased, of this or of an earlier report that told it."""
        has_address = paper.address and paper.address.lines
        if self.erased_at or has_address:
            return self.erased_at
        moments = self._family().mapped("erased_at")
        return max(filter(None, moments), default=False)


def must_deliver(paper):
    """Whether an order needs its address: it is ours to ship, and has not left."""
    return paper.fulfilled_by != "AMAZON" and paper.status in TO_DELIVER
