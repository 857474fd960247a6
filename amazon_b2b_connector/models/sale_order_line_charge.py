from odoo import Command, api, fields, models

from .. import spapi
from ..exact import exact
from ..seller_amounts import ITEM, Amounts, line_data, part_data
from .document_seller_money import smallest
from .sale_order_line_seller import DISCOUNT, GIFT_WRAP, SHIPPING


class SaleOrderLine(models.Model):
    """Amazon's amounts as values of sale order lines, complete, so that Odoo computes
    none of them.

    ``extra_tax_data`` carries Amazon's net amount and tax, for its quantity and
    price; Odoo books exactly these as long as quantity, price and taxes stay.
    """

    _inherit = "sale.order.line"

    amazon_b2b_charge_of = fields.Char(
        "Discount On", copy=False, help="Which charge a discount reduces."
    )

    @api.model
    def _amazon_b2b_plan_values(self, plan, document, services):
        currency = document.marketplace_id.currency_id
        unit = smallest(document)
        for line in plan.lines:
            line.product = line.product or services[line.booked.kind]
            values = self._amazon_b2b_charge_values(line, currency, unit)
            plan.commands.append(Command.create(values))

    @api.model
    def _amazon_b2b_charge_values(self, line, currency, unit):
        charge, tax = line.booked, line.tax
        parts = tax.flatten_taxes_hierarchy() if tax else tax
        included = bool(parts) and all(part.price_include for part in parts)
        amounts = Amounts(charge.net, _tax_amounts(charge, parts, unit))
        return {
            "sequence": line.position,
            "product_id": line.product.id,
            "product_uom_qty": float(line.quantity),
            "product_uom_id": line.product.uom_id.id,
            **line_data(currency.id, unit, line.quantity, amounts, included),
            # never equal to a price, else Odoo takes it as its own and recomputes it
            "technical_price_unit": -1.0,
            "discount": 0.0,
            "tax_ids": [Command.set(tax.ids)],
            "customer_lead": line.product.sale_delay,
            "is_delivery": charge.kind == SHIPPING,
            "amazon_b2b_item_number": " ".join(line.numbers),
            "amazon_b2b_charge": charge.kind,
            "amazon_b2b_charge_of": charge.kind == DISCOUNT and charge.group,
        }

    # what depends on the customer

    @api.model
    def _amazon_b2b_describe_seller(self, plans, customers):
        """Add to each planned line its description in the customer's language, and
        its analytic distribution.

        :param plans: {document: :class:`SellerPlan`}
        :param customers: {document: :class:`.res_partner_seller.Customer`}
        """
        describe = self._amazon_b2b_describer()
        for document, plan in plans.items():
            customer = customers[document].partner
            for line, (_code, _id, values) in zip(
                plan.lines, plan.commands, strict=True
            ):
                values |= describe(line.product, customer)
                if line.booked.kind != ITEM:
                    item = line.item and describe(line.item, customer)["name"]
                    names = self.with_context(lang=customer.lang or self.env.lang)
                    values["name"] = names._amazon_b2b_charge_name(
                        line, values["name"], item
                    )

    @api.model
    def _amazon_b2b_charge_name(self, line, name, item):
        charge, env = line.booked, self.env
        detail = ", ".join(filter(None, line.detail))
        if charge.kind == DISCOUNT:
            texts = {
                ITEM: env._("Discount on %s", item),
                SHIPPING: env._("Discount on shipping"),
                GIFT_WRAP: env._("Discount on gift wrap of %s", item),
            }
            name = texts.get(charge.group, name)
        elif charge.kind == GIFT_WRAP:
            name = env._("Gift wrap of %s", item)
        return f"{name} ({detail})" if detail else name

    # Odoo's own prices, discounts and taxes never replace Amazon's

    def _amazon_b2b_not_amazons(self):
        return self.filtered(lambda line: not line.amazon_b2b_charge)

    @api.depends("amazon_b2b_charge")
    def _compute_discount(self):
        return super(SaleOrderLine, self._amazon_b2b_not_amazons())._compute_discount()

    @api.depends("amazon_b2b_charge")
    def _compute_tax_ids(self):
        return super(SaleOrderLine, self._amazon_b2b_not_amazons())._compute_tax_ids()

    @api.depends("amazon_b2b_charge")
    def _compute_price_unit(self):
        return super(
            SaleOrderLine, self._amazon_b2b_not_amazons()
        )._compute_price_unit()


def _tax_amounts(charge, parts, unit):
    """Amazon's tax on the taxes that make up Odoo's, by their rates."""
    if not parts:
        return {}
    digits = max(-unit.normalize().as_tuple().exponent, 0)
    shares = spapi.spread(charge.tax, [exact(part.amount) for part in parts], digits)
    return dict(zip(map(str, parts.ids), shares, strict=True))


def split_values(values, quantity):
    """The values of a line as those of two, ``quantity`` and the rest of it, which
    come to the same amounts."""
    data = values["extra_tax_data"]
    rest = float(exact(data["quantity"]) - exact(quantity))
    return [
        {**values, "product_uom_qty": part, **part_data(data, before, part)}
        for before, part in ((0.0, quantity), (quantity, rest))
    ]
