from odoo import api, fields, models

from .. import spapi

ORDER_PAGE = "/orders-v3/order/"
# fulfillmentStatus, Orders API 2026-01-01
STATUSES = [
    ("PENDING_AVAILABILITY", "Pending availability"),
    ("PENDING", "Pending"),
    ("UNSHIPPED", "Unshipped"),
    ("PARTIALLY_SHIPPED", "Partly shipped"),
    ("SHIPPED", "Shipped"),
    ("CANCELLED", "Cancelled"),
    ("UNFULFILLABLE", "Cannot be fulfilled"),
]


class SaleOrder(models.Model):
    """What the form of a seller's order shows beside the order itself."""

    _inherit = "sale.order"

    amazon_b2b_seller_url = fields.Char(
        "In Seller Central", compute="_compute_amazon_b2b_seller_url", compute_sudo=True
    )
    amazon_b2b_seller_state = fields.Selection(
        STATUSES, "At Amazon", compute="_compute_amazon_b2b_seller_state"
    )
    amazon_b2b_replaces_unknown = fields.Boolean(
        compute="_compute_amazon_b2b_replaces_unknown"
    )
    amazon_b2b_seller_document_count = fields.Integer(
        compute="_compute_amazon_b2b_seller_documents", compute_sudo=True
    )
    amazon_b2b_held_text = fields.Text(
        compute="_compute_amazon_b2b_seller_documents", compute_sudo=True
    )

    @api.depends("amazon_b2b_seller_number", "amazon_b2b_marketplace_id")
    def _compute_amazon_b2b_seller_url(self):
        for order in self:
            order.amazon_b2b_seller_url = (
                order.amazon_b2b_marketplace_id._order_page(
                    order.amazon_b2b_seller_number
                )
                if order.amazon_b2b_seller_number
                else False
            )

    @api.depends("amazon_b2b_replaces")
    def _compute_amazon_b2b_replaces_unknown(self):
        for order in self:
            order.amazon_b2b_replaces_unknown = bool(
                order.amazon_b2b_replaces and not order.amazon_b2b_replaces_id
            )

    @api.depends("amazon_b2b_seller_status")
    def _compute_amazon_b2b_seller_state(self):
        known = dict(STATUSES)
        for order in self:
            status = order.amazon_b2b_seller_status
            order.amazon_b2b_seller_state = status in known and status

    def _amazon_b2b_about(self):
        """Documents of every version of these orders, also of those that made and
        changed nothing."""
        numbers = [
            number for number in self.mapped("amazon_b2b_seller_number") if number
        ]
        return [("kind", "=", "seller_order"), ("order_number", "in", numbers)]

    def _compute_amazon_b2b_seller_documents(self):
        documents = self.env["amazon.b2b.document"].search_fetch(
            self._amazon_b2b_about(),
            ["order_number", "needs_person", "state", "reason"],
        )
        by_number = documents.grouped("order_number")
        for order in self:
            own = by_number.get(order.amazon_b2b_seller_number, documents.browse())
            order.amazon_b2b_seller_document_count = len(own)
            order.amazon_b2b_held_text = "\n".join(
                document.reason or document.name
                for document in own
                if document.needs_person
            )

    def action_amazon_b2b_seller_documents(self):
        """Its documents, every version that Amazon showed."""
        self.ensure_one()
        documents = self.env["amazon.b2b.document"].search(self._amazon_b2b_about())
        return self._amazon_b2b_show_documents(documents)

    def action_amazon_b2b_held_documents(self):
        """What waits for a person about this order."""
        self.ensure_one()
        documents = self.env["amazon.b2b.document"].search(
            [*self._amazon_b2b_about(), ("needs_person", "=", True)]
        )
        return self._amazon_b2b_show_documents(documents)

    def _amazon_b2b_show_documents(self, documents):
        if len(documents) == 1:
            return documents.get_formview_action()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "amazon_b2b_connector.amazon_b2b_document_action"
        )
        return {**action, "domain": [("id", "in", documents.ids)], "context": {}}

    def _confirmation_error_message(self):
        error = super()._confirmation_error_message()
        if not error and self.amazon_b2b_marketplace_id and self.amazon_b2b_is_test:
            return self.env._(
                "%s is a sample of Amazon's sandbox, and never becomes a confirmed "
                "order.",
                self.display_name,
            )
        return error


class Marketplace(models.Model):
    _inherit = "amazon.b2b.marketplace"

    def _order_page(self, number):
        """The address of an order's page in Seller Central; empty where none is
        known."""
        place = spapi.MARKETPLACES.get(self.code)
        central = self.connection_id._endpoints().get(
            "seller_central", place.seller_central if place else ""
        )
        return central and central + ORDER_PAGE + number
