import re

from odoo import api, fields, models
from odoo.exceptions import ValidationError

# X12 element 91
TRANSPORT_MODES = [
    ("M", "Motor (M)"),
    ("LT", "Less than truckload (LT)"),
    ("U", "Parcel (U)"),
    ("A", "Air (A)"),
    ("R", "Rail (R)"),
    ("S", "Ocean (S)"),
]
# Standard Carrier Alpha Code (NMFTA, X12 element 140)
SCAC = re.compile(r"[A-Z]{2,4}")


class ShippingMapping(models.Model):
    """A delivery method of Odoo's, and what Amazon calls its carrier.

    For ship notices: the carrier's name and SCAC of a delivery method. The row
    without a method is the default.
    """

    _name = "amazon.b2b.shipping.mapping"
    _description = "Amazon shipping mapping"
    _order = "sequence, id"
    _check_company_auto = True

    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    connection_id = fields.Many2one(
        "amazon.b2b.connection", ondelete="cascade", check_company=True
    )
    carrier_id = fields.Many2one("delivery.carrier", "Delivery Method")
    carrier_name = fields.Char(required=True, help="X12 TD505.")
    scac = fields.Char(
        "SCAC",
        required=True,
        size=4,
        help="Standard Carrier Alpha Code of two to four letters (X12 TD503).",
    )
    transport_mode = fields.Selection(TRANSPORT_MODES, help="X12 TD504.")
    transit_days = fields.Integer(
        help="Days from departure to Amazon's dock. The expected delivery of a ship "
        "notice follows from it where none is typed. 0: it must be typed."
    )
    notice_per_carton = fields.Boolean(
        "One Ship Notice a Carton",
        compute="_compute_notice_per_carton",
        store=True,
        readonly=False,
        help="Amazon wants small parcels announced one by one.",
    )

    _carrier_uniq = models.UniqueIndex(
        "(company_id, COALESCE(connection_id, 0), COALESCE(carrier_id, 0)) "
        "WHERE active",
        "This delivery method is mapped already.",
    )

    @api.depends("transport_mode")
    def _compute_notice_per_carton(self):
        for record in self:
            record.notice_per_carton = record.transport_mode == "U"

    @api.constrains("scac")
    def _check_scac(self):
        for record in self:
            if not SCAC.fullmatch(record.scac):
                raise ValidationError(
                    self.env._(
                        "“%s” is no SCAC: it has two to four capital letters.",
                        record.scac,
                    )
                )

    @api.constrains("transit_days")
    def _check_transit_days(self):
        if self.filtered(lambda record: record.transit_days < 0):
            raise ValidationError(
                self.env._("Nothing arrives before it leaves: 0 days or more.")
            )

    @api.depends("carrier_name", "scac")
    def _compute_display_name(self):
        for record in self:
            record.display_name = f"{record.carrier_name} ({record.scac})"

    @api.model
    def _for_carrier(self, connection, carrier):
        """The row for ``carrier``: the connection's own, else the company's, else
        the default; empty when there is none."""
        rows = self.search(
            [
                ("company_id", "=", connection.company_id.id),
                ("connection_id", "in", [connection.id, False]),
                ("carrier_id", "in", [carrier.id, False]),
            ]
        )
        return rows.sorted(
            lambda row: (not row.carrier_id, not row.connection_id, row.sequence)
        )[:1]
