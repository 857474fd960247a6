from odoo.tests import new_test_user

from . import selling
from .selling import SellerCase

BRITAIN = "A1F83G8C2ARO7P"


class TestSellerMarketplace(SellerCase):
    """What an order takes from its marketplace."""

    def sold(self, **values):
        document = self.take(selling.order(**values))
        self.assertEqual((document.state, document.reason), ("done", False))
        return document.sale_order_id

    def test_the_delivery_leaves_the_marketplaces_warehouse(self):
        second = self.env["stock.warehouse"].create(
            {"name": "Second", "code": "SEC", "company_id": self.company.id}
        )
        self.assertNotEqual(self.sold().warehouse_id, second)
        self.marketplace.warehouse_id = second
        order = self.sold()
        self.assertEqual(order.warehouse_id, second)
        self.assertEqual(order.picking_ids.picking_type_id.warehouse_id, second)

    def test_the_order_has_the_marketplaces_sales_team(self):
        team = self.env["crm.team"].create({"name": "Amazon"})
        self.assertNotEqual(self.sold().team_id, team)
        self.marketplace.team_id = team
        self.assertEqual(self.sold().team_id, team)

    def test_the_order_has_the_marketplaces_payment_terms(self):
        term = self.env["account.payment.term"].create({"name": "Marketplace"})
        self.marketplace.payment_term_id = term
        self.assertEqual(self.sold().payment_term_id, term)

    def test_the_order_has_the_marketplaces_fiscal_position(self):
        position = self.env["account.fiscal.position"].create({"name": "Ours"})
        self.marketplace.fiscal_position_id = position
        self.assertEqual(self.sold().fiscal_position_id, position)

    def test_order_and_document_are_the_marketplaces_responsibles(self):
        theirs, ours = (
            new_test_user(self.env, login, groups="sales_team.group_sale_salesman")
            for login in ("amazon_theirs", "amazon_ours")
        )
        self.connection.user_id = theirs
        self.assertEqual(self.sold().user_id, theirs)
        self.marketplace.write({"inherit_sales": False, "user_id": ours.id})
        document = self.take(selling.order(), selling.order(selling.item("NOBODY")))
        self.assertEqual(document.mapped("state"), ["done", "held"])
        self.assertEqual(document.user_id, ours)
        self.assertEqual(document.sale_order_id.user_id, ours)

    def test_the_order_is_in_the_marketplaces_currency(self):
        self.make_marketplace(BRITAIN, "Amazon.co.uk", "base.uk", "GBP")
        pound = self.env.ref("base.GBP")
        self.make_tax(20)
        item = selling.item(price="12.00", tax="2.00", currency="GBP")
        order = self.sold_of(item)
        self.assertEqual(order.currency_id, pound)
        self.assertEqual(order.amount_total, 12.00)

    def sold_of(self, item):
        document = self.take(selling.order(item, marketplace=BRITAIN))
        self.assertEqual((document.state, document.reason), ("done", False))
        return document.sale_order_id

    def test_document_and_order_are_the_marketplaces_companys(self):
        other = self.env["res.company"].create(
            {
                "name": "Mugs Abroad",
                "country_id": self.env.ref("base.de").id,
                "currency_id": self.euro.id,
            }
        )
        self.env.user.company_ids += other
        warehouse = self.env["stock.warehouse"].search(
            [("company_id", "=", other.id)], limit=1
        )
        warehouse = warehouse or self.env["stock.warehouse"].create(
            {"name": "Abroad", "code": "ABR", "company_id": other.id}
        )
        self.tax.copy({"company_id": other.id})
        self.marketplace.company_id = other
        document = self.take(selling.order())
        self.assertEqual((document.state, document.reason), ("done", False))
        order = document.sale_order_id
        self.assertEqual(document.company_id, other)
        self.assertEqual(order.company_id, other)
        self.assertEqual(order.warehouse_id, warehouse)
        self.assertEqual(order.order_line.tax_ids.company_id, other)
        self.assertEqual(order.picking_ids.company_id, other)
