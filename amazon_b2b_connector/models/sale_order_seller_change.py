from collections import defaultdict
from itertools import chain

from markupsafe import Markup
from odoo import models
from odoo.exceptions import UserError

from .. import spapi
from ..seller_amounts import ITEM
from .res_partner_seller import Customer
from .sale_order_seller_import import CANCELLED, PENDING, left, naive

# by what a line of the order is known again, beside its product
SAME_LINE = ("amazon_b2b_item_number", "amazon_b2b_charge", "amazon_b2b_charge_of")


class SaleOrder(models.Model):
    """What Amazon changes of an order later is done here as well while nothing is
    picked, and shown; else a person is told."""

    _inherit = "sale.order"

    def _amazon_b2b_apply_change(self, document, paper):
        """Bring the order to a later version of it.

        :param document: the ``amazon.b2b.document`` of that version; ends done, or
            held where somebody has begun with what would change
        :param paper: its :class:`spapi.SellerOrder`
        """
        self.ensure_one()
        if not self.amazon_b2b_seller_document_id:
            document._ignore(
                self.env._("%s stood here before: it was linked only.", self.name),
                sale_order_id=self.id,
                origin_id=document._maker().id,
            )
            return
        if paper.status in PENDING:
            document._ignore(
                self.env._("The order came by reports; it is not pending any more."),
                reason_code="pending",
                sale_order_id=self.id,
            )
            return
        changes = self._amazon_b2b_changes(document, paper)
        obstacle = changes and self._amazon_b2b_begun(paper)
        if obstacle:
            self._amazon_b2b_tell_change(document, changes, obstacle)
            return
        if not all(apply() for _text, apply in changes):
            return  # held for what its lines lack
        self._amazon_b2b_take_over(document, paper)
        self._amazon_b2b_show_changes([text for text, _apply in changes])
        document._done(sale_order_id=self.id, origin_id=document._maker().id)

    def _amazon_b2b_changes(self, document, paper):
        """Each change as a pair of what it is in words, and what does it and says
        whether it could.

        What came by a report and comes by the Orders API then is spelt differently, so
        that only quantities and amounts are compared.
        """
        source = self.amazon_b2b_seller_document_id
        before = source._standing_paper()
        found = [self._amazon_b2b_change_cancelled(paper)]
        if source._is_report() == document._is_report():
            found += [
                self._amazon_b2b_change_lines(document, before, paper),
                self._amazon_b2b_change_address(document, before, paper),
                self._amazon_b2b_change_service(document, paper),
            ]
        elif not found[0]:
            found.append(self._amazon_b2b_change_way(document, before, paper))
        return [change for change in found if change]

    def _amazon_b2b_begun(self, paper):
        """What somebody has begun with, in words; empty where everything is open."""
        moves = self.picking_ids.move_ids
        cancelled = paper.status in CANCELLED
        gone = cancelled and any(self.order_line.mapped("amazon_b2b_shipped_qty"))
        if gone or any(m.state == "done" for m in moves):
            return self.env._("goods have left")
        if any(m.picked and m.quantity for m in moves if m.state != "cancel"):
            return self.env._("goods are picked")
        if self.invoice_ids.filtered(lambda move: move.state == "posted"):
            return self.env._("it is invoiced")
        drafts = self.invoice_ids.filtered(lambda move: move.state == "draft")
        if drafts and not cancelled:
            return self.env._("a draft invoice has what it was")
        return ""

    def _amazon_b2b_tell_change(self, document, changes, obstacle):
        document._hold(
            "change",
            self.env._(
                "Amazon changed order %(order)s, and %(obstacle)s already:\n%(changes)s"
                "\nDo here what is left to do, then set this aside.",
                order=self.name,
                obstacle=obstacle,
                changes="\n".join(f"– {text}" for text, _apply in changes),
            ),
            sale_order_id=self.id,
            origin_id=document._maker().id,
        )

    def _amazon_b2b_show_changes(self, texts):
        if texts:
            rows = Markup().join(Markup("<li>%s</li>") % text for text in texts)
            self.message_post(
                body=Markup("<p>%s</p><ul>%s</ul>")
                % (self.env._("Amazon changed the order:"), rows)
            )

    def _amazon_b2b_take_over(self, document, paper):
        """What is only shown, whatever has begun."""
        self.write(
            {
                "amazon_b2b_seller_document_id": document.id,
                "amazon_b2b_seller_status": paper.status,
                **self._amazon_b2b_told_values(paper),
            }
        )
        shipped = {line.number: line.shipped for line in paper.lines}
        lines = self.order_line.filtered(
            lambda line: line.amazon_b2b_no_moves or line._amazon_b2b_ships_amazon()
        )
        for number, group in lines.grouped("amazon_b2b_item_number").items():
            group._amazon_b2b_spread_shipped(shipped.get(number), paper.status)
        self._amazon_b2b_from_amazons_warehouse()
        deadline = naive(paper.ship_not_after)
        late = self.picking_ids.filtered(
            lambda p: p.state not in ("done", "cancel") and p.date_deadline != deadline
        )
        if deadline and late:
            late.move_ids.date_deadline = deadline

    # each kind of change: (what it is in words, how it is done), or None

    def _amazon_b2b_change_cancelled(self, paper):
        if paper.status not in CANCELLED or self.state == "cancel":
            return None
        reasons = {line.cancel_reason for line in paper.lines if line.cancel_reason}
        if not reasons:
            return self.env._("cancelled"), self._amazon_b2b_cancel
        text = self.env._("cancelled: %s", ", ".join(sorted(reasons)))
        return text, self._amazon_b2b_cancel

    def _amazon_b2b_cancel(self):
        self.with_context(disable_cancel_warning=True)._action_cancel()
        return True

    def _amazon_b2b_change_lines(self, document, before, paper):
        """Quantities and amounts, line by line."""
        if paper.status in CANCELLED or self.state == "cancel":
            return None
        old = {line.number: line for line in before.lines}
        texts = []
        for line in paper.lines:
            known = old.pop(line.number, None)
            if known is None:
                texts.append(self.env._("%(sku)s is new", sku=line.sku))
            elif known.quantity != line.quantity:
                texts.append(
                    self.env._(
                        "%(sku)s: %(new)s instead of %(old)s",
                        sku=line.sku,
                        new=line.quantity,
                        old=known.quantity,
                    )
                )
            elif known.charges != line.charges or known.basis != line.basis:
                texts.append(self.env._("%(sku)s: other amounts", sku=line.sku))
        texts += [self.env._("%(sku)s is gone", sku=gone.sku) for gone in old.values()]
        if not texts:
            return None
        return "; ".join(texts), lambda: self._amazon_b2b_relay(document, paper)

    def _amazon_b2b_change_way(self, document, before, paper):
        """What the Orders API says otherwise than the report that made the order."""
        if self.state == "cancel":
            return None
        texts = document._in_words(
            spapi.disagreements(
                document._with_basis(before), document._with_basis(paper)
            )
        )
        if spapi.is_shipments(before):
            shipped = {line.number: line.quantity for line in before.lines}
            texts += [
                self.env._(
                    "%(sku)s: %(new)s instead of %(old)s",
                    sku=line.sku,
                    new=line.quantity,
                    old=shipped.get(line.number, 0),
                )
                for line in paper.lines
                if line.quantity > shipped.get(line.number, 0)
            ]
        if not texts:
            return None
        return "; ".join(texts), lambda: self._amazon_b2b_relay(document, paper)

    def _amazon_b2b_relay(self, document, paper):
        """Lay the order's lines anew from the paper, on those that are there.

        :return: whether nothing stands against it; else the document is held
        """
        lines = self.env["sale.order.line"]
        plan = lines._amazon_b2b_seller_plan({document: paper})[document]
        if document._hold_plan(plan):
            return False
        customer = Customer(self.partner_id, self.partner_shipping_id)
        lines._amazon_b2b_describe_seller({document: plan}, {document: customer})
        # locked against people; what Amazon says stands
        locked, self.locked = self.locked, False
        self.write({"fiscal_position_id": plan.fiscal_position.id, **plan.order_values})
        there = defaultdict(list)
        for line in self.order_line.filtered("amazon_b2b_charge").sorted("id"):
            key = [line[name] for name in SAME_LINE]
            there[(*key, line.product_id.id)].append(line)
        for _command, _id, values in self._amazon_b2b_shipped_commands(
            document, paper, plan, self._amazon_b2b_left_before(paper)
        ):
            key = (*(values[name] for name in SAME_LINE), values["product_id"])
            if there[key]:
                there[key].pop(0).write(values)
            else:
                lines.create({**values, "order_id": self.id})
        for line in chain.from_iterable(there.values()):
            line.write({"product_uom_qty": 0, "price_unit": line.price_unit})
        problem = self._amazon_b2b_total_problem(plan)
        if problem:
            raise UserError(problem)
        self.locked = locked
        return True

    def _amazon_b2b_left_before(self, paper):
        """{orderItemId: quantity} that is no delivery of ours. Where we ship, what
        Amazon says has left later is told by our own deliveries."""
        if paper.fulfilled_by == "AMAZON":
            return left(paper)
        before = defaultdict(float)
        for line in self.order_line.filtered(
            lambda line: line.amazon_b2b_charge == ITEM
        ):
            gone = line.amazon_b2b_shipped_qty if line.amazon_b2b_no_moves else 0.0
            before[line.amazon_b2b_item_number] += gone
        return {**left(paper), **before}

    def _amazon_b2b_change_address(self, document, before, paper):
        if not paper.address:
            return None
        known = before.address and spapi.normal_key(before.address)
        if spapi.normal_key(paper.address) == known:
            return None
        text = self.env._("the goods go to another address")
        home = before.address and before.address.country == paper.address.country
        return (
            text,
            lambda: (
                self._amazon_b2b_readdress(document, paper)
                and (home or self._amazon_b2b_relay(document, paper))  # other taxes
            ),
        )

    def _amazon_b2b_readdress(self, document, paper):
        partners = self.env["res.partner"]
        customer = partners._amazon_b2b_customers({document: paper})[document]
        positions = self.env["account.fiscal.position"]._amazon_b2b_positions(
            {document: paper}
        )
        self.write(
            {
                "partner_shipping_id": customer.shipping.id,
                # else Odoo finds one by the address and forgets what the settings say
                "fiscal_position_id": positions[document].id,
            }
        )
        self.picking_ids.filtered(
            lambda p: p.state not in ("done", "cancel")
        ).partner_id = customer.shipping
        return True

    def _amazon_b2b_change_service(self, document, paper):
        options = self.env["amazon.b2b.shipping.option"]
        option = options._of_papers({document: paper})[document]
        if option == self.amazon_b2b_shipping_option_id:
            return None
        text = self.env._("shipping option %s", option.name)
        return text, lambda: self._amazon_b2b_reroute(option)

    def _amazon_b2b_reroute(self, option):
        self.amazon_b2b_shipping_option_id = option
        self._amazon_b2b_apply_shipping_option()
        return True


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _amazon_b2b_spread_shipped(self, shipped, status):
        """Spread what Amazon says has left of one order item over its lines."""
        left = float(shipped or 0)
        for line in self:
            if line.amazon_b2b_charge == "ITEM":
                whole = status == "SHIPPED" and not shipped
                gone = min(
                    line.product_uom_qty, line.product_uom_qty if whole else left
                )
                left -= gone
            elif status == "SHIPPED":
                gone = line.product_uom_qty
            else:
                continue
            if line.amazon_b2b_shipped_qty != gone:
                line.amazon_b2b_shipped_qty = gone
