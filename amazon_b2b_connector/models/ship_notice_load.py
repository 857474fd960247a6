"""What travels with a delivery, in containers, as ship notices name it."""

from collections import defaultdict
from decimal import Decimal
from typing import NamedTuple

from odoo import models

from ..edi import documents

# X12 element 355: units that are counted, never cut
COUNTED = ("EA", "CA", "PK", "BX", "CT", "PC", "UN")

# Amazon, 856 procurement FAQ: purchase orders that may share a carton
ORDERS_IN_A_CARTON = 5


class Gap(NamedTuple):
    """Something that a ship notice lacks; it is not sent while it is required."""

    required: bool
    text: str


class Shipment(NamedTuple):
    """What one ship notice covers: one vendor code, one fulfilment centre."""

    orders: models.BaseModel
    ship_to: documents.Party
    containers: tuple[documents.Container, ...]


class Place(NamedTuple):
    """Where goods lie; either may be empty, not both."""

    pallet: models.BaseModel
    carton: models.BaseModel


class StockPicking(models.Model):
    _inherit = "stock.picking"

    def _amazon_b2b_travelling(self):
        """The move lines that leave: the picked ones, or all while none is picked."""
        lines = self.move_line_ids.filtered(
            lambda line: (
                line.state != "cancel"
                and line.product_uom_id.compare(line.quantity, 0) > 0
                and line.location_dest_id.usage in ("customer", "transit")
                and line._amazon_b2b_concerns_amazon()
            )
        )
        return lines.filtered(lambda line: line.picked or line.state == "done") or lines

    def _amazon_b2b_loose_lines(self):
        return self._amazon_b2b_travelling().filtered(
            lambda line: not line.result_package_id
        )

    def _amazon_b2b_container_of(self, package):
        """Where ``package`` stands when the goods leave."""
        self.ensure_one()
        if self.state == "done":
            return package.parent_package_id
        return package.package_dest_id

    def _amazon_b2b_place(self, package):
        chain = [package]
        while outer := self._amazon_b2b_container_of(chain[-1]):
            chain.append(outer)
        none = package.browse()
        if len(chain) > 1:
            return Place(chain[-1], chain[-2])
        if package.package_type_id.amazon_b2b_is_pallet:
            return Place(package, none)
        return Place(none, package)

    def _amazon_b2b_load(self):
        """Pack the goods into the containers of :mod:`edi.documents`.

        :return: list of :class:`Shipment`, list of :class:`Gap`
        """
        self.ensure_one()
        gaps = []
        lines = self._amazon_b2b_travelling()
        papers = {
            order: order.amazon_b2b_document_id._paper()
            for order in lines.move_id.sale_line_id.order_id
            if order.amazon_b2b_document_id
        }
        contents = defaultdict(list)
        for (package, sale_line, lot), group in lines.grouped(_pile).items():
            problem = self._amazon_b2b_stranger(group, sale_line, papers)
            if problem:
                gaps.append(Gap(True, problem))
                continue
            quantity, problem = sale_line._amazon_b2b_in_units(group)
            if problem:
                gaps.append(Gap(True, problem))
            if package and quantity:
                place = self._amazon_b2b_place(package)
                contents[place].append((sale_line, lot, quantity))
        shipments = defaultdict(list)
        for place in sorted(contents, key=_by_package):
            goods = contents[place]
            items, problems = self._amazon_b2b_items(place, goods, papers)
            gaps += problems
            orders = self.env["sale.order"].union(*(g[0].order_id for g in goods))
            shipments[self._amazon_b2b_target(orders, papers)].append(
                (place, orders, items)
            )
        loose = self._amazon_b2b_loose_lines()
        if loose:
            gaps.insert(0, Gap(True, self._amazon_b2b_loose_text(loose)))
        return self._amazon_b2b_shipments(shipments, gaps), gaps

    def _amazon_b2b_stranger(self, lines, sale_line, papers):
        """Why goods belong to no line of a purchase order; empty if they do."""
        paper = papers.get(sale_line.order_id)
        position = sale_line.amazon_b2b_position
        if paper and 0 < position <= len(paper.lines):
            return ""
        return self.env._(
            "%(product)s is on no line of Amazon's purchase order. Amazon takes "
            "nothing it did not order: take it out of this delivery.",
            product=", ".join(lines.product_id.mapped("display_name")),
        )

    def _amazon_b2b_loose_text(self, loose):
        return self.env._(
            "%(products)s outside packages: put the rest in cartons.",
            products=", ".join(
                self.env._(
                    "%(quantity)g %(product)s",
                    quantity=sum(lines.mapped("quantity_product_uom")),
                    product=product.display_name,
                )
                for product, lines in loose.grouped("product_id").items()
            ),
        )

    def _amazon_b2b_items(self, place, goods, papers):
        """The items of one container, and what does not fit Amazon's rules there."""
        piles = defaultdict(Decimal)
        lots_of_line = defaultdict(set)
        for sale_line, lot, quantity in goods:
            line = (sale_line.order_id, sale_line.amazon_b2b_position)
            piles[(*line, lot)] += quantity
            lots_of_line[line].add(lot)
        gaps, items = [], []
        name = (place.carton or place.pallet).name
        for (order, position, lot), quantity in sorted(piles.items(), key=_by_line):
            ordered = papers[order].lines[position - 1]
            items.append(
                order._amazon_b2b_shipped_item(
                    ordered,
                    quantity,
                    lot=lot.name or "",
                    expiry=lot._amazon_b2b_expiry(),
                )
            )
        for (order, position), lots in lots_of_line.items():
            ordered = papers[order].lines[position - 1]
            total = sum(piles[order, position, lot] for lot in lots)
            if ordered.unit in COUNTED and total != int(total):
                gaps.append(
                    Gap(True, self._amazon_b2b_broken_text(name, order, ordered, total))
                )
            if len({lot._amazon_b2b_expiry() for lot in lots}) > 1:
                gaps.append(
                    Gap(
                        True,
                        self.env._(
                            "Package %(package)s holds line %(line)s of %(order)s with "
                            "different expiry dates (%(lots)s). Amazon takes one a "
                            "carton: split it.",
                            package=name,
                            line=ordered.number,
                            order=order.amazon_b2b_number,
                            lots=", ".join(sorted(lot.name or "-" for lot in lots)),
                        ),
                    )
                )
        if len({order for order, _position in lots_of_line}) > ORDERS_IN_A_CARTON:
            gaps.append(
                Gap(
                    False,
                    self.env._(
                        "Package %(package)s mixes more than %(most)s purchase orders.",
                        package=name,
                        most=ORDERS_IN_A_CARTON,
                    ),
                )
            )
        return tuple(items), gaps

    def _amazon_b2b_broken_text(self, package, order, ordered, quantity):
        return self.env._(
            "Package %(package)s holds %(quantity)s %(unit)s of line %(line)s of "
            "%(order)s. Amazon ordered whole ones: put in as many eaches as make whole "
            "cases.",
            package=package,
            quantity=f"{quantity:.2f}",
            unit=ordered.unit,
            line=ordered.number,
            order=order.amazon_b2b_number,
        )

    def _amazon_b2b_target(self, orders, papers):
        """{(vendor code, code of the fulfilment centre)} of some orders, frozen."""
        return frozenset(
            (
                order.amazon_b2b_vendor_code_id,
                papers[order].ship_to and papers[order].ship_to.code,
            )
            for order in orders
        )

    def _amazon_b2b_shipments(self, targets, gaps):
        """One shipment for each vendor code and centre, or each carton where Amazon
        wants parcels announced one by one."""
        shipments = []
        singly = self._amazon_b2b_mapping().notice_per_carton
        for target, packed in targets.items():
            if len(target) > 1:
                gaps.append(Gap(True, self._amazon_b2b_mixed_text(packed)))
                continue
            containers = self._amazon_b2b_containers(packed, gaps)
            orders = self.env["sale.order"].union(*(o for _p, o, _i in packed))
            ship_to = orders[0].amazon_b2b_document_id._paper().ship_to
            for load in [(c,) for c in containers] if singly else [containers]:
                carried = {item.order_number for item in items_of(load)}
                shipments.append(
                    Shipment(
                        orders.filtered(lambda o, n=carried: o.amazon_b2b_number in n),
                        ship_to,
                        load,
                    )
                )
        return shipments

    def _amazon_b2b_mixed_text(self, packed):
        return self.env._(
            "Package %(packages)s mixes vendor codes or fulfilment centres. A ship "
            "notice is for one of each: pack them apart.",
            packages=", ".join((p.carton or p.pallet).name for p, _o, _i in packed),
        )

    def _amazon_b2b_containers(self, packed, gaps):
        pallets, inside, loaded = [], defaultdict(list), {}
        result = []
        for place, _orders, items in packed:
            if not place.carton:
                loaded[place.pallet] = items
                pallets.append(place.pallet)
                continue
            carton = self._amazon_b2b_container("carton", place.carton, items=items)
            if place.pallet:
                inside[place.pallet].append(carton)
                pallets.append(place.pallet)
            else:
                result.append(carton)
        if pallets and result:
            gaps.append(
                Gap(
                    False,
                    self.env._(
                        "%s cartons stand on no pallet, others do. Amazon expects one "
                        "way of loading a shipment.",
                        len(result),
                    ),
                )
            )
        for pallet in dict.fromkeys(pallets):
            result.append(
                self._amazon_b2b_container(
                    "pallet",
                    pallet,
                    containers=tuple(inside[pallet]),
                    items=loaded.get(pallet, ()),
                )
            )
        return tuple(result)

    def _amazon_b2b_container(self, kind, package, **content):
        return documents.Container(
            kind=kind,
            sscc=package.name if package.valid_sscc else "",
            tracking=package.amazon_b2b_tracking or "",
            **content,
        )


def _pile(line):
    """What lies together: package, order line, lot."""
    sale_line = line.move_id.sale_line_id
    by_lot = (
        line.product_id.tracking == "lot" and line.product_id == sale_line.product_id
    )
    return (
        line.result_package_id,
        sale_line,
        line.lot_id if by_lot else line.lot_id.browse(),
    )


def _by_package(place):
    return place.pallet.id or 0, place.carton.id or 0


def _by_line(pile):
    (order, position, lot), _quantity = pile
    return order.id, position, lot.id or 0


def items_of(containers):
    """Every item inside, however the containers nest."""
    for container in containers:
        yield from container.items
        yield from items_of(container.containers)
