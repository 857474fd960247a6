from datetime import timedelta
from decimal import Decimal

from odoo import fields
from odoo.tests import tagged

from .. import as2, edi, vault
from .invoice_common import BILL_TO, REMIT_TO, TERMS
from .shipping import CASE_UPC, ShippingCase

PO = (
    "ISA*00*          *00*          *ZZ*AMAZON         *01*VENDORTEST     "
    "*{today:%y%m%d}*1200*U*00401*{control:09d}*0*{usage}*>~"
    "GS*PO*AMAZON*VENDORTEST*{today:%Y%m%d}*1200*{control}*X*004010~"
    "ST*850*0001~BEG*00*NE*{number}**{today:%Y%m%d}~REF*CR*ABCD5~FOB*CC~CSH*{later}~"
    "DTM*064*{today:%Y%m%d}~DTM*063*{last:%Y%m%d}~N1*ST**92*PHX3~"
    "PO1*1*10*EA*9.5*PE*UP*012345678905~"
    "PO1*2*3*CA*9.5*PE*UK*10012345678902~CTT*2*13~"
    "{amount}SE*{count}*0001~GE*1*{control}~IEA*1*{control:09d}~"
)


class RoadCase(ShippingCase):
    """One connection with real stations: what goes out is really encoded."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.case = cls.make_product("Kettle, dozen", uom_id=cls.product.uom_id.id)
        cls.case.write({"is_storable": True, "weight": 1})
        cls.stock(cls.case, 1000)
        cls.map_product("UK", CASE_UPC, cls.case, pack_size=12)
        cls.vendor_code.write({**BILL_TO, **REMIT_TO, **TERMS})
        cls.env["amazon.b2b.origin"]._remember()
        for kind, as2_id in (("own", "VENDORTEST"), ("partner", "AMAZONTEST")):
            cls.connection[f"{kind}_station_id"] = cls.make_station(kind, as2_id)

    @classmethod
    def make_station(cls, kind, as2_id):
        key = as2.PrivateKey.generate(as2_id, days=30)
        station = cls.env["amazon.b2b.station"].create(
            {
                "name": as2_id,
                "kind": kind,
                "as2_id": as2_id,
                "url": kind == "partner" and "http://127.0.0.1:9/as2",
            }
        )
        certificate = cls.env["amazon.b2b.certificate"].create(
            {"station_id": station.id, "pem": key.certificate.to_pem().decode()}
        )
        if kind == "own":
            certificate.sealed_key = vault.seal(cls.env, key.to_pem())
        return station

    @classmethod
    def arrive(
        cls, number="4Z1PHX3A", control=1, usage="P", later="N", amount=None, **changes
    ):
        """Amazon's 850 as bytes, decoded and worked. Returns its document.

        :param amount: Amazon's total of the order, stated in AMT*TT where given
        :param changes: text of the paper and what it says instead
        """
        today = fields.Date.today()
        text = PO.format(
            number=number,
            control=control,
            usage=usage,
            later=later,
            amount=f"AMT*TT*{amount}~" if amount else "",
            count=12 + bool(amount),
            today=today,
            last=today + timedelta(days=10),
        )
        for old, new in changes.get("changes", {}).items():
            assert old in text
            text = text.replace(old, new)
        transmissions = cls.env["amazon.b2b.transmission"]
        transmission = transmissions._receive(
            {
                "transport": "file",
                "company_id": cls.company.id,
                "connection_id": cls.connection.id,
                **transmissions._payload_values(text.encode()),
            }
        )
        transmission._decode()
        document = cls.env["amazon.b2b.document"].search(
            [
                ("transmission_id", "=", transmission.id),
                ("kind", "=", "purchase_order"),
            ]
        )
        document._work()
        return document

    def run_outbox(self):
        """Encode what may go; returns what did."""
        documents = self.env["amazon.b2b.document"]
        waiting = documents.search(
            [
                ("direction", "=", "out"),
                ("state", "=", "ready"),
                ("transmission_id", "=", False),
                ("connection_id.active", "=", True),
            ],
            order="id",
        )
        going = waiting - waiting._behind_others()
        going._encode_batch()
        return going

    def reading(self, document):
        """What an outgoing document's bytes say."""
        self.assertEqual(document.state, "ready", document.reason)
        payload = document.transmission_id._bytes("payload")
        reading = edi.read(payload)
        self.assertFalse(reading.all_issues)
        (message,) = reading.messages
        self.assertTrue(edi.same(document._paper(), message.document))
        return message.document

    def amazon_answers(self, document, status="A"):
        """Amazon has it (MDN) and says in a 997 what it thinks of it."""
        document._was_delivered(fields.Datetime.now())
        document._answered(fields.Datetime.now(), status, (), ())

    def send(self, document, status="A"):
        """Encode ``document``, the next in the outbox, and have it answered."""
        self.assertEqual(
            self.run_outbox().filtered(
                lambda d: d.kind != "functional_acknowledgement"
            ),
            document,
        )
        paper = self.reading(document)
        self.amazon_answers(document, status)
        return paper


@tagged("post_install", "-at_install")
class TestRoad(RoadCase):
    """The whole road: each paper built by Odoo, written as X12, read again."""

    def invoice(self, order):
        invoice = order._create_invoices()
        invoice.invoice_date = fields.Date.today()
        invoice.action_post()
        return invoice

    def test_from_amazons_850_to_the_810(self):
        document = self.arrive()
        self.assertEqual(document.state, "done", document.reason)
        order = document.sale_order_id
        self.assertEqual(order.amount_untaxed, 10 * 9.5 + 3 * 114)
        self.assertEqual(order.amazon_b2b_status, "to_acknowledge")

        acknowledgement = order._amazon_b2b_acknowledge()
        paper = self.send(acknowledgement)
        self.assertEqual(
            [(line.quantity, line.unit, line.price) for line in paper.lines],
            [(10, "EA", Decimal("9.5")), (3, "CA", Decimal("9.5"))],
        )
        self.assertEqual(order.amazon_b2b_status, "acknowledged")

        picking = self.picking_of(order)
        self.fill(picking)
        self.pack(picking, 4, 6, 36)
        self.validate(picking)
        notice = self.send_notice(picking)
        paper = self.send(notice)
        self.assertEqual(
            [item[2:] for item in self.items(paper)],
            [("1", 4, "EA"), ("1", 6, "EA"), ("2", 3, "CA")],
        )
        self.assertEqual(
            (paper.carton_count, paper.arn, paper.scac), (3, "1919454926", "ODFL")
        )
        self.assertEqual(order.amazon_b2b_status, "shipped")

        invoice = self.invoice(order)
        invoice.action_amazon_b2b_send()
        paper = self.send(invoice.amazon_b2b_document_ids)
        self.assertEqual(paper.total, Decimal("437.00"))
        self.assertEqual(order.amazon_b2b_status, "invoiced")

        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        ).create({})._create_payments()
        self.assertEqual(order.amazon_b2b_status, "paid")
        papers = order.amazon_b2b_document_ids
        self.assertEqual(sorted(papers.mapped("code")), ["810", "850", "855", "856"])
        self.assertFalse(papers.filtered("needs_person"))

    def send_notice(self, picking):
        picking.action_amazon_b2b_send_notice()
        return picking._amazon_b2b_notices()
