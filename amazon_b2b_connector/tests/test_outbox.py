from datetime import datetime, timezone
from decimal import Decimal
from itertools import count

from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, new_test_user, tagged

from .. import as2, edi
from .exchange import ExchangeMixin, amazon_listens, purchase_order

NUMBERS = count(7001)


@tagged("post_install", "-at_install")
class TestOutbox(ExchangeMixin, TransactionCase):
    """What is stored before it is sent, in which order, and what an answer does."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_exchange()

    def acknowledgement(self, order="4HQ7EBLG", number=None, **values):
        paper = edi.Acknowledgement(
            order_number=order,
            date=datetime(2026, 11, 21).date(),
            order_date=datetime(2026, 11, 21).date(),
            lines=(
                edi.AcknowledgementLine(
                    number="1",
                    quantity=Decimal(10),
                    unit="EA",
                    price=Decimal("9.5"),
                    price_basis="PE",
                    identifiers=(edi.Identifier(qualifier="UP", value="012345678905"),),
                    decisions=(
                        edi.Decision(code="IA", quantity=Decimal(10), unit="EA"),
                    ),
                ),
            ),
        )
        return self.env["amazon.b2b.document"]._send_out(
            paper,
            self.connection,
            number=number or order,
            order_number=order,
            **values,
        )

    def answer(self, document, status, sets=True):
        """Amazon's 997 for ``document`` arrives."""
        envelope = edi.Envelope(
            sender="AMAZON",
            receiver="VENDOR",
            moment=datetime.now(),
            interchange_control_number=900 + document.id,
            group_control_number=900 + document.id,
        )
        paper = edi.FunctionalAcknowledgement(
            group_code=document.group_code,
            group_control_number=document.group_control_number,
            status=status,
            sets_included=1,
            sets_received=1,
            sets_accepted=int(status != "R"),
            sets=(
                edi.SetResponse(
                    set_code=document.code,
                    control_number=document.set_control_number,
                    status=status,
                    codes=("5",) if status == "R" else (),
                ),
            )
            if sets
            else (),
        )
        transmission = self.arrive(edi.write(envelope, [paper]))
        transmission.document_ids._work()
        return transmission.document_ids

    def deliver(self, document, **kwargs):
        with amazon_listens(self, **kwargs) as amazon:
            self.amazon_station.url = amazon.url
            self.send()
        return amazon

    def test_bytes_numbers_and_message_id_are_stored_before_the_first_attempt(self):
        document = self.acknowledgement()
        document._encode_safely()
        transmission = document.transmission_id
        self.assertEqual(transmission.attempts, 0)
        self.assertTrue(transmission._bytes("wire"))
        self.assertTrue(transmission.message_id)
        self.assertTrue(document.interchange_control_number)

    def test_997_accepts(self):
        document = self.acknowledgement()
        self.deliver(document)
        self.assertEqual(document.state, "delivered")
        self.answer(document, "A")
        self.assertEqual(document.state, "accepted")

    def test_997_for_the_group_as_a_whole_accepts(self):
        document = self.acknowledgement()
        self.deliver(document)
        self.answer(document, "A", sets=False)
        self.assertEqual(document.state, "accepted")

    def test_997_that_overtakes_the_receipt_counts(self):
        document = self.acknowledgement()
        self.send()  # nobody answers
        self.assertEqual(document.state, "ready")
        self.answer(document, "A")
        self.assertEqual(document.state, "accepted")
        self.assertTrue(document.delivered_date)
        self.deliver(document)
        self.assertEqual(document.transmission_id.state, "delivered")
        self.assertEqual(document.state, "accepted")

    def test_997_rejects_with_its_codes(self):
        document = self.acknowledgement()
        self.deliver(document)
        self.answer(document, "R")
        self.assertEqual(document.state, "rejected")
        self.assertIn("5", document.reason)

    def answer_as(self, document, body):
        """Amazon's 997 for ``document`` arrives, of these segments after AK1."""
        segments = [
            f"GS*FA*AMAZON*VENDOR*20261121*1200*{document.id}*X*004010",
            "ST*997*0001",
            f"AK1*{document.group_code}*{document.group_control_number}",
            *body,
            f"SE*{len(body) + 3}*0001",
            f"GE*1*{document.id}",
        ]
        head, _gs, _rest = purchase_order(control=next(NUMBERS)).partition(b"GS*")
        number = head.split(b"*")[13].decode()
        text = "~".join([*segments, f"IEA*1*{number}"]) + "~"
        (found,) = self.arrive(head + text.encode()).document_ids
        found._work()
        return found

    def test_997_that_rejects_the_group_rejects_what_it_names_as_accepted(self):
        document = self.acknowledgement()
        document._encode()
        named = f"AK2*855*{document.set_control_number}"
        self.answer_as(document, (named, "AK5*A", "AK9*R*1*1*1*4"))
        self.assertEqual(document.state, "rejected")
        self.assertIn("error codes 4", document.reason)

    def test_997_that_does_not_say_which_is_held_and_moves_nothing(self):
        document = self.acknowledgement()
        document._encode()
        for group in ("AK9*P*2*2*1", "AK9*Q*1*1*1"):
            answer = self.answer_as(document, (group,))
            self.assertEqual((answer.state, answer.reason_code), ("held", "content"))
            self.assertIn(document.display_name, answer.reason)
            self.assertEqual(document.state, "ready")
        named = f"AK2*855*{document.set_control_number}"
        self.answer_as(document, (named, "AK5*a", "AK9*P*2*2*1"))
        self.assertEqual(document.state, "accepted")

    def test_997_for_something_never_sent_is_held(self):
        document = self.acknowledgement()
        self.deliver(document)
        with_other_number = document.group_control_number
        document.group_control_number = "4711"
        paper = self.answer(document, "A")
        self.assertEqual(paper.state, "done")
        document.group_control_number = with_other_number
        paper._move("done")
        unknown = self.arrive(
            paper.transmission_id._bytes("payload").replace(b"00000", b"00001")
        ).document_ids
        unknown._work()
        self.assertEqual((unknown.state, unknown.reason_code), ("held", "reference"))

    def test_no_997_for_a_997(self):
        document = self.acknowledgement()
        self.deliver(document)
        before = self.documents.search_count([("direction", "=", "out")])
        self.answer(document, "A")
        self.assertEqual(
            self.documents.search_count([("direction", "=", "out")]), before
        )

    def test_later_document_of_an_order_waits_for_the_delivered_one(self):
        first, second = self.acknowledgement(), self.acknowledgement(number="2")
        other = self.acknowledgement(order="OTHER001")
        self.assertEqual((first | second | other)._behind_others(), second)
        self.deliver(first)
        self.assertFalse(second._behind_others())

    def test_failed_document_keeps_what_follows_it_back(self):
        first, second = self.acknowledgement(), self.acknowledgement(number="2")
        first._move("failed")
        self.assertEqual(second._behind_others(), second)
        first.action_stop()
        self.assertFalse(second._behind_others())

    def test_negative_receipt_fails_with_amazons_words(self):
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
                text="disk full",
                message_id="<no@amazon>",
                date=datetime.now(timezone.utc),
            )
            return 200, mdn.headers, mdn.body

        document = self.acknowledgement()
        self.deliver(document, answer=refuse)
        self.assertEqual(document.state, "failed")
        self.assertIn("unexpected-processing-error", document.reason)

    def test_forged_receipt_does_not_deliver(self):
        document = self.acknowledgement()
        self.deliver(document, answer=lambda h, b: (200, {}, b"ok, got it"))
        self.assertEqual(document.state, "ready")
        self.assertTrue(document.transmission_id.last_error)

    def test_server_error_is_tried_again(self):
        document = self.acknowledgement()
        self.deliver(document, answer=lambda h, b: (500, {}, b""))
        self.assertEqual(document.state, "ready")
        self.deliver(document)
        self.assertEqual(document.state, "delivered")

    def test_redirect_is_not_followed(self):
        document = self.acknowledgement()
        where = {"Location": "http://127.0.0.1:9/elsewhere"}
        self.deliver(document, answer=lambda h, b: (302, where, b""))
        self.assertEqual(document.transmission_id.last_error, "HTTP status 302")

    def test_intervals_grow(self):
        document = self.acknowledgement()
        document._encode_safely()
        transmission, waits = document.transmission_id, []
        for _attempt in range(9):
            transmission._claim_attempt()
            waits.append(transmission.next_attempt - transmission.write_date)
        minutes = [round(wait.total_seconds() / 60) for wait in waits]
        self.assertEqual(minutes, sorted(minutes))
        self.assertGreater(minutes[-1], minutes[0])

    def test_stage_parallel_waits_for_its_release(self):
        self.connection._type("acknowledgement").state = "parallel"
        document = self.acknowledgement()
        self.assertEqual(document.state, "prepared")
        document.action_release()
        self.deliver(document)
        self.assertEqual(document.state, "delivered")

    def test_stage_test_and_test_connection_send_as_test(self):
        self.connection._type("acknowledgement").state = "test"
        amazon = self.deliver(self.acknowledgement())
        self.assertTrue(edi.read(amazon.payloads[0]).interchanges[0].test)

    def test_stage_off_refuses(self):
        self.connection._type("acknowledgement").state = "off"
        with self.assertRaises(UserError):
            self.acknowledgement()

    def test_archived_connection_sends_nothing(self):
        document = self.acknowledgement()
        document._encode_safely()
        self.connection.active = False
        domain = self.transmissions._due_domain()
        self.assertFalse(self.transmissions.search(domain))

    def test_copied_database_sends_nothing_until_a_manager_confirms(self):
        origin = self.env["amazon.b2b.origin"]
        origin._remember()
        self.assertTrue(origin._may_exchange())
        self.env["ir.config_parameter"].set_param("database.uuid", "a-copy")
        self.assertFalse(origin._may_exchange())
        with self.assertRaises(UserError):
            origin.with_user(self.env.ref("base.public_user"))._confirm()
        self.env["amazon.b2b.go.live"].create({}).action_confirm()
        self.assertTrue(origin._may_exchange())

    def test_start_values_of_control_numbers(self):
        numbering = self.connection._numbering(False)
        numbering.write({"next_interchange": 500, "next_group": 60, "next_set": 7})
        document = self.acknowledgement()
        document._encode_safely()
        self.assertEqual(document.interchange_control_number, "000000500")
        self.assertEqual(document.group_control_number, "60")
        self.assertEqual(document.set_control_number.lstrip("0"), "7")

    def test_control_number_used_before_is_not_sent(self):
        numbering = self.connection._numbering(False)
        numbering.next_interchange = 500
        first = self.acknowledgement()
        first._encode_safely()
        numbering.next_interchange = 500
        second = self.acknowledgement(order="OTHER001")
        second._encode_safely()
        self.assertEqual(second.state, "failed")
        self.assertIn("000000500", second.reason)

    def test_connectivity_test_is_sent_as_a_test(self):
        wizard = self.env["amazon.b2b.test.message"].create(
            {"connection_id": self.connection.id}
        )
        wizard.action_send()
        amazon = self.deliver(None)
        interchange = edi.read(amazon.payloads[0]).interchanges[0]
        self.assertTrue(interchange.test)
        self.assertEqual(
            interchange.messages[0].document.order_number, "CONNECTIVITYTEST"
        )

    def test_file_read_in_is_as_if_it_had_arrived(self):
        wizard = self.env["amazon.b2b.read.file"].create(
            {
                "connection_id": self.connection.id,
                "file": self.transmissions._stored(purchase_order()),
                "filename": "po.edi",
            }
        )
        wizard.action_apply()
        transmission = self.transmissions.search([("transport", "=", "file")])
        transmission._decode()
        self.assertIn("4HQ7EBLG", transmission.document_ids.mapped("number"))

    def send_file(self, payload, **values):
        self.env["amazon.b2b.read.file"].create(
            {
                "connection_id": self.connection.id,
                "direction": "out",
                "file": self.transmissions._stored(payload),
                "filename": "by_hand.edi",
                **values,
            }
        ).action_apply()

    def assertFileRefused(self, words, payload, **values):
        with self.assertRaises(UserError) as caught, self.env.cr.savepoint():
            self.send_file(payload, **values)
        self.assertRegex(str(caught.exception), words)

    def by_hand(self, **values):
        return purchase_order(**values).replace(b"AMAZON ", b"VENDOR ")

    def test_file_sent_over_the_connection_is_answered_like_any_other(self):
        payload = self.by_hand()
        self.send_file(payload)
        amazon = self.deliver(None)
        self.assertEqual(amazon.payloads, [payload])
        document = self.documents.search([("direction", "=", "out")])
        self.assertEqual(document.state, "delivered")

    def test_file_under_a_used_control_number_is_not_sent(self):
        self.send_file(self.by_hand())
        self.assertFileRefused(
            "000000001 .* other content", self.by_hand(quantity=11), is_repeat=True
        )
        # on another day it is another interchange, but Amazon may see it otherwise
        later = self.by_hand(quantity=11).replace(b"*261121*", b"*261122*")
        self.assertFileRefused("000000001 was used before", later)
        self.send_file(self.by_hand(control=2))

    def test_same_interchange_goes_again_when_a_person_says_so(self):
        self.send_file(self.by_hand())
        self.assertFileRefused("000000001 was used before", self.by_hand())
        self.send_file(self.by_hand(), is_repeat=True)
        sent = self.transmissions.search([("direction", "=", "out")])
        self.assertEqual(len(sent), 2)

    def test_file_under_a_number_that_a_document_took_is_not_sent(self):
        document = self.acknowledgement()
        document._encode_safely()
        self.assertFileRefused(
            "was used before", document.transmission_id._bytes("payload")
        )

    def test_resend_sends_the_same_bytes_under_the_same_message_id(self):
        document = self.acknowledgement()
        first = self.deliver(document)
        document.action_send_again()
        second = self.deliver(document)
        self.assertEqual(first.received[0][1], second.received[0][1])
        self.assertEqual(
            first.received[0][0]["Message-ID"], second.received[0][0]["Message-ID"]
        )
        self.assertEqual(document.state, "delivered")

    def test_stopped_document_is_not_sent(self):
        document = self.acknowledgement()
        document._encode_safely()
        document.action_stop()
        self.assertEqual(self.deliver(document).received, [])

    def two_in_one_file(self):
        first, second = self.by_hand(), self.by_hand(number="OTHER001")
        body = second[second.index(b"ST*") : second.index(b"GE*")]
        both = first.replace(b"GE*1*", body.replace(b"*0001~", b"*0002~") + b"GE*2*")
        self.send_file(both)
        return self.documents.search([("direction", "=", "out")], order="id")

    def test_stopping_one_of_two_in_a_file_names_the_other(self):
        first, second = documents = self.two_in_one_file()
        with self.assertRaises(UserError) as caught:
            second.action_stop()
        self.assertIn(first.display_name, str(caught.exception))
        self.assertEqual(documents.transmission_id.state, "ready")
        action = self.env.ref("amazon_b2b_connector.action_server_stop")
        action.with_context(
            active_model=documents._name, active_ids=documents.ids
        ).run()
        self.assertEqual(set(documents.mapped("state")), {"stopped"})
        self.assertEqual(documents.transmission_id.state, "stopped")

    def test_stopping_one_of_two_that_failed_leaves_the_other(self):
        first, second = documents = self.two_in_one_file()
        documents._move("failed")
        documents.transmission_id._move("failed")
        first.action_stop()
        self.assertEqual(second.state, "failed")
        self.assertEqual(documents.transmission_id.state, "failed")
        second.action_stop()
        self.assertEqual(documents.transmission_id.state, "stopped")

    def test_delivered_by_hand_lets_what_follows_go(self):
        first, second = self.acknowledgement(), self.acknowledgement(number="2")
        first._encode_safely()
        first.transmission_id.action_delivered_by_hand()
        self.assertEqual(first.state, "delivered")
        self.assertFalse(second._behind_others())

    def test_buttons_take_no_more_than_the_right_amazon_user(self):
        document = self.acknowledgement()
        document._encode_safely()
        transmission = document.transmission_id
        colleague = new_test_user(self.env, "colleague", "base.group_user")
        packer = new_test_user(
            self.env, "packer", "amazon_b2b_connector.group_user,stock.group_stock_user"
        )
        with self.assertRaises(AccessError):
            transmission.with_user(colleague).action_resend()
        transmission.with_user(packer).action_resend()
        document.with_user(packer).action_stop()
        self.assertEqual(transmission.state, "stopped")
        document.with_user(packer).action_send_again()
        self.assertEqual(transmission.state, "ready")
        transmission.with_user(packer).action_delivered_by_hand()
        self.assertEqual(transmission.state, "delivered")
        received = self.arrive(b"hello")
        received.with_user(packer).action_decode_again()
        self.assertEqual(received.state, "received")

    def test_name_with_a_letter_that_x12_has_not_is_sent_in_ascii(self):
        paper = edi.Acknowledgement(
            order_number="4HQ7EBLG",
            date=datetime(2026, 11, 21).date(),
            order_date=datetime(2026, 11, 21).date(),
            ship_to=edi.Party(role="ST", name="Müller*Söhne", code="PHX3"),
            lines=self.acknowledgement()._paper().lines,
        )
        document = self.documents._send_out(paper, self.connection, number="M")
        document._encode_safely()
        self.assertEqual(document.state, "ready", document.reason)
        self.assertTrue(document.transmission_id)

    def test_documents_are_not_deleted(self):
        with self.assertRaises(UserError):
            self.acknowledgement().unlink()
