from datetime import date, datetime
from decimal import Decimal

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .. import edi
from .invoice_common import InvoiceCase, order_line


@tagged("post_install", "-at_install")
class TestInvoicePaper(InvoiceCase):
    """What an invoice says when it becomes Amazon's."""

    def assertReadsBack(self, paper):
        """Written as X12 and read again, nothing of it is lost."""
        envelope = edi.Envelope(
            sender="VENDOR",
            receiver="AMAZON",
            moment=datetime(2026, 11, 6, 12),
            interchange_control_number=1,
            group_control_number=1,
        )
        reading = edi.read(edi.write(envelope, [paper]))
        self.assertEqual([issue.text for issue in reading.all_issues], [])
        self.assertTrue(edi.same(paper, reading.messages[0].document))

    def test_it_repeats_what_amazon_wrote_and_what_the_vendor_code_says(self):
        invoice = self.bill(self.order(order_line(number="A7")))
        paper = invoice._amazon_b2b_invoice()
        self.assertEqual(
            (paper.number, paper.order_number, paper.order_date, paper.currency),
            (invoice.name, "4Z1PHX3A", date(2026, 11, 2), "USD"),
        )
        self.assertEqual((paper.date, paper.vendor_code), (date(2026, 11, 6), "ABCD5"))
        self.assertEqual(
            (paper.bill_to.role, paper.bill_to.name, paper.bill_to.postal_code),
            ("BT", "Amazon.com Services LLC", "98108"),
        )
        self.assertEqual(
            (paper.remit_to.role, paper.remit_to.street2), ("RI", "Suite 4")
        )
        self.assertEqual((paper.ship_to.role, paper.ship_to.code), ("ST", "PHX3"))
        self.assertEqual(
            paper.terms, edi.PaymentTerms(kind="01", basis="3", net_days=60)
        )
        self.assertEqual(
            paper.lines,
            (
                edi.InvoiceLine(
                    number="A7",
                    quantity=Decimal(10),
                    unit="EA",
                    price=Decimal("9.5"),
                    price_basis="PE",
                    identifiers=(edi.Identifier(qualifier="UP", value="012345678905"),),
                ),
            ),
        )
        self.assertEqual(paper.total, Decimal("95.00"))
        self.assertReadsBack(paper)

    def test_cases_stay_cases(self):
        self.map_product("UP", "012345678905", self.product, pack_size=12)
        order = self.order(
            order_line(
                quantity=Decimal(3), unit="CA", price=Decimal("114"), price_basis=""
            )
        )
        invoice = self.bill(order)
        paper = invoice._amazon_b2b_invoice()
        self.assertEqual(
            (paper.lines[0].quantity, paper.lines[0].unit, paper.lines[0].price),
            (Decimal(3), "CA", Decimal(114)),
        )
        self.assertEqual(paper.total, Decimal("342.00"))
        self.assertEqual(invoice._amazon_b2b_refusals(), [])

    def test_price_of_a_piece_is_invoiced_as_amazon_names_it(self):
        self.map_product("UP", "012345678905", self.product, pack_size=12)
        order = self.order(
            order_line(quantity=Decimal(3), unit="CA", price=Decimal("9.50"))
        )
        self.assertEqual(order.amount_untaxed, 342)
        said = order._amazon_b2b_out("acknowledgement")._paper().lines[0]
        invoice = self.bill(order)
        paper = invoice._amazon_b2b_invoice()
        for line in (said, paper.lines[0]):
            self.assertEqual(
                (line.quantity, line.unit, line.price, line.price_basis),
                (Decimal(3), "CA", Decimal("9.5"), "PE"),
            )
        self.assertEqual(paper.total, Decimal("342.00"))
        self.assertEqual(invoice._amazon_b2b_refusals(), [])
        self.assertReadsBack(paper)

    def test_another_unit_than_ordered_is_refused(self):
        invoice = self.bill(self.order(), post=False)
        invoice.invoice_line_ids.product_uom_id = self.env.ref("uom.product_uom_dozen")
        invoice.invoice_line_ids.price_unit = 9.5
        invoice.action_post()
        with self.assertRaisesRegex(UserError, "Invoice it in the order's unit"):
            invoice._amazon_b2b_invoice()

    def test_the_back_ordered_part_joins_its_line(self):
        order = self.order(shipped=False)
        line = order.order_line
        line.write({"product_uom_qty": 6, "price_unit": 9.5})
        line.copy(
            {
                "order_id": order.id,
                "product_uom_qty": 4,
                "price_unit": 9.5,
                "technical_price_unit": 0,
                "amazon_b2b_position": 1,
                "amazon_b2b_line_number": "1",
                "amazon_b2b_is_backorder": True,
            }
        )
        self.ship(order)
        paper = self.bill(order)._amazon_b2b_invoice()
        self.assertEqual([line.quantity for line in paper.lines], [Decimal(10)])

    def test_taxes_stand_on_the_lines_and_are_summed_up(self):
        tax = self.env["account.tax"].create(
            {
                "name": "8.25 %",
                "amount": 8.25,
                "type_tax_use": "sale",
                "amazon_b2b_kind": "ST",
            }
        )
        # 8.25 % of 3 × 9.99 and 7 × 1.11 are 2.4725… and 0.6410…
        order = self.order(
            order_line(quantity=Decimal(3), price=Decimal("9.99")),
            order_line(number="2", quantity=Decimal(7), price=Decimal("1.11")),
            taxes=tax,
        )
        invoice = self.bill(order)
        paper = invoice._amazon_b2b_invoice()
        self.assertEqual(
            [
                (tax.kind, tax.rate, tax.amount)
                for line in paper.lines
                for tax in line.taxes
            ],
            [
                ("ST", Decimal("8.25"), Decimal("2.47")),
                ("ST", Decimal("8.25"), Decimal("0.64")),
            ],
        )
        self.assertEqual(
            paper.taxes,
            (
                edi.Tax(
                    kind="ST",
                    rate=Decimal("8.25"),
                    amount=Decimal("3.11"),
                    base=Decimal("37.74"),
                ),
            ),
        )
        self.assertEqual(paper.total, Decimal("40.85"))
        self.assertReadsBack(paper)
        self.assertEqual(invoice._amazon_b2b_refusals(), [])

    def test_freight_is_a_charge_and_a_deduction_an_allowance(self):
        carrier = self.env["delivery.carrier"].create(
            {
                "name": "Truck",
                "product_id": self.make_product("Freight", type="service").id,
            }
        )
        order = self.order()
        order.set_delivery_line(carrier, 12.5)
        order.order_line.filtered("is_delivery").tax_ids = False
        invoice = self.bill(order, post=False)
        invoice.invoice_line_ids = [
            Command.create(
                {"name": "Promo*tion~ “été”", "price_unit": -5, "tax_ids": []}
            )
        ]
        invoice.action_post()
        paper = invoice._amazon_b2b_invoice()
        self.assertEqual(
            [(c.indicator, c.code, c.amount) for c in paper.charges],
            [("C", "D240", Decimal("12.50")), ("A", "C310", Decimal("5.00"))],
        )
        self.assertEqual(paper.charges[1].text, "Promo tion ete")
        self.assertEqual(paper.total, Decimal("102.50"))
        self.assertReadsBack(paper)
        self.assertEqual(invoice._amazon_b2b_refusals(), [])

    def test_the_charge_code_of_the_product_is_taken(self):
        pallets = self.make_product("Pallets", amazon_b2b_charge_code="F050")
        invoice = self.bill(self.order(), post=False)
        invoice.invoice_line_ids = [
            Command.create({"product_id": pallets.id, "price_unit": 8, "tax_ids": []})
        ]
        self.assertEqual(invoice._amazon_b2b_invoice().charges[0].code, "F050")

    def test_a_line_that_is_nothing_of_these_is_refused(self):
        invoice = self.bill(self.order(), post=False)
        invoice.invoice_line_ids = [
            Command.create({"name": "Engraving", "price_unit": 8, "tax_ids": []})
        ]
        invoice.action_post()
        self.assertRefused(invoice, "Engraving", "charge code")

    def test_a_taxed_charge_is_refused(self):
        invoice = self.bill(self.order(), post=False)
        invoice.invoice_line_ids = [
            Command.create(
                {
                    "name": "Rebate",
                    "price_unit": -8,
                    "tax_ids": self.company.account_sale_tax_id.ids,
                }
            )
        ]
        invoice.action_post()
        self.assertRefused(invoice, "Rebate", "carries a tax")

    def test_sections_and_notes_say_nothing(self):
        invoice = self.bill(self.order(), post=False)
        invoice.invoice_line_ids = [
            Command.create({"name": "Kitchen", "display_type": "line_section"}),
            Command.create({"name": "Thanks", "display_type": "line_note"}),
        ]
        self.assertEqual(len(invoice._amazon_b2b_invoice().lines), 1)

    def test_floats_become_the_decimals_that_were_meant(self):
        order = self.order(order_line(quantity=Decimal(3), price=Decimal("0.1")))
        order.order_line.price_unit = 0.1 + 0.2 - 0.2  # 0.10000000000000003
        paper = self.bill(order)._amazon_b2b_invoice()
        self.assertEqual(paper.lines[0].price, Decimal("0.1"))
        self.assertEqual(paper.total, Decimal("0.30"))

    def test_books_repeat_their_list_price(self):
        order = self.order(
            order_line(list_price=Decimal("19.99"), discount=Decimal("0.475"))
        )
        paper = self.bill(order)._amazon_b2b_invoice()
        self.assertEqual(
            (paper.lines[0].list_price, paper.lines[0].discount),
            (Decimal("19.99"), Decimal("0.475")),
        )
        self.assertReadsBack(paper)

    def test_addresses_are_written_in_what_x12_can_carry(self):
        self.vendor_code.write(
            {
                "remit_to_name": "Café Crème* SARL",
                "remit_to_code": "KW77",
                "bill_to_tax_number": "US123",
            }
        )
        paper = self.bill(self.order())._amazon_b2b_invoice()
        self.assertEqual(paper.remit_to.name, "Cafe Creme SARL")
        self.assertEqual(
            (paper.remit_to.code, paper.remit_to.code_qualifier), ("KW77", "92")
        )
        self.assertReadsBack(paper)
