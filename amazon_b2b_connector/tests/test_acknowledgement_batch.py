from collections import Counter
from contextlib import contextmanager
from decimal import Decimal
from unittest.mock import patch

from odoo.fields import Command
from odoo.tests import tagged

from .acknowledging import AcknowledgeCase
from .common import order_line

# what Odoo would ask for each line, and here is asked for all of them
ONCE = ("stock_rule", "stock_warehouse_orderpoint")


@tagged("post_install", "-at_install")
class TestAcknowledgementBatch(AcknowledgeCase):
    """What is asked once for a batch, and that nobody misses what it answers."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.stock_up(cls.product, cls.toaster, quantity=10_000)
        cls.serial = 0

    @classmethod
    def make_orders(cls, count):
        orders = cls.env["sale.order"]
        for _ in range(count):
            cls.serial += 1
            orders |= cls.make_order(number=f"BATCH{cls.serial:03}")
        return orders

    @contextmanager
    def queries(self):
        """Yields a counter of the tables that SELECTs begin with."""
        self.env.flush_all()
        self.env.invalidate_all()
        seen, execute = Counter(), type(self.env.cr).execute

        def spy(cursor, query, *args, **kwargs):
            text = str(getattr(query, "code", query))
            seen[text.partition(" FROM ")[2].partition(" ")[0].strip('"')] += 1
            return execute(cursor, query, *args, **kwargs)

        with patch.object(type(self.env.cr), "execute", spy):
            yield seen
            self.env.flush_all()

    def test_an_order_more_asks_for_no_rule_again(self):
        self.make_orders(1)._amazon_b2b_acknowledge()
        few, many = self.make_orders(2), self.make_orders(8)
        with self.queries() as of_few:
            few._amazon_b2b_acknowledge()
        with self.queries() as of_many:
            many._amazon_b2b_acknowledge()
        self.assertEqual(set(many.mapped("state")), {"sale"})
        self.assertGreater(of_few["stock_rule"], 0)
        for table in ONCE:
            self.assertEqual(of_many[table], of_few[table], table)

    def test_an_order_more_costs_what_confirming_it_costs(self):
        """Beside plain orders of the same lines: ours ask less than Odoo does."""

        def plain(count):
            orders = self.env["sale.order"].create(
                [
                    {
                        "partner_id": self.customer.id,
                        "order_line": [
                            Command.create(
                                {"product_id": product.id, "product_uom_qty": 4}
                            )
                            for product in (self.product, self.toaster)
                        ],
                    }
                    for _ in range(count)
                ]
            )
            with self.queries() as seen:
                orders.action_confirm()
            return seen.total()

        def ours(count):
            orders = self.make_orders(count)
            with self.queries() as seen:
                orders._amazon_b2b_acknowledge()
            return seen.total()

        plain(1), ours(1)  # warms the caches that outlive a transaction
        self.assertLess(ours(8) - ours(2), plain(8) - plain(2))

    # reordering

    def make_reordering(self, product, trigger="auto"):
        """A rule that brings ``product`` into stock from a reserve: at least 20."""
        warehouse = self.vendor_code.warehouse_id
        stock = warehouse.lot_stock_id
        reserve = self.env["stock.location"].create(
            {"name": "Reserve", "usage": "internal", "location_id": stock.id}
        )
        reserve.location_id = warehouse.view_location_id
        route = self.env["stock.route"].create(
            {
                "name": "From the reserve",
                "rule_ids": [
                    Command.create(
                        {
                            "name": "Reserve to stock",
                            "action": "pull",
                            "picking_type_id": warehouse.int_type_id.id,
                            "location_src_id": reserve.id,
                            "location_dest_id": stock.id,
                        }
                    )
                ],
            }
        )
        return self.env["stock.warehouse.orderpoint"].create(
            {
                "product_id": product.id,
                "location_id": stock.id,
                "route_id": route.id,
                "trigger": trigger,
                "product_min_qty": 20,
                "product_max_qty": 20,
            }
        )

    def make_lamp(self, barcode="4006381333948"):
        return self.make_product("Lamp", barcode=barcode, is_storable=True)

    def order_lamps(self, lamp, number):
        line = order_line(
            quantity=Decimal(10), identifiers=[("EN", lamp.barcode)], number="1"
        )
        # due at once: Odoo orders nothing yet for what leaves later
        dates = {"deliver_not_before": None, "deliver_not_after": None}
        return self.make_order(line, number=number, **dates)

    def brought(self, rule):
        """The quantity on its way into stock through ``rule``."""
        moves = self.env["stock.move"].search(
            [
                ("product_id", "=", rule.product_id.id),
                ("location_dest_id", "=", rule.location_id.id),
            ]
        )
        return sum(moves.mapped("product_uom_qty"))

    def test_reordering_rule_is_triggered(self):
        lamp = self.make_lamp()
        rule = self.make_reordering(lamp)
        self.order_lamps(lamp, "LAMP1")._amazon_b2b_acknowledge()
        self.assertEqual(self.brought(rule), 30)

    def test_reordering_rule_made_after_the_product_was_asked_about(self):
        lamp = self.make_lamp()
        self.order_lamps(lamp, "LAMP1")._amazon_b2b_acknowledge()
        self.assertFalse(lamp.amazon_b2b_is_reordered)
        rule = self.make_reordering(lamp)
        self.order_lamps(lamp, "LAMP2")._amazon_b2b_acknowledge()
        self.assertEqual(self.brought(rule), 40)

    def test_quantity_to_order_by_hand_follows_the_acknowledgement(self):
        lamp = self.make_lamp()
        rule = self.make_reordering(lamp, trigger="manual")
        self.assertEqual(rule.qty_to_order, 20)
        self.order_lamps(lamp, "LAMP1")._amazon_b2b_acknowledge()
        self.assertEqual(rule.qty_to_order, 30)
        self.assertEqual(self.brought(rule), 0)

    def test_stock_rule_of_the_product_itself_is_found_in_a_batch(self):
        """One of two products has a route of its own: its goods come another way."""
        lamp, lantern = self.make_lamp(), self.make_lamp("4006381333955")
        warehouse = self.vendor_code.warehouse_id
        customers = self.env.ref("stock.stock_location_customers")
        annex = self.env["stock.location"].create(
            {"name": "Annex", "location_id": warehouse.view_location_id.id}
        )
        lantern.route_ids = self.env["stock.route"].create(
            {
                "name": "From the annex",
                "rule_ids": [
                    Command.create(
                        {
                            "name": "Annex to customers",
                            "action": "pull",
                            "picking_type_id": warehouse.out_type_id.id,
                            "location_src_id": annex.id,
                            "location_dest_id": customers.id,
                        }
                    )
                ],
            }
        )
        orders = self.order_lamps(lamp, "LAMP1") | self.order_lamps(lantern, "LAMP2")
        orders._amazon_b2b_acknowledge()
        self.assertEqual(
            orders.picking_ids.move_ids.mapped("location_id"),
            warehouse.lot_stock_id | annex,
        )
