"""The answers of searchOrders and getOrder (Orders API 2026-01-01), decoded.

::

    page = read_page(data)        # never raises on foreign bytes
    for read in page.orders:
        read.raw, read.hash       # kept and compared whatever became of it
        read.order, read.issues   # None where it cannot be read
"""

from __future__ import annotations

import datetime
from collections import Counter
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from .documents import (
    NON_AMAZON,
    SellerAddress,
    SellerBuyer,
    SellerOrder,
    SellerOrderLine,
    SellerParcel,
    SellerParcelItem,
    TaxRegistration,
)
from .json_cut import cut, field
from .json_fields import Fields, Findings, NotAnOrder, canonical, parse
from .money import Breakdown, line_money, order_charges
from .readings import ReadOrder, read_as
from .scalars import clean

SOURCE = "orders"
# associatedOrders[].associationType of the order that this one stands in for
_ORIGINALS = ("REPLACEMENT_ORIGINAL_ID", "EXCHANGE_ORIGINAL_ID")


@dataclass(frozen=True, slots=True, kw_only=True)
class OrdersPage:
    """A page of searchOrders, or the one order of getOrder.

    ``issues`` say what is wrong with the page itself; if it has no orders then, it is
    to be asked for again. ``next_token`` is ``""`` on the last page; ``updated_before``
    and ``created_before`` are the time up to which Amazon says that it looked.
    """

    orders: tuple[ReadOrder, ...] = ()
    next_token: str = ""
    updated_before: datetime.datetime | None = None
    created_before: datetime.datetime | None = None
    issues: tuple[str, ...] = ()


def read_page(data: bytes) -> OrdersPage:
    """What an answer of searchOrders or getOrder holds; never raises."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return OrdersPage(issues=(f"the answer is not UTF-8 at byte {error.start}",))
    rest, parts = cut(text, lists=frozenset(["orders"]), objects=frozenset(["order"]))
    findings = Findings()
    try:
        page = Fields(parse(rest), "", findings)
    except RecursionError:
        return OrdersPage(issues=("the answer is nested too deeply",))
    except NotAnOrder:
        return OrdersPage(issues=("the answer is not a JSON object",))
    except ValueError as error:
        return OrdersPage(issues=(f"the answer is not JSON: {error}",))
    for answer in page.children("errors"):
        told = map(answer.text, ("code", "message", "details"))
        page.complain(f"Amazon answers {': '.join(filter(None, told))}")
    single = page.value("order")
    found = page.values("orders") if single is None else [single]
    if single is None and page.value("orders") is None and not findings.issues:
        page.complain("the answer has no orders")
    return OrdersPage(
        orders=tuple(_one(value, parts) for value in found),
        next_token=page.child("pagination").text("nextToken"),
        updated_before=page.time("lastUpdatedBefore"),
        created_before=page.time("createdBefore"),
        issues=tuple(findings.issues),
    )


def _one(value: Any, parts: list[str]) -> ReadOrder:
    """The order that was cut out, or what stands in its place and is none."""
    place = value.get("") if isinstance(value, dict) else None
    if isinstance(place, Decimal) and 0 <= place < len(parts):
        return read_order(parts[int(place)])
    return read_order(canonical(value))


def read_order(text: str) -> ReadOrder:
    """One order from its JSON; never raises."""
    findings = Findings()
    order = None
    raw = text
    try:
        value = parse(text)
        raw = canonical(value)
        order = _order(Fields(value, "", findings), findings)
    except RecursionError:
        findings.issues.append("the order is nested too deeply")
    except NotAnOrder as error:
        findings.issues.append(str(error))
    except ValueError as error:
        findings.issues.append(f"the order is not JSON: {error}")
    number = order.number if order else clean(field(raw, "orderId")[:64])
    return read_as(number, raw, order, findings.issues)


def _order(order: Fields, findings: Findings) -> SellerOrder:
    number = order.required_text("orderId")
    sales = order.required_child("salesChannel")
    fulfillment = order.child("fulfillment")
    ship = fulfillment.child("shipByWindow")
    deliver = fulfillment.child("deliverByWindow")
    proceeds = order.child("proceeds")
    total = proceeds.money("grandTotal")
    items = order.required_children("orderItems")
    found = SellerOrder(
        number=number,
        source=SOURCE,
        seller_number=_seller_number(order),
        created=order.required_time("createdTime"),
        updated=order.required_time("lastUpdatedTime"),
        marketplace=sales.text("marketplaceId"),
        channel=_channel(sales),
        status=fulfillment.text("fulfillmentStatus"),
        fulfilled_by=fulfillment.text("fulfilledBy"),
        service_level=fulfillment.text("fulfillmentServiceLevel"),
        ship_not_before=ship.time("earliestDateTime"),
        ship_not_after=ship.time("latestDateTime"),
        deliver_not_before=deliver.time("earliestDateTime"),
        deliver_not_after=deliver.time("latestDateTime"),
        programs=order.texts("programs"),
        replaces=_replaces(order),
        total=total.amount if total else None,
        buyer=_buyer(order),
        address=_address(order.child("recipient")),
        lines=tuple(map(_line, items)),
        parcels=tuple(map(_parcel, order.children("packages"))),
    )
    for line, times in Counter(line.number for line in found.lines).items():
        if times > 1:
            raise NotAnOrder(f"orderItems has {line} {times} times")
    if len(findings.currencies) > 1:
        order.complain(
            f"the currencies differ: {', '.join(sorted(findings.currencies))}"
        )
    charges, issue = order_charges(found, _breakdowns(proceeds))
    if issue:
        proceeds.complain(issue)
    currency = total.currency if total else min(findings.currencies, default="")
    return replace(found, charges=charges, currency=currency)


def _seller_number(order: Fields) -> str:
    for alias in order.children("orderAliases"):
        if alias.text("aliasType") == "SELLER_ORDER_ID":
            return alias.text("aliasId")
    return ""


def _channel(sales: Fields) -> str:
    if sales.text("channelName") == NON_AMAZON:
        return NON_AMAZON
    return sales.text("marketplaceName")


def _replaces(order: Fields) -> str:
    for other in order.children("associatedOrders"):
        if other.text("associationType") in _ORIGINALS:
            return other.text("orderId")
    return ""


def _buyer(order: Fields) -> SellerBuyer | None:
    buyer = order.child("buyer")
    registrations = order.child("tax").children("taxRegistrations")
    found = SellerBuyer(
        name=buyer.text("buyerName"),
        email=buyer.text("buyerEmail"),
        company=buyer.text("buyerCompanyName"),
        purchase_order=buyer.text("buyerPurchaseOrderNumber"),
        registrations=tuple(
            TaxRegistration(
                kind=registration.text("taxRegistrationType"),
                number=registration.text("taxRegistrationNumber"),
                name=registration.text("legalName"),
                country=registration.child("taxRegistrationAddress").text(
                    "countryCode"
                ),
            )
            for registration in registrations
            if registration.text("entityType") == "BUYER"
            and registration.text("taxRegistrationNumber")
        ),
    )
    return None if found == SellerBuyer() else found


def _address(recipient: Fields) -> SellerAddress | None:
    address = recipient.child("deliveryAddress")
    lines = (address.text(f"addressLine{n}") for n in (1, 2, 3))
    municipality = address.text("municipality")
    neighborhood = address.child("extendedFields").text("neighborhood")
    found = SellerAddress(
        name=address.text("name"),
        company=address.text("companyName"),
        lines=tuple(filter(None, lines)),
        city=address.text("city") or municipality,
        district=address.text("districtOrCounty") or neighborhood,
        state=address.text("stateOrRegion"),
        postal_code=address.text("postalCode"),
        country=address.text("countryCode"),
        phone=address.text("phone"),
        kind=address.text("addressType"),
        instructions=_instructions(recipient.child("deliveryPreference")),
    )
    return None if found == SellerAddress() else found


def _instructions(preference: Fields) -> str:
    """The buyer's wishes, one a line; opening hours as ``MON 09:00-17:00``."""
    time = preference.child("deliveryTime")
    hours = [_hours(day, "dayOfWeek") for day in time.children("businessHours")]
    hours += [
        f"{_hours(day, 'exceptionDate')} {day.text('exceptionDateType')}".strip()
        for day in time.children("exceptionDates")
    ]
    texts = (preference.text("dropOffLocation"), preference.text("addressInstruction"))
    return "\n".join(filter(None, (*texts, *hours)))


def _hours(day: Fields, name: str) -> str:
    windows = (
        f"{_clock(window.child('startTime'))}-{_clock(window.child('endTime'))}"
        for window in day.children("timeWindows")
    )
    return " ".join((day.text(name), *windows)).strip()


def _clock(time: Fields) -> str:
    hour, minute = (time.quantity(name) or 0 for name in ("hour", "minute"))
    return f"{int(hour):02}:{int(minute):02}"


def _line(item: Fields) -> SellerOrderLine:
    product = item.required_child("product")
    price = product.child("price")
    unit_price = price.money("unitPrice")
    proceeds = item.child("proceeds")
    total = proceeds.money("proceedsTotal")
    fulfillment = item.child("fulfillment")
    gift = fulfillment.child("packing").child("giftOption")
    international = fulfillment.child("shipping").child("internationalShipping")
    cancellation = item.child("cancellation")
    request = cancellation.child("cancellationRequest")
    execution = cancellation.child("cancellationExecution")
    tax = item.child("tax")
    schemes = (
        breakdown.text("reportingScheme")
        for breakdown in tax.children("taxCalculationBreakdowns")
    )
    models = [taken.text("model") for taken in tax.children("taxCollections")]
    collected = "MARKETPLACE_FACILITATOR" in models
    amounts = line_money(
        _breakdowns(proceeds),
        total.amount if total else None,
        total.currency if total else "",
        collected,
    )
    for issue in amounts.issues:
        proceeds.complain(issue)
    return SellerOrderLine(
        number=item.required_text("orderItemId"),
        sku=product.text("sellerSku"),
        asin=product.text("asin"),
        title=product.text("title"),
        condition=_condition(product.child("condition")),
        quantity=item.required_quantity("quantityOrdered"),
        shipped=fulfillment.quantity("quantityFulfilled"),
        unit_price=unit_price.amount if unit_price else None,
        price_designation=price.text("priceDesignation"),
        charges=amounts.charges,
        total=total.amount if total else None,
        basis=amounts.basis,
        collected_tax=collected,
        reporting_scheme=next(filter(None, schemes), ""),
        ioss=international.text("iossNumber"),
        promotions=_promotions(item),
        gift_wrap=gift.text("giftWrapLevel"),
        gift_message=gift.text("giftMessage"),
        cancel_requested=request.text("cancelReason") or request.text("requester"),
        cancelled_by=execution.text("cancelledBy"),
        cancel_reason=execution.text("cancelReason"),
        programs=item.texts("programs"),
    )


def _condition(condition: Fields) -> str:
    kind, detail = condition.text("conditionType"), condition.text("conditionSubtype")
    return kind if detail in ("", kind) else f"{kind} {detail}".strip()


def _promotions(item: Fields) -> tuple[str, ...]:
    breakdowns = item.child("promotion").children("breakdowns")
    return tuple(filter(None, (b.text("promotionId") for b in breakdowns)))


def _breakdowns(proceeds: Fields) -> list[Breakdown]:
    """Those whose amount can be read: without one there is an issue already."""
    return [
        Breakdown(
            kind=breakdown.text("type"),
            amount=subtotal.amount,
            details=tuple(
                (detail.text("subtype"), value.amount)
                for detail in breakdown.children("detailedBreakdowns")
                if (value := detail.money("value"))
            ),
            pending=breakdown.text("status") == "PENDING",
        )
        for breakdown in proceeds.children("breakdowns")
        if (subtotal := breakdown.money("subtotal"))
    ]


def _parcel(package: Fields) -> SellerParcel:
    origin = package.child("shipFromAddress")
    items = (
        SellerParcelItem(line=item.text("orderItemId"), quantity=quantity)
        for item in package.children("packageItems")
        if (quantity := item.quantity("quantity")) is not None
    )
    return SellerParcel(
        number=package.text("packageReferenceId"),
        status=package.child("packageStatus").text("status"),
        carrier=package.text("carrier"),
        service=package.text("shippingService"),
        tracking=package.text("trackingNumber"),
        shipped=package.time("shipTime"),
        ship_from=origin.text("name"),
        ship_from_country=origin.text("countryCode"),
        items=tuple(items),
    )
