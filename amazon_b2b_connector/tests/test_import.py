from datetime import date, datetime

from freezegun import freeze_time
from odoo.tests import new_test_user, tagged

from .. import edi
from .common import AmazonCase, order_line, purchase_order


@tagged("post_install", "-at_install")
class TestImport(AmazonCase):
    """What the head of a purchase order becomes."""

    def test_purchase_order_becomes_a_draft_order(self):
        document = self.import_order()
        self.assertEqual(document.state, "done", document.reason)
        order = document.sale_order_id
        self.assertEqual(order.state, "draft")
        self.assertEqual(order.client_order_ref, "4Z1PHX3A")
        self.assertEqual(order.amazon_b2b_number, "4Z1PHX3A")
        self.assertEqual(order.origin, "4Z1PHX3A")
        self.assertEqual(order.amazon_b2b_document_id, document)
        self.assertEqual(order.amazon_b2b_connection_id, self.connection)
        self.assertEqual(order.amazon_b2b_freight_payer, "CC")
        self.assertEqual(order.amazon_b2b_deadline, document.deadline)
        self.assertEqual(order.amount_untaxed, 95)

    def test_an_order_for_several_fulfilment_centres_is_not_guessed_at(self):
        second = edi.Party(role="ST", code="PHX6", code_qualifier="92")
        self.assertHeld(self.import_order(parties=(second,)), "content", "several")
        split = [{"severity": "warning", "segment_id": "SDQ", "segment_number": 8}]
        document = self.receive(purchase_order(number="5Z1PHX3B"), issues=split)
        document._work()
        self.assertHeld(document, "content", "several")

    def test_line_keeps_what_amazon_ordered(self):
        line = self.import_order(order_line(number="7")).sale_order_id.order_line
        self.assertEqual(line.product_id, self.product)
        self.assertEqual(line.product_uom_qty, 10)
        self.assertEqual(line.product_uom_id, self.env.ref("uom.product_uom_unit"))
        self.assertEqual(line.price_unit, 9.5)
        self.assertEqual(line.amazon_b2b_position, 1)
        self.assertEqual(line.amazon_b2b_line_number, "7")
        self.assertEqual(line.amazon_b2b_ordered_qty, 10)
        self.assertEqual(line.amazon_b2b_price, 9.5)

    def test_warehouse_code_gives_delivery_address_and_customer(self):
        order = self.import_order().sale_order_id
        self.assertEqual(order.partner_shipping_id, self.place.partner_id)
        self.assertEqual(order.partner_id, self.customer)

    def test_customers_invoice_address_is_billed(self):
        address = self.env["res.partner"].create(
            {"name": "Payables", "type": "invoice", "parent_id": self.customer.id}
        )
        order = self.import_order().sale_order_id
        self.assertEqual(order.partner_invoice_id, address)

    def test_warehouse_code_may_have_its_own_bill_to(self):
        bill_to = self.env["res.partner"].create({"name": "Amazon Fresh"})
        self.place.invoice_partner_id = bill_to
        order = self.import_order().sale_order_id
        self.assertEqual(order.partner_invoice_id, bill_to)

    def test_connections_own_warehouse_code_goes_first(self):
        own = self.make_place("PHX3", connection_id=self.connection.id)
        order = self.import_order().sale_order_id
        self.assertEqual(order.partner_shipping_id, own.partner_id)

    def test_order_that_names_no_place_goes_where_the_dash_says(self):
        place = self.make_place("-")
        order = self.import_order(ship_to=None).sale_order_id
        self.assertEqual(order.partner_shipping_id, place.partner_id)

    def test_place_with_a_name_only_is_found_by_its_name(self):
        place = self.make_place("Acme Store 5")
        party = edi.Party(role="ST", name="Acme,  Store 5")
        order = self.import_order(ship_to=party).sale_order_id
        self.assertEqual(order.partner_shipping_id, place.partner_id)

    def test_vendor_code_chooses_team_warehouse_user_and_terms(self):
        user = new_test_user(
            self.env, "rita", "sales_team.group_sale_salesman", email="rita@example.com"
        )
        team = self.env["crm.team"].create({"name": "Amazon"})
        term = self.env["account.payment.term"].create({"name": "Net 60"})
        warehouse = self.env["stock.warehouse"].create({"name": "East", "code": "EAST"})
        self.vendor_code.write(
            {
                "user_id": user.id,
                "team_id": team.id,
                "payment_term_id": term.id,
                "warehouse_id": warehouse.id,
            }
        )
        order = self.import_order().sale_order_id
        self.assertEqual(order.user_id, user)
        self.assertEqual(order.team_id, team)
        self.assertEqual(order.payment_term_id, term)
        self.assertEqual(order.warehouse_id, warehouse)

    def test_order_made_by_the_scheduled_action_belongs_to_the_responsible(self):
        user = new_test_user(self.env, "rita", "sales_team.group_sale_salesman")
        self.connection.user_id = user
        root = self.env.ref("base.user_root")
        self.receive(purchase_order()).with_user(root)._work()
        order = self.env["sale.order"].search([("amazon_b2b_number", "=", "4Z1PHX3A")])
        self.assertEqual(order.user_id, user)

    def test_responsible_gets_no_mail_for_every_order(self):
        user = new_test_user(
            self.env, "rita", "sales_team.group_sale_salesman", email="rita@example.com"
        )
        self.vendor_code.user_id = user
        order = self.import_order().sale_order_id
        self.assertIn(user.partner_id, order.message_partner_ids)
        self.assertFalse(order.message_ids.notified_partner_ids)

    def test_foreign_currency_without_pricelist(self):
        currency = self.env.ref("base.JPY")
        currency.active = True
        self.vendor_code.currency_id = currency
        first = self.import_order().sale_order_id
        second = self.import_order(number="4Z1PHX3B").sale_order_id
        self.assertEqual(first.currency_id, currency)
        self.assertEqual(first.pricelist_id, second.pricelist_id)

    def test_order_in_another_currency_is_held(self):
        document = self.import_order(currency="XTS")
        self.assertHeld(document, "content", "XTS", self.vendor_code.currency_id.name)

    def test_vendor_codes_company_gets_the_order(self):
        company = self.env["res.company"].create({"name": "Other Vendor"})
        self.env.user.company_ids += company
        vendor_code = self.make_vendor_code("OTHER", company_id=company.id)
        place = self.make_place("PHX3", company_id=company.id)
        self.product.company_id = False
        order = self.import_order(vendor_code="OTHER").sale_order_id
        self.assertEqual(order.company_id, company)
        self.assertEqual(order.warehouse_id, vendor_code.warehouse_id)
        self.assertEqual(order.partner_shipping_id, place.partner_id)

    def test_description_is_in_the_customers_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.product.with_context(lang="fr_FR").name = "Bouilloire"
        self.customer.lang = "fr_FR"
        line = self.import_order().sale_order_id.order_line
        self.assertIn("Bouilloire", line.name)

    def test_delivery_date_is_the_first_day_of_the_window(self):
        order = self.import_order().sale_order_id
        self.assertEqual(order.amazon_b2b_deliver_not_before, date(2031, 3, 3))
        self.assertEqual(order.amazon_b2b_deliver_not_after, date(2031, 3, 10))
        self.assertEqual(order.commitment_date, datetime(2031, 3, 3, 12))

    @freeze_time("2031-03-05 08:00:00")
    def test_delivery_date_of_an_open_window_is_today(self):
        order = self.import_order().sale_order_id
        self.assertEqual(order.commitment_date, datetime(2031, 3, 5, 12))

    @freeze_time("2031-03-20 08:00:00")
    def test_delivery_date_never_passes_the_window(self):
        order = self.import_order().sale_order_id
        self.assertEqual(order.commitment_date, datetime(2031, 3, 10, 12))

    def test_order_without_window_has_no_delivery_date(self):
        order = self.import_order(
            deliver_not_before=None, deliver_not_after=None
        ).sale_order_id
        self.assertFalse(order.commitment_date)

    def test_back_order_flag_is_kept(self):
        self.assertFalse(self.import_order().sale_order_id.amazon_b2b_backorder_allowed)
        document = self.import_order(number="4Z1PHX3B", back_order_allowed=True)
        self.assertTrue(document.sale_order_id.amazon_b2b_backorder_allowed)

    def test_notes_and_promotion_are_in_the_chatter(self):
        order = self.import_order(
            promotion="PROMO7", notes=("Fragile <b>goods</b>",), packaging=("No foam",)
        ).sale_order_id
        text = "".join(order.message_ids.mapped("body"))
        self.assertIn("PROMO7", text)
        self.assertIn("No foam", text)
        self.assertIn("Fragile &lt;b&gt;goods", text)

    def test_test_order_stays_a_marked_draft(self):
        document = self.receive(purchase_order(), is_test=True)
        document._work()
        order = document.sale_order_id
        self.assertTrue(order.amazon_b2b_is_test)
        self.assertEqual(order.state, "draft")
        self.assertIn("test order", "".join(order.message_ids.mapped("body")))

    def test_copy_drops_everything_of_amazon(self):
        copy = self.import_order().sale_order_id.copy()
        for record in (copy, copy.order_line):
            kept = [
                name
                for name in record._fields
                if name.startswith("amazon_b2b_") and record[name]
            ]
            self.assertFalse(kept)
        self.assertFalse(copy.client_order_ref)

    def test_order_without_lines_is_held(self):
        document = self.receive(purchase_order(lines=()))
        document._work()
        self.assertHeld(document, "content", "no lines")
