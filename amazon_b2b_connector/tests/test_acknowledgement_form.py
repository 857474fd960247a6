from datetime import date

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, new_test_user, tagged

from .acknowledging import AcknowledgeCase
from .common import order_line


@tagged("post_install", "-at_install")
class TestAcknowledgementForm(AcknowledgeCase):
    """The form on which a person decides, up to the question before sending."""

    def wizard(self, action):
        self.assertEqual(action["res_model"], "amazon.b2b.acknowledge.confirm")
        return self.env[action["res_model"]].browse(action["res_id"])

    def test_form_shows_every_line_and_is_opened_once(self):
        self.map_product("VN", "GONE", answer_code_id=self.obsolete.id)
        order = self.make_order(
            order_line(), order_line(number="2", identifiers=[("VN", "GONE")])
        )
        form = self.open_form(order)
        self.assertEqual(form.line_ids.mapped("ordered_qty"), [10, 10])
        self.assertEqual(form.line_ids[0].product_id, self.product)
        self.assertEqual(form.line_ids[1].answer_code_id, self.obsolete)
        self.assertEqual(form.line_ids[1].rest_code_id, self.obsolete)
        self.assertEqual(self.open_form(order), form)

    def test_complete_order_is_sent_without_a_question(self):
        order = self.make_order()
        form = self.open_form(order)
        form.action_accept_all()
        self.assertEqual(form.complete_count, 2)
        form.action_acknowledge()
        self.assertEqual(order.state, "sale")
        self.assertEqual((form.state, form.user_id), ("done", self.env.user))
        self.assertEqual(form.document_id.kind, "acknowledgement")

    def test_what_will_be_cancelled_is_asked_first(self):
        order = self.make_order()
        form = self.open_form(order)
        with Form(form) as view:
            with view.line_ids.edit(0) as line:
                line.accepted_qty = 6
                self.assertEqual(line.rest_qty, 4)
            with view.line_ids.edit(1) as line:
                line.accepted_qty = 4
        wizard = self.wizard(form.action_acknowledge())
        self.assertEqual(order.state, "draft")
        self.assertEqual(
            [(w.line_number, w.rest_qty, w.remark) for w in wizard.line_ids],
            [("1", 4, "IR Cancelled: temporarily out of stock")],
        )
        wizard.action_acknowledge()
        self.assertEqual(order.order_line.mapped("product_uom_qty"), [6, 4])
        self.assertEqual(form.state, "done")

    def test_price_that_differs_is_asked_about(self):
        order = self.make_order()
        order.order_line[0].amazon_b2b_price_differs = True
        form = self.open_form(order)
        form.action_accept_all()
        wizard = self.wizard(form.action_acknowledge())
        self.assertEqual(
            wizard.line_ids.remark, "Amazon's price is 9.5, the pricelist says 10"
        )

    def test_rest_is_backordered_where_both_allow_it(self):
        self.connection.backorder = True
        order = self.make_order(*self.two_lines(), back_order_allowed=True)
        form = self.open_form(order)
        self.assertEqual(form.line_ids.rest_code_id, self.later)
        form.action_accept_all()
        form.line_ids[0].accepted_qty = 6
        with self.assertRaisesRegex(UserError, "Give the date"):
            form.action_acknowledge()
        form.backorder_date = date(2031, 4, 1)
        wizard = self.wizard(form.action_acknowledge())
        self.assertTrue(wizard.line_ids.later)
        self.assertFalse(wizard.is_rejection)
        wizard.action_acknowledge()
        self.assertEqual(
            order.order_line.filtered("amazon_b2b_is_backorder").product_uom_qty, 4
        )

    def test_rest_is_cancelled_where_one_forbids_it(self):
        self.connection.backorder = True
        form = self.open_form(self.make_order(back_order_allowed=False))
        self.assertEqual(form.line_ids.rest_code_id, self.cancelled)
        self.assertNotIn(self.later, form.line_ids.allowed_code_ids)

    def test_rejecting_all_cancels_even_what_could_be_backordered(self):
        self.connection.backorder = True
        order = self.make_order(*self.two_lines(), back_order_allowed=True)
        form = self.open_form(order)
        form.action_accept_all()
        wizard = self.wizard(form.action_reject_all())
        self.assertTrue(wizard.is_rejection)
        self.assertEqual(wizard.line_ids.mapped("rest_qty"), [10, 4])
        # whoever goes back finds the form as it was
        self.assertEqual(form.line_ids.mapped("accepted_qty"), [10, 4])
        wizard.action_acknowledge()
        self.assertEqual(order.state, "cancel")
        self.assertEqual(self.said(form.document_id)["1"], [("IR", 10)])

    def test_code_that_a_person_chose_is_sent(self):
        order = self.make_order()
        form = self.open_form(order)
        form.action_accept_all()
        form.line_ids[1].write({"accepted_qty": 0, "rest_code_id": self.obsolete.id})
        wizard = self.wizard(form.action_acknowledge())
        self.assertTrue(wizard.is_final)
        wizard.action_acknowledge()
        self.assertEqual(self.said(form.document_id)["2"], [("R4", 4)])

    def test_typing_more_than_ordered_or_less_than_nothing_is_refused(self):
        form = self.open_form(self.make_order())
        for wrong in (11, -1):
            with self.assertRaisesRegex(ValidationError, "between nothing and"):
                form.line_ids[0].accepted_qty = wrong
                form.line_ids.flush_recordset()

    def test_line_that_is_answered_takes_no_quantity(self):
        self.map_product("VN", "GONE", answer_code_id=self.obsolete.id)
        form = self.open_form(
            self.make_order(
                order_line(), order_line(number="2", identifiers=[("VN", "GONE")])
            )
        )
        form.action_accept_all()
        self.assertEqual(form.line_ids.mapped("accepted_qty"), [10, 0])
        with self.assertRaisesRegex(ValidationError, "answered instead of ordered"):
            form.line_ids[1].accepted_qty = 1

    def test_nothing_changes_after_acknowledging(self):
        form = self.open_form(self.make_order())
        form.action_accept_all()
        form.action_acknowledge()
        for change in (
            lambda: form.line_ids[0].write({"accepted_qty": 3}),
            form.action_accept_all,
            form.action_reject_all,
            form.action_acknowledge,
            form.action_undo_scan,
        ):
            with self.assertRaisesRegex(UserError, "is acknowledged"):
                change()

    def test_done_form_is_shown_again_and_a_corrected_one_is_new(self):
        order = self.make_order()
        form = self.open_form(order)
        form.action_accept_all()
        form.action_acknowledge()
        self.assertEqual(self.open_form(order), form)
        form.document_id._move("failed")
        again = self.open_form(order)
        self.assertNotEqual(again, form)
        self.assertEqual(again.state, "draft")

    def test_form_answers_only_once_beside_the_list(self):
        order = self.make_order()
        form = self.open_form(order)
        form.action_accept_all()
        order.action_amazon_b2b_accept_all()
        with self.assertRaisesRegex(UserError, "was acknowledged by"):
            form.action_acknowledge()

    def test_list_accepts_everything_of_many(self):
        orders = self.make_order() + self.make_order(number="OTHER1")
        self.assertIs(orders.action_amazon_b2b_accept_all(), True)
        self.assertEqual(set(orders.mapped("state")), {"sale"})

    def test_list_asks_where_a_price_differs(self):
        orders = self.make_order() + self.make_order(number="OTHER1")
        orders[1].order_line[0].amazon_b2b_price_differs = True
        wizard = self.wizard(orders.action_amazon_b2b_accept_all())
        self.assertEqual(wizard.line_ids.number, "OTHER1")
        self.assertEqual(set(orders.mapped("state")), {"draft"})
        wizard.action_acknowledge()
        self.assertEqual(set(orders.mapped("state")), {"sale"})

    # rights

    def test_warehouse_user_reads_and_sends_the_form(self):
        picker = self.make_warehouse_user()
        order = self.make_order()
        form = self.open_form(order, picker)
        with Form(form) as view:
            with view.line_ids.edit(0) as line:
                line.accepted_qty = 10
        wizard = form.action_acknowledge()
        self.wizard(wizard).with_user(picker).action_acknowledge()
        self.assertEqual(order.order_line.mapped("product_uom_qty"), [10, 0])
        self.assertEqual(form.user_id, picker)
        self.assertEqual(form.document_id.create_uid, picker)

    def test_others_see_nothing_of_it(self):
        form = self.open_form(self.make_order())
        clerk = new_test_user(self.env, "clerk", groups="stock.group_stock_user")
        for attempt in (
            lambda: form.with_user(clerk).read(["number"]),
            lambda: form.with_user(clerk).scan("1", "1"),
            lambda: form.with_user(clerk).action_acknowledge(),
        ):
            with self.assertRaises(AccessError):
                attempt()

    def test_other_companies_are_out_of_reach(self):
        other = self.env["res.company"].create({"name": "Other Vendor"})
        stranger = new_test_user(
            self.env,
            "stranger",
            groups="stock.group_stock_user,amazon_b2b_connector.group_user",
            company_id=other.id,
            company_ids=[(6, 0, other.ids)],
        )
        form = self.open_form(self.make_order())
        with self.assertRaises(AccessError):
            form.with_user(stranger).scan("012345678905", "1")
