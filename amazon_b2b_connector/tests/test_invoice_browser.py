from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import HttpCase, new_test_user, tagged

from .browser import patient_with_the_browser
from .invoice_common import InvoiceCase


@tagged("post_install", "-at_install")
class TestInvoiceBrowser(InvoiceCase, HttpCase):
    @patient_with_the_browser
    def test_without_wkhtmltopdf_the_accountant_is_told_what_does_without(self):
        groups = "account.group_account_invoice,amazon_b2b_connector.group_user"
        new_test_user(self.env, "ada", groups)
        invoice = self.bill(self.order())
        reports = self.env.registry["ir.actions.report"]
        with (
            patch.object(reports, "get_wkhtmltopdf_state", return_value="install"),
            # in tests Odoo itself would print HTML instead
            patch.object(
                reports,
                "_pre_render_qweb_pdf",
                side_effect=UserError(
                    "Unable to find Wkhtmltopdf on this system. The PDF can not be "
                    "created."
                ),
            ),
        ):
            self.start_tour(
                f"/odoo/action-account.action_move_out_invoice_type/{invoice.id}",
                "amazon_b2b_invoice_without_pdf",
                login="ada",
            )
        self.assertEqual(invoice.amazon_b2b_state, "ready")
        self.assertFalse(invoice.invoice_pdf_report_id)
