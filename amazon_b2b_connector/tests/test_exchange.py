from odoo.tests import TransactionCase, tagged

from .. import edi
from .exchange import ExchangeMixin, amazon_listens, purchase_order


@tagged("post_install", "-at_install")
class TestExchange(ExchangeMixin, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_exchange()

    def test_every_group_is_answered_with_a_997(self):
        with amazon_listens(self) as amazon:
            self.amazon_station.url = amazon.url
            self.arrive(purchase_order())
            self.send()
        answer = edi.read(amazon.payloads[0]).messages[0].document
        self.assertEqual(answer.group_code, "PO")
        self.assertEqual(answer.status, "A")
        sent = self.documents.search([("direction", "=", "out")])
        self.assertEqual(sent.state, "delivered")

    def test_interchange_received_twice_makes_no_second_document(self):
        self.arrive(purchase_order())
        again = self.arrive(purchase_order())
        order = again.document_ids.filtered(lambda d: d.kind == "purchase_order")
        self.assertEqual(order.state, "ignored")

    def test_reused_control_number_with_other_bytes_is_held(self):
        self.arrive(purchase_order())
        other = self.arrive(purchase_order(quantity=11))
        order = other.document_ids.filtered(lambda d: d.kind == "purchase_order")
        self.assertEqual((order.state, order.reason_code), ("held", "interchange"))

    def test_order_with_an_unreadable_price_is_held_and_answered_with_its_place(self):
        payload = purchase_order().replace(b"*9.5*PE", b"*nine*PE")
        documents = self.arrive(payload).document_ids
        self.assertEqual((documents.state, documents.reason_code), ("held", "content"))
        self.assertIn("PO1", documents.reason + documents.issue_text)
        answer = self.documents.search([("direction", "=", "out")])._paper()
        self.assertEqual(answer.status, "E")
        self.assertEqual(answer.sets[0].segments[0].segment, "PO1")

    def test_set_that_cannot_be_read_is_answered_with_rejection(self):
        payload = purchase_order().replace(b"*10*EA", b"*ten*EA")
        documents = self.arrive(payload).document_ids
        self.assertEqual(documents.state, "failed")
        answer = self.documents.search([("direction", "=", "out")])._paper()
        self.assertEqual(answer.status, "R")

    def test_unreadable_bytes_end_in_a_failed_document(self):
        transmission = self.arrive(b"hello")
        self.assertEqual(transmission.document_ids.state, "failed")
        self.assertTrue(transmission.document_ids.reason)

    def test_unreachable_station_is_tried_again_with_the_same_bytes(self):
        self.arrive(purchase_order())
        self.send()
        transmission = self.transmissions.search([("direction", "=", "out")])
        self.assertEqual(transmission.state, "ready")
        self.assertTrue(transmission.last_error)
        wire, message_id = transmission._bytes("wire"), transmission.message_id
        with amazon_listens(self) as amazon:
            self.amazon_station.url = amazon.url
            self.send()
        self.assertEqual(amazon.received[0][1], wire)
        self.assertEqual(transmission.message_id, message_id)
        self.assertEqual(transmission.state, "delivered")
