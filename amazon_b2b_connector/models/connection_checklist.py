from contextlib import suppress

from markupsafe import Markup
from odoo import api, fields, models

from .. import spapi

NO_ORDER = "000-0000000-0000000"
FBA_REPORT = "GET_AMAZON_FULFILLED_SHIPMENTS_DATA_GENERAL"
# pages of Seller Central
COLUMNS = "/order-reports-and-feeds/column-picker"
SHIP_FROM = "/sbr"
PERMISSIONS = "/apps/manage"


def _orders(client):
    # who may ask is told that there is no such order
    with suppress(spapi.NotFound, spapi.BadRequest):
        client.call("getOrder", path={"orderId": NO_ORDER})


def _fba_reports(client):
    client.call("getReports", query={"reportTypes": [FBA_REPORT], "pageSize": 1})


def _restricted(*elements):
    def probe(client):
        resource = spapi.tokens_calls.Resource(
            "/orders/v0/orders", data_elements=elements
        )
        spapi.tokens_calls.create(client, [resource])

    return probe


# role, as the Solution Provider Portal calls it -> a call that needs it
ROLES = [
    ("Selling Partner Insights", spapi.sellers.participations),
    ("Inventory and Order Tracking", _orders),
    ("Amazon Fulfillment", _fba_reports),
    ("Direct-to-Consumer Delivery (Restricted)", _restricted("shippingAddress")),
    ("Tax Invoicing (Restricted)", _restricted("buyerInfo")),
]
# operation -> the role that it needs
ROLE_OF = {
    "getMarketplaceParticipations": "Selling Partner Insights",
    "searchOrders": "Inventory and Order Tracking",
    "getOrder": "Inventory and Order Tracking",
}


class Connection(models.Model):
    """What is to be done in Amazon's own pages before the first import."""

    _inherit = "amazon.b2b.connection"

    roles_tried = fields.Datetime(readonly=True, copy=False)
    missing_roles = fields.Text(readonly=True, copy=False)
    untried_roles = fields.Text(
        readonly=True,
        copy=False,
        help="Amazon's answer said nothing about them.",
    )
    columns_switched_on = fields.Boolean(
        "Order-Report Columns Switched On",
        copy=False,
        help="All of them, in Seller Central: without them reports lack tax, gift "
        "wrap and more.",
    )
    ship_from_set = fields.Boolean(
        "Ship-from Address Set",
        copy=False,
        help="The standard one, in Seller Central.",
    )
    columns_link = fields.Char(compute="_compute_links")
    ship_from_link = fields.Char(compute="_compute_links")
    permissions_link = fields.Char(compute="_compute_links")
    to_do = fields.Html(compute="_compute_to_do", sanitize=False)

    @api.depends("home_marketplace")
    def _compute_links(self):
        for record in self:
            central = record.home_marketplace and record._seller_central()
            record.columns_link = central and central + COLUMNS
            record.ship_from_link = central and central + SHIP_FROM
            record.permissions_link = central and central + PERMISSIONS

    @api.depends(
        "authorisation_state",
        "columns_switched_on",
        "ship_from_set",
        "missing_roles",
        "order_route",
        "home_marketplace",
        "authorised_until",
    )
    def _compute_to_do(self):
        for record in self:
            record.to_do = record.kind == "seller" and record._as_list(
                record._missing()
            )

    def _missing(self):
        """What is to be done still: texts, each with an address or none."""
        missing = []
        by_api = self.order_route != "file"
        if by_api and self.authorisation_state == "none":
            missing.append(
                (self.env._("Authorise the connection, or paste a refresh token."), "")
            )
        for role in (self.missing_roles or "").splitlines():
            missing.append(
                (
                    self.env._(
                        "The role “%s” is missing: give it to the application, then "
                        "authorise again.",
                        role,
                    ),
                    self.permissions_link,
                )
            )
        if not self.columns_switched_on:
            missing.append(
                (
                    self.env._("Switch all columns of the order reports on."),
                    self.columns_link,
                )
            )
        if not self.ship_from_set:
            missing.append(
                (
                    self.env._("Set the standard ship-from address."),
                    self.ship_from_link,
                )
            )
        return missing + [(text, "") for text in self._running_out()]

    def _as_list(self, missing):
        rows = [
            Markup('<li>%s <a href="%s" target="_blank">%s</a></li>')
            % (text, link, self.env._("Open Seller Central"))
            if link
            else Markup("<li>%s</li>") % text
            for text, link in missing
        ]
        return rows and Markup("<ul class='mb-0'>%s</ul>") % Markup().join(rows)

    def _try_roles(self):
        """Find out by calls which roles the application lacks.

        A call that cannot be made now says nothing about its role.
        """
        client, missing, untried, silent = self._client(), [], [], False
        for role, probe in ROLES:
            if silent:
                untried.append(role)
                continue
            try:
                probe(client)
            except spapi.Forbidden:
                missing.append(role)
            except (spapi.ApiError, spapi.NotYet) as error:
                untried.append(role)
                # nobody waits for as many time-outs as there are roles
                silent = isinstance(error, spapi.Unavailable) and not error.status
        self.missing_roles = "\n".join(missing)
        self.untried_roles = "\n".join(untried)
        self.roles_tried = fields.Datetime.now()

    # later

    def _lacks_role(self, error):
        """Amazon denied a call: name the role, and tell the responsible once.

        :param error: :class:`spapi.Forbidden`
        """
        role = ROLE_OF.get(error.operation)
        missing = (self.missing_roles or "").splitlines()
        if role and role not in missing:
            self.sudo().missing_roles = "\n".join([*missing, role])
            self.sudo()._tell(
                self.env._("Amazon, %s: a role is missing", self.name),
                self.env._(
                    "The role “%(role)s” is missing: give it to the application, then "
                    "authorise again. %(error)s",
                    role=role,
                    error=error,
                ),
            )

    def _has_role(self, operation):
        """Amazon answered a call, so its role is there by now."""
        missing = (self.missing_roles or "").splitlines()
        if ROLE_OF[operation] in missing:
            missing.remove(ROLE_OF[operation])
            self.sudo().missing_roles = "\n".join(missing)
