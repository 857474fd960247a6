"""A delivery turns itself into its ship notice (X12 856) and sends it."""

from collections import defaultdict
from datetime import timedelta
from decimal import Decimal

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .. import edi
from ..edi import documents
from ..exact import exact
from .ship_notice_check import cartons_of
from .ship_notice_load import Gap, items_of
from .stock_picking import ALIVE, DEAD

# Amazon Vendor, ship notice: within 30 minutes of departure
DEADLINE = timedelta(minutes=30)

# Amazon Vendor, ship notice: the same number corrects the earlier one so long
CORRECTABLE = timedelta(days=7)

# X12 element 156; other countries' codes do not travel
STATE_LENGTH = 2

# X12 element 355
WEIGHT_UNITS = {"uom.product_uom_lb": "LB", "uom.product_uom_kgm": "KG"}


class StockPicking(models.Model):
    _inherit = "stock.picking"

    def _amazon_b2b_paper(self, shipment, number=""):
        mapping = self._amazon_b2b_mapping()
        shipped, estimated = self._amazon_b2b_moments()
        payers = set(shipment.orders.mapped("amazon_b2b_freight_payer"))
        alone = not mapping.notice_per_carton
        typed = alone and self.amazon_b2b_carton_count
        weight = alone and self.amazon_b2b_weight
        weight = weight or self._amazon_b2b_weight(shipment.containers)
        return documents.ShipNotice(
            number=number,
            created=self._amazon_b2b_local(fields.Datetime.now()),
            structure=_structure(shipment.containers),
            vendor_code=shipment.orders[0].amazon_b2b_vendor_code_id.code,
            shipped=self._amazon_b2b_local(shipped),
            estimated_delivery=estimated and self._amazon_b2b_local(estimated) or None,
            ship_to=documents.Party(
                role="ST",
                code=shipment.ship_to.code,
                code_qualifier=shipment.ship_to.code_qualifier,
            ),
            ship_from=self._amazon_b2b_ship_from(),
            scac=self.amazon_b2b_scac or mapping.scac or "",
            carrier=self.amazon_b2b_carrier_name or mapping.carrier_name or "",
            transport_mode=self.amazon_b2b_transport_mode
            or mapping.transport_mode
            or "",
            trailer=self.amazon_b2b_trailer or "",
            bill_of_lading=self.amazon_b2b_bill_of_lading or "",
            arn=(self.amazon_b2b_arn or "").strip(),
            pro_number=self.amazon_b2b_pro_number or "",
            tracking=self._amazon_b2b_tracking(shipment),
            seal=self.amazon_b2b_seal or "",
            freight_payer=(len(payers) == 1 and payers.pop()) or "",
            carton_count=typed or sum(map(cartons_of, shipment.containers)),
            pallet_count=sum(c.kind == "pallet" for c in shipment.containers),
            weight=exact(round(weight, 2)) if weight else None,
            weight_unit=self._amazon_b2b_weight_unit() if weight else "",
            containers=shipment.containers,
        )

    def _amazon_b2b_tracking(self, shipment):
        """The number of the shipment; several belong to the cartons, one each."""
        if len(shipment.containers) == 1 and shipment.containers[0].tracking:
            return shipment.containers[0].tracking
        numbers = [n.strip() for n in (self.carrier_tracking_ref or "").split(",")]
        return numbers[0] if len(numbers) == 1 else ""

    def _amazon_b2b_weight(self, containers):
        """Gross weight of ``containers`` by SSCC, in Odoo's unit of weight.

        A package weighs what was typed on it, else itself and its contents.
        (``shipping_weight`` of the delivery leaves out what lies in a single layer.)
        """
        net, inside = defaultdict(float), defaultdict(set)
        for line in self._amazon_b2b_travelling():
            weight = line.quantity_product_uom * line.product_id.weight
            net[line.result_package_id] += weight
            package = line.result_package_id
            while outer := self._amazon_b2b_container_of(package):
                inside[outer].add(package)
                package = outer

        def gross(package):
            return package.shipping_weight or (
                package.package_type_id.base_weight
                + net[package]
                + sum(gross(inner) for inner in inside[package])
            )

        numbers = {container.sscc for container in containers}
        return sum(gross(p) for p in self._amazon_b2b_packages() if p.name in numbers)

    def _amazon_b2b_weight_unit(self):
        unit = self.env[
            "product.template"
        ]._get_weight_uom_id_from_ir_config_parameter()
        return next(
            code for xmlid, code in WEIGHT_UNITS.items() if self.env.ref(xmlid) == unit
        )

    def _amazon_b2b_ship_from(self):
        return self.picking_type_id.warehouse_id._amazon_b2b_ship_from()

    def _amazon_b2b_local(self, moment):
        """``moment`` (UTC) on the clock of the warehouse, to the minute."""
        warehouse = self.picking_type_id.warehouse_id.partner_id
        zone = warehouse.tz or self.company_id.partner_id.tz or self.env.user.tz
        local = fields.Datetime.context_timestamp(
            self.with_context(tz=zone or "UTC"), moment
        )
        return local.replace(tzinfo=None, second=0, microsecond=0)

    # sending

    def _amazon_b2b_send_notice(self, replace=False):
        """Put the ship notices of one delivery into the outbox.

        :param replace: correct what Amazon has already, quantities only down
        :raise UserError: something is missing, or Amazon has the notice
        """
        self.ensure_one()
        self._amazon_b2b_check_departed()
        self._amazon_b2b_hold()
        shipped, estimated = self._amazon_b2b_moments()
        self.write(
            {
                "amazon_b2b_shipped": shipped,
                "amazon_b2b_estimated_delivery": estimated,
            }
        )
        if self.company_id.amazon_b2b_gs1_prefix:
            self._amazon_b2b_packages()._amazon_b2b_assign_sscc(self.company_id, self)
        self._amazon_b2b_refuse(self._amazon_b2b_gaps())
        shipments, _gaps = self._amazon_b2b_load()
        earlier = self._amazon_b2b_notices()
        rows = []
        for shipment in shipments:
            before = self._amazon_b2b_before(shipment, earlier)
            earlier -= before
            if before.state in ALIVE and not replace:
                continue
            rows.append(self._amazon_b2b_row(shipment, before))
        if not rows:
            raise UserError(self._amazon_b2b_sent_text())
        documents_out = self.env["amazon.b2b.document"]._send_out_batch(rows)
        documents_out.origin_id._give_way()
        self._amazon_b2b_mark_shipped()
        self._message_log(
            body=self.env._(
                "Ship notice for Amazon: %s.", ", ".join(documents_out.mapped("number"))
            )
        )
        return documents_out

    def _amazon_b2b_check_departed(self):
        if not self.amazon_b2b_connection_id:
            raise UserError(
                self.env._(
                    "%s gets no ship notice: it is no delivery to Amazon, or it is a "
                    "return.",
                    self.display_name,
                )
            )
        if self._amazon_b2b_notices().filtered("elsewhere_reason"):
            raise UserError(self._amazon_b2b_sent_text())
        if self.state != "done":
            raise UserError(
                self.env._(
                    "%s is not validated. A ship notice says that the goods have left; "
                    "sent too early, it closes the shipment at the fulfilment centre "
                    "for changes.",
                    self.display_name,
                )
            )

    def _amazon_b2b_hold(self):
        """Let two who ship for one order at once meet here.

        The sum of all shipments is compared with what was acknowledged. An update
        that changes nothing makes PostgreSQL start the later one again, which then
        sees the shipment of the first.
        """
        orders = self._amazon_b2b_orders()
        for records in (orders, self):
            self.env.cr.execute(
                SQL(
                    "UPDATE %s SET id = id WHERE id IN %s",
                    SQL.identifier(records._table),
                    tuple(sorted(records.ids)),
                )
            )

    def _amazon_b2b_before(self, shipment, notices):
        """The earlier notice of ``shipment`` among ``notices``; may be empty."""
        code = shipment.orders[0].amazon_b2b_vendor_code_id
        alike = notices.filtered(
            lambda d: (
                d.vendor_code_id == code
                and d._paper().ship_to.code == shipment.ship_to.code
            )
        )
        numbers = {c.sscc for c in shipment.containers}
        same = alike.filtered(
            lambda d: numbers & {c.sscc for c in d._paper().containers}
        )
        if self._amazon_b2b_mapping().notice_per_carton:
            return (same or alike.filtered(lambda d: d.state in DEAD))[:1]
        return (same or alike)[:1]

    def _amazon_b2b_row(self, shipment, before):
        """A row for the outbox: paper, connection, values of the document."""
        order = shipment.orders[0]
        connection = order.amazon_b2b_connection_id
        fresh = before and fields.Datetime.now() - before.create_date < CORRECTABLE
        number = before.number if fresh else self.company_id._amazon_b2b_next_asn()
        paper = self._amazon_b2b_paper(shipment, number)
        if before.state in ALIVE:
            self._amazon_b2b_check_smaller(before, paper, fresh)
        self._amazon_b2b_check_writable(paper, connection)
        return (
            paper,
            connection,
            {
                "number": number,
                "order_number": order.amazon_b2b_number,
                "company_id": self.company_id.id,
                "vendor_code_id": order.amazon_b2b_vendor_code_id.id,
                "vendor_code": paper.vendor_code,
                "sale_order_id": order.id,
                "sale_order_ids": [fields.Command.set(shipment.orders.ids)],
                "picking_id": self.id,
                "deadline": self.amazon_b2b_shipped + DEADLINE,
                "user_id": (
                    self.user_id or order.amazon_b2b_vendor_code_id._responsible()
                ).id,
                "origin_id": before.id,
                "replaces_id": before.id,
            },
        )

    def _amazon_b2b_check_writable(self, paper, connection):
        """Who types a value that cannot travel hears it now, not from the outbox."""
        faults = edi.check(
            paper,
            connection._version("ship_notice"),
            options=edi.Options(sscc_prefix=connection.sscc_prefix),
        )
        self._amazon_b2b_refuse([Gap(True, fault.text) for fault in faults])

    def _amazon_b2b_check_smaller(self, before, paper, fresh):
        """A correction comes in time and takes away only."""
        was, now = defaultdict(Decimal), defaultdict(Decimal)
        for notice, total in ((before._paper(), was), (paper, now)):
            for item in items_of(notice.containers):
                total[item.order_number, item.line_number] += item.quantity
        more = [line for line, quantity in now.items() if quantity > was[line]]
        arrived = before._paper().estimated_delivery
        late = arrived and arrived < self._amazon_b2b_local(fields.Datetime.now())
        if not fresh or late or more:
            raise UserError(
                self.env._(
                    "Ship notice %(number)s cannot be corrected: Amazon takes a "
                    "correction for seven days, before the goods arrive, and only "
                    "with smaller quantities. Goods that are more need a delivery "
                    "and a ship notice of their own, under the same bill of lading.",
                    number=before.number,
                )
            )

    def _amazon_b2b_sent_text(self):
        labels = dict(self._fields["amazon_b2b_notice_state"].selection)
        return self.env._(
            "%(delivery)s has its ship notice: %(notices)s. A second one would "
            "announce the goods twice. One that Amazon rejected, or that never got "
            "there, can be sent again.",
            delivery=self.display_name,
            notices=", ".join(
                f"{notice.number} ({labels[notice.state]})"
                for notice in self._amazon_b2b_notices()
            ),
        )


class StockWarehouse(models.Model):
    _inherit = "stock.warehouse"

    def _amazon_b2b_ship_from(self):
        """Where the goods come from, as a ship notice names it."""
        partner = self.partner_id or self.company_id.partner_id
        state = partner.state_id.code or ""
        return documents.Party(
            role="SF",
            name=(partner.name or self.company_id.name)[:60],
            street=(partner.street or "")[:55],
            street2=(partner.street2 or "")[:55],
            city=(partner.city or "")[:30],
            state=state if len(state) == STATE_LENGTH else "",
            postal_code=partner.zip or "",
            country=partner.country_id.code or "",
        )


def _structure(containers):
    """The nesting of levels: S shipment, O order, T pallet, P carton, I item."""
    if not any(container.kind == "pallet" for container in containers):
        return "SOPI"
    if any(container.containers for container in containers):
        return "SOTPI"
    return "SOTI"
