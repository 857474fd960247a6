from datetime import date

from odoo.tests import Form

from ..models.seller_settings import GROUPS
from .selling import SellerCase

SWITCHES = [f"inherit_{group}" for group in GROUPS]


class TestSellerLevels(SellerCase):
    """Every setting comes down from the company's defaults to the connection, and from
    there to the marketplace, as long as “Apply from default” is on."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.defaults = cls.company.amazon_b2b_seller_defaults_ids
        ours = {"company_id": cls.company.id}
        positions = cls.env["account.fiscal.position"]
        # none of them is what the setting is at first
        cls.others = {
            "import_mfn": False,
            "import_prime": False,
            "mfn_from": date(2026, 2, 1),
            "import_fba": False,
            "fba_is_shipped": False,
            "fba_from": date(2026, 3, 1),
            "vcs_enabled": True,
            "fba_location_id": cls.env["stock.location"].create(
                {"name": "FBA", "usage": "internal", **ours}
            ),
            "warehouse_id": cls.env["stock.warehouse"].create(
                {"name": "Second", "code": "SEC", **ours}
            ),
            "team_id": cls.env["crm.team"].create({"name": "Amazon", **ours}),
            "user_id": cls.env["res.users"].create(
                {
                    "name": "Mia",
                    "login": "mia",
                    "company_ids": cls.company.ids,
                    **ours,
                }
            ),
            "fiscal_position_id": positions.create({"name": "Abroad", **ours}),
            "ioss_fiscal_position_id": positions.create({"name": "IOSS", **ours}),
            "payment_term_id": cls.env["account.payment.term"].create(
                {"name": "Marketplace", **ours}
            ),
            "packstation_layout": "company",
            "erase_after_days": 12,
            "keep_pages_days": 13,
            "keep_reports_days": 14,
            "keep_calls_days": 15,
        }

    def test_every_setting_has_a_group_and_is_tried_here(self):
        settings = {
            name
            for name, field in self.env["amazon.b2b.seller.settings"]._fields.items()
            if field.compute and field.store
        }
        grouped = [name for names in GROUPS.values() for name in names]
        self.assertEqual(settings, set(grouped))
        self.assertEqual(len(settings), len(grouped))
        self.assertEqual(settings, set(self.others))

    def test_a_companys_default_reaches_connection_and_marketplace(self):
        for name, other in self.others.items():
            with self.subTest(name):
                self.assertNotEqual(self.marketplace[name], other)
                self.defaults[name] = other
                self.assertEqual(self.connection[name], other)
                self.assertEqual(self.marketplace[name], other)

    def test_what_the_connection_says_goes_before_the_companys_default(self):
        for name, other in self.others.items():
            with self.subTest(name):
                first = self.defaults[name]
                self.connection[name] = other
                self.assertEqual(self.marketplace[name], other)
                self.assertEqual(self.defaults[name], first)
                self.defaults[name] = first
                self.assertEqual(self.marketplace[name], other)

    def test_what_the_marketplace_says_is_for_it_alone(self):
        france = self.make_marketplace("A13V1IB3VIYZZH", "Amazon.fr", "base.fr")
        for name, other in self.others.items():
            with self.subTest(name):
                first = self.connection[name]
                self.marketplace[name] = other
                self.assertEqual(self.connection[name], first)
                self.assertEqual(france[name], first)

    def test_switched_on_again_every_group_takes_what_is_above(self):
        first = {name: self.connection[name] for name in self.others}
        self.marketplace.write(self.given())
        self.assertFalse(any(self.marketplace[name] for name in SWITCHES))
        for group, names in GROUPS.items():
            with self.subTest(group):
                self.marketplace[f"inherit_{group}"] = True
                for name in names:
                    self.assertEqual(self.marketplace[name], first[name])

    def given(self):
        return {
            name: getattr(other, "id", other) for name, other in self.others.items()
        }

    def test_every_field_is_locked_until_its_groups_switch_is_off(self):
        """Amazon's warehouse is shown where FBA orders move goods."""
        self.defaults.fba_is_shipped = False
        for record in (self.connection, self.marketplace):
            with Form(record) as form:
                for group, names in GROUPS.items():
                    shown = [name for name in names if name in form._view["fields"]]
                    for name in shown:
                        with (
                            self.subTest(name),
                            self.assertRaisesRegex(AssertionError, "readonly"),
                        ):
                            form[name] = self.others[name]
                    if shown:
                        form[f"inherit_{group}"] = False
                    for name in shown:
                        form[name] = self.others[name]
            for name in set(self.others) & set(form._view["fields"]):
                self.assertEqual(record[name], self.others[name])

    def test_a_responsible_of_its_own_stays_and_switches_the_group_off(self):
        ours, theirs = self.env.user, self.env.ref("base.user_admin")
        self.connection.user_id = ours
        self.assertEqual(self.marketplace.user_id, ours)
        self.marketplace.user_id = theirs
        self.assertFalse(self.marketplace.inherit_sales)
        self.connection.user_id = False
        self.assertEqual(self.marketplace.user_id, theirs)
        self.marketplace.inherit_sales = True
        self.assertFalse(self.marketplace.user_id)
