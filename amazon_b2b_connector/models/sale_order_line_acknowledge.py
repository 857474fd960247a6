from decimal import Decimal

from odoo import api, fields, models

from ..exact import exact, per_piece


class SaleOrderLine(models.Model):
    """The order lines are set to what was acknowledged."""

    _inherit = "sale.order.line"

    amazon_b2b_backorder_date = fields.Date(
        "Back-ordered For", copy=False, help="The date that Amazon was told."
    )

    def _amazon_b2b_pieces(self, line):
        """How many pieces the price of ``line``, Amazon's, is multiplied by."""
        connection = self.order_id.amazon_b2b_connection_id
        return self.product_uom_id._amazon_b2b_pieces(connection, line)

    def _amazon_b2b_unit_price(self):
        """What one unit costs, as a decimal."""
        return exact(self.price_unit) * (100 - exact(self.discount)) / 100

    def _amazon_b2b_invoiced_price(self, line):
        """What it will be invoiced at in the basis of Amazon's price, as a decimal.

        :param line: the ordered :class:`edi.PurchaseOrderLine`; the spelling of its
            price is kept where that is the same
        """
        self.ensure_one()
        price = per_piece(self._amazon_b2b_unit_price(), self._amazon_b2b_pieces(line))
        if price == line.price:
            return line.price
        # without trailing zeros and without exponent, as a price is written
        return Decimal(f"{price.normalize():f}")

    def _amazon_b2b_price_remark(self):
        if self.amazon_b2b_is_unpriced:
            return self.env._(
                "Amazon named no price, the order says %(ours)g", ours=self.price_unit
            )
        expected = self.with_company(self.company_id)._get_display_price()
        return self.env._(
            "Amazon's price is %(theirs)g, the pricelist says %(ours)g",
            theirs=self.amazon_b2b_price,
            ours=expected,
        )

    def _amazon_b2b_confirm_values(self):
        """What a person is asked about this line when all orders are accepted."""
        code = self.amazon_b2b_answer_code_id
        ordered = self.amazon_b2b_ordered_qty
        return {
            "number": self.order_id.amazon_b2b_number,
            "line_number": self.amazon_b2b_line_number,
            "product": self.product_id.display_name or self.name,
            "ordered_qty": ordered,
            "accepted_qty": 0 if code else ordered,
            "rest_qty": ordered if code else 0,
            "unit": self.product_uom_id.name,
            "later": False,
            "is_final": code.reason == "obsolete",
            "remark": code.display_name if code else self._amazon_b2b_price_remark(),
        }

    def _amazon_b2b_kept_price(self):
        """Price and discount, to be written along with every quantity.

        Else Odoo takes the price as computed and puts the pricelist's back. A price
        counts as typed while it differs from ``technical_price_unit``, so that one is
        never equal to a price.
        """
        return {
            "price_unit": self.price_unit,
            "discount": self.discount,
            "technical_price_unit": -1.0,
        }

    @api.model
    def _amazon_b2b_set_to(self, answered):
        """Set quantities to what was acknowledged.

        :param answered: list of ``AnsweredLine`` of orders that are not rejected
        """
        answered = [a for a in answered if a.order_line]
        whole = {}
        for one in answered:
            accepted = float(one.accepted)
            line = one.order_line
            if line.product_uom_qty == accepted:
                whole.setdefault(accepted, []).append(line.id)
            else:
                line.with_context(amazon_b2b_told=True).write(
                    {
                        "product_uom_qty": accepted,
                        "amazon_b2b_acknowledged_qty": accepted,
                        **line._amazon_b2b_kept_price(),
                    }
                )
        # one write for all lines of the same quantity, however many orders
        for quantity, ids in whole.items():
            self.browse(ids).write({"amazon_b2b_acknowledged_qty": quantity})
        self._amazon_b2b_set_backorders(answered)

    @api.model
    def _amazon_b2b_set_backorders(self, answered):
        """Each back-ordered part is a line of its own, with its own date."""
        later = [a for a in answered if a.backordered]
        old = self._amazon_b2b_old_backorders(answered)
        values = []
        for one in later:
            line = one.order_line
            quantity = float(one.backordered)
            part = old.pop((line.order_id, one.position), None)
            facts = {
                "product_uom_qty": quantity,
                "amazon_b2b_acknowledged_qty": quantity,
                "amazon_b2b_backorder_date": one.answer.rest_date,
                **line._amazon_b2b_kept_price(),
            }
            if part:
                part.with_context(amazon_b2b_told=True).write(facts)
            else:
                values.append(
                    line.copy_data(
                        {
                            **facts,
                            "order_id": line.order_id.id,
                            "sequence": line.sequence,
                            "amazon_b2b_position": one.position,
                            "amazon_b2b_line_number": line.amazon_b2b_line_number,
                            "amazon_b2b_price": line.amazon_b2b_price,
                            "amazon_b2b_is_backorder": True,
                        }
                    )[0]
                )
        if values:
            self.create(values)
        for part in old.values():
            part.with_context(amazon_b2b_told=True).write(
                {
                    "product_uom_qty": 0,
                    "amazon_b2b_acknowledged_qty": 0,
                    **part._amazon_b2b_kept_price(),
                }
            )

    @api.model
    def _amazon_b2b_old_backorders(self, answered):
        """{(order, position): back-ordered part} that an earlier answer made."""
        orders = self.env["sale.order"].browse(
            {a.order_line.order_id.id for a in answered}
        )
        return {
            (line.order_id, line.amazon_b2b_position): line
            for line in orders.order_line
            if line.amazon_b2b_is_backorder
        }

    def _prepare_procurement_values(self):
        """A back-ordered part is due on its own date, not on the order's."""
        values = super()._prepare_procurement_values()
        if self.amazon_b2b_backorder_date:
            due = fields.Datetime.to_datetime(self.amazon_b2b_backorder_date)
            values |= {"date_planned": due, "date_deadline": due}
        return values

    @api.model
    def _amazon_b2b_pick_scanned(self, answered):
        """What was scanned lies there: its moves are picked, nobody scans it twice."""
        for one in answered:
            scanned = min(one.answer.scanned, float(one.accepted))
            if scanned > 0 and one.order_line:
                one.order_line._amazon_b2b_pick(scanned)

    def _amazon_b2b_pick(self, quantity):
        """Mark ``quantity`` (of the line's unit) as picked in the first step."""
        moves = self.move_ids.filtered(
            lambda m: (
                m.state not in ("done", "cancel")
                and m.product_id == self.product_id
                and not m.move_orig_ids
            )
        )
        left = self.product_uom_id._compute_quantity(
            quantity, self.product_id.uom_id, round=False
        )
        for move in moves:
            demand = min(left, move.product_qty)
            if demand > 0:
                move._amazon_b2b_pick(demand)
                left -= demand
