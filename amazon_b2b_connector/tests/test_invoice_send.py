from decimal import Decimal
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .invoice_common import InvoiceCase

BILLING = "account.group_account_invoice"
AMAZON = "amazon_b2b_connector.group_user"


@tagged("post_install", "-at_install")
class TestInvoiceSend(InvoiceCase):
    """How an invoice gets to Amazon: by the Send dialog, in batches, by the button."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.accountant = new_test_user(cls.env, "ada", f"{BILLING},{AMAZON}")
        cls.outsider = new_test_user(cls.env, "otto", BILLING)

    def setUp(self):
        super().setUp()
        self.pdf_state = self.startPatcher(
            patch.object(
                self.env.registry["ir.actions.report"],
                "get_wkhtmltopdf_state",
                return_value="ok",
            )
        )

    def dialog(self, invoices, user=None):
        """What “Send” opens, as ``user`` sees it."""
        invoices = invoices.with_user(user or self.env.user)
        action = invoices.action_send_and_print()
        return (
            invoices.env[action["res_model"]]
            .with_context(**action["context"])
            .create({})
        )

    def run_cron(self):
        """Odoo's scheduled action that sends batches."""
        with self.enter_registry_test_mode():
            self.env.ref("account.ir_cron_account_move_send").method_direct_trigger()

    # the button

    def test_the_button_puts_the_paper_into_the_outbox(self):
        order = self.order()
        invoice = self.bill(order)
        invoice.with_user(self.accountant).action_amazon_b2b_send()
        document = invoice.amazon_b2b_document_ids
        self.assertEqual(document._paper(), invoice._amazon_b2b_invoice())
        self.assertEqual(
            (document.state, document.kind, document.number, document.order_number),
            ("ready", "invoice", invoice.name, "4Z1PHX3A"),
        )
        self.assertEqual(
            (document.sale_order_id, document.vendor_code, document.company_id),
            (order, "ABCD5", self.company),
        )
        self.assertEqual(document.origin_id, order.amazon_b2b_document_id)
        self.assertEqual(invoice.amazon_b2b_state, "ready")
        self.assertTrue(invoice.is_move_sent)

    def test_the_button_needs_no_pdf(self):
        invoice = self.bill(self.order())
        with patch.object(
            self.env.registry["ir.actions.report"],
            "_pre_render_qweb_pdf",
            side_effect=UserError("Unable to find Wkhtmltopdf"),
        ):
            invoice.action_amazon_b2b_send()
        self.assertEqual(invoice.amazon_b2b_state, "ready")

    def test_at_stage_parallel_it_waits_for_its_release(self):
        self.connection._type("invoice").state = "parallel"
        invoice = self.bill(self.order())
        invoice.action_amazon_b2b_send()
        self.assertEqual(invoice.amazon_b2b_state, "prepared")

    def test_at_stage_test_its_number_is_not_used_up(self):
        self.connection._type("invoice").state = "test"
        invoice = self.bill(self.order())
        invoice.action_amazon_b2b_send()
        invoice.action_amazon_b2b_send()
        self.assertEqual(invoice.amazon_b2b_document_ids.mapped("is_test"), [True] * 2)
        self.connection._type("invoice").state = "live"
        invoice.action_amazon_b2b_send()
        self.assertEqual(len(self.sent(invoice)), 1)

    # the dialog

    def test_the_dialog_offers_amazon_and_no_email(self):
        dialog = self.dialog(self.bill(self.order()), self.accountant)
        self.assertEqual(
            dialog.extra_edi_checkboxes["amazon_b2b"]["label"], "Amazon (810)"
        )
        self.assertEqual(dialog.extra_edis, ["amazon_b2b"])
        self.assertFalse(dialog.sending_methods)
        self.assertFalse(dialog.alerts)

    def test_the_dialog_sends(self):
        invoice = self.bill(self.order())
        self.dialog(invoice, self.accountant).action_send_and_print()
        self.assertEqual(invoice.amazon_b2b_state, "ready")
        self.assertTrue(invoice.invoice_pdf_report_id)

    def test_unticked_it_stays_here(self):
        invoice = self.bill(self.order())
        dialog = self.dialog(invoice)
        dialog.extra_edis = []
        dialog.action_send_and_print()
        self.assertFalse(invoice.amazon_b2b_document_ids)
        self.assertTrue(invoice.invoice_pdf_report_id)

    def test_a_refusal_is_an_alert_that_blocks(self):
        invoice = self.bill(self.order(shipped=False))
        dialog = self.dialog(invoice)
        alert = dialog.alerts["amazon_b2b_refused"]
        self.assertEqual(alert["level"], "danger")
        self.assertIn("Send the ship notice first", alert["message"])
        with self.assertRaisesRegex(UserError, "Send the ship notice first"):
            dialog.action_send_and_print()
        self.assertFalse(invoice.amazon_b2b_document_ids)

    def test_a_refusal_found_while_sending_is_an_error(self):
        invoice = self.bill(self.order(shipped=False))
        with self.assertRaisesRegex(UserError, "Send the ship notice first"):
            self.env["account.move.send"]._generate_and_send_invoices(
                invoice, extra_edis={"amazon_b2b"}
            )
        self.assertFalse(invoice.amazon_b2b_document_ids)

    def test_without_wkhtmltopdf_the_dialog_says_so_and_nothing_leaves(self):
        self.pdf_state.return_value = "install"
        invoice = self.bill(self.order())
        dialog = self.dialog(invoice)
        self.assertIn("does without", dialog.alerts["amazon_b2b_pdf"]["message"])
        with (
            patch.object(
                self.env.registry["ir.actions.report"],
                "_pre_render_qweb_pdf",
                side_effect=UserError("Unable to find Wkhtmltopdf"),
            ),
            self.assertRaisesRegex(UserError, "Wkhtmltopdf"),
        ):
            dialog.action_send_and_print()
        self.assertFalse(invoice.amazon_b2b_document_ids)

    def test_what_another_format_refuses_does_not_go_to_amazon_either(self):
        invoice = self.bill(self.order())
        send = self.env["account.move.send"]

        def refuse(_self, _invoice, invoice_data):
            invoice_data["error"] = {"error_title": "No tax number"}

        with patch.object(
            self.env.registry["account.move.send"],
            "_hook_invoice_document_before_pdf_report_render",
            refuse,
        ):
            send._generate_and_send_invoices(invoice, allow_raising=False)
        self.assertFalse(invoice.amazon_b2b_document_ids)

    def test_a_customer_who_asks_for_email_gets_it_besides(self):
        self.customer.invoice_sending_method = "email"
        dialog = self.dialog(self.bill(self.order()))
        self.assertEqual(
            (dialog.sending_methods, dialog.extra_edis), (["email"], ["amazon_b2b"])
        )

    def test_once_sent_the_dialog_offers_it_no_more_and_says_why(self):
        invoice = self.bill(self.order())
        invoice.action_amazon_b2b_send()
        dialog = self.dialog(invoice)
        self.assertFalse(dialog.extra_edis)
        self.assertEqual(dialog.alerts["amazon_b2b_info"]["level"], "info")
        self.assertIn("on its way", dialog.alerts["amazon_b2b_info"]["message"])

    # many at once

    def test_a_batch_sends_each_and_leaves_what_is_refused(self):
        good = self.bill(self.order())
        early = self.bill(self.order(number="5Z1PHX3B", shipped=False))
        dialog = self.dialog(good + early, self.accountant)
        self.assertEqual(dialog.summary_data["amazon_b2b"]["count"], 2)
        self.assertEqual(dialog.alerts["amazon_b2b_refused"]["level"], "warning")
        dialog.action_send_and_print()
        self.run_cron()
        self.assertEqual(good.amazon_b2b_state, "ready")
        self.assertFalse(early.amazon_b2b_document_ids)
        self.assertIn(
            "Send the ship notice first", str(early.message_ids.mapped("body"))
        )

    def test_a_batch_counts_what_its_own_invoices_take(self):
        order = self.order()
        first = self.bill(order, {"1": 6})
        second = self.bill(order, post=False)
        second.invoice_line_ids.quantity = 5
        second.action_post()
        self.env["account.move.send"]._generate_and_send_invoices(
            first + second, allow_raising=False
        )
        self.assertEqual((first + second).mapped("amazon_b2b_state"), ["ready", False])

    def test_a_batch_of_somebody_without_the_right_goes_nowhere(self):
        invoices = self.bill(self.order()) + self.bill(self.order(number="5Z1PHX3B"))
        dialog = self.dialog(invoices, self.outsider)
        self.assertNotIn("amazon_b2b", dialog.summary_data)
        dialog.action_send_and_print()
        self.run_cron()
        self.assertFalse(invoices.amazon_b2b_document_ids)

    # who may

    def test_an_accountant_without_the_group_sees_it_and_is_told(self):
        invoice = self.bill(self.order()).with_user(self.outsider)
        dialog = self.dialog(invoice, self.outsider)
        self.assertFalse(dialog.extra_edis)
        self.assertIn(
            "from an Amazon User", dialog.alerts["amazon_b2b_info"]["message"]
        )
        with self.assertRaisesRegex(AccessError, "Only an Amazon User"):
            invoice.action_amazon_b2b_send()
        invoice.with_user(self.accountant).action_amazon_b2b_send()
        self.assertEqual(invoice.amazon_b2b_state, "ready")
        self.assertEqual(invoice.amazon_b2b_number, "4Z1PHX3A")

    def test_an_amazon_user_without_billing_cannot_send(self):
        packer = new_test_user(self.env, "pia", f"{AMAZON},stock.group_stock_user")
        invoice = self.bill(self.order()).with_user(packer)
        with self.assertRaises(AccessError):
            invoice.action_amazon_b2b_send()
        with self.assertRaises(AccessError):
            invoice._amazon_b2b_send_again("because")

    # again

    def rejected(self):
        invoice = self.bill(self.order())
        invoice.action_amazon_b2b_send()
        document = self.sent(invoice)
        document.transmission_id = self.env["amazon.b2b.transmission"].create(
            {"direction": "out", "state": "delivered"}
        )
        document._was_delivered("2026-11-06 12:00:00")
        document._move("rejected", reason="997 status R")
        return invoice

    def test_what_amazon_rejected_goes_again_under_its_number_with_a_reason(self):
        invoice = self.rejected()
        first = invoice.amazon_b2b_document_ids
        self.assertEqual(invoice.amazon_b2b_sendable, "again")
        self.vendor_code.bill_to_street = "410 Terry Ave N"
        action = invoice.with_user(self.accountant).action_amazon_b2b_send_again()
        wizard = (
            self.env[action["res_model"]]
            .with_user(self.accountant)
            .with_context(**action["context"])
            .create({"reason": "Bill-to corrected"})
        )
        self.assertEqual((wizard.state, wizard.answer), ("rejected", "997 status R"))
        wizard.action_send()
        second = invoice.amazon_b2b_document_ids - first
        self.assertEqual((second.number, second.state), (first.number, "ready"))
        self.assertEqual(second.origin_id, first)
        self.assertEqual(second.again_reason, "Bill-to corrected")
        self.assertEqual(second._paper().bill_to.street, "410 Terry Ave N")
        self.assertEqual((first.is_record_maker, second.is_record_maker), (False, True))
        self.assertIn("Bill-to corrected", str(invoice.message_ids.mapped("body")))

    def test_what_vendor_central_rejected_goes_again_too(self):
        invoice = self.rejected()
        invoice.amazon_b2b_document_ids._move("accepted")
        invoice._amazon_b2b_send_again("Vendor Central: terms differ")
        self.assertEqual(invoice.amazon_b2b_state, "ready")

    def test_again_everything_is_checked_again(self):
        invoice = self.rejected()
        self.vendor_code.terms_net_days = 0
        with self.assertRaisesRegex(UserError, "payment terms"):
            invoice._amazon_b2b_send_again("Now right")

    def test_what_never_left_is_replaced_without_asking(self):
        invoice = self.bill(self.order())
        invoice.action_amazon_b2b_send()
        failed = self.sent(invoice)
        failed._move("failed", reason="Could not be encoded")
        self.assertEqual(invoice.amazon_b2b_sendable, "new")
        invoice.action_amazon_b2b_send()
        self.assertEqual(failed.state, "stopped")
        self.assertEqual(invoice.amazon_b2b_state, "ready")

    # in order

    def outbox(self):
        """The invoices that may leave now."""
        ready = self.env["amazon.b2b.document"].search(
            [("kind", "=", "invoice"), ("state", "=", "ready")]
        )
        return ready - ready._behind_others()

    def test_it_waits_for_the_delivered_ship_notice(self):
        order = self.order(shipped=False)
        notice = self.ship(order, state="ready")
        invoice = self.bill(order)
        invoice.action_amazon_b2b_send()
        for state in ("ready", "sent", "failed", "rejected", "stopped"):
            notice.state = state
            self.assertFalse(self.outbox(), state)
        for state in ("delivered", "accepted"):
            notice.state = state
            self.assertEqual(self.outbox(), self.sent(invoice), state)

    def test_a_corrected_ship_notice_lets_it_go(self):
        order = self.order(shipped=False)
        notice = self.ship(order, state="ready")
        invoice = self.bill(order)
        invoice.action_amazon_b2b_send()
        notice.state = "rejected"
        self.ship(order, state="delivered", replaces_id=notice.id)
        self.assertEqual(self.outbox(), self.sent(invoice))

    def test_sent_again_it_is_not_counted_twice(self):
        invoice = self.rejected()
        invoice.amazon_b2b_document_ids._move("accepted")
        again = invoice._amazon_b2b_send_again("Vendor Central: terms differ")
        self.assertEqual(self.outbox(), again)

    # orders and what is not Amazon's

    def test_two_orders_become_two_invoices(self):
        orders = self.order() + self.order(number="5Z1PHX3B")
        invoices = orders._create_invoices()
        self.assertEqual(
            sorted(invoices.mapped("amazon_b2b_number")), ["4Z1PHX3A", "5Z1PHX3B"]
        )
        self.assertEqual(sorted(invoices.mapped("ref")), ["4Z1PHX3A", "5Z1PHX3B"])

    def test_other_orders_still_become_one_invoice_beside_amazons(self):
        others = self.other_order() + self.other_order()
        invoices = (others + self.order())._create_invoices()
        self.assertEqual(len(invoices), 2)
        self.assertEqual(
            sorted(invoices.mapped(lambda i: bool(i.amazon_b2b_order_id))),
            [False, True],
        )

    def other_order(self):
        order = self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "partner_shipping_id": self.place.partner_id.id,
                "order_line": [Command.create({"product_id": self.product.id})],
            }
        )
        order.action_confirm()
        return order

    def test_equal_amounts_of_different_orders_are_no_duplicates(self):
        first = self.bill(self.order())
        second = self.bill(self.order(number="5Z1PHX3B"))
        self.assertFalse((first + second).duplicated_ref_ids)
        copy = first.copy({"invoice_date": first.invoice_date})
        first.invalidate_recordset(["duplicated_ref_ids"])
        self.assertEqual(first.duplicated_ref_ids, copy)

    def test_a_copy_is_nobodys(self):
        invoice = self.bill(self.order())
        invoice.action_amazon_b2b_send()
        copy = invoice.copy()
        self.assertFalse(copy.amazon_b2b_order_id)
        self.assertFalse(copy.amazon_b2b_document_ids)

    def test_nothing_happens_to_invoices_that_are_not_amazons(self):
        invoice = self.other_order()._create_invoices()
        invoice.action_post()
        dialog = self.dialog(invoice)
        self.assertFalse(dialog.extra_edis)
        self.assertEqual(dialog.sending_methods, ["email"])
        self.assertNotIn("amazon_b2b_info", dialog.alerts or {})
        dialog.sending_methods = []
        dialog.action_send_and_print()
        self.assertFalse(invoice.amazon_b2b_state)
        self.assertFalse(invoice.amazon_b2b_sendable)
        invoice.button_draft()
        with self.assertRaisesRegex(UserError, "no invoice of an Amazon order"):
            invoice.action_amazon_b2b_send()

    def test_partial_invoices_keep_their_cents(self):
        tax = self.env["account.tax"].create(
            {"name": "7 %", "amount": 7, "type_tax_use": "sale"}
        )
        order = self.order(taxes=tax)
        line = order.order_line
        # what an import writes to fix the cents of the whole order's tax
        line.extra_tax_data = {
            "currency_id": order.currency_id.id,
            "price_unit": 9.5,
            "discount": 0.0,
            "quantity": 10.0,
            "rate": 1.0,
            "manual_tax_amounts": {
                str(tax.id): {
                    "tax_amount_currency": 6.66,
                    "tax_amount": 6.66,
                    "base_amount_currency": 95.0,
                    "base_amount": 95.0,
                }
            },
        }
        whole = self.bill(order, post=False)
        self.assertEqual(whole._amazon_b2b_invoice().taxes[0].amount, Decimal("6.66"))
        whole.invoice_line_ids.quantity = 3
        whole.action_post()
        # of 28.50 the rate holds again, and total, lines and taxes still agree
        self.assertEqual(whole._amazon_b2b_invoice().taxes[0].amount, Decimal("2.00"))
        self.assertEqual(whole._amazon_b2b_refusals(), [])
        rest = self.bill(order)
        self.assertEqual(rest._amazon_b2b_refusals(), [])
