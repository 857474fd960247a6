import copy
from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from . import selling
from .screens import ScreenCase, asked_to_cancel


@tagged("post_install", "-at_install")
class TestSellerOrderScreen(ScreenCase):
    def test_every_group_opens_the_order(self):
        order = self.take(asked_to_cancel(programs=["PRIME"])).sale_order_id
        for user in (self.seller, self.salesman, self.manager):
            with self.subTest(user=user.login), Form(order.with_user(user)) as form:
                self.assertEqual(form.amazon_b2b_cancel_request, "MUG-BLUE: By mistake")
                self.assertEqual(form.amazon_b2b_seller_state, "UNSHIPPED")

    def test_the_link_leads_to_the_orders_page_of_its_marketplace(self):
        document = self.take(selling.order())
        central = "https://sellercentral-europe.amazon.com"
        url = f"{central}/orders-v3/order/{document.number}"
        self.assertEqual(document.sale_order_id.amazon_b2b_seller_url, url)
        self.assertEqual(document.seller_url, url)

    def test_an_order_shows_what_is_held_about_it(self):
        first = selling.order(selling.item(quantity=2, price="23.80", tax="3.80"))
        order = self.take(first).sale_order_id
        self.assertFalse(order.amazon_b2b_held_text)
        order.picking_ids.move_ids.write({"quantity": 2, "picked": True})
        second = copy.deepcopy(first)
        second["orderItems"][0]["quantityOrdered"] = 1
        later = fields.Datetime.now() + timedelta(hours=1)
        second["lastUpdatedTime"] = later.isoformat() + "Z"
        held = self.take(second)
        order.invalidate_recordset()
        self.assertEqual((held.state, held.reason_code), ("held", "change"))
        self.assertEqual(order.amazon_b2b_held_text, held.reason)
        self.assertEqual(order.amazon_b2b_seller_document_count, 2)
        action = order.with_user(self.seller).action_amazon_b2b_held_documents()
        self.assertEqual(action["res_id"], held.id)
        action = order.with_user(self.seller).action_amazon_b2b_seller_documents()
        found = self.env["amazon.b2b.document"].search(action["domain"])
        self.assertEqual(found, held | order.amazon_b2b_seller_document_id)
        self.assertEqual(held.version_ids, found)

    def test_a_replacement_and_its_original_show_each_other(self):
        first = self.take(selling.order())
        later = selling.order()
        later["associatedOrders"] = [
            {"orderId": first.number, "associationType": "REPLACEMENT_ORIGINAL_ID"}
        ]
        second = self.take(later).sale_order_id
        first = first.sale_order_id
        self.assertEqual(second.amazon_b2b_replaces_id, first)
        self.assertEqual(first.amazon_b2b_replacement_ids, second)
        alone = selling.order()
        number = selling.order_number()
        alone["associatedOrders"] = [
            {"orderId": number, "associationType": "REPLACEMENT_ORIGINAL_ID"}
        ]
        alone = self.take(alone).sale_order_id
        self.assertTrue(alone.amazon_b2b_replaces_unknown)
        self.assertFalse(second.amazon_b2b_replaces_unknown)

    def test_a_status_that_nobody_knows_is_shown_as_it_is(self):
        order = self.take(selling.order()).sale_order_id
        order.amazon_b2b_seller_status = "BEAMED_UP"
        self.assertFalse(order.amazon_b2b_seller_state)

    def test_filters_find_what_they_say(self):
        prime, fba, business, vendor = (
            self.take(selling.order(programs=["PRIME"])).sale_order_id,
            self.take(selling.order(by="AMAZON", status="SHIPPED")).sale_order_id,
            self.take(selling.order(programs=["AMAZON_BUSINESS"])).sale_order_id,
            self.env["sale.order"].create({"partner_id": self.company.partner_id.id}),
        )
        cancel = self.take(asked_to_cancel()).sale_order_id
        soon = fields.Datetime.now() + timedelta(minutes=1)
        prime.amazon_b2b_ship_before = soon
        everything = prime | fba | business | vendor | cancel
        sellers = everything - vendor
        expected = {
            "amazon_b2b_seller_order_view_search": {
                "prime": prime,
                "fba": fba,
                "mfn": sellers - fba,
                "business": business,
                "to_ship": sellers - fba,
                "ship_today": prime,
                "asks_to_cancel": cancel,
            },
            "amazon_b2b_seller_order_view_search_sales": {
                "amazon_b2b_seller": sellers,
                "amazon_b2b_fba": fba,
                "amazon_b2b_prime": prime,
                "amazon_b2b_business": business,
            },
        }
        for view, filters in expected.items():
            self.check_filters(view, filters, everything.with_user(self.salesman))

    def test_orders_are_grouped_by_marketplace_without_the_right_to_read_it(self):
        self.take(selling.order())
        orders = self.env["sale.order"].with_user(self.salesman)
        groups = orders.formatted_read_group(
            [("amazon_b2b_marketplace_id", "!=", False)],
            ["amazon_b2b_marketplace_id"],
            ["__count"],
        )
        names = [group["amazon_b2b_marketplace_id"][1] for group in groups]
        self.assertEqual(names, ["Amazon.de"])

    def test_a_sample_of_the_sandbox_is_never_confirmed(self):
        self.connection.is_sandbox = True
        order = self.take(selling.order()).sale_order_id
        self.assertTrue(order.amazon_b2b_is_test)
        self.assertEqual(order.state, "draft")
        with self.assertRaisesRegex(UserError, "sandbox"):
            order.action_confirm()


@tagged("post_install", "-at_install")
class TestSellerPickingScreen(ScreenCase):
    def setUp(self):
        super().setUp()
        self.stock()

    def picking(self, order):
        picking = self.take(order).sale_order_id.picking_ids
        picking.action_assign()
        return picking.with_user(self.packer)

    def test_warehouse_staff_see_what_the_buyer_says(self):
        order = asked_to_cancel(programs=["PRIME"])
        order["recipient"]["deliveryPreference"] = {
            "dropOffLocation": "Behind the shed"
        }
        with Form(self.picking(order)) as form:
            self.assertEqual(form.amazon_b2b_cancel_request, "MUG-BLUE: By mistake")
            self.assertEqual(form.amazon_b2b_instructions, "Behind the shed")
            self.assertTrue(form.amazon_b2b_asks_to_cancel)
            self.assertTrue(form.amazon_b2b_is_prime)

    def test_what_the_buyer_wants_cancelled_leaves_only_when_a_person_says_so(self):
        picking = self.picking(asked_to_cancel())
        action = picking.button_validate()
        self.assertEqual(action["res_model"], "amazon.b2b.ship.anyway")
        self.assertEqual(picking.state, "assigned")
        wizard = self.wizard(action, self.packer)
        self.assertFalse(wizard.has_others)
        wizard.action_ship()
        self.assertEqual(picking.state, "done")
        self.assertIn("By mistake", picking.message_ids[0].body)
        self.assertFalse(picking.amazon_b2b_asks_to_cancel)

    def test_the_others_of_a_batch_leave_without_it(self):
        asked = self.picking(asked_to_cancel())
        other = self.picking(selling.order())
        action = (asked | other).button_validate()
        self.assertEqual((asked | other).mapped("state"), ["assigned"] * 2)
        wizard = self.wizard(action, self.packer)
        self.assertTrue(wizard.has_others)
        wizard.action_ship_the_others()
        self.assertEqual(asked.state, "assigned")
        self.assertEqual(other.state, "done")

    def test_the_question_comes_before_that_about_the_back_order(self):
        order = asked_to_cancel()
        order["orderItems"] = [
            selling.item(quantity=2, price="23.80", tax="3.80")
            | {"cancellation": order["orderItems"][0]["cancellation"]}
        ]
        order["proceeds"]["grandTotal"] = selling.money("23.80")
        picking = self.picking(order)
        picking.move_ids.quantity = 1
        wizard = self.wizard(picking.button_validate(), self.packer)
        after = wizard.action_ship()
        self.assertEqual(after["res_model"], "stock.backorder.confirmation")
        questions = self.env[after["res_model"]].with_user(self.packer)
        form = Form(questions.with_context(**after["context"]))
        form.save().process()
        self.assertEqual(picking.state, "done")

    def test_another_delivery_is_validated_without_a_question(self):
        picking = self.picking(selling.order())
        self.assertIs(picking.button_validate(), True)
        self.assertEqual(picking.state, "done")

    def test_a_return_is_not_asked_about(self):
        picking = self.picking(asked_to_cancel())
        self.wizard(picking.button_validate(), self.packer).action_ship()
        wizard = (
            self.env["stock.return.picking"]
            .with_user(self.packer)
            .create({"picking_id": picking.id})
        )
        wizard.product_return_moves.quantity = 1
        back = self.env["stock.picking"].browse(
            wizard.action_create_returns()["res_id"]
        )
        self.assertFalse(back.amazon_b2b_asks_to_cancel)

    def test_filters_find_prime_and_what_leaves_today(self):
        prime = self.picking(selling.order(programs=["PRIME"]))
        asked = self.picking(asked_to_cancel())
        late = self.picking(selling.order())
        late.sudo().sale_id.amazon_b2b_ship_before = fields.Datetime.now()
        found = {
            "amazon_b2b_seller": prime | asked | late,
            "amazon_b2b_prime": prime,
            "amazon_b2b_ship_today": late,
            "amazon_b2b_asks_to_cancel": asked,
        }
        self.check_filters(
            "amazon_b2b_seller_picking_view_search", found, prime | asked | late
        )
