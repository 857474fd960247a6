from collections import defaultdict

from markupsafe import Markup
from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from .. import edi
from .acknowledgement_paper import ZERO, Answer, AnsweredLine, acknowledgement

GROUP = "amazon_b2b_connector.group_user"

# a document says all of this itself; its chatter need not repeat it a thousand times
QUIET = {"mail_create_nolog": True, "mail_create_nosubscribe": True}


class SaleOrder(models.Model):
    """Acknowledging: what is decided goes to Amazon and into the order at once.

    One road for one order with a decision for each line and for a thousand that are
    accepted whole: judged first, all of it, then the papers, the lines, one
    confirmation, the pickings; one transaction.
    """

    _inherit = "sale.order"

    def _amazon_b2b_acknowledge(self, decisions=None):
        """Answer Amazon's purchase orders and set the orders to the answer.

        :param decisions: ``{order id: {position: Answer}}``; what is not in it is
            accepted as ordered
        :return: the documents in the outbox, in the order of ``self``
        :raise AccessError: the user is no Amazon User
        :raise UserError: with everything that stands against it, nothing was changed
        """
        if not (self.env.su or self.env.user.has_group(GROUP)):
            raise AccessError(
                self.env._(
                    "Acknowledging Amazon's orders takes the right “Amazon User”."
                )
            )
        # browsed anew: read as one batch, wherever the caller's records come from
        orders = self.sudo().browse(self.ids)
        # needs no right to sell; whose orders these are, their purchase orders know
        orders.amazon_b2b_document_id.with_env(self.env).check_access("write")
        earlier, answered = orders._amazon_b2b_judge(decisions or {})
        lost = self.env["amazon.b2b.document"].sudo().union(*earlier.values())
        lost = lost.filtered(lambda d: d.state == "failed")
        if lost:
            lost.action_stop()
        documents = orders._amazon_b2b_send_acknowledgements(answered, earlier)
        orders._amazon_b2b_apply(
            {
                order: lines
                for order, lines in answered.items()
                if order._amazon_b2b_acknowledgement_counts()
            }
        )
        return documents.with_env(self.env)

    def _amazon_b2b_acknowledgement_counts(self):
        """Whether an acknowledgement sent now is more than a trial of the message.

        At stage Test the message is tried with Amazon (ISA15 T) while the order is
        answered and confirmed by hand.
        """
        return self.amazon_b2b_connection_id._stage("acknowledgement") != "test"

    def _amazon_b2b_acknowledgement_documents(self):
        """{order: its acknowledgements, newest first, trials and real ones apart}."""
        found = self.env["amazon.b2b.document"].search(
            [("sale_order_id", "in", self.ids), ("kind", "=", "acknowledgement")],
            order="id desc",
        )
        by_order = found.grouped("sale_order_id")
        return {
            order: by_order.get(order, found.browse()).filtered(
                lambda d, o=order: d.is_test == o._amazon_b2b_answers_as_test()
            )
            for order in self
        }

    def _amazon_b2b_answers_as_test(self):
        connection = self.amazon_b2b_connection_id
        return (
            self.amazon_b2b_is_test
            or connection.is_test
            or connection._stage("acknowledgement") == "test"
        )

    # judging

    def _amazon_b2b_judge(self, decisions):
        """Work out every answer, and refuse where anything stands against one.

        :return: ``{order: its earlier acknowledgements}``, ``{order: [AnsweredLine]}``
        :raise UserError: with everything that stands against it
        """
        earlier = self._amazon_b2b_acknowledgement_documents()
        self._amazon_b2b_refuse(
            problem
            for order in self
            for problem in order._amazon_b2b_order_problems(earlier[order])
        )
        answered = {
            order: order._amazon_b2b_answered(decisions.get(order.id, {}))
            for order in self
        }
        self._amazon_b2b_refuse(
            f"{order.amazon_b2b_number}: {problem}"
            for order, lines in answered.items()
            for problem in order._amazon_b2b_draft_problems(
                lines, decisions.get(order.id, {})
            )
        )
        self._amazon_b2b_refuse(
            f"{order.amazon_b2b_number}: {problem}"
            for order, lines in answered.items()
            for line in lines
            for problem in order._amazon_b2b_line_problems(line)
        )
        return earlier, answered

    def _amazon_b2b_refuse(self, problems):
        problems = list(problems)
        if problems:
            raise UserError("\n".join(problems))

    def _amazon_b2b_order_problems(self, earlier):
        """What stands against acknowledging this order at all."""
        if not self.amazon_b2b_document_id:
            return [self.env._("%s is no order of Amazon's.", self.display_name)]
        facts = {"order": self.display_name, "number": self.amazon_b2b_number}
        if self.amazon_b2b_connection_id._stage("acknowledgement") == "off":
            return [
                self.env._(
                    "Acknowledgements are switched off on %(connection)s. Acknowledge "
                    "%(number)s in Vendor Central and confirm %(order)s here.",
                    connection=self.amazon_b2b_connection_id.name,
                    **facts,
                )
            ]
        said = earlier[:1]
        if said and not said._is_unsaid():
            return [self._amazon_b2b_said_already(said)]
        if self.state == "cancel" and not said:
            return [
                self.env._(
                    "%(order)s is cancelled. Set it back to quotation, then "
                    "acknowledge %(number)s.",
                    **facts,
                )
            ]
        return []

    def _amazon_b2b_said_already(self, document):
        moment = fields.Datetime.context_timestamp(self, document.create_date)
        return self.env._(
            "%(number)s was acknowledged by %(user)s on %(moment)s and that is "
            "%(state)s. A second one is possible once Amazon rejected the first (997) "
            "or it was stopped before it was delivered.",
            number=self.amazon_b2b_number,
            user=document.create_uid.name,
            moment=moment.strftime("%Y-%m-%d %H:%M"),
            state=dict(document._fields["state"]._description_selection(self.env))[
                document.state
            ],
        )

    def _amazon_b2b_answered(self, answers):
        """Every line of the purchase order's paper with its answer and price."""
        refused = self._amazon_b2b_answered_lines()
        order_lines = {
            line.amazon_b2b_position: line for line in self._amazon_b2b_ordered_lines()
        }
        nothing = self.env["sale.order.line"]
        soft_code = None
        result = []
        for position, line in enumerate(self.amazon_b2b_document_id._paper().lines, 1):
            order_line = order_lines.get(position, nothing)
            answer = answers.get(position)
            if position in refused:
                answer = Answer(accepted=ZERO, rest_code=refused[position])
            elif not order_line:
                # its line was deleted from the order: nothing of it will come
                soft_code = soft_code or self._amazon_b2b_soft_code()
                answer = Answer(accepted=ZERO, rest_code=soft_code)
            elif not answer:
                answer = Answer(accepted=line.quantity)
            result.append(
                AnsweredLine(
                    position=position,
                    line=line,
                    order_line=order_line,
                    answer=answer,
                    price=order_line._amazon_b2b_invoiced_price(line)
                    if order_line
                    # nothing of it comes, and the paper needs a price
                    else (line.price or ZERO),
                    refused=refused.get(position),
                )
            )
        return result

    def _amazon_b2b_ordered_lines(self):
        """The order lines of the purchase order's lines; no notes, no later parts."""
        return self.order_line.filtered(
            lambda line: (
                line.amazon_b2b_position
                and not line.display_type
                and not line.amazon_b2b_is_backorder
            )
        )

    def _amazon_b2b_soft_code(self):
        return self.env["amazon.b2b.acknowledgement.code"]._default(
            "rejected", "temporarily_unavailable"
        )

    def _amazon_b2b_line_problems(self, answered):
        """What Amazon would refuse in this line, or could not be kept afterwards."""
        line, answer, code = answered.line, answered.answer, answered.answer.rest_code
        facts = {"line": line.number, "unit": line.unit, "ordered": line.quantity}
        if not ZERO <= answer.accepted <= line.quantity:
            yield self.env._(
                "line %(line)s: %(accepted)s %(unit)s accepted, %(ordered)s ordered. "
                "Never more than ordered can be accepted.",
                accepted=answer.accepted,
                **facts,
            )
        elif answer.accepted % 1 and not line.quantity % 1:
            yield self.env._(
                "line %(line)s: %(accepted)s is no whole number of %(unit)s. Complete "
                "the case or leave it out.",
                accepted=answer.accepted,
                **facts,
            )
        elif answer.rest(line.quantity) and not code:
            yield self.env._(
                "line %(line)s: choose the code for what is not accepted.", **facts
            )
        elif answered.backordered:
            yield from self._amazon_b2b_backorder_problems(answered, facts)
        if answered.order_line and answered.price is not None:
            if line.price is not None and answered.price > line.price:
                yield self.env._(
                    "line %(line)s: the price %(price)s is above Amazon's %(theirs)s. "
                    "Lower it, or settle it with Amazon first.",
                    price=answered.price,
                    theirs=line.price,
                    **facts,
                )

    def _amazon_b2b_backorder_problems(self, answered, facts):
        if not self._amazon_b2b_may_backorder():
            yield self.env._(
                "line %(line)s: back-ordering takes a purchase order that allows it "
                "(CSH) and a connection that is set to it.",
                **facts,
            )
        elif not answered.answer.rest_date:
            yield self.env._(
                "line %(line)s: back-ordered until when? Give the date.", **facts
            )

    def _amazon_b2b_may_backorder(self):
        return (
            self.amazon_b2b_backorder_allowed
            and self.amazon_b2b_connection_id.backorder
        )

    # to Amazon

    def _amazon_b2b_send_acknowledgements(self, answered, earlier):
        """Put one acknowledgement an order into the outbox; of ``earlier`` ones it
        takes the last one's place."""
        accepted_code = self.env["amazon.b2b.acknowledgement.code"]._default("accepted")
        today = fields.Date.context_today(self)
        rows = []
        for order, lines in answered.items():
            origin = order.amazon_b2b_document_id
            values = {
                "number": order.amazon_b2b_number,
                "order_number": order.amazon_b2b_number,
                "vendor_code_id": order.amazon_b2b_vendor_code_id.id,
                "vendor_code": origin.vendor_code,
                "company_id": order.company_id.id,
                "user_id": origin._responsible().id,
                "sale_order_id": order.id,
                "origin_id": origin.id,
                "replaces_id": earlier[order][:1].id,
                "deadline": order.amazon_b2b_deadline,
                "is_test": order.amazon_b2b_is_test,
            }
            paper = acknowledgement(origin._paper(), lines, accepted_code.code, today)
            connection = order.amazon_b2b_connection_id
            faults = edi.check(paper, connection._version("acknowledgement"))
            self._amazon_b2b_refuse(
                f"{order.amazon_b2b_number}: {fault.text}" for fault in faults
            )
            rows.append((paper, connection, values))
        documents = self.env["amazon.b2b.document"].with_context(**QUIET)
        return documents._send_out_batch(rows)

    # into the order

    def _amazon_b2b_apply(self, answered):
        """Set orders, which are acknowledged now, to their answers."""
        orders = self.browse(order.id for order in answered)
        rejected = self.browse(
            order.id
            for order, lines in answered.items()
            if not any(line.accepted or line.backordered for line in lines)
        )
        now = fields.Datetime.now()
        for batch, is_rejected in ((orders - rejected, False), (rejected, True)):
            batch.write(
                {
                    "amazon_b2b_acknowledged_at": now,
                    "amazon_b2b_is_rejected": is_rejected,
                }
            )
        orders._amazon_b2b_log_answers(answered)
        orders.amazon_b2b_document_id.filtered("alarm").alarm = False
        real = orders.filtered(lambda o: not o.amazon_b2b_is_test)
        (real & rejected).filtered(lambda o: o.state != "cancel")._action_cancel()
        rejected.order_line.filtered("amazon_b2b_position").write(
            {"amazon_b2b_acknowledged_qty": 0}
        )
        kept = real - rejected
        kept.filtered("locked").action_unlock()
        kept.filtered(lambda o: o.state == "cancel").action_draft()
        lines = [line for order in kept for line in answered[order]]
        self.env["sale.order.line"]._amazon_b2b_set_to(lines)
        kept.filtered(lambda o: o.state in ("draft", "sent")).action_confirm()
        kept.filtered(lambda o: o._should_be_locked() and not o.locked).action_lock()
        self.env["sale.order.line"]._amazon_b2b_pick_scanned(lines)

    def _amazon_b2b_log_answers(self, answered):
        """Tell each order's chatter in a line what Amazon was told.

        Where the state changes with it, the line joins the message that says so.
        """
        alone = self.filtered(lambda o: o.amazon_b2b_is_test or o.state == "sale")
        for order in self - alone:
            order._track_set_log_message(order._amazon_b2b_summary(answered[order]))
        alone._message_log_batch(
            {order.id: order._amazon_b2b_summary(answered[order]) for order in alone}
        )

    def _amazon_b2b_summary(self, lines):
        totals = defaultdict(lambda: ZERO)
        for line in lines:
            totals["accepted"] += line.accepted
            totals["later"] += line.backordered
            totals["cancelled"] += line.line.quantity - line.accepted - line.backordered
        parts = [
            (totals["accepted"], self.env._("accepted")),
            (totals["later"], self.env._("back-ordered")),
            (totals["cancelled"], self.env._("cancelled")),
        ]
        said = ", ".join(
            f"{total.normalize():f} {label}" for total, label in parts if total
        )
        return Markup("%s") % self.env._(
            "Acknowledged to Amazon: %s.", said or self.env._("nothing")
        )
