from datetime import timedelta

from odoo import fields
from odoo.exceptions import ValidationError

from .selling import SellerCase


class TestSellerReportSettings(SellerCase):
    """Which reports are asked for and how often, as the settings say."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.polls, cls.reports = (
            cls.env[f"amazon.b2b.{name}"] for name in ("poll", "report")
        )
        cls.polls._add_missing()

    def poll(self, kind):
        return self.polls.search(
            [("connection_id", "=", self.connection.id), ("kind", "=", kind)]
        )

    def asked_for(self, kind):
        """The reports that this step asks for, taken back at once."""
        self.poll(kind)._ask()
        found = self.reports.search([("connection_id", "=", self.connection.id)])
        asked = bool(found)
        found.unlink()
        return asked

    def test_reports_are_asked_for_while_some_of_their_orders_are_wanted(self):
        for kind, values, asked in (
            ("mfn", {}, True),
            ("mfn", {"import_mfn": False}, True),
            ("mfn", {"import_prime": False}, True),
            ("mfn", {"import_mfn": False, "import_prime": False}, False),
            ("mfn", {"import_fba": False}, True),
            ("fba", {"import_fba": False}, False),
            ("fba", {"import_mfn": False, "import_prime": False}, True),
            ("mfn", {"is_enabled": False}, False),
            ("fba", {"is_enabled": False}, False),
        ):
            with self.subTest(kind, **values):
                self.marketplace.write(values)
                self.assertEqual(self.asked_for(kind), asked)
                self.marketplace.write(dict.fromkeys(values, True))

    def test_reports_are_asked_for_as_often_as_the_connection_says(self):
        self.connection.report_minutes = 120
        self.assertTrue(self.asked_for("mfn"))
        self.assertAlmostEqual(
            self.poll("mfn").next_run,
            fields.Datetime.now() + timedelta(minutes=120),
            delta=timedelta(minutes=1),
        )

    def test_reports_are_not_asked_for_more_often_than_amazon_makes_them(self):
        self.connection.report_minutes = 30
        with self.assertRaises(ValidationError):
            self.connection.report_minutes = 29

    def test_the_nightly_comparison_has_from_0_to_60_days(self):
        self.connection.reconcile_days = 0
        self.connection.reconcile_days = 60
        for days in (-1, 61):
            with self.subTest(days), self.assertRaises(ValidationError):
                self.connection.reconcile_days = days

    def test_who_only_uploads_reports_is_asked_for_none_at_night(self):
        nightly = self.env["amazon.b2b.reconciliation"]
        for route, asked in (("file", False), ("reports", True)):
            self.connection.order_route = route
            nightly._cron_reconcile()
            found = self.reports.search([("connection_id", "=", self.connection.id)])
            self.assertEqual(bool(found), asked, route)
