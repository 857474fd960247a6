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
        self.assertEqual(documents.user_id, self.connection.user_id)
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

    def test_what_stands_in_no_message_waits_for_a_person(self):
        lost = b"BEG*00*NE*LOST**20261121~PO1*1*2*EA*3~SE*3*0002~"
        for control, (payload, taken) in enumerate(
            (
                # a transaction set without its ST, alone and behind a whole one
                (lambda po: po.replace(b"ST*850*0001~", b""), []),
                (lambda po: po.replace(b"GE*1*", lost + b"GE*1*"), ["4HQ7EBLG"]),
                # a set that the group announces and does not hold
                (lambda po: po.replace(b"GE*1*", b"GE*2*"), ["4HQ7EBLG"]),
            ),
            1,
        ):
            whole = purchase_order(control=control)
            for state in ("failed", "ignored"):  # and the same interchange again
                found = self.arrive(payload(whole)).document_ids
                unread = found.filtered(lambda d: not d.kind)
                self.assertEqual(unread.mapped("state"), [state])
                self.assertEqual((found - unread).mapped("number"), taken)
                self.assertEqual(unread.connection_id, self.connection)
                if state == "failed":
                    self.assertEqual(unread.user_id, self.connection.user_id)
                    self.assertIn("not whole", unread.reason)

    def test_group_without_any_message_is_rejected(self):
        self.arrive(purchase_order().replace(b"ST*850*0001~", b""))
        answer = self.documents.search([("direction", "=", "out")])
        self.assertEqual(answer._paper().status, "R")

    def test_nul_anywhere_is_decoded_as_far_as_it_goes_and_answered(self):
        for control, (plain, with_nul) in enumerate(
            {
                b"*00*          *00*": b"*00*\0\0\0\0\0\0\0\0\0\0*00*",
                b"*ZZ*AMAZON         *": b"*ZZ*AMAZON\0\0\0\0\0\0\0\0\0*",
                b"*P*>~": b"*P*\0~",
                b"*PHX3~": b"*PH\0X3~",
                b"~PO1*1*": b"~\0PO1*1*",
                b"*9.5*PE": b"*9\0.5*PE",
            }.items(),
            1,
        ):
            payload = purchase_order(f"NUL{control}", control).replace(plain, with_nul)
            with self.subTest(payload=with_nul):
                self.assertIn(b"\0", payload)
                transmission = self.arrive(payload)
                self.assertEqual(transmission.state, "decoded", transmission.reason)
                self.assertEqual(transmission._bytes("payload"), payload)
                self.assertIn("\N{SYMBOL FOR NULL}", transmission.payload_text)
                order = transmission.document_ids.filtered(
                    lambda d: d.kind == "purchase_order"
                )
                self.assertEqual(order.number, f"NUL{control}")
                answer = self.documents.search(
                    [("direction", "=", "out")], order="id desc", limit=1
                )
                self.assertEqual(
                    answer._paper().group_control_number, order.group_control_number
                )

    def test_nul_in_what_others_write_is_stored_as_a_replacement(self):
        transmission = self.arrive(purchase_order())
        transmission.write({"filename": "a\0b", "content_type": "text/\0"})
        transmission.document_ids.reason = "\0"
        self.env.flush_all()
        self.assertEqual(transmission.filename, "a\ufffdb")

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
