from datetime import timedelta
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError
from stdnum import ean

from .. import edi
from ..exact import cents
from ..models.account_move_paper import about
from ..models.shipping_mapping import TRANSPORT_MODES

DELIVERY = timedelta(days=3)
# a number that no carton has: it only has to be well-formed
TEST_SSCC = "0" * 17


class TestPaper(models.TransientModel):
    """A test ship notice or test invoice from an acknowledged test order.

    Amazon has every message type tested before it goes live, on test orders. Those
    never become deliveries or invoices here, so the papers are built from what was
    acknowledged, with nothing in Odoo behind them, and leave marked as tests.
    """

    _name = "amazon.b2b.test.paper"
    _description = "Send a test ship notice or test invoice to Amazon"

    order_id = fields.Many2one("sale.order", required=True, readonly=True)
    kind = fields.Selection(
        [("ship_notice", "856 Ship Notice"), ("invoice", "810 Invoice")],
        "Message",
        required=True,
        default="ship_notice",
    )
    number = fields.Char(
        "Its Number",
        compute="_compute_number",
        store=True,
        precompute=True,
        readonly=False,
        required=True,
        help="Amazon takes a number once, also of a test.",
    )
    scac = fields.Char("SCAC", size=4)
    transport_mode = fields.Selection(TRANSPORT_MODES)
    bill_of_lading = fields.Char(size=30)
    arn = fields.Char("ARN", size=30)

    @api.depends("order_id", "kind")
    def _compute_number(self):
        for wizard in self:
            sent = wizard.order_id.amazon_b2b_document_ids.filtered(
                lambda d, w=wizard: d.kind == w.kind
            )
            letter = "I" if wizard.kind == "invoice" else "S"
            number = wizard.order_id.amazon_b2b_number or ""
            wizard.number = f"{number}{letter}{len(sent) + 1}"

    def action_send(self):
        self.ensure_one()
        order = self.order_id.sudo()
        order.amazon_b2b_document_id.with_env(self.env).check_access("write")
        connection, code = (
            order.amazon_b2b_connection_id,
            order.amazon_b2b_vendor_code_id,
        )
        connection._check_ready_to_send()
        lines = self._accepted()
        build = {"ship_notice": self._ship_notice, "invoice": self._invoice}[self.kind]
        paper = build(order, code, lines)
        faults = edi.check(paper, connection._version(self.kind))
        if faults:
            raise UserError("\n".join(fault.text for fault in faults))
        document = self.env["amazon.b2b.document"]._send_out(
            paper,
            connection,
            stage="live",
            number=self.number,
            order_number=order.amazon_b2b_number,
            vendor_code_id=code.id,
            vendor_code=code.code,
            sale_order_id=order.id,
            origin_id=order.amazon_b2b_document_id.id,
            is_test=True,
            user_id=self.env.uid,
        )
        return document.with_env(self.env).get_formview_action()

    def _accepted(self):
        """[(acknowledged line, accepted quantity, pieces priced)] of the test order.

        :raise UserError: it is none, or nothing of it was accepted
        """
        order = self.order_id.sudo()
        if not order.amazon_b2b_is_test:
            raise UserError(
                self.env._(
                    "%s is no test order: ship and invoice it.", order.display_name
                )
            )
        told = order._amazon_b2b_acknowledgement_documents()[order]
        told = told.filtered(lambda d: not d._is_unsaid())[:1]
        codes = self.env["amazon.b2b.acknowledgement.code"].search(
            [("meaning", "=", "accepted")]
        )
        accepting = set(codes.mapped("code"))
        order_lines = {
            line.amazon_b2b_position: line for line in order._amazon_b2b_ordered_lines()
        }
        found = []
        for position, line in enumerate(told._paper().lines if told else (), 1):
            quantity = sum(
                (d.quantity for d in line.decisions if d.code in accepting), Decimal()
            )
            if quantity and position in order_lines:
                pieces = order_lines[position]._amazon_b2b_pieces(line)
                per_piece = edi.is_per_piece(line.unit, line.price_basis)
                found.append((line, quantity, pieces if per_piece else None))
        if not found:
            raise UserError(
                self.env._(
                    "Acknowledge %s first, with something accepted: that is what a "
                    "test ship notice and a test invoice are about.",
                    order.display_name,
                )
            )
        return found

    def _ship_notice(self, order, code, lines):
        now = fields.Datetime.now()
        items = tuple(
            order._amazon_b2b_shipped_item(line, quantity)
            for line, quantity, _pieces in lines
        )
        return edi.ShipNotice(
            number=self.number,
            created=now,
            structure="SOPI",
            vendor_code=code.code,
            shipped=now,
            estimated_delivery=now + DELIVERY,
            ship_to=order.amazon_b2b_document_id._paper().ship_to,
            ship_from=order.warehouse_id._amazon_b2b_ship_from(),
            scac=self.scac or "",
            transport_mode=self.transport_mode or "",
            bill_of_lading=self.bill_of_lading or "",
            arn=self.arn or "",
            freight_payer=order.amazon_b2b_freight_payer or "",
            carton_count=1,
            containers=(
                edi.Container(kind="carton", sscc=self._sscc(order), items=items),
            ),
        )

    def _sscc(self, order):
        """A well-formed number under the company's prefix, which no carton has."""
        body = f"{order.company_id.amazon_b2b_gs1_prefix or ''}{TEST_SSCC}"[:17]
        return body + ean.calc_check_digit(body)

    def _invoice(self, order, code, lines):
        paper = order.amazon_b2b_document_id._paper()
        invoiced = tuple(
            edi.InvoiceLine(
                number=line.number,
                quantity=quantity,
                unit=line.unit,
                price=line.price,
                price_basis=line.price_basis,
                identifiers=line.identifiers,
                list_price=line.list_price,
                discount=line.discount,
                pieces=pieces,
            )
            for line, quantity, pieces in lines
        )
        return edi.Invoice(
            number=self.number,
            date=fields.Date.today(),
            total=cents(sum(line.amount for line in invoiced)),
            currency=order.currency_id.name,
            lines=invoiced,
            **about(paper, code),
        )
