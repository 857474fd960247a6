from decimal import Decimal

from odoo import fields, models
from odoo.exceptions import UserError

from .. import edi
from ..exact import cents

# BIG02, X12 element 76
LONGEST_NUMBER = 22

# what an address needs that Amazon compares with its own; the state where there is one
ADDRESS = [
    ("name", "name"),
    ("street", "street"),
    ("city", "city"),
    ("zip", "ZIP"),
    ("country", "country"),
]
WITH_STATES = ("US", "USA", "CA", "CAN")


class AccountMove(models.Model):
    """Why Amazon would refuse an invoice, found out before it leaves."""

    _inherit = "account.move"

    def _amazon_b2b_refusals(self, again=False):
        """The reasons why this invoice cannot go to Amazon; none when it can.

        :param bool again: it was there before, and goes once more under its number
        :return: list of sentences
        """
        self.ensure_one()
        self = self.sudo()  # reading the order needs no right to sell
        for check in (
            self._amazon_b2b_refuse_kind,
            self._amazon_b2b_refuse_repeat,
            self._amazon_b2b_refuse_order,
            self._amazon_b2b_refuse_settings,
        ):
            reasons = [reason for reason in check(again) if reason]
            if reasons:
                return reasons
        connection = self.amazon_b2b_order_id.amazon_b2b_connection_id
        version = connection._version("invoice")
        try:
            paper = self._amazon_b2b_invoice()
        except UserError as error:
            return str(error).split("\n")
        reasons = [
            *self._amazon_b2b_refuse_numbers(paper),
            *self._amazon_b2b_refuse_lines(paper),
            *self._amazon_b2b_refuse_total(paper),
        ]
        return reasons or [issue.text for issue in edi.check(paper, version)]

    def _amazon_b2b_refuse_kind(self, again):
        """What Amazon takes no invoice for at all."""
        order_lines = self.invoice_line_ids.sale_line_ids
        if self.move_type == "out_refund":
            yield self.env._(
                "Amazon takes no credit notes by EDI. Settle it in Vendor Central."
            )
        elif not self.amazon_b2b_order_id or self.move_type != "out_invoice":
            yield self.env._("This is no invoice of an Amazon order.")
        elif any(order_lines.mapped("is_downpayment")):
            yield self.env._(
                "Amazon takes no down payments: it is invoiced for what was shipped, "
                "in full."
            )
        elif self.state != "posted":
            yield self.env._("Only a posted invoice can be sent. Confirm it first.")

    def _amazon_b2b_refuse_repeat(self, again):
        """What was sent before, unless a person says why it goes again."""
        document = self._amazon_b2b_document()
        sendable = self._amazon_b2b_sendable(document)
        if not sendable:
            yield self.env._(
                "It is on its way to Amazon already (%s).", self._amazon_b2b_label()
            )
        elif sendable == "again" and not again:
            yield self.env._(
                "Amazon has it already (%s). If Amazon rejected it, use “Send to "
                "Amazon Again” and say why.",
                self._amazon_b2b_label(),
            )

    def _amazon_b2b_refuse_order(self, again):
        order = self.amazon_b2b_order_id
        orders = self.invoice_line_ids.sale_line_ids.order_id
        if orders - order:
            yield self.env._(
                "It invoices more than one order (%s). Amazon gets one invoice for "
                "each purchase order.",
                ", ".join(orders.mapped(lambda o: o.amazon_b2b_number or o.name)),
            )
        if order.amazon_b2b_is_test:
            yield self.env._(
                "%s is a test order. It is never invoiced.", order.amazon_b2b_number
            )
        if self.currency_id != order.currency_id:
            yield self.env._(
                "It is in %(invoice)s, the order %(number)s in %(order)s.",
                invoice=self.currency_id.name,
                number=order.amazon_b2b_number,
                order=order.currency_id.name,
            )
        if order._amazon_b2b_agreed_prices() is None:
            yield self.env._(
                "Order %s was not acknowledged yet. Acknowledge and ship it first.",
                order.amazon_b2b_number,
            )
        elif not any(order._amazon_b2b_announced().values()):
            yield self.env._(
                "Nothing of order %s was shipped yet. Send the ship notice first.",
                order.amazon_b2b_number,
            )

    def _amazon_b2b_refuse_settings(self, again):
        """What the vendor code must say before Amazon accepts any invoice of it."""
        order = self.amazon_b2b_order_id
        code = order.amazon_b2b_vendor_code_id
        connection = order.amazon_b2b_connection_id
        if connection._stage("invoice") == "off":
            yield self.env._("Invoices are switched off on %s.", connection.name)
        for prefix, label in (
            ("bill_to", self.env._("bill-to")),
            ("remit_to", self.env._("remit-to")),
        ):
            missing = [word for part, word in ADDRESS if not code[f"{prefix}_{part}"]]
            if code[f"{prefix}_country"] in WITH_STATES and not code[f"{prefix}_state"]:
                missing.append("state")
            if missing:
                yield self.env._(
                    "The %(address)s address of vendor code %(code)s lacks its "
                    "%(parts)s. Fill it in as Amazon writes it.",
                    address=label,
                    code=code.code,
                    parts=", ".join(missing),
                )
        if not (code.terms_kind and code.terms_basis and code.terms_net_days):
            yield self.env._(
                "Vendor code %s lacks its payment terms (ITD: type, basis and net "
                "days). Fill them in as agreed with Amazon.",
                code.code,
            )

    def _amazon_b2b_refuse_numbers(self, paper):
        order = self.amazon_b2b_order_id
        if len(paper.number) > LONGEST_NUMBER:
            yield self.env._(
                "Its number %(number)s is longer than the %(most)s characters that "
                "fit.",
                number=paper.number,
                most=LONGEST_NUMBER,
            )
        if paper.date > fields.Date.today():
            yield self.env._(
                "Its date %s lies in the future (today is counted in UTC).", paper.date
            )
        if self._amazon_b2b_number_holder():
            yield self.env._(
                "The number %(number)s was used for Amazon before, and Amazon takes a "
                "number once. Give this invoice of %(order)s another number.",
                number=paper.number,
                order=order.amazon_b2b_number,
            )

    def _amazon_b2b_number_holder(self):
        """The document of another invoice that went to Amazon under this number."""
        order = self.amazon_b2b_order_id
        connection = order.amazon_b2b_connection_id
        partner = f"{connection.partner_qualifier}:{connection.partner_identifier}"
        return self.env["amazon.b2b.document"].search(
            [
                ("is_record_maker", "=", True),
                ("kind", "=", "invoice"),
                ("company_id", "=", order.company_id.id),
                ("vendor_code", "=", order.amazon_b2b_vendor_code_id.code),
                ("partner_identifier", "=", partner),
                ("number", "=", self.name),
                ("move_id", "!=", self.id),
            ],
            limit=1,
        )

    def _amazon_b2b_refuse_lines(self, paper):
        """Each line against what was shipped, invoiced before and acknowledged."""
        order = self.amazon_b2b_order_id
        shipped = order._amazon_b2b_announced()
        before = order._amazon_b2b_invoiced(self)
        prices = order._amazon_b2b_agreed_prices()
        positions = self._amazon_b2b_positions()
        for position, line in zip(positions, paper.lines, strict=True):
            key = line.number, line.unit
            agreed = prices[position - 1]
            if line.quantity <= 0:
                yield self.env._(
                    "Line %(line)s: a quantity of %(quantity)s cannot be invoiced.",
                    line=line.number,
                    quantity=f"{line.quantity:f}",
                )
            elif line.quantity > shipped[key] - before[key]:
                yield self.env._(
                    "Line %(line)s: %(quantity)s %(unit)s are invoiced, but "
                    "%(shipped)s were shipped%(before)s.",
                    line=line.number,
                    quantity=f"{line.quantity:f}",
                    unit=line.unit,
                    shipped=f"{shipped[key]:f}",
                    before=self.env._(
                        " and %s of them invoiced before", f"{before[key]:f}"
                    )
                    if before[key]
                    else "",
                )
            # lines that Amazon numbers alike share what was shipped of them
            before[key] += line.quantity
            if agreed is not None and line.price != agreed:
                yield self.env._(
                    "Line %(line)s: its price is %(price)s, acknowledged was "
                    "%(agreed)s.",
                    line=line.number,
                    price=f"{line.price:f}",
                    agreed=f"{agreed:f}",
                )

    def _amazon_b2b_refuse_total(self, paper):
        if not paper.lines or paper.total <= 0:
            yield self.env._(
                "Its total is %s. Amazon takes none without an amount.", paper.total
            )
            return
        extended = [line.amount for line in paper.lines]
        rest = sum((tax.amount for tax in paper.taxes), Decimal())
        for charge in paper.charges:
            rest += charge.amount if charge.indicator == "C" else -charge.amount
        # each line in cents, as most count, or only their sum
        by_line = sum((cents(amount) for amount in extended), rest)
        if paper.total not in (by_line, cents(sum(extended, rest))):
            yield self.env._(
                "Its total is %(total)s, but lines, charges and taxes add up to "
                "%(sum)s: a difference of %(difference)s.",
                total=paper.total,
                sum=by_line,
                difference=paper.total - by_line,
            )
