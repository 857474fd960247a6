from datetime import timedelta

from freezegun import freeze_time
from odoo import fields

from . import selling
from .selling import SellerCase

FRANCE = "A13V1IB3VIYZZH"


class TestSellerSwitches(SellerCase):
    """Which orders come in, as the settings of the marketplace say."""

    def judged_again(self, document):
        """The switch made it new by itself; it is worked."""
        self.assertEqual(document.state, "new")
        document._work()
        self.assertEqual(document.state, "done")

    def test_mfn_orders_stay_out_until_they_are_wanted(self):
        self.marketplace.import_mfn = False
        document = self.take(selling.order())
        self.assertEqual((document.state, document.reason_code), ("ignored", "switch"))
        self.marketplace.import_mfn = True
        self.judged_again(document)

    def test_prime_orders_have_a_switch_of_their_own(self):
        self.marketplace.import_prime = False
        prime, plain = self.take(selling.order(programs=["PRIME"]), selling.order())
        self.assertEqual((prime.state, plain.state), ("ignored", "done"))
        self.marketplace.import_prime = True
        self.judged_again(prime)

    def test_prime_orders_come_in_without_the_others(self):
        self.marketplace.import_mfn = False
        prime, plain = self.take(selling.order(programs=["PRIME"]), selling.order())
        self.assertEqual((prime.state, plain.state), ("done", "ignored"))

    def test_fba_orders_stay_out_until_they_are_wanted(self):
        self.marketplace.import_fba = False
        document = self.take(selling.order(by="AMAZON", status="SHIPPED"))
        self.assertEqual(document.reason_code, "switch")
        self.marketplace.import_fba = True
        self.judged_again(document)

    def test_a_marketplace_that_is_switched_off_imports_nothing(self):
        self.marketplace.is_enabled = False
        document = self.take(selling.order())
        self.assertEqual(document.reason_code, "switch")
        self.marketplace.is_enabled = True
        self.judged_again(document)

    def test_the_switches_of_the_company_reach_the_marketplace(self):
        defaults = self.company.amazon_b2b_seller_defaults_ids
        for setting, order in (
            ("import_mfn", selling.order()),
            ("import_prime", selling.order(programs=["PRIME"])),
            ("import_fba", selling.order(by="AMAZON", status="SHIPPED")),
        ):
            with self.subTest(setting):
                defaults[setting] = False
                document = self.take(order)
                self.assertEqual(document.reason_code, "switch")
                defaults[setting] = True
                self.env.flush_all()
                self.judged_again(document)

    def test_mfn_orders_count_from_the_date_of_purchase(self):
        self.marketplace.mfn_from = "2026-11-10"
        before = selling.order(created="2026-11-09T23:59:59Z")
        after = selling.order(created="2026-11-10T00:00:00Z")
        documents = self.take(before, after)
        self.assertEqual(documents.mapped("state"), ["ignored", "done"])
        self.marketplace.mfn_from = "2026-11-09"
        self.judged_again(documents[0])

    def test_prime_orders_count_from_the_date_of_mfn_orders(self):
        self.marketplace.mfn_from = "2026-11-10"
        prime = {"programs": ["PRIME"]}
        before = selling.order(created="2026-11-09T23:59:59Z", **prime)
        after = selling.order(created="2026-11-10T00:00:00Z", **prime)
        self.assertEqual(self.take(before, after).mapped("state"), ["ignored", "done"])

    def test_fba_orders_have_a_date_of_their_own(self):
        self.marketplace.fba_from = "2026-11-10"
        fba = selling.order(
            by="AMAZON", status="SHIPPED", created="2026-11-09T08:00:00Z"
        )
        mfn = selling.order(created="2026-11-09T08:00:00Z")
        documents = self.take(fba, mfn)
        self.assertEqual(documents.mapped("state"), ["ignored", "done"])
        self.marketplace.fba_from = "2026-11-09"
        self.judged_again(documents[0])

    def test_without_a_date_the_last_90_days_count(self):
        old = self.take(selling.order(created="2020-01-01T00:00:00Z"))
        self.assertEqual(old.reason_code, "switch")

    def test_an_order_that_is_here_is_kept_up_to_date_when_switched_off(self):
        order = selling.order()
        first = self.take(order)
        self.marketplace.import_mfn = False
        order["fulfillment"]["fulfillmentStatus"] = "CANCELLED"
        later = self.take(order)
        self.assertEqual(later.state, "done")
        self.assertEqual(first.sale_order_id.state, "cancel")

    def test_an_unknown_marketplace_is_held_until_it_is_there(self):
        document = self.take(selling.order(marketplace=FRANCE))
        self.assertEqual(
            (document.state, document.reason_code), ("held", "marketplace")
        )
        self.make_marketplace(FRANCE, "Amazon.fr", "base.fr")
        self.judged_again(document)

    def test_an_earlier_date_is_asked_for_again(self):
        poll = self.env["amazon.b2b.poll"].create(
            {
                "connection_id": self.connection.id,
                "first_start": "2026-11-10 00:00:00",
                "cursor": "2026-11-20 00:00:00",
            }
        )
        self.marketplace.write({"mfn_from": "2026-11-01", "fba_from": "2026-11-05"})
        self.assertEqual(str(poll.cursor), "2026-11-01 00:00:00")
        self.marketplace.fba_from = "2026-10-15"
        self.assertEqual(str(poll.cursor), "2026-10-15 00:00:00")

    def test_the_90_days_do_not_run_out_while_an_order_waits(self):
        placed = fields.Datetime.now() - timedelta(days=89)
        number = selling.order_number()
        versions = [
            selling.order(selling.item("NEW"), number=number, created=f"{placed}Z")
        ]
        first = self.take(*versions)
        self.assertEqual((first.state, first.reason_code), ("held", "product"))
        with freeze_time(fields.Datetime.now() + timedelta(days=30)):
            versions.append({**versions[0], "lastUpdatedTime": self.now()})
            later = self.take(versions[1])
            self.assertEqual((later.state, later.reason_code), ("held", "product"))
            self.make_product("NEW")
            self.judged_again(later)

    def now(self):
        return f"{fields.Datetime.now()}Z"

    def test_what_was_sold_in_another_shop_is_no_order_of_amazons(self):
        for channel in ({}, {"marketplaceId": selling.GERMANY}):
            order = selling.order(by="AMAZON", status="SHIPPED")
            order["salesChannel"] = {"channelName": "NON_AMAZON", **channel}
            document = self.take(order)
            self.assertEqual((document.state, document.reason_code), ("ignored", False))
            self.assertIn("another shop", document.reason)
