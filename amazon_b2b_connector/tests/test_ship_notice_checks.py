from datetime import date, timedelta
from decimal import Decimal
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from .. import edi
from ..models.acknowledgement_paper import Answer
from .common import order_line
from .shipping import CASE_UPC, ShippingCase


@tagged("post_install", "-at_install")
class TestGoods(ShippingCase):
    """What lies in the cartons, in Amazon's own units and lines."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.map_product("UK", CASE_UPC, cls.product, pack_size=12)

    def case_order(self, cases=5, **values):
        return self.acknowledged_order(
            order_line(
                quantity=Decimal(cases),
                unit="CA",
                price=Decimal(114),
                identifiers=[("UK", CASE_UPC)],
            ),
            **values,
        )

    def pallet(self, picking, name):
        kind = self.env["stock.package.type"].create(
            {"name": name, "amazon_b2b_is_pallet": True}
        )
        return self.env["stock.package"].create({"package_type_id": kind.id})

    def test_cases_stay_cases(self):
        picking = self.departed(self.case_order(), 24, 36)
        paper = self.send(picking)._paper()
        self.assertEqual([i[3:] for i in self.items(paper)], [(2, "CA"), (3, "CA")])

    def test_eaches_that_make_no_whole_case_are_refused(self):
        picking = self.departed(self.case_order(), 30, 30)
        with self.assertRaisesRegex(UserError, "holds 2.50 CA of line 1"):
            picking.action_amazon_b2b_send_notice()

    def test_back_ordered_part_is_shipped_as_its_line(self):
        self.connection.backorder = True
        order = self.acknowledged_order(
            back_order_allowed=True,
            decisions={
                1: Answer(
                    accepted=Decimal(6),
                    rest_code=self.env["amazon.b2b.acknowledgement.code"]._default(
                        "backordered"
                    ),
                    rest_date=fields.Date.today() + timedelta(days=9),
                )
            },
        )
        self.assertEqual(len(order.order_line), 2)
        pickings = order.picking_ids.sorted("id")
        papers = []
        for picking in pickings:
            picking.action_assign()
            self.fill(picking)
            self.pack(picking, sum(picking.move_ids.mapped("product_uom_qty")))
            papers.append(self.send(self.validate(picking))._paper())
        self.assertEqual(
            sorted(item[2:] for paper in papers for item in self.items(paper)),
            [("1", 4, "EA"), ("1", 6, "EA")],
        )

    def test_line_number_and_identifiers_are_echoed(self):
        order = self.acknowledged_order(
            order_line(
                number="007", identifiers=[("UP", "012345678905"), ("BP", "B0X")]
            )
        )
        item = self.send(self.departed(order))._paper().containers[0].items[0]
        self.assertEqual(item.line_number, "007")
        self.assertEqual(
            [(i.qualifier, i.value) for i in item.identifiers],
            [("UP", "012345678905"), ("BP", "B0X")],
        )

    def test_loose_goods_are_refused_with_what_to_do(self):
        picking = self.picking_of(self.acknowledged_order())
        self.fill(picking)
        self.pack(picking, 6)
        picking.move_line_ids.picked = True
        self.assertTrue(picking.amazon_b2b_has_loose_goods)
        self.assertMissing(
            picking, "4 Kettle outside packages: put the rest in cartons"
        )
        self.validate(picking)
        with self.assertRaisesRegex(UserError, "put the rest in cartons"):
            picking.action_amazon_b2b_send_notice()

    def test_rest_is_offered_by_pack_size(self):
        picking = self.picking_of(self.case_order())
        wizard = self.env["amazon.b2b.pack.rest"].create({"picking_id": picking.id})
        self.assertEqual(
            [(r.quantity, r.per_carton, r.carton_count) for r in wizard.line_ids],
            [(60, 12, 5)],
        )
        wizard.action_pack()
        cartons = picking.move_line_ids.result_package_id
        self.assertEqual(len(cartons), 5)
        self.assertTrue(all(c.valid_sscc for c in cartons))
        self.assertEqual(picking.move_line_ids.mapped("quantity"), [12] * 5)

    def test_rest_can_be_packed_after_the_goods_have_left(self):
        picking = self.picking_of(self.acknowledged_order())
        self.fill(picking)
        picking.move_line_ids.picked = True
        self.validate(picking)
        action = picking.action_amazon_b2b_pack_rest()
        wizard = self.env[action["res_model"]].browse(action["res_id"])
        wizard.line_ids.per_carton = 4
        self.assertEqual(wizard.line_ids.carton_count, 3)
        wizard.action_pack()
        quants = self.env["stock.quant"].search(
            [("package_id", "in", picking.move_line_ids.result_package_id.ids)]
        )
        self.assertEqual(sorted(quants.mapped("quantity")), [2, 4, 4])
        self.assertEqual(quants.location_id, picking.location_dest_id)
        self.assertEqual(sum(picking.move_ids.mapped("quantity")), 10)
        self.assertEqual(len(picking.package_history_ids), 3)
        items = self.items(self.send(picking)._paper())
        self.assertEqual(sorted(i[3] for i in items), [2, 4, 4])

    def test_pallets_hold_their_cartons(self):
        picking = self.picking_of(self.acknowledged_order())
        self.fill(picking)
        cartons = self.pack(picking, 5, 5)
        cartons.action_put_in_pack(package_id=self.pallet(picking, "Pallet").id)
        paper = self.send(self.validate(picking))._paper()
        self.assertEqual(paper.structure, "SOTPI")
        self.assertEqual((paper.carton_count, paper.pallet_count), (2, 1))
        (pallet,) = paper.containers
        self.assertEqual(pallet.kind, "pallet")
        self.assertEqual(
            {c.sscc for c in pallet.containers}, set(cartons.mapped("name"))
        )
        self.assertEqual(paper.weight, Decimal(20))

    def test_goods_may_stand_on_a_pallet_as_cases(self):
        picking = self.picking_of(self.case_order())
        self.fill(picking)
        picking.move_line_ids.picked = True
        pallet = self.pallet(picking, "Pallet")
        picking.move_line_ids.action_put_in_pack(package_id=pallet.id)
        paper = self.send(self.validate(picking))._paper()
        self.assertEqual(paper.structure, "SOTI")
        self.assertEqual((paper.carton_count, paper.pallet_count), (5, 1))

    def test_eaches_on_a_bare_pallet_need_their_cartons_counted(self):
        picking = self.picking_of(self.acknowledged_order())
        self.fill(picking)
        picking.move_line_ids.picked = True
        picking.move_line_ids.action_put_in_pack(
            package_id=self.pallet(picking, "Pallet").id
        )
        self.assertMissing(picking, "Enter how many cartons there are")
        picking.amazon_b2b_carton_count = 2
        paper = self.send(self.validate(picking))._paper()
        self.assertEqual(paper.carton_count, 2)

    def test_kit_is_counted_as_the_line_that_was_ordered(self):
        order = self.acknowledged_order(order_line(quantity=Decimal(3)))
        picking = self.picking_of(order)
        self.fill(picking)
        pot, lid = (self.make_product(n, is_storable=True) for n in ("Pot", "Lid"))
        for part, quantity in ((pot, 3), (lid, 6)):
            self.stock(part, 10)
            picking.move_ids[0].copy(
                {
                    "product_id": part.id,
                    "product_uom_qty": quantity,
                    "sale_line_id": order.order_line.id,
                }
            )._action_confirm(merge=False)
        kit = picking.move_ids.filtered(lambda m: m.product_id == self.product)
        kit._do_unreserve()
        kit._action_cancel()
        kit.unlink()
        picking.action_assign()
        picking.move_line_ids.picked = True
        picking.move_line_ids.action_put_in_pack()
        self.validate(picking)
        items = self.items(self.send(picking)._paper())
        self.assertEqual([i[2:] for i in items], [("1", 3, "EA")])

    def test_kit_torn_apart_is_refused(self):
        order = self.acknowledged_order(order_line(quantity=Decimal(1)))
        picking = self.picking_of(order)
        self.fill(picking)
        pot, lid = (self.make_product(n, is_storable=True) for n in ("Pot", "Lid"))
        kit = picking.move_ids
        for part in (pot, lid):
            self.stock(part, 10)
            kit.copy(
                {"product_id": part.id, "sale_line_id": order.order_line.id}
            )._action_confirm(merge=False)
        kit._do_unreserve()
        kit._action_cancel()
        kit.unlink()
        picking.action_assign()
        for line in picking.move_line_ids:
            line.picked = True
            line.action_put_in_pack()
        self.assertMissing(picking, "only a part of kit Kettle")

    def test_lot_travels_with_its_goods(self):
        self.product.tracking = "lot"
        lot = self.env["stock.lot"].create(
            {"name": "L42", "product_id": self.product.id}
        )
        self.env["stock.quant"].search([("product_id", "=", self.product.id)]).unlink()
        self.stock(self.product, 50, lot_id=lot)
        item = self.send(self.departed(self.acknowledged_order()))._paper()
        self.assertEqual(item.containers[0].items[0].lot, "L42")

    def two_lots_in_one_carton(self):
        self.product.tracking = "lot"
        self.env["stock.quant"].search([("product_id", "=", self.product.id)]).unlink()
        lots = self.env["stock.lot"].create(
            [{"name": name, "product_id": self.product.id} for name in ("L1", "L2")]
        )
        for lot in lots:
            self.stock(self.product, 5, lot_id=lot)
        picking = self.picking_of(self.acknowledged_order())
        self.fill(picking)
        picking.move_line_ids.picked = True
        picking.move_line_ids.action_put_in_pack()
        return picking

    def test_two_lots_in_one_carton_are_two_items(self):
        picking = self.two_lots_in_one_carton()
        (carton,) = self.send(self.validate(picking))._paper().containers
        self.assertEqual(
            [(item.lot, item.quantity) for item in carton.items], [("L1", 5), ("L2", 5)]
        )

    def test_two_expiry_dates_in_one_carton_are_refused(self):
        def expiry(lot):
            return date(2031, 1, int(lot.name[1])) if lot else None

        picking = self.two_lots_in_one_carton()
        lots = type(self.env["stock.lot"])
        with patch.object(lots, "_amazon_b2b_expiry", expiry):
            self.assertMissing(picking, "different expiry dates (L1, L2)")

    def test_carton_for_two_centres_is_refused(self):
        self.make_place("ONT8")
        one = self.acknowledged_order(number="4Z1PHX3A")
        other = self.acknowledged_order(
            number="5Z1ONT8B",
            ship_to=edi.Party(role="ST", code="ONT8", code_qualifier="92"),
        )
        picking = self.picking_of(one)
        moves = self.picking_of(other).move_ids
        moves.picking_id = picking
        moves.move_line_ids.picking_id = picking
        self.fill(picking)
        picking.move_line_ids.picked = True
        picking.move_line_ids.action_put_in_pack()
        self.assertMissing(picking, "mixes vendor codes or fulfilment centres")

    def test_warehouse_staff_can_pack_the_rest(self):
        picking = self.picking_of(self.acknowledged_order())
        staff = self.user(
            "packer", "amazon_b2b_connector.group_user", "stock.group_stock_user"
        )
        action = picking.with_user(staff).action_amazon_b2b_pack_rest()
        wizard = self.env[action["res_model"]].with_user(staff).browse(action["res_id"])
        wizard.action_pack()
        self.assertTrue(picking.move_line_ids.result_package_id.valid_sscc)

    def test_goods_that_amazon_did_not_order_are_refused(self):
        picking = self.picking_of(self.acknowledged_order())
        self.fill(picking)
        stranger = self.make_product("Toaster")
        picking.move_ids = [
            (
                0,
                0,
                {
                    "product_id": stranger.id,
                    "product_uom_qty": 1,
                    "quantity": 1,
                    "picked": True,
                    "location_id": picking.location_id.id,
                    "location_dest_id": picking.location_dest_id.id,
                },
            )
        ]
        self.pack(picking, 5, 5, 1)
        self.assertMissing(picking, "Toaster is on no line of Amazon's purchase order")
        self.validate(picking)
        with self.assertRaisesRegex(UserError, "Toaster is on no line"):
            picking.action_amazon_b2b_send_notice()

    def test_more_than_acknowledged_is_refused_with_the_numbers(self):
        order = self.acknowledged_order(
            decisions={
                1: Answer(
                    accepted=Decimal(7),
                    rest_code=self.env["amazon.b2b.acknowledgement.code"]._default(
                        "rejected", "temporarily_unavailable"
                    ),
                )
            }
        )
        self.send(self.departed(order, 4))
        picking = self.picking_of(order)
        self.fill(picking)
        picking.move_line_ids.quantity = 5
        self.pack(picking, 5)
        self.assertMissing(picking, "7 acknowledged, 4 shipped before, 5 now")
        self.validate(picking)
        with self.assertRaisesRegex(
            UserError, "7 acknowledged, 4 shipped before, 5 now"
        ):
            picking.action_amazon_b2b_send_notice()

    def test_rejected_notice_does_not_count_as_shipped(self):
        order = self.acknowledged_order()
        notice = self.send(self.departed(order, 6))
        for state in ("delivered", "rejected"):
            notice._move(state)
        self.assertEqual(order._amazon_b2b_shipped()["4Z1PHX3A", "1"], 0)

    def test_written_notice_reads_back_the_same(self):
        picking = self.picking_of(self.acknowledged_order())
        self.fill(picking, amazon_b2b_seal="S1", amazon_b2b_trailer="T9")
        cartons = self.pack(picking, 5, 5)
        cartons.action_put_in_pack(package_id=self.pallet(picking, "Pallet").id)
        paper = self.send(self.validate(picking))._paper()
        envelope = edi.Envelope(
            sender_qualifier="01",
            sender="VENDORTEST",
            receiver_qualifier="ZZ",
            receiver="AMAZON",
            group_sender="VENDORTEST",
            group_receiver="AMAZON",
            test=False,
            moment=fields.Datetime.now(),
            interchange_control_number=1,
            group_control_number=1,
            first_set_control_number=1,
            version="005010",
        )
        data = edi.write(envelope, [paper])
        self.assertIn(b"MAN*GM*00" + cartons[0].name.encode(), data)
        (message,) = edi.read(data).interchanges[0].groups[0].messages
        self.assertEqual(message.document, paper)
        self.assertFalse(message.issues)


@tagged("post_install", "-at_install")
class TestHead(ShippingCase):
    """What the head of a ship notice needs, named before the truck leaves."""

    def ready(self, **values):
        picking = self.picking_of(self.acknowledged_order())
        self.fill(picking, **values)
        self.pack(picking, 10)
        return picking

    def assertRefused(self, picking, text):
        self.assertMissing(picking, text)
        self.validate(picking)
        with self.assertRaisesRegex(UserError, text):
            picking.action_amazon_b2b_send_notice()
        self.assertFalse(picking._amazon_b2b_notices())

    def test_nothing_is_missing_from_a_whole_one(self):
        self.assertFalse(self.ready().amazon_b2b_missing)

    def test_collect_freight_needs_its_arn(self):
        self.assertRefused(self.ready(amazon_b2b_arn=" "), "ARN")

    def test_prepaid_freight_needs_no_arn(self):
        picking = self.picking_of(self.acknowledged_order(freight_payer="PP"))
        self.fill(picking, amazon_b2b_arn=False)
        self.pack(picking, 10)
        self.send(self.validate(picking))
        self.assertEqual(picking.amazon_b2b_notice_state, "ready")

    def test_truck_freight_needs_a_bill_of_lading(self):
        self.assertRefused(
            self.ready(amazon_b2b_bill_of_lading=False), "freight on a truck needs one"
        )

    def test_parcel_needs_no_bill_of_lading_but_tracking_is_named(self):
        self.mapping.transport_mode = "U"
        picking = self.ready(amazon_b2b_bill_of_lading=False)
        self.assertMissing(picking, "Tracking number (advised)")
        self.send(self.validate(picking))
        self.assertEqual(picking.amazon_b2b_notice_state, "ready")

    def test_bill_of_lading_is_long_enough_and_no_date(self):
        for text in ("1234567", "20261121", "2026-11-21", "11212026", "BOL 12345"):
            with self.subTest(text), self.env.cr.savepoint() as savepoint:
                self.assertMissing(
                    self.ready(amazon_b2b_bill_of_lading=text), f"“{text}”"
                )
                savepoint.rollback()
                self.env.invalidate_all()

    def test_scac_comes_from_a_mapping_or_is_typed(self):
        self.mapping.active = False
        picking = self.ready(amazon_b2b_estimated_delivery="2031-03-05 08:00:00")
        self.assertMissing(picking, "SCAC", "has no shipping mapping")
        picking.amazon_b2b_scac = "UPGF"
        self.assertNotIn("SCAC", picking.amazon_b2b_missing)

    def test_mapping_made_later_helps_at_once(self):
        self.mapping.active = False
        picking = self.ready()
        self.assertMissing(picking, "SCAC")
        self.mapping.active = True
        picking.invalidate_recordset()
        self.assertFalse(picking.amazon_b2b_missing)

    def test_mapping_of_the_delivery_method_wins(self):
        product = self.make_product("Freight", type="service")
        carrier = self.env["delivery.carrier"].create(
            {"name": "FedEx Freight", "product_id": product.id}
        )
        self.mapping.copy(
            {"carrier_id": carrier.id, "scac": "FXFE", "carrier_name": "FedEx"}
        )
        paper = self.send(self.validate(self.ready(carrier_id=carrier.id)))._paper()
        self.assertEqual((paper.scac, paper.carrier), ("FXFE", "FedEx"))

    def test_expected_delivery_is_needed(self):
        self.mapping.transit_days = 0
        self.assertRefused(self.ready(), "Expected delivery")

    def test_value_that_cannot_travel_is_refused_at_once(self):
        picking = self.validate(self.ready(amazon_b2b_seal="S*1"))
        with self.assertRaisesRegex(UserError, "reference identification"):
            picking.action_amazon_b2b_send_notice()

    def test_goods_do_not_arrive_before_they_leave(self):
        self.assertRefused(
            self.ready(amazon_b2b_estimated_delivery=self.ago(days=1)),
            "before the departure",
        )

    def test_ship_date_lies_within_amazons_days(self):
        picking = self.ready()
        for days, wrong in ((-8, True), (-6, False), (1, False), (3, True)):
            picking.amazon_b2b_shipped = self.ago(days=-days)
            self.assertEqual("Departure" in picking.amazon_b2b_missing, wrong, days)

    def test_delivery_outside_the_window_is_named(self):
        order = self.acknowledged_order(
            deliver_not_before=fields.Date.today(),
            deliver_not_after=fields.Date.today() + timedelta(days=2),
        )
        picking = self.picking_of(order)
        self.fill(picking)
        self.pack(picking, 10)
        self.assertMissing(picking, "lies outside the window of 4Z1PHX3A")

    def test_company_without_prefix_is_told_where_to_enter_it(self):
        self.company.amazon_b2b_gs1_prefix = False
        self.assertRefused(self.ready(), "no GS1 prefix")

    def test_order_that_was_never_acknowledged_is_refused(self):
        order = self.import_order(order_line()).sale_order_id
        order.amazon_b2b_connection_id._type("acknowledgement").state = "off"
        order.action_confirm()
        order.amazon_b2b_connection_id._type("acknowledgement").state = "live"
        picking = self.picking_of(order)
        self.fill(picking)
        self.pack(picking, 10)
        self.assertRefused(picking, "was not acknowledged")

    def test_order_acknowledged_by_hand_is_shipped_as_it_stands(self):
        self.connection._type("acknowledgement").state = "off"
        order = self.import_order(order_line()).sale_order_id
        order.action_confirm()
        picking = self.picking_of(order)
        self.fill(picking)
        self.pack(picking, 10)
        self.send(self.validate(picking))
        self.assertEqual(picking.amazon_b2b_notice_state, "ready")

    def test_failed_acknowledgement_is_none(self):
        picking = self.ready()
        picking.sale_id.amazon_b2b_document_ids.filtered(
            lambda d: d.kind == "acknowledgement"
        )._move("failed")
        self.assertRefused(picking, "was not acknowledged")

    def test_test_order_is_never_shipped(self):
        picking = self.ready()
        picking.sale_id.amazon_b2b_is_test = True
        self.assertRefused(picking, "test order")

    def test_purchase_order_without_centre_is_refused(self):
        picking = self.ready()
        document = picking.sale_id.amazon_b2b_document_id
        document.data = edi.to_json(
            edi.PurchaseOrder(number="4Z1PHX3A", lines=document._paper().lines)
        )
        self.assertMissing(picking, "names no fulfilment centre")
