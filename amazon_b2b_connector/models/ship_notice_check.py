"""What a ship notice still lacks, said before the truck leaves."""

import re
from collections import defaultdict
from datetime import timedelta
from decimal import Decimal

from odoo import fields, models
from odoo.exceptions import UserError

from .ship_notice_load import Gap, items_of
from .shipping_mapping import SCAC

# Amazon Vendor, ship notice: the ship date, counted from the day it is sent
EARLIEST, LATEST = timedelta(days=-7), timedelta(days=2)

# X12 element 91: freight on a truck has a bill of lading
TRUCK = ("M", "LT")
PARCEL = ("U",)

# X12 element 146: Amazon pays the freight and gives an ARN for it
COLLECT = ("CC",)

# Amazon Vendor, ship notice: "at least 8 characters, not a date"
BILL_OF_LADING = re.compile(r"[A-Za-z0-9-]{8,30}")
DATE = re.compile(
    r"(19|20)\d\d-?\d\d-?\d\d|\d\d-?\d\d-?(19|20)\d\d", re.ASCII
)  # year first, or year last


class StockPicking(models.Model):
    _inherit = "stock.picking"

    def _amazon_b2b_refuse(self, gaps):
        """:raise UserError: naming all that is required and missing"""
        required = [gap.text for gap in gaps if gap.required]
        if required:
            raise UserError(
                self.env._(
                    "The ship notice of %(delivery)s cannot be sent:\n%(gaps)s",
                    delivery=self.display_name,
                    gaps="\n".join(f"• {text}" for text in required),
                )
            )

    def _amazon_b2b_gaps(self):
        """All that a ship notice of this delivery lacks: list of :class:`Gap`."""
        self.ensure_one()
        shipments, gaps = self._amazon_b2b_load()
        orders = self._amazon_b2b_travelling().move_id.sale_line_id.order_id
        gaps += self._amazon_b2b_order_gaps(orders)
        gaps += self._amazon_b2b_head_gaps(orders, shipments)
        gaps += self._amazon_b2b_package_gaps()
        gaps += self._amazon_b2b_quantity_gaps(shipments)
        return gaps

    def _amazon_b2b_order_gaps(self, orders):
        gaps = []
        if not orders:
            gaps.append(Gap(True, self.env._("No goods of a purchase order leave.")))
        for order in orders:
            number = order.amazon_b2b_number
            paper = (
                order.amazon_b2b_document_id and order.amazon_b2b_document_id._paper()
            )
            rows = (
                (
                    order.amazon_b2b_is_test,
                    self.env._(
                        "%s is a test order: nothing is shipped for it.", number
                    ),
                ),
                (
                    not order.amazon_b2b_vendor_code_id,
                    self.env._("%s has no vendor code.", number),
                ),
                (
                    not (paper and paper.ship_to and paper.ship_to.code),
                    self.env._(
                        "The purchase order %s names no fulfilment centre.", number
                    ),
                ),
                (
                    not order._amazon_b2b_is_acknowledged(),
                    self.env._(
                        "%s was not acknowledged: Amazon takes no ship notice for it. "
                        "Acknowledge it first.",
                        number,
                    ),
                ),
            )
            gaps += [Gap(True, text) for missing, text in rows if missing]
        return gaps

    def _amazon_b2b_head_gaps(self, orders, shipments):
        mapping = self._amazon_b2b_mapping()
        scac = self.amazon_b2b_scac or mapping.scac
        mode = self.amazon_b2b_transport_mode or mapping.transport_mode
        shipped, estimated = self._amazon_b2b_moments()
        away = shipped - fields.Datetime.now()
        bill = self.amazon_b2b_bill_of_lading
        collect = any(o.amazon_b2b_freight_payer in COLLECT for o in orders)
        unnamed = [o for o in orders if _outside_window(o, estimated)]
        rows = (
            (True, not scac, self._amazon_b2b_scac_text()),
            (
                True,
                scac and not SCAC.fullmatch(scac),
                self.env._("SCAC “%s”: it has two to four capital letters.", scac),
            ),
            (
                True,
                not EARLIEST <= away <= LATEST,
                self.env._(
                    "Departure %s: Amazon takes a ship date at most seven days back "
                    "and two ahead.",
                    shipped,
                ),
            ),
            (True, not estimated, self.env._("Expected delivery")),
            (
                True,
                estimated and estimated < shipped,
                self.env._("The expected delivery lies before the departure."),
            ),
            (
                True,
                collect and not (self.amazon_b2b_arn or "").strip(),
                self.env._(
                    "ARN: Amazon pays this freight (collect) and takes no ship notice "
                    "without it."
                ),
            ),
            (
                True,
                mode in TRUCK and not bill,
                self.env._("Bill of lading: freight on a truck needs one."),
            ),
            (
                True,
                bill and not _is_bill_of_lading(bill),
                self.env._(
                    "Bill of lading “%s”: at least 8 letters and digits, and not a "
                    "date.",
                    bill,
                ),
            ),
            (
                True,
                shipments and not self._amazon_b2b_cartons(shipments),
                self.env._(
                    "Cartons: the goods stand on pallets without cartons of their own. "
                    "Enter how many cartons there are."
                ),
            ),
            (False, not mode, self.env._("Transport mode")),
            (
                False,
                mode in TRUCK and not self.amazon_b2b_pro_number,
                self.env._("PRO number"),
            ),
            (
                False,
                mode in PARCEL and not self._amazon_b2b_has_tracking(),
                self.env._("Tracking number"),
            ),
            (False, not self._amazon_b2b_has_weight(), self.env._("Weight")),
            (
                False,
                bool(unnamed),
                self.env._(
                    "The expected delivery lies outside the window of %s.",
                    ", ".join(o.amazon_b2b_number for o in unnamed),
                ),
            ),
        )
        return [Gap(required, text) for required, missing, text in rows if missing]

    def _amazon_b2b_scac_text(self):
        return self.env._(
            "SCAC: delivery method %(method)s has no shipping mapping. Add one, or "
            "enter the SCAC here.",
            method=self.carrier_id.name or self.env._("(none)"),
        )

    def _amazon_b2b_has_tracking(self):
        cartons = self._amazon_b2b_travelling().result_package_id
        return self.carrier_tracking_ref or (
            cartons and all(cartons.mapped("amazon_b2b_tracking"))
        )

    def _amazon_b2b_has_weight(self):
        lines = self._amazon_b2b_travelling()
        packages = self._amazon_b2b_packages()
        return (
            self.amazon_b2b_weight
            or any(packages.mapped("shipping_weight"))
            or all(lines.product_id.mapped("weight"))
        )

    def _amazon_b2b_package_gaps(self):
        unnumbered = self._amazon_b2b_packages().filtered(lambda p: not p.valid_sscc)
        if not unnumbered:
            return []
        if not self.company_id.amazon_b2b_gs1_prefix:
            return [
                Gap(
                    True,
                    self.env._(
                        "SSCC of %(packages)s: the company has no GS1 prefix (Amazon › "
                        "Configuration › Shipping Numbers).",
                        packages=", ".join(unnumbered.mapped("name")),
                    ),
                )
            ]
        return [
            Gap(
                False,
                self.env._(
                    "%(packages)s have no SSCC yet: print the SSCC labels.",
                    packages=", ".join(unnumbered.mapped("name")),
                ),
            )
        ]

    def _amazon_b2b_cartons(self, shipments):
        """How many cartons: typed, or counted, cases on bare pallets among them."""
        return self.amazon_b2b_carton_count or sum(
            cartons_of(container) for s in shipments for container in s.containers
        )

    def _amazon_b2b_quantity_gaps(self, shipments):
        """Lines of which more would have been shipped than was acknowledged."""
        leaving = defaultdict(Decimal)
        orders = self.env["sale.order"]
        for shipment in shipments:
            orders |= shipment.orders
            for item in items_of(shipment.containers):
                leaving[item.order_number, item.line_number] += item.quantity
        before = orders._amazon_b2b_shipped(without=self)
        allowed = orders._amazon_b2b_acknowledged()
        return [
            Gap(
                True,
                self.env._(
                    "Line %(line)s of %(order)s: %(allowed)s acknowledged, %(before)s "
                    "shipped before, %(now)s now. Amazon takes no more than was "
                    "acknowledged.",
                    line=line,
                    order=order,
                    allowed=allowed[order, line],
                    before=before[order, line],
                    now=quantity,
                ),
            )
            for (order, line), quantity in leaving.items()
            if before[order, line] + quantity > allowed[order, line]
        ]


def cartons_of(container):
    if container.kind == "carton":
        return 1
    cases = sum(item.quantity for item in container.items if item.unit == "CA")
    return int(cases) + sum(cartons_of(inner) for inner in container.containers)


def _is_bill_of_lading(text):
    return bool(BILL_OF_LADING.fullmatch(text)) and not DATE.fullmatch(text)


def _outside_window(order, moment):
    if not moment:
        return False
    first, last = (
        order.amazon_b2b_deliver_not_before,
        order.amazon_b2b_deliver_not_after,
    )
    day = moment.date()
    return bool(first and day < first) or bool(last and day > last)
