from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.orm.models import NO_ACCESS

from .. import spapi

REGIONS = [("na", "North America"), ("eu", "Europe"), ("fe", "Far East")]
# what a token belongs to: fixed once the connection was authorised
FIXED = {"kind", "home_marketplace", "region", "is_sandbox", "seller_id"}


class Connection(models.Model):
    """A seller account in one of Amazon's regions."""

    _name = "amazon.b2b.connection"
    _inherit = [
        "amazon.b2b.connection",
        "amazon.b2b.readonly.mixin",
        "amazon.b2b.seller.settings",
    ]
    _settings_paths = ("company_id.amazon_b2b_seller_defaults_ids",)

    kind = fields.Selection(
        selection_add=[("seller", "Seller")], ondelete={"seller": "cascade"}
    )
    home_marketplace = fields.Selection(
        [(place.id, place.name) for place in spapi.MARKETPLACES.values()],
        help="Where the account is at home: its Seller Central asks for the consent. "
        "Cannot be changed after the first authorisation.",
    )
    region = fields.Selection(
        REGIONS,
        compute="_compute_region",
        store=True,
        readonly=False,
        precompute=True,
        help="An authorisation is for all marketplaces of one region.",
    )
    # who made the connection, or whom the defaults name
    user_id = fields.Many2one(default=None)
    is_sandbox = fields.Boolean(
        "Sandbox",
        help="Amazon's test environment: it answers with samples, and nothing of them "
        "becomes a confirmed order.",
    )
    environment = fields.Char(compute="_compute_endpoint")
    endpoint = fields.Char(compute="_compute_endpoint", help="Where calls go to.")
    seller_id = fields.Char(
        "Seller ID",
        copy=False,
        help="The merchant token of Seller Central › Account Info. The authorisation "
        "fills it in, or compares it.",
    )
    seller_id_warning = fields.Text(compute="_compute_seller_id_warning")
    marketplace_ids = fields.One2many(
        "amazon.b2b.marketplace", "connection_id", "Marketplaces", copy=False
    )
    order_route = fields.Selection(
        [
            ("api", "Orders API"),
            ("reports", "Order reports"),
            ("file", "Uploaded reports only"),
        ],
        "Orders Come By",
        default="api",
        required=True,
        help="Uploaded reports need no authorisation.",
    )

    authorisation_state = fields.Selection(
        [
            ("none", "Not authorised"),
            ("ok", "Authorised"),
            ("again", "Authorise again"),
        ],
        "Authorisation",
        default="none",
        required=True,
        readonly=True,
        copy=False,
    )
    authorisation_problem = fields.Text(readonly=True, copy=False)
    authorised_date = fields.Datetime("Authorised On", readonly=True, copy=False)
    authorised_until = fields.Datetime(readonly=True, copy=False)
    token_tail = fields.Char("Refresh Token Ends In", readonly=True, copy=False)
    sealed_refresh_token = fields.Text(groups=NO_ACCESS, copy=False)

    _vendor_complete = models.Constraint(
        "CHECK(kind <> 'vendor' OR (own_edi_id IS NOT NULL "
        "AND partner_qualifier IS NOT NULL AND partner_identifier IS NOT NULL))",
        "A vendor's connection needs our EDI ID and Amazon's.",
    )
    _seller_complete = models.Constraint(
        "CHECK(kind <> 'seller' OR region IS NOT NULL)",
        "A seller's connection needs its home marketplace.",
    )
    _seller_uniq = models.UniqueIndex(
        "(seller_id, region, COALESCE(is_sandbox, false)) "
        "WHERE active AND kind = 'seller'",
        "Another connection is for this seller account in this region already.",
    )

    @api.depends("home_marketplace")
    def _compute_region(self):
        for record in self:
            place = spapi.MARKETPLACES.get(record.home_marketplace)
            record.region = place.region if place else record.region

    @api.constrains("home_marketplace", "region", "marketplace_ids")
    def _check_region(self):
        for record in self:
            codes = [record.home_marketplace, *record.marketplace_ids.mapped("code")]
            places = [
                place
                for place in map(spapi.MARKETPLACES.get, codes)
                if place and place.region != record.region
            ]
            for place in places[:1]:
                raise ValidationError(
                    self.env._(
                        "%(marketplace)s is not in the region that %(connection)s is "
                        "for.",
                        marketplace=place.name,
                        connection=record.name,
                    )
                )

    @api.constrains("kind", "is_sandbox", "is_test")
    def _check_environment(self):
        for record in self:
            if record.kind == "seller" and record.is_test != record.is_sandbox:
                raise ValidationError(
                    self.env._(
                        "%s is a test connection where it is in Amazon's sandbox, and "
                        "nowhere else.",
                        record.name,
                    )
                )

    @api.depends("region", "is_sandbox", "kind")
    def _compute_endpoint(self):
        production, sandbox = self.env._("Production"), self.env._("Sandbox")
        for record in self:
            seller = record.kind == "seller" and record.region
            record.environment = seller and (
                sandbox if record.is_sandbox else production
            )
            record.endpoint = seller and record._endpoint()

    @api.depends("seller_id", "region", "is_sandbox")
    def _compute_seller_id_warning(self):
        for record in self:
            record.seller_id_warning = (
                record.kind == "seller"
                and record.seller_id
                and record._connected_elsewhere(record.seller_id)
            )

    def _connected_elsewhere(self, seller_id):
        """In words, where else in this database the seller account is connected."""
        others = self.sudo().search(
            [
                ("kind", "=", "seller"),
                ("seller_id", "=", seller_id),
                ("id", "not in", self._origin.ids),
            ]
        )
        reasons = [
            self.env._(
                "The connection %(name)s (%(company)s, %(region)s) is for this seller "
                "account too.",
                name=other.name,
                company=other.company_id.name,
                region=dict(REGIONS)[other.region],
            )
            for other in others
        ]
        if self._has_enterprise_account(seller_id):
            reasons.append(
                self.env._(
                    "Odoo's Amazon Connector has this seller account too. Turn its "
                    "synchronisation off, else every order comes in twice."
                )
            )
        return "\n".join(reasons)

    def _has_enterprise_account(self, seller_id):
        """Whether Odoo Enterprise's ``sale_amazon``, if it is installed, has it."""
        accounts = self.env.get("amazon.account")
        if accounts is None or "seller_key" not in accounts._fields:
            return False
        found = accounts.sudo().search_count([("seller_key", "=", seller_id)], limit=1)
        return bool(found)

    @api.onchange("kind")
    def _onchange_kind(self):
        """The kinds of EDI messages are a vendor's."""
        if self.kind == "seller":
            self.message_type_ids = False

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [self._seller_values(vals) for vals in vals_list]
        sellers = [vals for vals in vals_list if vals.get("kind") == "seller"]
        companies = {vals.get("company_id", self.env.company.id) for vals in sellers}
        self.env["amazon.b2b.seller.defaults"]._for_companies(
            self.env["res.company"].browse(companies)
        )
        return super().create(vals_list)

    def _seller_values(self, vals):
        vals = _with_spelled_seller(vals)
        if vals.get("kind") != "seller":
            return vals
        vals = {"message_type_ids": [], **vals}
        return vals | {"is_test": vals.get("is_sandbox", False)}

    def write(self, vals):
        vals = _with_spelled_seller(vals)
        for name in vals.keys() & FIXED:
            self._check_fixed(name, vals[name])
        if "is_sandbox" in vals:
            vals = {**vals, "is_test": vals["is_sandbox"]}
        if "company_id" in vals:
            self.env["amazon.b2b.seller.defaults"]._for_companies(
                self.env["res.company"].browse(vals["company_id"])
            )
        result = super().write(vals)
        if vals.get("seller_id"):
            self._name_documents()
        return result

    def _name_documents(self):
        """Orders that came before the account was known (uploaded reports) are its
        orders: what Amazon tells of them later belongs to them."""
        documents = self.env["amazon.b2b.document"].sudo()
        for record in self:
            unnamed = [
                ("kind", "=", "seller_order"),
                ("connection_id", "=", record.id),
                ("vendor_code", "!=", record.seller_id),
            ]
            documents.search(unnamed).vendor_code = record.seller_id

    def _inherited(self, above, name):
        if name != "user_id":
            return super()._inherited(above, name)
        named = self.kind == "seller" and super()._inherited(above, name)
        own = self._origin.user_id if self._origin else self.env.user
        return named or own

    def _check_fixed(self, name, value):
        """What an authorisation was given for stays as it is."""
        for record in self.filtered("authorised_date"):
            if (record[name] or False) != (value or False):
                field = self._fields[name]
                raise UserError(
                    self.env._(
                        "%(field)s of %(connection)s cannot be changed: the "
                        "authorisation is for it. Make another connection instead.",
                        field=field._description_string(self.env),
                        connection=record.name,
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        for record in self.filtered(lambda c: c.kind == "seller"):
            if record.document_count:
                raise UserError(
                    self.env._(
                        "%s has orders: archive it instead of deleting it.", record.name
                    )
                )

    def unlink(self):
        ids = self.ids
        result = super().unlink()
        for model in ("amazon.b2b.access.token", "amazon.b2b.call"):
            self.env[model].sudo().search([("connection_id", "in", ids)]).unlink()
        return result

    def _marketplace(self, code):
        """The row of Amazon's marketplace id ``code``, empty where there is none."""
        self.ensure_one()
        return self.marketplace_ids.filtered(lambda line: line.code == code)[:1]


def _with_spelled_seller(vals):
    """``vals`` with the seller id as Amazon spells it."""
    if "seller_id" not in vals:
        return vals
    return {**vals, "seller_id": (vals["seller_id"] or "").strip().upper() or False}
