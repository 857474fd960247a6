from datetime import timedelta
from unittest.mock import patch
from urllib.parse import parse_qs, urlsplit

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, new_test_user, tagged

from .seller_common import (
    FRANCE,
    GERMANY,
    PLACES,
    REFRESH,
    SELLER,
    TOKEN,
    SellerMixin,
    denied,
)

CODE = "ANcodefromamazon"


@tagged("post_install", "-at_install")
class TestSellerAuthorise(SellerMixin, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_seller()
        cls.manager = new_test_user(
            cls.env, "seller_manager", groups="amazon_b2b_connector.group_manager"
        )
        cls.user = new_test_user(
            cls.env, "seller_user", groups="amazon_b2b_connector.group_user"
        )

    def setUp(self):
        super().setUp()
        self.amazon.calls.clear()
        self.authenticate("seller_manager", "seller_manager")

    def leave(self):
        """Press Authorise: the address of Seller Central that the browser gets."""
        path = self.connection.with_user(self.manager).action_authorise()["url"]
        return self.url_open(path, allow_redirects=False)

    def state(self):
        query = parse_qs(urlsplit(self.leave().headers["Location"]).query)
        return query["state"][0]

    def come_back(self, state, seller_id=SELLER, code=CODE):
        answer = self.url_open(
            f"/amazon_b2b/authorised?state={state}&selling_partner_id={seller_id}"
            f"&spapi_oauth_code={code}",
            allow_redirects=False,
        )
        self.connection.invalidate_recordset()
        return answer

    def assert_not_authorised(self):
        self.assertEqual(self.connection.authorisation_state, "none")
        self.assertFalse(self.connection.token_tail)

    def test_button_leads_to_seller_central(self):
        answer = self.leave()
        url = urlsplit(answer.headers["Location"])
        self.assertEqual(answer.status_code, 303)
        self.assertEqual(answer.headers["Referrer-Policy"], "no-referrer")
        self.assertEqual(url.netloc, "sellercentral-europe.amazon.com")
        self.assertEqual(url.path, "/apps/authorize/consent")
        query = parse_qs(url.query)
        self.assertEqual(query["application_id"], ["amzn1.sp.solution.test"])
        self.assertEqual(
            query["redirect_uri"], [self.base_url() + "/amazon_b2b/authorised"]
        )
        self.assertNotIn("version", query)
        consent = self.env["amazon.b2b.consent"].search([])
        self.assertNotEqual(consent.state_hash, query["state"][0])

    def test_draft_application_asks_for_its_draft(self):
        self.application.is_draft = True
        query = parse_qs(urlsplit(self.leave().headers["Location"]).query)
        self.assertEqual(query["version"], ["beta"])

    def test_consent_authorises_reads_the_marketplaces_and_goes_to_the_form(self):
        answer = self.come_back(self.state())
        self.assertEqual(answer.status_code, 303)
        self.assertEqual(answer.headers["Referrer-Policy"], "no-referrer")
        self.assertEqual(
            urlsplit(answer.headers["Location"]).path,
            f"/odoo/amazon.b2b.connection/{self.connection.id}",
        )
        exchange, _check = self.amazon.asked(TOKEN)
        self.assertEqual(exchange["grant_type"], "authorization_code")
        self.assertEqual(exchange["code"], CODE)
        self.assertEqual(
            exchange["redirect_uri"], self.base_url() + "/amazon_b2b/authorised"
        )
        self.assertEqual(self.connection.authorisation_state, "ok")
        self.assertFalse(self.connection.authorisation_problem)
        self.assertEqual(self.connection.seller_id, SELLER)
        self.assertEqual(self.connection.token_tail, REFRESH[-4:])
        self.assertEqual(self.connection._refresh_token(), REFRESH)
        lines = self.connection.marketplace_ids
        self.assertEqual(set(lines.mapped("code")), {GERMANY, FRANCE})
        germany = self.connection._marketplace(GERMANY)
        self.assertEqual(germany.currency_id.name, "EUR")
        self.assertEqual(germany.country_id.code, "DE")
        self.assertTrue(germany.is_enabled and germany.is_participating)
        france = self.connection._marketplace(FRANCE)
        self.assertFalse(france.is_enabled or france.is_participating)
        for step in ("credentials_checked", "marketplaces_read", "first_poll"):
            self.assertTrue(self.connection[step], step)

    def test_each_step_is_told_in_the_chatter(self):
        self.come_back(self.state())
        told = " ".join(self.connection.message_ids.mapped("body"))
        for words in ("Credentials checked", "Marketplaces read", "triggered"):
            self.assertIn(words, told)

    def test_state_serves_once(self):
        state = self.state()
        self.come_back(state)
        self.amazon.calls.clear()
        answer = self.come_back(state)
        self.assertTrue(answer.headers["Location"].endswith("/authorise/refused"))
        self.assertFalse(self.amazon.calls)

    def test_state_is_used_up_by_what_fails(self):
        state = self.state()
        refusal = (400, {"error": "invalid_grant", "error_description": "too old"})
        with patch.dict(self.amazon.answers, {TOKEN: refusal}):
            self.come_back(state)
        self.assertIn("too old", self.connection.authorisation_problem)
        self.come_back(state)
        self.assert_not_authorised()

    def test_state_lives_ten_minutes(self):
        state = self.state()
        consent = self.env["amazon.b2b.consent"].search([])
        left = consent.expires - fields.Datetime.now()
        self.assertLessEqual(left, timedelta(minutes=10))
        consent.expires = fields.Datetime.now() - timedelta(seconds=1)
        self.come_back(state)
        self.assert_not_authorised()

    def test_state_of_another_user_is_refused(self):
        state = self.state()
        new_test_user(self.env, "second", groups="amazon_b2b_connector.group_manager")
        self.authenticate("second", "second")
        answer = self.come_back(state)
        self.assertTrue(answer.headers["Location"].endswith("/authorise/refused"))
        self.assert_not_authorised()

    def test_invented_state_is_refused(self):
        self.come_back("invented")
        self.come_back("")
        self.assert_not_authorised()
        self.assertFalse(self.amazon.calls)

    def test_who_is_no_manager_any_more_is_refused(self):
        state = self.state()
        self.manager.group_ids -= self.env.ref("amazon_b2b_connector.group_manager")
        self.manager.group_ids += self.env.ref("amazon_b2b_connector.group_user")
        self.come_back(state)
        self.assert_not_authorised()

    def test_user_cannot_begin(self):
        with self.assertRaises(AccessError):
            self.connection.with_user(self.user).action_authorise()
        self.authenticate("seller_user", "seller_user")
        answer = self.url_open(
            f"/amazon_b2b/authorise/{self.connection.id}", allow_redirects=False
        )
        self.assertTrue(answer.headers["Location"].endswith("/authorise/refused"))
        self.assertFalse(self.env["amazon.b2b.consent"].search([]))

    def test_refusal_is_a_page_in_plain_words(self):
        page = self.url_open("/amazon_b2b/authorise/refused")
        self.assertEqual(page.status_code, 200)
        self.assertIn("press", page.text)

    def test_consent_of_another_account_is_refused_with_words(self):
        self.connection.seller_id = "A2OURS"
        self.come_back(self.state())
        self.assert_not_authorised()
        self.assertIn(SELLER, self.connection.authorisation_problem)
        self.assertIn("A2OURS", self.connection.authorisation_problem)
        self.assertFalse(self.amazon.asked(TOKEN))

    def test_account_of_another_connection_is_refused_with_words(self):
        other = self.make_seller(name="First One")
        self.authorise(other)
        self.come_back(self.state())
        self.assert_not_authorised()
        self.assertIn("First One", self.connection.authorisation_problem)

    def test_plain_http_address_is_refused(self):
        self.env["ir.config_parameter"].set_param("web.base.url", "http://odoo.test")
        with self.assertRaisesRegex(UserError, "https"):
            self.connection.with_user(self.manager).action_authorise()

    def test_renewed_consent_keeps_the_marketplaces_as_they_are(self):
        self.come_back(self.state())
        germany = self.connection._marketplace(GERMANY)
        germany.is_enabled = False
        self.connection._authorise_again("revoked")
        self.come_back(self.state())
        self.assertEqual(self.connection.authorisation_state, "ok")
        self.assertFalse(self.connection.authorisation_problem)
        self.assertEqual(len(self.connection.marketplace_ids), 2)
        self.assertFalse(germany.is_enabled)

    def test_marketplace_that_amazon_no_longer_names_stays(self):
        self.come_back(self.state())
        with patch.dict(self.amazon.answers, {PLACES: (200, {"payload": []})}):
            self.connection._read_marketplaces()
        self.assertEqual(len(self.connection.marketplace_ids), 2)
        self.assertFalse(
            any(self.connection.marketplace_ids.mapped("is_participating"))
        )

    def test_missing_role_for_marketplaces_leaves_the_home_marketplace(self):
        with patch.dict(self.amazon.answers, {PLACES: denied()}):
            self.come_back(self.state())
        self.assertEqual(self.connection.marketplace_ids.code, GERMANY)
        self.assertEqual(self.connection.missing_roles, "Selling Partner Insights")
        self.assertEqual(self.connection.authorisation_state, "ok")

    # a pasted token

    def paste(self, **values):
        wizard = (
            self.env["amazon.b2b.seller.token"]
            .with_user(self.manager)
            .create(
                {
                    "connection_id": self.connection.id,
                    "seller_id": SELLER,
                    "refresh_token": f" {REFRESH}\n",
                    **values,
                }
            )
        )
        return wizard, wizard.action_enter()

    def test_pasted_token_is_tried_and_sealed(self):
        wizard, _action = self.paste()
        self.assertEqual(self.connection.authorisation_state, "ok")
        self.assertEqual(self.connection.seller_id, SELLER)
        self.assertFalse(wizard.refresh_token)
        self.assertEqual(len(self.connection.marketplace_ids), 2)

    def test_pasted_token_that_amazon_refuses_changes_nothing(self):
        refusal = (400, {"error": "invalid_grant", "error_description": "no"})
        with patch.dict(self.amazon.answers, {TOKEN: refusal}):
            with self.assertRaises(UserError):
                self.paste()
        self.assert_not_authorised()

    def test_pasted_nonsense_is_refused_unsent(self):
        with self.assertRaisesRegex(UserError, r"Atzr\|"):
            self.paste(refresh_token="Atza|access")
        self.assertFalse(self.amazon.calls)

    def test_tokens_are_readable_by_no_call(self):
        self.come_back(self.state())
        for user in (self.manager, self.env.ref("base.user_admin")):
            with self.assertRaises(AccessError):
                self.connection.with_user(user).read(["sealed_refresh_token"])
            with self.assertRaises(AccessError):
                self.application.with_user(user).read(["sealed_secret"])
            with self.assertRaises(AccessError):
                self.env["amazon.b2b.access.token"].with_user(user).search([])

    def test_client_secret_goes_in_and_never_out(self):
        wizard = (
            self.env["amazon.b2b.client.secret"]
            .with_user(self.manager)
            .create({"secret": "amzn1.oa2-cs.v1.abcd"})
        )
        self.assertFalse(wizard.secret)
        self.assertEqual(self.application.secret_tail, "abcd")
        self.assertNotIn("abcd", self.application.sealed_secret)
        with self.assertRaises(AccessError):
            self.env["amazon.b2b.client.secret"].with_user(self.user).create(
                {"secret": "x"}
            )

    # what runs out

    def test_end_of_the_consent_is_told_once(self):
        self.come_back(self.state())
        connections = self.env["amazon.b2b.connection"]
        told = self.told()
        now = fields.Datetime.now()
        connections._tell_running_out(now)
        self.assertEqual(self.told(), told)
        self.connection.authorised_until = now + timedelta(days=20)
        self.assertIn("authorise again before", self.connection.to_do)
        connections._tell_running_out(now)
        connections._tell_running_out(now)
        self.assertEqual(len(self.told() - told), 1)

    def test_secret_is_told_of_two_weeks_before_its_180_days_are_over(self):
        self.come_back(self.state())
        today = fields.Date.today()
        self.application.secret_date = today - timedelta(days=165)
        self.assertFalse(self.application.is_rotation_near)
        self.application.secret_date = today - timedelta(days=166)
        self.assertTrue(self.application.is_rotation_near)
        self.assertIn("client secret", self.connection.to_do)
        told = self.told()
        for _run in range(2):
            self.env["amazon.b2b.connection"]._tell_running_out(fields.Datetime.now())
        self.assertEqual(len(self.told() - told), 1)

    def test_checklist_names_what_is_to_do_with_its_link(self):
        self.come_back(self.state())
        self.assertIn("sellercentral-europe.amazon.com", self.connection.to_do)
        for done, text in (
            ("columns_switched_on", "all columns"),
            ("ship_from_set", "ship-from address"),
        ):
            self.assertIn(text, self.connection.to_do)
            self.connection[done] = True
            self.assertNotIn(text, self.connection.to_do or "")
        self.assertFalse(self.connection.to_do)

    def test_who_only_uploads_reports_is_not_asked_to_authorise(self):
        for route, asked in (("api", True), ("reports", True), ("file", False)):
            self.connection.order_route = route
            self.assertEqual("Authorise" in self.connection.to_do, asked, route)
