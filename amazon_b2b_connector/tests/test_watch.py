from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.tests import TransactionCase, tagged

from .exchange import ExchangeMixin, amazon_listens, purchase_order


@tagged("post_install", "-at_install")
class TestWatch(ExchangeMixin, TransactionCase):
    """Who is told, of what, and when."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_exchange()
        cls.connection.notification_emails = "edi@example.com, boss@example.com"
        cls.now = fields.Datetime.now()

    def outgoing(self, *, minutes_failing=0, deadline_in=None):
        """A 997 in the outbox whose station cannot be reached since some minutes."""
        self.arrive(purchase_order())
        document = self.documents.search([("direction", "=", "out")])
        document._encode()
        document.transmission_id.first_failure = self.now - timedelta(
            minutes=minutes_failing
        )
        document.deadline = deadline_in and self.now + timedelta(minutes=deadline_in)
        return document

    def watch(self):
        self.documents._raise_alarms(self.now)
        self.documents._tell()

    def mails(self):
        return self.env["mail.mail"].search([("email_to", "ilike", "edi@example.com")])

    def test_half_an_hour_of_failure_is_told(self):
        document = self.outgoing(minutes_failing=30)
        self.watch()
        self.assertEqual(document.alarm, "unreachable")
        self.assertTrue(document.activity_ids)

    def test_a_few_minutes_of_failure_are_not(self):
        document = self.outgoing(minutes_failing=29)
        self.watch()
        self.assertFalse(document.alarm)

    def test_half_of_the_remaining_time_is_told_when_sooner(self):
        # 20 minutes were left when it began to fail, 10 of them are gone
        document = self.outgoing(minutes_failing=10, deadline_in=10)
        self.documents.create_date = self.now - timedelta(days=1)
        self.documents._raise_alarms(self.now)
        self.assertEqual(document._unreachable(self.now), document.browse())
        self.assertIn(document.alarm, ("unreachable", "due"))

    def test_delivery_ends_the_alarm_and_the_activity(self):
        document = self.outgoing(minutes_failing=30)
        self.watch()
        document._was_delivered(self.now)
        self.watch()
        self.assertFalse(document.alarm)
        self.assertFalse(document.activity_ids)

    def leave_an_hour(self, order):
        """It came 23 hours ago; one is left."""
        order.deadline = self.now + timedelta(hours=1)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE amazon_b2b_document SET create_date = %s WHERE id = %s",
            (self.now - timedelta(hours=23), order.id),
        )
        order.invalidate_recordset()

    def test_unanswered_order_is_told_before_its_deadline(self):
        order = self.arrive(purchase_order()).document_ids.filtered(
            lambda d: d.kind == "purchase_order"
        )
        self.leave_an_hour(order)
        self.watch()
        self.assertEqual(order.alarm, "due")
        self.documents._raise_alarms(self.now + timedelta(hours=2))
        self.assertEqual(order.alarm, "late")

    def test_missing_997_is_late(self):
        document = self.outgoing()
        document.kind = "acknowledgement"
        document._was_delivered(self.now - timedelta(hours=25))
        self.watch()
        self.assertEqual(document.alarm, "late")

    def test_one_mail_a_run_names_all_with_links(self):
        first = self.arrive(b"hello").document_ids
        second = self.arrive(b"world").document_ids
        self.watch()
        mail = self.mails()
        self.assertEqual(len(mail), 1)
        self.assertIn("boss@example.com", mail.email_to)
        for document in first | second:
            self.assertIn(f"/{document.id}", mail.body_html)
        self.watch()
        self.assertEqual(self.mails(), mail)

    # receipts that cannot be sent

    def owing(self, url):
        """An order whose receipt is asked for at ``url``, after a run of the sender
        half an hour ago."""
        transmission = self.arrive(purchase_order())
        transmission.write(
            {
                "own_station_id": self.own_station.id,
                "partner_station_id": self.amazon_station.id,
                "mdn_state": "ready",
                "mdn_url": url,
                "mdn_headers": "{}",
                "mdn_body": self.transmissions._stored(b"receipt"),
            }
        )
        self.send_receipt(transmission)
        transmission.first_failure = self.now - timedelta(minutes=30)
        return transmission

    def send_receipt(self, transmission):
        # without its commits
        with patch.object(type(self.env["ir.cron"]), "_commit_progress"):
            transmission._send_receipt()

    def test_receipt_that_may_not_go_where_it_was_asked_to_is_told(self):
        transmission = self.owing("http://elsewhere.example.com/mdn")
        self.watch()
        alarmed = transmission.document_ids.filtered("alarm")
        self.assertEqual(alarmed.alarm, "receipt")
        self.assertTrue(alarmed.needs_person)
        for told in (alarmed.activity_ids.note, self.mails().body_html):
            self.assertIn("http://elsewhere.example.com/mdn", told)
        transmission.action_give_up_receipt()
        self.watch()
        self.assertFalse(transmission.document_ids.filtered("alarm"))
        self.assertFalse(alarmed.activity_ids)

    def test_receipt_that_cannot_be_delivered_is_told_until_it_is(self):
        transmission = self.owing("http://127.0.0.1:9/mdn")
        transmission.first_failure += timedelta(minutes=1)
        self.watch()
        self.assertFalse(transmission.document_ids.filtered("alarm"))
        transmission.first_failure -= timedelta(minutes=1)
        self.watch()
        alarmed = transmission.document_ids.filtered("alarm")
        self.assertEqual(alarmed.alarm, "receipt")
        self.assertIn("127.0.0.1:9", alarmed.activity_ids.note)
        with amazon_listens(self, answer=lambda *_: (200, {}, b"")) as amazon:
            self.amazon_station.url = amazon.url
            transmission.mdn_url = amazon.url
            transmission.action_send_receipt_again()
            self.send_receipt(transmission)
        self.assertEqual(transmission.mdn_state, "sent")
        self.watch()
        self.assertFalse(transmission.document_ids.filtered("alarm"))
        self.assertFalse(alarmed.activity_ids)

    def test_deadline_counts_more_than_a_receipt(self):
        transmission = self.owing("http://elsewhere.example.com/mdn")
        self.watch()
        order = transmission.document_ids.filtered("deadline")
        self.leave_an_hour(order)
        self.watch()
        self.assertEqual(order.alarm, "due")

    # who, when nobody is named

    def unplaced(self, control=1):
        """An order from EDI ids that no connection has, and bytes that are no EDI."""
        documents = self.documents
        order = purchase_order(control=control).replace(b"VENDOR   ", b"NOBODY   ")
        for payload in (order, b"?"):
            transmission = self.transmissions._receive(
                {
                    "company_id": self.env.company.id,
                    "own_station_id": self.own_station.id,
                    "partner_station_id": self.amazon_station.id,
                    **self.transmissions._payload_values(payload),
                }
            )
            transmission._decode()
            documents |= transmission.document_ids
        documents.filtered(lambda d: d.state == "new")._work()
        return documents

    def test_what_has_no_connection_is_told_by_that_of_its_stations(self):
        self.connection.user_id = self.env.ref("base.user_admin")
        documents = self.unplaced()
        self.watch()
        self.assertEqual(len(documents), 2)
        self.assertEqual(documents.activity_ids.user_id, self.connection.user_id)
        self.assertEqual(len(self.mails()), 1)
        for document in documents:
            self.assertIn(document._url(), self.mails().body_html)

    def test_who_has_left_or_may_not_look_is_replaced_by_a_manager(self):
        leaver, outsider, manager = (
            self.env["res.users"].create(
                {
                    "name": name,
                    "login": f"{name}@example.com",
                    "group_ids": [(4, self.env.ref(group).id)],
                }
            )
            for name, group in (
                ("leaver", "amazon_b2b_connector.group_user"),
                ("outsider", "base.group_user"),
                ("manager", "amazon_b2b_connector.group_manager"),
            )
        )
        self.env.ref("amazon_b2b_connector.group_manager").user_ids = manager
        leaver.active = False
        for control, user in enumerate((leaver, outsider, leaver.browse()), 1):
            with self.subTest(user=user.name):
                self.connection.user_id = user
                document = self.unplaced(control)[0]
                self.watch()
                self.assertEqual(document.activity_ids.user_id, manager)

    # a database that is not the one that went live

    def test_copied_database_tells_its_managers_once_and_nobody_else(self):
        origin = self.env["amazon.b2b.origin"]
        origin._remember()
        self.connection.user_id = self.env.ref("base.user_admin")
        document = self.outgoing(minutes_failing=31)
        self.env["ir.config_parameter"].set_param("web.base.url", "http://staging")
        for _run in range(2):
            self.documents._cron_watch()
        self.assertFalse(self.mails())
        self.assertFalse(document.activity_ids)
        told = self.env["mail.message"].search(
            [
                ("model", "=", self.connection._name),
                ("res_id", "=", self.connection.id),
                ("message_type", "=", "user_notification"),
            ]
        )
        self.assertEqual(len(told), 1)
        self.assertIn(self.connection.user_id.partner_id, told.notified_partner_ids)
        origin._confirm()
        self.documents._cron_watch()
        self.assertTrue(self.mails())

    def test_address_that_changes_before_the_first_exchange_stops_nothing(self):
        origin = self.env["amazon.b2b.origin"]
        self.transmissions._cron_send()
        self.assertTrue(origin._may_exchange())
        # Odoo writes it whenever an administrator logs in
        self.env["ir.config_parameter"].set_param("web.base.url", "https://erp")
        self.assertTrue(origin._may_exchange())
        self.arrive(purchase_order())
        self.env["ir.config_parameter"].set_param("web.base.url", "https://copy")
        self.assertFalse(origin._may_exchange())

    # what is refused at the door

    def test_refused_messages_of_a_station_are_told_once_a_day(self):
        refused = self.transmissions.create(
            {
                "direction": "in",
                "state": "refused",
                "reason": "The signature is not by a certificate of the station.",
                "company_id": self.env.company.id,
                "own_station_id": self.own_station.id,
                "partner_station_id": self.amazon_station.id,
            }
        )
        for _run in range(2):
            self.documents._cron_watch()
        self.assertEqual(len(self.mails()), 1)
        self.assertIn(refused.reason, self.mails().body_html)
        self.env["amazon.b2b.station"]._tell_refusals(self.now + timedelta(hours=23))
        self.assertEqual(len(self.mails()), 1)
        self.amazon_station.refusals_told -= timedelta(hours=24)
        self.documents._cron_watch()
        self.assertEqual(len(self.mails()), 2)

    def test_strangers_refusals_are_told_to_nobody(self):
        self.transmissions.create({"direction": "in", "state": "refused"})
        self.documents._cron_watch()
        self.assertFalse(self.mails())
