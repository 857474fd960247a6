from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger
from odoo.tools.barcode import get_barcode_check_digit
from psycopg2.errors import UniqueViolation
from reportlab.graphics.barcode import createBarcodeDrawing

from ..hooks import uninstall_hook
from .shipping import ShippingCase


@tagged("post_install", "-at_install")
class TestSSCC(ShippingCase):
    def packed(self, **values):
        picking = self.picking_of(self.acknowledged_order(**values))
        self.fill(picking)
        return picking, self.pack(picking, 10)

    def test_number_is_extension_prefix_serial_and_check_digit(self):
        _picking, package = self.packed()
        self.assertRegex(package.name, r"^34012345\d{10}$")
        self.assertEqual(get_barcode_check_digit(package.name), int(package.name[-1]))
        self.assertTrue(package.valid_sscc)

    def test_prefix_of_any_length_makes_eighteen_digits(self):
        for prefix in ("4012345", "40123456789", "401234567890"):
            self.company.amazon_b2b_gs1_prefix = prefix
            package = self.env["stock.package"].create({"name": "P"})
            package._amazon_b2b_assign_sscc(self.company, self.env["stock.picking"])
            self.assertRegex(package.name, rf"^3{prefix}\d{{{17 - len(prefix)}}}$")
            self.assertTrue(package.valid_sscc)

    def test_prefix_is_seven_to_twelve_digits(self):
        for wrong in ("401234", "4012345678901"[:13], "40123A5", "٤٠١٢٣٤٥"):
            with self.subTest(wrong), self.assertRaises(ValidationError):
                self.company.amazon_b2b_gs1_prefix = wrong

    def test_extension_is_one_digit(self):
        with self.assertRaises(ValidationError):
            self.company.amazon_b2b_sscc_extension = "X"

    def test_printed_again_it_is_the_same(self):
        picking, package = self.packed()
        name = package.name
        picking.action_amazon_b2b_print_labels()
        package.action_amazon_b2b_print_label()
        self.validate(picking)
        picking.action_amazon_b2b_print_labels()
        package.action_amazon_b2b_print_label()
        self.assertEqual(package.name, name)
        self.assertEqual(self.send(picking)._paper().containers[0].sscc, name)

    def test_name_that_is_no_sscc_is_replaced(self):
        picking, package = self.packed()
        for name in ("PACK0000007", "3401234500000000", "340123450000000019"):
            package.name = name
            picking.action_amazon_b2b_print_labels()
            self.assertTrue(package.valid_sscc)
            self.assertNotEqual(package.name, name)

    def test_scanned_application_identifier_is_dropped(self):
        picking, package = self.packed()
        name = package.name
        package.name = f"00{name}"
        picking.action_amazon_b2b_print_labels()
        self.assertEqual(package.name, name)

    def test_number_of_another_maker_is_kept(self):
        picking, package = self.packed()
        package.name = "106141411234567897"
        notice = self.send(self.validate(picking))
        self.assertEqual(notice._paper().containers[0].sscc, "106141411234567897")

    def test_two_packages_do_not_share_a_number(self):
        picking = self.picking_of(self.acknowledged_order())
        one, other = self.pack(picking, 5, 5)
        other.name = one.name
        picking.action_amazon_b2b_print_labels()
        self.assertNotEqual(one.name, other.name)

    def test_reused_box_gets_a_new_number(self):
        tote = self.env["stock.package.type"].create(
            {"name": "Tote", "package_use": "reusable"}
        )
        picking = self.picking_of(self.acknowledged_order())
        self.fill(picking)
        picking.move_line_ids.picked = True
        picking.action_put_in_pack(package_type_id=tote.id)
        box = picking.move_line_ids.result_package_id
        self.send(self.validate(picking))
        first = box.name
        # the empty box comes back
        box.unpack()
        again = self.picking_of(self.acknowledged_order(number="5Z1PHX3B"))
        self.fill(again)
        again.move_line_ids.picked = True
        again.action_put_in_pack(package_id=box.id)
        self.assertNotEqual(box.name, first)
        self.assertTrue(box.valid_sscc)
        notice = self.send(self.validate(again))
        self.assertEqual(notice._paper().containers[0].sscc, box.name)

    def test_number_is_not_given_twice_within_a_year(self):
        _picking, package = self.packed()
        self.set_next(1)
        other = self.env["stock.package"].create({"name": "P"})
        nowhere = self.env["stock.picking"]
        with self.assertRaisesRegex(UserError, "less than 365 days ago"):
            other._amazon_b2b_assign_sscc(self.company, nowhere)
        self.env["amazon.b2b.sscc"].search([]).given_date = (
            fields.Date.today() - timedelta(days=365)
        )
        self.set_next(1)
        name = package.name
        package.name = "GONE"
        other._amazon_b2b_assign_sscc(self.company, nowhere)
        self.assertEqual(other.name, name)

    def set_next(self, number):
        self.company.amazon_b2b_sscc_sequence_id.number_next_actual = number

    def test_postgresql_gives_no_number_twice(self):
        self.packed()
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(UniqueViolation),
            self.env.cr.savepoint(),
        ):
            number = self.env["amazon.b2b.sscc"].search([], limit=1).number
            self.env["amazon.b2b.sscc"].create(
                {"number": number, "company_id": self.company.id}
            )

    def test_serial_goes_on_from_the_start_value(self):
        self.env["amazon.b2b.shipping.numbers"].create(
            {"next_sscc": 4711, "next_asn": 1}
        ).action_apply()
        _picking, package = self.packed()
        self.assertTrue(package.name.startswith("340123450000" + "04711"), package.name)

    def test_sequences_do_not_lock(self):
        self.packed()
        self.assertEqual(
            self.company.amazon_b2b_sscc_sequence_id.implementation, "standard"
        )
        self.company._amazon_b2b_next_asn()
        self.assertEqual(
            self.company.amazon_b2b_asn_sequence_id.implementation, "standard"
        )

    def test_uninstalling_takes_the_sequences_along(self):
        self.packed()
        self.company._amazon_b2b_next_asn()
        sequences = (
            self.company.amazon_b2b_sscc_sequence_id
            | self.company.amazon_b2b_asn_sequence_id
        )
        self.assertEqual(len(sequences.exists()), 2)
        uninstall_hook(self.env)
        self.assertFalse(sequences.exists())

    def test_companies_count_apart(self):
        other = self.env["res.company"].create(
            {"name": "Other", "amazon_b2b_gs1_prefix": "7312345"}
        )
        self.packed()
        package = self.env["stock.package"].create({"name": "P"})
        package._amazon_b2b_assign_sscc(other, self.env["stock.picking"])
        self.assertTrue(package.name.startswith("07312345000000001"))

    def test_only_managers_change_the_numbers(self):
        worker = self.user("worker", "amazon_b2b_connector.group_user")
        with self.assertRaises(AccessError):
            self.env["amazon.b2b.shipping.numbers"].with_user(worker).create({})
        manager = self.user("boss", "amazon_b2b_connector.group_manager")
        wizard = self.env["amazon.b2b.shipping.numbers"].with_user(manager).create({})
        wizard.gs1_prefix = "0614141"
        wizard.action_apply()
        self.assertEqual(self.company.amazon_b2b_gs1_prefix, "0614141")

    def test_packing_works_without_a_prefix(self):
        self.company.amazon_b2b_gs1_prefix = False
        picking, package = self.packed()
        self.assertFalse(package.valid_sscc)
        with self.assertRaisesRegex(UserError, "Shipping Numbers"):
            picking.action_amazon_b2b_print_labels()

    def test_label_bears_a_gs1_128_barcode(self):
        _picking, package = self.packed()
        drawn = "odoo.addons.amazon_b2b_connector.models.stock_package_label"
        with patch(f"{drawn}.createBarcodeDrawing", wraps=createBarcodeDrawing) as draw:
            self.assertTrue(package._amazon_b2b_barcode())
        # function character 1 makes it GS1-128, 00 says that an SSCC follows
        self.assertEqual(draw.call_args.args, ("Code128",))
        self.assertEqual(draw.call_args.kwargs["value"], f"\xf100{package.name}")

    def test_label_says_whereto_and_what(self):
        picking, package = self.packed()
        label = package._amazon_b2b_label()
        self.assertEqual(label["code"], "PHX3")
        self.assertEqual(label["orders"], "4Z1PHX3A")
        self.assertEqual((label["kind"], label["index"], label["of"]), ("Carton", 1, 1))
        self.assertEqual(label["contents"], ["10 x Kettle"])
        self.assertEqual(label["arn"], picking.amazon_b2b_arn)

    def test_label_prints(self):
        picking, package = self.packed()
        action = picking.action_amazon_b2b_print_labels()
        self.assertEqual(action["context"]["active_ids"], package.ids)
        html, _kind = self.env["ir.actions.report"]._render_qweb_html(
            action["report_name"], package.ids
        )
        text = html.decode()
        self.assertIn(f"(00) {package.name[0]} {package.name[1:17]}", text)
        self.assertIn("data:image/svg+xml;base64,", text)

    def test_label_prints_for_warehouse_staff(self):
        picking, package = self.packed()
        staff = self.user(
            "packer", "amazon_b2b_connector.group_user", "stock.group_stock_user"
        )
        action = picking.with_user(staff).action_amazon_b2b_print_labels()
        html, _kind = (
            self.env["ir.actions.report"]
            .with_user(staff)
            ._render_qweb_html(action["report_name"], package.ids)
        )
        self.assertIn("PHX3", html.decode())
