from datetime import timedelta

from freezegun import freeze_time
from odoo import fields
from odoo.exceptions import UserError, ValidationError

from . import selling
from .selling import SellerCase


class TestRetention(SellerCase):
    """Bytes of pages and reports go when nobody needs them; what is open stays."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.transmissions = cls.env["amazon.b2b.transmission"]

    def later(self, days):
        """What the daily clean-up does, so many days from now."""
        with freeze_time(fields.Datetime.now() + timedelta(days=days)):
            done, left = self.transmissions._gc_over()
        self.assertEqual(left, 0)
        return done

    def page(self, *orders, content="orders"):
        page = self.take(*orders).transmission_id
        page.content = content
        return page

    def test_a_finished_page_goes_after_its_days_and_its_hash_stays(self):
        page = self.page(selling.order())
        sha256, size = page.sha256, page.size
        self.later(29)
        self.assertTrue(page._bytes("payload"))
        self.later(31)
        self.assertFalse(page._bytes("payload"))
        self.assertEqual((page.sha256, page.size), (sha256, size))
        self.assertTrue(page.purged_at)
        self.assertEqual(page.document_ids.state, "done")
        self.assertEqual(self.later(31), 0, "once is enough")

    def test_a_page_with_a_held_order_stays_until_it_is_settled(self):
        page = self.page(selling.order(), selling.order(selling.item("NOBODY-KNOWS")))
        self.later(400)
        self.assertTrue(page._bytes("payload"))
        page.document_ids.filtered(lambda d: d.state == "held").action_ignore()
        self.later(400)
        self.assertFalse(page._bytes("payload"))

    def test_what_was_not_decoded_stays(self):
        page = self.page(selling.order())
        page.state = "received"
        self.later(400)
        self.assertTrue(page._bytes("payload"))

    def test_a_page_with_nothing_new_goes_as_a_whole(self):
        order = selling.order()
        self.take(order)
        before = self.transmissions.search([])
        self.receive(order)
        again = self.transmissions.search([]) - before
        self.later(31)
        self.assertFalse(again.exists())

    def test_reports_have_days_of_their_own(self):
        report = self.page(selling.order(), content="report")
        self.later(31)
        self.assertTrue(report._bytes("payload"))
        self.later(91)
        self.assertFalse(report._bytes("payload"))

    def test_the_connections_setting_counts_and_zero_is_for_ever(self):
        page = self.page(selling.order())
        self.connection.keep_pages_days = 0
        self.later(4000)
        self.assertTrue(page._bytes("payload"))
        self.connection.keep_pages_days = 5
        self.later(6)
        self.assertFalse(page._bytes("payload"))

    def test_the_companys_default_reaches_the_connection(self):
        defaults = self.env["amazon.b2b.seller.defaults"]._for_companies(self.company)
        defaults.keep_reports_days = 12
        self.assertEqual(self.connection.keep_reports_days, 12)

    def test_days_cannot_be_negative(self):
        with self.assertRaises(ValidationError):
            self.connection.keep_calls_days = -1

    def test_what_is_gone_is_not_decoded_again(self):
        page = self.page(selling.order())
        self.later(31)
        with self.assertRaisesRegex(UserError, "retention was over"):
            page.action_decode_again()

    def test_an_order_of_a_purged_page_is_still_known(self):
        order = selling.order()
        self.page(order)
        self.later(31)
        self.assertFalse(self.receive(order))

    def test_calls_of_a_connection_that_keeps_them_for_ever_stay(self):
        calls = self.env["amazon.b2b.call"].sudo()
        self.connection.keep_calls_days = 0
        old = fields.Datetime.now() - timedelta(days=4000)
        values = {"company_id": self.company.id, "date": old, "operation": "x"}
        kept = calls.create({**values, "connection_id": self.connection.id})
        nobodys = calls.create({**values, "connection_id": 2_000_000_000})
        calls._gc_old()
        self.assertTrue(kept.exists())
        self.assertFalse(nobodys.exists())
