"""Builders for tests of shipping: acknowledged orders, packed deliveries."""

from datetime import timedelta

from odoo import fields
from odoo.tests import new_test_user

from .common import AmazonCase, order_line

UPC, CASE_UPC = "012345678905", "10012345678902"


class ShippingCase(AmazonCase):
    """An order of ten kettles is acknowledged; its delivery waits to be packed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.group_ids += cls.env.ref("stock.group_tracking_lot")
        cls.company.amazon_b2b_gs1_prefix = "4012345"
        cls.company.amazon_b2b_sscc_extension = "3"
        cls.warehouse = cls.env["stock.warehouse"].search(
            [("company_id", "=", cls.company.id)], limit=1
        )
        cls.product.write({"is_storable": True, "weight": 2})
        cls.stock(cls.product, 1000)
        cls.mapping = cls.env["amazon.b2b.shipping.mapping"].create(
            {
                "carrier_name": "Old Dominion",
                "scac": "ODFL",
                "transport_mode": "LT",
                "transit_days": 3,
            }
        )

    @classmethod
    def stock(cls, product, quantity, **values):
        cls.env["stock.quant"]._update_available_quantity(
            product, cls.warehouse.lot_stock_id, quantity, **values
        )

    @classmethod
    def acknowledged_order(cls, *lines, decisions=None, **values):
        """An order that was imported and acknowledged, as ordered by default."""
        today = fields.Date.today()
        window = {
            "deliver_not_before": today,
            "deliver_not_after": today + timedelta(days=10),
        }
        order = cls.import_order(
            *(lines or (order_line(),)), **{**window, **values}
        ).sale_order_id
        answers = decisions and {order.id: decisions}
        order._amazon_b2b_acknowledge(answers)
        return order

    @classmethod
    def picking_of(cls, order):
        picking = order.picking_ids.filtered(
            lambda p: p.state not in ("done", "cancel")
        )
        picking.action_assign()
        return picking

    @classmethod
    def fill(cls, picking, **values):
        """All that the head of a ship notice needs for a truck that Amazon pays."""
        picking.write(
            {
                "amazon_b2b_arn": "1919454926",
                "amazon_b2b_bill_of_lading": "ABCD5-000123",
                "amazon_b2b_pro_number": "77123456",
                **values,
            }
        )

    @classmethod
    def pack(cls, picking, *quantities, move=None):
        """Put so many of each picked move line into a carton of its own."""
        lines = (move or picking.move_ids).move_line_ids
        lines = lines.filtered(lambda line: not line.result_package_id)
        packages = cls.env["stock.package"]
        for quantity in quantities:
            line = lines[0]
            if quantity < line.quantity:
                rest = line.quantity - quantity
                line.quantity = quantity
                lines = line.copy({"quantity": rest, "picked": False}) | lines[1:]
            else:
                lines = lines[1:]
            line.picked = True
            # with a delivery method, Odoo asks for the kind of package first
            packages |= line.with_context(from_package_wizard=True).action_put_in_pack()
        return packages

    @classmethod
    def validate(cls, picking, backorder=True):
        context = {"skip_backorder": True}
        if not backorder:
            context["picking_ids_not_to_backorder"] = picking.ids
        picking.with_context(**context).button_validate()
        return picking

    @classmethod
    def departed(cls, order, *quantities, **values):
        """The delivery of an order, packed, validated, ready for its notice."""
        picking = cls.picking_of(order)
        cls.fill(picking, **values)
        cls.pack(picking, *(quantities or (5, 5)))
        return cls.validate(picking)

    @classmethod
    def send(cls, picking):
        picking.action_amazon_b2b_send_notice()
        return picking._amazon_b2b_notices()

    @classmethod
    def user(cls, login, *groups):
        return new_test_user(cls.env, login, groups=",".join(groups))

    @staticmethod
    def items(paper):
        """[(SSCC or pallet's, order, line, quantity, unit)] of a notice, flat."""

        def walk(containers):
            for container in containers:
                for item in container.items:
                    yield (
                        container.sscc,
                        item.order_number,
                        item.line_number,
                        item.quantity,
                        item.unit,
                    )
                yield from walk(container.containers)

        return list(walk(paper.containers))

    def assertMissing(self, picking, *texts):
        for text in texts:
            self.assertIn(text, picking.amazon_b2b_missing)

    @staticmethod
    def ago(**values):
        return fields.Datetime.now() - timedelta(**values)
