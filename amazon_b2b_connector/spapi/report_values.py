"""Rows of a report as the values of an order. All raise ``BadCell``."""

from __future__ import annotations

from decimal import Decimal

from .documents import (
    NON_AMAZON,
    SellerAddress,
    SellerBuyer,
    SellerCharge,
    SellerOrder,
    SellerOrderLine,
    SellerParcel,
    SellerParcelItem,
    TaxRegistration,
)
from .report_columns import (
    ACTIONABLE,
    CHARGES,
    FULFILLED_BY,
    SHIPMENTS,
    STATUSES,
    TOTALS,
)
from .report_rows import BadCell, Row

# reports do not say who cancelled a line
SOMEBODY = "UNKNOWN"
_FACILITATOR = "marketplacefacilitator"


def order(row: Row) -> SellerOrder:
    """What a row says of its order as a whole, which has no lines yet."""
    created = row.time("created")
    if created is None:
        raise BadCell(f"{row.table.heading('created')} is missing")
    rows = row.table.sort.rows
    shipments, summed = rows == SHIPMENTS, rows == TOTALS
    return SellerOrder(
        number=row.get("number"),
        source=row.table.kind,
        seller_number=row.get("seller_number"),
        created=created,
        updated=row.time("updated"),
        channel=channel(row),
        status="SHIPPED" if shipments else _status(row),
        fulfilled_by=fulfilled_by(row) or ("AMAZON" if shipments else "MERCHANT"),
        service_text=row.get("service_text"),
        ship_not_before=row.time("ship_not_before"),
        ship_not_after=row.time("ship_not_after"),
        deliver_not_before=row.time("deliver_not_before"),
        deliver_not_after=row.time("deliver_not_after"),
        programs=tuple(program for name, program in _PROGRAMS if row.yes(name)),
        replaces=row.get("replaces"),
        currency=row.get("currency").upper(),
        # of the buyer it tells only the town
        buyer=None if summed else _buyer(row),
        address=None if summed else _address(row),
    )


_PROGRAMS = (("is_prime", "PRIME"), ("is_business", "AMAZON_BUSINESS"))


def channel(row: Row) -> str:
    name = row.get("channel")
    return NON_AMAZON if name.lower().startswith("non-amazon") else name


def fulfilled_by(row: Row) -> str:
    name = row.get("fulfilled_by")
    # Amazon.co.jp writes "Amazon.jp", a warehouse's region may follow: AMAZON_EU
    if name.lower().startswith("amazon"):
        return "AMAZON"
    return FULFILLED_BY.get(name.lower(), "")


def status(text: str) -> str:
    """A status of a report, such as ``Shipped - Delivered to Buyer``, as the API's."""
    begin = text.partition(" - ")[0].replace(" ", "").replace("_", "").lower()
    return STATUSES.get(begin, code(text))


def _status(row: Row) -> str:
    if row.table.sort.rows == TOTALS:
        return status(row.get("order_status"))
    if row.table.kind != ACTIONABLE:  # the others tell of orders of any status
        return ""
    return "PARTIALLY_SHIPPED" if row.number("shipped") else "UNSHIPPED"


def code(text: str) -> str:
    """``Business Price`` as the API writes it: ``BUSINESS_PRICE``."""
    return text.upper().replace(" ", "_").replace("-", "_")


def _buyer(row: Row) -> SellerBuyer | None:
    registration = TaxRegistration(
        kind=code(row.get("vat_kind")) or "VAT",
        number=row.get("vat_number"),
        country=row.get("vat_country"),
    )
    found = SellerBuyer(
        name=row.get("buyer_name"),
        email=row.get("buyer_email"),
        company=row.get("buyer_company"),
        purchase_order=row.get("purchase_order"),
        registrations=(registration,) if registration.number else (),
    )
    return None if found == SellerBuyer() else found


def _address(row: Row) -> SellerAddress | None:
    lines = (row.get(name) for name in ("address_1", "address_2", "address_3"))
    found = SellerAddress(
        name=row.get("recipient"),
        lines=tuple(filter(None, lines)),
        city=row.get("city"),
        district=row.get("district"),
        state=row.get("state"),
        postal_code=row.get("postal_code"),
        country=row.get("country").upper(),
        phone=row.get("phone") or row.get("buyer_phone"),
        kind=code(row.get("address_type")),
        instructions=row.get("instructions"),
    )
    return None if found == SellerAddress() else found


def line(row: Row) -> SellerOrderLine:
    """The order line of a row; of a shipment, so much of it as the row tells."""
    shipments = row.table.sort.rows == SHIPMENTS
    item_status = status(row.get("item_status"))
    shipped = row.quantity("shipped")
    quantity = shipped if shipments else row.quantity("quantity")
    if item_status in _SHARES and quantity is not None:
        shipped = quantity * _SHARES[item_status]
    if quantity is None:
        name = row.table.heading("shipped" if shipments else "quantity")
        raise BadCell(f"{name} is missing")
    asks = row.get("cancel_reason") or "BUYER"
    model = row.get("tax_model").replace(" ", "").replace("_", "").lower()
    return SellerOrderLine(
        number=row.get("line"),
        sku=row.get("sku"),
        asin=row.get("asin"),
        title=row.get("title"),
        quantity=quantity,
        shipped=shipped,
        price_designation=code(row.get("price_designation")),
        charges=charges(row),
        collected_tax=model == _FACILITATOR,
        ioss=row.get("ioss"),
        promotions=_promotions(row),
        gift_wrap=row.get("gift_wrap"),
        gift_message=row.get("gift_message"),
        cancel_requested=asks if row.yes("cancel_requested") else "",
        cancelled_by=SOMEBODY if item_status == "CANCELLED" else "",
        programs=("TRANSPARENCY",) if row.yes("is_transparency") else (),
        ship_from_country=row.get("from_country").upper(),
    )


# item-status -> how much of the line has left
_SHARES = {"UNSHIPPED": 0, "SHIPPED": 1}


def charges(row: Row) -> tuple[SellerCharge, ...]:
    """The amounts that are there; of all but the first, those that are not 0."""
    found = []
    for kind, amount_name, tax_name, of in CHARGES:
        stated = row.number(amount_name)
        amount = stated or Decimal(0)
        tax = row.number(tax_name) or Decimal(0)
        if kind == "DISCOUNT":
            amount = -abs(amount)
        if amount or tax or (stated is not None and kind == "ITEM"):
            found.append(SellerCharge(kind=kind, amount=amount, tax=tax, of=of))
    return tuple(found)


def _promotions(row: Row) -> tuple[str, ...]:
    texts = f"{row.get('item_promotion')},{row.get('shipping_promotion')}"
    return tuple(dict.fromkeys(filter(None, map(str.strip, texts.split(",")))))


def parcel(row: Row, line: SellerOrderLine) -> SellerParcel:
    """The parcel of a row of shipments, with what the row says of its content."""
    item = SellerParcelItem(
        line=line.number,
        quantity=line.quantity,
        number=row.get("shipment_item"),
        charges=line.charges,
    )
    return SellerParcel(
        number=row.get("shipment"),
        status="SHIPPED",
        carrier=row.get("carrier"),
        tracking=row.get("tracking"),
        shipped=row.time("shipment_date"),
        ship_from=row.get("warehouse"),
        items=(item,),
    )
