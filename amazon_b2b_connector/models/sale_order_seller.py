from odoo import api, fields, models


class SaleOrder(models.Model):
    """What a sale order knows of the customer's order on Amazon behind it."""

    _inherit = "sale.order"

    amazon_b2b_marketplace_id = fields.Many2one(
        "amazon.b2b.marketplace", "Marketplace", copy=False, index="btree_not_null"
    )
    amazon_b2b_seller_document_id = fields.Many2one(
        "amazon.b2b.document",
        "Amazon Order Document",
        copy=False,
        index="btree_not_null",
        help="The document that made this order.",
    )
    amazon_b2b_seller_number = fields.Char(
        "Amazon Order", copy=False, index="btree_not_null"
    )
    amazon_b2b_fulfilled_by = fields.Selection(
        [("MERCHANT", "Us (MFN)"), ("AMAZON", "Amazon (FBA)")],
        "Fulfilled By",
        copy=False,
    )
    amazon_b2b_is_prime = fields.Boolean("Prime", copy=False)
    amazon_b2b_is_business = fields.Boolean("Amazon Business", copy=False)
    amazon_b2b_seller_status = fields.Char(
        "Status at Amazon", copy=False, help="The fulfilment status of the Orders API."
    )
    amazon_b2b_buyer_reference = fields.Char(
        "Buyer's Purchase Order", copy=False, help="The number a business entered."
    )
    amazon_b2b_stated_vat = fields.Char(
        "VAT Number as Stated",
        copy=False,
        help="As the buyer gave it to Amazon. Also kept where it is not a valid one.",
    )
    amazon_b2b_gift_message = fields.Text("Gift Message", copy=False)
    amazon_b2b_instructions = fields.Text("Delivery Instructions", copy=False)
    amazon_b2b_cancel_request = fields.Text(
        "Buyer Asks to Cancel",
        copy=False,
        help="What the buyer wants cancelled, and why.",
    )
    amazon_b2b_replaces = fields.Char(
        "Replaces Amazon Order", copy=False, help="It is a replacement or an exchange."
    )
    amazon_b2b_replaces_id = fields.Many2one(
        "sale.order", "Replaces", copy=False, compute="_compute_amazon_b2b_replaces_id"
    )
    amazon_b2b_replacement_ids = fields.Many2many(
        "sale.order", string="Replaced By", compute="_compute_amazon_b2b_replaces_id"
    )
    amazon_b2b_ship_before = fields.Datetime("Ship Before", copy=False)

    @api.depends("amazon_b2b_replaces", "amazon_b2b_seller_number")
    def _compute_amazon_b2b_replaces_id(self):
        """By Amazon's numbers: either of the two may be imported first."""
        numbers = set(self.mapped("amazon_b2b_seller_number")) - {False}
        others = set(self.mapped("amazon_b2b_replaces")) - {False}
        originals = self.search([("amazon_b2b_seller_number", "in", list(others))])
        replacing = self.search([("amazon_b2b_replaces", "in", list(numbers))])
        by_number = originals.grouped("amazon_b2b_seller_number")
        by_original = replacing.grouped("amazon_b2b_replaces")
        for order in self:
            order.amazon_b2b_replaces_id = by_number.get(
                order.amazon_b2b_replaces, self.browse()
            )[:1]
            order.amazon_b2b_replacement_ids = by_original.get(
                order.amazon_b2b_seller_number, self.browse()
            )


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    amazon_b2b_item_number = fields.Char(
        "Amazon Order Item", copy=False, help="Amazon's orderItemId."
    )
    amazon_b2b_charge = fields.Char(
        "Amazon Charge",
        copy=False,
        help="Which of Amazon's amounts it is: ITEM, SHIPPING, GIFT_WRAP, ...",
    )
    amazon_b2b_no_moves = fields.Boolean(
        "Shipped at Amazon",
        copy=False,
        help="Delivered without a delivery of ours.",
    )
