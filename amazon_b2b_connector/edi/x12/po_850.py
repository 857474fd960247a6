"""850 Purchase Order, from Amazon to the vendor.

Guide: Amazon Vendor retail 850, X12 004010 (BEG, REF*CR, FOB, CSH, DTM 063/064, PKG,
N9/MSG, N1*ST, PO1, CTT); what other senders add in 003010 to 005010 is read as well.
"""

import dataclasses
import datetime

from ..documents import PurchaseOrder, PurchaseOrderLine
from . import parts
from .schema import Message, el, loop, no, says, seg, when

# X12 element 374, best first. The delivery window counts; where the buyer pays the
# freight he states when to ship instead, and others one date alone.
_NOT_BEFORE = ("064", "037", "010")
_NOT_AFTER = ("063", "038", "002", "106", "001")


def _with_window(order: PurchaseOrder) -> PurchaseOrder:
    """The order with a window from its other dates, where none is stated."""
    if order.deliver_not_before and order.deliver_not_after or not order.dates:
        return order
    return dataclasses.replace(
        order,
        deliver_not_before=order.deliver_not_before or _first(order, _NOT_BEFORE),
        deliver_not_after=order.deliver_not_after or _first(order, _NOT_AFTER),
    )


def _first(order: PurchaseOrder, qualifiers: tuple[str, ...]) -> datetime.date | None:
    found = {dated.qualifier: dated.date for dated in reversed(order.dates)}
    return next((found[code] for code in qualifiers if found.get(code)), None)


_LINE = loop(
    parts.priced_line("PO1", 330),
    parts.list_price(),
    seg("PID", says(349, "F"), no(750), no(559), no(751), el(352, "description")),
    seg("PO4", el(356, "pack")),
    parts.dates(),
    into="lines",
    make=PurchaseOrderLine,
    many=True,
    vital=True,
    sealed=True,
)

MESSAGE = Message(
    code="850",
    group="PO",
    title="purchase order",
    document=PurchaseOrder,
    label=lambda order: order.number,
    finish=_with_window,
    body=(
        seg(
            "BEG",
            el(353, "purpose", needed=True),
            el(92, "kind", needed=True),
            el(324, "number", vital=True),
            no(328),
            el(373, "date", needed=True),
            vital=True,
        ),
        seg("CUR", says(98, "BY"), el(100, "currency")),
        parts.vendor_code(),
        seg("REF", when(128, "PD"), el(127, "promotion")),
        parts.references(),
        seg(
            "FOB",
            el(146, "freight_payer"),
            no(309),
            no(352),
            no(334),
            el(335, "freight_terms"),
        ),
        seg("CSH", el(596, "back_order_allowed")),
        seg("DTM", when(374, "064"), el(373, "deliver_not_before")),
        seg("DTM", when(374, "063"), el(373, "deliver_not_after")),
        parts.dates(),
        seg(
            "PKG",
            says(349, "F"),
            says(753, "CS"),
            no(559),
            no(754),
            el(352, "packaging"),
            each=True,
        ),
        seg("TXI", says(963, "TX"), el(782, "tax"), added=True),
        loop(
            seg("N9", says(128, "L1"), says(127, "NOTES")),
            seg("MSG", el(264, "notes"), each=True),
        ),
        seg("NTE", no(363), el(352, "notes"), each=True, only_read=True),
        parts.party("ship_to", "ST"),
        parts.party("parties"),
        _LINE,
        parts.line_totals(),
        seg("AMT", when(522, "TT", "1"), el(782, "total")),
    ),
)
