from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, TransactionCase, tagged

from . import selling
from .screens import ScreenCase
from .seller_common import FRANCE, PLACES, SellerMixin, denied, place
from .selling import GERMANY


@tagged("post_install", "-at_install")
class TestSellerDocumentScreen(ScreenCase):
    def test_amazon_users_open_documents_and_transmissions(self):
        document = self.take(selling.order(selling.item(sku="NOBODY-KNOWS")))
        with Form(document.with_user(self.user)) as form:
            self.assertEqual(form.import_status, "not_imported")
            self.assertTrue(form.can_solve)
            for text in ("NOBODY-KNOWS", "Lindenweg 4", "11.90"):
                self.assertIn(text, form.paper_html)
        with Form(document.transmission_id.with_user(self.user)) as form:
            self.assertIn(f'\n      "orderId": "{document.number}"', form.payload_text)

    def test_what_a_buyer_typed_is_text(self):
        order = selling.order()
        order["recipient"]["deliveryAddress"]["name"] = "<b>Erika</b>"
        document = self.take(order)
        self.assertIn("&lt;b&gt;Erika&lt;/b&gt;", document.paper_html)

    def test_a_report_is_shown_as_a_table(self):
        transmissions = self.env["amazon.b2b.transmission"]
        payload = "sku\tname\r\nMUG-BLUE\tgrößer <b>\r\n".encode("cp1252")
        report = transmissions.create(
            {
                "direction": "in",
                "state": "decoded",
                "transport": "spapi",
                "content": "report",
                **transmissions._payload_values(payload),
            }
        )
        self.assertIn("<th>name</th>", report.payload_table)
        self.assertIn("<td>größer &lt;b&gt;</td>", report.payload_table)
        self.assertFalse(report.payload_text)

    def test_json_that_is_none_is_shown_as_it_came(self):
        transmissions = self.env["amazon.b2b.transmission"]
        for payload in (b"{broken", b"[" * 50_000):
            page = transmissions.create(
                {
                    "direction": "in",
                    "state": "failed",
                    "transport": "spapi",
                    "content": "orders",
                    **transmissions._payload_values(payload),
                }
            )
            self.assertEqual(page.payload_text, payload.decode())

    def test_a_mapped_sku_lets_every_order_that_waits_for_it_go_on(self):
        item = selling.item(sku="NOBODY-KNOWS", quantity=2)
        documents = self.take(
            selling.order(item), selling.order(selling.item(sku="NOBODY-KNOWS"))
        )
        self.assertEqual(documents.mapped("reason_code"), ["product"] * 2)
        action = documents[0].with_user(self.user).action_solve()
        with Form(self.wizard(action, self.user)) as form:
            with form.line_ids.edit(0) as line:
                self.assertEqual(line.identifiers, "SKU NOBODY-KNOWS\nASIN B0EXAMPLE1")
                self.assertEqual(line.description, "Mug, blue")
                line.product_id = self.product
        form.record.action_apply()
        self.assertEqual(documents.mapped("state"), ["new"] * 2)
        documents._work()
        self.assertEqual(documents.mapped("state"), ["done"] * 2)
        mapping = self.env["amazon.b2b.product.mapping"].search(
            [("product_id", "=", self.product.id)]
        )
        self.assertEqual(
            mapping.mapped(lambda m: (m.qualifier, m.value)), [("SK", "NOBODY-KNOWS")]
        )

    def test_two_skus_of_one_asin_may_be_two_products(self):
        other = self.make_product("OTHER")
        first = selling.item(sku="NEW-ONE")
        second = selling.item(sku="USED-ONE")
        document = self.take(selling.order(first, second))
        action = document.with_user(self.user).action_solve()
        with Form(self.wizard(action, self.user)) as form:
            with form.line_ids.edit(0) as line:
                line.product_id = self.product
            with form.line_ids.edit(1) as line:
                line.product_id = other
        form.record.action_apply()
        document._work()
        self.assertEqual(
            document.sale_order_id.order_line.product_id, self.product | other
        )

    def test_a_sku_that_contradicts_its_asin_corrects_the_asin_too(self):
        other = self.make_product("OTHER")
        self.env["amazon.b2b.product.mapping"].create(
            {"qualifier": "BP", "value": "B0EXAMPLE1", "product_id": other.id}
        )
        document = self.take(selling.order())
        self.assertEqual(document.reason_code, "product")
        action = document.with_user(self.user).action_solve()
        with Form(self.wizard(action, self.user)) as form:
            with form.line_ids.edit(0) as line:
                line.product_id = self.product
        form.record.action_apply()
        document._work()
        self.assertEqual(document.state, "done")

    def test_solving_a_missing_tax_opens_the_row_to_make(self):
        document = self.take(selling.order(selling.item(tax="1.11")))
        action = document.with_user(self.user).action_solve()
        self.assertEqual(action["res_model"], "amazon.b2b.tax.mapping")
        mappings = self.env["amazon.b2b.tax.mapping"].with_user(self.user)
        with Form(mappings.with_context(**action["context"])) as form:
            self.assertEqual(form.country_id.code, "DE")
            self.assertAlmostEqual(form.rate, 10.3)
            form.tax_id = self.tax
        self.assertEqual(document.state, "new")

    def test_solving_a_total_takes_the_order_as_its_lines_say(self):
        order = selling.order()
        order["proceeds"]["grandTotal"]["amount"] = "99.00"
        document = self.take(order)
        self.assertEqual(document.reason_code, "total")
        document.with_user(self.user).action_solve()
        document._work()
        self.assertEqual(document.sale_order_id.amount_total, 11.90)

    def test_solving_odd_content_opens_seller_central(self):
        self.marketplace.currency_id = self.env.ref("base.USD")
        document = self.take(selling.order())
        self.assertEqual(document.reason_code, "content")
        action = document.with_user(self.user).action_solve()
        self.assertEqual(action["url"], document.seller_url)

    def test_solving_a_switch_opens_the_marketplace(self):
        self.marketplace.is_enabled = False
        document = self.take(selling.order())
        self.assertTrue(document.can_solve)
        action = document.with_user(self.user).action_solve()
        self.assertEqual(
            (action["res_model"], action["res_id"]),
            ("amazon.b2b.marketplace", self.marketplace.id),
        )

    def test_a_waiting_order_can_be_set_aside(self):
        document = self.take(selling.order(status="PENDING", buyer={}))
        self.assertFalse(document.can_solve)
        document.with_user(self.user).action_ignore()
        self.assertEqual(document.state, "ignored")


@tagged("post_install", "-at_install")
class TestSellerConnectionScreen(ScreenCase, SellerMixin, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        old = cls.connection
        cls.set_up_seller()
        cls.connection = old

    def setUp(self):
        super().setUp()
        self.connection.authorisation_state = "none"
        self.authorise(seller_id=selling.SELLER)
        self.amazon.calls.clear()

    def answer(self, order):
        path = f"/orders/2026-01-01/orders/{order['orderId']}"
        self.amazon.answers[path] = (200, {"order": order})

    def ask(self, number, user=None):
        wizard = self.env["amazon.b2b.import.order"].with_user(user or self.seller)
        wizard = wizard.create({"connection_id": self.connection.id, "number": number})
        return wizard, wizard.action_import()

    def test_every_group_opens_the_connection(self):
        self.env["amazon.b2b.poll"]._add_missing()
        self.connection.current_poll_ids.problem = "Amazon is ill"
        self.take(selling.order(), selling.order(selling.item(sku="NOBODY-KNOWS")))
        for user in (self.user, self.manager):
            connection = self.connection.with_user(user)
            connection.invalidate_recordset()
            with self.subTest(user=user.login):
                form = Form(connection)
                self.assertEqual(form.poll_problem, "Amazon is ill")
                self.assertEqual(form.waiting_count, 1)
                self.assertEqual(connection.order_count, 1)
        action = self.connection.with_user(self.manager).action_open_orders()
        orders = self.env["sale.order"].search(action["domain"])
        self.assertEqual(len(orders), 1)

    def test_a_sellers_connection_has_its_shipping_options_at_once(self):
        kinds = self.connection.shipping_option_ids.mapped("kind")
        self.assertEqual(set(kinds), {"default", "level", "gift_wrap"})
        self.assertEqual(kinds.count("level"), 8)
        with Form(self.connection.with_user(self.manager)) as form:
            self.assertEqual(len(form.shipping_option_ids), len(kinds))

    def test_synchronise_reads_now_and_applies_changed_options(self):
        order = self.take(selling.order()).sale_order_id
        carrier = self.env["delivery.carrier"].create(
            {
                "name": "Parcels & Co",
                "product_id": self.env.ref("amazon_b2b_connector.product_shipping").id,
            }
        )
        level = order.amazon_b2b_shipping_option_id
        with Form(self.connection.with_user(self.manager)) as form:
            rows = self.connection.shipping_option_ids
            with form.shipping_option_ids.edit(rows.ids.index(level.id)) as row:
                row.carrier_id = carrier
        self.assertFalse(order.carrier_id)
        self.env["amazon.b2b.poll"]._add_missing()
        poll = self.connection.current_poll_ids
        poll.next_run = fields.Datetime.now() + timedelta(days=1)
        action = self.connection.with_user(self.user).action_synchronise()
        self.assertLessEqual(poll.next_run, fields.Datetime.now())
        self.assertEqual(order.carrier_id, carrier)
        self.assertEqual(order.picking_ids.carrier_id, carrier)
        self.assertIn(order.name, action["params"]["message"])

    def test_one_order_is_imported_by_its_number(self):
        order = selling.order()
        self.answer(order)
        _wizard, action = self.ask(f" {order['orderId']} ")
        self.assertEqual(action["res_model"], "sale.order")
        made = self.env["sale.order"].browse(action["res_id"])
        self.assertEqual(made.amazon_b2b_seller_number, order["orderId"])
        self.assertEqual(made.state, "sale")
        document = made.amazon_b2b_seller_document_id
        self.assertEqual(document.transmission_id.content, "orders")
        self.assertEqual(document.transmission_id.state, "decoded")

    def test_an_order_that_is_here_is_opened(self):
        order = selling.order()
        document = self.take(order)
        self.answer(order)
        _wizard, action = self.ask(order["orderId"])
        self.assertEqual(action["res_id"], document.sale_order_id.id)

    def test_one_without_sales_rights_is_shown_the_document(self):
        order = selling.order()
        self.answer(order)
        _wizard, action = self.ask(order["orderId"], self.user)
        self.assertEqual(action["res_model"], "amazon.b2b.document")

    def test_an_order_that_a_switch_keeps_out_says_which(self):
        self.marketplace.write({"import_prime": False})
        order = selling.order(programs=["PRIME"])
        self.answer(order)
        _wizard, action = self.ask(order["orderId"])
        document = self.env["amazon.b2b.document"].browse(action["res_id"])
        self.assertEqual((document.state, document.reason_code), ("ignored", "switch"))
        self.assertEqual(document.reason, "Prime orders that we ship are not imported.")

    def test_what_is_no_order_number_is_not_asked_for(self):
        for number in ("12345", "302-1234567", "../../sellers"):
            with (
                self.subTest(number=number),
                self.assertRaisesRegex(UserError, "302-1234567-1234567"),
            ):
                self.ask(number)
        self.assertFalse(self.amazon.calls)

    def test_an_order_that_amazon_does_not_know_is_said_so(self):
        wizard, action = self.ask("302-0000000-0000000")
        self.assertEqual(action["res_id"], wizard.id)
        self.assertIn("knows no order 302-0000000-0000000", wizard.problem)

    def test_a_missing_role_is_named(self):
        number = "302-7654321-7654321"
        self.amazon.answers[f"/orders/2026-01-01/orders/{number}"] = denied()
        wizard, _action = self.ask(number)
        self.assertIn("Inventory and Order Tracking", wizard.problem)

    def test_asking_for_a_document_again_brings_its_newest_version(self):
        order = selling.order(status="PENDING", buyer={}, recipient={})
        document = self.take(order)
        paid = selling.order(number=order["orderId"])
        self.answer(paid)
        action = document.with_user(self.user).action_ask_again()
        newer = self.env["amazon.b2b.document"].browse(action["res_id"])
        self.assertEqual((document.state, newer.state), ("ignored", "done"))
        again = newer.with_user(self.user).action_ask_again()
        self.assertEqual(again["tag"], "display_notification")

    def test_orders_are_read_again_from_a_day(self):
        day = fields.Date.today() - timedelta(days=30)
        wizards = self.env["amazon.b2b.read.again"].with_user(self.user)
        values = {"connection_id": self.connection.id, "day": day}
        self.env["amazon.b2b.poll"]._add_missing()
        poll = self.connection.current_poll_ids
        poll.cursor = fields.Datetime.now()
        wizards.create(values).action_read()
        self.assertEqual(poll.cursor.date(), day)
        self.assertLessEqual(poll.next_run, fields.Datetime.now())
        for days in (-2, 800):
            values["day"] = fields.Date.today() - timedelta(days=days)
            with self.subTest(days=days), self.assertRaises(UserError):
                wizards.create(values).action_read()

    def test_the_page_shows_how_far_the_way_is_that_orders_come_by(self):
        self.env["amazon.b2b.poll"]._add_missing()
        kinds = {}
        for route in ("api", "reports", "file"):
            self.connection.order_route = route
            kinds[route] = self.connection.current_poll_ids.mapped("kind")
        self.assertEqual(
            kinds, {"api": ["orders"], "reports": ["mfn", "fba"], "file": []}
        )

    def test_reading_orders_is_an_amazon_users_work(self):
        for method in ("action_synchronise", "_for_person"):
            with self.subTest(method=method), self.assertRaises(AccessError):
                getattr(self.connection.with_user(self.packer), method)()
        for model in ("amazon.b2b.import.order", "amazon.b2b.read.again"):
            self.assertFalse(
                self.env[model].with_user(self.packer).has_access("create")
            )

    def test_solving_an_unknown_marketplace_reads_them_again(self):
        document = self.take(selling.order(marketplace=FRANCE))
        self.assertEqual(document.reason_code, "marketplace")
        places = [place(GERMANY, "DE", "EUR", "Amazon.de")]
        self.amazon.answers[PLACES] = (200, {"payload": places})
        action = document.with_user(self.user).action_solve()
        self.assertEqual(action["params"]["type"], "warning")
        self.assertEqual(document.state, "held")
        places.append(place(FRANCE, "FR", "EUR", "Amazon.fr"))
        action = document.with_user(self.user).action_solve()
        self.assertEqual(action["params"]["type"], "success")
        self.assertEqual(document.state, "new")

    def test_users_see_settings_and_managers_change_them(self):
        option = self.connection.shipping_option_ids[0]
        self.assertFalse(option.with_user(self.user).has_access("write"))
        self.assertTrue(option.with_user(self.manager).has_access("write"))
        Form(self.marketplace.with_user(self.user))
        mappings = self.env["amazon.b2b.product.mapping"].with_user(self.user)
        with Form(mappings) as form:
            form.qualifier, form.value = "SK", "SOME-SKU"
            form.product_id = self.product
            form.connection_id = self.connection
