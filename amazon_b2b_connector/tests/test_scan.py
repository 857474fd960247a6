from decimal import Decimal

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2.errors import UniqueViolation

from .acknowledging import AcknowledgeCase
from .common import order_line

KETTLE, TOASTER = "012345678905", "4006381333931"


@tagged("post_install", "-at_install")
class TestScan(AcknowledgeCase):
    """Barcodes in, quantities out, each scan once."""

    def setUp(self):
        super().setUp()
        self.uuids = 0

    def scan(self, form, barcode, uuid=None):
        self.uuids += 1
        return form.scan(barcode, uuid or f"scan-{self.uuids}")

    def test_scan_counts_on_its_line(self):
        form = self.open_form(self.make_order())
        self.assertEqual(
            self.scan(form, KETTLE),
            {
                "ok": True,
                "line": form.line_ids[0].id,
                "quantity": 1,
                "message": "Kettle: 1 of 10 EA",
            },
        )
        self.assertEqual(self.scan(form, KETTLE)["quantity"], 2)
        self.assertEqual(form.line_ids.mapped("scanned_qty"), [2, 0])
        self.assertEqual(form.line_ids.mapped("accepted_qty"), [2, 0])

    def test_same_scan_counts_once_and_is_answered_alike(self):
        form = self.open_form(self.make_order())
        first = self.scan(form, KETTLE, "one")
        self.assertEqual(self.scan(form, KETTLE, "one"), first)
        self.assertEqual(form.line_ids[0].scanned_qty, 1)
        wrong = self.scan(form, "999", "two")
        self.assertEqual(self.scan(form, "999", "two"), wrong)
        self.assertEqual(len(form.scan_ids), 2)

    def test_barcodes_are_compared_as_gtin(self):
        form = self.open_form(self.make_order())
        for spelling in (
            KETTLE,
            f"0{KETTLE}",
            f"00{KETTLE}",
            f"0100{KETTLE}",
            f"]C10100{KETTLE}10LOT7",
            f"(01)00{KETTLE}",
        ):
            self.assertTrue(self.scan(form, spelling)["ok"], spelling)
        self.assertEqual(form.line_ids[0].scanned_qty, 6)

    def test_unknown_barcode_is_said(self):
        form = self.open_form(self.make_order())
        result = self.scan(form, "5901234123457")
        self.assertFalse(result["ok"])
        self.assertIn("Unknown barcode: 5901234123457", result["message"])

    def test_product_of_no_line_is_said(self):
        self.make_product("Mixer", barcode="5901234123457")
        result = self.scan(self.open_form(self.make_order()), "5901234123457")
        self.assertFalse(result["ok"])
        self.assertIn("Not on this order: Mixer", result["message"])

    def test_more_than_ordered_is_refused(self):
        form = self.open_form(self.make_order())
        for _ in range(4):
            self.assertTrue(self.scan(form, TOASTER)["ok"])
        result = self.scan(form, TOASTER)
        self.assertFalse(result["ok"])
        self.assertIn("all 4 EA of Toaster are scanned", result["message"])
        self.assertEqual(form.line_ids[1].scanned_qty, 4)

    def test_refused_line_is_not_to_be_shipped(self):
        self.map_product("UP", "036000291452", answer_code_id=self.obsolete.id)
        form = self.open_form(
            self.make_order(
                order_line(),
                order_line(number="2", identifiers=[("UP", "036000291452")]),
            )
        )
        result = self.scan(form, "0036000291452")
        self.assertFalse(result["ok"])
        self.assertIn("line 2 is answered “R4", result["message"])

    def test_acknowledged_order_takes_no_scan(self):
        form = self.open_form(self.make_order())
        form.action_accept_all()
        form.action_acknowledge()
        result = self.scan(form, KETTLE)
        self.assertFalse(result["ok"])
        self.assertIn("acknowledged already", result["message"])
        self.assertFalse(form.scan_ids)

    def test_packaging_barcode_counts_a_case(self):
        case = self.env["uom.uom"].create(
            {
                "name": "Carton of 4",
                "relative_factor": 4,
                "relative_uom_id": self.env.ref("uom.product_uom_unit").id,
            }
        )
        self.env["product.uom"].create(
            {
                "product_id": self.product.id,
                "uom_id": case.id,
                "barcode": "10012345678902",
            }
        )
        form = self.open_form(self.make_order())
        self.assertEqual(self.scan(form, "10012345678902")["quantity"], 4)
        self.scan(form, "10012345678902")
        result = self.scan(form, "10012345678902")
        self.assertFalse(result["ok"])
        self.assertIn("holds 4, only 2", result["message"])

    def test_mapped_identifiers_are_barcodes_too(self):
        self.map_product("VN", "KET-1", self.product)
        self.map_product("UA", "10012345678902", self.product, pack_size=5)
        form = self.open_form(self.make_order())
        self.assertEqual(self.scan(form, "KET-1")["quantity"], 1)
        self.assertEqual(self.scan(form, "10012345678902")["quantity"], 6)

    def test_identifiers_of_the_order_are_barcodes_too(self):
        form = self.open_form(self.make_order())
        self.assertTrue(self.scan(form, "T 4/7")["ok"])
        self.assertEqual(form.line_ids[1].scanned_qty, 1)

    def test_pieces_fill_the_cases_that_were_ordered(self):
        self.map_product("UA", "10012345678902", self.product, pack_size=3)
        order = self.make_order(
            order_line(
                unit="CA", quantity=Decimal(2), identifiers=[("UA", "10012345678902")]
            )
        )
        form = self.open_form(order)
        self.assertEqual(
            self.scan(form, "10012345678902")["message"], "Kettle: 1 of 2 CA"
        )
        result = self.scan(form, KETTLE)
        self.assertEqual(result["message"], "Kettle: 1 CA and 1 single of 2 CA")
        with self.assertRaisesRegex(UserError, "no whole number of CA"):
            form.action_acknowledge()
        self.scan(form, KETTLE)
        self.assertEqual(self.scan(form, KETTLE)["message"], "Kettle: 2 of 2 CA")
        self.assertTrue(form.line_ids.is_complete)
        form.action_acknowledge()
        self.assertEqual(order.order_line.product_uom_qty, 2)

    def test_same_product_on_two_lines_fills_one_after_the_other(self):
        order = self.make_order(
            order_line(quantity=Decimal(2)), order_line(number="2", quantity=Decimal(1))
        )
        form = self.open_form(order)
        for _ in range(3):
            self.assertTrue(self.scan(form, KETTLE)["ok"])
        self.assertEqual(form.line_ids.mapped("scanned_qty"), [2, 1])
        self.assertFalse(self.scan(form, KETTLE)["ok"])

    def test_last_scan_is_taken_back(self):
        form = self.open_form(self.make_order())
        self.scan(form, TOASTER)
        self.scan(form, KETTLE)
        self.scan(form, "999")
        form.action_undo_scan()
        self.assertEqual(form.line_ids.mapped("scanned_qty"), [0, 1])
        self.assertIn("Taken back: Kettle, 0 of 10", form.scan_message)
        form.action_undo_scan()
        self.assertEqual(form.line_ids.mapped("scanned_qty"), [0, 0])
        with self.assertRaisesRegex(UserError, "Nothing is scanned"):
            form.action_undo_scan()

    def test_typed_quantity_overrides_the_scans_until_forgotten(self):
        form = self.open_form(self.make_order())
        self.scan(form, KETTLE)
        form.line_ids[0].accepted_qty = 7
        self.scan(form, KETTLE)
        self.assertEqual(form.line_ids[0].accepted_qty, 7)
        form.action_forget_typed()
        self.assertEqual(form.line_ids[0].accepted_qty, 2)

    def test_database_itself_takes_each_scan_once(self):
        form = self.open_form(self.make_order())
        self.scan(form, KETTLE, "one")
        again = {"acknowledgement_id": form.id, "uuid": "one", "barcode": KETTLE}
        with mute_logger("odoo.sql_db"), self.assertRaises(UniqueViolation):
            self.env["amazon.b2b.scan"].create(again)

    def test_scan_without_an_id_of_its_own_is_refused(self):
        form = self.open_form(self.make_order())
        for barcode, uuid in ((KETTLE, ""), ("", "one"), ("9" * 300, "one")):
            with self.assertRaises(UserError):
                form.scan(barcode, uuid)

    def test_warehouse_user_without_sales_rights_scans(self):
        picker = self.make_warehouse_user()
        form = self.open_form(self.make_order(), picker)
        self.assertTrue(self.scan(form, KETTLE)["ok"])
        form.action_undo_scan()
        self.assertEqual(form.line_ids[0].scanned_qty, 0)

    # what was scanned is picked

    def moves(self, order):
        return {m.product_id.name: m for m in order.picking_ids.move_ids}

    def test_scanned_goods_are_picked_and_typed_ones_are_not(self):
        self.stock_up(self.product, self.toaster)
        order = self.make_order()
        form = self.open_form(order)
        for _ in range(4):
            self.scan(form, TOASTER)
        form.line_ids[0].accepted_qty = 10
        form.action_acknowledge()
        moves = self.moves(order)
        self.assertEqual(
            (moves["Toaster"].quantity, moves["Toaster"].picked), (4, True)
        )
        self.assertEqual(
            (moves["Kettle"].quantity, moves["Kettle"].picked), (10, False)
        )

    def test_typed_rest_of_a_scanned_line_stays_to_be_picked(self):
        self.stock_up(self.product, self.toaster)
        order = self.make_order()
        form = self.open_form(order)
        for _ in range(3):
            self.scan(form, KETTLE)
        form.action_accept_all()
        form.action_acknowledge()
        lines = self.moves(order)["Kettle"].move_line_ids.sorted("quantity")
        self.assertEqual(
            [(line.quantity, line.picked) for line in lines], [(3, True), (7, False)]
        )
        self.assertEqual(self.moves(order)["Kettle"].quantity, 10)

    def test_scanned_goods_are_picked_without_stock(self):
        self.product.is_storable = True
        order = self.make_order(order_line(quantity=Decimal(2)))
        form = self.open_form(order)
        self.scan(form, KETTLE)
        self.scan(form, KETTLE)
        form.action_acknowledge()
        move = order.picking_ids.move_ids
        self.assertEqual((move.quantity, move.picked), (2, True))
        order.picking_ids.button_validate()
        self.assertEqual(order.picking_ids.state, "done")

    def test_scanned_goods_are_picked_on_the_first_of_several_steps(self):
        self.vendor_code.warehouse_id.delivery_steps = "pick_ship"
        self.stock_up(self.product)
        order = self.make_order(order_line(quantity=Decimal(2)))
        form = self.open_form(order)
        self.scan(form, KETTLE)
        self.scan(form, KETTLE)
        form.action_acknowledge()
        picking = order.picking_ids
        self.assertEqual(picking.picking_type_id.code, "internal")
        self.assertTrue(picking.move_ids.picked)
        picking.button_validate()
        self.assertEqual(picking.state, "done")

    def test_fewer_accepted_than_scanned_picks_what_is_accepted(self):
        self.stock_up(self.product, self.toaster)
        order = self.make_order()
        form = self.open_form(order)
        for _ in range(5):
            self.scan(form, KETTLE)
        form.line_ids[0].accepted_qty = 2
        form._acknowledge()
        move = self.moves(order)["Kettle"]
        self.assertEqual(
            (move.product_uom_qty, move.quantity, move.picked), (2, 2, True)
        )
