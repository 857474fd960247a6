import re

from lxml import etree
from odoo import fields
from odoo.tests import Form, tagged

from ..models.seller_words import WORDS
from . import selling
from .reporting import ReportMixin, total
from .screens import ScreenCase, asked_to_cancel
from .seller_common import FRANCE, GERMANY

# Orders API 2026-01-01: what an order's texts may be, beside those that have a word of
# their own on the sale order
PROGRAMS = (
    "AMAZON_BAZAAR AMAZON_BUSINESS AMAZON_EASY_SHIP AMAZON_HAUL DELIVERY_BY_AMAZON "
    "FBM_SHIP_PLUS INVOICE_BY_AMAZON IN_STORE_PICK_UP PREMIUM PREORDER PRIME"
)
CHARGES = "ITEM SHIPPING GIFT_WRAP COD_FEE TAX DISCOUNT DELIVERY_TIP OTHER"
PARCELS = "PENDING IN_TRANSIT SHIPPED DELIVERED CANCELLED UNDELIVERABLE"


@tagged("post_install", "-at_install")
class TestSellerWords(ReportMixin, ScreenCase):
    def shown(self, *orders):
        document = self.take(*orders)
        return re.sub(r"<[^>]+>", "|", document.with_user(self.user).paper_html)

    def test_an_order_is_shown_in_words_and_not_in_codes(self):
        order = selling.order(
            selling.item(sku="mug"), programs=["PRIME", "AMAZON_BUSINESS"]
        )
        order["fulfillment"]["fulfillmentServiceLevel"] = "NEXT_DAY"
        text = self.shown(order)
        for words in (
            "|Unshipped|",
            "|Fulfilled by merchant (MFN)|",
            "|Prime, Amazon Business|",
            "|Next day|",
            "|Item|",
            "|Germany|",
        ):
            self.assertIn(words, text)
        self.assertFalse(set(re.findall(r"\b[A-Z_]{4,}\b", text)))

    def test_amazon_s_own_orders_are_fulfilled_by_amazon(self):
        text = self.shown(selling.order(by="AMAZON", status="SHIPPED"))
        self.assertIn("|Fulfilled by Amazon (FBA)|", text)
        self.assertIn("|Shipped|", text)

    def test_every_code_of_amazon_s_model_has_a_word(self):
        codes = " ".join([PROGRAMS, CHARGES, PARCELS]).split()
        self.assertFalse(set(codes) - set(WORDS))

    def test_a_code_that_nobody_knows_is_shown_as_it_is(self):
        document = self.take(selling.order(programs=["TELEPORTED"]))
        self.assertIn("TELEPORTED", document.paper_html)

    def test_a_buyer_who_asks_to_cancel_without_a_reason_gives_none(self):
        order = asked_to_cancel()
        del order["orderItems"][0]["cancellation"]["cancellationRequest"][
            "cancelReason"
        ]
        document = self.take(order)
        self.assertEqual(
            document.sale_order_id.amazon_b2b_cancel_request,
            "MUG-BLUE: no reason given",
        )
        self.assertIn("cancel: no reason given", document.paper_html)

    def test_an_unknown_sku_without_asin_names_none(self):
        order = selling.order(selling.item(sku="NOBODY-KNOWS"))
        del order["orderItems"][0]["product"]["asin"]
        document = self.take(order)
        self.assertEqual(
            document.reason, "SKU NOBODY-KNOWS (Mug, blue) has no product."
        )

    def test_a_report_names_its_marketplaces(self):
        report = self.env["amazon.b2b.report"].create(
            {
                "connection_id": self.connection.id,
                "report_type": "GET_FLAT_FILE_ORDER_REPORT_DATA_SHIPPING",
                "marketplaces": f"{GERMANY} {FRANCE}",
                "range_start": fields.Datetime.now(),
                "range_end": fields.Datetime.now(),
            }
        )
        self.assertEqual(
            report.with_user(self.user).marketplace_names, f"Amazon.de, {FRANCE}"
        )

    def test_comparing_now_shows_the_report_that_is_asked_for(self):
        connection = self.connection.with_user(self.manager)
        action = connection.action_reconcile()
        reports = self.env["amazon.b2b.report"].search(action["domain"])
        self.assertEqual(action["res_model"], "amazon.b2b.report")
        self.assertEqual(reports.connection_id, self.connection)

    def test_a_reconciliation_leads_to_orders_only_where_there_are_some(self):
        missing = self.tell_totals(total(selling.order_number()))
        self.assertFalse(missing.with_user(self.user).has_orders)
        order = self.take(selling.order()).sale_order_id
        number = order.amazon_b2b_seller_number
        differs = self.tell_totals(total(number, **{"item-price": "99.00"}))
        self.assertTrue(differs.with_user(self.user).has_orders)
        found = self.env["sale.order"].search(differs.action_open_orders()["domain"])
        self.assertEqual(found, order)

    def test_several_documents_are_set_aside_at_once(self):
        documents = self.take(
            *(selling.order(selling.item(sku="NOBODY-KNOWS")) for _one in range(2))
        )
        action = self.env.ref("amazon_b2b_connector.action_server_set_aside")
        action.with_user(self.user).with_context(
            active_model=documents._name, active_ids=documents.ids
        ).run()
        self.assertEqual(documents.mapped("state"), ["ignored"] * 2)

    def test_a_call_is_read_whole(self):
        error = "Throttled: " + "you exceeded your quota " * 20
        call = self.env["amazon.b2b.call"].create(
            {
                "connection_id": self.connection.id,
                "company_id": self.company.id,
                "date": fields.Datetime.now(),
                "operation": "searchOrders",
                "status": 429,
                "error": error,
            }
        )
        with Form(call.with_user(self.user)) as form:
            self.assertEqual(form.error, error)


@tagged("post_install", "-at_install")
class TestSellerFormShown(ScreenCase):
    """What the connection's form shows, as the web client judges ``invisible``."""

    def seen(self, node, **values):
        facts = {
            "kind": "seller",
            "authorisation_state": "ok",
            "order_route": "api",
            **values,
        }
        return not any(
            eval(each.get("invisible"), {}, facts)
            for each in [node, *node.iterancestors()]
            if each.get("invisible")
        )

    def form(self, user):
        view = self.env["amazon.b2b.connection"].with_user(user).get_view
        return etree.fromstring(view(view_type="form")["arch"])

    def buttons(self, user, path, **values):
        found = self.form(user).xpath(path)
        return [node.get("string") for node in found if self.seen(node, **values)]

    def test_the_header_has_the_buttons_of_the_present_state(self):
        header = "//header/button"
        expected = {
            "none": ["Authorise", "Paste Refresh Token"],
            "ok": ["Synchronise", "Check Connection"],
            "again": ["Authorise Again", "Paste Refresh Token", "Check Connection"],
        }
        for state, names in expected.items():
            with self.subTest(state=state):
                found = self.buttons(self.manager, header, authorisation_state=state)
                self.assertEqual(sorted(found), sorted(names))

    def test_who_uploads_reports_finds_the_button_in_the_header(self):
        found = self.buttons(self.manager, "//header/button", order_route="file")
        self.assertEqual(sorted(found), ["Check Connection", "Upload a Report"])

    def test_a_sandbox_says_so_on_its_form(self):
        [ribbon] = self.form(self.manager).xpath("//widget[@title='Sandbox']")
        shown = [self.seen(ribbon, is_sandbox=is_so, active=1) for is_so in (0, 1)]
        self.assertEqual(shown, [False, True])

    def test_a_user_is_offered_what_he_may_do(self):
        found = self.buttons(self.user, "//sheet//button[@string]|//header/button")
        self.assertEqual(
            sorted(found), ["Import One Order", "Read Again From…", "Synchronise"]
        )

    def test_a_page_belongs_to_one_kind_of_connection(self):
        pages = self.form(self.manager).xpath("//notebook/page")
        for page in pages:
            with self.subTest(page=page.get("name")):
                shown = [self.seen(page, kind=kind) for kind in ("vendor", "seller")]
                self.assertEqual(sum(shown), 1)

    def test_the_customer_of_an_order_opens_for_every_group(self):
        partner = self.take(selling.order()).sale_order_id.partner_id
        for user in (self.user, self.salesman, self.packer, self.manager):
            with self.subTest(user=user.login):
                records = partner.with_user(user)
                arch = records.get_view(view_type="form")["arch"]
                names = set(re.findall(r'<field name="(amazon_b2b_\w+)"', arch))
                [values] = records.read(sorted(names))
                self.assertEqual(values["id"], partner.id)

    def test_a_buyer_s_address_is_shown_as_it_was_typed(self):
        order = selling.order()
        place = order["recipient"]["deliveryAddress"]
        place.update(addressLine1="Packstation 145", addressLine2="Postnr. 1234567890")
        partner = self.take(order).sale_order_id.partner_shipping_id
        arch = etree.fromstring(
            partner.with_user(self.user).get_view(view_type="form")["arch"]
        )
        [page] = arch.xpath("//page[@name='amazon_b2b']")
        nodes = {node.get("name"): node for node in page.iterfind("*/field")}
        nodes |= {node.get("name"): node for node in page.iterfind("field")}
        facts = {name: partner[name] for name in nodes}
        shown = {name for name, node in nodes.items() if self.seen(node, **facts)}
        self.assertIn("amazon_b2b_raw_address", shown)
        self.assertNotIn("amazon_b2b_warehouse_code_ids", shown)
        self.assertIn("Postnr. 1234567890", partner.amazon_b2b_raw_address)
