from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from odoo import api, models

from .. import edi
from ..seller_amounts import ITEM, ZERO, Booked
from .document_seller_money import booked, smallest
from .product_match import AMBIGUOUS, COMBO, CONFLICT
from .tax_finder import Place

SHIPPING, GIFT_WRAP, DISCOUNT = "SHIPPING", "GIFT_WRAP", "DISCOUNT"
SERVICES = (SHIPPING, GIFT_WRAP, DISCOUNT, "COD_FEE", "DELIVERY_TIP", "OTHER")
# charges for each piece; of the others there is one
PER_PIECE = (ITEM, GIFT_WRAP)


@dataclass
class SellerLine:
    """A line of the sale order to be: an amount of Amazon's.

    ``product`` is empty until the service is known that stands for a charge. ``item``
    is the product it belongs to, ``detail`` what its description says besides;
    ``numbers`` are Amazon's orderItemIds.
    """

    booked: Booked
    product: Any
    tax: Any
    quantity: Decimal
    position: int
    numbers: tuple = ()
    item: Any = None
    detail: tuple = ()


@dataclass
class SellerPlan:
    """What becomes of an order: its lines, or all that stands against it.

    ``problems`` are pairs of a reason code and its text, ``total`` is what the order
    must come to, ``tax`` how much of that is tax.
    """

    lines: list = field(default_factory=list)
    commands: list = field(default_factory=list)
    problems: list = field(default_factory=list)
    missing: dict = field(default_factory=dict)
    order_values: dict = field(default_factory=dict)
    fiscal_position: Any = None
    total: Decimal = ZERO
    tax: Decimal = ZERO


class SaleOrderLine(models.Model):
    """The lines of a seller's order: products, and every other amount beside them."""

    _inherit = "sale.order.line"

    @api.model
    def _amazon_b2b_seller_plan(self, papers):
        """{document: :class:`SellerPlan`}, everything looked up for the whole batch.

        :param papers: {document: :class:`spapi.SellerOrder`} of one company
        """
        if not papers:
            return {}
        papers = {d: d._with_basis(paper) for d, paper in papers.items()}
        matches = self._amazon_b2b_match_seller(papers)
        positions = self.env["account.fiscal.position"]._amazon_b2b_positions(papers)
        taxes = self.env["amazon.b2b.tax.mapping"]._finder(self.env.company)
        places = self._amazon_b2b_places(papers, positions)
        services = self._amazon_b2b_services(papers)
        plans = {}
        for document, paper in papers.items():
            plan = plans[document] = SellerPlan(fiscal_position=positions[document])
            self._amazon_b2b_plan_order(
                plan, document, paper, matches[document], places[document], taxes
            )
            document._add_total(plan, paper)
            if not plan.problems:
                self._amazon_b2b_plan_values(plan, document, services[document])
        return plans

    @api.model
    def _amazon_b2b_match_seller(self, papers):
        """{document: {orderItemId: :class:`Match`}}"""
        rows = [(d, line) for d, paper in papers.items() for line in paper.lines]
        found = self.env["amazon.b2b.product.mapping"]._match(
            self.env.company,
            [(d.connection_id, _identifiers(line)) for d, line in rows],
        )
        matches = {document: {} for document in papers}
        for (document, line), match in zip(rows, found, strict=True):
            matches[document][line.number] = match
        return matches

    @api.model
    def _amazon_b2b_places(self, papers, positions):
        """{document: {orderItemId, or ``""`` for the order itself: :class:`Place`}}

        Goods leave from where Amazon says that they or their parcel left, else from
        the marketplace's warehouse.
        """
        positioning = self.env["account.fiscal.position"]
        countries = positioning._amazon_b2b_countries(papers.values())
        places = {}
        for document, paper in papers.items():
            marketplace = document.marketplace_id
            home = (
                marketplace.warehouse_id.partner_id.country_id
                or document.company_id.account_fiscal_country_id
                or document.company_id.country_id
            )
            left = {
                part.line: parcel.ship_from_country
                for parcel in paper.parcels
                for part in parcel.items
                if parcel.ship_from_country
            }
            left |= {
                line.number: line.ship_from_country
                for line in paper.lines
                if line.ship_from_country
            }
            address = paper.address
            to = (address and countries.get(address.country)) or marketplace.country_id
            places[document] = {
                number: Place(
                    to,
                    countries.get(left.get(number), home),
                    scheme,
                    marketplace,
                    positions[document],
                )
                for number, scheme in [
                    ("", ""),
                    *((line.number, line.reporting_scheme) for line in paper.lines),
                ]
            }
        return places

    @api.model
    def _amazon_b2b_plan_order(self, plan, document, paper, matches, places, taxes):
        unit = smallest(document)
        known, untaxed, unknown = [], [], []
        for position, line in enumerate(paper.lines, 1):
            match = matches[line.number]
            if match.problem:
                plan.problems.append(("product", self._amazon_b2b_unknown(line, match)))
                unknown.append((position, line, match))
            charges = booked(line)
            if not line.quantity:
                if any(charge.net or charge.tax for charge in charges):
                    plan.problems.append(("content", self._amazon_b2b_of_nothing(line)))
                continue
            found, problem = taxes.find(
                places[line.number], charges, line.quantity, unit, known
            )
            if problem:
                untaxed.append((line, problem))
                continue
            plan.lines += self._amazon_b2b_charge_lines(
                position, line, charges, match.product, found
            )
        self._amazon_b2b_plan_own_charges(plan, paper, places[""], taxes, unit, known)
        plan.lines = _one_shipping_line(plan.lines)
        if not plan.lines and not plan.problems and not untaxed:
            text = self.env._("The order has no lines.")
            plan.problems.append(("content", text))
        for line, problem in untaxed:
            text = self._amazon_b2b_untaxed(line, problem)
            if ("tax", text) not in plan.problems:
                plan.problems.append(("tax", text))
        plan.missing = _missing(unknown, [problem for _line, problem in untaxed])

    @api.model
    def _amazon_b2b_charge_lines(self, position, line, charges, product, taxes):
        if not any(charge.kind == ITEM for charge in charges):
            charges = [Booked(ITEM, "", ZERO, ZERO), *charges]  # given for nothing
        for charge in charges:
            if charge.kind != ITEM and not charge.net and not charge.tax:
                continue
            details = {
                GIFT_WRAP: (line.gift_wrap,),
                DISCOUNT: line.promotions,
                "OTHER": (charge.of,),
            }
            yield SellerLine(
                charge,
                product if charge.kind == ITEM else None,
                taxes.get(charge.group, self.env["account.tax"]),
                line.quantity if charge.group in PER_PIECE else Decimal(1),
                position,
                (line.number,),
                product,
                details.get(charge.kind, ()),
            )

    @api.model
    def _amazon_b2b_plan_own_charges(self, plan, paper, place, taxes, unit, known):
        """What the order is charged beside its lines, as a tip."""
        own = [Booked(c.kind, c.of, c.amount, c.tax) for c in paper.charges]
        found, problem = taxes.find(place, own, Decimal(1), unit, known)
        if problem:
            plan.problems.append(("tax", self._amazon_b2b_untaxed(None, problem)))
            return
        for charge in own:
            plan.lines.append(
                SellerLine(
                    charge,
                    None,
                    found[charge.group],
                    Decimal(1),
                    len(paper.lines) + 1,
                    detail=(charge.of,) if charge.kind == "OTHER" else (),
                )
            )

    @api.model
    def _amazon_b2b_services(self, papers):
        """{document: {kind of charge: the service that stands for it}}

        Shipping is the delivery method's service where the order's shipping option has
        a method, gift wrap the one that its row of the options names.
        """
        own = {
            kind: self.env.ref(f"amazon_b2b_connector.product_{kind.lower()}")
            for kind in SERVICES
        }
        options = self.env["amazon.b2b.shipping.option"]
        chosen = options._of_papers(papers)
        wraps = options.search(
            [
                ("connection_id", "in", [d.connection_id.id for d in papers]),
                ("kind", "=", "gift_wrap"),
            ]
        )
        wraps = {row.connection_id: row.product_id for row in wraps}
        return {
            document: {
                **own,
                SHIPPING: option.effective_carrier_id.product_id or own[SHIPPING],
                GIFT_WRAP: wraps.get(document.connection_id) or own[GIFT_WRAP],
            }
            for document, option in chosen.items()
        }

    # in words

    @api.model
    def _amazon_b2b_unknown(self, line, match):
        texts = {
            AMBIGUOUS: self.env._("SKU %(sku)s (%(title)s) fits several products."),
            CONFLICT: self.env._("SKU %(sku)s and ASIN %(asin)s mean other products."),
            COMBO: self.env._(
                "SKU %(sku)s (%(title)s) is a combo: a person chooses its parts. Map "
                "it to a product or a kit."
            ),
        }
        nothing = (
            self.env._("SKU %(sku)s (ASIN %(asin)s, %(title)s) has no product.")
            if line.asin
            else self.env._("SKU %(sku)s (%(title)s) has no product.")
        )
        text = texts.get(match.problem) or nothing
        return text % {"sku": line.sku, "asin": line.asin, "title": line.title}

    @api.model
    def _amazon_b2b_of_nothing(self, line):
        return self.env._(
            "SKU %(sku)s: Amazon charges for 0 pieces. Compare with Seller Central.",
            sku=line.sku,
        )

    @api.model
    def _amazon_b2b_untaxed(self, line, problem):
        place, taxes = problem.place, problem.candidates
        says = {
            "rate": f"{problem.rate.normalize():f}",
            "country": place.country.code or "?",
            "ship_from": place.ship_from.code or "?",
            "scheme": f" ({place.scheme})" if place.scheme else "",
            "sku": line.sku if line else self.env._("the order"),
            "taxes": ", ".join(taxes.mapped("display_name")),
        }
        if len(taxes) == 1:
            text = self.env._(
                "Tax of %(rate)s %% to %(country)s from %(ship_from)s%(scheme)s on "
                "%(sku)s: %(taxes)s is of another country than the order's fiscal "
                "position. Odoo books it only with one that has a foreign tax ID "
                "there: choose it on the marketplace, then “Process again”."
            )
        elif taxes:
            text = self.env._(
                "Tax of %(rate)s %% to %(country)s from %(ship_from)s%(scheme)s on "
                "%(sku)s: several taxes fit, %(taxes)s. Add a row that names one."
            )
        else:
            text = self.env._(
                "Tax of %(rate)s %% to %(country)s from %(ship_from)s%(scheme)s on "
                "%(sku)s: no sale tax fits. Add a row that names it, or the tax."
            )
        return text % says


def _one_shipping_line(lines):
    """The lines with one shipping line, and one discount on it, for each tax."""
    kept, merged = [], {}
    for line in lines:
        if line.booked.group != SHIPPING:
            kept.append(line)
            continue
        key = (line.booked.kind, line.tax)
        if key not in merged:
            kept.append(line)
            merged[key] = line
            continue
        first = merged[key]
        first.booked = first.booked._replace(
            net=first.booked.net + line.booked.net,
            tax=first.booked.tax + line.booked.tax,
        )
        first.numbers += line.numbers
        first.detail += tuple(text for text in line.detail if text not in first.detail)
    return kept


def _identifiers(line):
    """The identifiers of a line, as the table of product mappings knows them.

    A seller's SKU may be the internal reference or the barcode.
    """
    named = [("SK", line.sku), ("BP", line.asin)]
    if line.sku.isdigit():
        named.append(("EN", line.sku))
    return tuple(edi.Identifier(qualifier=q, value=v) for q, v in named if v)


def _missing(unknown, untaxed):
    """For programs: what mappings must name."""
    taxes = []
    for problem in untaxed:
        if problem.missing not in taxes:
            taxes.append(problem.missing)
    return {
        "lines": [
            {
                "position": position,
                "problem": "product",
                "identifiers": [[i.qualifier, i.value] for i in _identifiers(line)],
                "unit": "EA",
                "product_id": match.product.id if match.product else False,
            }
            for position, line, match in unknown
        ],
        "taxes": taxes,
    }
