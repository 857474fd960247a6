from odoo import api, models
from odoo.fields import Command
from odoo.tools import float_compare, split_every

from .sale_order_line_plan import identifier_text

# products asked of a pricelist at once: it goes through all rules for each product
CHUNK = 100


class SaleOrderLine(models.Model):
    """The values of the lines, complete, so that Odoo computes none of them by line."""

    _inherit = "sale.order.line"

    @api.model
    def _amazon_b2b_add_lines(self, orders, plans):
        """Add the lines to the values of orders.

        :param orders: values of ``sale.order.create``
        :param plans: for each of them its list of :class:`Planned`
        """
        ordered = [
            (order, planned)
            for order, plan in zip(orders, plans, strict=True)
            for planned in plan
            if not planned.answer
        ]
        prices = self._amazon_b2b_list_prices(ordered)
        describe = self._amazon_b2b_describer()
        for order, plan in zip(orders, plans, strict=True):
            order["order_line"] = []
            customer = self.env["res.partner"].browse(order["partner_id"])
            for planned in plan:
                if planned.answer:
                    values = self._amazon_b2b_note_values(planned)
                else:
                    values = {
                        **self._amazon_b2b_line_values(planned),
                        **self._amazon_b2b_price_values(
                            order, planned, prices[_price_key(order, planned)]
                        ),
                        **describe(planned.product, customer),
                    }
                order["order_line"].append(Command.create(values))

    @api.model
    def _amazon_b2b_line_values(self, planned):
        quantity = float(planned.line.quantity)
        return {
            "sequence": planned.position,
            "product_id": planned.product.id,
            "product_uom_qty": quantity,
            "product_uom_id": planned.uom.id,
            "tax_ids": [Command.set(planned.taxes.ids)],
            "discount": 0.0,
            "customer_lead": planned.product.sale_delay,
            "amazon_b2b_position": planned.position,
            "amazon_b2b_line_number": planned.line.number,
            "amazon_b2b_ordered_qty": quantity,
            "amazon_b2b_product_id": planned.product.id,
            "amazon_b2b_uom_id": planned.uom.id,
        }

    @api.model
    def _amazon_b2b_note_values(self, planned):
        """A line that is answered instead of ordered is a note on the order."""
        line = planned.line
        return {
            "display_type": "line_note",
            "sequence": planned.position,
            "name": self.env._(
                "Line %(line)s, %(quantity)s %(unit)s of %(identifiers)s, is not "
                "ordered. Amazon is answered: %(code)s",
                line=line.number,
                quantity=line.quantity,
                unit=line.unit,
                identifiers=identifier_text(line),
                code=planned.answer.display_name,
            ),
            "amazon_b2b_position": planned.position,
            "amazon_b2b_line_number": line.number,
            "amazon_b2b_ordered_qty": float(line.quantity),
            "amazon_b2b_price": float(line.price or 0),
            "amazon_b2b_answer_code_id": planned.answer.id,
        }

    @api.model
    def _amazon_b2b_describer(self):
        """A function of product and customer: the values of a line that follow from
        them, each asked for once."""
        distribution_key = self._amazon_b2b_distribution_key()
        names, distributions = {}, {}

        def describe(product, customer):
            name = (product, customer.lang)
            if name not in names:
                names[name] = self._amazon_b2b_name(*name)
            key = distribution_key(product, customer)
            if key not in distributions:
                distributions[key] = self._amazon_b2b_distribution(product, customer)
            return {
                "name": names[name],
                "analytic_distribution": distributions[key],
            }

        return describe

    @api.model
    def _amazon_b2b_name(self, product, lang):
        if lang:
            product = product.with_context(lang=lang)
        return product.get_product_multiline_description_sale()

    # prices

    @api.model
    def _amazon_b2b_price_values(self, order, planned, list_price):
        """Amazon's price, and whether it is further from ours than tolerated.

        A line without a price takes ours, and asks as well.
        """
        price = planned.line.price
        known = price is not None
        connection = self.env["amazon.b2b.connection"].browse(
            order["amazon_b2b_connection_id"]
        )
        price = float(price * planned.pieces(connection)) if known else list_price
        tolerated = abs(list_price) * connection.price_tolerance / 100
        digits = self.env["decimal.precision"].precision_get("Product Price")
        differs = float_compare(abs(price - list_price), tolerated, digits) > 0
        return {
            "price_unit": price,
            # Never equal to a price: Odoo takes a price that equals this one as its
            # own, and puts the pricelist's back when only the quantity is written.
            "technical_price_unit": -1.0,
            "amazon_b2b_price": price if known else 0.0,
            "amazon_b2b_is_unpriced": not known,
            "amazon_b2b_price_differs": differs or not known,
        }

    @api.model
    def _amazon_b2b_list_prices(self, ordered):
        """{price key: our price in the order's currency for one of its unit}.

        :param ordered: list of (values of the order, :class:`Planned`)
        """
        groups = {}
        breaks = self._amazon_b2b_has_price_breaks()
        for order, planned in ordered:
            pricelist, product, uom, quantity = key = _price_key(order, planned)
            group = (pricelist, uom, float(quantity) if breaks else 1.0)
            groups.setdefault(group, {}).setdefault(product, []).append(key)
        prices = {}
        for (pricelist_id, uom, quantity), by_product in groups.items():
            pricelist = self.env["product.pricelist"].browse(pricelist_id)
            for products in split_every(CHUNK, by_product):
                found = pricelist._get_products_price(
                    self.env["product.product"].union(*products),
                    quantity,
                    uom=uom,
                    currency=pricelist.currency_id or self.env.company.currency_id,
                )
                for product in products:
                    for key in by_product[product]:
                        prices[key] = found[product.id]
        return prices

    @api.model
    def _amazon_b2b_has_price_breaks(self):
        """Whether any price depends on the quantity; else one asking answers all."""
        return bool(
            self.env["product.pricelist.item"].search_count(
                [("min_quantity", ">", 0)], limit=1
            )
        )

    # analytic distribution

    @api.model
    def _amazon_b2b_distribution_key(self):
        """What the analytic distribution depends on, as a function of product and
        customer: the product counts only where a model names one."""
        models_found = self.env["account.analytic.distribution.model"].search(
            [("company_id", "in", [self.env.company.id, False])]
        )
        if not models_found:
            return lambda product, customer: None
        if not models_found.product_id and not models_found.product_categ_id:
            return lambda product, customer: customer
        return lambda product, customer: (product, customer)

    @api.model
    def _amazon_b2b_distribution(self, product, customer):
        return self.env["account.analytic.distribution.model"]._get_distribution(
            {
                "product_id": product.id,
                "product_categ_id": product.categ_id.id,
                "partner_id": customer.id,
                "partner_category_id": customer.category_id.ids,
                "company_id": self.env.company.id,
            }
        )


def _price_key(order, planned):
    return (
        order["pricelist_id"],
        planned.product,
        planned.uom,
        planned.line.quantity,
    )
