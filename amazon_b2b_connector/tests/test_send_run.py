from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from unittest.mock import patch

from odoo import fields
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger
from psycopg2.errors import SerializationFailure

from .. import as2
from .exchange import ExchangeMixin, amazon_listens, purchase_order

SENDER = "odoo.addons.amazon_b2b_connector.models.transmission_outbox"


@tagged("post_install", "-at_install")
class TestSendRun(ExchangeMixin, TransactionCase):
    """A run of the sender as the scheduled action makes it: nothing ends it early."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_exchange()

    def messages(self, count):
        for _number in range(count):
            self.env["amazon.b2b.test.message"].create(
                {"connection_id": self.connection.id}
            ).action_send()
        documents = self.documents.search([("state", "=", "ready")], order="id")
        for document in documents:
            document._encode()
        return documents.transmission_id.sorted("id")

    def asking_for_receipt_at(self, url):
        """An incoming message whose receipt goes to ``url``."""
        return self.transmissions.create(
            {
                "direction": "in",
                "state": "decoded",
                "own_station_id": self.own_station.id,
                "partner_station_id": self.amazon_station.id,
                "mdn_state": "ready",
                "mdn_url": url,
                "mdn_headers": "{}",
                "mdn_body": self.transmissions._stored(b"receipt"),
                "next_attempt": fields.Datetime.now(),
            }
        )

    @contextmanager
    def run_of_the_sender(self):
        """Without its commits; yields what it reports as left."""
        left = []

        def progress(_cron, _processed=0, *, remaining=None):
            if remaining is not None:
                left.append(remaining)
            return 60

        with (
            patch.object(type(self.env["ir.cron"]), "_commit_progress", progress),
            patch.object(self.env.cr, "rollback"),
        ):
            self.transmissions._cron_send()
            yield left

    def test_row_that_another_worker_changed_does_not_end_the_run(self):
        first, second = self.messages(2)
        conclude = type(first)._conclude

        def raced(transmission, outcome):
            if transmission == first:
                # its receipt came by the door while its answer was waited for
                raise SerializationFailure
            return conclude(transmission, outcome)

        with (
            amazon_listens(self) as amazon,
            patch.object(type(first), "_conclude", raced),
        ):
            self.amazon_station.url = amazon.url
            with self.run_of_the_sender():
                self.assertEqual(second.state, "delivered")

    @mute_logger(SENDER)
    def test_amazons_certificate_that_ran_out_does_not_end_the_run(self):
        transmission = self.messages(1)
        receipt = self.asking_for_receipt_at("http://127.0.0.1:9/mdn")
        with amazon_listens(self) as amazon:
            self.amazon_station.url = amazon.url
            self.amazon_station.certificate_ids.use_until = "2020-01-01"
            with self.run_of_the_sender():
                self.assertEqual(transmission.state, "ready")
                self.assertIn("certificate", transmission.last_error)
                self.assertTrue(transmission.first_failure)
                self.assertEqual(receipt.attempts, 1)

    def test_station_that_cannot_be_reached_is_not_reported_as_left(self):
        self.messages(3)
        with self.run_of_the_sender() as left:
            self.assertEqual(left, [0])

    def test_receipt_goes_to_the_stations_own_address_only(self):
        # the header that asks for it is not signed
        self.amazon_station.url = "https://as2.example.com:4080/as2"
        for url in (
            "https://elsewhere.example.com/mdn",
            "http://as2.example.com/mdn",
            "http://as2.example.com:4080/mdn",
            "https://as2.example.com:8443/mdn",
            "https://as2.example.com:0/mdn",
            "https://as2.example.com:22/mdn",
            "https://as2.example.com@elsewhere.example.com/mdn",
            "http://[::1",
            "https://as2.example.com:port/mdn",
            "mailto:as2@as2.example.com",
        ):
            with self.subTest(url=url):
                receipt = self.asking_for_receipt_at(url)
                with self.run_of_the_sender():
                    self.assertEqual(receipt.mdn_state, "failed")
                    self.assertIn(url, receipt.last_error)
        for url in (
            "https://as2.example.com:4080/other",
            "https://as2.example.com/mdn",
            "https://as2.example.com:443/mdn",
            "https://AS2.example.com/mdn",
        ):
            self.assertTrue(self.amazon_station._may_get_receipt_at(url), url)
        self.amazon_station.url = "http://as2.example.com:4080/as2"
        for url in ("http://as2.example.com/", "https://as2.example.com/"):
            self.assertTrue(self.amazon_station._may_get_receipt_at(url), url)
        self.assertFalse(
            self.amazon_station._may_get_receipt_at("https://as2.example.com:4080/")
        )

    def test_station_that_takes_no_receipt_rests_for_the_run(self):
        receipts = [self.asking_for_receipt_at("http://127.0.0.1:9/mdn") for _ in "12"]
        with self.run_of_the_sender():
            self.assertEqual([r.attempts for r in receipts], [1, 0])

    def test_archived_station_gets_no_receipt(self):
        receipt = self.asking_for_receipt_at("http://127.0.0.1:9/mdn")
        self.amazon_station.active = False
        with self.run_of_the_sender():
            self.assertFalse(receipt.attempts)

    def test_receipt_that_stays_out_counts_as_failure(self):
        self.amazon_station.mdn = "async"
        transmission = self.messages(1)
        with amazon_listens(self, answer=lambda *_: (202, {}, b"")) as amazon:
            self.amazon_station.url = amazon.url
            self.attempt(transmission)
            self.assertEqual(transmission.state, "sent")
            self.assertFalse(transmission.first_failure)
            self.attempt(transmission)
        self.assertTrue(transmission.first_failure)
        self.assertTrue(transmission.last_error)
        transmission.first_failure -= timedelta(minutes=31)
        self.documents._raise_alarms(fields.Datetime.now())
        self.assertEqual(transmission.document_ids.alarm, "unreachable")

    def test_resent_after_a_refusal_is_delivered_with_its_documents(self):
        transmission = self.messages(1)

        def refuse(headers, body):
            message = as2.receive_message(
                headers, body, self.vendor_as_seen, self.amazon
            )
            mdn = as2.build_mdn(
                original=headers,
                receipt=message.receipt,
                identity=self.amazon,
                mic=message.mic,
                disposition="unexpected-processing-error",
                text="no",
                message_id="<mdn@amazon>",
                date=datetime.now(timezone.utc),
            )
            return 200, mdn.headers, mdn.body

        with amazon_listens(self, answer=refuse) as amazon:
            self.amazon_station.url = amazon.url
            self.attempt(transmission)
        self.assertEqual(transmission.document_ids.state, "failed")
        transmission.action_resend()
        with amazon_listens(self) as amazon:
            self.amazon_station.url = amazon.url
            self.attempt(transmission)
        self.assertEqual(transmission.document_ids.state, "delivered")


@tagged("post_install", "-at_install")
class TestWhoseInterchange(ExchangeMixin, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_exchange()

    def over(self, own, partner, payload):
        transmission = self.transmissions._receive(
            {
                "company_id": own.company_id.id,
                "own_station_id": own.id,
                "partner_station_id": partner.id,
                **self.transmissions._payload_values(payload),
            }
        )
        transmission._decode()
        transmission.document_ids._work()
        return transmission.document_ids

    def other_pair(self):
        company = self.env["res.company"].create({"name": "Another"})
        return [
            self.env["amazon.b2b.station"].create(
                {"name": as2_id, "kind": kind, "as2_id": as2_id}
                | {"company_id": company.id}
            )
            for kind, as2_id in (("own", "OTHER"), ("partner", "STRANGER"))
        ]

    def test_station_speaks_for_its_own_connections_only(self):
        own, partner = self.other_pair()
        order = self.over(own, partner, purchase_order())
        self.assertEqual((order.state, order.reason_code), ("held", "partner"))
        self.assertFalse(order.connection_id)
        self.assertEqual(order.company_id, own.company_id)
        self.assertFalse(self.documents.search([("direction", "=", "out")]))

    def test_stations_given_to_a_connection_let_go_on(self):
        self.connection.partner_station_id = False
        order = self.over(self.own_station, self.amazon_station, purchase_order())
        self.assertEqual((order.state, order.reason_code), ("held", "partner"))
        self.connection.partner_station_id = self.amazon_station
        self.assertEqual(order.state, "new")

    def test_997_of_another_company_answers_nothing_here(self):
        own, partner = self.other_pair()
        self.env["amazon.b2b.test.message"].create(
            {"connection_id": self.connection.id}
        ).action_send()
        sent = self.documents.search([("kind", "=", "acknowledgement")])
        sent._encode()
        payload = (
            "ISA*00*          *00*          *ZZ*AMAZON         *ZZ*VENDOR         "
            "*261121*1200*U*00401*000000077*0*T*>~GS*FA*AMAZON*VENDOR*20261121*1200*77"
            f"*X*004010~ST*997*0001~AK1*PR*{sent.group_control_number}~AK9*R*1*1*0~"
            "SE*4*0001~GE*1*77~IEA*1*000000077~"
        ).encode()
        answer = self.over(own, partner, payload)
        self.assertEqual(sent.state, "ready")
        self.assertEqual(answer.state, "held")
        # the right station's counts
        self.over(self.own_station, self.amazon_station, payload)
        self.assertEqual(sent.state, "rejected")
