"""810, 4010: how Amazon judges an invoice.

Rules: Amazon's vendor guide on invoices. Only after acknowledgement and shipment, at
the acknowledged price, for what was shipped, to the cent, under a number that was
never used, with addresses and terms exactly as Amazon has them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timezone
from decimal import ROUND_HALF_UP, Decimal

from .books import Books, Verdict, check_count, pair_words
from .purchase_order import Order, OrderLine
from .x12 import Segment, TransactionSet, decimal, plain

_CENT = Decimal("0.01")
# SAC01: what a charge adds and an allowance takes away
_SIGNS = {"C": 1, "A": -1}
# N101, X12 element 98. Amazon's guide for the remit-to is not public: both the party
# to remit to (RI) and the party that gets the remittance of an invoice (RE) are taken.
_BILL_TO, _REMIT_TO, _SHIP_TO = ("BT",), ("RI", "RE"), "ST"

Quantities = dict[str, dict[str, Decimal]]  # by order and line


@dataclass
class Line:
    """One IT1 with the segments up to the next."""

    head: Segment
    segments: list[Segment] = field(default_factory=list)

    @property
    def name(self) -> str:
        return f"line {self.head[1] or '(no number)'}"

    # as ordered; None where nobody told how many pieces a unit holds
    pieces: Decimal | None = Decimal(1)

    def amount(self) -> Decimal:
        quantity, price = decimal(self.head[2]), decimal(self.head[4])
        return (quantity or Decimal()) * (price or Decimal()) * (self.pieces or 1)

    def po_number(self) -> str:
        return next(
            (e[2] for e in self.segments if e.tag == "REF" and e[1] == "PO"), ""
        )


def judge(one: TransactionSet, books: Books) -> Verdict:
    head = one.first("BIG")
    verdict = Verdict("810", head[2], [])
    lines = _lines(one)
    orders = _orders(head, lines, books, verdict)
    _check_head(head, orders, books, verdict)
    _check_record(one, orders, books, verdict)
    quantities = _check_lines(head, lines, orders, books, verdict)
    _check_shipped(quantities, books, verdict)
    total = _check_total(one, lines, verdict)
    count = one.first("CTT")
    check_count(verdict, count[1], len(lines), "IT1 lines")
    summed = sum((decimal(line.head[2]) or Decimal() for line in lines), Decimal())
    if count[2] and decimal(count[2]) != summed:
        verdict.object(f"CTT02 is {count[2]}, the quantities add up to {plain(summed)}")
    verdict.content = {
        "orders": {
            po: {line: plain(quantity) for line, quantity in each.items()}
            for po, each in quantities.items()
        },
        "total": str(total),
    }
    return verdict


def _lines(one: TransactionSet) -> list[Line]:
    lines: list[Line] = []
    for each in one.segments:
        if each.tag == "TDS":
            break
        if each.tag == "IT1":
            lines.append(Line(each))
        elif lines:
            lines[-1].segments.append(each)
    return lines


def _orders(
    head: Segment, lines: list[Line], books: Books, verdict: Verdict
) -> dict[str, Order]:
    found = {}
    for po_number in dict.fromkeys(line.po_number() or head[4] for line in lines):
        verdict.po_numbers.append(po_number)
        order = books.order(po_number)
        if order is None:
            verdict.object(books.unknown_order(po_number))
        elif books.acknowledgement(po_number) is None:
            verdict.object(f"order {po_number} was not acknowledged")
        elif not books.papers("856", po_number):
            verdict.object(
                f"nothing of order {po_number} was shipped: no ship notice came before"
            )
        if order is not None:
            found[po_number] = order
    return found


def _check_head(
    head: Segment, orders: dict[str, Order], books: Books, verdict: Verdict
) -> None:
    if books.numbered("810", head[2]):
        verdict.object(f"invoice number {head[2]} was used before")
    try:
        day = datetime.strptime(head[1], "%Y%m%d").replace(tzinfo=timezone.utc)
    except ValueError:
        verdict.object(f"the invoice date {head[1]} is no date")
    else:
        if day > books.today:
            verdict.object(f"the invoice date {head[1]} lies in the future")
    order = orders.get(head[4])
    if order is not None and head[3] and head[3] != order.date:
        verdict.object(f"BIG03 is {head[3]}, the order is of {order.date}")


# -- what Amazon has on record ------------------------------------------------


def _check_record(
    one: TransactionSet, orders: dict[str, Order], books: Books, verdict: Verdict
) -> None:
    settings = books.settings
    for qualifiers, name, record in (
        (_BILL_TO, "bill-to", settings.bill_to),
        (_REMIT_TO, "remit-to", settings.remit_to),
    ):
        written, wanted = _address(one, qualifiers), " ".join(record.split())
        if not written:
            verdict.object(f"there is no {name} (N1*{' or '.join(qualifiers)})")
        elif wanted and written != wanted:
            verdict.object(f"the {name} is {written!r}, on record is {wanted!r}")
    ship_to = next((each[4] for each in one.all("N1") if each[1] == _SHIP_TO), "")
    for order in orders.values():
        if ship_to and ship_to != order.ship_to:
            verdict.object(f"the ship-to is {ship_to}, order says {order.ship_to}")
    currency = one.first("CUR")[2]
    if currency != settings.currency:
        verdict.object(
            f"the currency is {currency or 'absent'}, not {settings.currency}"
        )
    terms = one.first("ITD")
    if not terms.elements:
        verdict.object("there are no terms (ITD)")
    else:
        for place, value in settings.terms.items():
            if terms[int(place)] != value:
                verdict.object(
                    f"ITD{place} is {terms[int(place)] or 'absent'}, agreed is {value}"
                )


def _address(one: TransactionSet, qualifiers: tuple[str, ...]) -> str:
    """Name and address of an N1 loop in one line."""
    parts: list[str] = []
    inside = False
    for each in one.segments:
        if each.tag == "N1":
            inside = each[1] in qualifiers
            parts += [each[2]] if inside else []
        elif inside and each.tag in ("N2", "N3"):
            parts += each.elements
        elif inside and each.tag == "N4":
            parts += each.elements[:4]
        elif each.tag in ("ITD", "IT1"):
            break
    return " ".join(" ".join(parts).split())


# -- lines --------------------------------------------------------------------


def _check_lines(
    head: Segment,
    lines: list[Line],
    orders: dict[str, Order],
    books: Books,
    verdict: Verdict,
) -> Quantities:
    quantities: Quantities = {po_number: {} for po_number in orders}
    for line in lines:
        order = orders.get(line.po_number() or head[4])
        if order is None:
            continue
        pairs = line.head.pairs(6)
        ordered = order.line_for(line.head[1], pairs)
        if ordered is None:
            verdict.object(
                f"{line.name}: {pair_words(pairs)} is not in order {order.po_number}"
            )
            continue
        line.pieces = ordered.pieces_priced()
        _check_line(line, order, ordered, books, verdict)
        held = quantities[order.po_number]
        quantity = decimal(line.head[2]) or Decimal()
        held[ordered.number] = held.get(ordered.number, Decimal()) + quantity
    return quantities


def _check_line(
    line: Line, order: Order, ordered: OrderLine, books: Books, verdict: Verdict
) -> None:
    if (decimal(line.head[2]) or 0) <= 0:
        verdict.object(f"{line.name}: the quantity is {line.head[2]}")
    if line.head[3] != ordered.unit:
        verdict.object(
            f"{line.name}: the unit is {line.head[3]}, ordered were {ordered.unit}"
        )
    paper = books.acknowledgement(order.po_number)
    if paper is None:
        return
    agreed = decimal(paper.content["lines"][ordered.number]["price"])
    if decimal(line.head[4]) != agreed:
        verdict.object(
            f"{line.name}: the price is {line.head[4]}, acknowledged was {agreed}"
        )


def _check_shipped(quantities: Quantities, books: Books, verdict: Verdict) -> None:
    for po_number, held in quantities.items():
        shipped = books.quantities("856", po_number)
        before = books.quantities("810", po_number)
        for number, quantity in held.items():
            total = quantity + before.get(number, Decimal())
            limit = shipped.get(number, Decimal())
            if total > limit:
                earlier = (
                    f" ({plain(total - quantity)} before)" if total > quantity else ""
                )
                verdict.object(
                    f"order {po_number} line {number}: {plain(total)} are invoiced"
                    f"{earlier}, {plain(limit)} were shipped"
                )


# -- the total ----------------------------------------------------------------


def _check_total(one: TransactionSet, lines: list[Line], verdict: Verdict) -> Decimal:
    """TDS01 against lines, charges, allowances and taxes; the stated total."""
    stated = (decimal(one.first("TDS")[1]) or Decimal()) * _CENT
    summary = one.segments[_place(one, "TDS") + 1 :]
    inside = [each for line in lines for each in line.segments]
    charges = _charges(inside) + _charges(summary)
    line_tax, header_tax, charge_tax = _taxes(inside), Decimal(), Decimal()
    seen_charge = False
    for each in summary:
        seen_charge = seen_charge or each.tag == "SAC"
        if each.tag == "TXI" and seen_charge:
            charge_tax += _tax(each)
        elif each.tag == "TXI":
            header_tax += _tax(each)
    if line_tax and header_tax and line_tax != header_tax:
        verdict.object(
            f"the lines' taxes add up to {line_tax}, the header's to {header_tax}"
        )
    rest = charges + charge_tax + (header_tax or line_tax)
    exact = sum((line.amount() for line in lines), Decimal()) + rest
    rounded = sum((_cents(line.amount()) for line in lines), Decimal()) + rest
    if any(line.pieces is None for line in lines):
        if stated < _cents(exact):
            verdict.object(f"the total is {stated}, its parts are {_cents(exact)}")
    elif stated not in (_cents(exact), _cents(rounded)):
        verdict.object(f"the total is {stated}, its parts add up to {_cents(rounded)}")
    if stated <= 0:
        verdict.object(f"the total is {stated}, which is not above 0")
    return stated


def _place(one: TransactionSet, tag: str) -> int:
    return next(
        (n for n, each in enumerate(one.segments) if each.tag == tag),
        len(one.segments),
    )


def _cents(amount: Decimal) -> Decimal:
    return amount.quantize(_CENT, ROUND_HALF_UP)


def _tax(each: Segment) -> Decimal:
    return decimal(each[2]) or Decimal()


def _taxes(segments: list[Segment]) -> Decimal:
    return sum((_tax(each) for each in segments if each.tag == "TXI"), Decimal())


def _charges(segments: list[Segment]) -> Decimal:
    return sum(
        (
            _SIGNS.get(each[1], 0) * (decimal(each[5]) or Decimal()) * _CENT
            for each in segments
            if each.tag == "SAC"
        ),
        Decimal(),
    )
