"""810 Invoice, from the vendor to Amazon.

Guide: Amazon Vendor retail 810, X12 004010 (BIG, CUR, N1 RI/BT/ST with full address,
ITD, IT1 with TXI, CTP and REF, TDS in cents, TXI, SAC, CTT). Its rules: the total is
not zero and equals lines plus charges minus allowances plus taxes; the taxes at the
foot are those of the lines.
"""

from collections.abc import Iterable, Iterator
from decimal import ROUND_HALF_UP, Decimal

from ..documents import Charge, Invoice, InvoiceLine, PaymentTerms, Tax
from . import parts
from .schema import Loop, Message, el, loop, no, says, seg, when

_CENT = Decimal("0.01")


def _round(amount: Decimal) -> Decimal:
    return amount.quantize(_CENT, ROUND_HALF_UP)


def _sum(taxes: Iterable[Tax]) -> Decimal:
    return sum((tax.amount for tax in taxes), Decimal(0))


def _totals(invoice: Invoice) -> tuple[Decimal, Decimal]:
    """What lines, charges, allowances and taxes give: rounded once, or by line."""
    around = _sum(invoice.taxes)
    for charge in invoice.charges:
        amount = charge.amount or Decimal(0)
        around += -amount if charge.indicator == "A" else amount
    amounts = [line.amount or Decimal(0) for line in invoice.lines]
    exact = sum(amounts, Decimal(0))
    by_line = sum(map(_round, amounts), Decimal(0))
    return _round(exact + around), _round(by_line + around)


def _wrong_total(invoice: Invoice) -> Iterator[str]:
    if any(line.amount is None for line in invoice.lines):
        return
    totals = _totals(invoice)
    if invoice.total not in totals:
        yield f"the total is {invoice.total}, lines, charges and taxes give {totals[0]}"


def _rules(invoice: Invoice) -> Iterator[str]:
    if not invoice.lines:
        yield "the invoice has no lines"
    if not invoice.total:
        yield "the total is missing or zero"
    else:
        yield from _wrong_total(invoice)
    on_lines = _sum(tax for line in invoice.lines for tax in line.taxes)
    if on_lines and on_lines != _sum(invoice.taxes):
        yield f"the taxes of the lines give {on_lines}, not {_sum(invoice.taxes)}"
    if not (invoice.order_number or all(line.order_number for line in invoice.lines)):
        yield "no purchase order number is given"
    for line in invoice.lines:
        if not line.identifiers:
            yield f"line {line.number} has no product number"


def _notes(invoice: Invoice) -> Iterator[str]:
    if invoice.lines and invoice.total is not None:
        yield from _wrong_total(invoice)


def _taxes() -> Loop:
    return loop(
        seg(
            "TXI",
            el(963, "kind", needed=True),
            el(782, "amount", vital=True),
            el(954, "rate"),
            no(955),
            no(956),
            el(441, "exempt"),
            no(662),
            el(828, "base"),
            el(325, "registration"),
        ),
        into="taxes",
        make=Tax,
        many=True,
    )


_TERMS = loop(
    seg(
        "ITD",
        el(336, "kind"),
        el(333, "basis"),
        el(338, "discount_percent"),
        no(370),
        el(351, "discount_days"),
        no(446),
        el(386, "net_days"),
        no(362),
        no(388),
        no(389),
        no(342),
        el(352, "text"),
    ),
    into="terms",
    make=PaymentTerms,
)

_LINE = loop(
    parts.priced_line("IT1", 358),
    _taxes(),
    parts.list_price(),
    seg("PID", says(349, "F"), no(750), no(559), no(751), el(352, "description")),
    seg("REF", when(128, "PO"), el(127, "order_number")),
    seg("SAC"),
    into="lines",
    make=InvoiceLine,
    many=True,
    needed=True,
    sealed=True,
)

_CHARGE = loop(
    seg(
        "SAC",
        el(248, "indicator", needed=True, codes="AC"),
        el(1300, "code", needed=True),
        no(559),
        no(1301),
        el(610, "amount", needed=True),
        no(378),
        no(332),
        no(118),
        no(355),
        no(380),
        no(380),
        no(331),
        no(127),
        no(770),
        el(352, "text"),
    ),
    into="charges",
    make=Charge,
    many=True,
)

MESSAGE = Message(
    code="810",
    group="IN",
    title="invoice",
    document=Invoice,
    label=lambda invoice: invoice.number,
    rules=_rules,
    notes=_notes,
    body=(
        seg(
            "BIG",
            el(373, "date", needed=True),
            el(76, "number", vital=True),
            el(373, "order_date"),
            el(324, "order_number"),
            no(328),
            no(327),
            el(640, "kind"),
            el(353, "purpose"),
            vital=True,
        ),
        seg("CUR", says(98, "SE"), el(100, "currency", needed=True), needed=True),
        parts.vendor_code(),
        parts.party("remit_to", "RI", needed=True),
        parts.party("bill_to", "BT", needed=True),
        parts.party("ship_to", "ST"),
        parts.other_parties(),
        _TERMS,
        _LINE,
        seg("TDS", el(610, "total", needed=True), needed=True),
        _taxes(),
        _CHARGE,
        parts.line_totals(),
    ),
)
