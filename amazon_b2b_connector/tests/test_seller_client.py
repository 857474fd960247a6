import contextlib
import json
from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import TransactionCase, tagged

from .. import spapi
from ..models.rate_bucket import Gate
from .seller_common import (
    PLACES,
    REFRESH,
    RESTRICTED,
    SELLER,
    TOKEN,
    SellerMixin,
    denied,
)

OPERATION = "getMarketplaceParticipations"


@tagged("post_install", "-at_install")
class TestSellerClient(SellerMixin, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_seller()
        cls.buckets = cls.env["amazon.b2b.rate.bucket"]

    def setUp(self):
        super().setUp()
        self.now = 1_800_000_000.0
        self.patch(type(self.buckets), "_now", lambda _model, _cr: self.now)
        self.amazon.calls.clear()
        self.authorise()

    def call(self):
        return self.connection._client().call(OPERATION)

    def written(self):
        calls = self.env["amazon.b2b.call"]
        return calls.search([("connection_id", "=", self.connection.id)])

    def expire(self):
        self.env.cr.execute(
            "UPDATE amazon_b2b_access_token SET expires = %s",
            (fields.Datetime.now() + timedelta(seconds=59),),
        )

    def test_call_carries_the_access_token(self):
        self.call()
        [(path, _body, headers)] = self.amazon.calls
        self.assertEqual(path, PLACES)
        self.assertEqual(headers["x-amz-access-token"], "Atza|first")

    def test_token_is_asked_for_once_and_shared(self):
        self.expire()
        self.call()
        self.call()
        [form] = self.amazon.asked(TOKEN)
        self.assertEqual(form["grant_type"], "refresh_token")
        self.assertEqual(form["refresh_token"], REFRESH)
        self.assertEqual(form["client_secret"], "amzn1.oa2-cs.v1.secret")

    def test_token_that_amazon_refuses_is_renewed_once(self):
        fresh = iter([(401, {"errors": []}), (200, {"payload": []})])
        with patch.dict(self.amazon.answers, {PLACES: lambda: next(fresh)}):
            self.call()
        self.assertEqual(len(self.amazon.asked(TOKEN)), 1)

    def test_token_is_encrypted_in_the_database(self):
        self.env.cr.execute("SELECT sealed_token FROM amazon_b2b_access_token")
        [(sealed,)] = self.env.cr.fetchall()
        self.assertNotIn("Atza", sealed)
        self.assertNotIn("Atzr", self.connection.sealed_refresh_token or "")

    def test_revoked_authorisation_is_told_once_and_nothing_else_stops(self):
        self.expire()
        refusal = (400, {"error": "invalid_grant", "error_description": "gone"})
        other = self.make_seller(name="Other", home_marketplace="ATVPDKIKX0DER")
        self.authorise(other, "A3OTHER")
        told = self.told()
        with patch.dict(self.amazon.answers, {TOKEN: refusal}):
            for _time in range(2):
                with self.assertRaises(spapi.Revoked) as caught:
                    self.call()
                self.connection._take_error(caught.exception)
        self.assertEqual(self.connection.authorisation_state, "again")
        self.assertIn("gone", self.connection.authorisation_problem)
        self.assertEqual(len(self.told() - told), 1)
        self.assertEqual(other.authorisation_state, "ok")

    def test_bucket_is_full_at_first_and_empty_after_its_burst(self):
        gate = Gate(self.env, "eu", False, SELLER)
        burst = spapi.OPERATIONS["searchOrders"].burst
        waits = [gate.take("searchOrders") for _call in range(burst + 1)]
        self.assertEqual(waits[:burst], [0] * burst)
        self.assertAlmostEqual(waits[burst], 1 / 0.0056)

    def test_bucket_fills_with_time(self):
        gate = Gate(self.env, "eu", False, SELLER)
        gate.exhausted("searchOrders")
        self.assertTrue(gate.take("searchOrders"))
        self.now += 1 / 0.0056
        self.assertFalse(gate.take("searchOrders"))

    def test_rate_is_learned(self):
        gate = Gate(self.env, "eu", False, SELLER)
        gate.learn("searchOrders", 0.1)
        gate.exhausted("searchOrders")
        self.assertAlmostEqual(gate.take("searchOrders"), 10)

    def test_sellers_and_environments_have_buckets_of_their_own(self):
        Gate(self.env, "eu", False, SELLER).exhausted("searchOrders")
        for key in [("na", False, SELLER), ("eu", True, SELLER), ("eu", False, "A3")]:
            with self.subTest(key):
                self.assertFalse(Gate(self.env, *key).take("searchOrders"))

    def test_a_sandbox_takes_its_calls_from_its_own_bucket(self):
        sandbox = self.make_seller(name="Sandbox", is_sandbox=True)
        client = self.authorise(sandbox)._client()
        Gate(self.env, "eu", False, SELLER).exhausted(OPERATION)
        client.call(OPERATION)
        Gate(self.env, "eu", True, SELLER).exhausted(OPERATION)
        with self.assertRaises(spapi.NotYet):
            client.call(OPERATION)

    def test_empty_bucket_asks_amazon_nothing(self):
        Gate(self.env, "eu", False, SELLER).exhausted(OPERATION)
        with self.assertRaises(spapi.NotYet):
            self.call()
        self.assertFalse(self.amazon.calls)

    def test_call_is_written_down(self):
        self.call()
        call = self.written()
        self.assertEqual((call.operation, call.status), (OPERATION, 200))
        self.assertEqual((call.attempt, call.request_id), (1, "request-1"))
        self.assertAlmostEqual(call.cost, 62.5)
        self.assertTrue(call.size)
        self.assertEqual(self.connection.call_count, 1)

    def test_failed_call_is_written_down_without_the_token(self):
        error = {"code": "Unauthorized", "message": "Atza|first is bad", "details": ""}
        with patch.dict(self.amazon.answers, {PLACES: (403, {"errors": [error]})}):
            # assertRaises would roll back what was written in a savepoint
            with contextlib.suppress(spapi.ApiError):
                self.call()
        call = self.written()[:1]
        self.assertEqual(call.status, 403)
        self.assertNotIn("Atza|first", call.error)

    def test_old_calls_are_purged(self):
        self.call()
        self.connection.keep_calls_days = 7
        calls = self.written()
        old = calls.copy({"date": fields.Datetime.now() - timedelta(days=8)})
        self.env["amazon.b2b.call"]._gc_old()
        self.assertFalse(old.exists())
        self.assertTrue(calls.exists())

    def test_meter_shows_what_is_left(self):
        self.call()
        [line] = self.connection._meter()
        self.assertEqual((line["operation"], line["left"]), (OPERATION, 14))
        self.assertEqual(line["burst"], 15)
        self.assertAlmostEqual(line["full_in"], 62.5)
        self.assertIn("14 / 15", self.connection.meter)

    def test_copied_database_calls_nobody(self):
        origin = self.env["amazon.b2b.origin"]
        origin._remember()
        self.env["ir.config_parameter"].set_param("web.base.url", "http://copy.test")
        with self.assertRaisesRegex(UserError, "not the one that went live"):
            self.connection._client()

    def test_neutralised_database_calls_nobody(self):
        self.env["ir.config_parameter"].set_param("database.is_neutralized", "True")
        with self.assertRaisesRegex(UserError, "neutralised"):
            self.connection._client()

    def test_first_call_remembers_the_database(self):
        parameters = self.env["ir.config_parameter"]
        parameters.set_param("amazon_b2b.origin", False)
        self.call()
        self.assertTrue(json.loads(parameters.get_param("amazon_b2b.origin")))

    def test_connection_without_authorisation_has_no_client(self):
        self.connection.action_forget_authorisation()
        with self.assertRaisesRegex(UserError, "not authorised"):
            self.connection._client()

    def test_endpoints_are_amazons_own(self):
        self.env["ir.config_parameter"].set_param("amazon_b2b.spapi_endpoints", False)
        self.assertEqual(
            self.connection._endpoint(), "https://sellingpartnerapi-eu.amazon.com"
        )
        sandbox = self.make_seller(is_sandbox=True)
        self.assertEqual(
            sandbox._endpoint(), "https://sandbox.sellingpartnerapi-eu.amazon.com"
        )

    def test_deleted_connection_takes_calls_and_token_along(self):
        self.call()
        self.connection.unlink()
        for table in ("access_token", "call"):
            self.env.cr.execute(f"SELECT 1 FROM amazon_b2b_{table}")
            self.assertFalse(self.env.cr.fetchall())

    def test_missing_roles_are_named(self):
        with patch.dict(
            self.amazon.answers,
            {"/orders/2026-01-01/orders/000-0000000-0000000": denied()},
        ):
            self.connection._try_roles()
        self.assertEqual(self.connection.missing_roles, "Inventory and Order Tracking")
        self.assertFalse(self.connection.untried_roles)
        self.assertIn("Inventory and Order Tracking", self.connection.to_do)

    def test_role_that_could_not_be_tried_is_not_missing(self):
        busy = (503, {"errors": [{"code": "InternalFailure", "message": "Busy."}]})
        with patch.dict(self.amazon.answers, {RESTRICTED: busy}):
            self.connection._try_roles()
        self.assertFalse(self.connection.missing_roles)
        self.assertIn("Tax Invoicing", self.connection.untried_roles)
