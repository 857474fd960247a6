"""What a seller's order says, whichever of Amazon's two ways it came by.

The Orders API 2026-01-01 (JSON) and the order reports (tab-separated text) are read
into these values; Odoo's models see nothing else. As in :mod:`edi.documents` all of
them are frozen, every quantity and amount is a ``Decimal``, an absent text is ``""``
and an absent value ``None``. Codes keep the spelling of the Orders API 2026-01-01
(``MERCHANT``, ``UNSHIPPED``, ``PRIME``, ...); the readers of reports translate into
it. Times are aware and in UTC.
"""

from __future__ import annotations  # Python 3.10 resolves no "SellerCharge" in a tuple

import datetime
from dataclasses import dataclass
from decimal import Decimal

# the channel of what was sold in another shop and is fulfilled by Amazon
NON_AMAZON = "NON_AMAZON"


@dataclass(frozen=True, slots=True, kw_only=True)
class SellerAddress:
    """Where it goes. ``kind`` is ``RESIDENTIAL``, ``COMMERCIAL`` or ``PICKUP_POINT``.

    ``lines`` are the address lines as the buyer typed them, empty ones left out;
    ``state`` and ``country`` as Amazon writes them (ISO 3166-1 for the country).
    """

    name: str = ""
    company: str = ""
    lines: tuple[str, ...] = ()
    city: str = ""
    district: str = ""
    state: str = ""
    postal_code: str = ""
    country: str = ""
    phone: str = ""
    kind: str = ""
    instructions: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxRegistration:
    """A tax number of the buyer's (``kind`` ``VAT``, ``BUSINESS``, ``CPF``, ...)."""

    kind: str
    number: str
    name: str = ""
    country: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SellerBuyer:
    """Who bought; every field is empty where the application may not know."""

    name: str = ""
    email: str = ""
    company: str = ""
    purchase_order: str = ""
    registrations: tuple[TaxRegistration, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SellerCharge:
    """One amount of an order line, for the whole of its quantity.

    ``kind`` is ``ITEM``, ``SHIPPING``, ``GIFT_WRAP``, ``COD_FEE``, ``DELIVERY_TIP``,
    ``OTHER``, or ``DISCOUNT``; a discount is negative and ``of`` says of which kind it
    is. ``amount`` is as Amazon states it, with or without the ``tax`` that falls on it:
    :attr:`SellerOrderLine.basis` says which.
    """

    kind: str
    amount: Decimal
    tax: Decimal = Decimal(0)
    of: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SellerOrderLine:
    """One ordered product (``number`` is Amazon's orderItemId).

    ``basis`` is ``"net"`` where ``tax`` comes on top of each charge's amount,
    ``"gross"`` where it is contained, ``""`` where nothing on the line tells (then
    there is either no tax, or a setting or a person decides). ``total`` is what the
    line comes to, tax included, as Amazon states it. ``collected_tax`` says that
    Amazon collects the tax and remits it itself (a marketplace facilitator).
    ``ship_from_country`` is where it is sent from (ISO 3166-1), where a report tells.
    ``cancel_requested`` is the buyer's reason, or ``BUYER`` if none is given.
    """

    number: str
    sku: str = ""
    asin: str = ""
    title: str = ""
    condition: str = ""
    quantity: Decimal
    shipped: Decimal | None = None
    unit_price: Decimal | None = None
    price_designation: str = ""
    charges: tuple[SellerCharge, ...] = ()
    total: Decimal | None = None
    basis: str = ""
    collected_tax: bool = False
    reporting_scheme: str = ""
    ioss: str = ""
    promotions: tuple[str, ...] = ()
    gift_wrap: str = ""
    gift_message: str = ""
    cancel_requested: str = ""
    cancelled_by: str = ""
    cancel_reason: str = ""
    programs: tuple[str, ...] = ()
    ship_from_country: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SellerParcel:
    """What left in one piece, and of which lines how many.

    ``ship_from`` is the name of the place, or Amazon's code of its warehouse where it
    fulfils; ``ship_from_country`` its country (ISO 3166-1) where that is told.
    """

    number: str
    status: str = ""
    carrier: str = ""
    service: str = ""
    tracking: str = ""
    shipped: datetime.datetime | None = None
    ship_from: str = ""
    ship_from_country: str = ""
    items: tuple[SellerParcelItem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SellerParcelItem:
    """So many of one order line in a parcel.

    ``number`` is Amazon's shipment-item-id and ``charges`` what was charged with it,
    where a report of Amazon's own shipments tells.
    """

    line: str
    quantity: Decimal
    number: str = ""
    charges: tuple[SellerCharge, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SellerOrder:
    """A customer's order on one of Amazon's marketplaces.

    ``number`` is Amazon's order id, ``marketplace`` Amazon's marketplace id (``""``
    where a report names only ``channel``, such as ``Amazon.de``; ``NON_AMAZON`` is
    another shop whose order Amazon fulfils). ``status`` is a fulfillmentStatus,
    ``fulfilled_by`` ``MERCHANT`` or ``AMAZON``. ``service_level`` is the API's
    category, ``service_text`` the reports' text; one of them is empty. ``total`` is
    what the buyer pays, tax included, where Amazon states it.

    ``source`` is ``"orders"`` (the API) or the report it came from. Where several
    reports must tell an order, ``parts`` names those it has (``"shipping"``,
    ``"invoicing"``, ``"status"``); it is empty where all is there. ``summary`` are its
    lines as the report of all orders has them, which names no order items.
    """

    number: str
    source: str
    parts: tuple[str, ...] = ()
    seller_number: str = ""
    created: datetime.datetime
    updated: datetime.datetime | None = None
    marketplace: str = ""
    channel: str = ""
    status: str = ""
    fulfilled_by: str = ""
    service_level: str = ""
    service_text: str = ""
    ship_not_before: datetime.datetime | None = None
    ship_not_after: datetime.datetime | None = None
    deliver_not_before: datetime.datetime | None = None
    deliver_not_after: datetime.datetime | None = None
    programs: tuple[str, ...] = ()
    replaces: str = ""
    currency: str = ""
    total: Decimal | None = None
    buyer: SellerBuyer | None = None
    address: SellerAddress | None = None
    charges: tuple[SellerCharge, ...] = ()
    lines: tuple[SellerOrderLine, ...] = ()
    summary: tuple[SellerOrderLine, ...] = ()
    parcels: tuple[SellerParcel, ...] = ()
