from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, new_test_user, tagged

from .exchange import ExchangeMixin, purchase_order

# what an Amazon User may do with each model, and what a Manager may do besides:
# c(reate), r(ead), w(rite), u(nlink)
RIGHTS = {
    "amazon.b2b.edi.id": ("r", "crwu"),
    "amazon.b2b.station": ("r", "crwu"),
    "amazon.b2b.certificate": ("r", "crwu"),
    "amazon.b2b.connection": ("r", "crwu"),
    "amazon.b2b.message.type": ("r", "crwu"),
    "amazon.b2b.vendor.code": ("r", "crwu"),
    "amazon.b2b.numbering": ("r", "crwu"),
    "amazon.b2b.acknowledgement.code": ("r", "crwu"),
    "amazon.b2b.warehouse.code": ("crw", "crwu"),
    "amazon.b2b.product.mapping": ("crw", "crwu"),
    "amazon.b2b.shipping.mapping": ("crw", "crwu"),
    "amazon.b2b.tax.mapping": ("crw", "crwu"),
    "amazon.b2b.transmission": ("r", "r"),
    "amazon.b2b.interchange": ("r", "r"),
    "amazon.b2b.document": ("rw", "rw"),
    "amazon.b2b.secret": ("", "crwu"),
    "amazon.b2b.read.file": ("", "crwu"),
    "amazon.b2b.test.message": ("", "crwu"),
    "amazon.b2b.go.live": ("", "crwu"),
    "amazon.b2b.marketplace": ("r", "rwu"),
    "amazon.b2b.seller.defaults": ("r", "crwu"),
    "amazon.b2b.application": ("", "rw"),
    "amazon.b2b.call": ("r", "r"),
    "amazon.b2b.access.token": ("", ""),
    "amazon.b2b.consent": ("", ""),
    "amazon.b2b.rate.bucket": ("", ""),
    "amazon.b2b.seller.token": ("", "crwu"),
    "amazon.b2b.client.secret": ("", "crwu"),
    "amazon.b2b.import.order": ("crwu", "crwu"),
    "amazon.b2b.read.again": ("crwu", "crwu"),
    "amazon.b2b.ship.anyway": ("", ""),
    "amazon.b2b.report": ("r", "r"),
    "amazon.b2b.reconciliation": ("r", "r"),
    "amazon.b2b.reconciliation.line": ("r", "r"),
    "amazon.b2b.catch.up": ("", "crwu"),
}
OPERATIONS = {"c": "create", "r": "read", "w": "write", "u": "unlink"}


@tagged("post_install", "-at_install")
class TestSecurity(ExchangeMixin, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_exchange()
        cls.user = new_test_user(
            cls.env, "amazon_user", groups="amazon_b2b_connector.group_user"
        )
        cls.manager = new_test_user(
            cls.env, "amazon_manager", groups="amazon_b2b_connector.group_manager"
        )
        cls.nobody = new_test_user(cls.env, "nobody", groups="base.group_user")

    def rights(self, user, model):
        access = self.env[model].with_user(user)
        return {
            letter
            for letter, operation in OPERATIONS.items()
            if access.has_access(operation)
        }

    def test_rights_on_every_table(self):
        for model, (user, manager) in RIGHTS.items():
            with self.subTest(model=model):
                self.assertEqual(self.rights(self.user, model), set(user))
                self.assertEqual(self.rights(self.manager, model), set(manager))
                self.assertEqual(self.rights(self.nobody, model), set())

    def test_every_model_of_ours_has_rights_and_a_place_in_a_test(self):
        """A model without a row of rights would be open to nobody, or forgotten."""
        models = self.env["ir.model"].search([("model", "=like", "amazon.b2b.%")])
        for model in models.filtered(lambda m: not m.abstract):
            with self.subTest(model=model.model):
                self.assertTrue(model.access_ids)

    def test_every_table_with_a_company_is_ruled_by_it(self):
        models = self.env["ir.model"].search([("model", "=like", "amazon.b2b.%")])
        for model in models:
            table = self.env[model.model]
            if table._abstract or table._transient or "company_id" not in table:
                continue
            with self.subTest(model=model.model):
                self.assertTrue(model.rule_ids.filtered(lambda r: not r.groups))

    def test_nobody_writes_by_hand_what_a_document_says_or_how_far_it_got(self):
        document = self.arrive(purchase_order()).document_ids[-1:]
        for user in (self.user, self.manager):
            mine = document.with_user(user)
            for vals in (
                {"state": "done"},
                {"data": {}},
                {"is_record_maker": True},
                {"elsewhere_reason": "because"},
                {"is_test": not document.is_test},
            ):
                with self.subTest(user=user.login, vals=vals):
                    with self.assertRaises(AccessError):
                        mine.write(vals)
            mine.user_id = user
        document.state = "held"
        document.with_user(self.user).action_ignore()
        self.assertEqual(document.state, "ignored")
        with self.assertRaises(AccessError):
            document.with_user(self.nobody).action_process_again()

    def test_another_company_sees_nothing(self):
        self.arrive(purchase_order())
        other = self.env["res.company"].create({"name": "Elsewhere"})
        self.manager.write(
            {"company_ids": [Command.set(other.ids)], "company_id": other.id}
        )
        env = self.env(user=self.manager, context={"allowed_company_ids": other.ids})
        for model in (
            "amazon.b2b.station",
            "amazon.b2b.certificate",
            "amazon.b2b.connection",
            "amazon.b2b.vendor.code",
            "amazon.b2b.transmission",
            "amazon.b2b.document",
            "amazon.b2b.interchange",
        ):
            with self.subTest(model=model):
                self.assertFalse(env[model].search([]))
        with self.assertRaises(AccessError):
            self.connection.with_env(env).read(["name"])

    def test_private_key_is_readable_by_no_call(self):
        certificate = self.own_station.certificate_ids
        for user in (self.manager, self.env.ref("base.user_admin")):
            with self.assertRaises(AccessError):
                certificate.with_user(user).read(["sealed_key"])
            self.assertNotIn("sealed_key", certificate.with_user(user).fields_get())
            export = certificate.with_user(user)
            with self.assertRaises(AccessError):
                export.search([("sealed_key", "!=", False)])

    def test_private_key_is_encrypted_in_the_database(self):
        self.env.flush_all()
        self.env.cr.execute("SELECT sealed_key FROM amazon_b2b_certificate")
        stored = [key for (key,) in self.env.cr.fetchall() if key]
        self.assertTrue(stored)
        self.assertFalse([key for key in stored if "PRIVATE KEY" in key])

    def test_raw_bytes_are_readable_by_no_call(self):
        transmission = self.arrive(purchase_order())
        with self.assertRaises(AccessError):
            transmission.with_user(self.manager).read(["payload"])

    def test_manager_makes_a_key_without_system_rights(self):
        station = self.own_station.copy({"as2_id": "SECOND", "name": "Second"})
        wizard = self.env["amazon.b2b.secret"].with_user(self.manager)
        made = wizard.create({"station_id": station.id, "source": "generate"})
        self.assertTrue(made.certificate_id.has_key)
        self.assertTrue(station._identity().keys)

    def test_uploaded_key_is_forgotten_by_the_wizard(self):
        station = self.own_station.copy({"as2_id": "SECOND", "name": "Second"})
        key = self.own_key.to_pem() + self.own_key.certificate.to_pem()
        made = (
            self.env["amazon.b2b.secret"]
            .with_user(self.manager)
            .create(
                {
                    "station_id": station.id,
                    "source": "pem",
                    "file": self.transmissions._stored(key),
                }
            )
        )
        made.invalidate_recordset()
        self.assertFalse(made.file)
        self.assertEqual(
            made.certificate_id.fingerprint, self.own_key.certificate.fingerprint
        )

    def test_unreadable_key_is_said(self):
        with self.assertRaises(UserError):
            self.env["amazon.b2b.secret"].create(
                {
                    "station_id": self.own_station.id,
                    "source": "pem",
                    "file": self.transmissions._stored(b"no key"),
                }
            )

    def test_user_cannot_enter_keys(self):
        with self.assertRaises(AccessError):
            self.env["amazon.b2b.secret"].with_user(self.user).create(
                {"station_id": self.own_station.id}
            )

    def test_second_key_signs_from_its_date_on_and_the_old_one_still_decrypts(self):
        before = self.own_station._identity().keys[0]
        self.env["amazon.b2b.secret"].create({"station_id": self.own_station.id})
        keys = self.own_station._identity().keys
        self.assertEqual(len(keys), 2)
        self.assertNotEqual(
            keys[0].certificate.fingerprint, before.certificate.fingerprint
        )
        newest = self.own_station.certificate_ids.sorted("id")[-1]
        newest.use_from = "2099-01-01"
        self.assertEqual(
            self.own_station._identity().keys[0].certificate.fingerprint,
            before.certificate.fingerprint,
        )
