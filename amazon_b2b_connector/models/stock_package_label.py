import base64

from odoo import models
from reportlab.graphics.barcode import createBarcodeDrawing

from .stock_package import APPLICATION_IDENTIFIER

# Code 128's function character 1: it makes GS1-128 of Code 128 (ISO/IEC 15417)
FNC1 = "\xf1"

# In widths of the narrowest bar. 176 of them fill the label: 0.52 mm each, where the
# GS1 General Specifications (5.12.2.6) want 0.495 mm and bars 32 mm high.
QUIET_ZONE = 10
BAR_HEIGHT = 64

# rows of contents that fit on the label
ROWS = 5


class StockPackage(models.Model):
    """What stands on the SSCC label of a carton or pallet."""

    _inherit = "stock.package"

    def _amazon_b2b_label(self):
        """The texts of the label, and its GS1-128 barcode as a data URL."""
        self.ensure_one()
        package = self.sudo()
        lines = package._amazon_b2b_move_lines()
        picking = lines.picking_id.sorted("id")[-1:]
        orders = lines.move_id.sale_line_id.order_id | picking._amazon_b2b_orders()
        orders = orders.filtered("amazon_b2b_number")
        paper = orders[:1].amazon_b2b_document_id
        ship_to = paper and paper._paper().ship_to
        mapping = picking.amazon_b2b_connection_id and picking._amazon_b2b_mapping()
        kind, index, count = package._amazon_b2b_place_of(picking)
        return {
            "ship_from": _address(
                picking.picking_type_id.warehouse_id.partner_id
                or picking.company_id.partner_id
            ),
            "ship_to": _address(picking.partner_id),
            "code": (ship_to and ship_to.code) or "",
            "carrier": picking.amazon_b2b_carrier_name
            or (mapping and mapping.carrier_name)
            or picking.carrier_id.name
            or "",
            "bill_of_lading": picking.amazon_b2b_bill_of_lading,
            "pro_number": picking.amazon_b2b_pro_number,
            "arn": picking.amazon_b2b_arn,
            "orders": ", ".join(orders.mapped("amazon_b2b_number")),
            "kind": kind,
            "index": index,
            "of": count,
            "contents": package._amazon_b2b_contents(lines),
            "barcode": package._amazon_b2b_barcode(),
            "text": package._amazon_b2b_human_readable(),
        }

    def _amazon_b2b_move_lines(self):
        """The last journey of what lies in this package or in packages in it."""
        inside = self.env["stock.package"].search([("id", "child_of", self.ids)])
        inside |= inside.browse(self._get_all_children_package_dest_ids()[1])
        lines = self.env["stock.move.line"].search(
            [("result_package_id", "in", inside.ids), ("state", "!=", "cancel")]
        )
        return lines.filtered(
            lambda line: line.picking_id == lines.picking_id.sorted("id")[-1:]
        )

    def _amazon_b2b_place_of(self, picking):
        """``("Carton", 2, 7)``: which of how many of its kind in the delivery."""
        places = [
            picking._amazon_b2b_place(package)
            for package in picking.move_line_ids.result_package_id
        ]
        for kind, found in (
            (self.env._("Carton"), [place.carton for place in places if place.carton]),
            (self.env._("Pallet"), [place.pallet for place in places if place.pallet]),
        ):
            mine = sorted(dict.fromkeys(found), key=lambda package: package.id)
            if self in mine:
                return kind, mine.index(self) + 1, len(mine)
        return "", 0, 0

    def _amazon_b2b_contents(self, lines):
        rows = [
            "{:g} x {}".format(
                sum(group.mapped("quantity_product_uom")), product.display_name
            )
            for product, group in lines.grouped("product_id").items()
        ]
        if len(rows) > ROWS:
            rest = len(rows) - ROWS + 1
            rows = [*rows[: ROWS - 1], self.env._("and %s products more", rest)]
        return rows

    def _amazon_b2b_barcode(self):
        """GS1-128 as a drawing: sharp at any printer's resolution, and it needs none
        of the picture libraries that reportlab may lack."""
        if not self.valid_sscc:
            return ""
        drawing = createBarcodeDrawing(
            "Code128",
            value=f"{FNC1}{APPLICATION_IDENTIFIER}{self.name}",
            barWidth=1,
            barHeight=BAR_HEIGHT,
            lquiet=QUIET_ZONE,
            rquiet=QUIET_ZONE,
            humanReadable=False,
        )
        image = base64.b64encode(drawing.asString("svg").encode()).decode()
        return f"data:image/svg+xml;base64,{image}"

    def _amazon_b2b_human_readable(self):
        """``(00) 3 4012345 123456789 0`` without the places of prefix and serial,
        which only the company knows: extension, body, check digit."""
        if not self.valid_sscc:
            return self.name
        return f"(00) {self.name[0]} {self.name[1:17]} {self.name[17]}"


def _address(partner):
    state = partner.state_id.code or ""
    rows = (
        partner.name or partner.parent_id.name or "",
        partner.street or "",
        partner.street2 or "",
        f"{partner.city or ''} {state} {partner.zip or ''}".strip(),
        partner.country_id.code or "",
    )
    return "\n".join(row for row in rows if row)
