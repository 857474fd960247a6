from odoo import fields

from . import reporting, selling
from .reporting import ReportMixin, total
from .selling import SellerCase, order_number


class TestSellerReconciliation(ReportMixin, SellerCase):
    """Amazon's report of all orders against what is here."""

    def imported(self, **values):
        """An order of 11.90 that the Orders API told a day ago: its number."""
        created = reporting.moment(days=1)
        return self.take(selling.order(created=created, **values)).number

    def compare(self, *rows):
        reconciliation = self.tell_totals(*rows)
        self.assertEqual(len(reconciliation), 1)
        return reconciliation

    def whats(self, *rows):
        """{order number: what differs}"""
        return {line.number: line.what for line in self.compare(*rows).line_ids}

    def test_orders_that_agree_are_counted_and_summed(self):
        numbers = [self.imported() for _order in range(3)]
        found = self.compare(*map(total, numbers))
        self.assertEqual(found.marketplace_id, self.marketplace)
        self.assertEqual((found.amazon_count, found.our_count), (3, 3))
        self.assertAlmostEqual(found.amazon_total, 35.70)
        self.assertAlmostEqual(found.our_total, 35.70)
        self.assertFalse(found.line_ids)
        self.assertFalse(found.activity_ids)

    def test_an_order_that_is_missing_here_is_named_and_told(self):
        number = order_number()
        found = self.compare(total(self.imported()), total(number))
        [line] = found.line_ids
        self.assertEqual((line.number, line.what), (number, "missing"))
        self.assertEqual((line.amazon_total, line.our_total), (11.90, 0))
        self.assertEqual((found.amazon_count, found.our_count), (2, 1))
        self.assertAlmostEqual(found.difference, -11.90)
        self.assertEqual(len(found.activity_ids), 1)

    def test_an_order_that_amazon_does_not_know_is_named(self):
        ours = self.imported()
        rows = [
            total(self.imported(), **{"purchase-date": reporting.moment(days=2)}),
            total(self.imported()),
        ]
        found = self.compare(*rows)
        [line] = found.line_ids
        self.assertEqual((line.number, line.what), (ours, "unknown"))
        self.assertEqual(line.sale_order_id.amazon_b2b_seller_number, ours)

    def test_another_total_is_named_with_both_amounts(self):
        number = self.imported()
        found = self.compare(total(number, **{"item-price": "12.90"}))
        [line] = found.line_ids
        self.assertEqual(line.what, "total")
        self.assertEqual((line.amazon_total, line.our_total), (12.90, 11.90))
        self.assertTrue(line.document_id)

    def test_a_held_order_is_named_with_its_reason(self):
        document = self.take(selling.order(selling.item(sku="NOBODY-KNOWS")))
        [line] = self.compare(total(document.number)).line_ids
        self.assertEqual(line.what, "held")
        self.assertIn("NOBODY-KNOWS", line.detail)
        self.assertEqual(line.document_id, document)

    def test_an_order_cancelled_on_one_side_only_is_named(self):
        there, here, both = (self.imported() for _order in range(3))
        orders = self.env["sale.order"].search(
            [("amazon_b2b_seller_number", "in", (here, both))]
        )
        orders.with_context(disable_cancel_warning=True).action_cancel()
        cancelled = {"order-status": "Cancelled", "item-status": "Cancelled"}
        found = self.whats(
            total(there, **cancelled), total(here), total(both, **cancelled)
        )
        self.assertEqual(found, {there: "cancelled", here: "cancelled"})

    def test_what_is_cancelled_pending_young_or_old_need_not_be_here(self):
        rows = [
            total(order_number(), **values)
            for values in (
                {"order-status": "Cancelled", "item-status": "Cancelled"},
                {"order-status": "Pending"},
                {"purchase-date": reporting.moment(hours=1)},
                {"purchase-date": reporting.moment(days=200)},
                {"sales-channel": "Non-Amazon"},
            )
        ]
        self.assertFalse(self.tell_totals(*rows).line_ids)

    def test_what_the_settings_keep_out_is_not_missed(self):
        today = fields.Date.today()
        for channel, other in (
            ("Merchant", {"is_enabled": False}),
            ("Merchant", {"import_mfn": False, "import_prime": False}),
            ("Merchant", {"mfn_from": today}),
            ("Amazon", {"import_fba": False}),
            ("Amazon", {"fba_from": today}),
        ):
            with self.subTest(**other):
                first = {name: self.marketplace[name] for name in other}
                row = total(order_number(), **{"fulfillment-channel": channel})
                self.assertEqual(set(self.whats(row).values()), {"missing"})
                self.marketplace.write(other)
                self.assertFalse(self.whats(row))
                self.marketplace.write(first)

    def test_orders_of_ours_are_missed_while_some_of_them_are_wanted(self):
        """The report does not say which are Prime."""
        for setting in ("import_mfn", "import_prime"):
            with self.subTest(setting):
                self.marketplace[setting] = False
                row = total(order_number())
                self.assertEqual(set(self.whats(row).values()), {"missing"})
                self.marketplace[setting] = True

    def test_an_fba_order_that_comes_by_reports_is_missed_when_it_was_shipped(self):
        self.connection.order_route = "reports"
        fba = {"fulfillment-channel": "Amazon"}
        shipped = total(order_number(), **fba, **{"order-status": "Shipped"})
        found = self.whats(total(order_number(), **fba), shipped)
        self.assertEqual(found, {shipped["amazon-order-id"]: "missing"})

    def test_prices_are_net_with_the_vat_calculation_service(self):
        number = order_number()
        self.tell_shipments(reporting.shipment(number))
        self.marketplace.vcs_enabled = True
        row = total(
            number,
            **{
                "fulfillment-channel": "Amazon",
                "order-status": "Shipped",
                "item-price": "10.00",
            },
        )
        self.assertFalse(self.whats(row))

    def test_each_marketplace_is_compared_for_itself(self):
        self.make_marketplace("A13V1IB3VIYZZH", "Amazon.fr", "base.fr")
        found = self.tell_totals(
            total(self.imported()),
            total(order_number(), **{"sales-channel": "Amazon.fr"}),
        )
        counts = {each.channel: each.line_count for each in found}
        self.assertEqual(counts, {"Amazon.de": 0, "Amazon.fr": 1})

    def test_the_next_night_takes_the_place_of_the_last_one(self):
        row = total(order_number())
        first = self.compare(row)
        second = self.compare(row, total(self.imported()))
        self.assertFalse(first.activity_ids)
        self.assertTrue(second.activity_ids)

    def test_of_two_reports_of_a_night_both_are_told(self):
        first = self.compare(total(order_number()))
        first.write(
            {"range_start": "2026-01-01", "range_end": first.range_start},
        )
        second = self.compare(total(order_number()))
        self.assertTrue(first.activity_ids)
        self.assertTrue(second.activity_ids)

    def test_a_line_cancelled_alone_counts_on_neither_side(self):
        cancelled = selling.item(
            cancellation={"cancellationExecution": {"cancelledBy": "BUYER"}}
        )
        number = self.imported_lines(selling.item(), cancelled)
        gone = {"item-status": "Cancelled", "quantity": "0", "item-price": ""}
        found = self.compare(total(number), total(number, **gone))
        self.assertFalse(found.line_ids)
        self.assertEqual((found.amazon_total, found.our_total), (11.90, 11.90))

    def imported_lines(self, *items):
        """An order that comes to its first item: its number."""
        total_ = items[0]["proceeds"]["proceedsTotal"]
        document = self.take(
            selling.order(
                *items,
                created=reporting.moment(days=1),
                proceeds={"grandTotal": total_},
            )
        )
        self.assertEqual((document.state, document.reason), ("done", False))
        return document.number

    def test_an_order_that_the_same_file_completes_is_not_missed(self):
        number = order_number()
        self.tell_shipping(reporting.shipping(number))
        self.tell_invoicing(reporting.invoicing(number))
        file = self._kept(
            self.connection, reporting.report(total(number)), transport="file"
        )
        file._decode()
        found = self.env["amazon.b2b.reconciliation"].search(
            [("transmission_id", "=", file.id)]
        )
        self.assertFalse(found.line_ids)

    def test_an_uploaded_report_is_compared_too(self):
        number = order_number()
        arrived = self._kept(
            self.connection, reporting.report(total(number)), transport="file"
        )
        arrived._decode()
        self.assertEqual(arrived.state, "decoded")
        found = self.env["amazon.b2b.reconciliation"].search(
            [("transmission_id", "=", arrived.id)]
        )
        self.assertEqual(found.line_ids.number, number)

    def test_every_night_all_orders_are_asked_for(self):
        self.connection.reconcile_days = 40
        self.env["amazon.b2b.reconciliation"]._cron_reconcile()
        reports = self.env["amazon.b2b.report"].search(
            [("connection_id", "=", self.connection.id)], order="range_start"
        )
        self.assertEqual(len(reports), 2)
        self.assertEqual(reports[0].range_end, reports[1].range_start)
        self.assertEqual((reports[1].range_end - reports[0].range_start).days, 40)
        self.connection.reconcile_days = 0
        self.env["amazon.b2b.reconciliation"]._cron_reconcile()
        again = self.env["amazon.b2b.report"].search_count(
            [("connection_id", "=", self.connection.id)]
        )
        self.assertEqual(again, 2)

    def test_lookups_do_not_grow_with_the_orders(self):
        rows = [total(order_number()) for _row in range(60)]
        one = self.queries(rows[:1])
        many = self.queries(rows)
        self.assertLess(many, one + 10)

    def queries(self, rows):
        before = self.env.cr.sql_log_count
        self.tell_totals(*rows)
        self.env.flush_all()
        return self.env.cr.sql_log_count - before
