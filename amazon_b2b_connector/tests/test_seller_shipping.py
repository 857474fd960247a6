from unittest.mock import patch

from odoo.exceptions import ConcurrencyError
from odoo.tools import mute_logger

from . import selling
from .selling import SellerCase


class TestSellerShipping(SellerCase):
    """Which delivery method an order takes, as Amazon's shipping option says."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.options = cls.env["amazon.b2b.shipping.option"]
        cls.options._add_all(cls.connection)
        cls.parcel, cls.express, cls.bike = (
            cls.env["delivery.carrier"].create(
                {
                    "name": name,
                    "product_id": cls.env["product.product"]
                    .create({"name": name, "type": "service"})
                    .id,
                }
            )
            for name in ("Parcel", "Express", "Bike")
        )

    def option(self, kind, code=False):
        return self.options.search(
            [
                ("connection_id", "=", self.connection.id),
                ("kind", "=", kind),
                ("code", "=", code),
            ]
        )

    def carrier_of(self, level):
        return self.take(selling.order(level=level)).sale_order_id.carrier_id

    def test_every_option_of_the_orders_api_is_there(self):
        self.assertEqual(
            set(self.options.search([("kind", "=", "level")]).mapped("code")),
            {
                "EXPEDITED",
                "FREE_ECONOMY",
                "NEXT_DAY",
                "PRIORITY",
                "SAME_DAY",
                "SECOND_DAY",
                "SCHEDULED",
                "STANDARD",
            },
        )

    def test_a_level_has_its_method_and_the_others_the_default(self):
        self.option("level", "NEXT_DAY").carrier_id = self.express
        self.option("default").carrier_id = self.parcel
        self.assertEqual(self.carrier_of("NEXT_DAY"), self.express)
        self.assertEqual(self.carrier_of("STANDARD"), self.parcel)

    def test_the_delivery_has_the_method(self):
        self.option("default").carrier_id = self.parcel
        order = self.take(selling.order()).sale_order_id
        self.assertEqual(order.picking_ids.carrier_id, self.parcel)

    def test_a_new_option_adds_itself_and_takes_the_default(self):
        self.option("default").carrier_id = self.parcel
        self.assertEqual(self.carrier_of("BY_PIGEON"), self.parcel)
        self.assertEqual(self.option("level", "BY_PIGEON").name, "By pigeon")

    def test_a_text_of_the_reports_finds_its_level(self):
        self.option("level", "EXPEDITED").carrier_id = self.express
        text = self.options.create(
            {"connection_id": self.connection.id, "code": "x", "name": "x"}
        )
        self.assertFalse(text.effective_carrier_id)
        (known,) = self.options._add_new([(self.connection, "text", "Exp DE Dom_1")])
        self.assertEqual(known.level, "EXPEDITED")
        self.assertEqual(known.effective_carrier_id, self.express)
        known.carrier_id = self.bike
        self.assertEqual(known.effective_carrier_id, self.bike)

    def test_a_change_reaches_waiting_orders_with_the_synchronisation(self):
        self.option("default").carrier_id = self.parcel
        waiting = self.take(selling.order()).sale_order_id
        begun = self.take(selling.order()).sale_order_id
        begun.picking_ids.move_ids.write({"quantity": 1, "picked": True})
        self.option("default").carrier_id = self.bike
        self.assertEqual(waiting.carrier_id, self.parcel)
        self.connection._apply_shipping_options()
        self.assertEqual(waiting.carrier_id, self.bike)
        self.assertEqual(waiting.picking_ids.carrier_id, self.bike)
        self.assertEqual(begun.carrier_id, self.parcel)

    def test_what_a_person_chose_stays_where_nothing_is_mapped(self):
        order = self.take(selling.order()).sale_order_id
        order.carrier_id = self.bike
        self.connection._apply_shipping_options()
        self.assertEqual(order.carrier_id, self.bike)

    def test_gift_wrap_is_a_service_that_makes_no_parcel(self):
        wrap = self.env["product.product"].create({"name": "Paper", "type": "service"})
        self.option("gift_wrap").product_id = wrap
        item = selling.item(charges={"GIFT_WRAP": ("2.38", "0.38")})
        order = self.take(selling.order(item)).sale_order_id
        self.assertIn(wrap, order.order_line.product_id)
        self.assertEqual(order.picking_ids.move_ids.product_id, self.product)
        self.assertEqual(order.amount_total, 14.28)

    def test_gift_wrap_has_no_delivery_method(self):
        self.option("default").carrier_id = self.parcel
        self.assertEqual(
            self.option("level", "STANDARD").effective_carrier_id, self.parcel
        )
        self.assertFalse(self.option("gift_wrap").effective_carrier_id)

    def test_shipping_is_charged_as_the_service_of_the_method(self):
        self.option("default").carrier_id = self.parcel
        item = selling.item(charges={"SHIPPING": ("3.57", "0.57")})
        order = self.take(selling.order(item)).sale_order_id
        self.assertIn(self.parcel.product_id, order.order_line.product_id)
        self.assertEqual(order.amount_total, 15.47)

    def test_the_gift_message_is_on_the_delivery(self):
        item = selling.item()
        option = {"giftMessage": "Happy birthday", "giftWrapLevel": "classic"}
        item["fulfillment"]["packing"] = {"giftOption": option}
        order = self.take(selling.order(item)).sale_order_id
        self.assertEqual(order.picking_ids.amazon_b2b_gift_message, "Happy birthday")

    def test_option_that_another_worker_adds_just_now_is_a_conflict(self):
        """Its row is invisible to this transaction, and stands all the same."""
        document = self.receive(selling.order(level="SAME_DAY"))
        papers = {document: document._paper()}
        blind = patch.object(type(self.options), "search", lambda self, *a, **k: self)
        with (
            blind,
            mute_logger("odoo.sql_db"),
            self.assertRaises(ConcurrencyError),
            self.env.cr.savepoint(),
        ):
            self.options._of_papers(papers)
