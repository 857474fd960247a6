"""What tests of screens share: people with different rights."""

from lxml import etree
from odoo.tests import new_test_user

from . import selling
from .selling import SellerCase

USER = "base.group_user,amazon_b2b_connector.group_user"
SALES = "sales_team.group_sale_salesman_all_leads"
STOCK = "stock.group_stock_user"


def asked_to_cancel(**values):
    order = selling.order(**values)
    order["orderItems"][0]["cancellation"] = {
        "cancellationRequest": {"requester": "BUYER", "cancelReason": "By mistake"}
    }
    return order


class ScreenCase(SellerCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = new_test_user(cls.env, "screen_user", groups=USER)
        cls.seller = new_test_user(cls.env, "screen_sales", groups=f"{USER},{SALES}")
        cls.salesman = new_test_user(
            cls.env, "screen_only_sales", groups=f"base.group_user,{SALES}"
        )
        cls.packer = new_test_user(
            cls.env,
            "screen_packer",
            # Odoo's own delivery form needs the right that every new user has
            groups=f"base.group_user,base.group_partner_manager,{STOCK}",
        )
        cls.manager = new_test_user(
            cls.env,
            "screen_manager",
            groups=f"base.group_user,amazon_b2b_connector.group_manager,{SALES}",
        )

    def wizard(self, action, user):
        """The record that an action shows, for ``user``."""
        records = self.env[action["res_model"]].with_user(user)
        return records.with_context(**action.get("context") or {}).browse(
            action["res_id"]
        )

    def stock(self, quantity=10):
        self.env["stock.quant"]._update_available_quantity(
            self.product, self.env.ref("stock.stock_location_stock"), quantity
        )

    def check_filters(self, view, filters, records):
        arch = etree.fromstring(self.env.ref(f"amazon_b2b_connector.{view}").arch)
        for name, found in filters.items():
            [node] = arch.xpath(f"//filter[@name='{name}']")
            # as the web client evaluates them
            domain = eval(node.get("domain"), {"uid": self.env.uid})
            with self.subTest(view=view, filter=name):
                self.assertEqual(records.filtered_domain(domain).ids, found.ids)
                wanted = [("id", "in", records.ids), *domain]
                self.assertEqual(records.search(wanted), records & found)
