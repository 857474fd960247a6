from datetime import timedelta

from odoo import fields

from . import reporting, selling
from .reporting import ReportMixin, invoicing, moment, shipment, shipping, total
from .selling import SellerCase, order_number

SHIPPED = {"order-status": "Shipped", "item-status": "Shipped"}
CANCELLED = {
    **{"order-status": "Cancelled", "item-status": "Cancelled", "quantity": "0"},
    **{"item-price": "", "item-tax": ""},
}


class TestSellerReportStatus(ReportMixin, SellerCase):
    """The report of all orders says how far an order is, and what it comes to."""

    def told(self, *status, halves=2, number=None):
        """What becomes of an order with these rows of the report of all orders."""
        number = number or order_number()
        rows = [total(number, **values) for values in status]
        self.tell_shipping(shipping(number))
        if halves == 2:
            self.tell_invoicing(invoicing(number))
        return self.tell_status(*rows)

    def later(self, document, **values):
        """A later report of all orders, about the same order."""
        values = {"last-updated-date": moment(), **values}
        return self.tell_status(total(document.number, **values))

    # when it is first seen

    def test_what_has_left_before_comes_in_as_delivered_without_moves(self):
        document = self.told(SHIPPED)
        self.assertEqual((document.state, document.reason), ("done", False))
        order = document.sale_order_id
        self.assertFalse(order.picking_ids)
        self.assertEqual(order.order_line.qty_delivered, 1)
        self.assertEqual(order.amazon_b2b_seller_status, "SHIPPED")

    def test_what_has_not_left_is_to_be_delivered(self):
        order = self.told({}).sale_order_id
        self.assertEqual(order.picking_ids.move_ids.product_uom_qty, 1)
        self.assertEqual(order.order_line.qty_delivered, 0)

    def test_of_a_part_that_has_left_the_rest_is_to_be_delivered(self):
        number = order_number()
        other = "70000000000002"
        cup = {"sku": "CUP-RED"}
        self.make_product("CUP-RED")
        self.tell_shipping(shipping(number), shipping(number, other, **cup))
        self.tell_invoicing(invoicing(number), invoicing(number, other, **cup))
        half = {"order-status": "Shipping"}
        document = self.tell_status(
            total(number, **half | {"item-status": "Shipped"}),
            total(number, **half | cup),
        )
        self.assertEqual((document.state, document.reason), ("done", False))
        order = document.sale_order_id
        self.assertEqual(order.picking_ids.move_ids.product_id.default_code, "CUP-RED")
        self.assertEqual(sum(order.order_line.mapped("qty_delivered")), 1)

    def test_a_part_that_no_report_names_waits_for_a_person(self):
        part = {"order-status": "Shipping", "item-status": "Shipping"}
        document = self.told(part)
        self.assertEqual((document.state, document.reason_code), ("held", "content"))
        self.assertIn("a part of it has left", document.reason)

    def test_what_was_cancelled_before_makes_no_order(self):
        for halves in (1, 2):
            document = self.told(CANCELLED, halves=halves)
            self.assertEqual(document.state, "ignored")
            self.assertIn("cancelled", document.reason)
            family = document._family()
            self.assertEqual(set(family.mapped("state")), {"ignored"})
            documents = self.env["amazon.b2b.document"]
            documents._hold_lonely_halves(fields.Datetime.now() + timedelta(days=2))
            self.assertEqual(set(family.mapped("state")), {"ignored"})

    def test_a_cancelled_line_is_left_out(self):
        number = order_number()
        other = "70000000000002"
        cup = {"sku": "CUP-RED"}
        self.tell_shipping(shipping(number), shipping(number, other, **cup))
        self.tell_invoicing(invoicing(number), invoicing(number, other, **cup))
        gone = {"item-status": "Cancelled", "quantity": "0", "item-price": ""}
        document = self.tell_status(total(number), total(number, **cup | gone))
        self.assertEqual((document.state, document.reason), ("done", False))
        self.assertEqual(document.sale_order_id.amount_total, 11.90)
        self.assertEqual(document.sale_order_id.order_line.product_id, self.product)

    def test_another_quantity_waits_for_a_person(self):
        document = self.told({"quantity": "2"})
        self.assertEqual((document.state, document.reason_code), ("held", "content"))
        self.assertIn("MUG-BLUE is 1 in", document.reason)
        document.action_process_again()
        document._work()
        self.assertEqual((document.state, document.reason), ("done", False))

    def test_an_unknown_status_waits_for_a_person(self):
        document = self.told({"order-status": "Invoice Unconfirmed"})
        self.assertEqual((document.state, document.reason_code), ("held", "content"))

    def test_another_total_is_held_with_the_difference(self):
        document = self.told({"item-price": "12.90"})
        self.assertEqual((document.state, document.reason_code), ("held", "total"))
        self.assertIn("-1.00", document.reason)
        document.action_solve()
        document._work()
        self.assertEqual(document.sale_order_id.amount_total, 11.90)

    def test_a_status_alone_makes_no_order_and_tells_nobody(self):
        document = self.tell_status(total(order_number()))
        self.assertEqual((document.state, document.needs_person), ("ignored", False))
        self.assertEqual(document.import_status, "not_imported")

    def test_a_missing_status_is_told_after_a_day(self):
        number = order_number()
        self.tell_shipping(shipping(number))
        document = self.tell_invoicing(invoicing(number))
        documents = self.env["amazon.b2b.document"]
        documents._hold_lonely_halves(fields.Datetime.now() + timedelta(hours=25))
        self.assertEqual((document.state, document.reason_code), ("held", "half"))
        self.assertIn("all orders", document.reason)

    # later

    def test_what_is_cancelled_later_is_cancelled_here(self):
        first = self.told({})
        document = self.later(first, **CANCELLED)
        self.assertEqual((document.state, document.reason), ("done", False))
        self.assertEqual(first.sale_order_id.state, "cancel")

    def test_what_is_cancelled_after_it_was_picked_is_told(self):
        first = self.told({})
        moves = first.sale_order_id.picking_ids.move_ids
        moves.write({"quantity": 1, "picked": True})
        document = self.later(first, **CANCELLED)
        self.assertEqual((document.state, document.reason_code), ("held", "change"))
        self.assertEqual(first.sale_order_id.state, "sale")

    def test_a_status_that_moves_on_is_shown(self):
        first = self.told({})
        self.later(first, **SHIPPED)
        order = first.sale_order_id
        self.assertEqual(order.amazon_b2b_seller_status, "SHIPPED")
        self.assertEqual(order.order_line.qty_delivered, 0, "our delivery is ours")

    def test_a_report_that_is_older_does_not_take_the_status_back(self):
        first = self.told(SHIPPED)
        older = {"last-updated-date": moment(days=3)}
        document = self.tell_status(total(first.number, **older))
        self.assertEqual(document.state, "ignored")
        again = shipping(first.number, **{"ship-city": "Fulda"})
        self.assertEqual(self.tell_shipping(again).state, "done")
        order = first.sale_order_id
        self.assertEqual(order.amazon_b2b_seller_status, "SHIPPED")
        self.assertEqual(order.order_line.qty_delivered, 1)

    def test_the_same_status_again_changes_nothing(self):
        first = self.told({})
        document = self.later(first)
        self.assertEqual((document.state, document.origin_id), ("ignored", first))
        self.assertEqual(document.import_status, "complete")

    # whose status is needed

    def test_of_pending_fba_and_foreign_orders_no_status_is_kept(self):
        for values in (
            {"order-status": "Pending"},
            {"fulfillment-channel": "Amazon"},
            {"sales-channel": "Non-Amazon"},
        ):
            self.assertFalse(self.tell_status(total(order_number(), **values)))

    def test_of_what_the_api_told_no_status_is_kept(self):
        told = self.take(selling.order())
        self.assertFalse(self.tell_status(total(told.number, **CANCELLED)))
        pending = self.take(selling.order(status="PENDING", recipient={}, buyer={}))
        self.assertTrue(self.tell_status(total(pending.number)))

    def test_unshipped_orders_and_amounts_are_a_whole(self):
        number = order_number()
        open_ = shipping(number) | {"quantity-shipped": "0", "quantity-to-ship": "1"}
        file = self._kept(self.connection, reporting.report(open_), transport="file")
        file._decode()
        file.document_ids._work()
        document = self.tell_invoicing(invoicing(number))
        self.assertEqual((document.state, document.reason), ("done", False))
        self.assertEqual(len(document.sale_order_id.picking_ids), 1)

    def test_the_report_that_only_compares_makes_no_documents(self):
        arrived = self.arrive(
            reporting.columns.ALL_BY_ORDER_DATE, total(order_number())
        )
        self.assertFalse(arrived.document_ids)

    def test_the_report_that_tells_the_status_does_not_compare(self):
        arrived = self.arrive(reporting.columns.ALL_BY_UPDATE, total(order_number()))
        found = self.env["amazon.b2b.reconciliation"]
        self.assertFalse(found.search([("transmission_id", "=", arrived.id)]))

    # what says nothing new is the last one all the same

    def test_a_half_is_joined_with_all_that_is_known(self):
        first = self.told({})
        self.tell_invoicing(invoicing(first.number, **{"gift-wrap-price": "0.00"}))
        note = {"price-designation": "Business Price"}
        document = self.tell_invoicing(invoicing(first.number, **note))
        self.assertEqual((document.state, document.reason), ("done", False))

    def test_a_shipment_is_joined_with_all_that_are_known(self):
        number = order_number()
        rows = [shipment(number, f"S{n}") for n in (1, 2, 3)]
        order = self.tell_shipments(rows[0], rows[1]).sale_order_id
        self.tell_shipments(rows[1])
        self.tell_shipments(rows[1], rows[2])
        self.assertEqual(order.amount_total, 35.70)
        self.assertEqual(sum(order.order_line.mapped("qty_delivered")), 3)
