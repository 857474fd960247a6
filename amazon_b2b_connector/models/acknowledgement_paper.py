"""How an order is answered: one answer a line, and the paper (X12 855) they make."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from .. import edi

# X12 4010, element 587 (BAK02)
WITHOUT_CHANGE = "AD"
WITH_CHANGE = "AC"
REJECTED = "RD"

# X12 4010, element 374 (ACK04): what the date of a back-ordered part means
CURRENT_SCHEDULE_DELIVERY = "067"
CURRENT_SCHEDULE_SHIP = "068"
# X12 4010, element 146 (FOB01): Amazon collects, so its dates are those of pick-up
COLLECT = "CC"

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What is decided for one line of a purchase order.

    ``accepted`` counts the line's own unit (PO103); what is left of the ordered
    quantity goes under ``rest_code`` (a record of ``amazon.b2b.acknowledgement.code``)
    and, where that means back-ordered, for ``rest_date``. ``scanned`` is how much of
    the accepted part lies there already, in the line's unit.
    """

    accepted: Decimal
    rest_code: Any = None
    rest_date: date | None = None
    scanned: float = 0.0

    def rest(self, ordered):
        return ordered - self.accepted

    def backordered(self, ordered):
        """The quantity that comes later."""
        if self.rest_code and self.rest_code.meaning == "backordered":
            return self.rest(ordered)
        return ZERO


@dataclass(frozen=True, slots=True, kw_only=True)
class AnsweredLine:
    """A line of the purchase order with its answer and the price that is invoiced.

    ``order_line`` is the ``sale.order.line``, empty where it is answered instead of
    ordered (``refused`` then holds the code) or was deleted.
    """

    position: int
    line: edi.PurchaseOrderLine
    order_line: Any
    answer: Answer
    price: Decimal | None
    refused: Any = None

    @property
    def accepted(self):
        return self.answer.accepted

    @property
    def backordered(self):
        return self.answer.backordered(self.line.quantity)


def acknowledgement(order, lines, accepted_code, today):
    """The paper that answers every line of ``order``.

    :param order: :class:`edi.PurchaseOrder`, whose numbers are repeated byte for byte
    :param lines: list of :class:`AnsweredLine`, one for each line of the order
    :param accepted_code: element 668 for what is accepted
    :param today: date of the acknowledgement, and of an order that names none
    """
    date_qualifier = (
        CURRENT_SCHEDULE_SHIP
        if order.freight_payer == COLLECT
        else CURRENT_SCHEDULE_DELIVERY
    )
    return edi.Acknowledgement(
        order_number=order.number,
        date=today,
        order_date=order.date or today,
        kind=_kind(lines),
        lines=tuple(
            edi.AcknowledgementLine(
                number=answered.line.number,
                quantity=answered.line.quantity,
                unit=answered.line.unit,
                price=answered.price,
                price_basis=answered.line.price_basis,
                identifiers=answered.line.identifiers,
                decisions=_decisions(answered, accepted_code, date_qualifier),
            )
            for answered in lines
        ),
    )


def _kind(lines):
    if all(a.accepted == a.line.quantity and a.price == a.line.price for a in lines):
        return WITHOUT_CHANGE
    if not any(a.accepted or a.backordered for a in lines):
        return REJECTED
    return WITH_CHANGE


def _decisions(answered, accepted_code, date_qualifier):
    """One decision for what is accepted, one for the rest; together all ordered."""
    ordered, answer = answered.line.quantity, answered.answer
    rest = answer.rest(ordered)
    decisions = []
    if answer.accepted or not rest:
        decisions.append(
            edi.Decision(
                code=accepted_code, quantity=answer.accepted, unit=answered.line.unit
            )
        )
    if rest:
        later = answered.backordered
        decisions.append(
            edi.Decision(
                code=answer.rest_code.code,
                quantity=rest,
                unit=answered.line.unit,
                date_qualifier=date_qualifier if later else "",
                date=answer.rest_date if later else None,
            )
        )
    return tuple(decisions)
