from odoo import api, fields, models

from .sale_order_line_charge import split_values


class SaleOrder(models.Model):
    """Confirming sellers' orders: with deliveries of ours where we ship; as delivered
    where the goods left before, or leave Amazon's own warehouse."""

    _inherit = "sale.order"

    def _amazon_b2b_confirm_seller(self):
        """Confirm a batch; test orders stay quotations."""
        real = self.filtered(lambda o: not o.amazon_b2b_seller_document_id.is_test)
        real.with_context(send_email=False).action_confirm()
        real._amazon_b2b_from_amazons_warehouse()

    def _prepare_confirmation_values(self):
        """An order's date is when it was placed at Amazon, not when it came here."""
        values = super()._prepare_confirmation_values()
        if all(order.amazon_b2b_marketplace_id for order in self):
            values.pop("date_order", None)
        return values

    @api.model
    def _amazon_b2b_shipped_commands(self, document, paper, plan, gone_of):
        """The plan's lines, each with what has left without a delivery of ours.

        Where only a part has left, the line is two: ours to deliver is the rest,
        unless that was cancelled or nothing more leaves.

        :param gone_of: {orderItemId: quantity that has left so}
        """
        without_moves = paper.fulfilled_by != "AMAZON" or (
            document.marketplace_id.fba_is_shipped
        )
        gone_of = {**gone_of}
        closed = {
            line.number
            for line in paper.lines
            if line.cancelled_by or paper.status == "SHIPPED"
        }
        commands = []
        for command, record_id, values in plan.commands:
            number = values["amazon_b2b_item_number"]
            gone = 0.0
            if values["amazon_b2b_charge"] == "ITEM":
                gone = min(gone_of.get(number, 0.0), values["product_uom_qty"])
                gone_of[number] = gone_of.get(number, 0.0) - gone
            elif paper.status == "SHIPPED":
                gone = values["product_uom_qty"]
            rest = values["product_uom_qty"] - gone
            shipped = {
                "amazon_b2b_shipped_qty": gone,
                "amazon_b2b_no_moves": without_moves,
                # has a default, so Odoo does not compute it for a new line
                "qty_delivered": gone if without_moves else 0.0,
            }
            whole = not rest or number in closed
            if paper.fulfilled_by == "AMAZON" or (gone and whole):
                commands.append((command, record_id, {**values, **shipped}))
            elif not gone:
                commands.append((command, record_id, values))
            else:
                first, second = split_values(values, gone)
                commands.append((command, record_id, {**first, **shipped}))
                commands.append((command, record_id, second))
        return commands

    # goods in Amazon's warehouse, where they are wanted in Odoo's stock

    def _amazon_b2b_from_amazons_warehouse(self):
        """Move what Amazon shipped out of the location for its warehouse."""
        orders = self.filtered(
            lambda order: (
                order.amazon_b2b_fulfilled_by == "AMAZON"
                and not order.amazon_b2b_marketplace_id.fba_is_shipped
            )
        )
        for order in orders:
            order.order_line._amazon_b2b_ship_from_amazon()


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    amazon_b2b_shipped_qty = fields.Float(
        "Shipped by Amazon",
        digits="Product Unit",
        copy=False,
        help="What Amazon says has left, without a delivery of ours.",
    )

    @api.depends("amazon_b2b_no_moves")
    def _compute_qty_delivered_method(self):
        """What left without a delivery of ours is delivered because Amazon says so."""
        result = super()._compute_qty_delivered_method()
        self.filtered("amazon_b2b_no_moves").qty_delivered_method = "manual"
        return result

    @api.depends("amazon_b2b_no_moves", "amazon_b2b_shipped_qty")
    def _compute_qty_delivered(self):
        return super()._compute_qty_delivered()

    def _prepare_qty_delivered(self):
        delivered = super()._prepare_qty_delivered()
        for line in self.filtered("amazon_b2b_no_moves"):
            delivered[line] = line.amazon_b2b_shipped_qty
        return delivered

    def _action_launch_stock_rule(self, *, previous_product_uom_qty=False):
        """Nothing is delivered from here of what Amazon ships or has shipped."""
        ours = self.filtered(
            lambda line: (
                not line.amazon_b2b_no_moves and not line._amazon_b2b_ships_amazon()
            )
        )
        return super(SaleOrderLine, ours)._action_launch_stock_rule(
            previous_product_uom_qty=previous_product_uom_qty
        )

    def _amazon_b2b_ships_amazon(self):
        return self.order_id.amazon_b2b_fulfilled_by == "AMAZON"

    def _amazon_b2b_ship_from_amazon(self):
        """Done moves from Amazon's warehouse to the customer for what has left and is
        not moved yet; lots and serial numbers are not asked for."""
        for line in self.filtered(lambda o: o.product_id.type == "consu"):
            moved = sum(
                line.move_ids.filtered(lambda m: m.state == "done").mapped("quantity")
            )
            left = line.amazon_b2b_shipped_qty - moved
            if left <= 0:
                continue
            marketplace = line.order_id.amazon_b2b_marketplace_id
            operation = marketplace._fba_operation_type()
            move = self.env["stock.move"].create(
                {
                    "product_id": line.product_id.id,
                    "product_uom": line.product_uom_id.id,
                    "product_uom_qty": left,
                    "quantity": left,
                    "picked": True,
                    "company_id": line.company_id.id,
                    "picking_type_id": operation.id,
                    "location_id": operation.default_location_src_id.id,
                    "location_dest_id": operation.default_location_dest_id.id,
                    "origin": line.order_id.name,
                    "partner_id": line.order_id.partner_shipping_id.id,
                    "sale_line_id": line.id,
                    "date": fields.Datetime.now(),
                }
            )
            move._action_done()


class Marketplace(models.Model):
    _inherit = "amazon.b2b.marketplace"

    def _fba_operation_type(self):
        """The operation that goods leave Amazon's warehouse by; made on first use."""
        location = self.fba_location_id or self._fba_location()
        types = self.env["stock.picking.type"].sudo()
        found = types.search(
            [
                ("company_id", "=", self.company_id.id),
                ("default_location_src_id", "=", location.id),
                ("code", "=", "outgoing"),
                ("use_create_lots", "=", False),
                ("use_existing_lots", "=", False),
            ],
            limit=1,
        )
        if found:
            return found
        self.company_id._amazon_b2b_make_alone()
        customers = self.env.ref("stock.stock_location_customers")
        return types.create(
            {
                "name": self.env._("Fulfilment by Amazon"),
                "code": "outgoing",
                "sequence_code": "FBA",
                "company_id": self.company_id.id,
                "warehouse_id": False,
                "default_location_src_id": location.id,
                "default_location_dest_id": customers.id,
                "use_create_lots": False,
                "use_existing_lots": False,
            }
        )

    def _fba_location(self):
        """The company's location for Amazon's warehouse; made on first use."""
        locations = self.env["stock.location"].sudo()
        values = {
            "name": self.env._("Amazon (FBA)"),
            "usage": "internal",
            "company_id": self.company_id.id,
            "location_id": False,
        }
        same = [(name, "=", values[name]) for name in ("name", "company_id")]
        known = locations.search(same, limit=1)
        if known:
            return known
        self.company_id._amazon_b2b_make_alone()
        return locations.create(values)
