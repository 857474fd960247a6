from odoo.exceptions import ConcurrencyError
from odoo.tools import mute_logger

from . import selling
from .selling import SellerCase


def buyer(email="k7@marketplace.amazon.de", **values):
    return {"buyerName": "Erika Beispiel", "buyerEmail": email, **values}


def at(**values):
    return {"deliveryAddress": selling.address(**values)}


def vat(number, country="DE"):
    return {
        "taxRegistrations": [
            {
                "entityType": "BUYER",
                "taxRegistrationType": "VAT",
                "taxRegistrationNumber": number,
                "taxRegistrationAddress": {"countryCode": country},
            }
        ]
    }


class TestSellerCustomers(SellerCase):
    """Who the customer is, and where it goes."""

    def orders(self, *orders):
        documents = self.take(*orders)
        self.assertEqual(
            set(documents.mapped("state")), {"done"}, documents.mapped("reason")
        )
        return [document.sale_order_id for document in documents]

    def test_the_same_buyer_is_one_customer(self):
        first, second = self.orders(
            selling.order(buyer=buyer()),
            selling.order(buyer=buyer("K7@Marketplace.amazon.de")),
        )
        self.assertEqual(first.partner_id, second.partner_id)
        (third,) = self.orders(selling.order(buyer=buyer()))
        self.assertEqual(first.partner_id, third.partner_id)

    def test_the_same_name_is_not_the_same_customer(self):
        first, second = self.orders(
            selling.order(buyer=buyer("a@marketplace.amazon.de")),
            selling.order(buyer=buyer("b@marketplace.amazon.de")),
        )
        self.assertNotEqual(first.partner_id, second.partner_id)

    def test_a_second_address_of_a_buyer_is_a_delivery_address(self):
        home, office, again = self.orders(
            selling.order(buyer=buyer()),
            selling.order(buyer=buyer(), recipient=at(addressLine1="Ringstraße 9")),
            selling.order(buyer=buyer(), recipient=at(addressLine1="RINGSTR. 9")),
        )
        self.assertEqual(home.partner_shipping_id, home.partner_id)
        self.assertEqual(office.partner_shipping_id.parent_id, home.partner_id)
        self.assertEqual(office.partner_shipping_id.type, "delivery")
        self.assertEqual(again.partner_shipping_id, office.partner_shipping_id)

    def test_a_buyer_of_another_company_is_not_shared(self):
        (order,) = self.orders(selling.order(buyer=buyer()))
        other = self.env["res.company"].create({"name": "Cups Ltd"})
        found = (
            self.env["res.partner"]
            .with_company(other)
            ._amazon_b2b_heads(
                [
                    self.env["res.partner"]._amazon_b2b_wanted(
                        self.marketplace,
                        order.amazon_b2b_seller_document_id._paper(),
                    )
                ]
            )
        )
        self.assertNotEqual(next(iter(found.values())), order.partner_id)

    def test_without_e_mail_the_marketplace_is_the_customer(self):
        first, second, same = self.orders(
            selling.order(buyer={}),
            selling.order(buyer={}, recipient=at(addressLine1="Ringstraße 9")),
            selling.order(buyer={}),
        )
        self.assertEqual(first.partner_id, second.partner_id)
        self.assertIn("Amazon.de", first.partner_id.name)
        self.assertEqual(first.partner_shipping_id.parent_id, first.partner_id)
        self.assertEqual(first.partner_shipping_id.name, "Erika Beispiel")
        self.assertNotEqual(first.partner_shipping_id, second.partner_shipping_id)
        self.assertEqual(first.partner_shipping_id, same.partner_shipping_id)

    def test_without_personal_data_nobody_is_made_up(self):
        (order,) = self.orders(
            selling.order(buyer={}, recipient={}, by="AMAZON", status="SHIPPED")
        )
        self.assertEqual(order.partner_shipping_id, order.partner_id)
        self.assertEqual(order.partner_id.amazon_b2b_marketplace_id, self.marketplace)

    def test_a_business_is_the_customer_with_its_vat_number(self):
        (order,) = self.orders(
            selling.order(
                buyer=buyer(
                    buyerCompanyName="Beispiel GmbH",
                    buyerPurchaseOrderNumber="PO-77",
                ),
                tax=vat("DE136695976"),
                programs=["AMAZON_BUSINESS"],
            )
        )
        self.assertTrue(order.partner_id.is_company)
        self.assertEqual(order.partner_id.name, "Beispiel GmbH")
        self.assertEqual(order.partner_id.vat, "DE136695976")
        self.assertEqual(order.partner_shipping_id.name, "Erika Beispiel")
        self.assertEqual(order.amazon_b2b_buyer_reference, "PO-77")
        self.assertTrue(order.amazon_b2b_is_business)

    def test_a_bad_vat_number_is_shown_and_holds_nothing(self):
        (order,) = self.orders(
            selling.order(
                buyer=buyer(buyerCompanyName="Beispiel GmbH"), tax=vat("DE000000001")
            )
        )
        self.assertFalse(order.partner_id.vat)
        self.assertEqual(order.partner_id.amazon_b2b_stated_vat, "DE000000001")

    def test_a_packing_station_takes_the_customer_number_in_the_address(self):
        (order,) = self.orders(
            selling.order(
                recipient=at(addressLine1="12345678", addressLine2="Packstation 145")
            )
        )
        place = order.partner_shipping_id
        self.assertEqual((place.street, place.street2), ("Packstation 145", "12345678"))
        self.assertEqual(
            place.amazon_b2b_raw_address, "Erika Beispiel\n12345678\nPackstation 145"
        )

    def test_a_packing_station_takes_the_customer_number_in_company(self):
        self.marketplace.packstation_layout = "company"
        (order,) = self.orders(
            selling.order(
                recipient=at(companyName="12345678", addressLine1="Packstation 145")
            )
        )
        place = order.partner_shipping_id
        self.assertEqual((place.street, place.street2), ("Packstation 145", False))
        self.assertEqual(place.company_name, "12345678")

    def test_state_and_country_are_odoos(self):
        address = at(countryCode="US", stateOrRegion="WA", postalCode="98101")
        free = selling.item(price="10.00", tax="0")
        (order,) = self.orders(selling.order(free, recipient=address))
        self.assertEqual(order.partner_shipping_id.state_id.code, "WA")
        self.assertEqual(order.partner_shipping_id.country_id.code, "US")

    def test_the_order_shows_the_vat_number_that_a_known_buyer_gives_later(self):
        first, later = self.orders(
            selling.order(buyer=buyer()),
            selling.order(buyer=buyer(), tax=vat("DE136695976")),
        )
        self.assertEqual(first.partner_id, later.partner_id)
        self.assertFalse(first.amazon_b2b_stated_vat)
        self.assertEqual(later.amazon_b2b_stated_vat, "DE136695976")
        (third,) = self.orders(
            selling.order(buyer=buyer("x@amazon.de")),
        )
        (fourth,) = self.orders(
            selling.order(buyer=buyer("x@amazon.de"), tax=vat("DE136695976"))
        )
        self.assertEqual(third.partner_id.vat, "DE136695976")
        (fifth,) = self.orders(
            selling.order(buyer=buyer("x@amazon.de"), tax=vat("DE000000001"))
        )
        self.assertEqual(third.partner_id.vat, "DE136695976")
        self.assertEqual(fifth.amazon_b2b_stated_vat, "DE000000001")
        self.assertEqual(fourth.partner_id, fifth.partner_id)

    def test_a_business_without_e_mail_shows_its_vat_number_on_the_order(self):
        (order,) = self.orders(
            selling.order(
                buyer={"buyerCompanyName": "Beispiel GmbH"}, tax=vat("DE136695976")
            )
        )
        self.assertEqual(order.partner_id.amazon_b2b_marketplace_id, self.marketplace)
        self.assertEqual(order.amazon_b2b_stated_vat, "DE136695976")

    def test_under_a_company_the_label_keeps_the_customer_number(self):
        self.marketplace.packstation_layout = "company"
        (order,) = self.orders(
            selling.order(
                buyer=buyer(buyerCompanyName="Beispiel GmbH"),
                recipient=at(addressLine1="Packstation 145", addressLine2="12345678"),
            )
        )
        label = order.partner_shipping_id._display_address()
        self.assertIn("Packstation 145", label)
        self.assertIn("12345678", label)

    def test_under_a_company_the_label_keeps_another_one(self):
        own, other = self.orders(
            selling.order(
                buyer=buyer(buyerCompanyName="Beispiel GmbH"),
                recipient=at(companyName="Beispiel GmbH"),
            ),
            selling.order(
                buyer=buyer(buyerCompanyName="Beispiel GmbH"),
                recipient=at(companyName="Muster KG", addressLine2="Hof"),
            ),
        )
        self.assertFalse(own.partner_shipping_id.street2)
        self.assertEqual(other.partner_shipping_id.street2, "Muster KG, Hof")

    def test_what_is_no_e_mail_address_is_none(self):
        (order,) = self.orders(selling.order(buyer=buyer("not told")))
        self.assertEqual(order.partner_id.amazon_b2b_marketplace_id, self.marketplace)

    def test_a_buyer_that_another_worker_makes_just_now_is_a_conflict(self):
        """Its row is invisible to this transaction, and stands all the same."""
        self.orders(selling.order(buyer=buyer()))
        document = self.receive(selling.order(buyer=buyer()))
        document._place_seller_orders()
        partners = self.env["res.partner"]
        want = partners._amazon_b2b_wanted(self.marketplace, document._paper())
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(ConcurrencyError),
            self.env.cr.savepoint(),
        ):
            partners._amazon_b2b_new([want])

    def test_a_buyer_is_merged_with_a_customer_of_the_same_address(self):
        (order,) = self.orders(selling.order(buyer=buyer()))
        typed = self.env["res.partner"].create(
            {
                "name": "Erika",
                "email": "k7@marketplace.amazon.de",
                "company_id": self.company.id,
            }
        )
        merge = self.env["base.partner.merge.automatic.wizard"].create({})
        merge._merge((order.partner_id | typed).ids, typed)
        self.assertEqual(order.partner_id, typed)
        self.assertTrue(typed.amazon_b2b_is_buyer)

    def test_a_copy_of_a_buyer_is_none(self):
        (order,) = self.orders(selling.order(buyer=buyer()))
        copy = order.partner_id.copy()
        self.assertFalse(copy.amazon_b2b_is_buyer)

    def test_many_orders_ask_for_customers_together(self):
        def queries(count):
            documents = self.receive(
                *(
                    selling.order(buyer=buyer(f"{count}-{n}@amazon.de"))
                    for n in range(count)
                )
            )
            papers = {d: d._paper() for d in documents}
            documents._place_seller_orders()
            self.env.flush_all()
            start = self.cr.sql_log_count
            self.env["res.partner"]._amazon_b2b_heads(
                [
                    self.env["res.partner"]._amazon_b2b_wanted(self.marketplace, paper)
                    for paper in papers.values()
                ]
            )
            self.env.flush_all()
            return self.cr.sql_log_count - start

        queries(2)
        few, many = queries(5), queries(40)
        self.assertLess(many - few, 35, "more than a query for each further customer")
