from datetime import timedelta
from decimal import Decimal

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from .acknowledging import AcknowledgeCase
from .invoice_common import BILL_TO, REMIT_TO, TERMS
from .shipping import CASE_UPC
from .test_road import RoadCase


@tagged("post_install", "-at_install")
class TestRoadBends(RoadCase, AcknowledgeCase):
    """Corrections, parts, trials and odd settings on the road to the invoice."""

    def invoice(self, order, **values):
        invoice = order._create_invoices()
        invoice.write({"invoice_date": fields.Date.today(), **values})
        invoice.action_post()
        return invoice

    def acknowledged(self, decisions=None, **values):
        order = self.arrive(**values).sale_order_id
        self.send(order._amazon_b2b_acknowledge(decisions and {order.id: decisions}))
        return order

    def deliver(self, order, *quantities):
        picking = self.picking_of(order)
        self.fill(picking)
        self.pack(picking, *(quantities or (10, 36)))
        return self.validate(picking)

    def notify(self, picking, status="A"):
        picking.action_amazon_b2b_send_notice()
        notice = picking._amazon_b2b_notices()
        self.send(notice, status)
        return notice

    def age(self, document, days):
        self.env.cr.execute(
            "UPDATE amazon_b2b_document SET create_date = create_date - %s WHERE id=%s",
            (timedelta(days=days), document.id),
        )
        document.invalidate_recordset(["create_date"])

    # prices

    def test_a_price_below_a_cent_survives_writing_the_quantity(self):
        order = self.arrive(changes={"9.5*PE": "0.004*PE"}).sale_order_id
        order._amazon_b2b_acknowledge({order.id: {1: self.answer(6)}})
        line = order.order_line[0]
        line.product_uom_qty = 5
        self.assertEqual(line.price_unit, 0.004)

    def test_a_total_that_differs_from_amazons_holds_the_order(self):
        document = self.arrive(amount="400.00")
        self.assertHeld(document, "total", "437.00", "400.00", "37.00")
        self.assertFalse(document.sale_order_id)

    def test_a_total_equal_to_amazons_imports_the_order(self):
        self.assertEqual(self.arrive(amount="437").state, "done")

    def test_the_total_is_rounded_as_the_order_will_be(self):
        rounding = {"round_per_line": "0.05", "round_globally": "0.04"}
        for number, (method, total) in enumerate(rounding.items(), 1):
            self.company.tax_calculation_rounding_method = method
            changes = {"*10*EA*9.5*": "*5*EA*0.005*", "*3*CA*9.5*PE*": "*3*CA*0.005**"}
            document = self.arrive(
                number=method[6:14], control=number, amount=total, changes=changes
            )
            self.assertEqual(document.state, "done", document.reason)
            order = document.sale_order_id
            self.assertEqual(order.amount_untaxed, float(total), method)

    def test_a_differing_total_can_be_taken_as_it_is(self):
        document = self.arrive(amount="400.00")
        document.action_solve()
        document._work()
        self.assertEqual(document.state, "done", document.reason)
        self.assertEqual(document.sale_order_id.amount_untaxed, 437)

    # corrections

    def test_a_corrected_acknowledgement_needs_no_person_for_the_first(self):
        order = self.arrive().sale_order_id
        first = order._amazon_b2b_acknowledge()
        self.send(first, "R")
        self.assertTrue(first.needs_person)
        second = order._amazon_b2b_acknowledge()
        self.assertFalse(first.needs_person)
        self.send(second)
        with self.assertRaisesRegex(UserError, "took its place"):
            first.action_send_again()

    def test_a_rejected_correction_needs_a_person_again(self):
        order = self.arrive().sale_order_id
        self.send(order._amazon_b2b_acknowledge(), "R")
        second = order._amazon_b2b_acknowledge()
        self.send(second, "R")
        waiting = order.amazon_b2b_document_ids.filtered("needs_person")
        self.assertEqual(waiting, second)

    def test_a_notice_under_a_new_number_does_not_wait_for_the_rejected(self):
        order = self.acknowledged()
        picking = self.deliver(order)
        first = self.notify(picking, "R")
        self.age(first, 8)
        picking.amazon_b2b_shipped = fields.Datetime.now()
        second = self.notify(picking)
        self.assertNotEqual(second.number, first.number)
        self.assertFalse(first.needs_person)
        invoice = self.invoice(order)
        invoice.action_amazon_b2b_send()
        self.send(invoice.amazon_b2b_document_ids)

    def joined(self, orders):
        """One delivery for two orders, to be packed."""
        picking, other = orders.picking_ids
        other.do_unreserve()
        other.move_ids.picking_id = picking
        other.unlink()
        picking.action_assign()
        self.fill(picking)
        return picking

    def test_one_carton_holds_goods_of_two_orders(self):
        orders = self.acknowledged() | self.acknowledged(number="4Z1PHX3B", control=2)
        picking = self.joined(orders)
        kettles = picking.move_ids.filtered(lambda m: m.product_id == self.product)
        for move in picking.move_ids - kettles:
            self.pack(picking, move.quantity, move=move)
        kettles.picked = True
        kettles.move_line_ids.action_put_in_pack()
        self.notify(self.validate(picking))
        for order in orders:
            self.assertEqual(order._amazon_b2b_announced()["1", "EA"], 10)

    def test_a_notice_of_two_orders_under_a_new_number_blocks_neither(self):
        orders = self.acknowledged() | self.acknowledged(number="4Z1PHX3B", control=2)
        picking = self.joined(orders)
        for move in picking.move_ids:
            self.pack(picking, move.quantity, move=move)
        self.validate(picking)
        first = self.notify(picking, "R")
        self.age(first, 8)
        second = self.notify(picking)
        self.assertEqual(second.sale_order_ids, orders)
        self.assertEqual(
            {i[1] for i in self.items(second._paper())},
            set(orders.mapped("amazon_b2b_number")),
        )
        for order in orders:
            invoice = self.invoice(order)
            invoice.action_amazon_b2b_send()
            self.send(invoice.amazon_b2b_document_ids)

    def test_a_correction_after_a_rejected_correction_counts_once(self):
        order = self.acknowledged()
        picking = self.deliver(order)
        first = self.notify(picking)
        for status in "RA":
            before = picking._amazon_b2b_notices()
            replace = before.state == "accepted"
            picking._amazon_b2b_send_notice(replace=replace)
            self.send(picking._amazon_b2b_notices(), status)
        self.assertEqual(len(picking.amazon_b2b_document_ids), 3)
        self.assertEqual(order._amazon_b2b_shipped()["4Z1PHX3A", "1"], 10)
        self.assertFalse(first.needs_person)

    def test_an_invoice_sent_three_times_counts_once(self):
        order = self.acknowledged()
        self.notify(self.deliver(order))
        invoice = order._create_invoices()
        invoice.invoice_line_ids[0].quantity = 4
        invoice.invoice_date = fields.Date.today()
        invoice.action_post()
        invoice.action_amazon_b2b_send()
        self.send(invoice.amazon_b2b_document_ids)
        for status in "RA":
            self.send(invoice._amazon_b2b_send_again("They said no"), status)
        rest = self.invoice(order)
        self.assertFalse(rest._amazon_b2b_refusals())
        self.assertFalse(order.amazon_b2b_document_ids.filtered("needs_person"))

    def test_a_rejected_document_can_be_settled_another_way(self):
        order = self.acknowledged()
        self.notify(self.deliver(order))
        invoice = self.invoice(order)
        invoice.action_amazon_b2b_send()
        document = invoice.amazon_b2b_document_ids
        self.send(document, "R")
        document.action_stop()
        self.assertFalse(document.needs_person)

    # parts

    def test_a_back_ordered_part_has_its_own_notice_and_one_invoice_takes_both(self):
        self.connection.backorder = True
        later = self.answer(
            6, self.later, rest_date=fields.Date.today() + timedelta(days=7)
        )
        order = self.acknowledged({1: later}, later="Y")
        pickings = order.picking_ids.sorted("scheduled_date")
        self.assertEqual(len(pickings), 2)
        pickings.action_assign()
        for picking, quantities in zip(pickings, [(6, 36), (4,)], strict=True):
            self.fill(picking)
            self.pack(picking, *quantities)
            self.validate(picking)
            self.notify(picking)
        invoice = self.invoice(order)
        invoice.action_amazon_b2b_send()
        paper = self.send(invoice.amazon_b2b_document_ids)
        self.assertEqual([line.quantity for line in paper.lines], [10, 3])

    def test_what_leaves_in_two_trucks_is_invoiced_in_two(self):
        self.product.invoice_policy = self.case.invoice_policy = "delivery"
        order = self.acknowledged()
        picking = self.picking_of(order)
        self.fill(picking)
        move = picking.move_ids.filtered(lambda m: m.product_id == self.product)
        move.quantity = 4
        move.picked = True
        (picking.move_ids - move).quantity = 0
        move.move_line_ids.action_put_in_pack()
        self.validate(picking)
        self.notify(picking)
        self.assertEqual(order.amazon_b2b_status, "partly_shipped")
        invoice = self.invoice(order)
        invoice.action_amazon_b2b_send()
        paper = self.send(invoice.amazon_b2b_document_ids)
        self.assertEqual([line.quantity for line in paper.lines], [4])
        rest = self.picking_of(order)
        self.fill(rest)
        for move in rest.move_ids:
            self.pack(rest, move.quantity, move=move)
        self.validate(rest)
        self.notify(rest)
        invoice = self.invoice(order)
        invoice.action_amazon_b2b_send()
        self.send(invoice.amazon_b2b_document_ids)
        self.assertEqual(order.amazon_b2b_status, "invoiced")

    def test_an_order_shipped_short_and_invoiced_says_so(self):
        self.ship_and_bill_short("delivery")

    def test_also_where_products_are_invoiced_as_ordered(self):
        self.ship_and_bill_short("order")

    def ship_and_bill_short(self, policy):
        self.product.invoice_policy = self.case.invoice_policy = policy
        order = self.acknowledged()
        picking = self.picking_of(order)
        self.fill(picking)
        self.pack(picking, 4)
        picking.move_ids.filtered(
            lambda m: m.product_id == self.case
        ).move_line_ids.action_put_in_pack()
        for line in picking.move_line_ids:
            line.picked = bool(line.result_package_id)
        self.validate(picking, backorder=False)
        self.notify(picking)
        self.assertEqual(order.amazon_b2b_status, "shipped")
        invoice = self.invoice(order)
        invoice.button_draft()
        for line in invoice.invoice_line_ids:
            line.quantity = line.sale_line_ids.qty_delivered
        invoice.action_post()
        invoice.action_amazon_b2b_send()
        self.send(invoice.amazon_b2b_document_ids)
        self.assertEqual(order.amazon_b2b_status, "invoiced")

    def test_what_is_only_picked_is_not_shipped(self):
        self.warehouse.delivery_steps = "pick_ship"
        order = self.acknowledged()
        pick = order.picking_ids[0]
        pick.action_assign()
        pick.move_ids.picked = True
        pick._action_done()
        self.assertEqual(order.amazon_b2b_status, "acknowledged")

    # trials, repeats

    def test_a_test_order_is_answered_as_one_and_the_real_one_still_comes(self):
        trial = self.arrive(usage="T").sale_order_id
        document = trial._amazon_b2b_acknowledge()
        self.send(document)
        self.assertIn(b"*T*>~", document.transmission_id._bytes("payload")[:106])
        self.assertEqual(trial.state, "draft")
        with self.assertRaises(UserError):
            trial.action_confirm()
        real = self.arrive(control=2).sale_order_id
        self.assertNotEqual(real, trial)
        self.send(real._amazon_b2b_acknowledge())
        self.assertEqual(real.state, "sale")

    def test_a_repeat_is_ignored_and_a_change_is_held(self):
        order = self.acknowledged()
        self.assertEqual(self.arrive(control=2).state, "ignored")
        change = self.arrive(control=3, changes={"PO1*1*10*": "PO1*1*8*"})
        self.assertHeld(change, "change", "10", "8")
        self.assertEqual(change.action_solve()["res_id"], order.id)

    def test_everything_rejected_is_answered_and_cancelled(self):
        order = self.arrive().sale_order_id
        document = order._amazon_b2b_acknowledge(
            {order.id: {1: self.answer(0), 2: self.answer(0, self.obsolete)}}
        )
        paper = self.send(document)
        self.assertEqual(paper.kind, "RD")
        self.assertEqual((order.state, order.amazon_b2b_status), ("cancel", "rejected"))

    def test_an_unmapped_line_answered_by_the_button_goes_through(self):
        document = self.arrive(changes={"012345678905": "999999999993"})
        self.assertHeld(document, "product", "999999999993")
        action = document.action_solve()
        wizard = self.env[action["res_model"]].browse(action["res_id"])
        wizard.line_ids.answer_code_id = self.obsolete
        wizard.action_apply()
        document._work()
        self.assertEqual(document.state, "done", document.reason)
        order = document.sale_order_id
        paper = self.send(order._amazon_b2b_acknowledge())
        self.assertEqual(
            [[d.code for d in line.decisions] for line in paper.lines],
            [[self.obsolete.code], ["IA"]],
        )
        picking = self.picking_of(order)
        self.fill(picking)
        self.pack(picking, 36)
        self.notify(self.validate(picking))
        invoice = self.invoice(order)
        invoice.action_amazon_b2b_send()
        paper = self.send(invoice.amazon_b2b_document_ids)
        self.assertEqual([line.number for line in paper.lines], ["2"])

    # money

    def test_cents_taxes_and_a_charge_reach_the_810(self):
        tax = self.env["account.tax"].create(
            {"name": "8.25 %", "amount": 8.25, "type_tax_use": "sale"}
        )
        order = self.acknowledged(changes={"9.5*PE": "0.3333*PE"})
        order.order_line.tax_ids = tax
        self.notify(self.deliver(order))
        invoice = self.invoice(order)
        invoice.action_amazon_b2b_send()
        paper = self.send(invoice.amazon_b2b_document_ids)
        self.assertEqual(paper.lines[0].price, Decimal("0.3333"))
        self.assertEqual(float(paper.total), invoice.amount_total)

    def test_a_vendor_code_in_another_currency(self):
        euro = self.env.ref("base.EUR")
        euro.active = True
        self.assertNotEqual(euro, self.company.currency_id)
        self.vendor_code.write({"currency_id": euro.id, "pricelist_id": False})
        order = self.acknowledged()
        self.assertEqual(order.currency_id, euro)
        self.notify(self.deliver(order))
        invoice = self.invoice(order)
        invoice.action_amazon_b2b_send()
        paper = self.send(invoice.amazon_b2b_document_ids)
        self.assertEqual((paper.currency, paper.total), ("EUR", Decimal("437.00")))

    def test_a_vendor_code_of_another_company(self):
        """The document's company is the vendor code's, all the way to the invoice."""
        company = self.env["res.company"].create(
            {
                "name": "Kettle Works Canada",
                "country_id": self.env.ref("base.us").id,
                "currency_id": self.env.ref("base.USD").id,
            }
        )
        self.env["account.chart.template"].try_loading("generic_coa", company, False)
        self.env.user.company_ids += company
        company.write(
            {"amazon_b2b_gs1_prefix": "4012345", "amazon_b2b_sscc_extension": "4"}
        )
        code = self.make_vendor_code(
            "CANA1", company_id=company.id, **BILL_TO, **REMIT_TO, **TERMS
        )
        self.make_place("PHX3", company_id=company.id)
        for product in (self.product, self.case):
            self.env["stock.quant"]._update_available_quantity(
                product, code.warehouse_id.lot_stock_id, 100
            )
        self.map_product("UK", CASE_UPC, self.case, pack_size=12, company_id=company.id)
        document = self.arrive(changes={"ABCD5": "CANA1"})
        self.assertEqual(document.state, "done", document.reason)
        self.assertEqual(document.company_id, company)
        order = document.sale_order_id
        self.assertEqual(
            (order.company_id, order.warehouse_id), (company, code.warehouse_id)
        )
        self.send(order._amazon_b2b_acknowledge())
        self.notify(self.deliver(order))
        invoice = self.invoice(order)
        self.assertEqual(invoice.company_id, company)
        invoice.action_amazon_b2b_send()
        self.send(invoice.amazon_b2b_document_ids)
        self.assertEqual(order.amazon_b2b_document_ids.company_id, company)

    def test_what_amazon_is_told_by_hand_is_invoiced_and_paid_too(self):
        self.connection._type("invoice").state = "off"
        order = self.acknowledged()
        self.notify(self.deliver(order))
        self.invoice(order)
        self.assertEqual(order.amazon_b2b_status, "invoiced")
