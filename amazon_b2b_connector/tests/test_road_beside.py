from contextlib import contextmanager
from unittest.mock import patch

from odoo.tests import tagged

from .test_road import RoadCase


@tagged("post_install", "-at_install")
class TestRoadBeside(RoadCase):
    """Orders that are not Amazon's go their way as before."""

    def plain_orders(self, count):
        partner = self.env["res.partner"].create({"name": "Corner Shop"})
        return self.env["sale.order"].create(
            [
                {
                    "partner_id": partner.id,
                    "order_line": self.set_lines(
                        {"product_id": self.product.id, "product_uom_qty": 1}
                    ),
                }
                for _number in range(count)
            ]
        )

    @contextmanager
    def queries_of_ours(self):
        """Yields the list of queries on our tables, which grows inside."""
        self.env.flush_all()
        self.env.invalidate_all()
        seen = []
        execute = type(self.env.cr).execute

        def spy(cursor, query, *args, **kwargs):
            text = str(getattr(query, "code", query))
            if "amazon_b2b_" in text.partition(" FROM ")[2].partition(" WHERE ")[0]:
                seen.append(text)
            return execute(cursor, query, *args, **kwargs)

        with patch.object(type(self.env.cr), "execute", spy):
            yield seen

    def test_plain_orders_ask_nothing_of_our_tables(self):
        orders = self.plain_orders(12)
        with self.queries_of_ours() as seen:
            orders.action_confirm()
            orders.picking_ids.move_ids.picked = True
            orders.picking_ids._action_done()
            orders._create_invoices().action_post()
            self.env.flush_all()
        self.assertEqual(seen, [])
        self.assertFalse(any(orders.mapped("amazon_b2b_status")))
        amazon = self.arrive().sale_order_id
        with self.queries_of_ours() as seen:
            amazon._amazon_b2b_acknowledge()
        self.assertTrue(seen)
