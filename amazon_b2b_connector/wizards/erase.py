from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL, email_normalize

from ..models.document_elsewhere import MANAGER


class Erase(models.TransientModel):
    """A buyer wants his personal data erased: what will go, what stays and why."""

    _name = "amazon.b2b.erase"
    _description = "Erase a buyer's personal data"

    query = fields.Char(
        "Order Number or E-mail",
        help="Amazon's order number, or the address that Amazon gave the buyer.",
    )
    partner_id = fields.Many2one("res.partner", "Buyer", readonly=True)
    document_ids = fields.Many2many(
        "amazon.b2b.document", compute="_compute_document_ids"
    )
    order_ids = fields.Many2many("sale.order", compute="_compute_document_ids")
    found = fields.Boolean(compute="_compute_document_ids")
    goes = fields.Text("Is Erased", compute="_compute_texts")
    stays = fields.Text(compute="_compute_texts")

    @api.model
    def _ask(self, query, partner=None):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Erase Personal Data"),
            "res_model": self._name,
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_query": query,
                "default_partner_id": partner and partner.id,
            },
        }

    @api.depends("query", "partner_id")
    def _compute_document_ids(self):
        for wizard in self:
            documents = wizard._documents().sudo()
            whole = documents.union(*documents._subjects().values())
            wizard.document_ids = whole
            wizard.order_ids = whole._made_orders()
            wizard.found = bool(whole or wizard._buyers())

    # what it is about

    def _documents(self):
        """The documents of the orders of this buyer or number."""
        documents = self.env["amazon.b2b.document"]
        found = self._of_partners(self._buyers())
        query = (self.query or "").strip()
        if not query:
            return found
        found |= documents.search(
            [("kind", "=", "seller_order"), ("order_number", "=", query)]
        )
        email = email_normalize(query)
        return found | documents.search([("id", "in", self._with_email(email))])

    def _with_email(self, email):
        """Ids of documents that name this buyer, imported or not."""
        if not email:
            return []
        self.env["amazon.b2b.document"].flush_model(["data"])
        rows = self.env.execute_query(
            SQL(
                "SELECT id FROM amazon_b2b_document WHERE kind = 'seller_order'"
                " AND erased_at IS NULL AND lower(data #>> '{buyer,email}') = %s",
                email,
            )
        )
        return [row[0] for row in rows]

    def _buyers(self):
        email = email_normalize(self.query or "")
        partners = self.env["res.partner"]
        if email:
            partners = partners.with_context(active_test=False).search(
                [("email_normalized", "=", email), ("amazon_b2b_is_buyer", "=", True)]
            )
        return (partners | self.partner_id).filtered("amazon_b2b_is_buyer")

    def _of_partners(self, partners):
        orders = self.env["sale.order"].search(
            [
                ("amazon_b2b_marketplace_id", "!=", False),
                "|",
                ("partner_id", "child_of", partners.ids),
                ("partner_shipping_id", "child_of", partners.ids),
            ]
        )
        return self.env["amazon.b2b.document"].search(
            [("sale_order_id", "in", orders.ids), ("kind", "=", "seller_order")]
        )

    # what is said of it

    @api.depends("query", "partner_id")
    def _compute_texts(self):
        for wizard in self:
            wizard.goes = "\n".join(wizard._goes())
            wizard.stays = "\n".join(wizard._stays())

    def _goes(self):
        documents, orders = self.document_ids.sudo(), self.order_ids.sudo()
        if not self.found:
            return []
        eraser = self.env["amazon.b2b.chatter.eraser"]
        beside = [documents, orders, orders.picking_ids]
        files = sum(len(eraser._attachments(records)) for records in beside if records)
        lines = [
            self.env._(
                "– of %(documents)s Amazon documents and the pages they came in: name, "
                "address, e-mail, phone, tax numbers, messages",
                documents=len(documents),
            ),
            self.env._(
                "– of the sale orders %(orders)s: delivery instructions, gift message, "
                "purchase order number, signature",
                orders=", ".join(orders.mapped("name")) or "–",
            ),
            self.env._(
                "– chatters of orders and deliveries: what people and e-mails said; "
                "%(files)s attachments (labels, slips, quotations)",
                files=files,
            ),
        ]
        uses = self._partners()._amazon_b2b_uses(orders)
        free = [p for p in self._partners() if not uses[p.id]]
        lines.append(self.env._("– %s customers and addresses", len(free)))
        return lines

    def _partners(self):
        """Whom it is about, children and earlier addresses among them."""
        documents, orders = self.document_ids.sudo(), self.order_ids.sudo()
        partners = self.env["res.partner"].sudo()
        of_orders = partners._amazon_b2b_buyers_of(orders, documents._address_keys())
        return of_orders | self._buyers().sudo().filtered(
            lambda partner: not partner.amazon_b2b_erased_at
        )

    def _stays(self):
        orders = self.order_ids.sudo()
        if not self.found:
            return []
        lines = [
            self.env._(
                "– order numbers, hashes, products, quantities and amounts, so that "
                "nothing is imported again and the books add up"
            )
        ]
        invoices = orders.invoice_ids.filtered(lambda move: move.state == "posted")
        if invoices:
            lines.append(
                self.env._(
                    "– the invoices %s with their PDF and messages; the customer on "
                    "them keeps name, address and VAT number, as the law wants",
                    ", ".join(invoices.mapped("name")),
                )
            )
        obstacle = orders._amazon_b2b_keeps_personal()
        if obstacle:
            lines.append(
                self.env._("– caution: %s, and will lack the address", obstacle)
            )
        partners = self._partners()
        uses = partners._amazon_b2b_uses(orders)
        lines += [
            self.env._(
                "– %(partner)s, needed by: %(uses)s",
                partner=partner.display_name,
                uses=", ".join(sorted(uses[partner.id])),
            )
            for partner in partners
            if uses[partner.id]
        ]
        return lines

    # person's actions

    def action_erase(self):
        self.ensure_one()
        if not self.env.user.has_group(MANAGER):
            raise AccessError(
                self.env._("Erasing personal data takes the right “Amazon Manager”.")
            )
        if not self.found:
            raise UserError(
                self.env._("No order and no buyer is known by “%s”.", self.query or "")
            )
        self.document_ids._erase(self.env.user.display_name, self._partners())
        # what was asked for names the buyer
        self.sudo().unlink()
        return {"type": "ir.actions.client", "tag": "soft_reload"}
