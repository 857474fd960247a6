import json
import socket
from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time
from odoo import fields
from odoo.tests import TransactionCase, new_test_user, tagged
from odoo.tools import mute_logger

from .. import spapi
from ..models.rate_bucket import Gate
from .seller_common import (
    FRANCE,
    GERMANY,
    PLACES,
    SELLER,
    TOKEN,
    SellerMixin,
    denied,
    place,
)

ORDERS = "/orders/2026-01-01/orders"
EMPTY = (200, {"orders": []})
ASKING = "odoo.addons.amazon_b2b_connector.models.asking"
INSIGHTS, TRACKING = "Selling Partner Insights", "Inventory and Order Tracking"


@tagged("post_install", "-at_install")
class TestSellerTrouble(SellerMixin, TransactionCase):
    """What goes wrong with one account is said there, and nothing else stops."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_seller()
        cls.user = new_test_user(
            cls.env, "pressing", groups="amazon_b2b_connector.group_user"
        )
        cls.other = cls.make_seller(name="The Other")

    def setUp(self):
        super().setUp()
        self.authorise()
        self.authorise(self.other, "A3OTHER")
        self.add_line(self.other, GERMANY)
        self.amazon.answers[ORDERS] = EMPTY
        self.amazon.calls.clear()
        self.polls = self.env["amazon.b2b.poll"]
        self.polls._add_missing()

    def add_line(self, connection, code):
        return self.env["amazon.b2b.marketplace"].create(
            {"connection_id": connection.id, "code": code, "name": code}
        )

    def poll(self, connection=None):
        polls = (connection or self.connection).poll_ids
        return polls.filtered(lambda poll: poll.kind == "orders")

    def ask_all(self):
        """What the scheduled action does, with commits and rollbacks of its own."""
        self.env.flush_all()
        with self.env.registry.cursor() as cr:
            self.env(cr=cr)["amazon.b2b.poll"]._ask_all()
        self.env.invalidate_all()

    def ask(self):
        self.poll().next_run = fields.Datetime.now()
        self.ask_all()

    def assert_other_goes_on(self):
        self.assertTrue(self.poll(self.other).last_run)
        self.assertEqual(self.other.authorisation_state, "ok")
        self.assertFalse(self.other.poll_problem)

    def test_account_without_marketplaces_stops_no_other(self):
        self.ask_all()
        self.assertIn("no marketplace", self.connection.poll_problem)
        self.assert_other_goes_on()

    def test_what_nobody_foresaw_stops_no_other_account(self):
        self.add_line(self.connection, GERMANY)
        # a page's place without its time, which nothing here writes
        self.poll().write({"token": "x", "token_date": False})
        with mute_logger(ASKING):
            self.ask_all()
        self.assertIn("unforeseen", self.connection.poll_problem)
        self.assertGreater(self.poll().next_run, fields.Datetime.now())
        self.assert_other_goes_on()

    def test_no_step_is_put_off_for_more_than_a_day(self):
        self.add_line(self.connection, GERMANY)
        refusal = spapi.NotYet("searchOrders", 1e300)
        with patch.object(spapi.Client, "call", side_effect=refusal):
            self.poll()._ask()
        self.assertLessEqual(
            self.poll().next_run, fields.Datetime.now() + timedelta(days=1)
        )

    def test_broken_order_in_a_page_does_not_stop_the_poll(self):
        self.add_line(self.connection, GERMANY)
        deep = "DEEP"
        page = {
            "orders": [{"orderId": "302-1", "x": deep}, {"orderId": "302-2", "x": 1}]
        }
        nested = "[" * 100_000 + "]" * 100_000
        text = json.dumps(page).replace(f'"{deep}"', nested)
        self.amazon.answers[ORDERS] = (200, text.encode())
        self.ask_all()
        self.assertFalse(self.connection.poll_problem)
        transmission = self.env["amazon.b2b.transmission"].search(
            [("connection_id", "=", self.connection.id)]
        )
        transmission._decode()
        self.assertEqual(
            set(transmission.document_ids.mapped("order_number")), {"302-1", "302-2"}
        )

    def test_storm_of_refusals_is_told_of_after_half_an_hour(self):
        self.add_line(self.connection, GERMANY)
        told = self.told()
        with self.answering(ORDERS, (429, {"errors": []})):
            self.poll()._ask()
            self.assertFalse(self.told() - told)
            self.assertIn("no more calls", self.connection.poll_problem)
            past = fields.Datetime.now() - timedelta(minutes=31)
            self.poll().first_failure = past
            Gate(self.env, "eu", False, SELLER).learn("searchOrders", 1000)
            self.poll()._ask()
        self.assertEqual(len(self.told() - told), 1)
        self.assertFalse(self.poll().failures)

    # roles

    def test_role_that_is_taken_away_is_named_with_the_way_to_it(self):
        self.add_line(self.connection, GERMANY)
        told = self.told()
        with self.answering(ORDERS, denied()):
            self.poll()._ask()
            self.poll()._ask()
        self.assertEqual(self.connection.missing_roles, TRACKING)
        self.assertIn(f"“{TRACKING}” is missing", self.connection.to_do)
        self.assertIn("authorise again", self.connection.to_do)
        self.assertIn("role", self.connection.poll_problem)
        self.assertEqual(len(self.told() - told), 1)
        self.poll(self.other)._ask()
        self.assert_other_goes_on()

    def test_role_that_is_given_back_is_missing_no_longer(self):
        self.add_line(self.connection, GERMANY)
        self.connection.missing_roles = f"{INSIGHTS}\n{TRACKING}"
        self.poll()._ask()
        self.assertEqual(self.connection.missing_roles, INSIGHTS)

    def test_missing_role_says_nothing_of_where_the_account_sells(self):
        lines = [self.add_line(self.connection, code) for code in (GERMANY, FRANCE)]
        with self.answering(PLACES, denied()):
            self.connection._read_marketplaces()
        self.assertTrue(all(line.is_participating for line in lines))
        self.assertEqual(self.connection.missing_roles, INSIGHTS)

    def test_roles_are_not_tried_on_where_amazon_is_silent(self):
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            address = f"http://127.0.0.1:{taken.getsockname()[1]}"
            self.env["ir.config_parameter"].set_param(
                "amazon_b2b.spapi_endpoints", json.dumps({"eu": address})
            )
            self.connection._try_roles()
        calls = self.env["amazon.b2b.call"].search(
            [("connection_id", "=", self.connection.id)]
        )
        self.assertEqual(
            set(calls.mapped("operation")), {"getMarketplaceParticipations"}
        )
        self.assertEqual(len(self.connection.untried_roles.splitlines()), 5)

    # authorised again

    def test_check_that_amazon_takes_ends_authorise_again(self):
        self.connection._authorise_again("It was not taken.")
        self.connection.action_set_up()
        self.assertEqual(self.connection.authorisation_state, "ok")
        self.assertFalse(self.connection.authorisation_problem)
        self.ask()
        self.assertTrue(self.poll().last_run)

    def test_check_that_amazon_refuses_does_not(self):
        self.connection._authorise_again("It was not taken.")
        refusal = (400, {"error": "invalid_grant", "error_description": "gone"})
        with self.answering(TOKEN, refusal):
            self.connection.action_set_up()
        self.assertEqual(self.connection.authorisation_state, "again")

    # marketplaces that come later

    def selling_in(self, *codes):
        rows = [place(code, "DE", "EUR", code) for code in codes]
        return self.answering(PLACES, (200, {"payload": rows}))

    def test_new_marketplace_is_found_within_a_day_and_read_from_the_day_before(self):
        now = fields.Datetime.now()
        with self.selling_in(GERMANY):
            self.connection._read_marketplaces()
        self.ask()
        self.assertFalse(self.amazon.asked(PLACES)[1:])
        read = now - timedelta(days=1, minutes=1)
        self.connection.marketplaces_read = read
        with self.selling_in(GERMANY, FRANCE):
            self.ask()
            start = self.poll().range_start
            self.ask()
        self.assertEqual(len(self.amazon.asked(PLACES)), 2)
        self.assertTrue(self.connection._marketplace(FRANCE).is_enabled)
        self.assertLessEqual(start, read - timedelta(days=1))
        self.assertGreater(start, now - timedelta(days=3))

    def test_account_that_begins_to_sell_where_it_is_off_is_told_of(self):
        rows = [place(FRANCE, "FR", "EUR", "Amazon.fr", participating=False)]
        with self.answering(PLACES, (200, {"payload": rows})):
            self.connection._read_marketplaces()
        line = self.connection._marketplace(FRANCE)
        self.assertFalse(line.is_enabled)
        told = self.told()
        for _time in range(2):
            with self.selling_in(FRANCE):
                self.connection._read_marketplaces()
        self.assertTrue(line.is_participating)
        self.assertFalse(line.is_enabled)
        self.assertEqual(len(self.told() - told), 1)

    def test_marketplaces_that_no_role_told_of_are_read_from_their_beginning(self):
        with self.answering(PLACES, denied()):
            self.connection._read_marketplaces()
        self.ask()
        self.ask()
        with self.selling_in(GERMANY, FRANCE):
            self.connection._read_marketplaces()
        self.ask()
        self.assertLess(
            self.poll().range_start, fields.Datetime.now() - timedelta(days=89)
        )

    def test_sellers_api_out_of_order_is_no_hindrance_for_orders(self):
        self.add_line(self.connection, GERMANY)
        self.connection.marketplaces_read = fields.Datetime.now() - timedelta(days=2)
        busy = (503, {"errors": [{"code": "InternalFailure", "message": "Busy."}]})
        with self.answering(PLACES, busy):
            self.ask()
        self.assertTrue(self.poll().last_run)

    # Synchronise

    def synchronise(self):
        return self.connection.with_user(self.user).action_synchronise()["params"]

    def test_synchronise_says_what_failed_the_last_time(self):
        self.add_line(self.connection, GERMANY)
        self.assertEqual(self.synchronise()["type"], "success")
        with self.answering(ORDERS, (400, {"errors": []})):
            self.poll()._ask()
        notice = self.synchronise()
        self.assertEqual(notice["type"], "warning")
        self.assertIn("HTTP 400", notice["message"])

    def test_who_pressed_synchronise_is_told_that_it_failed(self):
        self.add_line(self.connection, GERMANY)
        self.synchronise()
        self.assertEqual(self.poll().asked_by_id, self.user)
        with self.answering(ORDERS, (400, {"errors": []})):
            self.poll()._ask()
            self.poll()._ask()
        self.env.cr.precommit.run()
        sent = self.env["bus.bus"].sudo().search([("message", "like", "HTTP 400")])
        self.assertEqual(len(sent), 1)
        self.assertIn("danger", sent.message)

    def test_synchronise_says_that_a_copy_of_the_database_exchanges_nothing(self):
        self.env["ir.config_parameter"].set_param("database.is_neutralized", "True")
        notice = self.synchronise()
        self.assertEqual(notice["type"], "warning")
        self.assertIn("nothing is exchanged", notice["message"])

    # the limits

    def test_token_lasts_its_hour_by_the_clock_of_all_hosts(self):
        with freeze_time(fields.Datetime.now() + timedelta(hours=2)):
            self.connection._client().call("getMarketplaceParticipations")
        self.assertFalse(self.amazon.asked(TOKEN))

    def test_pause_that_amazon_named_holds_for_all_workers(self):
        gate = Gate(self.env, "eu", False, SELLER)
        gate.exhausted("getOrder", 60)
        other = Gate(self.env, "eu", False, SELLER)
        self.assertAlmostEqual(other.take("getOrder"), 60, delta=2)

    def test_call_of_the_sandbox_costs_what_its_limits_are(self):
        sandbox = self.make_seller(name="Sandbox", is_sandbox=True)
        self.authorise(sandbox)
        for connection, cost in ((sandbox, 0.2), (self.connection, 1 / 0.0056)):
            call = spapi.Call("searchOrders", 200, 0.1, 10, "r", None, 0, 1, "")
            self.assertAlmostEqual(connection._cost(call), cost)
