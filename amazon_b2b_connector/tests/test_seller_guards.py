from odoo import fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.orm.model_classes import add_to_registry
from odoo.tests import Form, TransactionCase, new_test_user, tagged
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from .seller_common import FRANCE, GERMANY, REFRESH, SELLER, SellerMixin

AMERICA = "ATVPDKIKX0DER"
SAID = {
    "authorisation_state": "ok",
    "authorisation_problem": "none",
    "authorised_date": False,
    "authorised_until": "2099-01-01",
    "token_tail": "0000",
    "missing_roles": False,
    "marketplaces_read": False,
}


@tagged("post_install", "-at_install")
class TestSellerGuards(SellerMixin, TransactionCase):
    """What nobody may write, whatever way he takes."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_seller()
        cls.manager = new_test_user(
            cls.env, "guarded", groups="amazon_b2b_connector.group_manager"
        )
        cls.line = cls.add_line(cls.connection, GERMANY)

    @classmethod
    def add_line(cls, connection, code, **values):
        return cls.env["amazon.b2b.marketplace"].create(
            {"connection_id": connection.id, "code": code, "name": code, **values}
        )

    def as_manager(self, records):
        return records.with_user(self.manager)

    def test_what_amazon_said_is_written_by_no_call(self):
        self.authorise()
        for name, value in SAID.items():
            with self.subTest(name), self.assertRaisesRegex(AccessError, "by hand"):
                self.as_manager(self.connection).write({name: value})

    def test_what_amazon_said_comes_with_no_new_connection(self):
        values = {"name": "New", "kind": "seller", "home_marketplace": GERMANY}
        for name, value in SAID.items():
            with self.subTest(name), self.assertRaisesRegex(AccessError, "by hand"):
                self.as_manager(self.connection).create({**values, name: value})

    def test_import_of_a_file_writes_it_neither(self):
        self.authorise()
        connections = self.as_manager(self.connection)
        found = connections.load(
            [".id", "authorised_date"], [[str(self.connection.id), "2020-01-01"]]
        )
        self.assertFalse(found["ids"])
        self.assertNotEqual(self.connection.authorised_date.year, 2020)

    def test_marketplace_stays_what_amazon_said_and_where_it_is(self):
        other = self.make_seller(name="Amazon US", home_marketplace=AMERICA)
        values = {
            "code": AMERICA,
            "connection_id": other.id,
            "is_participating": False,
            "currency_id": self.env.ref("base.USD").id,
        }
        for name, value in values.items():
            with self.subTest(name), self.assertRaisesRegex(AccessError, "by hand"):
                self.as_manager(self.line).write({name: value})
            with self.subTest(f"{name}, by the connection"):
                with self.assertRaisesRegex(AccessError, "by hand"):
                    command = Command.update(self.line.id, {name: value})
                    self.as_manager(self.connection).marketplace_ids = [command]

    def test_manager_switches_a_marketplace_off(self):
        self.as_manager(self.line).is_enabled = False
        self.assertFalse(self.line.is_enabled)

    def test_manager_of_the_lines_company_alone_changes_its_settings(self):
        other = self.env["res.company"].create({"name": "France"})
        line = self.add_line(self.connection, FRANCE, company_id=other.id)
        self.manager.write(
            {"company_ids": [Command.set(other.ids)], "company_id": other.id}
        )
        self.as_manager(line).write({"is_enabled": False, "import_mfn": False})
        self.assertFalse(line.is_enabled or line.import_mfn)
        with self.assertRaises(AccessError):
            self.as_manager(self.line).is_enabled = False

    def test_secrets_date_is_that_of_the_wizard(self):
        with self.assertRaisesRegex(AccessError, "by hand"):
            self.as_manager(self.application).secret_date = "2099-01-01"

    def test_region_of_known_marketplaces_stays(self):
        with self.assertRaisesRegex(ValidationError, "not in the region"):
            self.connection.write({"home_marketplace": AMERICA, "region": "na"})

    def test_sandbox_and_test_are_one(self):
        with self.assertRaisesRegex(ValidationError, "sandbox"):
            self.connection.is_test = True

    def test_copy_takes_nothing_of_the_authorisation_along(self):
        self.authorise()
        self.env["amazon.b2b.poll"]._add_missing()
        copy = self.as_manager(self.connection).copy()
        self.assertEqual(copy.authorisation_state, "none")
        for name in ("seller_id", "token_tail", "authorised_date", "marketplace_ids"):
            with self.subTest(name):
                self.assertFalse(copy[name])
        self.assertFalse(copy.poll_ids)
        self.assertFalse(copy.sudo().sealed_refresh_token)

    def test_archived_account_comes_back_only_if_no_other_has_it(self):
        self.authorise()
        self.connection.active = False
        self.authorise(self.make_seller(name="Second"))
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self.connection.active = True
            self.env.flush_all()

    def test_account_that_another_took_meanwhile_is_refused_with_words(self):
        other = self.make_seller(name="Second")
        self.authorise()
        with self.assertRaisesRegex(UserError, "connected already"):
            with mute_logger("odoo.sql_db"), self.env.cr.savepoint():
                self.authorise(other)

    def test_seller_id_is_spelled_as_amazon_does(self):
        self.connection.seller_id = f" {SELLER.lower()}\n"
        self.assertEqual(self.connection.seller_id, SELLER)
        self.connection._check_seller(SELLER)
        for _each in range(2):
            self.assertFalse(self.make_seller(seller_id=" ").seller_id)

    def add_order(self):
        return self.env["amazon.b2b.document"].create(
            {
                "direction": "in",
                "kind": "seller_order",
                "state": "done",
                "number": "302-1234567-1234567",
                "order_number": "302-1234567-1234567",
                "company_id": self.env.company.id,
                "connection_id": self.connection.id,
                "marketplace_id": self.line.id,
            }
        )

    def test_orders_from_before_the_account_was_known_are_its_orders(self):
        document = self.add_order()
        self.authorise()
        self.assertEqual(document.vendor_code, SELLER)

    def test_what_has_orders_is_not_deleted(self):
        self.add_order()
        for records in (self.line, self.connection):
            with (
                self.subTest(records._name),
                self.assertRaisesRegex(UserError, "has orders"),
            ):
                self.as_manager(records).unlink()

    def test_account_of_odoos_own_connector_is_warned_of(self):
        class Account(models.Model):
            _name = "amazon.account"
            _description = "Account of sale_amazon"
            _module = "sale_amazon"
            seller_key = fields.Char()

        registry = self.env.registry
        add_to_registry(registry, Account)
        self.addCleanup(registry["base"]._inherit_children.discard, "amazon.account")
        self.addCleanup(registry.models.pop, "amazon.account")
        registry._setup_models__(self.env.cr, [])
        registry.init_models(self.env.cr, ["amazon.account"], {"module": "x"})
        self.env["amazon.account"].create({"seller_key": SELLER})
        self.connection.seller_id = SELLER
        self.assertIn("Odoo's Amazon Connector", self.connection.seller_id_warning)
        self.connection.seller_id = "A2OTHER"
        self.assertFalse(self.connection.seller_id_warning)

    def test_token_typed_again_is_entered_too(self):
        values = {
            "connection_id": self.connection.id,
            "seller_id": SELLER,
            "refresh_token": REFRESH,
        }
        wizard = self.as_manager(self.env["amazon.b2b.seller.token"]).create(values)
        other = "Atzr|another-1111"
        answer = {"access_token": "Atza|x", "expires_in": 3600, "refresh_token": other}
        with self.answering("/auth/o2/token", (200, answer)):
            wizard.write({"refresh_token": other})
        self.assertEqual(self.connection.token_tail, "1111")
        with self.assertRaisesRegex(UserError, r"Atzr\|"):
            wizard.write({"refresh_token": "nonsense"})

    def test_client_secret_typed_again_is_sealed_too(self):
        secrets = self.as_manager(self.env["amazon.b2b.client.secret"])
        wizard = secrets.create({"secret": "first-aaaa"})
        wizard.write({"secret": "second-bbbb"})
        self.assertEqual(self.application.secret_tail, "bbbb")
        self.assertFalse(wizard.secret)

    # who is responsible

    def test_defaults_name_the_responsible_of_every_level(self):
        defaults = self.env.company.amazon_b2b_seller_defaults_ids
        self.assertEqual(self.connection.user_id, self.env.user)
        defaults.user_id = self.manager
        self.assertEqual(self.connection.user_id, self.manager)
        self.assertEqual(self.line.user_id, self.manager)
        self.assertEqual(self.make_seller(name="New").user_id, self.manager)
        defaults.user_id = False
        self.assertEqual(self.connection.user_id, self.manager)

    def test_own_responsible_stays(self):
        other = self.env.ref("base.user_admin")
        self.line.user_id = self.manager
        self.assertFalse(self.line.inherit_sales)
        self.connection.user_id = other
        self.assertEqual(self.line.user_id, self.manager)
        self.env.company.amazon_b2b_seller_defaults_ids.user_id = self.manager
        self.assertEqual(self.connection.user_id, other)

    def test_defaults_for_sellers_are_nothing_to_a_vendor(self):
        self.env.company.amazon_b2b_seller_defaults_ids.user_id = self.manager
        ids = self.env["amazon.b2b.edi.id"].create(
            {"qualifier": "ZZ", "identifier": "OURS", "company_id": self.env.company.id}
        )
        vendor = self.env["amazon.b2b.connection"].create(
            {"name": "Vendor", "kind": "vendor", "own_edi_id": ids.id}
        )
        self.assertEqual(vendor.user_id, self.env.user)

    def test_responsible_of_another_companys_line_works_there(self):
        other = self.env["res.company"].create({"name": "France"})
        self.connection.user_id = self.manager
        line = self.add_line(self.connection, FRANCE, company_id=other.id)
        self.assertFalse(line.user_id)
        self.manager.company_ids += other
        line.inherit_sales = False
        line.inherit_sales = True
        self.assertEqual(line.user_id, self.manager)

    def test_form_locks_the_responsible_with_its_group(self):
        with Form(self.connection) as form:
            with self.assertRaisesRegex(AssertionError, "readonly"):
                form.user_id = self.manager
            form.inherit_sales = False
            form.user_id = self.manager
        self.assertEqual(self.connection.user_id, self.manager)
