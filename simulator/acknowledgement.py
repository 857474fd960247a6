"""855: how Amazon judges a purchase order acknowledgement.

Rules: Amazon's vendor guide on acknowledgements. Every line within 24 hours, with
code, quantity and price, the product id of the order, never more than ordered, never
dearer; a revision within 48 hours; what was first rejected stays rejected.
"""

from __future__ import annotations

from decimal import Decimal

from .books import Books, Paper, Verdict, check_count, pair_words
from .purchase_order import Order, OrderLine
from .x12 import Segment, TransactionSet, decimal, plain

ACCEPTED, BACK_ORDERED, REJECTED = "accepted", "back_ordered", "rejected"

# ACK01. X12 element 668, and Amazon's own codes beside it.
CODES = {
    **dict.fromkeys(("IA", "AC"), ACCEPTED),
    **dict.fromkeys(("IB", "BA", "BX", "BR"), BACK_ORDERED),
    **dict.fromkeys(("IR", "OS", "CA", "CQ", "R1", "R2", "R3", "R4", "CK"), REJECTED),
}
# X12 codes that say less than Amazon wants to know.
NOT_USED = {
    "IQ": "split the line into an accepted and a rejected part instead",
    "IP": "send the accepted line with its own price instead",
}
# BAK01: original; the revision may also be called a replacement.
_PURPOSES = ("00",)
_REVISION_PURPOSES = ("00", "05")
# BAK02, X12 element 587: with detail (and change), or rejected with detail.
_TYPES = ("AC", "AD", "RD")


def judge(one: TransactionSet, books: Books) -> Verdict:
    head = one.first("BAK")
    verdict = Verdict("855", head[3], [head[3]])
    order = books.order(head[3])
    if order is None:
        verdict.object(books.unknown_order(head[3]))
        return verdict
    before = books.acknowledgement(order.po_number)
    _check_head(head, before, verdict)
    _check_time(books, order, before, verdict)
    lines = _lines(one)
    _check_lines(order, lines, verdict)
    if before is not None and not verdict.reasons:
        _check_revision(before, verdict)
    count = one.first("CTT")
    check_count(verdict, count[1], len(lines), "PO1 lines")
    total = sum((decimal(line[2]) or Decimal() for line, _acks in lines), Decimal())
    if count[2] and decimal(count[2]) != total:
        verdict.object(f"CTT02 is {count[2]}, the quantities add up to {plain(total)}")
    return verdict


def _check_head(head: Segment, before: Paper | None, verdict: Verdict) -> None:
    allowed = _PURPOSES if before is None else _REVISION_PURPOSES
    if head[1] not in allowed:
        verdict.object(f"BAK01 is {head[1]}, not {' or '.join(allowed)}")
    if head[2] not in _TYPES:
        verdict.object(f"BAK02 is {head[2]}, not one of {', '.join(_TYPES)}")


def _check_time(
    books: Books, order: Order, before: Paper | None, verdict: Verdict
) -> None:
    if before is None:
        hours = (books.now - books.sent_at(order.po_number)) / 3600
        limit = books.settings.acknowledgement_hours
        if hours > limit:
            verdict.object(
                f"it came {hours:.1f} hours after the order, the limit is {limit:g}"
            )
        return
    hours, limit = (books.now - before.at) / 3600, books.settings.revision_hours
    if hours > limit:
        verdict.object(
            f"the order was acknowledged {hours:.1f} hours ago and can be revised for"
            f" {limit:g} hours only"
        )
    if books.papers("856", order.po_number):
        verdict.object("goods of this order were already announced by a ship notice")
    verdict.replaces = before.id


def _lines(one: TransactionSet) -> list[tuple[Segment, list[Segment]]]:
    """Each PO1 with its ACK segments."""
    found: list[tuple[Segment, list[Segment]]] = []
    for each in one.segments:
        if each.tag == "PO1":
            found.append((each, []))
        elif each.tag == "ACK" and found:
            found[-1][1].append(each)
    return found


def _check_lines(
    order: Order, lines: list[tuple[Segment, list[Segment]]], verdict: Verdict
) -> None:
    said: dict[str, dict[str, str]] = {}
    for segment, acks in lines:
        line = next((each for each in order.lines if each.number == segment[1]), None)
        name = f"line {segment[1] or '(no number)'}"
        if line is None:
            verdict.object(f"{name}: the order has no such line")
        elif line.number in said:
            verdict.object(f"{name}: it is there twice")
        else:
            _check_line(name, line, segment, verdict)
            said[line.number] = _check_acks(name, order, line, acks, verdict)
            said[line.number]["price"] = segment[4]
    for line in order.lines:
        if line.number not in said:
            verdict.object(
                f"line {line.number}: it is missing, which counts as rejected"
            )
    verdict.content["lines"] = said


def _check_line(name: str, line: OrderLine, segment: Segment, verdict: Verdict) -> None:
    if decimal(segment[2]) != line.quantity:
        verdict.object(
            f"{name}: PO102 is {segment[2]}, ordered were {plain(line.quantity)}"
        )
    if segment[3] != line.unit:
        verdict.object(f"{name}: the unit is {segment[3]}, ordered were {line.unit}")
    price = decimal(segment[4])
    if price is None or price < 0:
        verdict.object(f"{name}: there is no price")
    elif line.price is not None and price > line.price:
        verdict.object(
            f"{name}: the price {segment[4]} is above the order's {plain(line.price)}"
        )
    pairs = segment.pairs(6)
    if bool(pairs) != bool(line.products) or not set(pairs) <= set(line.products):
        verdict.object(
            f"{name}: the product is {pair_words(pairs)}, ordered was"
            f" {pair_words(line.products)}"
        )


def _check_acks(
    name: str, order: Order, line: OrderLine, acks: list[Segment], verdict: Verdict
) -> dict[str, str]:
    sums = dict.fromkeys((ACCEPTED, BACK_ORDERED, REJECTED), Decimal())
    understood = bool(acks)
    if not acks:
        verdict.object(f"{name}: there is no ACK")
    for ack in acks:
        meaning = CODES.get(ack[1])
        quantity = decimal(ack[2])
        if meaning is not None and quantity is not None and quantity >= 0:
            sums[meaning] += quantity
        else:
            understood = False
            verdict.object(f"{name}: {_ack_fault(ack[1])}")
        if ack[3] and ack[3] != line.unit:
            verdict.object(f"{name}: ACK03 is {ack[3]}, ordered were {line.unit}")
    total = sum(sums.values(), Decimal())
    ordered = plain(line.quantity)
    if total > line.quantity:
        verdict.object(f"{name}: {plain(total)} are acknowledged, {ordered} ordered")
    elif total < line.quantity and understood:
        verdict.object(
            f"{name}: {plain(total)} of {ordered} are answered, the rest is not"
        )
    if sums[BACK_ORDERED] and not order.back_order:
        verdict.object(f"{name}: this order allows no back order (CSH01 is N)")
    return {name: plain(value) for name, value in sums.items()}


def _ack_fault(code: str) -> str:
    if code in NOT_USED:
        return f"code {code} is not used; {NOT_USED[code]}"
    if code not in CODES:
        return f"code {code} is not known"
    return f"ACK {code} has no quantity"


def _check_revision(before: Paper, verdict: Verdict) -> None:
    """What was rejected first cannot be lifted."""
    for number, said in verdict.content["lines"].items():
        old = Decimal(before.content["lines"][number][REJECTED])
        if Decimal(said[REJECTED]) < old:
            verdict.object(
                f"line {number}: {plain(old)} were rejected before, which is final"
            )
