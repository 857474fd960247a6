from decimal import Decimal

from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .. import edi
from .acknowledging import AcknowledgeCase
from .common import purchase_order
from .invoice_common import BILL_TO, REMIT_TO, TERMS


@tagged("post_install", "-at_install")
class TestTestPaper(AcknowledgeCase):
    """Amazon tests every message type, on orders that are never shipped here."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.vendor_code.write({**BILL_TO, **REMIT_TO, **TERMS})
        station = cls.env["amazon.b2b.station"]
        cls.connection.write(
            {
                "own_station_id": station.create(
                    {"name": "Us", "kind": "own", "as2_id": "US"}
                ).id,
                "partner_station_id": station.create(
                    {"name": "Amazon", "kind": "partner", "as2_id": "AMZ"}
                ).id,
            }
        )
        paper = purchase_order(*cls.two_lines(), number="T0000001")
        document = cls.receive(paper, is_test=True)
        document._work()
        cls.order = document.sale_order_id

    def wizard(self, order=None, **values):
        action = self.env.ref("amazon_b2b_connector.amazon_b2b_test_paper_action")
        wizards = self.env[action.res_model]
        order = order or self.order
        with Form(wizards.with_context(default_order_id=order.id)) as form:
            for name, value in {"scac": "ODFL", **values}.items():
                setattr(form, name, value)
        return form.record

    def send(self, **values):
        action = self.wizard(**values).action_send()
        return self.env[action["res_model"]].browse(action["res_id"])

    def acknowledge(self):
        self.order._amazon_b2b_acknowledge(
            {self.order.id: {1: self.answer(6), 2: self.answer(0)}}
        )

    def assertOnlyTold(self, document):
        """It leaves as a test, and nothing in Odoo comes of it."""
        self.assertTrue(document.is_test)
        self.assertEqual(document.state, "ready")
        self.assertFalse(document._standing())
        self.assertEqual(self.order.state, "draft")
        self.assertFalse(self.order.picking_ids | document.picking_id)
        self.assertFalse(self.order.invoice_ids | document.move_id)

    def test_ship_notice_names_what_was_accepted(self):
        self.acknowledge()
        document = self.send(transport_mode="LT", bill_of_lading="ABCD5-000123")
        self.assertOnlyTold(document)
        paper = document._paper()
        self.assertEqual(document.number, "T0000001S1")
        (carton,) = paper.containers
        self.assertEqual(
            [(item.line_number, item.quantity) for item in carton.items],
            [("1", Decimal(6))],
        )
        self.assertEqual((paper.ship_to.code, paper.scac), ("PHX3", "ODFL"))
        self.assertFalse(edi.check(paper, "005010"))

    def test_invoice_is_of_what_was_accepted(self):
        self.acknowledge()
        document = self.send(kind="invoice")
        self.assertOnlyTold(document)
        paper = document._paper()
        self.assertEqual((paper.total, paper.number), (57, "T0000001I1"))
        self.assertEqual(paper.bill_to.city, "Seattle")
        self.assertEqual(self.wizard(kind="invoice").number, "T0000001I2")

    def test_order_that_was_not_acknowledged_has_none(self):
        with self.assertRaisesRegex(UserError, "Acknowledge .* first"):
            self.send()

    def test_real_order_has_none(self):
        order = self.make_order()
        order._amazon_b2b_acknowledge()
        with self.assertRaisesRegex(UserError, "is no test order"):
            self.wizard(order).action_send()
