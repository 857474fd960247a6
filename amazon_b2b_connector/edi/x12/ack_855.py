"""855 Purchase Order Acknowledgment, from the vendor to Amazon.

Guide: Amazon Vendor retail 855, X12 004010: every line of the order again with its
number, quantity, unit, price and product number, and one or more ACK under each. A
line left out counts as rejected, so a line without ACK is never sent.
"""

from collections.abc import Iterator
from decimal import Decimal

from ..documents import Acknowledgement, AcknowledgementLine, Decision
from . import parts
from .schema import Message, el, loop, no, seg

# X12 element 587: with and without detail, accepted, changed or rejected.
_KINDS = ("AC", "AD", "AE", "AH", "AK", "AP", "AT", "RD", "RF", "RJ", "RO", "ZZ")


def _rules(answer: Acknowledgement) -> Iterator[str]:
    if not answer.lines:
        yield "the acknowledgement has no lines"
    # a line repeats the order's: without product number, or numbered like another,
    # where the order's is
    for line in answer.lines:
        if not line.decisions:
            yield f"line {line.number} has no decision"
        yield from _over(line)


def _over(line: AcknowledgementLine) -> Iterator[str]:
    quantities = [decision.quantity or Decimal(0) for decision in line.decisions]
    if any(quantity < 0 for quantity in quantities):
        yield f"line {line.number} has a negative quantity"
    if sum(quantities) > line.quantity:
        yield (
            f"line {line.number} answers for {sum(quantities)},"
            f" but {line.quantity} were ordered"
        )


_LINE = loop(
    parts.priced_line("PO1", 330),
    parts.list_price(),
    loop(
        seg(
            "ACK",
            el(668, "code", needed=True),
            el(380, "quantity", needed=True),
            el(355, "unit", needed=True),
            el(374, "date_qualifier"),
            el(373, "date"),
        ),
        into="decisions",
        make=Decision,
        many=True,
        needed=True,
    ),
    into="lines",
    make=AcknowledgementLine,
    many=True,
    needed=True,
    sealed=True,
)

MESSAGE = Message(
    code="855",
    group="PR",
    title="purchase order acknowledgement",
    document=Acknowledgement,
    label=lambda answer: answer.order_number,
    rules=_rules,
    body=(
        seg(
            "BAK",
            el(353, "purpose", needed=True),
            el(587, "kind", needed=True, codes=_KINDS),
            el(324, "order_number", vital=True),
            # BAK04 is the order's date, BAK09 the acknowledgement's
            el(373, "order_date", needed=True),
            no(328),
            no(326),
            no(367),
            no(127),
            el(373, "date"),
            vital=True,
        ),
        parts.vendor_code(),
        parts.party("ship_to", "ST"),
        parts.other_parties(),
        _LINE,
        parts.line_totals(),
    ),
)
