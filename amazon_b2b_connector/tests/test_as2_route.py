from datetime import datetime, timezone
from unittest.mock import patch

from odoo.tests import HttpCase, tagged
from werkzeug.formparser import FormDataParser

from .. import as2
from ..controllers import as2_route
from .exchange import ExchangeMixin, purchase_order

ROUTE = "/amazon_b2b/as2"


@tagged("post_install", "-at_install")
class TestAs2Route(ExchangeMixin, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_exchange()

    def post(self, message):
        return self.url_open(ROUTE, data=message.body, headers=message.headers)

    def stored(self, *states):
        domain = [("direction", "=", "in"), ("state", "in", states)]
        return self.env["amazon.b2b.transmission"].search(domain)

    def test_message_is_stored_and_answered_with_signed_receipt(self):
        message = self.message(purchase_order())
        response = self.post(message)
        self.assertEqual(response.status_code, 200)
        self.assertTrue(self.receipt(message, response).accepted)
        stored = self.stored("received")
        self.assertEqual(stored._bytes("payload"), purchase_order())
        self.assertEqual(stored._bytes("wire"), message.body)

    def test_repeated_message_gets_the_stored_receipt(self):
        message = self.message(purchase_order())
        first, second = self.post(message), self.post(message)
        self.assertEqual(first.content, second.content)
        self.assertEqual(len(self.stored("received")), 1)
        self.assertEqual(self.stored("duplicate").original_id, self.stored("received"))

    def test_unknown_station_is_refused_unread(self):
        message = self.message(purchase_order())
        message.headers["AS2-From"] = "SOMEBODY"
        response = self.post(message)
        self.assertEqual(response.status_code, 403)
        self.assertFalse(self.stored("received"))
        self.assertFalse(self.stored("refused").wire)

    def test_archived_station_is_unknown(self):
        self.amazon_station.active = False
        self.assertEqual(self.post(self.message(purchase_order())).status_code, 403)

    def test_wrong_signature_is_answered_and_recorded_without_its_body(self):
        stranger = as2.PrivateKey.generate("AMAZONTEST", days=30)
        message = self.message(purchase_order(), key=stranger)
        response = self.post(message)
        result = self.receipt(message, response)
        self.assertFalse(result.accepted)
        self.assertIn("authentication-failed", result.modifier)
        refused = self.stored("refused")
        self.assertFalse(refused._bytes("wire"))
        self.assertFalse(refused._bytes("payload"))
        self.assertFalse(self.env["amazon.b2b.document"].search([]))

    def test_refused_message_id_is_judged_afresh(self):
        stranger = as2.PrivateKey.generate("AMAZONTEST", days=30)
        self.post(self.message(purchase_order(), key=stranger))
        message = self.message(purchase_order())
        self.assertTrue(self.receipt(message, self.post(message)).accepted)

    def test_body_over_the_limit_is_refused(self):
        self.own_station.max_megabytes = 1
        message = self.message(b"x" * 1_200_000)
        self.assertEqual(self.post(message).status_code, 413)
        self.assertFalse(self.stored("received"))

    def test_garbage_is_answered(self):
        headers = dict(self.message(b"x").headers)
        response = self.url_open(ROUTE, data=b"\x30\x80garbage", headers=headers)
        self.assertEqual(response.status_code, 200)
        self.assertTrue(self.stored("refused"))

    def test_no_as2_headers_is_answered(self):
        self.assertEqual(self.url_open(ROUTE, data=b"hello").status_code, 400)

    def test_form_is_refused_unparsed(self):
        forms = {
            "application/x-www-form-urlencoded": b"a=" + b"x" * 100_000,
            "multipart/form-data; boundary=b": b"--b\r\nContent-Disposition: form-data;"
            b' name="a"; filename="a"\r\n\r\n' + b"x" * 100_000 + b"\r\n--b--\r\n",
        }
        as2_headers = dict(self.message(b"x").headers)
        for content_type, body in forms.items():
            for headers, status in (({}, 400), (as2_headers, 200)):
                with (
                    self.subTest(content_type=content_type, status=status),
                    patch.object(FormDataParser, "parse", autospec=True) as parse,
                ):
                    answer = self.url_open(
                        ROUTE,
                        data=body,
                        headers={**headers, "Content-Type": content_type},
                    )
                    self.assertEqual(answer.status_code, status)
                    parse.assert_not_called()
        self.assertEqual(len(self.stored("refused")), 4)
        self.assertFalse(self.stored("received"))

    def test_neutralised_database_takes_nothing(self):
        self.env["ir.config_parameter"].set_param("database.is_neutralized", "True")
        self.assertEqual(self.post(self.message(purchase_order())).status_code, 503)
        self.assertFalse(self.stored("received", "refused"))

    # receipts in a request of their own

    def awaited(self):
        """A message of ours whose receipt is awaited, and that receipt."""
        self.amazon_station.mdn = "async"
        self.env["amazon.b2b.test.message"].create(
            {"connection_id": self.connection.id}
        ).action_send()
        document = self.env["amazon.b2b.document"].search([("direction", "=", "out")])
        document._encode()
        sent = document.transmission_id
        wire = as2.receive_message(
            sent._headers(), sent._bytes("wire"), self.vendor_as_seen, self.amazon
        )
        return document, as2.build_mdn(
            original=sent._headers(),
            receipt=wire.receipt,
            identity=self.amazon,
            mic=wire.mic,
            disposition="processed",
            text="ok",
            message_id="<mdn@amazon>",
            date=datetime.now(timezone.utc),
        )

    def test_receipt_delivers(self):
        document, receipt = self.awaited()
        self.assertEqual(self.post(receipt).status_code, 200)
        self.assertEqual(document.state, "delivered")

    def test_receipt_for_what_was_stopped_meanwhile_says_that_it_arrived(self):
        document, receipt = self.awaited()
        document.action_stop()
        self.assertEqual(self.post(receipt).status_code, 200)
        self.assertEqual(document.transmission_id.state, "delivered")
        self.assertEqual(document.state, "delivered")

    def test_receipt_without_a_certificate_to_verify_it_is_refused(self):
        document, receipt = self.awaited()
        self.amazon_station.certificate_ids.use_until = "2020-01-01"
        self.assertEqual(self.post(receipt).status_code, 503)
        self.assertEqual(document.state, "ready")
        self.assertTrue(self.stored("refused"))

    # what is kept of strangers

    def test_strangers_do_not_use_up_what_is_kept_of_a_station(self):
        stranger = self.message(purchase_order())
        stranger.headers["AS2-From"] = "SOMEBODY"
        forger = as2.PrivateKey.generate("AMAZONTEST", days=30)
        with patch(f"{as2_route.__name__}.KEPT_AN_HOUR", 2):
            for _time in range(3):
                self.post(stranger)
            self.post(self.message(purchase_order(), key=forger))
        refused = self.stored("refused")
        self.assertEqual(len(refused), 3)
        self.assertTrue(refused.filtered("partner_station_id"))

    def test_replays_get_the_stored_receipt_and_leave_so_many_rows_an_hour(self):
        message = self.message(purchase_order())
        forger = as2.PrivateKey.generate("AMAZONTEST", days=30)
        first = self.post(message)
        with patch(f"{as2_route.__name__}.KEPT_AN_HOUR", 2):
            for _time in range(4):
                self.assertEqual(self.post(message).content, first.content)
            self.assertEqual(len(self.stored("duplicate")), 2)
            # refusals have a share of their own
            self.post(self.message(purchase_order(), key=forger))
        self.assertEqual(len(self.stored("refused")), 1)

    def test_what_was_not_taken_goes_when_its_time_is_over(self):
        message = self.message(purchase_order())
        self.post(message)
        self.post(message)
        message.headers["AS2-From"] = "SOMEBODY"
        self.post(message)
        transmissions = self.env["amazon.b2b.transmission"]
        transmissions._gc_not_taken()
        self.assertEqual(len(self.stored("refused", "duplicate")), 2)
        self.env.cr.execute(
            "UPDATE amazon_b2b_transmission SET create_date = '2020-01-01'"
        )
        transmissions.invalidate_model()
        transmissions._gc_not_taken()
        self.assertFalse(self.stored("refused", "duplicate"))
        self.assertTrue(self.stored("received"))
