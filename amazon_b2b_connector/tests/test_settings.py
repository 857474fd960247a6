from odoo.exceptions import UserError, ValidationError
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

from .exchange import ExchangeMixin, purchase_order


@tagged("post_install", "-at_install")
class TestSettings(ExchangeMixin, TransactionCase):
    """Stations, codes and mappings as people type them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_exchange()

    def order(self):
        return self.arrive(purchase_order()).document_ids.filtered(
            lambda d: d.kind == "purchase_order"
        )

    def test_several_warehouse_codes_typed_at_once_become_rows(self):
        address = self.env["res.partner"].create(
            {
                "name": "Phoenix",
                "amazon_b2b_warehouse_code_ids": [(0, 0, {"code": "PHX3, PHX5,PHX7"})],
            }
        )
        codes = address.amazon_b2b_warehouse_code_ids.mapped("code")
        self.assertEqual(sorted(codes), ["PHX3", "PHX5", "PHX7"])

    def test_typing_more_codes_into_a_row_adds_rows(self):
        address = self.env["res.partner"].create({"name": "Phoenix"})
        code = self.env["amazon.b2b.warehouse.code"].create(
            {"code": "PHX3", "partner_id": address.id}
        )
        code.code = "PHX3, PHX5"
        codes = address.amazon_b2b_warehouse_code_ids.mapped("code")
        self.assertEqual(sorted(codes), ["PHX3", "PHX5"])

    def test_unknown_vendor_code_waits_and_goes_on_when_it_is_added(self):
        self.connection.vendor_code_ids.unlink()
        order = self.order()
        order._work()
        self.assertEqual((order.state, order.reason_code), ("held", "vendor_code"))
        self.env["amazon.b2b.vendor.code"].create(
            {"code": "ABCD5", "connection_id": self.connection.id}
        )
        self.assertEqual(order.state, "new")

    def test_unknown_edi_ids_wait_and_go_on_when_a_connection_names_them(self):
        self.connection.partner_identifier = "SOMEBODY"
        order = self.order()
        order.transmission_id.connection_id = False
        order._work()
        self.assertEqual((order.state, order.reason_code), ("held", "partner"))
        self.connection.partner_identifier = "AMAZON"
        self.assertEqual(order.state, "new")

    def test_stage_off_ignores_and_still_answers(self):
        self.connection._type("purchase_order").state = "off"
        order = self.order()
        order._work()
        self.assertEqual(order.state, "ignored")
        self.assertTrue(self.documents.search([("direction", "=", "out")]))

    def test_stage_parallel_waits_for_its_release(self):
        self.connection._type("purchase_order").state = "parallel"
        order = self.order()
        order._work()
        self.assertEqual((order.state, order.reason_code), ("held", "stage"))
        order.action_release()
        self.assertEqual(order.state, "new")
        order._work()
        self.assertNotEqual(order.reason_code, "stage")

    def test_connections_may_share_a_pair_of_stations_and_ids(self):
        second = self.connection.copy({"name": "Amazon Vendor CA"})
        self.env["amazon.b2b.vendor.code"].create(
            {"code": "WXYZ9", "connection_id": second.id}
        )
        transmission = self.arrive(purchase_order())
        transmission.connection_id = False
        payload = purchase_order("CA000001", control=2).replace(b"ABCD5", b"WXYZ9")
        values = self.transmissions._payload_values(payload)
        other = self.transmissions._receive(
            {"transport": "file", "company_id": self.env.company.id, **values}
        )
        other._decode()
        order = other.document_ids.filtered(lambda d: d.number == "CA000001")
        order._work()
        self.assertEqual(order.connection_id, second)

    def test_no_certificate_is_refused(self):
        with self.assertRaises(UserError):
            self.env["amazon.b2b.certificate"].create(
                {"station_id": self.own_station.id, "pem": "hello"}
            )

    @mute_logger("odoo.sql_db")
    def test_own_as2_id_is_used_once(self):
        with self.assertRaises(Exception):  # noqa: B017 the database's own refusal
            self.own_station.copy({"as2_id": "VENDORTEST"})
            self.env.flush_all()

    def test_as2_id_with_a_quote_is_refused(self):
        with self.assertRaises(ValidationError):
            self.own_station.as2_id = 'A"B'

    def test_url_needs_a_scheme(self):
        with self.assertRaises(ValidationError):
            self.amazon_station.url = "amazon.example/as2"

    def test_station_shows_the_address_to_give_to_amazon(self):
        self.assertTrue(self.own_station.receive_url.endswith("/amazon_b2b/as2"))

    def test_pricelist_in_another_currency_is_refused(self):
        currencies = self.env["res.currency"].with_context(active_test=False)
        currency = currencies.search(
            [("id", "!=", self.env.company.currency_id.id)], limit=1
        )
        pricelist = self.env["product.pricelist"].create(
            {"name": "Other", "currency_id": currency.id}
        )
        with self.assertRaises(ValidationError):
            self.connection.vendor_code_ids.pricelist_id = pricelist
