import base64
import json
from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time
from odoo import fields
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import new_test_user

from ..models import erasure
from . import selling
from .canaries import CanaryMixin
from .selling import SellerCase

# in no text of Odoo's
NAME, STREET, SECOND_STREET = "Qwyxa Birdwood", "Qwyxlane 17", "Wxyqlane 4"
PHONE, EMAIL = "0999 7391734", "qwyxmail@marketplace.amazon.de"
COMPANY, VAT, PURCHASE = "Qwyxcorp Ltd", "DE136695976", "PO-QWYX-1"
GIFT, INSTRUCTIONS = "Qwyxgreetings, dear bird", "Qwyxdoor behind the shed"
CANARIES = (
    *(NAME, STREET, SECOND_STREET, PHONE, EMAIL, COMPANY, VAT, PURCHASE, GIFT),
    INSTRUCTIONS,
    "Birdwood",
)


class PersonalDataCase(CanaryMixin, SellerCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.documents = cls.env["amazon.b2b.document"]

    def buyers_order(self, **values):
        """An order full of canaries."""
        gift = {"giftOption": {"giftMessage": GIFT}}
        item = values.pop("item", None) or selling.item(packing=gift)
        return selling.order(
            item,
            buyer={
                "buyerName": NAME,
                "buyerEmail": EMAIL,
                **values.pop("buyer", {}),
            },
            recipient=self.address(),
            **values,
        )

    def address(self, street=STREET):
        return {
            "deliveryAddress": selling.address(
                name=NAME, addressLine1=street, phone=PHONE
            ),
            "deliveryPreference": {"addressInstructions": INSTRUCTIONS},
        }

    def business(self):
        return {
            "buyer": {
                "buyerCompanyName": COMPANY,
                "buyerPurchaseOrderNumber": PURCHASE,
            },
            "tax": {
                "taxRegistrations": [
                    {
                        "entityType": "BUYER",
                        "taxRegistrationType": "VAT",
                        "taxRegistrationNumber": VAT,
                        "taxRegistrationAddress": {"countryCode": "DE"},
                    }
                ]
            },
        }

    def sale(self, order):
        document = self.take(order)
        self.assertEqual(document.state, "done", document.reason)
        return document.sale_order_id

    def ship(self, sale, days_ago=0):
        for picking in sale.picking_ids:
            picking.move_ids.write({"quantity": 1, "picked": True})
            picking.with_context(skip_backorder=True).button_validate()
            picking.date_done -= timedelta(days=days_ago)

    def erase_due(self, days=0, batches=10):
        """The scheduled action runs, so many days from now; it is stopped after so many
        ``batches``."""
        left = iter(range(batches - 1, -1, -1))
        with (
            freeze_time(fields.Datetime.now() + timedelta(days=days)),
            patch.object(
                type(self.env["ir.cron"]),
                "_commit_progress",
                lambda *_args, **_values: next(left),
            ),
        ):
            self.documents._cron_erase()


class TestNothingIsLeft(PersonalDataCase):
    """A buyer goes through everything that keeps copies, and is erased."""

    def drawing(self):
        return base64.b64encode(f"<svg><text>{NAME}</text></svg>".encode())

    def talk(self, sale):
        """What people, mails and files say about the buyer."""
        picking = sale.picking_ids
        partner = sale.partner_id
        document = sale.amazon_b2b_seller_document_id
        for record in (sale, picking, partner, document):
            record.message_post(
                body=f"Called {NAME}, {PHONE}",
                attachments=[("label.zpl", f"^FD{NAME}, {STREET}^FS".encode())],
            )
            record.message_post(
                body=f"Where is my mug? {NAME}",
                subject=f"Question of {NAME}",
                message_type="email",
                email_from=f'"{NAME}" <{EMAIL}>',
                incoming_email_to=EMAIL,
                incoming_email_cc=EMAIL,
            )
            record.message_notify(
                body=f"{NAME} was assigned",
                subject=NAME,
                partner_ids=self.env.user.partner_id.ids,
            )
            record._message_log(body=f"Customer: {COMPANY}, {NAME.lower()}")
            record.activity_schedule(
                "mail.mail_activity_data_todo",
                summary=f"Call {NAME}",
                note=f"<p>{STREET}<br/>{PHONE}</p>",
            )
            self.env["mail.scheduled.message"].create(
                {
                    "model": record._name,
                    "res_id": record.id,
                    "author_id": self.env.user.partner_id.id,
                    "body": NAME,
                    "scheduled_date": fields.Datetime.now() + timedelta(days=1),
                }
            )
            self.env["ir.attachment"].create(
                {
                    "name": f"{NAME}.txt",
                    "raw": f"{NAME}, {STREET}".encode(),
                    "mimetype": "text/plain",
                    "res_model": record._name,
                    "res_id": record.id,
                }
            )
        sale.message_post(body=NAME, partner_ids=partner.ids, message_type="comment")
        sale.partner_id = self.env.ref("base.main_partner")
        sale.partner_id = partner
        picking.note = f"<p>{INSTRUCTIONS}</p>"
        sale.note = f"<p>For {NAME}</p>"
        sale.write({"signed_by": NAME, "signature": self.drawing()})
        partner.write({"comment": f"<p>{NAME}</p>", "website": f"https://{EMAIL}"})
        self.env["ir.logging"].create(
            {
                "name": "carrier",
                "type": "server",
                "message": f"<name>{NAME}</name>",
                "path": "carrier",
                "func": "send",
                "line": "1",
            }
        )
        self.env["bus.bus"].sudo().create(
            {"channel": '"x"', "message": json.dumps({"name": NAME})}
        )

    def test_erased_data_is_nowhere_in_the_database_nor_in_its_files(self):
        others = selling.order()
        order = self.buyers_order(**self.business())
        sale = self.take(others, order).sale_order_id[-1]
        self.talk(sale)
        # the same again, and versions: before the delivery and after it
        self.take(order)
        moved = {**order, "recipient": self.address(SECOND_STREET)}
        changed = self.take(moved)
        self.assertEqual(changed.state, "done", changed.reason)
        self.env.cr.precommit.run()
        self.ship(sale)
        back = self.take({**order, "lastUpdatedTime": "2026-12-24T10:00:00Z"})
        self.assertEqual((back.state, back.reason_code), ("held", "change"))
        broken = self.buyers_order(number=order["orderId"], created=NAME)
        self.take(broken)
        self.documents._tell()
        self.env.cr.precommit.run()
        canaries = CANARIES
        before = self.places(*canaries)
        for place in ("amazon_b2b_transmission.payload", "amazon_b2b_document.data"):
            self.assertIn(place, before)
        for place in ("mail_message.body", "filestore", "mail_activity.note"):
            self.assertIn(place, before)

        sale.amazon_b2b_seller_document_id._erase("a test")

        self.assertEqual(self.places(*canaries), set())
        page = self.places("Erika Beispiel")
        self.assertIn("amazon_b2b_transmission.payload", page, "the neighbour's stays")
        self.assertTrue(sale.amazon_b2b_erased_at)
        self.assertEqual(sale.partner_id.name, "Amazon buyer")


class TestErasing(PersonalDataCase):
    """When, what and what not."""

    def test_the_bookkeeping_stays(self):
        sale = self.sale(self.buyers_order())
        document = sale.amazon_b2b_seller_document_id
        kept = ("name", "amount_total", "amazon_b2b_seller_number", "order_line")
        before = [sale[name] for name in kept]
        content_hash, total = document.content_hash, document._paper().total
        sha256 = document.transmission_id.sha256
        document._erase("a test")
        self.assertEqual([sale[name] for name in kept], before)
        self.assertEqual(document.content_hash, content_hash)
        self.assertEqual(document._paper().total, total)
        self.assertEqual(document._paper().address.country, "DE")
        self.assertEqual(document.transmission_id.sha256, sha256)

    def test_the_same_order_again_makes_no_row_and_leaves_no_trace(self):
        order = self.buyers_order()
        sale = self.sale(order)
        sale.amazon_b2b_seller_document_id._erase("a test")
        self.assertFalse(self.take(order))
        self.assertEqual(self.places(*CANARIES), set())

    def test_another_version_is_taken_over_without_the_personal_data(self):
        order = self.buyers_order()
        sale = self.sale(order)
        self.ship(sale)
        sale.amazon_b2b_seller_document_id._erase("a test")
        order["fulfillment"]["fulfillmentStatus"] = "SHIPPED"
        again = self.take({**order, "recipient": self.address(SECOND_STREET)})
        self.assertEqual((again.state, again.reason), ("done", False))
        self.assertEqual(sale.amazon_b2b_seller_status, "SHIPPED")
        self.assertTrue(again.erased_at)
        self.assertEqual(self.places(*CANARIES), set())

    def test_a_neighbour_on_the_same_page_stays_as_it_came(self):
        other = selling.order()
        documents = self.take(self.buyers_order(), other)
        page = documents.transmission_id
        documents[0]._erase("a test")
        self.assertIn(b"Erika Beispiel", page._bytes("payload"))
        page.action_decode_again()
        page._decode()
        self.assertEqual(page.document_ids, documents)
        self.assertIn(b"Erika Beispiel", page._bytes("payload"))

    def test_it_goes_so_many_days_after_the_shipment_and_not_before(self):
        sale = self.sale(self.buyers_order())
        self.erase_due(days=60)
        self.assertFalse(sale.amazon_b2b_erased_at, "it was not delivered")
        self.ship(sale)
        self.erase_due(days=29)
        self.assertFalse(sale.amazon_b2b_erased_at)
        self.erase_due(days=62)
        self.assertTrue(sale.amazon_b2b_erased_at)

    def test_an_order_that_left_without_us_counts_from_amazons_date(self):
        sale = self.sale(self.buyers_order(status="SHIPPED"))
        self.erase_due(days=29)
        self.assertFalse(sale.amazon_b2b_erased_at)
        self.erase_due(days=32)
        self.assertTrue(sale.amazon_b2b_erased_at)

    def test_what_never_became_an_order_goes_as_well(self):
        documents = self.take(
            self.buyers_order(status="CANCELLED"),
            self.buyers_order(status="PENDING"),
            self.buyers_order(item=selling.item("NOBODY-KNOWS")),
            self.buyers_order(created=NAME),
        )
        self.assertEqual(
            documents.mapped("state"), ["ignored", "waiting", "held", "failed"]
        )
        self.erase_due(days=29)
        self.assertFalse(any(documents.mapped("erased_at")))
        self.erase_due(days=32)
        self.assertTrue(all(documents.mapped("erased_at")))
        self.assertEqual(self.places(*CANARIES), set())

    def test_an_erased_order_is_not_delivered_to_nowhere(self):
        document = self.take(self.buyers_order(item=selling.item("NOBODY-KNOWS")))
        document._erase("a test")
        self.make_product("NOBODY-KNOWS")
        document.action_process_again()
        document._work()
        self.assertEqual((document.state, document.reason_code), ("held", "content"))
        self.assertIn("address was erased", document.reason)

    def test_a_page_that_cannot_be_read_goes_when_its_time_is_over(self):
        transmissions = self.env["amazon.b2b.transmission"]
        page = transmissions._receive(
            {
                "transport": "spapi",
                "content": "orders",
                "company_id": self.company.id,
                "connection_id": self.connection.id,
                **transmissions._payload_values(f'{{"orders": {NAME}'.encode()),
            }
        )
        page._decode()
        self.erase_due(days=32)
        self.assertEqual(self.places(*CANARIES), set())

    def test_zero_days_is_never_and_a_later_setting_counts_at_once(self):
        self.marketplace.erase_after_days = 0
        sale = self.sale(self.buyers_order(status="SHIPPED"))
        self.erase_due(days=400)
        self.assertFalse(sale.amazon_b2b_erased_at)
        self.marketplace.erase_after_days = 10
        self.erase_due(days=12)
        self.assertTrue(sale.amazon_b2b_erased_at)

    def test_a_later_default_of_the_company_counts_at_once(self):
        defaults = self.company.amazon_b2b_seller_defaults_ids
        defaults.erase_after_days = 0
        sale = self.sale(self.buyers_order(status="SHIPPED"))
        self.erase_due(days=400)
        self.assertFalse(sale.amazon_b2b_erased_at)
        defaults.erase_after_days = 10
        self.env.flush_all()
        self.erase_due(days=12)
        self.assertTrue(sale.amazon_b2b_erased_at)

    def test_days_cannot_be_negative(self):
        with self.assertRaises(ValidationError):
            self.marketplace.erase_after_days = -1

    def test_a_draft_invoice_waits(self):
        sale = self.sale(self.buyers_order(status="SHIPPED"))
        invoice = sale._create_invoices()
        self.erase_due(days=32)
        self.assertFalse(sale.amazon_b2b_erased_at)
        invoice.action_post()
        self.erase_due(days=34)
        self.assertTrue(sale.amazon_b2b_erased_at)

    def test_who_is_on_a_posted_invoice_stays_as_the_invoice_has_him(self):
        sale = self.sale(self.buyers_order(status="SHIPPED"))
        invoice = sale._create_invoices()
        invoice.action_post()
        self.erase_due(days=32)
        partner = sale.partner_id
        self.assertEqual((partner.name, partner.street), (NAME, STREET))
        self.assertEqual(invoice.invoice_partner_display_name, NAME)
        self.assertFalse(partner.email or partner.phone)
        self.assertEqual(
            self.places(PHONE, EMAIL, GIFT, INSTRUCTIONS), set(), "besides the invoice"
        )
        places = self.places(NAME, STREET)
        allowed = {"res_partner", "account_move", "account_move_line"}
        self.assertEqual({p for p in places if p.split(".")[0] not in allowed}, set())

    def test_a_buyer_with_a_younger_order_is_erased_with_that(self):
        first = self.sale(self.buyers_order(status="SHIPPED"))
        second = self.sale(self.buyers_order())
        self.erase_due(days=32)
        self.assertTrue(first.amazon_b2b_erased_at)
        buyer = first.partner_id
        self.assertEqual(buyer.name, NAME)
        self.assertIn("Sales Order", buyer.amazon_b2b_kept_because)
        self.ship(second)
        self.erase_due(days=70)
        self.assertEqual(buyer.name, "Amazon buyer")
        self.assertEqual(self.places(*CANARIES), set())

    def test_a_buyer_whom_a_person_uses_is_kept_and_shown(self):
        sale = self.sale(self.buyers_order(status="SHIPPED"))
        by_hand = self.env["sale.order"].create({"partner_id": sale.partner_id.id})
        self.erase_due(days=32)
        buyer = sale.partner_id
        self.assertEqual(buyer.name, NAME)
        action = self.env.ref("amazon_b2b_connector.amazon_b2b_kept_buyer_action")
        domain = [
            ("amazon_b2b_kept_because", "!=", False),
            ("amazon_b2b_erased_at", "=", False),
        ]
        self.assertEqual(action.domain, str(domain))
        self.assertEqual(self.env["res.partner"].search(domain), buyer)
        by_hand.unlink()
        self.env["res.partner"]._amazon_b2b_erase_kept()
        self.assertEqual(buyer.name, "Amazon buyer")

    def test_one_order_that_cannot_be_erased_stops_no_other(self):
        first = self.sale(self.buyers_order(status="SHIPPED"))
        second = self.sale(selling.order(status="SHIPPED"))
        page = first.amazon_b2b_seller_document_id.transmission_id
        cut_out = type(page)._cut_out

        def fail(transmission, *args):
            if transmission == page:
                raise ValueError("broken")
            return cut_out(transmission, *args)

        self.patch(type(page), "_cut_out", fail)
        with self.assertLogs("odoo.addons.amazon_b2b_connector", "ERROR"):
            self.erase_due(days=32)
        self.assertFalse(first.amazon_b2b_erased_at)
        self.assertTrue(second.amazon_b2b_erased_at)
        check = first.amazon_b2b_seller_document_id.erase_check
        self.assertGreater(check, fields.Datetime.now() + timedelta(days=32))

    def test_a_run_that_is_stopped_is_taken_up_by_the_next(self):
        self.patch(erasure, "BATCH", 2)
        orders = [self.sale(selling.order(status="SHIPPED")) for _number in range(5)]
        self.erase_due(days=32, batches=1)
        erased = [order for order in orders if order.amazon_b2b_erased_at]
        self.assertEqual(len(erased), 2)
        self.erase_due(days=32)
        self.assertTrue(all(order.amazon_b2b_erased_at for order in orders))

    def test_queries_hardly_grow_with_the_orders(self):
        few, many = self.queries(5), self.queries(25)
        self.assertLess((many - few) / 20, 5)

    def queries(self, count):
        """Of erasing so many orders of as many buyers."""
        self.take(*(selling.order(status="SHIPPED") for _order in range(count)))
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self.erase_due(days=32)
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def test_it_is_said_in_the_chatter_when_and_by_whom(self):
        sale = self.sale(self.buyers_order())
        sale.amazon_b2b_seller_document_id._erase("Marta Manager")
        last = sale.message_ids[0]
        self.assertIn("erased, by Marta Manager", last.body)


class TestErasingOnDemand(PersonalDataCase):
    def ask(self, query, user=None):
        wizards = self.env["amazon.b2b.erase"]
        return wizards.with_user(user or self.env.user).create({"query": query})

    def test_by_order_number_it_lists_what_goes_and_what_stays(self):
        sale = self.sale(self.buyers_order())
        wizard = self.ask(sale.amazon_b2b_seller_number)
        self.assertEqual(wizard.order_ids, sale)
        self.assertIn(sale.name, wizard.goes)
        self.assertIn("still to be delivered", wizard.stays)
        wizard.action_erase()
        self.assertTrue(sale.amazon_b2b_erased_at)
        self.assertEqual(self.places(*CANARIES), set())

    def test_by_e_mail_everything_of_the_buyer_goes(self):
        sale = self.sale(self.buyers_order())
        self.sale(self.buyers_order())
        self.take(self.buyers_order(status="CANCELLED"))
        wizard = self.ask(EMAIL.upper())
        self.assertEqual(len(wizard.order_ids), 2)
        self.assertEqual(len(wizard.document_ids), 3)
        wizard.action_erase()
        self.assertEqual(sale.partner_id.name, "Amazon buyer")
        self.assertEqual(self.places(*CANARIES), set())

    def test_only_a_manager_may(self):
        sale = self.sale(self.buyers_order())
        user = new_test_user(
            self.env,
            "eraser",
            groups="amazon_b2b_connector.group_user,sales_team.group_sale_manager",
        )
        with self.assertRaises(AccessError):
            self.ask("x", user)
        for record in (sale, sale.partner_id):
            with self.assertRaises(AccessError):
                record.with_user(user).action_amazon_b2b_erase()
