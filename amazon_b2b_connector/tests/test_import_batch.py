from odoo.tests import tagged
from odoo.tools import mute_logger

from .. import edi
from .common import AmazonCase, order_line, purchase_order


@tagged("post_install", "-at_install")
class TestImportBatch(AmazonCase):
    """Many orders at once: fast together, and one bad one stops nobody."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.products = cls.env["product.product"].create(
            [
                {"name": f"P{n}", "type": "consu", "barcode": f"{n:013}"}
                for n in range(1, 21)
            ]
        )

    def papers(self, orders, lines, prefix="B"):
        return [
            purchase_order(
                *(
                    order_line(number=str(n), identifiers=[("EN", product.barcode)])
                    for n, product in enumerate(self.products[:lines], 1)
                ),
                number=f"{prefix}{order:04}",
            )
            for order in range(orders)
        ]

    def count_queries(self, orders, lines):
        documents = self.receive(*self.papers(orders, lines, f"{orders}x{lines}-"))
        documents._place()
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        self.env["sale.order"]._amazon_b2b_import(documents)
        self.env.flush_all()
        queries = self.cr.sql_log_count - before
        self.assertEqual(set(documents.mapped("state")), {"done"})
        return queries

    def test_a_line_more_costs_no_query(self):
        self.count_queries(1, 1)  # warms the caches that outlive a transaction
        few, many = self.count_queries(1, 5), self.count_queries(1, 20)
        self.assertLessEqual(many - few, 2)

    def test_an_order_more_costs_four_queries_at_most(self):
        """Odoo's own: the order's sequence twice, defaults of optional modules."""
        self.count_queries(1, 1)
        few, many = self.count_queries(10, 2), self.count_queries(20, 2)
        self.assertLessEqual((many - few) / 10, 4)

    def test_held_orders_stop_nobody(self):
        good, bad = self.receive(
            purchase_order(number="GOOD"),
            purchase_order(order_line(identifiers=[("BP", "B00NEW")]), number="BAD"),
        )
        (good | bad)._work()
        self.assertEqual(good.state, "done")
        self.assertHeld(bad, "product")

    @mute_logger("odoo.addons.amazon_b2b_connector.models.document_inbox")
    def test_order_that_cannot_be_made_stops_nobody(self):
        """A customer without a company it may be used in: ``create`` itself refuses."""
        other = self.env["res.company"].create({"name": "Other"})
        place = self.make_place("ONT8")
        place.partner_id = self.env["res.partner"].create(
            {"name": "Theirs", "company_id": other.id}
        )
        good, bad = self.receive(
            purchase_order(number="GOOD"),
            purchase_order(number="BAD", ship_to=edi.Party(role="ST", code="ONT8")),
        )
        (good | bad)._work()
        self.assertEqual(good.state, "done", good.reason)
        self.assertEqual(bad.state, "failed")
        self.assertFalse(bad.is_record_maker)
        self.assertFalse(bad.sale_order_id)

    def test_analytic_distribution_follows_its_models(self):
        plan = self.env["account.analytic.plan"].create({"name": "Channel"})
        accounts = self.env["account.analytic.account"].create(
            [{"name": name, "plan_id": plan.id} for name in ("Amazon", "Kettles")]
        )
        self.env["account.analytic.distribution.model"].create(
            [
                {
                    "partner_id": self.customer.id,
                    "analytic_distribution": {str(accounts[0].id): 100},
                    "sequence": 2,
                },
                {
                    "product_id": self.products[1].id,
                    "analytic_distribution": {str(accounts[1].id): 100},
                    "sequence": 1,
                },
            ]
        )
        document = self.receive(*self.papers(1, 2))
        document._work()
        self.assertEqual(
            document.sale_order_id.order_line.mapped("analytic_distribution"),
            [{str(accounts[0].id): 100}, {str(accounts[1].id): 100}],
        )
