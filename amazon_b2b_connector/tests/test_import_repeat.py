from datetime import date
from decimal import Decimal
from unittest.mock import patch

from odoo.exceptions import ConcurrencyError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .. import edi
from .common import AmazonCase, order_line, purchase_order


@tagged("post_install", "-at_install")
class TestImportRepeat(AmazonCase):
    """The same purchase order number again."""

    def assertChange(self, paper, *texts):
        original = self.import_order()
        document = self.receive(paper)
        document._work()
        self.assertHeld(document, "change", *texts)
        self.assertEqual(document.origin_id, original)
        self.assertEqual(self.orders(), original.sale_order_id)

    def orders(self):
        return self.env["sale.order"].search([("amazon_b2b_number", "=", "4Z1PHX3A")])

    def test_equal_order_is_a_duplicate(self):
        original = self.import_order()
        duplicate = self.import_order()
        self.assertEqual(duplicate.state, "ignored")
        self.assertIn(original.sale_order_id.name, duplicate.reason)
        self.assertEqual(duplicate.origin_id, original)
        self.assertEqual(duplicate.sale_order_id, original.sale_order_id)
        self.assertEqual(self.orders(), original.sale_order_id)

    def test_twice_in_one_batch_is_one_order(self):
        documents = self.receive(purchase_order(), purchase_order(promotion="P"))
        documents._work()
        self.assertEqual(documents.mapped("state"), ["done", "held"])
        self.assertEqual(self.orders(), documents[0].sale_order_id)

    def test_other_connection_imports_nothing_twice(self):
        original = self.import_order()
        self.connection.active = False
        other = self.make_connection(name="Moved")
        self.make_vendor_code(connection_id=other.id)
        duplicate = self.import_order()
        self.assertEqual(duplicate.state, "ignored", duplicate.reason)
        self.assertEqual(duplicate.origin_id, original)

    def test_other_vendor_codes_number_is_another_order(self):
        self.import_order()
        self.make_vendor_code("WXYZ9")
        document = self.import_order(vendor_code="WXYZ9")
        self.assertEqual(document.state, "done", document.reason)
        self.assertEqual(len(self.orders()), 2)

    def test_test_order_does_not_hide_the_real_one(self):
        test = self.receive(purchase_order(), is_test=True)
        test._work()
        document = self.import_order()
        self.assertEqual(document.state, "done", document.reason)
        self.assertEqual(len(self.orders()), 2)

    def test_changed_window_is_named(self):
        self.assertChange(
            purchase_order(deliver_not_after=date(2031, 3, 17)),
            "deliver not after 2031-03-10 → 2031-03-17",
        )

    def test_changed_fulfilment_centre_is_named(self):
        party = edi.Party(role="ST", code="ONT8", code_qualifier="92")
        self.assertChange(
            purchase_order(ship_to=party), "fulfilment centre PHX3 → ONT8"
        )

    def test_changed_quantity_and_price_are_named_with_their_line(self):
        self.assertChange(
            purchase_order(order_line(quantity=Decimal(6), price=Decimal("9.10"))),
            "line 1: quantity 10 → 6",
            "line 1: price 9.50 → 9.10",
        )

    def test_added_and_removed_lines_are_named(self):
        self.assertChange(
            purchase_order(order_line(number="2")),
            "line 1 is gone (10 EA)",
            "line 2 is new: 10 EA of UP 012345678905",
        )

    def test_cancellation_is_named(self):
        self.assertChange(purchase_order(purpose="01"), "cancellation (BEG01 01)")

    def test_equal_numbers_written_otherwise_are_no_change(self):
        self.import_order()
        document = self.import_order(order_line(price=Decimal("9.5")))
        self.assertEqual(document.state, "ignored", document.reason)

    def test_confirmed_replacement_without_differences_is_a_duplicate(self):
        self.import_order()
        self.assertEqual(self.import_order(purpose="05").state, "ignored")

    def test_replacement_of_an_unknown_order_is_imported(self):
        self.assertEqual(self.import_order(purpose="05").state, "done")

    def test_cancellation_of_an_unknown_order_is_held(self):
        document = self.import_order(purpose="01")
        self.assertHeld(document, "change", "never came")
        self.assertFalse(self.orders())
        with self.assertRaises(UserError):
            document.action_solve()

    def test_change_opens_the_order_and_can_be_set_aside(self):
        original = self.import_order()
        document = self.import_order(promotion="P")
        self.assertEqual(document.action_solve()["res_id"], original.sale_order_id.id)
        document.action_ignore()
        self.assertEqual(document.state, "ignored")

    def test_change_processed_again_is_judged_again(self):
        self.import_order()
        document = self.import_order(promotion="P")
        document.action_process_again()
        document._work()
        self.assertHeld(document, "change")

    @mute_logger("odoo.sql_db")
    def test_order_that_another_worker_just_made_is_tried_again(self):
        """Its row is invisible in our snapshot, as when two arrive at once: only the
        database's unique index sees both."""
        self.import_order()
        document = self.receive(purchase_order())
        documents = type(document)
        with (
            patch.object(documents, "_originals", lambda self: {}),
            self.assertRaises(ConcurrencyError),
            self.env.cr.savepoint(),
        ):
            document._work()
        self.assertEqual(len(self.orders()), 1)
