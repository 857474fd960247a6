import base64
from datetime import timedelta
from itertools import permutations

from odoo import fields
from odoo.exceptions import UserError

from . import reporting, selling
from .reporting import ReportMixin, invoicing, shipment, shipping, total
from .selling import SellerCase, order_number


class TestSellerReports(ReportMixin, SellerCase):
    """Orders that come by reports: two halves, shipments, and both ways at once."""

    def all_parts(self, number=None, **status):
        number = number or order_number()
        self.tell_status(total(number, **status))
        self.tell_shipping(shipping(number))
        return self.tell_invoicing(invoicing(number))

    # two halves

    def test_an_order_waits_after_its_first_report(self):
        document = self.tell_shipping(shipping(order_number()))
        self.assertEqual((document.state, document.reason_code), ("waiting", "half"))
        self.assertEqual(document.import_status, "not_imported")
        self.assertFalse(document.needs_person)
        self.assertFalse(document.sale_order_id)

    def test_an_order_is_complete_after_its_last_report(self):
        number = order_number()
        first = self.tell_shipping(shipping(number))
        second = self.tell_invoicing(invoicing(number))
        self.assertEqual((second.state, second.reason_code), ("waiting", "half"))
        self.assertIn("shipped or not", second.reason)
        last = self.tell_status(total(number))
        self.assertEqual((last.state, last.reason), ("done", False))
        for document in (first, second, last):
            self.assertEqual(document.import_status, "complete")
        order = last.sale_order_id
        self.assertEqual(order.amount_total, 11.90)
        self.assertEqual(order.partner_shipping_id.city, "Kassel")
        self.assertEqual(len(order.picking_ids), 1)

    def parts(self, number, **status):
        """What tells each part of an order."""
        return {
            "shipping": lambda: self.tell_shipping(shipping(number)),
            "invoicing": lambda: self.tell_invoicing(invoicing(number)),
            "status": lambda: self.tell_status(total(number, **status)),
        }

    def test_the_parts_come_in_any_order(self):
        for names in permutations(("shipping", "invoicing", "status")):
            with self.subTest(names):
                parts = self.parts(order_number())
                *before, last = [parts[name]() for name in names]
                for document in before:
                    self.assertEqual(document.import_status, "complete")
                self.assertEqual((last.state, last.reason), ("done", False))
                self.assertEqual(last.sale_order_id.amount_total, 11.90)

    def test_halves_that_are_worked_together_are_one_order(self):
        number = order_number()
        self.tell_status(total(number))
        documents = self.arrive(
            reporting.columns.ORDER_SHIPPING, shipping(number)
        ).document_ids
        documents |= self.arrive(
            reporting.columns.ORDER_INVOICING, invoicing(number)
        ).document_ids
        documents._work()
        self.assertEqual(sorted(documents.mapped("state")), ["done", "ignored"])
        self.assertEqual(len(self.orders(number)), 1)

    def orders(self, number):
        return self.env["sale.order"].search(
            [("amazon_b2b_seller_number", "=", number)]
        )

    def test_the_same_rows_in_the_next_report_make_no_document(self):
        number = order_number()
        row = shipping(number)
        self.tell_shipping(row)
        arrived = self.arrive(reporting.columns.ORDER_SHIPPING, row)
        self.assertFalse(arrived.document_ids)
        self.assertEqual(arrived.unchanged_count, 1)

    def test_a_half_that_changed_before_the_other_came_takes_its_place(self):
        number = order_number()
        first = self.tell_shipping(shipping(number))
        second = self.tell_shipping(shipping(number, **{"ship-city": "Fulda"}))
        self.assertEqual((first.state, second.state), ("ignored", "waiting"))
        self.tell_status(total(number))
        done = self.tell_invoicing(invoicing(number))
        self.assertEqual(done.sale_order_id.partner_shipping_id.city, "Fulda")

    def test_changed_amounts_reach_the_order(self):
        number = order_number()
        first = self.all_parts(number)
        amounts = {"item-price": "5.95", "item-tax": "0.95"}
        later = self.tell_status(total(number, **amounts))
        self.assertEqual((later.state, later.reason_code), ("held", "total"))
        later = self.tell_invoicing(invoicing(number, **amounts))
        self.assertEqual((later.state, later.reason), ("done", False))
        self.assertEqual(first.sale_order_id.amount_total, 5.95)
        self.assertEqual(len(self.orders(number)), 1)

    def test_a_row_that_says_nothing_new_changes_nothing(self):
        number = order_number()
        self.all_parts(number)
        again = self.tell_invoicing(invoicing(number, **{"gift-wrap-price": "0.00"}))
        self.assertEqual(again.state, "ignored")
        self.assertEqual(again.import_status, "complete")

    def test_halves_that_do_not_fit_wait_for_a_person(self):
        number = order_number()
        self.tell_shipping(shipping(number))
        second = self.tell_invoicing(invoicing(number, item="70000000000009"))
        self.assertEqual((second.state, second.reason_code), ("held", "content"))
        self.assertIn("70000000000009", second.reason)
        self.assertFalse(self.orders(number))

    def test_a_half_that_stays_alone_is_told_after_a_day(self):
        document = self.tell_shipping(shipping(order_number()))
        documents = self.env["amazon.b2b.document"]
        documents._hold_lonely_halves(fields.Datetime.now() + timedelta(hours=23))
        self.assertEqual(document.state, "waiting")
        documents._hold_lonely_halves(fields.Datetime.now() + timedelta(hours=25))
        self.assertEqual((document.state, document.reason_code), ("held", "half"))
        self.assertTrue(document.needs_person)

    def test_one_bad_row_fails_alone(self):
        good, bad = order_number(), order_number()
        documents = self.tell_shipping(
            shipping(bad, **{"quantity-purchased": "many"}), shipping(good)
        )
        by_number = documents.grouped("number")
        self.assertEqual(by_number[good].state, "waiting")
        self.assertIn(by_number[bad].state, ("failed", "held"))
        self.assertIn("many", by_number[bad].reason)

    # what Amazon ships

    def test_an_fba_order_is_delivered_without_moves(self):
        document = self.tell_shipments(shipment(order_number()))
        self.assertEqual((document.state, document.reason), ("done", False))
        order = document.sale_order_id
        self.assertEqual(order.amazon_b2b_fulfilled_by, "AMAZON")
        self.assertEqual(order.order_line.qty_delivered, 1)
        self.assertFalse(order.picking_ids)

    def test_an_fba_order_grows_with_each_shipment(self):
        number = order_number()
        first = self.tell_shipments(shipment(number, "S1"))
        second = self.tell_shipments(shipment(number, "S2"))
        order = first.sale_order_id
        self.assertEqual((second.state, second.sale_order_id), ("done", order))
        self.assertEqual(order.amount_total, 23.80)
        self.assertEqual(sum(order.order_line.mapped("qty_delivered")), 2)
        self.assertIn("TRACK-S2", "".join(order.message_ids.mapped("body")))

    def test_what_a_further_shipment_adds_is_invoiced_after_the_first_was(self):
        number = order_number()
        costs = {"shipping-price": "3.57", "shipping-tax": "0.57"}
        order = self.tell_shipments(shipment(number, "S1", **costs)).sale_order_id
        first = order._create_invoices()
        first.action_post()
        document = self.tell_shipments(shipment(number, "S2", **costs))
        self.assertEqual((document.state, document.reason), ("done", False))
        second = order._create_invoices()
        self.assertEqual(first.amount_total, 15.47)
        self.assertEqual(second.amount_total, 15.47)

    def test_a_shipment_that_comes_again_with_another_is_counted_once(self):
        number = order_number()
        rows = [shipment(number, f"S{n}") for n in (1, 2, 3)]
        order = self.tell_shipments(rows[0], rows[1]).sale_order_id
        self.tell_shipments(rows[1], rows[2])
        self.assertEqual(order.amount_total, 35.70)
        nothing = self.tell_shipments(rows[2])
        self.assertEqual(nothing.state, "ignored")
        self.assertEqual(order.amount_total, 35.70)

    def test_a_shipment_that_waited_for_its_product_brings_all_of_them(self):
        number = order_number()
        row = {"sku": "MUG-RED"}
        first = self.tell_shipments(shipment(number, "S1", **row))
        self.assertEqual(first.reason_code, "product")
        self.make_product("MUG-RED")
        second = self.tell_shipments(shipment(number, "S2", **row))
        self.assertEqual((first.state, second.state), ("ignored", "done"))
        self.assertEqual(second.sale_order_id.amount_total, 23.80)

    def grown(self, change):
        """What becomes of a second shipment after a person changed the order."""
        number = order_number()
        order = self.tell_shipments(shipment(number, "S1")).sale_order_id
        change(order)
        return self.tell_shipments(shipment(number, "S2"))

    def test_what_a_person_changed_stays_when_a_further_shipment_comes(self):
        for values, total_ in (
            ({"price_unit": 5}, 16.90),
            ({"discount": 10}, 22.61),
            ({"product_uom_qty": 2}, 35.70),
        ):
            with self.subTest(values):
                document = self.grown(lambda order, v=values: order.order_line.write(v))
                self.assertEqual((document.state, document.reason), ("done", False))
                order = document.sale_order_id
                self.assertEqual(order.amount_total, total_)
                self.assertEqual(order.order_line[1].price_total, 11.90)
                self.assertEqual(sum(order.order_line.mapped("qty_delivered")), 2)

    def test_a_further_shipment_of_an_order_cancelled_here_is_told(self):
        document = self.grown(lambda order: order._action_cancel())
        self.assertEqual((document.state, document.reason_code), ("held", "change"))
        self.assertIn("TRACK-S2", document.reason)

    def test_what_another_shop_sold_and_amazon_ships_is_not_ours(self):
        channel = {"sales-channel": "Non-Amazon DE"}
        document = self.tell_shipments(shipment(order_number(), **channel))
        self.assertEqual((document.state, document.needs_person), ("ignored", False))

    def test_amounts_without_the_column_of_their_tax_wait_for_a_person(self):
        number = order_number()
        row = invoicing(number)
        del row["item-tax"]
        document = self.tell_invoicing(row)
        self.assertEqual((document.state, document.reason_code), ("held", "content"))
        self.assertIn("item-tax", document.reason)

    # both ways

    def told_by_api(self, number, **values):
        items = [selling.item(number="70000000000001", **values)]
        return self.take(selling.order(*items, number=number))

    def test_an_order_that_the_api_told_is_not_imported_again(self):
        number = order_number()
        told = self.told_by_api(number)
        first = self.tell_shipping(shipping(number))
        second = self.tell_invoicing(invoicing(number))
        self.assertEqual((first.state, second.state), ("ignored", "ignored"))
        self.assertEqual(second.origin_id, told)
        self.assertEqual(len(self.orders(number)), 1)

    def test_a_report_that_contradicts_the_api_waits_for_a_person(self):
        number = order_number()
        told = self.told_by_api(number)
        document = self.tell_invoicing(invoicing(number, **{"item-price": "12.90"}))
        self.assertEqual((document.state, document.reason_code), ("held", "change"))
        self.assertIn("11.90", document.reason)
        self.assertIn("12.90", document.reason)
        self.assertEqual(told.sale_order_id.amount_total, 11.90)

    def test_what_the_api_tells_after_the_reports_is_no_change(self):
        number = order_number()
        made = self.all_parts(number)
        order = made.sale_order_id
        messages = len(order.message_ids)
        told = self.told_by_api(number)
        self.assertEqual((told.state, told.reason), ("done", False))
        self.assertEqual(told.sale_order_id, order)
        self.assertEqual(len(order.message_ids), messages)
        self.assertEqual(order.amazon_b2b_seller_document_id, told)
        self.assertEqual(len(self.orders(number)), 1)

    def test_what_the_api_tells_otherwise_than_the_reports_changes_the_order(self):
        number = order_number()
        order = self.all_parts(number).sale_order_id
        self.told_by_api(number, quantity=2, price="23.80", tax="3.80")
        self.assertEqual(order.amount_total, 23.80)
        self.assertEqual(order.order_line.product_uom_qty, 2)

    def test_a_report_never_takes_the_place_of_the_apis_version(self):
        number = order_number()
        self.all_parts(number)
        told = self.told_by_api(number)
        later = self.tell_shipping(shipping(number, **{"ship-city": "Fulda"}))
        self.assertEqual(later.state, "ignored")
        order = told.sale_order_id
        self.assertEqual(order.amazon_b2b_seller_document_id, told)
        self.assertEqual(order.partner_shipping_id.city, "Kassel")

    def test_a_report_brings_what_is_pending_at_the_api(self):
        number = order_number()
        pending = self.take(
            selling.order(number=number, status="PENDING", recipient={}, buyer={})
        )
        document = self.all_parts(number)
        self.assertEqual((pending.state, document.state), ("ignored", "done"))

    def test_part_of_an_fba_order_does_not_contradict_the_api(self):
        number = order_number()
        items = [
            selling.item(number="70000000000001", quantity=2, price="23.80", tax="3.80")
        ]
        self.take(selling.order(*items, number=number, by="AMAZON", status="SHIPPED"))
        document = self.tell_shipments(shipment(number))
        self.assertEqual(document.state, "ignored")

    # uploaded

    def upload(self, data, **values):
        return self.env["amazon.b2b.read.file"].create(
            {
                "connection_id": self.connection.id,
                "file": base64.b64encode(data),
                "filename": "orders.txt",
                **values,
            }
        )

    def uploaded(self):
        """The documents of the file that was uploaded last."""
        arrived = self.env["amazon.b2b.transmission"].search(
            [("connection_id", "=", self.connection.id)], order="id desc", limit=1
        )
        arrived._decode()
        documents = arrived.document_ids
        documents.filtered(lambda d: d.state == "new")._work()
        return documents

    def test_an_uploaded_report_imports_orders_without_any_authorisation(self):
        self.connection.write({"order_route": "file", "authorisation_state": "none"})
        self.connection.marketplace_ids.unlink()
        number = order_number()
        row = shipping(number) | invoicing(number)
        self.upload(reporting.report(row)).action_apply()
        document = self.uploaded()
        self.assertEqual((document.state, document.reason_code), ("waiting", "half"))
        self.upload(reporting.report(total(number))).action_apply()
        document = self.uploaded()
        self.assertEqual((document.state, document.reason), ("done", False))
        self.assertEqual(document.sale_order_id.amount_total, 11.90)
        self.assertEqual(self.connection.marketplace_ids.name, "Amazon.de")

    def test_the_second_report_completes_an_order_that_is_said_to_be_unshipped(self):
        number = order_number()
        self.upload(reporting.report(shipping(number)), shipped="none").action_apply()
        document = self.uploaded()
        self.assertEqual((document.state, document.reason_code), ("waiting", "half"))
        self.assertEqual(document.import_status, "not_imported")
        self.upload(reporting.report(invoicing(number)), shipped="none").action_apply()
        document = self.uploaded()
        self.assertEqual((document.state, document.reason), ("done", False))
        self.assertEqual(document.import_status, "complete")
        self.assertEqual(document.sale_order_id.amazon_b2b_seller_status, "UNSHIPPED")
        self.assertTrue(document.sale_order_id.picking_ids)

    def test_a_report_is_taken_again_once_it_is_said_to_be_unshipped(self):
        number = order_number()
        row = reporting.report(shipping(number) | invoicing(number))
        self.upload(row, shipped="told").action_apply()
        self.assertEqual(self.uploaded().state, "waiting")
        self.upload(row, shipped="none").action_apply()
        self.assertEqual(self.uploaded().state, "done")
        self.upload(row, shipped="none").action_apply()
        self.assertFalse(self.uploaded())

    def test_what_the_report_of_all_orders_says_counts_for_more(self):
        number = order_number()
        status = {"order-status": "Shipped", "item-status": "Shipped"}
        self.upload(reporting.report(total(number, **status))).action_apply()
        self.uploaded()
        row = reporting.report(shipping(number) | invoicing(number))
        self.upload(row, shipped="none").action_apply()
        order = self.uploaded().sale_order_id
        self.assertEqual(order.amazon_b2b_seller_status, "SHIPPED")
        self.assertFalse(order.picking_ids)

    def test_a_wrong_file_says_so(self):
        for data in (b"ISA*00*", b"a\tb\tc\r\n1\t2\t3\r\n", b"\0\xff" * 50):
            with self.subTest(data), self.assertRaisesRegex(UserError, "orders.txt"):
                self.upload(data).action_apply()

    def test_orders_of_a_seller_without_an_id_are_not_taken(self):
        self.connection.seller_id = False
        with self.assertRaisesRegex(UserError, "Seller ID"):
            self.upload(reporting.report(shipping(order_number()))).action_apply()
