from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from .shipping_mapping import TRANSPORT_MODES
from .states import DOCUMENT_STATES

# what of several notices is shown first: what needs a person, then the slowest
URGENCY = (
    "failed",
    "rejected",
    "stopped",
    "prepared",
    "ready",
    "sent",
    "delivered",
    "accepted",
)
# not with Amazon and not on its way there: the notice may be sent again
DEAD = ("failed", "rejected", "stopped")
# Amazon has it, or soon will
ALIVE = ("prepared", "ready", "sent", "delivered", "accepted")

DUE = "due"


class StockPicking(models.Model):
    """A delivery to Amazon: what its ship notice says beyond the goods."""

    _inherit = "stock.picking"

    amazon_b2b_connection_id = fields.Many2one(
        "amazon.b2b.connection",
        "Amazon Connection",
        compute="_compute_amazon_b2b_connection_id",
        search="_search_amazon_b2b_connection_id",
        compute_sudo=True,
    )
    amazon_b2b_document_ids = fields.One2many(
        "amazon.b2b.document", "picking_id", "Amazon Documents"
    )
    amazon_b2b_document_count = fields.Integer(
        compute="_compute_amazon_b2b_notice_state", compute_sudo=True
    )
    amazon_b2b_notice_state = fields.Selection(
        [(DUE, "To Send"), *DOCUMENT_STATES],
        "Ship Notice",
        compute="_compute_amazon_b2b_notice_state",
        search="_search_amazon_b2b_notice_state",
        compute_sudo=True,
    )
    amazon_b2b_may_send = fields.Boolean(
        compute="_compute_amazon_b2b_notice_state", compute_sudo=True
    )
    amazon_b2b_may_replace = fields.Boolean(
        compute="_compute_amazon_b2b_notice_state", compute_sudo=True
    )

    amazon_b2b_shipped = fields.Datetime(
        "Departure",
        copy=False,
        help="When the goods leave (X12 DTM*011). Empty: the moment the ship notice "
        "is sent. Amazon takes seven days back and two ahead.",
    )
    amazon_b2b_estimated_delivery = fields.Datetime(
        "Expected Delivery",
        copy=False,
        help="X12 DTM*017. Empty: departure plus the transit days of the shipping "
        "mapping.",
    )
    amazon_b2b_scac = fields.Char(
        "SCAC",
        size=4,
        copy=False,
        help="The carrier's alpha code (X12 TD503). Empty: from the shipping mapping "
        "of the delivery method.",
    )
    amazon_b2b_carrier_name = fields.Char(
        "Carrier Name",
        size=35,
        copy=False,
        help="X12 TD505. Empty: from the shipping mapping.",
    )
    amazon_b2b_transport_mode = fields.Selection(
        TRANSPORT_MODES,
        "Transport Mode",
        copy=False,
        help="X12 TD504. Empty: from the shipping mapping.",
    )
    amazon_b2b_mapped_scac = fields.Char(
        compute="_compute_amazon_b2b_mapped", compute_sudo=True
    )
    amazon_b2b_mapped_carrier_name = fields.Char(
        compute="_compute_amazon_b2b_mapped", compute_sudo=True
    )
    amazon_b2b_bill_of_lading = fields.Char(
        "Bill of Lading",
        size=30,
        copy=False,
        help="At least 8 characters, not a date; Amazon advises your vendor code in "
        "front. Deliveries on one truck may share it (X12 REF*BM).",
    )
    amazon_b2b_arn = fields.Char(
        "ARN",
        size=30,
        copy=False,
        help="Amazon's reference for a pick-up that Amazon pays (collect). It is in "
        "the routing answer or in Vendor Central (X12 REF*BX).",
    )
    amazon_b2b_pro_number = fields.Char(
        "PRO Number", size=30, copy=False, help="The carrier's freight bill number."
    )
    amazon_b2b_seal = fields.Char("Seal", size=30, copy=False)
    amazon_b2b_trailer = fields.Char("Trailer", size=10, copy=False)
    amazon_b2b_carton_count = fields.Integer(
        "Cartons",
        copy=False,
        help="0: counted from the packages. Enter it where goods stand on a pallet "
        "without packages of their own.",
    )
    amazon_b2b_weight = fields.Float(
        "Gross Weight",
        digits="Stock Weight",
        copy=False,
        help="0: counted from the weights of packages and products.",
    )
    amazon_b2b_missing = fields.Text(
        "Missing for the ship notice",
        compute="_compute_amazon_b2b_missing",
        compute_sudo=True,
    )
    amazon_b2b_has_loose_goods = fields.Boolean(
        compute="_compute_amazon_b2b_missing", compute_sudo=True
    )

    # which deliveries are Amazon's

    @api.depends("sale_id", "picking_type_id", "move_ids.origin_returned_move_id")
    def _compute_amazon_b2b_connection_id(self):
        for picking in self:
            picking.amazon_b2b_connection_id = (
                picking._amazon_b2b_orders().amazon_b2b_connection_id[:1]
                if picking._amazon_b2b_goes_out()
                else False
            )

    def _search_amazon_b2b_connection_id(self, operator, value):
        if operator in Domain.NEGATIVE_OPERATORS:
            return NotImplemented
        orders = (
            self.env["sale.order"]
            .sudo()
            ._search([("amazon_b2b_connection_id", operator, value)])
        )
        return Domain(
            [
                ("picking_type_id.code", "=", "outgoing"),
                ("move_ids.sale_line_id.order_id", "in", orders),
                ("move_ids.origin_returned_move_id", "=", False),
            ]
        )

    def _amazon_b2b_goes_out(self):
        """The last step of a delivery; never a return, nor what repeats one."""
        return (
            self.picking_type_id.code == "outgoing"
            and not self.move_ids.origin_returned_move_id
        )

    def _amazon_b2b_orders(self):
        """Amazon's orders behind these transfers, of whatever step."""
        orders = (
            self.move_ids.sale_line_id.order_id | self.reference_ids.sale_ids
        ).sudo()
        return orders.filtered("amazon_b2b_connection_id")

    def _amazon_b2b_deliveries(self):
        return self.sudo().filtered("amazon_b2b_connection_id")

    # where the notice stands

    def _amazon_b2b_notices(self):
        """The ship notices that count: none that a later one took over, and no trial
        of the message type once it is live."""
        notices = self.sudo().amazon_b2b_document_ids.filtered(
            lambda d: (
                d.kind == "ship_notice"
                and d.direction == "out"
                and (not d.is_test or d.connection_id._stage("ship_notice") == "test")
            )
        )
        return notices - notices.origin_id

    @api.depends("state", "amazon_b2b_document_ids.state")
    def _compute_amazon_b2b_notice_state(self):
        for picking in self:
            notices = picking._amazon_b2b_notices()
            states = set(notices.mapped("state"))
            picking.amazon_b2b_document_count = len(picking.amazon_b2b_document_ids)
            urgent = next((state for state in URGENCY if state in states), False)
            due = picking.state == "done" and bool(picking.amazon_b2b_connection_id)
            picking.amazon_b2b_notice_state = urgent or (due and DUE)
            picking.amazon_b2b_may_send = due and (
                not notices or any(notice._is_unsaid() for notice in notices)
            )
            picking.amazon_b2b_may_replace = bool(states & {"delivered", "accepted"})

    def _search_amazon_b2b_notice_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        notices = [
            ("kind", "=", "ship_notice"),
            ("direction", "=", "out"),
            ("answer_ids", "not any", [("kind", "=", "ship_notice")]),
        ]
        wanted = [state for state in value if state and state != DUE]
        domain = Domain(
            "amazon_b2b_document_ids", "any", [*notices, ("state", "in", wanted)]
        )
        if DUE in value:
            domain |= (
                Domain("state", "=", "done")
                & Domain("amazon_b2b_connection_id", "!=", False)
                & Domain("amazon_b2b_document_ids", "not any", notices[:2])
            )
        return domain

    # what the shipping mapping says

    def _amazon_b2b_mapping(self):
        self.ensure_one()
        return self.env["amazon.b2b.shipping.mapping"]._for_carrier(
            self.amazon_b2b_connection_id, self.carrier_id
        )

    @api.depends("carrier_id", "amazon_b2b_connection_id")
    def _compute_amazon_b2b_mapped(self):
        for picking in self:
            mapping = picking.amazon_b2b_connection_id and picking._amazon_b2b_mapping()
            picking.amazon_b2b_mapped_scac = mapping and mapping.scac
            picking.amazon_b2b_mapped_carrier_name = mapping and mapping.carrier_name

    @api.depends(
        "state",
        "carrier_id",
        "carrier_tracking_ref",
        "move_ids.picked",
        "move_line_ids.quantity",
        "move_line_ids.result_package_id",
        "amazon_b2b_shipped",
        "amazon_b2b_estimated_delivery",
        "amazon_b2b_scac",
        "amazon_b2b_transport_mode",
        "amazon_b2b_bill_of_lading",
        "amazon_b2b_arn",
        "amazon_b2b_pro_number",
        "amazon_b2b_carton_count",
        "amazon_b2b_weight",
        "amazon_b2b_document_ids.state",
    )
    def _compute_amazon_b2b_missing(self):
        for picking in self:
            gaps, loose = [], False
            waits = picking.state != "cancel" and (
                picking.state != "done" or picking.amazon_b2b_may_send
            )
            if picking.amazon_b2b_connection_id and picking._origin and waits:
                gaps = picking._amazon_b2b_gaps()
                loose = bool(picking._amazon_b2b_loose_lines())
            picking.amazon_b2b_missing = "\n".join(
                gap.text if gap.required else self.env._("%s (advised)", gap.text)
                for gap in gaps
            )
            picking.amazon_b2b_has_loose_goods = loose

    # departure and arrival

    def _amazon_b2b_moments(self):
        """Departure and expected delivery, as UTC; the second may be ``False``."""
        self.ensure_one()
        shipped = self.amazon_b2b_shipped or fields.Datetime.now()
        estimated = self.amazon_b2b_estimated_delivery
        days = not estimated and self._amazon_b2b_mapping().transit_days
        return shipped, estimated or (days and shipped + timedelta(days=days))
