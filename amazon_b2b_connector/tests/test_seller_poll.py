from datetime import timedelta

from odoo import fields

from .. import spapi
from .selling import GERMANY, SellerCase


class Page:
    """What the client gives for a page."""

    def __init__(self, orders=(), next_token=""):
        self.body = b'{"orders": []}'
        self.orders, self.next_token = orders, next_token


class TestSellerPoll(SellerCase):
    """How far orders have been read, whatever happens meanwhile."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.poll = cls.env["amazon.b2b.poll"].create(
            {"connection_id": cls.connection.id}
        )

    def test_the_first_run_begins_90_days_ago(self):
        now = fields.Datetime.now()
        self.poll._begin(now)
        self.assertAlmostEqual(
            self.poll.range_start, now - timedelta(days=90), delta=timedelta(minutes=1)
        )

    def test_the_range_ends_two_minutes_ago(self):
        now = fields.Datetime.now()
        self.poll._begin(now)
        self.assertEqual(self.poll.range_end, now - timedelta(minutes=2))

    def test_a_later_run_reads_a_little_of_the_one_before_again(self):
        self.poll.cursor = "2026-11-20 12:00:00"
        self.poll._begin(fields.Datetime.now())
        self.assertEqual(str(self.poll.range_start), "2026-11-20 11:50:00")

    def test_the_cursor_moves_only_with_the_last_page(self):
        self.poll._begin(fields.Datetime.now())
        self.poll._keep(Page([{}], "more"))
        self.assertFalse(self.poll.cursor)
        self.assertEqual((self.poll.token, self.poll.pages), ("more", 1))
        self.poll._keep(Page([{}]))
        self.assertEqual(self.poll.cursor, self.poll.range_end)
        self.assertFalse(self.poll.token)

    def test_a_page_is_kept_with_the_place_to_go_on(self):
        self.poll._begin(fields.Datetime.now())
        self.poll._keep(Page([{}], "more"))
        page = self.env["amazon.b2b.transmission"].search(
            [("connection_id", "=", self.connection.id)]
        )
        self.assertEqual((page.content, page.state), ("orders", "received"))
        self.assertEqual(page._bytes("payload"), b'{"orders": []}')

    def test_an_empty_page_leaves_no_transmission(self):
        self.poll._begin(fields.Datetime.now())
        self.poll._keep(Page())
        self.assertFalse(
            self.env["amazon.b2b.transmission"].search_count(
                [("connection_id", "=", self.connection.id)]
            )
        )

    def test_a_token_that_has_died_is_not_used(self):
        now = fields.Datetime.now()
        self.poll.write({"token": "old", "token_date": now - timedelta(hours=24)})
        asked = {}

        def call(operation, query=None, **_values):
            asked.update(query)
            raise spapi.Unavailable(503, "", "", "", operation=operation)

        client = type("Client", (), {"call": staticmethod(call)})()
        with self.assertRaises(spapi.Unavailable):
            self.poll._fetch(client)
        self.assertFalse(asked["paginationToken"])
        self.assertIn(GERMANY, asked["marketplaceIds"])

    def test_a_failure_waits_longer_each_time_and_is_told_once(self):
        self.poll._failed("Amazon does not answer")
        first = self.poll.next_run
        self.poll._failed("Amazon does not answer")
        self.assertGreater(self.poll.next_run, first)
        notices = self.env["mail.message"].search_count
        domain = [
            ("model", "=", "amazon.b2b.connection"),
            ("res_id", "=", self.connection.id),
            ("subject", "like", "cannot be read"),
        ]
        self.assertFalse(notices(domain))
        self.poll.first_failure = fields.Datetime.now() - timedelta(minutes=31)
        self.poll._failed("Amazon does not answer")
        self.poll._failed("Amazon does not answer")
        self.assertEqual(notices(domain), 1)

    def test_reading_again_leaves_out_nothing_that_was_not_read_yet(self):
        """Neither of a first run that is under way, nor after days of standstill."""
        now = fields.Datetime.now()
        yesterday = now - timedelta(days=1)
        self.poll._begin(now)
        self.poll._keep(Page(next_token="more"))
        self.poll._read_from(yesterday)
        self.assertEqual((now - self.poll.cursor).days, 90)
        self.poll.cursor = now - timedelta(days=8)
        self.poll._read_from(yesterday)
        self.assertEqual(self.poll.cursor, now - timedelta(days=8))
        self.poll._read_from(now - timedelta(days=20))
        self.assertEqual(self.poll.cursor, now - timedelta(days=20))
