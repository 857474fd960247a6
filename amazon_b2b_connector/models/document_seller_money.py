from decimal import Decimal
from typing import NamedTuple

from odoo import models

from .. import spapi
from ..seller_amounts import ZERO, Booked

NET, GROSS = "net", "gross"
# where prices are without tax: Amazon adds the sales tax of the buyer's state
NET_COUNTRIES = ("US", "CA")


class Sums(NamedTuple):
    """What an order comes to with all tax, the tax, and how much of it Amazon keeps."""

    total: Decimal
    tax: Decimal
    collected: Decimal

    @property
    def ours(self):
        return self.total - self.collected


class Document(models.Model):
    """What a seller's order comes to, against the total that Amazon states."""

    _inherit = "amazon.b2b.document"

    def _with_basis(self, paper):
        """The order with net or gross on every line that has tax.

        Where the lines themselves do not tell, Amazon's total does. In reports, which
        state none, it is the VAT calculation service, or the country's custom.
        """
        if not any(_is_open(line) for line in (*paper.lines, *paper.summary)):
            return paper
        usual = self._usual_basis(paper)
        papers = [spapi.with_basis(paper, usual)]
        if paper.source == "orders":
            other = NET if usual == GROSS else GROSS
            papers.append(spapi.with_basis(paper, other))
        return next((p for p in papers if not _difference(p, ZERO)), papers[0])

    def _usual_basis(self, paper):
        marketplace = self.marketplace_id
        if paper.source != "orders":
            return marketplace._report_basis(paper.fulfilled_by)
        return NET if marketplace.country_id.code in NET_COUNTRIES else GROSS

    def _seller_total_problem(self, paper):
        """In words how Amazon's total differs from its own amounts; else empty.

        :param paper: with the basis on every line
        """
        if self.is_total_taken:
            return ""
        difference = _difference(paper, smallest(self) / 2)
        if not difference:
            return ""
        return self.env._(
            "The amounts of order %(order)s come to %(ours)s %(currency)s, Amazon "
            "states a total of %(theirs)s: a difference of %(difference)s. Compare "
            "with Seller Central; “Solve” takes the order as its lines say.",
            order=paper.number,
            ours=_sums(paper).total,
            currency=paper.currency,
            theirs=_stated(paper),
            difference=difference,
        )


def smallest(document):
    """The smallest amount of the currency of a document's marketplace."""
    return Decimal(str(document.marketplace_id.currency_id.rounding or 0.01))


class Marketplace(models.Model):
    _inherit = "amazon.b2b.marketplace"

    def _report_basis(self, fulfilled_by):
        """Whether the prices in reports are net or gross, which no report says.

        With the VAT calculation service those of what Amazon ships are net.
        """
        net = self.country_id.code in NET_COUNTRIES or (
            fulfilled_by == "AMAZON" and self.vcs_enabled
        )
        return NET if net else GROSS


def booked(line):
    """The charges of a line as they are booked; tax that Amazon remits is not."""
    return [
        Booked(
            charge.kind,
            charge.of,
            spapi.net(charge, line.basis),
            ZERO if line.collected_tax else charge.tax,
        )
        for charge in line.charges
    ]


def order_total(paper):
    """(what is booked of an order, tax included; the tax)"""
    sums = _sums(paper)
    return sums.ours, sums.tax - sums.collected


def collected_tax(paper):
    """The tax of an order that Amazon collects and remits itself."""
    return _sums(paper).collected


def _sums(paper):
    total = sum((charge.amount + charge.tax for charge in paper.charges), ZERO)
    tax = sum((charge.tax for charge in paper.charges), ZERO)
    collected = ZERO
    for line in paper.lines:
        total += _comes_to(line)
        of_line = sum((charge.tax for charge in line.charges), ZERO)
        tax += of_line
        if line.collected_tax:
            collected += of_line
    return Sums(total, tax, collected)


def _stated(paper):
    """The total that Amazon states, of the order or of all its lines, or ``None``.

    Of an order from reports that is what the report of all orders comes to.
    """
    if paper.total is not None:
        return paper.total
    standing = [row for row in paper.summary if not row.cancelled_by]
    if standing and all(row.charges for row in standing):
        return sum((_comes_to(row) for row in standing), ZERO)
    totals = [line.total for line in paper.lines]
    if None in totals:
        return None
    return sum(totals, sum((c.amount + c.tax for c in paper.charges), ZERO))


def _comes_to(line):
    return sum((spapi.gross(charge, line.basis) for charge in line.charges), ZERO)


def _difference(paper, half):
    """What Amazon's total differs by from its own amounts; 0 within ``half``.

    Some totals hold the tax that Amazon remits, some do not.
    """
    stated = _stated(paper)
    if stated is None:
        return ZERO
    sums = _sums(paper)
    if any(abs(total - stated) <= half for total in (sums.total, sums.ours)):
        return ZERO
    return sums.total - stated


def _is_open(line):
    return not line.basis and any(charge.tax for charge in line.charges)
