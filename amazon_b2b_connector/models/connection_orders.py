import re

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .. import spapi
from .poll import ROUTES
from .transmission import AMAZON_USER

# Amazon's order numbers; of another shop's orders that Amazon ships, S01-...
ORDER_NUMBER = re.compile(r"[0-9A-Z]{3}-[0-9]{7}-[0-9]{7}")


class Connection(models.Model):
    """What a person sees and asks for of the orders of a seller's connection."""

    _inherit = "amazon.b2b.connection"

    current_poll_ids = fields.Many2many(
        "amazon.b2b.poll", string="Reading", compute="_compute_current_poll_ids"
    )
    poll_problem = fields.Text(compute="_compute_current_poll_ids")
    order_count = fields.Integer(compute="_compute_order_count", compute_sudo=True)

    @api.depends("order_route", "poll_ids.problem", "authorisation_state")
    def _compute_current_poll_ids(self):
        """How far orders are read by the way that they come now."""
        for record in self:
            polls = record.poll_ids.filtered(
                lambda p, r=record: ROUTES.get(p.kind) == r.order_route
            )
            record.current_poll_ids = polls
            # a lost authorisation is said by the connection itself
            said = record.authorisation_state != "again" and polls.mapped("problem")
            record.poll_problem = "\n".join(filter(None, said or ()))

    def _compute_order_count(self):
        counts = dict(
            self.env["sale.order"]._read_group(
                [("amazon_b2b_marketplace_id.connection_id", "in", self.ids)],
                ["amazon_b2b_marketplace_id"],
                ["__count"],
            )
        )
        for record in self:
            record.order_count = sum(
                counts.get(marketplace, 0) for marketplace in record.marketplace_ids
            )

    # buttons

    def _for_person(self):
        """These connections for a button that an Amazon User presses.

        Only a Manager changes a connection; orders are an Amazon User's work.
        """
        self.check_access("read")
        if not (self.env.su or self.env.user.has_group(AMAZON_USER)):
            raise AccessError(
                self.env._("Reading orders from Amazon takes the right “Amazon User”.")
            )
        return self.sudo()

    def action_synchronise(self):
        """Read what is new now, and give waiting orders the shipping mapping that
        holds now."""
        connections = self._for_person()
        connections._trigger_poll(asked_by=self.env.user)
        changed = connections._apply_shipping_options()
        obstacle = self.env["amazon.b2b.origin"]._obstacle()
        problem = "\n".join(filter(None, connections.mapped("poll_problem")))
        message = obstacle or self.env._("Orders are read from Amazon now.")
        if problem and not obstacle:
            message += "\n" + self.env._("The last time it failed: %s", problem)
        if changed:
            message += "\n" + self.env._(
                "Waiting orders with another delivery method: %s",
                ", ".join(changed.mapped("name")),
            )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning" if problem or obstacle else "success",
                "message": message,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def action_open_orders(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "amazon_b2b_connector.amazon_b2b_seller_order_action"
        )
        domain = [("amazon_b2b_marketplace_id", "in", self.marketplace_ids.ids)]
        return {**action, "domain": domain}

    def action_open_waiting(self):
        return {
            **self.action_open_documents(),
            "context": {"search_default_needs_person": 1},
        }

    # one order by its number

    def _fetch_order(self, number):
        """Ask Amazon for one order and take it in, as if a page had brought it.

        The same rules hold as for every order: what a switch keeps out stays out.

        :return: its newest document
        :raise spapi.SpapiError: the call failed
        :raise UserError: it is no order number, or nothing is authorised
        """
        self.ensure_one()
        if not ORDER_NUMBER.fullmatch(number):
            raise UserError(
                self.env._(
                    "“%s” is no order number of Amazon's. One looks like "
                    "302-1234567-1234567.",
                    number,
                )
            )
        body = spapi.orders_calls.get(self._client(), number)
        title = self.env._("Order %s, asked for by hand", number)
        transmission = self._keep_orders_answer(body, title)
        transmission._decode()
        documents = transmission.document_ids
        documents.filtered(lambda d: d.state == "new")._work()
        return documents[:1] or self._newest_document(number)

    def _newest_document(self, number):
        documents = self.env["amazon.b2b.document"].search(
            [
                ("kind", "=", "seller_order"),
                ("vendor_code", "=", self.seller_id),
                ("order_number", "=", number),
            ]
        )
        return documents.sorted(lambda d: d._version())[-1:]

    def _in_words(self, error, number):
        """What an error of :meth:`_fetch_order` means for the one who asked."""
        if isinstance(error, spapi.NotFound):
            return self.env._(
                "Amazon knows no order %(number)s of this seller account "
                "(%(seller)s). Compare the number with Seller Central.",
                number=number,
                seller=self.seller_id,
            )
        if isinstance(error, spapi.BadRequest):
            return self.env._(
                "Amazon does not take %(number)s for an order of this account: "
                "%(error)s",
                number=number,
                error=error,
            )
        if isinstance(error, spapi.Forbidden):
            return self.env._(
                "The application may not read orders: it lacks the role “Inventory "
                "and Order Tracking”. Have it granted in the Solution Provider Portal, "
                "then authorise %s again.",
                self.name,
            )
        return str(error)
