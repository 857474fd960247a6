from datetime import timedelta
from decimal import Decimal
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .. import edi
from .common import order_line
from .shipping import ShippingCase


@tagged("post_install", "-at_install")
class TestShipNotice(ShippingCase):
    def test_departure_sends_what_was_packed(self):
        order = self.acknowledged_order()
        picking = self.departed(order, 6, 4)
        document = self.send(picking)
        paper = document._paper()
        cartons = picking.move_line_ids.result_package_id.sorted("id")
        self.assertEqual(
            sorted(self.items(paper)),
            sorted(
                [
                    (cartons[0].name, "4Z1PHX3A", "1", Decimal(6), "EA"),
                    (cartons[1].name, "4Z1PHX3A", "1", Decimal(4), "EA"),
                ]
            ),
        )
        self.assertEqual(paper.structure, "SOPI")
        self.assertEqual((paper.carton_count, paper.pallet_count), (2, 0))
        self.assertEqual((paper.weight, paper.weight_unit), (Decimal(20), "KG"))
        self.assertEqual(paper.vendor_code, "ABCD5")
        self.assertEqual(paper.ship_to.code, "PHX3")
        self.assertEqual((paper.scac, paper.carrier), ("ODFL", "Old Dominion"))
        self.assertEqual((paper.arn, paper.transport_mode), ("1919454926", "LT"))
        self.assertEqual(paper.freight_payer, "CC")
        item = paper.containers[0].items[0]
        self.assertEqual(
            item.identifiers, order.amazon_b2b_document_id._paper().lines[0].identifiers
        )

    def test_document_opens_the_delivery_and_the_delivery_the_document(self):
        order = self.acknowledged_order()
        picking = self.departed(order)
        document = self.send(picking)
        self.assertEqual(document.picking_id, picking)
        self.assertEqual(document.sale_order_id, order)
        self.assertEqual(document.order_number, "4Z1PHX3A")
        self.assertEqual(document.vendor_code_id, self.vendor_code)
        self.assertEqual(
            picking.action_amazon_b2b_open_documents()["res_id"], document.id
        )
        self.assertEqual(picking.amazon_b2b_notice_state, "ready")

    def test_deadline_is_half_an_hour_after_departure(self):
        picking = self.departed(self.acknowledged_order())
        picking.amazon_b2b_shipped = fields.Datetime.now() - timedelta(hours=1)
        document = self.send(picking)
        self.assertEqual(
            document.deadline, picking.amazon_b2b_shipped + timedelta(minutes=30)
        )

    def test_expected_delivery_follows_from_transit_days(self):
        picking = self.departed(self.acknowledged_order())
        paper = self.send(picking)._paper()
        self.assertEqual(paper.estimated_delivery - paper.shipped, timedelta(days=3))

    def test_moments_are_those_of_the_warehouse_clock(self):
        self.warehouse.partner_id.tz = "America/Los_Angeles"
        picking = self.departed(self.acknowledged_order())
        # 02:30 UTC is the evening before in Los Angeles
        moment = fields.Datetime.now().replace(hour=2, minute=30)
        picking.amazon_b2b_shipped = moment
        paper = self.send(picking)._paper()
        self.assertEqual(paper.shipped.date(), moment.date() - timedelta(days=1))

    def test_nothing_is_sent_before_the_goods_have_left(self):
        picking = self.picking_of(self.acknowledged_order())
        self.fill(picking)
        self.pack(picking, 10)
        with self.assertRaisesRegex(UserError, "not validated"):
            picking.action_amazon_b2b_send_notice()

    def test_validation_sends_where_the_connection_says_so(self):
        self.connection.notice_on_validate = True
        picking = self.departed(self.acknowledged_order())
        self.assertEqual(len(picking._amazon_b2b_notices()), 1)

    def test_validation_waits_for_the_button_otherwise(self):
        picking = self.departed(self.acknowledged_order())
        self.assertFalse(picking._amazon_b2b_notices())
        self.assertEqual(picking.amazon_b2b_notice_state, "due")

    def test_validation_is_refused_while_something_is_missing(self):
        self.connection.notice_on_validate = True
        picking = self.picking_of(self.acknowledged_order())
        self.fill(picking, amazon_b2b_arn=False)
        self.pack(picking, 10)
        with self.assertRaisesRegex(UserError, "ARN"):
            self.validate(picking)
        self.assertNotEqual(picking.state, "done")

    def test_validation_sends_nothing_where_ship_notices_are_off(self):
        self.connection.notice_on_validate = True
        self.connection._type("ship_notice").state = "off"
        picking = self.picking_of(self.acknowledged_order())
        self.assertEqual(self.validate(picking).state, "done")
        self.assertFalse(picking._amazon_b2b_notices())

    def test_parallel_stage_prepares(self):
        self.connection._type("ship_notice").state = "parallel"
        picking = self.departed(self.acknowledged_order())
        self.assertEqual(self.send(picking).state, "prepared")

    def test_notice_waits_for_the_acknowledgement_to_be_delivered(self):
        order = self.acknowledged_order()
        notice = self.send(self.departed(order))
        acknowledgement = order.amazon_b2b_document_ids.filtered(
            lambda d: d.kind == "acknowledgement"
        )
        self.assertEqual(notice._behind_others(), notice)
        acknowledgement._move("delivered")
        self.assertFalse(notice._behind_others())

    def test_back_orders_have_a_notice_each(self):
        order = self.acknowledged_order()
        first = self.send(self.departed(order, 6))
        second = self.send(self.departed(order, 4))
        self.assertNotEqual(first.number, second.number)
        self.assertEqual(
            [i[3] for d in (first, second) for i in self.items(d._paper())], [6, 4]
        )

    def test_back_order_keeps_no_freight_of_the_first_shipment(self):
        order = self.acknowledged_order()
        first = self.departed(order, 6)
        self.send(first)
        rest = self.picking_of(order)
        self.assertEqual(rest.backorder_id, first)
        copied = [
            name
            for name, field in rest._fields.items()
            if name.startswith("amazon_b2b_") and field.store and rest[name]
        ]
        self.assertEqual(copied, [])

    def test_numbers_go_on_from_the_start_value(self):
        self.env["amazon.b2b.shipping.numbers"].create(
            {"next_asn": 4711, "next_sscc": 1}
        ).action_apply()
        document = self.send(self.departed(self.acknowledged_order()))
        self.assertEqual(document.number, "ASN00004711")

    def test_two_orders_in_one_delivery_share_a_notice(self):
        one = self.acknowledged_order(number="4Z1PHX3A")
        other = self.acknowledged_order(number="5Z1PHX3B")
        picking = self.picking_of(one)
        moves = self.picking_of(other).move_ids
        moves.picking_id = picking
        moves.move_line_ids.picking_id = picking
        self.fill(picking)
        picking.move_line_ids.picked = True
        picking.move_line_ids.action_put_in_pack()
        notice = self.send(self.validate(picking))
        self.assertEqual(len(notice), 1)
        self.assertEqual(
            [
                (order, quantity)
                for _s, order, _l, quantity, _u in self.items(notice._paper())
            ],
            [("4Z1PHX3A", 10), ("5Z1PHX3B", 10)],
        )
        self.assertEqual(notice.sale_order_ids, one | other)

    def test_notice_of_two_orders_waits_for_both_acknowledgements(self):
        one = self.acknowledged_order(number="4Z1PHX3A")
        other = self.acknowledged_order(number="5Z1PHX3B")
        notice = self.env["amazon.b2b.document"]._send_out(
            edi.ShipNotice(number="A1", created=self.ago().replace(microsecond=0)),
            self.connection,
            order_number="4Z1PHX3A",
            sale_order_id=one.id,
            sale_order_ids=[(6, 0, (one | other).ids)],
        )
        said = (one | other).amazon_b2b_document_ids.filtered(
            lambda d: d.kind == "acknowledgement"
        )
        said[0]._move("delivered")
        self.assertEqual(notice._behind_others(), notice)
        said[1]._move("delivered")
        self.assertFalse(notice._behind_others())

    def test_vendor_codes_have_a_notice_each(self):
        self.make_vendor_code("XYZ12")
        one = self.acknowledged_order(number="4Z1PHX3A")
        other = self.acknowledged_order(number="5Z1PHX3B", vendor_code="XYZ12")
        picking = self.picking_of(one)
        moves = self.picking_of(other).move_ids
        moves.picking_id = picking
        moves.move_line_ids.picking_id = picking
        self.fill(picking)
        for line in picking.move_line_ids:
            line.picked = True
            line.action_put_in_pack()
        notices = self.send(self.validate(picking))
        self.assertEqual(set(notices.mapped("vendor_code_id.code")), {"ABCD5", "XYZ12"})

    def test_several_deliveries_at_once_send_what_they_can(self):
        good = self.departed(self.acknowledged_order(number="4Z1PHX3A"))
        bad = self.departed(
            self.acknowledged_order(number="5Z1PHX3B"), amazon_b2b_arn=False
        )
        action = (good | bad).action_amazon_b2b_send_notice()
        self.assertEqual(good.amazon_b2b_notice_state, "ready")
        self.assertEqual(bad.amazon_b2b_notice_state, "due")
        self.assertEqual(action["params"]["type"], "danger")
        self.assertIn(bad.name, action["params"]["message"])
        self.assertNotIn(good.name, action["params"]["message"])

    def test_parcels_are_announced_one_by_one(self):
        self.mapping.transport_mode = "U"
        picking = self.departed(self.acknowledged_order(), 6, 4)
        for index, package in enumerate(picking.move_line_ids.result_package_id, 1):
            package.amazon_b2b_tracking = f"1Z{index}"
        notices = self.send(picking)
        papers = [notice._paper() for notice in notices]
        self.assertEqual({paper.carton_count for paper in papers}, {1})
        self.assertEqual({paper.tracking for paper in papers}, {"1Z1", "1Z2"})
        self.assertEqual(len(set(notices.mapped("number"))), 2)
        self.assertEqual({paper.weight for paper in papers}, {Decimal(12), Decimal(8)})

    def test_warehouse_staff_need_no_sales_rights(self):
        picking = self.departed(self.acknowledged_order())
        staff = self.user(
            "packer", "amazon_b2b_connector.group_user", "stock.group_stock_user"
        )
        self.assertFalse(staff.has_group("sales_team.group_sale_salesman"))
        picking.with_user(staff).action_amazon_b2b_send_notice()
        self.assertEqual(picking.amazon_b2b_notice_state, "ready")

    def test_stock_user_without_amazon_right_cannot_send(self):
        picking = self.departed(self.acknowledged_order())
        staff = self.user("carrier", "stock.group_stock_user")
        with self.assertRaises(AccessError):
            picking.with_user(staff).action_amazon_b2b_send_notice()

    def test_stock_user_without_amazon_right_can_validate(self):
        self.connection.notice_on_validate = True
        picking = self.picking_of(self.acknowledged_order())
        self.fill(picking)
        self.pack(picking, 10)
        staff = self.user("carrier", "stock.group_stock_user")
        self.validate(picking.with_user(staff))
        self.assertEqual(picking.amazon_b2b_notice_state, "ready")

    def test_other_deliveries_are_left_alone(self):
        order = self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "order_line": [
                    (0, 0, {"product_id": self.product.id, "product_uom_qty": 3})
                ],
            }
        )
        self.connection.notice_on_validate = True
        order.action_confirm()
        picking = self.picking_of(order)
        package = self.pack(picking, 3)
        name = package.name
        self.validate(picking)
        self.assertEqual(package.name, name)
        self.assertFalse(package.valid_sscc)
        self.assertFalse(picking.amazon_b2b_notice_state)
        self.assertFalse(picking.amazon_b2b_missing)
        with self.assertRaisesRegex(UserError, "no delivery to Amazon"):
            picking.action_amazon_b2b_send_notice()

    def test_return_gets_no_notice(self):
        self.connection.notice_on_validate = True
        delivery = self.departed(self.acknowledged_order())
        for _time in range(2):  # the return, and the return of the return
            wizard = self.env["stock.return.picking"].create(
                {"picking_id": delivery.id}
            )
            wizard.product_return_moves.quantity = 5
            delivery = self.env["stock.picking"].browse(
                wizard.action_create_returns()["res_id"]
            )
            delivery.move_ids.quantity = 5
            delivery.move_ids.picked = True
            self.validate(delivery)
            self.assertEqual(delivery.state, "done")
            self.assertFalse(delivery._amazon_b2b_notices())
            with self.assertRaisesRegex(UserError, "return"):
                delivery.action_amazon_b2b_send_notice()

    def test_only_the_last_step_of_a_delivery_gets_a_notice(self):
        self.warehouse.delivery_steps = "pick_pack_ship"
        self.connection.notice_on_validate = True
        order = self.acknowledged_order()
        steps = []
        for _step in range(3):
            picking = self.picking_of(order)
            steps.append(picking)
            if picking.picking_type_code == "outgoing":
                self.fill(picking)
            if len(steps) == 2:
                self.pack(picking, 10)
            picking.move_ids.picked = True
            self.validate(picking)
        self.assertEqual(
            [len(p._amazon_b2b_notices()) for p in steps], [0, 0, 1], steps
        )
        carton = steps[1].move_line_ids.result_package_id
        paper = steps[2]._amazon_b2b_notices()._paper()
        self.assertEqual(paper.containers[0].sscc, carton.name)

    def test_notice_is_one_transaction_with_the_validation(self):
        self.connection.notice_on_validate = True
        picking = self.picking_of(self.acknowledged_order())
        self.fill(picking)
        self.pack(picking, 10)
        documents = type(self.env["amazon.b2b.document"])
        with (
            patch.object(documents, "_send_out_batch", side_effect=UserError("outbox")),
            self.assertRaises(UserError),
            self.env.cr.savepoint(),
        ):
            self.validate(picking)
        self.env.invalidate_all()
        self.assertNotEqual(picking.state, "done")

    def test_building_asks_the_database_no_more_for_more_lines(self):
        def queries(number, size):
            products = [
                self.make_product(f"P{number}{i}", default_code=f"{number}{i:04}")
                for i in range(size)
            ]
            lines = [
                order_line(number=str(i), identifiers=[("VN", product.default_code)])
                for i, product in enumerate(products, 1)
            ]
            order = self.acknowledged_order(*lines, number=number)
            picking = self.picking_of(order)
            self.fill(picking)
            picking.move_line_ids.picked = True
            picking.move_line_ids.action_put_in_pack()
            self.validate(picking)
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            picking.action_amazon_b2b_send_notice()
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        few = queries("6Z1PHX3A", 4)
        self.assertLessEqual(queries("7Z1PHX3B", 40), few + 5)
