"""What of an order is personal data, and the order without it.

Amazon's Data Protection Policy has the buyer's data deleted 30 days after the shipment;
what is bought, for how much, under which number and to which country is kept, for the
books.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from .documents import SellerAddress, SellerBuyer, SellerOrder, SellerOrderLine

# Codes of Amazon's, such as CUSTOMER_REQUEST; anything else a person wrote.
_CODE = re.compile(r"[A-Z][A-Z_]*")
# WA, NSW: the code of a region, which taxes may depend on; else it is what one typed.
_REGION = re.compile(r"[A-Z]{1,3}")
_ASKED = "BUYER"


def without_personal_data(order: SellerOrder) -> SellerOrder:
    """The order as the books need it; the same if there is no personal data in it.

    Of the address the country and the code of the region are left. What a person wrote
    (gift messages, why to cancel, the purchase order number of a business) is gone.
    """
    return replace(
        order,
        buyer=None,
        address=order.address and _region(order.address),
        lines=tuple(map(_line, order.lines)),
    )


def _region(address: SellerAddress) -> SellerAddress:
    state = address.state if _REGION.fullmatch(address.state) else ""
    return SellerAddress(country=address.country, state=state)


def _line(line: SellerOrderLine) -> SellerOrderLine:
    reason = line.cancel_reason if _CODE.fullmatch(line.cancel_reason) else ""
    return replace(
        line,
        gift_message="",
        cancel_requested=line.cancel_requested and _ASKED,
        cancel_reason=reason,
    )


def personal_texts(order: SellerOrder) -> frozenset[str]:
    """The texts of an order by which a person can be told, for finding copies of them.

    City, region and country are none; they are words that stand everywhere.
    """
    return frozenset(filter(None, map(str.strip, _texts(order))))


def _texts(order: SellerOrder) -> Iterator[str]:
    if order.buyer:
        yield from _of_buyer(order.buyer)
    if address := order.address:
        yield from (address.name, address.company, *address.lines, address.district)
        yield from (address.phone, address.instructions)
    for line in order.lines:
        yield line.gift_message
        for text in (line.cancel_requested, line.cancel_reason):
            if not _CODE.fullmatch(text):
                yield text


def _of_buyer(buyer: SellerBuyer) -> Iterator[str]:
    yield from (buyer.name, buyer.email, buyer.company, buyer.purchase_order)
    for registration in buyer.registrations:
        yield from (registration.number, registration.name)
