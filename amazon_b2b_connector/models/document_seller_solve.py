from odoo import api, fields, models
from odoo.exceptions import UserError

from .. import spapi

# a vendor's document that waits for one of these is corrected and processed again
UNSOLVABLE = ("content", "error", "reference", "interchange", "stage")


class Document(models.Model):
    """What solves the reasons that a seller's order waits for."""

    _inherit = "amazon.b2b.document"

    can_solve = fields.Boolean(compute="_compute_can_solve")
    transport = fields.Selection(related="transmission_id.transport")
    version_ids = fields.Many2many(
        "amazon.b2b.document", string="Versions", compute="_compute_version_ids"
    )
    version_count = fields.Integer(compute="_compute_version_ids")
    seller_url = fields.Char("In Seller Central", compute="_compute_seller_url")

    @api.depends("state", "reason_code", "kind")
    def _compute_can_solve(self):
        for document in self:
            reason = document.reason_code
            if document.kind == "seller_order":
                document.can_solve = (
                    document.state == "held" and reason in document._solvers()
                ) or (document.state == "ignored" and reason == "switch")
            else:
                document.can_solve = (
                    document.state == "held" and reason not in UNSOLVABLE
                )

    def _compute_version_ids(self):
        """What Amazon showed of the same order at other times, and this."""
        sellers = self.filtered(lambda d: d.kind == "seller_order" and d.order_number)
        by_key = sellers._family().grouped(lambda d: d._business_key())
        for document in self:
            own = document in sellers and by_key.get(document._business_key())
            document.version_ids = own or self.browse()
            document.version_count = len(document.version_ids)

    @api.depends("marketplace_id", "order_number", "kind")
    def _compute_seller_url(self):
        for document in self:
            document.seller_url = document.kind == "seller_order" and (
                document._seller_page()
            )

    def _seller_page(self):
        """The order's page in Seller Central."""
        if not self.order_number:
            return False
        if self.marketplace_id:
            return self.marketplace_id.sudo()._order_page(self.order_number)
        connection = self.connection_id.sudo()
        home = connection._marketplace(connection.home_marketplace)
        return home._order_page(self.order_number) if home else False

    def _solvers(self):
        solvers = {
            **super()._solvers(),
            "marketplace": self._solve_marketplace,
            "switch": self._solve_switch,
        }
        if self.kind == "seller_order":
            solvers["content"] = self._solve_content
        return solvers

    def _solve_marketplace(self):
        """Read the marketplaces again: one that is new lets the order go on."""
        connection = self.connection_id._for_person()
        try:
            connection._read_marketplaces()
        except spapi.SpapiError as error:
            connection._take_error(error)
            return self._notice("danger", str(error))
        if self.state == "held":
            return self._notice(
                "warning",
                self.env._(
                    "Amazon still does not name this marketplace for %s. The order "
                    "belongs to another seller account, or the role to read "
                    "marketplaces is missing.",
                    connection.name,
                ),
            )
        return self._notice(
            "success", self.env._("The marketplace is there now; the order goes on.")
        )

    def _solve_switch(self):
        return self.marketplace_id.get_formview_action()

    def _solve_content(self):
        """Seller Central's page of the order, to compare it with."""
        url = self.seller_url
        if not url:
            raise UserError(
                self.env._("Correct what the reason says, then “Process again”.")
            )
        return {"type": "ir.actions.act_url", "url": url, "target": "new"}

    def _notice(self, kind, message):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": kind,
                "message": message,
                "sticky": kind != "success",
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def action_ask_again(self):
        """Ask Amazon for the order as it is now."""
        self.ensure_one()
        connection = self.connection_id._for_person()
        try:
            document = connection._fetch_order(self.order_number)
        except spapi.SpapiError as error:
            connection._take_error(error)
            return self._notice("danger", connection._in_words(error, self.number))
        if document == self:
            return self._notice(
                "success", self.env._("At Amazon the order is as it stands here.")
            )
        return document.with_env(self.env).get_formview_action()
