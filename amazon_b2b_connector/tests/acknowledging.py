"""Builders for the tests of acknowledging: orders that wait, answers, users."""

from decimal import Decimal

from odoo.tests import new_test_user

from ..models.acknowledgement_paper import Answer
from .common import AmazonCase, order_line

STOCK = 100


class AcknowledgeCase(AmazonCase):
    """Amazon's orders as they are imported, two products, codes by their meaning."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.toaster = cls.make_product("Toaster", barcode="4006381333931")
        codes = cls.env["amazon.b2b.acknowledgement.code"]
        cls.cancelled = codes._default("rejected", "temporarily_unavailable")
        cls.obsolete = codes._default("rejected", "obsolete")
        cls.later = codes._default("backordered")

    @classmethod
    def two_lines(cls):
        return (
            order_line(number="1", quantity=Decimal("10"), price=Decimal("9.50")),
            order_line(
                number="2",
                quantity=Decimal("4"),
                price=Decimal("20.00"),
                identifiers=[("EN", "4006381333931"), ("VN", "T 4/7")],
            ),
        )

    @classmethod
    def make_order(cls, *lines, **values):
        """An imported order with a kettle (10) and a toaster (4), or ``lines``."""
        document = cls.import_order(*(lines or cls.two_lines()), **values)
        assert document.state == "done", document.reason
        return document.sale_order_id

    @classmethod
    def set_stage(cls, stage):
        cls.connection._type("acknowledgement").state = stage

    @classmethod
    def answer(cls, accepted, rest_code=None, rest_date=None, scanned=0.0):
        return Answer(
            accepted=Decimal(str(accepted)),
            rest_code=rest_code or cls.cancelled,
            rest_date=rest_date,
            scanned=scanned,
        )

    @classmethod
    def stock_up(cls, *products, quantity=STOCK):
        location = cls.vendor_code.warehouse_id.lot_stock_id
        for product in products:
            product.is_storable = True
            cls.env["stock.quant"]._update_available_quantity(
                product, location, quantity
            )

    @classmethod
    def make_warehouse_user(cls, login="picker"):
        """Scans and acknowledges; has no rights in Sales at all."""
        return new_test_user(
            cls.env,
            login,
            groups="stock.group_stock_user,amazon_b2b_connector.group_user",
        )

    @classmethod
    def open_form(cls, order, user=None):
        """The acknowledgement that the button of ``order`` opens."""
        action = order.with_user(user or cls.env.user).action_amazon_b2b_acknowledge()
        record = cls.env[action["res_model"]].browse(action["res_id"])
        return record.with_user(user or cls.env.user)

    def said(self, document):
        """What a document says: {line number: [(code, quantity)]}."""
        return {
            line.number: [(d.code, d.quantity) for d in line.decisions]
            for line in document._paper().lines
        }
