from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from .document_elsewhere import MANAGER
from .sale_order_erase import QUIET

# what the tax law wants on an invoice, which Odoo prints from the partner
OF_INVOICE = {
    *("name", "company_name", "street", "street2", "city", "zip"),
    *("vat", "company_registry", "peppol_endpoint"),
}
# texts that tell of nobody
IMPERSONAL = {
    *("lang", "tz", "ref", "barcode", "signup_type"),
    *("invoice_edi_format_store", "amazon_b2b_kept_because"),
}
PERSONAL_TYPES = ("char", "text", "html", "binary", "image")
PLACE = ("partner_latitude", "partner_longitude")
# models that only accompany a partner, or belong to what is judged apart
NO_USE = ("res.partner", "mail.", "sms.", "snailmail.", "base_", "account.move.line")
# rows of the books: they need the partner as the invoice has it
BOOKS = (
    "account.move",
    "account.payment",
    "account.bank.statement.line",
    "account.analytic.line",
)
# rows that belong to orders -> in SQL, how to come to the order from the row ``r``
ORDER_OF = {
    "sale.order": "o.id = r.id",
    "sale.order.line": "o.id = r.order_id",
    "stock.picking": "o.id = r.sale_id",
    "stock.move": (
        "o.id IN (SELECT l.order_id FROM sale_order_line l WHERE l.id = r.sale_line_id"
        " UNION SELECT p.sale_id FROM stock_picking p WHERE p.id = r.picking_id)"
    ),
}
NOT_OF = (
    "NOT EXISTS (SELECT FROM sale_order o WHERE {}"
    " AND (o.amazon_b2b_erased_at IS NOT NULL OR o.id = ANY (%s)))"
)


class ResPartner(models.Model):
    """Buyers whose time is over. The record stays, for orders and moves point to it;
    who it was does not.

    A partner that a posted invoice names keeps what the law wants on an invoice. One
    that something else needs is kept as it is, and shown to a person.
    """

    _inherit = "res.partner"

    amazon_b2b_erased_at = fields.Datetime(
        "Personal Data Erased", readonly=True, copy=False
    )
    amazon_b2b_kept_because = fields.Char(
        "Kept Because",
        readonly=True,
        copy=False,
        help="What else needs this buyer, though the time of the orders is over.",
    )

    def _amazon_b2b_personal_texts(self):
        names = ("name", "company_name", "street", "street2", "email", "phone", "vat")
        ours = ("amazon_b2b_raw_address", "amazon_b2b_stated_vat")
        return {partner[name] for partner in self for name in (*names, *ours)}

    @api.model
    def _amazon_b2b_buyers_of(self, orders, keys):
        """The partners made from Amazon's orders that these may be the last to need.

        :param keys: address keys of the orders, for addresses that they had before
        """
        used = orders._amazon_b2b_partners()
        heads = used | used.commercial_partner_id
        partners = self.sudo().with_context(active_test=False)
        children = partners.search(
            [
                ("parent_id", "in", heads.ids),
                "|",
                ("amazon_b2b_address_key", "in", list(keys)),
                ("parent_id.amazon_b2b_is_buyer", "=", True),
            ]
        )
        return (heads | children).filtered(
            lambda p: p.amazon_b2b_is_buyer and not p.amazon_b2b_erased_at
        )

    def _amazon_b2b_erase(self, orders, now):
        """Anonymise those of these that nothing else needs.

        :param orders: sale orders that no longer need them
        :return: (anonymised, kept because something else needs them)
        """
        partners = self.sudo().with_context(**QUIET, no_vat_validation=True)
        uses = partners._amazon_b2b_uses(orders)
        free = partners.filtered(lambda p: not uses[p.id])
        kept = partners - free
        for partner in kept:
            partner.amazon_b2b_kept_because = ", ".join(sorted(uses[partner.id]))
        named, pictured = partners._amazon_b2b_in_books(), free._amazon_b2b_pictured()
        groups = free.grouped(lambda p: (p.id in named, p.id in pictured))
        for (in_books, has_files), group in groups.items():
            group.write(self._amazon_b2b_erased_values(in_books, has_files, now))
        return free, kept

    @api.model
    def _amazon_b2b_erased_values(self, in_books, has_files, now):
        names = self._amazon_b2b_personal_fields()
        if not has_files:  # each field is a search for its file
            names = [name for name in names if not self._amazon_b2b_is_file(name)]
        erased = {
            **dict.fromkeys(names, False),
            "amazon_b2b_erased_at": now,
            "amazon_b2b_kept_because": False,
        }
        if in_books:
            return {n: value for n, value in erased.items() if n not in OF_INVOICE}
        return {**erased, "name": self.env._("Amazon buyer"), "active": False}

    @api.model
    def _amazon_b2b_is_file(self, name):
        field = self._fields[name]
        return field.type in ("binary", "image") and field.attachment

    def _amazon_b2b_pictured(self):
        """Ids of those with a file in one of their fields."""
        files = self.env["ir.attachment"].sudo()
        files = files.with_context(skip_res_field_check=True).search_fetch(
            [
                ("res_model", "=", self._name),
                ("res_field", "!=", False),
                ("res_id", "in", self.ids),
            ],
            ["res_id"],
        )
        return set(files.mapped("res_id"))

    @api.model
    def _amazon_b2b_erase_kept(self):
        """Erase those that were kept, and that nothing needs any more."""
        kept = self.sudo().search(
            [
                ("amazon_b2b_kept_because", "!=", False),
                ("amazon_b2b_erased_at", "=", False),
            ]
        )
        orders = self.env["sale.order"]
        uses = kept._amazon_b2b_uses(orders)
        free = kept.filtered(lambda partner: not uses[partner.id])
        if free:
            self.env["amazon.b2b.document"]._erase(self.env._("the schedule"), free)

    @api.model
    def _amazon_b2b_personal_fields(self):
        """Every field in which a person's data may be, of whatever addon."""
        return [
            *PLACE,
            *(
                name
                for name, field in self._fields.items()
                if field.type in PERSONAL_TYPES
                and field.store
                and not (field.compute and field.readonly)
                and not (field.related and field.readonly)
                and name not in IMPERSONAL
            ),
        ]

    # what else needs them

    def _amazon_b2b_uses(self, orders):
        """{partner id: what needs it, in words}

        :param orders: orders that need nobody, as those that are erased already
        """
        uses = defaultdict(set)
        for model, table, column in self._amazon_b2b_columns():
            if model in BOOKS:
                continue
            own = model in ORDER_OF and SQL(NOT_OF.format(ORDER_OF[model]), orders.ids)
            for partner in self._amazon_b2b_pointed_at(table, column, own):
                uses[partner].add(self.env["ir.model"]._get(model).name)
        for child in self.child_ids - self:
            if not child.amazon_b2b_is_buyer:
                uses[child.parent_id.id].add(self.env._("Contact"))
        return uses

    def _amazon_b2b_in_books(self):
        """Ids of those whom posted invoices, payments or the like name."""
        found = set()
        for model, table, column in self._amazon_b2b_columns():
            if model not in BOOKS or column == "partner_shipping_id":
                continue
            posted = model == "account.move" and SQL("r.state <> 'draft'")
            found |= set(self._amazon_b2b_pointed_at(table, column, posted))
        return found

    def _amazon_b2b_pointed_at(self, table, column, which):
        """Ids of those of these that rows ``r`` of a table point to."""
        rows = self.env.execute_query(
            SQL(
                "SELECT DISTINCT r.%(column)s FROM %(table)s r"
                " WHERE r.%(column)s = ANY (%(ids)s) AND %(which)s",
                column=SQL.identifier(column),
                table=SQL.identifier(table),
                ids=self.ids,
                which=which or SQL("TRUE"),
            )
        )
        return [row[0] for row in rows]

    @api.model
    def _amazon_b2b_columns(self):
        """Every column of the database that points to partners and tells of a use:
        (model, table, column)."""
        self.env.flush_all()
        for name, model in self.env.registry.items():
            if model._abstract or model._transient or not model._auto:
                continue
            if name.startswith(NO_USE):
                continue
            for field in model._fields.values():
                if field.comodel_name != "res.partner" or not field.store:
                    continue
                if field.type == "many2one" and field.column_type:
                    yield name, model._table, field.name
                elif field.type == "many2many":
                    yield name, field.relation, field.column2

    # person's actions

    def action_amazon_b2b_erase(self):
        """Ask what would be erased of this buyer, and whether it shall be."""
        self.ensure_one()
        if not self.env.user.has_group(MANAGER):
            raise AccessError(
                self.env._("Erasing personal data takes the right “Amazon Manager”.")
            )
        return self.env["amazon.b2b.erase"]._ask(self.email or "", partner=self)
