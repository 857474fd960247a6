from decimal import Decimal

from odoo import fields, models

from .. import edi

# what Amazon's connectivity test expects in the place of a PO number
CONNECTIVITY_TEST = "CONNECTIVITYTEST"


class TestMessage(models.TransientModel):
    """Send Amazon's connectivity test, an 855 marked as a test (ISA15 ``T``)."""

    _name = "amazon.b2b.test.message"
    _description = "Send a test message to Amazon"

    connection_id = fields.Many2one("amazon.b2b.connection", required=True)

    def action_send(self):
        self.ensure_one()
        connection = self.connection_id
        connection.check_access("write")
        connection._check_ready_to_send()
        paper = edi.Acknowledgement(
            order_number=CONNECTIVITY_TEST,
            date=fields.Date.context_today(self),
            order_date=fields.Date.context_today(self),
            lines=(
                edi.AcknowledgementLine(
                    number="1",
                    quantity=Decimal(1),
                    unit="EA",
                    price=Decimal("1"),
                    price_basis="PE",
                    identifiers=(
                        edi.Identifier(qualifier="EN", value="0000000000000"),
                    ),
                    decisions=(
                        edi.Decision(code="IA", quantity=Decimal(1), unit="EA"),
                    ),
                ),
            ),
        )
        document = self.env["amazon.b2b.document"]._send_out(
            paper,
            connection,
            stage="live",
            number=CONNECTIVITY_TEST,
            is_test=True,
            user_id=self.env.uid,
        )
        return document.sudo(False).get_formview_action()
