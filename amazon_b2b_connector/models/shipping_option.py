from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError
from psycopg2.errors import UniqueViolation

# fulfillmentServiceLevel, Orders API 2026-01-01
LEVELS = [
    ("STANDARD", "Standard"),
    ("EXPEDITED", "Expedited"),
    ("PRIORITY", "Priority"),
    ("SECOND_DAY", "Second day"),
    ("NEXT_DAY", "Next day"),
    ("SAME_DAY", "Same day"),
    ("SCHEDULED", "Scheduled"),
    ("FREE_ECONOMY", "Free economy"),
]
# how the texts of order reports (ship-service-level) begin -> their level
BEGINNINGS = (
    ("exp", "EXPEDITED"),
    ("free", "FREE_ECONOMY"),
    ("eco", "FREE_ECONOMY"),
    ("next", "NEXT_DAY"),
    ("same", "SAME_DAY"),
    ("sche", "SCHEDULED"),
    ("second", "SECOND_DAY"),
    ("2nd", "SECOND_DAY"),
    ("prio", "PRIORITY"),
    ("std", "STANDARD"),
    ("standard", "STANDARD"),
)
KINDS = [
    ("default", "All others"),
    ("level", "Service level"),
    ("text", "Text in reports"),
    ("gift_wrap", "Gift wrap"),
]
# deliveries that a person has begun are not touched
UNTOUCHED = ("draft", "waiting", "confirmed", "assigned")


class ShippingOption(models.Model):
    """One of Amazon's shipping options, and the delivery method that it means here.

    A text of the order reports that names no method takes that of its service level,
    a level without one takes the default's. Options that are seen for the first time
    add themselves. Gift wrap is a service on the order and makes no parcel.
    """

    _name = "amazon.b2b.shipping.option"
    _description = "Amazon shipping option"
    _order = "connection_id, kind, name"
    _check_company_auto = True

    connection_id = fields.Many2one(
        "amazon.b2b.connection", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="connection_id.company_id", store=True)
    kind = fields.Selection(KINDS, required=True, default="text", readonly=True)
    code = fields.Char(
        readonly=True, help="As Amazon writes it: a service level, or a report's text."
    )
    name = fields.Char("Amazon's Option", required=True)
    level = fields.Selection(
        LEVELS, "Service Level", help="Where the method is left empty, the level's."
    )
    carrier_id = fields.Many2one(
        "delivery.carrier", "Delivery Method", check_company=True
    )
    product_id = fields.Many2one(
        "product.product",
        "Service on the Order",
        domain=[("type", "=", "service")],
        help="Gift wrap: the service that stands on the order. Empty: “Gift Wrap”.",
    )
    effective_carrier_id = fields.Many2one(
        "delivery.carrier", "Applies", compute="_compute_effective_carrier_id"
    )

    _option_uniq = models.UniqueIndex(
        "(connection_id, kind, COALESCE(code, ''))",
        "This shipping option is on the connection already.",
    )

    @api.depends("carrier_id", "level", "connection_id.shipping_option_ids.carrier_id")
    def _compute_effective_carrier_id(self):
        for option in self:
            rows = option.connection_id.shipping_option_ids
            level = rows.filtered(
                lambda row, o=option: row.kind == "level" and row.code == o.level
            )
            default = rows.filtered(lambda row: row.kind == "default")
            option.effective_carrier_id = option.kind != "gift_wrap" and (
                option.carrier_id
                or (option.kind == "text" and level.carrier_id)
                or default.carrier_id
            )

    @api.model
    def _add_all(self, connections):
        """The rows that every seller's connection has."""
        have = {
            (row.connection_id, row.kind, row.code or False)
            for row in self.search([("connection_id", "in", connections.ids)])
        }
        rows = [("default", False, self.env._("All others"))]
        rows += [("level", code, name) for code, name in LEVELS]
        rows += [("gift_wrap", False, self.env._("Gift wrap"))]
        self.create(
            [
                {
                    "connection_id": connection.id,
                    "kind": kind,
                    "code": code,
                    "name": name,
                    "level": kind == "level" and code,
                }
                for connection in connections
                for kind, code, name in rows
                if (connection, kind, code) not in have
            ]
        )

    @api.model
    def _of_papers(self, papers):
        """{document: its option}; options that were never seen before are added.

        :param papers: {document: :class:`spapi.SellerOrder`}
        """
        connections = self.env["amazon.b2b.connection"].union(
            *(document.connection_id for document in papers)
        )
        known = self._by_code(connections)
        new = {}
        for document, paper in papers.items():
            key = (document.connection_id, *_option(paper))
            if key not in known:
                new.setdefault(key, paper)
        if new:
            known = self._with_new(connections, new)
        return {
            document: known[(document.connection_id, *_option(paper))]
            for document, paper in papers.items()
        }

    @api.model
    def _with_new(self, connections, new):
        """The options by code, with those that are missing.

        :raise ConcurrencyError: another worker adds them just now; they are invisible
            here, so the work starts again with a new snapshot and finds them
        """
        try:
            self._add_all(connections)
            known = self._by_code(connections)
            missing = [key for key in new if key not in known]
            added = self._add_new(missing)
        except UniqueViolation as error:
            raise ConcurrencyError(self._description) from error
        return {**known, **dict(zip(missing, added, strict=True))}

    @api.model
    def _by_code(self, connections):
        rows = self.search([("connection_id", "in", connections.ids)])
        return {(row.connection_id, row.kind, row.code or ""): row for row in rows}

    @api.model
    def _add_new(self, keys):
        levels = dict(LEVELS)
        return self.create(
            [
                {
                    "connection_id": connection.id,
                    "kind": kind,
                    "code": code,
                    "name": code.replace("_", " ").capitalize()
                    if kind == "level"
                    else code,
                    "level": code if code in levels else _level(code),
                }
                for connection, kind, code in keys
            ]
        )

    def _order_values(self):
        return {
            "amazon_b2b_shipping_option_id": self.id,
            "carrier_id": self.effective_carrier_id.id,
        }


class Connection(models.Model):
    _inherit = "amazon.b2b.connection"

    shipping_option_ids = fields.One2many("amazon.b2b.shipping.option", "connection_id")

    @api.model_create_multi
    def create(self, vals_list):
        connections = super().create(vals_list)
        sellers = connections.filtered(lambda c: c.kind == "seller")
        self.env["amazon.b2b.shipping.option"].sudo()._add_all(sellers)
        return connections

    def _apply_shipping_options(self):
        """Give orders whose delivery nobody has begun the method that applies now.

        Where none does, what a person chose on the order stays.

        :return: those that got another one
        """
        orders = self.env["sale.order"].search(
            [
                ("amazon_b2b_shipping_option_id.connection_id", "in", self.ids),
                ("state", "in", ("draft", "sent", "sale")),
                ("delivery_status", "!=", "full"),
            ]
        )
        return orders.filtered(
            "amazon_b2b_shipping_option_id.effective_carrier_id"
        )._amazon_b2b_apply_shipping_option()


class SaleOrder(models.Model):
    _inherit = "sale.order"

    amazon_b2b_shipping_option_id = fields.Many2one(
        "amazon.b2b.shipping.option",
        "Shipping Option",
        copy=False,
        index="btree_not_null",
    )

    def _amazon_b2b_apply_shipping_option(self):
        changed = self.browse()
        for order in self:
            carrier = order.amazon_b2b_shipping_option_id.effective_carrier_id
            open_pickings = order.picking_ids.filtered(
                lambda p: p.state not in ("done", "cancel")
            )
            begun = open_pickings.filtered(
                lambda p: p.state not in UNTOUCHED or any(p.move_ids.mapped("picked"))
            )
            if carrier == order.carrier_id or begun:
                continue
            order.carrier_id = carrier
            open_pickings.carrier_id = carrier
            changed |= order
        return changed


def _option(paper):
    """(kind, code) of the option that an order names."""
    if paper.service_level:
        return "level", paper.service_level
    if paper.service_text:
        return "text", paper.service_text
    return "default", ""


def _level(text):
    """The service level that a report's text begins with, such as ``Std DE Dom_1``."""
    start = text.strip().lower()
    return next((level for word, level in BEGINNINGS if start.startswith(word)), False)
