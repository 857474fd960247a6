"""The business papers that travel between Amazon and us, free of any syntax.

Every codec (X12, later EDIFACT and JSON) reads into these values and writes from
them; Odoo's models see nothing else. All of them are frozen, every quantity and
amount is a ``Decimal``, every absent text is ``""`` and every absent value ``None``.
Codes keep the spelling of the standard that brought them (X12 element 355 ``EA``,
``CA``; element 235 ``BP``, ``UP``, ...).
"""

from __future__ import annotations  # Python 3.10 resolves no "Container" in a tuple

import datetime
from dataclasses import dataclass
from decimal import Decimal

# X12 element 639: the price is that of one piece, whatever unit is ordered. Amazon's
# Vendor Orders API says the same in words: "the net cost to Amazon each".
PER_PIECE = frozenset({"PE", "RE"})
# X12 element 355
EACH = "EA"


def is_per_piece(unit: str, basis: str) -> bool:
    """Whether a price of ``basis`` is not that of one ``unit`` but of one piece in it.

    >>> is_per_piece("CA", "PE"), is_per_piece("EA", "PE"), is_per_piece("CA", "")
    (True, False, False)
    """
    return unit != EACH and basis in PER_PIECE


@dataclass(frozen=True, slots=True, kw_only=True)
class Identifier:
    """A product number and whose it is (X12 elements 235 and 234)."""

    qualifier: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """A reference number that no field of its own carries (X12 REF)."""

    qualifier: str
    value: str
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class QualifiedDate:
    """A date under its qualifier (X12 element 374), raw text kept if unreadable."""

    qualifier: str
    date: datetime.date | None
    raw: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """A party by code, by name and address, or both (X12 loop N1)."""

    role: str
    code: str = ""
    code_qualifier: str = ""
    name: str = ""
    additional_name: str = ""
    street: str = ""
    street2: str = ""
    city: str = ""
    state: str = ""
    postal_code: str = ""
    country: str = ""
    tax_number: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PurchaseOrderLine:
    """One ordered product.

    ``number`` is the line number as sent (PO101) or the position when none was
    sent; ``quantity`` counts ``unit``; ``price`` is the cost of one ``unit``, or of one
    piece in it (:func:`is_per_piece`).
    ``pack`` says how many inner units a ``unit`` holds (PO401). Books have a
    ``list_price`` and the ``discount`` multiplier on it (X12 CTP).
    """

    number: str
    quantity: Decimal
    unit: str
    price: Decimal | None
    price_basis: str = ""
    identifiers: tuple[Identifier, ...] = ()
    description: str = ""
    list_price: Decimal | None = None
    discount: Decimal | None = None
    pack: int | None = None
    dates: tuple[QualifiedDate, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PurchaseOrder:
    """Amazon's order to the vendor (X12 850, EDIFACT ORDERS).

    ``total`` is the amount that the sender states for the whole order, if any.
    The window ``deliver_not_before`` to ``deliver_not_after`` is the one stated for
    delivery, else the one for shipping; ``dates`` tells which (see the codec).
    """

    number: str
    purpose: str = "00"
    kind: str = ""
    date: datetime.date | None = None
    vendor_code: str = ""
    promotion: str = ""
    ship_to: Party | None = None
    parties: tuple[Party, ...] = ()
    back_order_allowed: bool | None = None
    freight_payer: str = ""
    freight_terms: str = ""
    deliver_not_before: datetime.date | None = None
    deliver_not_after: datetime.date | None = None
    dates: tuple[QualifiedDate, ...] = ()
    references: tuple[Reference, ...] = ()
    currency: str = ""
    packaging: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    tax: Decimal | None = None
    total: Decimal | None = None
    lines: tuple[PurchaseOrderLine, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What happens to a part of an ordered line (X12 ACK; ``code`` is element 668).

    Others leave ``quantity`` and ``unit`` out; ours must have both.
    """

    code: str
    quantity: Decimal | None
    unit: str
    date_qualifier: str = ""
    date: datetime.date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AcknowledgementLine:
    """One line of the order, repeated as ordered, with the decisions on it."""

    number: str
    quantity: Decimal
    unit: str
    price: Decimal | None
    price_basis: str = ""
    identifiers: tuple[Identifier, ...] = ()
    list_price: Decimal | None = None
    discount: Decimal | None = None
    decisions: tuple[Decision, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Acknowledgement:
    """The vendor's answer to an order (X12 855); it covers every line.

    ``kind`` is X12 element 587 (``AC`` with detail and change, ``AD`` with detail and
    no change, ``RD`` rejected with detail).
    """

    order_number: str
    date: datetime.date | None
    order_date: datetime.date | None = None
    purpose: str = "00"
    kind: str = "AC"
    vendor_code: str = ""
    ship_to: Party | None = None
    lines: tuple[AcknowledgementLine, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ShippedItem:
    """A product inside one carton or pallet, for one line of one order."""

    order_number: str
    line_number: str
    quantity: Decimal
    unit: str
    identifiers: tuple[Identifier, ...] = ()
    lot: str = ""
    expiry: datetime.date | None = None
    manufactured: datetime.date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Container:
    """A pallet or carton: ``kind`` is ``"pallet"`` or ``"carton"``.

    ``sscc`` holds the 18 digits; the codec adds the application identifier ``00``
    where the wire format wants it. A pallet may hold cartons, items, or both.
    """

    kind: str
    sscc: str
    tracking: str = ""
    weight: Decimal | None = None
    containers: tuple[Container, ...] = ()
    items: tuple[ShippedItem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ShipNotice:
    """One delivery on its way to one fulfilment centre (X12 856).

    ``structure`` names the nesting to write: ``SOTPI``, ``SOPI``, ``SOTI``, ``SOIP``.
    ``weight`` is in ``weight_unit`` (X12 element 355, ``LB`` or ``KG``), here and in
    the containers. Naive times are written as they stand, others in UTC and marked so
    (``created`` must be naive); fractions of a second do not travel. ``items`` are
    those in no container at all (structure ``SOI``).
    """

    number: str
    created: datetime.datetime | None
    purpose: str = "00"
    structure: str = "SOPI"
    vendor_code: str = ""
    shipped: datetime.datetime | None = None
    estimated_delivery: datetime.datetime | None = None
    ship_to: Party | None = None
    ship_from: Party | None = None
    scac: str = ""
    carrier: str = ""
    transport_mode: str = ""
    trailer: str = ""
    bill_of_lading: str = ""
    arn: str = ""
    pro_number: str = ""
    tracking: str = ""
    seal: str = ""
    freight_payer: str = ""
    carton_count: int = 0
    pallet_count: int = 0
    weight: Decimal | None = None
    weight_unit: str = ""
    containers: tuple[Container, ...] = ()
    items: tuple[ShippedItem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentTerms:
    """The agreed terms (X12 ITD): percent and days of discount, net days."""

    kind: str = ""
    basis: str = ""
    discount_percent: Decimal | None = None
    discount_days: int | None = None
    net_days: int | None = None
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tax:
    """A tax (X12 TXI): ``kind`` is element 963, ``rate`` in percent."""

    kind: str
    amount: Decimal
    rate: Decimal | None = None
    base: Decimal | None = None
    exempt: str = ""
    registration: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Charge:
    """A charge (``indicator`` ``C``) or allowance (``A``) at the head (X12 SAC).

    Others may state a rate alone; ours must have an ``amount``.
    """

    indicator: str
    code: str
    amount: Decimal | None
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceLine:
    """One invoiced product: ``quantity`` of ``unit``, each ``pieces`` times ``price``.

    ``pieces`` is 1 unless the price is per piece (:func:`is_per_piece`). It does not
    travel: it is ``None`` in what was read and is such a line.
    """

    number: str
    quantity: Decimal
    unit: str
    price: Decimal | None
    price_basis: str = ""
    identifiers: tuple[Identifier, ...] = ()
    description: str = ""
    order_number: str = ""
    list_price: Decimal | None = None
    discount: Decimal | None = None
    taxes: tuple[Tax, ...] = ()
    pieces: Decimal | None = None

    @property
    def amount(self) -> Decimal | None:
        """What the line comes to; ``None`` where nobody says how many pieces it is."""
        if self.pieces is None and is_per_piece(self.unit, self.price_basis):
            return None
        return self.quantity * (self.price or Decimal(0)) * (self.pieces or 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Invoice:
    """The vendor's invoice (X12 810); ``total`` includes charges and taxes."""

    number: str
    date: datetime.date | None
    total: Decimal | None
    order_number: str = ""
    order_date: datetime.date | None = None
    kind: str = ""
    purpose: str = ""
    currency: str = ""
    vendor_code: str = ""
    remit_to: Party | None = None
    bill_to: Party | None = None
    ship_to: Party | None = None
    terms: PaymentTerms | None = None
    lines: tuple[InvoiceLine, ...] = ()
    charges: tuple[Charge, ...] = ()
    taxes: tuple[Tax, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ElementNote:
    """A faulty element (X12 AK4): position, code (element 723), the bad value."""

    position: int | None
    code: str
    component: int | None = None
    reference: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentNote:
    """A faulty segment (X12 AK3): its place in the set, code (element 720)."""

    segment: str
    position: int | None
    loop: str = ""
    code: str = ""
    elements: tuple[ElementNote, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SetResponse:
    """The answer to one transaction set (X12 AK2 and AK5).

    ``status`` is element 717: ``A`` accepted, ``E`` accepted with errors noted,
    ``R`` rejected, and the rarer ``M``, ``W``, ``X``.
    """

    set_code: str
    control_number: str
    status: str
    codes: tuple[str, ...] = ()
    segments: tuple[SegmentNote, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionalAcknowledgement:
    """The technical answer to one functional group (X12 997).

    ``status`` is element 715: ``A``, ``E``, ``P`` (partly accepted), ``R``. A group
    accepted as a whole may carry no ``sets`` at all.
    """

    group_code: str
    group_control_number: str
    status: str
    sets_included: int
    sets_received: int
    sets_accepted: int
    codes: tuple[str, ...] = ()
    sets: tuple[SetResponse, ...] = ()


Document = (
    PurchaseOrder | Acknowledgement | ShipNotice | Invoice | FunctionalAcknowledgement
)
