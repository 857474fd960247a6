from typing import Any, NamedTuple

from odoo import api, models

from .. import edi


class Planned(NamedTuple):
    """What becomes of one line of a purchase order.

    It is ordered (``product``, ``uom``, ``taxes``), refused (``answer``), or it
    cannot be judged yet (``problem`` is a reason code with its ``text``).
    """

    position: int
    line: Any
    product: Any = None
    uom: Any = None
    taxes: Any = None
    answer: Any = None
    problem: str = ""
    text: str = ""

    def pieces(self, connection):
        """How many pieces Amazon's price is multiplied by for one ordered unit; of a
        line that is not ordered what it says itself (PO401)."""
        if self.uom:
            return self.uom._amazon_b2b_pieces(connection, self.line)
        per_piece = edi.is_per_piece(self.line.unit, self.line.price_basis)
        return self.line.pack if per_piece and self.line.pack else 1


class SaleOrderLine(models.Model):
    """What each line of a purchase order becomes, looked up for a whole batch."""

    _inherit = "sale.order.line"

    @api.model
    def _amazon_b2b_plan(self, papers, heads):
        """{document: its lines as :class:`Planned`}.

        :param papers: {document: :class:`edi.PurchaseOrder`}
        :param heads: {document: values of the order, empty while they are unknown}
        """
        rows = [
            (document, position, line)
            for document, paper in papers.items()
            for position, line in enumerate(paper.lines, 1)
        ]
        matches = self.env["amazon.b2b.product.mapping"]._match(
            self.env.company,
            [(document.connection_id, line.identifiers) for document, _p, line in rows],
        )
        answers = self.env["amazon.b2b.document"].union(*papers)._chosen_answers()
        units, taxes = {}, {}
        plans = {document: [] for document in papers}
        for (document, position, line), match in zip(rows, matches, strict=True):
            planned = Planned(position, line, product=match.product)
            answer = answers[document].get(position) or match.answer
            if answer:
                planned = planned._replace(answer=answer)
            elif match.problem:
                text = self._amazon_b2b_product_text(match.problem, line)
                planned = planned._replace(problem="product", text=text)
            else:
                planned = self._amazon_b2b_plan_unit(planned, match, units)
                planned = self._amazon_b2b_plan_taxes(planned, heads[document], taxes)
            plans[document].append(planned)
        return plans

    @api.model
    def _amazon_b2b_product_text(self, problem, line):
        facts = {
            "line": line.number,
            "identifiers": identifier_text(line),
            "description": line.description,
        }
        return {
            "unknown": self.env._(
                "Line %(line)s: no product has %(identifiers)s %(description)s", **facts
            ),
            "ambiguous": self.env._(
                "Line %(line)s: several products have %(identifiers)s", **facts
            ),
            "conflict": self.env._(
                "Line %(line)s: %(identifiers)s point to different products", **facts
            ),
            "unnamed": self.env._(
                "Line %(line)s names no product. Answer it by “Solve”, with the code "
                "for an invalid identifier. %(description)s",
                **facts,
            ),
            "combo": self.env._(
                "Line %(line)s: %(identifiers)s is a combo, of which a person chooses "
                "the parts. Map it to a product or a kit.",
                **facts,
            ),
        }[problem].strip()

    # units

    @api.model
    def _amazon_b2b_plan_unit(self, planned, match, units):
        """Find the unit of an ordered line; ``units`` remembers them for the batch."""
        line = planned.line
        # one of the product; every other unit needs a pack size
        is_each = line.unit == edi.EACH
        product, pack_size = match.product, 1 if is_each else match.pack_size
        key = (product.uom_id, product.uom_ids, pack_size)
        if key not in units:
            units[key] = self._amazon_b2b_unit(*key)
        uom, digits = units[key]
        if not uom:
            text = self._amazon_b2b_unit_text(line, product, pack_size)
            return planned._replace(problem="unit", text=text)
        # the exponent of a Decimal counts its places after the point, negative
        if line.quantity <= 0 or line.quantity.as_tuple().exponent < -digits:
            text = self.env._(
                "Line %(line)s: %(quantity)s %(unit)s cannot be ordered",
                line=line.number,
                quantity=line.quantity,
                unit=line.unit,
            )
            return planned._replace(problem="unit", text=text)
        return planned._replace(uom=uom)

    @api.model
    def _amazon_b2b_unit(self, own, packagings, pack_size):
        """The unit of ``pack_size`` eaches of a product counted in ``own``, empty where
        there is none, and the decimal places of quantities."""
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        units = self.env["uom.uom"]
        if not pack_size or not own._has_common_reference(units._amazon_b2b_each()):
            return units, digits
        return units._amazon_b2b_case(packagings, pack_size), digits

    @api.model
    def _amazon_b2b_unit_text(self, line, product, pack_size):
        if not pack_size:
            return self.env._(
                "Line %(line)s: how many of %(product)s are in one %(unit)s?",
                line=line.number,
                product=product.display_name,
                unit=line.unit or "–",
            )
        return self.env._(
            "Line %(line)s: %(product)s is counted in %(unit)s, which is no number of "
            "pieces",
            line=line.number,
            product=product.display_name,
            unit=product.uom_id.name,
        )

    # taxes

    @api.model
    def _amazon_b2b_plan_taxes(self, planned, head, known):
        """Find the taxes of an ordered line; ``known`` remembers them for the batch.

        Amazon's cost is without tax: a tax that is included in the price would make
        the order cheaper than Amazon's.
        """
        if planned.problem or not head:
            return planned
        product = planned.product
        key = (
            product.taxes_id,
            head["fiscal_position_id"],
            head["partner_shipping_id"],
        )
        if key not in known:
            known[key] = self._amazon_b2b_taxes(*key)
        taxes = known[key]
        included = taxes.filtered("price_include")
        if included:
            text = self.env._(
                "Line %(line)s: %(tax)s is included in the price of %(product)s, but "
                "Amazon's price is without tax. Give the vendor code a fiscal position "
                "that replaces it.",
                line=planned.line.number,
                tax=", ".join(included.mapped("name")),
                product=product.display_name,
            )
            return planned._replace(problem="content", text=text)
        return planned._replace(taxes=taxes)

    @api.model
    def _amazon_b2b_taxes(self, taxes, position_id, address_id):
        """The taxes after the fiscal position. Where none applies, an order inside
        the United States has no taxes: sales to a reseller are exempt there."""
        position = self.env["account.fiscal.position"].browse(position_id)
        address = self.env["res.partner"].browse(address_id)
        country = address.country_id or self.env.company.country_id
        if not position and country.code == "US":
            return taxes.browse()
        ours = taxes._filter_taxes_by_company(self.env.company)
        return position.map_tax(ours)


def identifier_text(line):
    """The identifiers of a line for a person: ``UP 012345678905, BP B000123``."""
    return ", ".join(f"{i.qualifier} {i.value}" for i in line.identifiers) or "–"
