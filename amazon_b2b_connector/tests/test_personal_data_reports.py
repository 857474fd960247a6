import base64

from . import reporting, selling
from .reporting import ReportMixin, invoicing, moment, shipment, shipping, total
from .selling import order_number
from .test_personal_data import (
    CANARIES,
    COMPANY,
    EMAIL,
    GIFT,
    INSTRUCTIONS,
    NAME,
    PHONE,
    PURCHASE,
    SECOND_STREET,
    STREET,
    VAT,
    PersonalDataCase,
)

TOWN, POSTCODE = "Qwyxtown", "9QWYX9"
ALL = (*CANARIES, TOWN, POSTCODE)
BUYER = {
    "buyer-name": NAME,
    "buyer-email": EMAIL,
    "buyer-phone-number": PHONE,
    "buyer-company-name": COMPANY,
    "purchase-order-number": PURCHASE,
    "recipient-name": NAME,
    "ship-address-1": STREET,
    "ship-address-2": "Qwyxdoor 4",
    "ship-city": TOWN,
    "ship-postal-code": POSTCODE,
    "ship-phone-number": PHONE,
    "delivery-instructions": INSTRUCTIONS,
    "gift-message-text": GIFT,
}
SHIPPED = {"order-status": "Shipped", "item-status": "Shipped"}


class TestNothingIsLeftOfReports(ReportMixin, PersonalDataCase):
    """A buyer whose orders come by reports, and is erased."""

    def bought(self, number=None, **status):
        """An order of the buyer and one of somebody else, in three reports each."""
        number, other = number or order_number(), order_number()
        tax = {"buyer-tax-registration-id": VAT, "buyer-company-name": COMPANY}
        place = {"ship-city": TOWN, "ship-postal-code": POSTCODE}
        order = {"purchase-order-number": PURCHASE}
        self.tell_status(total(number, **place, **order, **status), total(other))
        self.tell_shipping(shipping(number, **BUYER), shipping(other))
        documents = self.tell_invoicing(
            invoicing(number, **tax, **place), invoicing(other)
        )
        found = [(document.state, document.reason) for document in documents]
        self.assertEqual(found, [("done", False)] * 2)
        return documents.filtered(lambda d: d.number == number)

    def assertErased(self, document):
        for place in ("amazon_b2b_transmission.payload", "amazon_b2b_document.data"):
            self.assertIn(place, self.places(*ALL))
        document._erase("a test")
        self.assertEqual(self.places(*ALL), set())

    def test_of_an_order_in_three_reports(self):
        document = self.bought()
        hashes = document._family().mapped("content_hash")
        self.assertErased(document)
        self.assertEqual(document._family().mapped("content_hash"), hashes)
        kept = self.places("Erika Beispiel")
        self.assertIn("amazon_b2b_transmission.payload", kept, "the neighbour's stays")
        self.assertEqual(document.sale_order_id.amount_total, 11.90)

    def test_of_changes_repeats_and_what_is_held(self):
        document = self.bought()
        number = document.number
        self.tell_shipping(shipping(number, **BUYER | {"ship-address-1": "Wxyqlane 9"}))
        self.tell_shipping(shipping(number, **BUYER))
        picking = document.sale_order_id.picking_ids
        picking.move_ids.write({"quantity": 1, "picked": True})
        picking.button_validate()
        moved = BUYER | {"ship-address-1": SECOND_STREET}
        held = self.tell_shipping(shipping(number, **moved))
        self.assertEqual(held.reason_code, "change")
        bad = BUYER | {"quantity-purchased": NAME}
        self.tell_shipping(shipping(number, **bad))
        self.documents._tell()
        self.env.cr.precommit.run()
        self.assertErased(document)
        self.assertEqual(self.places("Wxyqlane"), set())

    def test_of_an_order_that_still_lacks_a_report(self):
        self.assertErased(self.tell_shipping(shipping(order_number(), **BUYER)))

    def test_of_an_order_that_amazon_ships(self):
        number = order_number()
        self.tell_shipments(shipment(number, "S1", **BUYER), shipment(order_number()))
        again = self.tell_shipments(
            shipment(number, "S1", **BUYER), shipment(number, "S2", **BUYER)
        )
        self.assertEqual(again.state, "done", again.reason)
        self.assertErased(again)
        later = self.tell_shipments(
            *(shipment(number, name, **BUYER) for name in ("S1", "S2", "S3"))
        )
        self.assertEqual((later.state, later.reason), ("done", False))
        self.assertEqual(later.sale_order_id.amount_total, 35.70)
        self.assertEqual(self.places(*ALL), set())

    def test_of_an_order_that_the_api_told_too(self):
        number = order_number()
        self.tell_shipping(shipping(number, **BUYER))
        item = selling.item(number="70000000000001")
        told = self.take(self.buyers_order(number=number, item=item))
        self.tell_invoicing(invoicing(number, **BUYER))
        self.assertErased(told)

    def test_what_is_only_compared_keeps_no_person(self):
        place = {"ship-city": TOWN, "ship-postal-code": POSTCODE}
        row = total(order_number(), **place, **{"purchase-order-number": PURCHASE})
        arrived = self.arrive(reporting.columns.ALL_BY_ORDER_DATE, row)
        self.assertEqual(self.places(*ALL), set())
        lines = self.env["amazon.b2b.reconciliation.line"].search([])
        self.assertIn(row["amazon-order-id"], lines.mapped("number"))
        arrived.action_decode_again()
        arrived._decode()
        self.assertEqual(arrived.state, "decoded")

    def test_of_a_file_in_the_character_set_of_windows(self):
        name = "Qwyxöl Größe"
        number = order_number()
        row = shipping(number, **BUYER | {"recipient-name": name})
        data = reporting.report(row, shipping(order_number())).decode()
        self.env["amazon.b2b.read.file"].create(
            {
                "connection_id": self.connection.id,
                "file": base64.b64encode(data.encode("cp1252")),
                "filename": "orders.txt",
            }
        ).action_apply()
        arrived = self.env["amazon.b2b.transmission"].search(
            [("connection_id", "=", self.connection.id)], order="id desc", limit=1
        )
        arrived._decode()
        document = arrived.document_ids.filtered(lambda d: d.number == number)
        self.assertEqual(document._paper().address.name, name)
        self.env["amazon.b2b.read.file"].search([]).unlink()
        arrived.document_ids.filtered(lambda d: d.state == "new")._work()
        document._erase("a test")
        self.assertEqual(self.places(*ALL, "Qwyx"), set())

    def test_after_their_time_the_scheduled_action_erases_them(self):
        document = self.bought(**SHIPPED)
        self.erase_due(days=29)
        self.assertFalse(document.erased_at)
        self.erase_due(days=32)
        self.assertTrue(document.erased_at)
        self.assertEqual(self.places(*ALL), set())

    def test_an_order_whose_address_was_erased_is_not_delivered_to_nowhere(self):
        for status, state in (({}, "held"), (SHIPPED, "done")):
            number = order_number()
            self.tell_shipping(shipping(number, **BUYER))
            self.tell_invoicing(invoicing(number))._erase("a test")
            document = self.tell_status(total(number, **status))
            self.assertEqual(document.state, state, document.reason)
            self.assertFalse(document.sale_order_id.picking_ids)

    def test_what_was_erased_does_not_come_back_by_a_report(self):
        document = self.bought(**SHIPPED)
        number = document.number
        document._erase("a test")
        self.tell_shipping(shipping(number, **BUYER | {"ship-address-2": STREET}))
        self.tell_invoicing(invoicing(number, **BUYER))
        self.tell_status(
            total(
                number, **SHIPPED, **{"last-updated-date": moment(), "ship-city": TOWN}
            )
        )
        self.assertEqual(self.places(*ALL), set())
        self.assertTrue(all(document._family().mapped("erased_at")))
        self.assertFalse(any(document._family().mapped("needs_person")))
