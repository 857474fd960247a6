"""856, 5010: how Amazon judges an advance ship notice.

Rules: Amazon's vendor guide on shipments and its 856 requirements. One notice is one
delivery from one vendor code to one fulfilment centre; the ids of cartons and of
notices are unique for 365 days; nothing above what was acknowledged.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from decimal import Decimal

from . import shipment_tree
from .books import Books, Paper, Verdict, check_count, pair_words, promised
from .purchase_order import COLLECT, Order, OrderLine
from .shipment_tree import CARTON, ITEM, ORDER, PALLET, Node, Tree
from .x12 import TransactionSet, decimal, plain

UNIQUE_FOR = timedelta(days=365)
REPLACE_WITHIN = timedelta(days=7)
EARLIEST_SHIP_DATE, LATEST_SHIP_DATE = timedelta(days=-7), timedelta(days=2)
SHORTEST_BOL = 8

# BSN01, X12 element 353
_ORIGINAL, _REPLACE = "00", "05"
# REF01, X12 element 128; BX carries Amazon's ARN
_BILL_OF_LADING, _ARN = "BM", "BX"
# DTM01, X12 element 374
_SHIPPED, _ESTIMATED_DELIVERY = "011", "017"

Lines = dict[str, dict[str, Decimal]]  # by order and line


def judge(one: TransactionSet, books: Books) -> Verdict:
    head = one.first("BSN")
    verdict = Verdict("856", head[2], [])
    tree = shipment_tree.read(one)
    verdict.reasons += tree.faults
    replaced = _check_number(head[1], head[2], books, verdict)
    check_count(verdict, one.first("CTT")[1], len(tree.nodes), "HL loops")
    if not tree.nodes:
        return verdict
    orders = _orders(tree, books, verdict)
    _check_one_delivery(tree.shipment, list(orders.values()), verdict)
    _check_transport(tree.shipment, books, verdict)
    if any(order.freight == COLLECT for order in orders.values()):
        if not tree.shipment.first("REF", _ARN)[2]:
            verdict.object(f"freight is collect and there is no ARN (REF*{_ARN})")
    _check_counts(tree, verdict)
    cartons = _check_cartons(tree, books, replaced, verdict)
    lines = _lines(tree, orders, verdict)
    _check_quantities(lines, orders, books, replaced, verdict)
    verdict.content = {
        "orders": {
            po: {line: plain(quantity) for line, quantity in each.items()}
            for po, each in lines.items()
        },
        "cartons": cartons,
    }
    return verdict


def _check_number(
    purpose: str, number: str, books: Books, verdict: Verdict
) -> Paper | None:
    """The notice that this one replaces."""
    since = books.now - UNIQUE_FOR.total_seconds()
    before = [paper for paper in books.numbered("856", number) if paper.at > since]
    if purpose == _ORIGINAL and before:
        verdict.object(f"notice number {number} was used within the last 365 days")
    elif purpose == _REPLACE and not before:
        verdict.object(f"there is no notice {number} to replace")
    elif purpose == _REPLACE:
        if books.now - before[-1].at > REPLACE_WITHIN.total_seconds():
            verdict.object(f"notice {number} is more than 7 days old")
        verdict.replaces = before[-1].id
        return before[-1]
    elif purpose != _ORIGINAL:
        verdict.object(f"BSN01 is {purpose}, not {_ORIGINAL} or {_REPLACE}")
    return None


def _orders(tree: Tree, books: Books, verdict: Verdict) -> dict[str, Order]:
    found: dict[str, Order] = {}
    for node in tree.level(ORDER):
        po_number = node.first("PRF")[1]
        verdict.po_numbers.append(po_number)
        order = books.order(po_number)
        if po_number in found:
            verdict.object(f"order {po_number} stands in two O loops")
        elif order is None:
            verdict.object(books.unknown_order(po_number))
        elif books.acknowledgement(po_number) is None:
            verdict.object(f"order {po_number} was not acknowledged")
        if order is not None:
            found[po_number] = order
    if not verdict.po_numbers:
        verdict.object("there is no order in it")
    return found


def _check_one_delivery(shipment: Node, orders: list[Order], verdict: Verdict) -> None:
    ship_to = shipment.first("N1", "ST")[4]
    if len({order.vendor_code for order in orders}) > 1:
        verdict.object("its orders belong to several vendor codes")
    if len({order.ship_to for order in orders}) > 1:
        verdict.object("its orders go to several fulfilment centres")
    elif orders and ship_to != orders[0].ship_to:
        verdict.object(f"it goes to {ship_to or 'nowhere'}, not to {orders[0].ship_to}")
    ship_from = shipment.first("N1", "SF")
    if not (ship_from[2] or ship_from[4]):
        verdict.object("there is no ship-from (N1*SF)")


def _check_transport(shipment: Node, books: Books, verdict: Verdict) -> None:
    bol = shipment.first("REF", _BILL_OF_LADING)[2]
    if not bol:
        verdict.object(f"there is no bill of lading (REF*{_BILL_OF_LADING})")
    elif len(bol) < SHORTEST_BOL:
        verdict.object(
            f"bill of lading {bol} is shorter than {SHORTEST_BOL} characters"
        )
    elif _is_date(bol):
        verdict.object(f"bill of lading {bol} is a date")
    carrier = shipment.first("TD5")
    if carrier[2] != "2" or not re.fullmatch(r"[A-Z]{2,4}", carrier[3]):
        verdict.object("there is no SCAC (TD5**2*…)")
    shipped = _day(shipment.first("DTM", _SHIPPED)[2])
    delivered = _day(shipment.first("DTM", _ESTIMATED_DELIVERY)[2])
    if shipped is None:
        verdict.object(f"there is no ship date (DTM*{_SHIPPED})")
    else:
        today = datetime(books.today.year, books.today.month, books.today.day)
        if not EARLIEST_SHIP_DATE <= shipped - today <= LATEST_SHIP_DATE:
            verdict.object(
                f"ship date {shipped:%Y-%m-%d} is not within 7 days before and 2 days"
                f" after today, {today:%Y-%m-%d}"
            )
    if delivered is None:
        verdict.object(f"there is no estimated delivery (DTM*{_ESTIMATED_DELIVERY})")
    elif shipped is not None and delivered < shipped:
        verdict.object("the estimated delivery lies before the ship date")


def _day(text: str, form: str = "%Y%m%d") -> datetime | None:
    try:
        return datetime.strptime(text, form)
    except ValueError:
        return None


def _is_date(text: str) -> bool:
    return bool(re.fullmatch(r"\d{8}", text)) and any(
        day is not None and 2000 <= day.year < 2100
        for day in (_day(text, form) for form in ("%Y%m%d", "%m%d%Y", "%d%m%Y"))
    )


def _check_counts(tree: Tree, verdict: Verdict) -> None:
    """TD1 of the shipment: cartons must be stated, pallets may be."""
    stated = {each[1][:3]: each[2] for each in tree.shipment.all("TD1")}
    cartons, pallets = len(tree.level(CARTON)), len(tree.level(PALLET))
    if "CTN" not in stated:
        verdict.object("there is no carton count (TD1*CTN)")
    elif cartons and decimal(stated["CTN"]) != cartons:
        verdict.object(f"TD1 says {stated['CTN']} cartons, there are {cartons} P loops")
    if "PLT" in stated and decimal(stated["PLT"]) != pallets:
        verdict.object(f"TD1 says {stated['PLT']} pallets, there are {pallets} T loops")


# -- cartons ------------------------------------------------------------------


def _check_cartons(
    tree: Tree, books: Books, replaced: Paper | None, verdict: Verdict
) -> list[str]:
    own = set(replaced.content["cartons"]) if replaced else set()
    seen: list[str] = []
    for node in tree.level(PALLET) + tree.level(CARTON):
        what = "carton" if node.level == CARTON else "pallet"
        mark = node.first("MAN", "GM")[2]
        if not mark and what == "pallet":
            continue
        if wrong := _sscc_fault(mark):
            verdict.object(f"{what} {node.name}: {wrong}")
            continue
        if mark in seen:
            verdict.object(f"{what} {node.name}: {mark} is there twice")
        elif mark not in own and (holder := books.carton_holder(mark, UNIQUE_FOR)):
            verdict.object(f"{what} {node.name}: {mark} was used in notice {holder}")
        seen.append(mark)
    for node in tree.level(CARTON):
        if not any(each.level == ITEM for each in node.walk()) and (
            node.above(ITEM) is None
        ):
            verdict.object(f"carton {node.name}: there is nothing in it")
    for node in tree.level(ITEM):
        packed = node.above(CARTON) or node.above(PALLET) or node.children
        if not packed:
            verdict.object(f"item {node.name}: it lies in no carton")
    return seen


def _sscc_fault(mark: str) -> str:
    if not mark:
        return "there is no SSCC (MAN*GM)"
    if not re.fullmatch(r"00\d{18}", mark):
        return f"{mark} is not 00 and the 18 digits of an SSCC"
    if check_digit(mark[2:-1]) != mark[-1]:
        return f"{mark} has a wrong check digit"
    return ""


def check_digit(digits: str) -> str:
    """GS1 General Specifications, section 7.9: weights 3 and 1 from the right."""
    total = sum(
        int(digit) * (3 if place % 2 == 0 else 1)
        for place, digit in enumerate(reversed(digits))
    )
    return str(-total % 10)


# -- contents -----------------------------------------------------------------


def _lines(tree: Tree, orders: dict[str, Order], verdict: Verdict) -> Lines:
    lines: Lines = {po_number: {} for po_number in orders}
    for node in tree.level(ITEM):
        above = node.above(ORDER)
        order = orders.get(above.first("PRF")[1]) if above else None
        if order is None:
            continue
        item = node.first("LIN")
        line = order.line_for(item[1], item.pairs(2))
        quantity, unit = node.quantity(), node.first("SN1")[3]
        if line is None:
            verdict.object(
                f"item {node.name}: {pair_words(item.pairs(2))} is not in order"
                f" {order.po_number}"
            )
        elif quantity is None or quantity <= 0:
            verdict.object(f"item {node.name}: there is no quantity")
        elif unit != line.unit:
            verdict.object(
                f"item {node.name}: the unit is {unit}, ordered were {line.unit}"
            )
        else:
            held = lines[order.po_number]
            held[line.number] = held.get(line.number, Decimal()) + quantity
    return lines


def _check_quantities(
    lines: Lines,
    orders: dict[str, Order],
    books: Books,
    replaced: Paper | None,
    verdict: Verdict,
) -> None:
    for po_number, held in lines.items():
        paper = books.acknowledgement(po_number)
        if paper is None:
            continue
        before = books.quantities("856", po_number, replaced.id if replaced else None)
        old = replaced.content["orders"].get(po_number, {}) if replaced else None
        for line in orders[po_number].lines:
            now = held.get(line.number, Decimal())
            _check_line(po_number, line, paper, before, now, verdict)
            if old is not None and now > Decimal(old.get(line.number, "0")):
                verdict.object(
                    f"order {po_number} line {line.number}: a replacement may only"
                    " lower quantities"
                )


def _check_line(
    po_number: str,
    line: OrderLine,
    paper: Paper,
    before: dict[str, Decimal],
    now: Decimal,
    verdict: Verdict,
) -> None:
    total, limit = now + before.get(line.number, Decimal()), promised(paper, line)
    if now and total > limit:
        earlier = f" ({plain(total - now)} in earlier notices)" if total > now else ""
        verdict.object(
            f"order {po_number} line {line.number}: {plain(total)} are shipped"
            f"{earlier}, {plain(limit)} were acknowledged"
        )
