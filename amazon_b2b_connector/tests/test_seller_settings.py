from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import Form, TransactionCase, new_test_user, tagged
from odoo.tools import file_open, mute_logger
from psycopg2 import IntegrityError

from .. import spapi
from .seller_common import FRANCE, GERMANY, SellerMixin


@tagged("post_install", "-at_install")
class TestSellerSettings(SellerMixin, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_seller()
        cls.defaults = cls.env.company.amazon_b2b_seller_defaults_ids
        cls.germany, cls.france = cls.env["amazon.b2b.marketplace"].create(
            [
                {"connection_id": cls.connection.id, "code": code, "name": code}
                for code in (GERMANY, FRANCE)
            ]
        )

    def test_first_seller_gives_its_company_defaults(self):
        self.assertEqual(len(self.defaults), 1)
        self.assertTrue(self.defaults.import_mfn and self.defaults.import_prime)
        self.assertTrue(self.defaults.import_fba and self.defaults.fba_is_shipped)
        self.assertFalse(self.defaults.vcs_enabled)
        self.assertEqual(self.defaults.packstation_layout, "street")
        self.assertEqual(self.defaults.erase_after_days, 30)
        self.assertEqual(self.defaults.keep_pages_days, 30)
        self.assertEqual(self.defaults.keep_reports_days, 90)
        self.assertEqual(self.defaults.keep_calls_days, 30)

    def test_default_reaches_every_marketplace(self):
        self.defaults.write({"import_mfn": False, "packstation_layout": "company"})
        self.assertFalse(self.connection.import_mfn or self.germany.import_mfn)
        self.assertEqual(self.germany.packstation_layout, "company")

    def test_own_value_stays_when_the_default_changes(self):
        self.germany.vcs_enabled = True
        self.assertFalse(self.germany.inherit_fba)
        self.defaults.import_fba = False
        self.assertTrue(self.germany.import_fba)
        self.assertFalse(self.france.import_fba)

    def test_switch_goes_for_its_group_alone(self):
        self.germany.inherit_fba = False
        self.defaults.write({"import_prime": False, "import_fba": False})
        self.assertFalse(self.germany.import_prime)
        self.assertTrue(self.germany.import_fba)

    def test_switching_on_again_takes_what_is_above(self):
        self.germany.import_mfn = False
        self.germany.inherit_mfn = True
        self.assertTrue(self.germany.import_mfn)

    def test_connection_stands_between_defaults_and_marketplace(self):
        self.connection.mfn_from = "2026-10-01"
        self.defaults.mfn_from = "2026-01-01"
        self.assertEqual(str(self.france.mfn_from), "2026-10-01")

    def test_new_record_with_one_value_of_its_own_starts_from_the_rest_above(self):
        self.defaults.import_prime = False
        line = self.env["amazon.b2b.marketplace"].create(
            {
                "connection_id": self.connection.id,
                "code": "APJ6JRA9NG5V4",
                "name": "Amazon.it",
                "mfn_from": "2026-02-01",
            }
        )
        self.assertFalse(line.inherit_mfn or line.import_prime)
        self.assertTrue(line.import_mfn)

    def test_form_locks_the_group_until_its_switch_is_off(self):
        with Form(self.germany) as form:
            with self.assertRaisesRegex(AssertionError, "readonly"):
                form.import_mfn = False
            form.inherit_mfn = False
            form.import_mfn = False
        self.assertFalse(self.germany.import_mfn)
        self.assertTrue(self.france.import_mfn)

    def test_marketplace_of_another_company_takes_that_companys_warehouse(self):
        other = self.env["res.company"].create({"name": "France"})
        warehouses = self.env["stock.warehouse"]
        warehouse = warehouses.search([("company_id", "=", other.id)], limit=1)
        warehouse = warehouse or warehouses.create(
            {"name": "Paris", "code": "PAR", "company_id": other.id}
        )
        team = self.env["crm.team"].create({"name": "Ours", "company_id": False})
        self.connection.team_id = team
        self.france.company_id = other
        self.assertEqual(self.france.warehouse_id, warehouse)
        self.assertFalse(self.france.team_id)
        self.assertEqual(self.germany.team_id, team)
        self.assertEqual(self.germany.warehouse_id.company_id, self.env.company)

    def test_responsible_comes_from_the_connection(self):
        other = self.env.ref("base.user_admin")
        self.connection.user_id = other
        self.assertEqual(self.germany.user_id, other)

    def test_marketplace_is_found_by_its_code(self):
        self.assertEqual(self.connection._marketplace(GERMANY), self.germany)
        self.assertFalse(self.connection._marketplace("A1"))

    def test_marketplace_cannot_stand_twice(self):
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self.germany.copy()

    def test_vendor_needs_an_edi_id_and_a_seller_none(self):
        self.assertFalse(self.connection.own_edi_id)
        self.assertFalse(self.connection.message_type_ids)
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self.env["amazon.b2b.connection"].create({"name": "V", "kind": "vendor"})

    def test_home_marketplace_gives_the_region(self):
        self.assertEqual(self.connection.region, "eu")
        self.assertEqual(
            self.make_seller(home_marketplace="ATVPDKIKX0DER").region, "na"
        )

    def test_regions_cannot_be_mixed(self):
        with self.assertRaisesRegex(UserError, "not in the region"):
            self.connection.region = "na"

    def test_sandbox_is_a_test_connection(self):
        sandbox = self.make_seller(is_sandbox=True)
        self.assertTrue(sandbox.is_test)
        self.assertEqual(sandbox.environment, "Sandbox")

    def test_what_was_authorised_cannot_be_changed(self):
        self.authorise()
        for name, value in {
            "home_marketplace": FRANCE,
            "region": "na",
            "is_sandbox": True,
            "seller_id": "A2OTHER",
        }.items():
            with self.subTest(name), self.assertRaises(UserError):
                self.connection[name] = value

    def test_account_is_active_once_in_a_region(self):
        self.authorise()
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self.make_seller(seller_id=self.connection.seller_id)
            self.env.flush_all()

    def test_account_in_another_region_is_warned_of(self):
        self.authorise()
        other = self.make_seller(
            name="Amazon US",
            home_marketplace="ATVPDKIKX0DER",
            seller_id=self.connection.seller_id,
        )
        self.assertIn("Amazon Europe", other.seller_id_warning)

    def test_amazons_warehouse_belongs_to_the_company(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        location = self.env["stock.location"].create(
            {"name": "FBA", "usage": "internal", "company_id": other.id}
        )
        with self.assertRaises(UserError):
            self.germany.write(
                {"fba_is_shipped": False, "fba_location_id": location.id}
            )

    def test_another_company_sees_nothing(self):
        self.authorise()
        self.connection._observe(
            spapi.Call("getOrder", 200, 0.1, 10, "r", None, 0, 1, "")
        )
        other = self.env["res.company"].create({"name": "Elsewhere"})
        manager = new_test_user(
            self.env,
            "elsewhere",
            groups="amazon_b2b_connector.group_manager",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        for model in ("marketplace", "seller.defaults", "call", "connection"):
            with self.subTest(model):
                records = self.env[f"amazon.b2b.{model}"]
                self.assertTrue(records.search([]))
                self.assertFalse(records.with_user(manager).search([]))

    def test_neutralised_copy_keeps_no_token_and_no_secret(self):
        self.authorise()
        self.env["amazon.b2b.consent"]._open(self.connection)
        self.env.flush_all()
        with file_open("amazon_b2b_connector/data/neutralize.sql") as script:
            self.env.cr.execute(script.read())
        self.env.invalidate_all()
        self.assertFalse(self.connection.sudo().sealed_refresh_token)
        self.assertFalse(self.connection.token_tail)
        self.assertEqual(self.connection.authorisation_state, "none")
        self.assertFalse(self.application.sudo().sealed_secret)
        for table in ("access_token", "consent"):
            self.env.cr.execute(f"SELECT 1 FROM amazon_b2b_{table}")
            self.assertFalse(self.env.cr.fetchall())
