import json
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import TransactionCase, tagged

from .. import spapi
from ..models.rate_bucket import Gate
from ..spapi import report_columns as columns
from . import reporting
from .seller_common import RESTRICTED, SELLER, SellerMixin, denied

REPORTS = "/reports/2021-06-30/reports"
DOCUMENTS = "/reports/2021-06-30/documents"
CONTENT_TYPE = "text/plain; charset=Cp1252"


@contextmanager
def store(data):
    """Where a document lies; yields its address and a list of the headers that came."""
    seen = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):  # noqa: N802
            seen.append(dict(self.headers))
            self.send_response(200)
            self.send_header("Content-Type", CONTENT_TYPE)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_args):
            """Keep quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/document", seen
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@tagged("post_install", "-at_install")
class TestSellerReportCalls(SellerMixin, TransactionCase):
    """A report step by step, each a transaction, at a little server."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_seller()
        cls.marketplace = cls.env["amazon.b2b.marketplace"].create(
            {
                "connection_id": cls.connection.id,
                "code": "A1PA6795UKMFR9",
                "name": "Amazon.de",
                "country_id": cls.env.ref("base.de").id,
                "currency_id": cls.env.ref("base.EUR").id,
            }
        )
        cls.reports = cls.env["amazon.b2b.report"]

    def setUp(self):
        super().setUp()
        self.env["amazon.b2b.rate.bucket"].search([]).unlink()
        self.amazon.calls.clear()
        self.authorise()

    def wanted(self, kind=columns.ORDER_SHIPPING, **values):
        now = fields.Datetime.now()
        return self.reports.create(
            {
                "connection_id": self.connection.id,
                "report_type": kind,
                "marketplaces": self.marketplace.code,
                "range_start": now - timedelta(days=2),
                "range_end": now - timedelta(minutes=2),
                **values,
            }
        )

    def requested(self, **values):
        now = fields.Datetime.now()
        facts = {"state": "requested", "report_number": "77", "requested_date": now}
        return self.wanted(**facts | values)

    @contextmanager
    def answering(self, **answers):
        """Amazon answers: ``listed``, ``created``, ``status``, ``document``."""
        paths = {
            "listed": REPORTS,
            "status": f"{REPORTS}/77",
            "document": f"{DOCUMENTS}/D1",
            "token": RESTRICTED,
        }
        with patch.dict(
            self.amazon.answers, {paths[name]: a for name, a in answers.items()}
        ):
            yield

    def listing(self, *reports, created="77"):
        """One path serves getReports and createReport: what came last tells which."""

        def answer():
            if self.amazon.calls[-1][1]:
                return 202, {"reportId": created}
            return 200, {"reports": list(reports)}

        return answer

    def status(self, status, **values):
        made = fields.Datetime.now().isoformat() + "Z"
        return 200, {
            "reportId": "77",
            "reportType": columns.ORDER_SHIPPING,
            "createdTime": made,
            "processingStatus": status,
            **values,
        }

    def created(self):
        return [json.loads(body) for body in self.amazon.asked(REPORTS) if body]

    def test_a_report_is_created_with_its_range_and_marketplaces(self):
        report = self.wanted()
        with self.answering(listed=self.listing()):
            report._ask()
        self.assertEqual((report.state, report.report_number), ("requested", "77"))
        [asked] = self.created()
        self.assertEqual(asked["reportType"], columns.ORDER_SHIPPING)
        self.assertEqual(asked["marketplaceIds"], [self.marketplace.code])
        self.assertEqual(asked["reportOptions"], {"ShowSalesChannel": "true"})
        start = report.range_start.strftime("%Y-%m-%dT%H:%M:%S")
        self.assertTrue(asked["dataStartTime"].startswith(start))

    def listed(self, report, **values):
        """``report`` as Amazon's list has it."""
        return {
            "reportId": "55",
            "reportType": report.report_type,
            "createdTime": fields.Datetime.now().isoformat() + "Z",
            "processingStatus": "IN_PROGRESS",
            "marketplaceIds": [self.marketplace.code, "A13V1IB3VIYZZH"],
            "dataStartTime": report.range_start.isoformat() + "Z",
            "dataEndTime": report.range_end.isoformat() + "Z",
            **values,
        }

    def test_what_a_killed_process_created_is_taken_up(self):
        report = self.wanted()
        with self.answering(listed=self.listing(self.listed(report))):
            report._ask()
        self.assertEqual(report.report_number, "55")
        self.assertFalse(self.created())

    def test_what_does_not_serve_is_not_taken(self):
        report = self.wanted()
        later = (report.range_start + timedelta(minutes=1)).isoformat() + "Z"
        for other in (
            {"processingStatus": "CANCELLED"},
            {"processingStatus": "FATAL"},
            {"marketplaceIds": ["A13V1IB3VIYZZH"]},
            {"dataStartTime": later},
            {"dataEndTime": report.range_start.isoformat() + "Z"},
        ):
            with self.subTest(other):
                self.amazon.calls.clear()
                report._move("wanted") if report.state != "wanted" else None
                listing = self.listing(self.listed(report, **other))
                with self.answering(listed=listing):
                    report._ask()
                self.assertEqual(report.report_number, "77")
                self.assertEqual(len(self.created()), 1)

    def test_a_report_under_way_is_looked_at_later(self):
        report = self.requested()
        with self.answering(status=self.status("IN_PROGRESS")):
            report._ask()
        self.assertEqual(report.state, "requested")
        self.assertGreater(report.next_run, fields.Datetime.now())

    def test_a_report_that_is_cancelled_twice_is_empty(self):
        report = self.requested()
        with self.answering(status=self.status("CANCELLED")):
            report._ask()
            self.assertEqual(report.state, "wanted", "it may have been too soon")
            wait = report.next_run - fields.Datetime.now()
            self.assertGreater(wait, timedelta(minutes=30))
            report._keep_number("77")
            report._ask()
        self.assertEqual(report.state, "empty")

    def test_a_report_that_amazon_cannot_make_is_asked_for_again_then_told(self):
        report = self.requested()
        told = self.told()
        for _attempt in range(2):
            with self.answering(status=self.status("FATAL")):
                report._ask()
            self.assertEqual(report.state, "wanted")
            report._keep_number("77")
        with self.answering(status=self.status("FATAL")):
            report._ask()
        self.assertEqual(report.state, "failed")
        self.assertEqual(len(self.told() - told), 1)
        report.action_ask_again()
        self.assertEqual((report.state, report.attempts), ("wanted", 0))

    def test_a_document_is_fetched_with_a_restricted_token_and_kept(self):
        report = self.requested()
        data = reporting.report(reporting.shipping("302-1234567-7654321"))
        done = self.status("DONE", reportDocumentId="D1")
        with (
            store(data) as (url, seen),
            self.answering(
                status=done,
                document=(200, {"reportDocumentId": "D1", "url": url}),
            ),
        ):
            report._ask()
            self.assertEqual(report.document_number, "D1")
            report._ask()
        self.assertEqual(report.state, "done")
        arrived = report.transmission_id
        self.assertEqual((arrived.state, arrived.content), ("received", "report"))
        self.assertEqual(arrived._bytes("payload"), data)
        self.assertEqual(arrived.content_type, CONTENT_TYPE)
        [asked] = self.amazon.asked(RESTRICTED)
        self.assertIn(f"{DOCUMENTS}/D1", asked)
        [headers] = [h for path, _b, h in self.amazon.calls if path.endswith("/D1")]
        self.assertEqual(headers["x-amz-access-token"], "Atz.sprdt|x")
        [headers] = seen
        self.assertNotIn("x-amz-access-token", {name.lower() for name in headers})
        arrived._decode()
        self.assertEqual(arrived.document_ids.number, "302-1234567-7654321")

    def test_an_open_report_needs_no_restricted_token(self):
        report = self.requested(
            report_type=columns.SHIPMENTS_GENERAL, document_number="D1"
        )
        with (
            store(b"x") as (url, _seen),
            self.answering(document=(200, {"reportDocumentId": "D1", "url": url})),
        ):
            report._ask()
        self.assertEqual(report.state, "done")
        self.assertFalse(self.amazon.asked(RESTRICTED))

    def test_without_the_role_for_buyers_the_rest_is_asked_for(self):
        report = self.wanted(kind=columns.SHIPMENTS_INVOICING)
        with self.answering(listed=denied()):
            report._ask()
        self.assertEqual(report.state, "wanted")
        self.assertEqual(report.report_type, columns.SHIPMENTS_GENERAL)

    def test_a_missing_role_is_waited_for_and_told_once(self):
        report = self.wanted()
        told = self.told()
        with self.answering(listed=denied()):
            report._ask()
            self.assertFalse(self.told() - told)
            report.first_failure -= timedelta(minutes=31)
            report._ask()
            report._ask()
        self.assertEqual((report.state, report.failures), ("wanted", 3))
        self.assertIn("role", report.problem)
        self.assertEqual(len(self.told() - told), 1)

    def test_an_empty_bucket_makes_the_report_wait(self):
        buckets = self.env["amazon.b2b.rate.bucket"]
        self.patch(type(buckets), "_now", lambda _model, _cr: 1_800_000_000.0)
        report = self.wanted()
        Gate(self.env, "eu", False, SELLER).exhausted("createReport")
        with self.answering(listed=self.listing()):
            report._ask()
        self.assertEqual((report.state, report.failures), ("wanted", 0))
        self.assertFalse(self.created())
        self.assertGreater(report.next_run, fields.Datetime.now())

    def test_a_wrong_request_is_not_repeated(self):
        report = self.wanted()
        error = {"code": "InvalidInput", "message": "No such type.", "details": ""}
        with self.answering(listed=(400, {"errors": [error]})):
            report._ask()
        self.assertEqual(report.state, "failed")
        self.assertIn("No such type.", report.problem)

    # which reports, when

    def poll(self, kind):
        polls = self.env["amazon.b2b.poll"]
        polls._add_missing()
        return polls.search(
            [("connection_id", "=", self.connection.id), ("kind", "=", kind)]
        )

    def asked_for(self, kind):
        poll = self.poll(kind)
        before = self.reports.search([])
        poll._ask()
        return poll, (self.reports.search([]) - before).sorted("id")

    def test_only_the_way_that_is_chosen_is_due(self):
        polls = self.env["amazon.b2b.poll"]
        polls._add_missing()
        mine = [("connection_id", "=", self.connection.id)]
        for route, kinds in (
            ("api", ["orders"]),
            ("reports", ["fba", "mfn"]),
            ("file", []),
        ):
            self.connection.order_route = route
            due = polls.search([*mine, *polls._due_domain()])
            self.assertEqual(sorted(due.mapped("kind")), kinds)

    def test_mfn_orders_take_three_reports_of_at_most_30_days(self):
        poll, reports = self.asked_for("mfn")
        self.assertEqual(
            set(reports.mapped("report_type")),
            {columns.ORDER_SHIPPING, columns.ORDER_INVOICING, columns.ALL_BY_UPDATE},
        )
        now = fields.Datetime.now()
        halves = reports.filtered(lambda r: r.report_type == columns.ORDER_SHIPPING)
        halves = halves.sorted("range_start")
        self.assertTrue(all((r.range_end - r.range_start).days <= 30 for r in halves))
        # Amazon keeps them for 60 days
        self.assertEqual((now - halves[0].range_start).days, 60)
        self.assertEqual(halves[0].range_end, halves[1].range_start)
        self.assertEqual(halves[-1].range_end, poll.cursor)
        self.assertAlmostEqual((poll.next_run - now).total_seconds() / 60, 60, delta=1)

    def test_the_next_run_goes_on_with_an_overlap(self):
        poll, first = self.asked_for("fba")
        first.state = "done"
        cursor = poll.cursor
        poll, second = self.asked_for("fba")
        self.assertEqual(cursor - second[0].range_start, timedelta(days=1))

    def test_reports_that_still_wait_keep_further_ones_back(self):
        poll, _first = self.asked_for("mfn")
        cursor = poll.cursor
        poll, second = self.asked_for("mfn")
        self.assertFalse(second)
        self.assertEqual(poll.cursor, cursor)

    def test_what_no_marketplace_imports_is_not_asked_for(self):
        self.marketplace.import_fba = False
        poll, reports = self.asked_for("fba")
        self.assertFalse(reports)
        self.assertFalse(poll.cursor)

    def test_a_role_that_is_known_to_be_missing_is_not_tried(self):
        self.connection.missing_roles = "Tax Invoicing (Restricted)"
        _poll, reports = self.asked_for("fba")
        self.assertEqual(
            set(reports.mapped("report_type")), {columns.SHIPMENTS_GENERAL}
        )

    def test_north_america_has_reports_of_its_own(self):
        names = {
            kind.name
            for group in ("mfn", "fba")
            for kind in spapi.report_types.wanted(group, "na")
        }
        orders = {columns.ORDER_SHIPPING, columns.ORDER_TAX, columns.ALL_BY_UPDATE}
        self.assertEqual(names, orders | {columns.SHIPMENTS_TAX})

    def test_catching_up_asks_once_whatever_the_way(self):
        wizard = self.env["amazon.b2b.catch.up"].create(
            {
                "connection_id": self.connection.id,
                "day": fields.Date.today() - timedelta(days=10),
            }
        )
        action = wizard.action_apply()
        reports = self.reports.search(action["domain"])
        self.assertEqual(len(reports), 4)
        self.assertEqual(self.connection.order_route, "api")
        wizard.day = fields.Date.today() + timedelta(days=2)
        with self.assertRaises(UserError):
            wizard.action_apply()
