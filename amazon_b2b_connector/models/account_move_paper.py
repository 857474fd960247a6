import dataclasses
import unicodedata
from collections import defaultdict
from decimal import Decimal

from odoo import models
from odoo.exceptions import UserError

from .. import edi
from ..exact import cents, exact, per_piece

# X12 element 98
REMIT_TO, BILL_TO = "RI", "BT"

# X12 element 66: whose the code of an address is
ASSIGNED_BY_BUYER = "92"

# X12 element 1300
FREIGHT, DISCOUNT = "D240", "C310"


class AccountMove(models.Model):
    """An invoice turns itself into the paper that Amazon gets (X12 810)."""

    _inherit = "account.move"

    def _amazon_b2b_invoice(self):
        """The invoice as :class:`edi.Invoice`.

        Quantities, units and identifiers are those of Amazon's order, addresses and
        terms those of the vendor code, amounts those of Odoo.

        :raise UserError: a line cannot be expressed in Amazon's terms
        """
        self.ensure_one()
        order = self.amazon_b2b_order_id.sudo()
        ordered = order.amazon_b2b_document_id._paper()
        code = order.amazon_b2b_vendor_code_id
        lines, charges = self._amazon_b2b_parts(ordered.lines)
        return edi.Invoice(
            number=self.name,
            date=self.invoice_date,
            total=cents(self.amount_total),
            currency=self.currency_id.name,
            lines=lines,
            charges=charges,
            taxes=_summed(tax for line in lines for tax in line.taxes),
            **about(ordered, code),
        )

    def _amazon_b2b_parts(self, ordered):
        """Invoice lines and charges, as tuples of the paper's parts.

        Several lines about one ordered line (its back-ordered part) become one.
        """
        taxes = self._amazon_b2b_taxes()
        products = defaultdict(list)
        charges = []
        problems = []
        for line in self._amazon_b2b_lines():
            position = line._amazon_b2b_position()
            if position:
                products[position].append(line)
                problem = line._amazon_b2b_unit_problem(ordered[position - 1])
            else:
                charge = line._amazon_b2b_charge()
                charges.append(charge)
                problem = line._amazon_b2b_charge_problem(charge, taxes[line])
            if problem:
                problems.append(problem)
        for lines in products.values():
            if len({line._amazon_b2b_price() for line in lines}) > 1:
                problems.append(
                    self.env._("“%s” has two prices on one invoice.", lines[0].name)
                )
        if problems:
            raise UserError("\n".join(problems))
        return (
            tuple(
                _line(ordered[position - 1], lines, taxes)
                for position, lines in sorted(products.items())
            ),
            tuple(charge for charge in charges if charge.amount),
        )

    def _amazon_b2b_positions(self):
        """Which lines of Amazon's order the paper's lines are, in their order."""
        lines = self._amazon_b2b_lines()
        return sorted({line._amazon_b2b_position() for line in lines} - {0})

    def _amazon_b2b_lines(self):
        """The lines that say something: no sections, notes or empty ones."""
        return self.invoice_line_ids.filtered(
            lambda line: (
                line.display_type == "product" and (line.quantity or line.price_total)
            )
        )

    def _amazon_b2b_taxes(self):
        """{invoice line: its taxes}, rounded so that they add up to the invoice's."""
        base_lines, _tax_lines = self._get_rounded_base_and_tax_lines()
        found = defaultdict(tuple)
        for base_line in base_lines:
            found[base_line["record"]] = tuple(
                edi.Tax(
                    kind=data["tax"].amazon_b2b_kind or "TX",
                    amount=cents(data["tax_amount_currency"]),
                    rate=exact(data["tax"].amount)
                    if data["tax"].amount_type in ("percent", "division")
                    else None,
                    base=cents(data["base_amount_currency"]),
                )
                for data in base_line["tax_details"]["taxes_data"]
                if data["tax_amount_currency"]
            )
        return found


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    def _amazon_b2b_position(self):
        """Which line of Amazon's order it invoices, from 1; 0 for none of them."""
        positions = set(self.sale_line_ids.mapped("amazon_b2b_position"))
        return positions.pop() if len(positions) == 1 else 0

    def _amazon_b2b_price(self):
        """What one unit really costs, discount taken off."""
        return exact(self.price_unit) * (100 - exact(self.discount)) / 100

    def _amazon_b2b_unit_problem(self, ordered):
        unit = self.sale_line_ids.product_uom_id
        if self.product_uom_id == unit:
            return ""
        return self.env._(
            "“%(line)s” is invoiced in %(invoiced)s, Amazon ordered it in %(unit)s "
            "(%(code)s). Invoice it in the order's unit.",
            line=self.name,
            invoiced=self.product_uom_id.name,
            unit=unit.name,
            code=ordered.unit,
        )

    def _amazon_b2b_charge(self):
        """What is no ordered product: a charge, or an allowance where it deducts."""
        amount = cents(self.price_subtotal)
        code = self.product_id.amazon_b2b_charge_code or ""
        if not code and any(self.sale_line_ids.mapped("is_delivery")):
            code = FREIGHT
        elif not code and amount < 0:
            code = DISCOUNT
        return edi.Charge(
            indicator="A" if amount < 0 else "C",
            code=code,
            amount=abs(amount),
            text=_plain(self.name or ""),
        )

    def _amazon_b2b_charge_problem(self, charge, taxes):
        if taxes:
            return self.env._(
                "“%s” is no line of Amazon's order and carries a tax. Amazon takes "
                "taxes on ordered lines only: take it off.",
                self.name,
            )
        if not charge.code:
            return self.env._(
                "“%s” is no line of Amazon's order. To send it as a charge, set the "
                "Amazon charge code on its product.",
                self.name,
            )
        return ""


def about(ordered, code):
    """What every invoice of an order says of it: number, addresses, terms.

    :param ordered: :class:`edi.PurchaseOrder`
    :param code: the vendor code
    """
    return {
        "order_number": ordered.number,
        "order_date": ordered.date,
        "vendor_code": ordered.vendor_code,
        "remit_to": party_of(code, "remit_to", REMIT_TO),
        "bill_to": party_of(code, "bill_to", BILL_TO),
        "ship_to": ordered.ship_to,
        "terms": terms_of(code),
    }


def party_of(code, prefix, role):
    """An address of a vendor code, ``bill_to`` or ``remit_to``, as a paper has it."""
    values = code._party_values(prefix)
    return edi.Party(
        role=role,
        code_qualifier=ASSIGNED_BY_BUYER if values["code"] else "",
        **{name: _plain(value) for name, value in values.items()},
    )


def _plain(text):
    """The first line of ``text``, in the characters that X12 messages carry."""
    first = unicodedata.normalize("NFKD", text.partition("\n")[0])
    marks = dataclasses.astuple(edi.Delimiters(repetition="^"))
    spaced = "".join(" " if sign in marks else sign for sign in first)
    return " ".join(spaced.encode("ascii", "ignore").decode().split())[:80].strip()


def _line(ordered, lines, taxes):
    pieces = lines[0].sale_line_ids[:1]._amazon_b2b_pieces(ordered)
    return edi.InvoiceLine(
        number=ordered.number,
        quantity=sum((exact(line.quantity) for line in lines), Decimal()),
        unit=ordered.unit,
        price=per_piece(lines[0]._amazon_b2b_price(), pieces),
        price_basis=ordered.price_basis,
        identifiers=ordered.identifiers,
        list_price=ordered.list_price,
        discount=ordered.discount,
        pieces=pieces if edi.is_per_piece(ordered.unit, ordered.price_basis) else None,
        taxes=_summed(tax for line in lines for tax in taxes[line]),
    )


def _summed(taxes):
    """One tax for each kind and rate, its amounts and bases added up."""
    found = {}
    for tax in taxes:
        amount, base = found.get((tax.kind, tax.rate), (Decimal(), Decimal()))
        found[tax.kind, tax.rate] = (amount + tax.amount, base + tax.base)
    return tuple(
        edi.Tax(kind=kind, rate=rate, amount=amount, base=base)
        for (kind, rate), (amount, base) in found.items()
    )


def terms_of(code):
    """The payment terms of a vendor code as a paper has them."""
    return edi.PaymentTerms(
        kind=code.terms_kind or "",
        basis=code.terms_basis or "",
        discount_percent=exact(code.terms_discount_percent, 3) or None,
        discount_days=code.terms_discount_days or None,
        net_days=code.terms_net_days or None,
    )
