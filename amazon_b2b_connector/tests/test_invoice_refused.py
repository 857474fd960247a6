from datetime import timedelta
from decimal import Decimal

from odoo import fields
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .invoice_common import InvoiceCase, order_line


@tagged("post_install", "-at_install")
class TestInvoiceRefused(InvoiceCase):
    """Amazon would refuse it, so it does not leave."""

    def test_more_than_was_shipped(self):
        order = self.order(shipped=False)
        self.ship(order, {"1": 6})
        self.assertRefused(
            self.bill(order), "Line 1: 10 EA are invoiced, but 6 were shipped."
        )

    def test_what_several_ship_notices_announce_counts_together(self):
        order = self.order(shipped=False)
        self.ship(order, {"1": 6})
        invoice = self.bill(order)
        self.ship(order, {"1": 4}, number="ASN2", state="ready")
        self.assertEqual(invoice._amazon_b2b_refusals(), [])

    def test_a_corrected_notice_replaces_the_earlier_one(self):
        order = self.order()
        first = order._amazon_b2b_out("ship_notice")
        self.ship(order, {"1": 7}, replaces_id=first.id)
        self.assertRefused(self.bill(order), "7 were shipped")

    def test_a_notice_about_several_orders_counts_for_each(self):
        order = self.order(shipped=False)
        other = self.order(number="5Z1PHX3B", shipped=False)
        notice = self.ship(order)
        notice.write({"sale_order_id": other.id, "sale_order_ids": order.ids})
        self.assertEqual(self.bill(order)._amazon_b2b_refusals(), [])
        self.assertRefused(self.bill(other), "Nothing of order 5Z1PHX3B was shipped")

    def test_rejected_stopped_and_test_notices_do_not_count(self):
        for values in (
            {"state": "rejected"},
            {"state": "stopped"},
            {"state": "failed"},
            {"is_test": True},
        ):
            with self.subTest(values):
                order = self.order(shipped=False, number=f"PO{len(str(values))}")
                self.ship(order, **values)
                self.assertRefused(self.bill(order), "Nothing of order", "was shipped")

    def test_at_stage_parallel_what_was_told_by_hand_counts(self):
        order = self.order(shipped=False)
        self.ship(order, state="stopped", stage="parallel")
        self.assertEqual(self.bill(order)._amazon_b2b_refusals(), [])

    def test_where_no_ship_notices_go_out_the_delivery_counts(self):
        self.connection._type("ship_notice").state = "off"
        order = self.order(shipped=False)
        invoice = self.bill(order)
        self.assertRefused(invoice, "Nothing of order 4Z1PHX3A was shipped")
        order.picking_ids.move_ids.write({"quantity": 10, "picked": True})
        order.picking_ids.button_validate()
        self.assertEqual(invoice._amazon_b2b_refusals(), [])

    def test_more_than_is_left_after_other_invoices(self):
        order = self.order()
        first = self.bill(order, {"1": 6})
        first.action_amazon_b2b_send()
        second = self.bill(order)
        self.assertEqual(second.invoice_line_ids.quantity, 4)
        self.assertEqual(second._amazon_b2b_refusals(), [])
        second.button_draft()
        second.invoice_line_ids.quantity = 5
        second.action_post()
        self.assertRefused(
            second,
            "5 EA are invoiced, but 10 were shipped and 6 of them invoiced before.",
        )

    def test_an_invoice_credited_in_full_leaves_its_quantity_free(self):
        order = self.order()
        first = self.bill(order)
        first.action_amazon_b2b_send()
        self.sent(first).state = "accepted"
        credit = first._reverse_moves(
            [{"invoice_date": fields.Date.to_date("2026-11-06")}], cancel=True
        )
        self.assertEqual(first.payment_state, "reversed")
        self.assertEqual(credit.amazon_b2b_order_id, order)
        second = self.bill(order)
        self.assertEqual(second._amazon_b2b_refusals(), [])

    def test_another_price_than_acknowledged(self):
        order = self.order()
        self.acknowledge(order, prices={"1": Decimal("9.25")})
        self.assertRefused(self.bill(order), "its price is 9.5, acknowledged was 9.25")

    def test_a_discount_is_another_price(self):
        invoice = self.bill(self.order(), post=False)
        invoice.invoice_line_ids.discount = 10
        invoice.action_post()
        self.assertRefused(invoice, "its price is 8.55, acknowledged was 9.5")

    def test_lines_that_amazon_numbers_alike_keep_their_own_prices(self):
        order = self.order(
            order_line(quantity=Decimal(2)),
            order_line(quantity=Decimal(3), price=Decimal("8")),
        )
        self.assertEqual(self.bill(order)._amazon_b2b_refusals(), [])

    def test_lines_that_amazon_numbers_alike_share_what_was_shipped(self):
        order = self.order(
            order_line(quantity=Decimal(2)),
            order_line(quantity=Decimal(3)),
            shipped=False,
        )
        self.ship(order, {"1": Decimal("2")})  # two of each
        self.assertRefused(self.bill(order), "3 EA are invoiced, but 4 were shipped")

    def test_where_amazon_named_no_price_and_none_was_acknowledged_any_holds(self):
        self.product.list_price = 9.5
        order = self.order(order_line(price=None), acknowledged=False)
        self.connection._type("acknowledgement").state = "off"
        self.assertEqual(self.bill(order)._amazon_b2b_refusals(), [])

    def test_the_last_acknowledgement_holds(self):
        order = self.order()
        self.acknowledge(order, state="rejected", prices={"1": Decimal("9.00")})
        self.acknowledge(order, prices={"1": Decimal("9.25")}, state="ready")
        self.acknowledge(order, prices={"1": Decimal("9.10")}, state="stopped")
        self.assertRefused(self.bill(order), "acknowledged was 9.25")

    def test_a_total_that_does_not_add_up(self):
        invoice = self.bill(self.order(), post=False)
        rounding = self.env["account.cash.rounding"].create(
            {
                "name": "Whole dollars",
                "rounding": 10.0,
                "strategy": "add_invoice_line",
                "profit_account_id": self.company.income_account_id.id
                or invoice.invoice_line_ids.account_id.id,
                "loss_account_id": invoice.invoice_line_ids.account_id.id,
                "rounding_method": "UP",
            }
        )
        invoice.invoice_cash_rounding_id = rounding
        invoice.action_post()
        self.assertEqual(invoice.amount_total, 100)
        self.assertRefused(
            invoice, "total is 100.00", "add up to 95.00", "difference of 5.00"
        )

    def test_half_cents_rounded_by_line_or_in_sum_both_add_up(self):
        for method, total in (("round_per_line", 0.26), ("round_globally", 0.25)):
            with self.subTest(method):
                self.company.tax_calculation_rounding_method = method
                order = self.order(
                    order_line(quantity=Decimal(1), price=Decimal("0.125")),
                    order_line(number="2", quantity=Decimal(1), price=Decimal("0.125")),
                    number=method[-8:],
                )
                invoice = self.bill(order)
                self.assertEqual(invoice.amount_total, total)
                self.assertEqual(invoice._amazon_b2b_refusals(), [])

    def test_nothing_to_pay(self):
        order = self.order(order_line(price=Decimal(0)))
        self.assertRefused(self.bill(order), "Its total is 0.00")

    def test_a_date_in_the_future(self):
        tomorrow = fields.Date.today() + timedelta(days=1)
        self.assertRefused(
            self.bill(self.order(), invoice_date=tomorrow), "lies in the future"
        )

    def test_a_number_that_another_invoice_used(self):
        first = self.bill(self.order())
        first.action_amazon_b2b_send()
        number = first.name
        self.sent(first).state = "accepted"
        first.button_draft()
        first.name = "OTHER/1"
        second = self.bill(self.order(number="5Z1PHX3B"), post=False)
        second.name = number
        second.action_post()
        self.assertRefused(second, f"The number {number} was used for Amazon before")

    def test_the_database_itself_takes_a_number_once(self):
        first = self.bill(self.order())
        first.action_amazon_b2b_send()
        second = self.bill(self.order(number="5Z1PHX3B"))
        first.amazon_b2b_document_ids.number = second.name
        with (
            self.assertRaisesRegex(Exception, "_business_key_uniq"),
            self.env.cr.savepoint(),
        ):
            second._amazon_b2b_put_out()

    def test_a_number_too_long_for_amazon(self):
        invoice = self.bill(self.order(), post=False)
        invoice.name = "INVOICE/CLEVELAND/2026/00001"
        invoice.action_post()
        self.assertRefused(invoice, "longer than the 22 characters")

    def test_two_purchase_orders_on_one_invoice(self):
        first, second = self.order(), self.order(number="5Z1PHX3B")
        invoice = self.bill(first, post=False)
        invoice.invoice_line_ids = [
            Command.create(second.order_line._prepare_invoice_line())
        ]
        invoice.action_post()
        self.assertRefused(invoice, "more than one order (4Z1PHX3A, 5Z1PHX3B)")

    def test_a_credit_note(self):
        invoice = self.bill(self.order())
        credit = invoice._reverse_moves(
            [{"invoice_date": fields.Date.to_date("2026-11-06")}]
        )
        credit.action_post()
        self.assertRefused(credit, "Amazon takes no credit notes by EDI")

    def test_a_down_payment_and_what_deducts_one(self):
        order = self.order()
        wizard = (
            self.env["sale.advance.payment.inv"]
            .with_context(active_ids=order.ids, active_model="sale.order")
            .create({"advance_payment_method": "fixed", "fixed_amount": 20})
        )
        wizard.create_invoices()
        down_payment = order.invoice_ids
        down_payment.invoice_date = "2026-11-06"
        down_payment.action_post()
        self.assertRefused(down_payment, "Amazon takes no down payments")
        rest = order._create_invoices(final=True)
        rest.invoice_date = "2026-11-06"
        rest.action_post()
        self.assertRefused(rest, "Amazon takes no down payments")

    def test_a_draft(self):
        self.assertRefused(self.bill(self.order(), post=False), "Confirm it first")

    def test_an_order_not_acknowledged(self):
        for state in (False, "rejected", "failed", "stopped"):
            with self.subTest(state):
                order = self.order(acknowledged=state, number=f"PO{state}")
                self.assertRefused(self.bill(order), "was not acknowledged yet")

    def test_where_no_acknowledgements_go_out_amazons_own_price_counts(self):
        order = self.order(acknowledged=False)
        self.connection._type("acknowledgement").state = "off"
        invoice = self.bill(order)
        self.assertEqual(invoice._amazon_b2b_refusals(), [])

    def test_an_order_not_shipped(self):
        self.assertRefused(
            self.bill(self.order(shipped=False)), "Send the ship notice first"
        )

    def test_a_test_order(self):
        order = self.order()
        order.amazon_b2b_is_test = True
        self.assertRefused(self.bill(order), "is a test order")

    def test_another_currency_than_ordered(self):
        euro = self.env.ref("base.EUR")
        euro.active = True
        invoice = self.bill(self.order(), post=False)
        invoice.currency_id = euro
        invoice.action_post()
        self.assertRefused(invoice, "It is in EUR, the order 4Z1PHX3A in USD")

    def test_addresses_and_terms_that_are_missing(self):
        invoice = self.bill(self.order())
        self.vendor_code.write(
            {
                "bill_to_street": False,
                "bill_to_state": False,
                "remit_to_zip": False,
                "terms_net_days": 0,
            }
        )
        self.assertRefused(
            invoice,
            "bill-to address of vendor code ABCD5 lacks its street, state",
            "remit-to address of vendor code ABCD5 lacks its ZIP",
            "lacks its payment terms (ITD",
        )

    def test_invoices_switched_off(self):
        invoice = self.bill(self.order())
        self.connection._type("invoice").state = "off"
        self.assertRefused(invoice, "switched off on Amazon US")

    def test_the_second_time(self):
        invoice = self.bill(self.order())
        invoice.action_amazon_b2b_send()
        document = self.sent(invoice)
        for state in ("prepared", "ready", "sent"):
            document.state = state
            self.assertRefused(invoice, "on its way to Amazon already")
        for state in ("delivered", "accepted", "rejected"):
            document.state = state
            document.transmission_id = self.env["amazon.b2b.transmission"].create(
                {"direction": "out", "state": "delivered"}
            )
            self.assertRefused(invoice, "Amazon has it already", "say why")

    def test_an_invoice_underway_cannot_become_a_draft(self):
        invoice = self.bill(self.order())
        invoice.action_amazon_b2b_send()
        with self.assertRaisesRegex(UserError, "on its way to Amazon"):
            invoice.button_draft()
        with self.assertRaisesRegex(UserError, "on its way to Amazon"):
            invoice.button_cancel()

    def test_changing_what_amazon_has_is_remarked(self):
        invoice = self.bill(self.order())
        invoice.action_amazon_b2b_send()
        self.sent(invoice).state = "accepted"
        invoice.button_draft()
        self.assertIn(
            "not told that it changes", str(invoice.message_ids.mapped("body"))
        )

    def test_what_the_codec_would_not_write(self):
        invoice = self.bill(self.order())
        self.vendor_code.bill_to_street = "410 Terry Avenue North, " * 3
        self.assertRefused(invoice, "55")
