"""850, 4010: the purchase order as Amazon lays it out, and as others may have.

`Order.segments` writes Amazon's layout; `from_set` reads any 850, because the user's
own files take part in the demo.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from .x12 import Segment, TransactionSet, decimal, plain, segment

FUNCTIONAL_ID, VERSION = "PO", "004010"

# FOB01, X12 element 146; the freight that Amazon pays and collects
COLLECT = "CC"
# PO105, X12 element 639: the price of a piece, whatever unit is ordered
PER_PIECE = ("PE", "RE")


@dataclass(frozen=True)
class OrderLine:
    number: str
    quantity: Decimal
    unit: str
    price: Decimal | None  # None where the order names none
    basis: str
    products: tuple[tuple[str, str], ...]  # qualifier and value, such as ("UP", "…")
    pieces: Decimal | None = None  # in one unit, where the price is for a piece

    def pieces_priced(self) -> Decimal | None:
        """How many times the price one unit costs; None where nobody told."""
        if self.unit == "EA" or self.basis not in PER_PIECE:
            return Decimal(1)
        return self.pieces


@dataclass(frozen=True)
class Order:
    po_number: str
    date: str  # CCYYMMDD
    kind: str  # BEG02
    vendor_code: str
    freight: str  # FOB01, "" for none
    back_order: bool  # CSH01 is Y
    not_before: str  # CCYYMMDD
    not_after: str
    ship_to_qualifier: str
    ship_to: str
    message: str
    lines: tuple[OrderLine, ...]

    def line_for(
        self, number: str, products: tuple[tuple[str, str], ...]
    ) -> OrderLine | None:
        """The line with that number if it holds one of these products, else the first
        that does. None if the order has no such product."""
        holding = [
            line
            for line in self.lines
            if any(pair in line.products for pair in products)
        ]
        numbered = [line for line in holding if line.number == number]
        return next(iter(numbered or holding), None)

    def segments(self) -> list[Segment]:
        """What stands between ST and SE."""
        body = [segment("BEG", "00", self.kind, self.po_number, "", self.date)]
        if self.vendor_code:
            body.append(segment("REF", "CR", self.vendor_code))
        if self.freight:
            body.append(segment("FOB", self.freight))
        body.append(segment("CSH", "Y" if self.back_order else "N"))
        for qualifier, day in (("064", self.not_before), ("063", self.not_after)):
            if day:
                body.append(segment("DTM", qualifier, day))
        if self.message:
            body += [
                segment("N9", "L1", self.message[:30]),
                segment("MSG", self.message),
            ]
        body.append(segment("N1", "ST", "", self.ship_to_qualifier, self.ship_to))
        for line in self.lines:
            pairs = [text for pair in line.products for text in pair]
            body.append(
                segment(
                    "PO1",
                    *(line.number, plain(line.quantity), line.unit),
                    *(_text(line.price), line.basis, *pairs),
                )
            )
        total = sum((line.quantity for line in self.lines), Decimal())
        body.append(segment("CTT", str(len(self.lines)), plain(total)))
        return body


def from_set(one: TransactionSet) -> Order:
    """Read an 850 leniently: what is absent or no number becomes "" or 0."""
    beg, csh = one.first("BEG"), one.first("CSH")
    references = {each[1]: each[2] for each in one.all("REF")}
    dates = {each[1]: each[2] for each in one.all("DTM")}
    ship_to = next((each for each in one.all("N1") if each[1] == "ST"), segment("N1"))
    lines = tuple(
        OrderLine(
            number=each[1] or str(place),
            quantity=decimal(each[2]) or Decimal(),
            unit=each[3] or "EA",
            price=decimal(each[4]),
            basis=each[5],
            products=each.pairs(6),
        )
        for place, each in enumerate(one.all("PO1"), 1)
    )
    return Order(
        po_number=beg[3],
        date=_day(beg[5]),
        kind=beg[2],
        vendor_code=references.get("CR", ""),
        freight=one.first("FOB")[1],
        back_order=csh[1] == "Y",
        not_before=dates.get("064", ""),
        not_after=dates.get("063", ""),
        ship_to_qualifier=ship_to[3],
        ship_to=ship_to[4],
        message=" ".join(each[1] for each in one.all("MSG")),
        lines=lines,
    )


def _day(text: str) -> str:
    """A date of older releases, YYMMDD, as CCYYMMDD of the nearest century."""
    if len(text) != 6 or not text.isdecimal():
        return text
    return ("19" if text >= "70" else "20") + text


_LINE_KEYS = {"number", "quantity", "unit", "price", "basis", "products", "pieces"}
_ORDER_KEYS = {
    *("po_number", "date", "kind", "vendor_code", "freight", "back_order", "message"),
    *("not_before", "not_after", "ship_to_qualifier", "ship_to", "lines"),
}


def from_json(given: Mapping[str, Any], today: str) -> Order:
    """An order from the control API. Raises `ValueError` naming what is wrong."""
    if unknown := set(given) - _ORDER_KEYS:
        raise ValueError(f"an order has no {', '.join(sorted(unknown))}")
    if not given.get("po_number") or not given.get("lines"):
        raise ValueError("an order needs po_number and lines")
    for place, line in enumerate(given["lines"], 1):
        if unknown := set(line) - _LINE_KEYS:
            raise ValueError(f"a line has no {', '.join(sorted(unknown))}")
        numbers = [decimal(str(line.get(name, ""))) for name in ("quantity", "price")]
        if None in numbers or not line.get("products"):
            raise ValueError(f"line {place} needs quantity, price and products")
    return from_stored({"date": today, "not_before": today, **given})


def from_stored(given: Mapping[str, Any]) -> Order:
    """An order that was checked, or read from a file as it was."""
    return Order(
        po_number=str(given["po_number"]),
        date=str(given["date"]),
        kind=given.get("kind", "NE"),
        vendor_code=given.get("vendor_code", ""),
        freight=given.get("freight", ""),
        back_order=bool(given.get("back_order", False)),
        not_before=str(given["not_before"]),
        not_after=str(given.get("not_after", "")),
        ship_to_qualifier=given.get("ship_to_qualifier", "92"),
        ship_to=given.get("ship_to", "PHX3"),
        message=given.get("message", ""),
        lines=tuple(
            OrderLine(
                number=str(line.get("number", place)),
                quantity=Decimal(str(line["quantity"])),
                unit=line.get("unit", "EA"),
                price=decimal(str(line["price"])),
                basis=line.get("basis", "PE"),
                products=tuple((str(q), str(value)) for q, value in line["products"]),
                pieces=decimal(str(line.get("pieces") or "")),
            )
            for place, line in enumerate(given["lines"], 1)
        ),
    )


def to_json(order: Order) -> dict[str, Any]:
    """The form that `from_json` and `from_stored` read."""
    return {
        **{name: getattr(order, name) for name in _ORDER_KEYS - {"lines"}},
        "lines": [
            {
                "number": line.number,
                "quantity": plain(line.quantity),
                "unit": line.unit,
                "price": _text(line.price),
                "basis": line.basis,
                "products": [list(pair) for pair in line.products],
                "pieces": _text(line.pieces),
            }
            for line in order.lines
        ],
    }


def _text(price: Decimal | None) -> str:
    return "" if price is None else plain(price)
