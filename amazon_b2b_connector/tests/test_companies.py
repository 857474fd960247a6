from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .common import order_line
from .shipping import ShippingCase


@tagged("post_install", "-at_install")
class TestCompanies(ShippingCase):
    """Who works for another company moves nothing of this one, whatever numbers of
    records he hands to a wizard."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.env["res.company"].create({"name": "Elsewhere"})
        cls.stranger = new_test_user(
            cls.env,
            "stranger",
            groups="amazon_b2b_connector.group_manager,stock.group_stock_manager",
            company_id=cls.other.id,
            company_ids=[Command.set(cls.other.ids)],
        )
        cls.order = cls.import_order(order_line()).sale_order_id

    def as_stranger(self, model, **values):
        return self.env[model].with_user(self.stranger).create(values)

    def test_orders_are_acknowledged_by_their_own_company(self):
        with self.assertRaises(AccessError):
            self.order.with_user(self.stranger)._amazon_b2b_acknowledge()
        self.assertEqual(self.order.state, "draft")

    def test_test_papers_are_sent_by_their_own_company(self):
        paper = self.as_stranger(
            "amazon.b2b.test.paper", order_id=self.order.id, kind="invoice"
        )
        with self.assertRaises(AccessError):
            paper.action_send()

    def test_deliveries_are_announced_elsewhere_by_their_own_company(self):
        self.order._amazon_b2b_acknowledge()
        said = self.as_stranger(
            "amazon.b2b.elsewhere",
            picking_id=self.order.picking_ids.id,
            reason="because",
        )
        with self.assertRaises(AccessError):
            said.action_apply()

    def test_vendor_code_takes_no_orders_of_a_strange_connection(self):
        with self.assertRaises(AccessError):
            self.as_stranger(
                "amazon.b2b.vendor.code",
                connection_id=self.connection.id,
                code="OTHER",
                company_id=self.other.id,
            )
