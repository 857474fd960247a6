"""Segments and loops that several messages share (X12 004010 and 005010)."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from ..documents import Identifier, Party, QualifiedDate, Reference
from .schema import (
    Loop,
    Pairs,
    Segment,
    derived,
    el,
    loop,
    no,
    says,
    seg,
    unused,
    when,
)

# X12 element 128: tax numbers, the first is the one we write.
_TAX_NUMBER = ("VX", "TJ", "GT", "TX", "4A")
# X12 element 236: prices that a publisher or maker suggests.
LIST_PRICE = ("SLP", "MSR", "LPR", "RTL", "CAT")


def identifiers(most: int = 10) -> Pairs:
    """Pairs of elements 235 and 234 to the end of the segment."""
    return Pairs("identifiers", Identifier, most)


def party(into: str, *roles: str, needed: bool = False) -> Loop:
    """Loop N1 of one role, or of every other one (then ``into`` holds many)."""
    role = when(98, *roles, field="role") if roles else el(98, "role", needed=True)
    return loop(
        seg("N1", role, el(93, "name"), el(66, "code_qualifier"), el(67, "code")),
        seg("N2", el(93, "additional_name")),
        seg("N3", el(166, "street"), el(166, "street2")),
        seg(
            "N4",
            el(19, "city"),
            el(156, "state"),
            el(116, "postal_code"),
            el(26, "country"),
        ),
        seg("REF", when(128, *_TAX_NUMBER), el(127, "tax_number")),
        seg("PER"),
        into=into,
        make=Party,
        many=not roles,
        needed=needed,
    )


def other_parties() -> Loop:
    """Loops N1 of roles that have no field: known, not read."""
    return unused("N1", "N2", "N3", "N4", "REF", "PER", "G61", "FOB", "TD5")


def references() -> Loop:
    """REF whose qualifier has no field of its own."""
    return loop(
        seg("REF", el(128, "qualifier"), el(127, "value"), el(352, "text")),
        into="references",
        make=Reference,
        many=True,
    )


def dates() -> Loop:
    """DTM whose qualifier has no field of its own; unreadable ones keep their text."""
    return loop(
        seg("DTM", el(374, "qualifier"), el(373, "date", raw="raw")),
        into="dates",
        make=QualifiedDate,
        many=True,
    )


def vendor_code() -> Segment:
    """REF*CR: Amazon's code of the vendor ("customer reference number")."""
    return seg("REF", when(128, "CR"), el(127, "vendor_code"))


def priced_line(name: str, quantity: int) -> Segment:
    """PO1 and IT1: number, quantity, unit, price, basis and product numbers."""
    return seg(
        name,
        el(350, "number", ordinal=True, needed=True),
        el(quantity, "quantity", vital=True),
        el(355, "unit", needed=True),
        el(212, "price", needed=True),
        el(639, "price_basis"),
        identifiers(),
    )


def list_price() -> Segment:
    """CTP: list price and discount multiplier, for books."""
    return seg(
        "CTP",
        no(687),
        when(236, *LIST_PRICE),
        el(212, "list_price"),
        no(380),
        no(355),
        says(648, "DIS"),
        el(649, "discount"),
    )


def totals(count: Callable[[Any], int], hashed: Callable[[Any], Decimal]) -> Segment:
    """CTT: how many lines, and the sum of their quantities as hash total."""
    return seg("CTT", derived(354, count), derived(347, hashed))


def line_totals() -> Segment:
    """CTT over the field ``lines``."""
    return totals(lambda record: len(record.lines), lambda record: sum_of(record.lines))


def sum_of(lines: Sequence[Any]) -> Decimal:
    return sum((line.quantity for line in lines), Decimal(0))
