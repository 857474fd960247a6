"""Makes orders: any number, of every kind, the same ones for the same seed.

`make(seller, now, wishes)`; wishes, all optional:

    count, seed           1 and 1
    start, end            ISO 8601: when they were placed (the last seven days)
    marketplaces          ids or countries among the seller's (all)
    lines                 [fewest, most] lines of an order, [1, 3]
    catalogue             list of {sku, asin, title, price}; price in the smallest unit
    buyers                how many different buyers there are (as many as orders)
    rate                  per cent of tax (that of the marketplace)
    gross                 whether prices contain it (as in the marketplace)
    positive_discounts    DISCOUNT shown without its sign (False)

and for each name in `SHARES` the share of orders, 0 to 1 or false and true, of
which it is true.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from . import seller_lines, seller_people, seller_times
from .seller_accounts import Seller
from .seller_lines import Line, Wishes
from .seller_marketplaces import EUROPEAN_UNION, Marketplace, find
from .seller_money import Purse, order_proceeds

Json = dict[str, Any]

SHARES = {
    "fba": 0.3,
    "prime": 0.15,  # by the merchant
    "b2b": 0.15,
    "gift": 0.1,
    "promotion": 0.2,
    "shipping": 0.4,
    "packstation": 0.1,  # in Germany
    "no_pii": 0.0,
    "pending": 0.0,
    "replacement": 0.0,
    "cancelled": 0.0,
    "shipped": 0.2,
    "partly_shipped": 0.0,
    "taxed": 1.0,
    "ioss": 0.0,
    "bad_vat": 0.0,  # of business orders
    "cancel_requested": 0.0,
}
_DAY = 86400
_LEVELS = ("STANDARD", "STANDARD", "EXPEDITED", "SECOND_DAY", "NEXT_DAY")
_RELEASED = 1800  # seconds that an order is pending
# First three digits of an order number in a region.
_PREFIXES = {"na": (111, 114), "eu": (302, 306), "fe": (249, 503)}


@dataclass(frozen=True)
class Made:
    order: Json
    fba_shipments: list[Json] = field(default_factory=list)


def make(seller: Seller, now: float, wishes: Mapping[str, Any]) -> list[Made]:
    """Raises `ValueError` for a wish that is not known."""
    return list(_Maker(seller, now, wishes).orders())


class _Maker:
    def __init__(self, seller: Seller, now: float, wishes: Mapping[str, Any]) -> None:
        known = {
            *("count", "seed", "start", "end", "marketplaces", "lines", "catalogue"),
            *("buyers", "rate", "gross", "positive_discounts", *SHARES),
        }
        if unknown := sorted(set(wishes) - known):
            raise ValueError(f"orders are made without {', '.join(unknown)}")
        self._wishes = wishes
        self._count = int(wishes.get("count", 1))
        self._seed = wishes.get("seed", 1)
        self._rng = random.Random(f"{self._seed}/{seller.seller_id}")
        self._start, self._end = (
            seller_times.parse(wishes[name]) if name in wishes else default
            for name, default in (("start", now - 7 * _DAY), ("end", now - 600))
        )
        own = {each.id: each for each in seller.marketplaces}
        names = wishes.get("marketplaces", list(own))
        self._places = [own[find(name).id] for name in names]
        self._shares = {
            name: float(wishes.get(name, share)) for name, share in SHARES.items()
        }
        self._lines = Wishes.read(wishes)
        self._earlier: dict[str, str] = {}  # marketplace -> an order made before

    def orders(self) -> Iterator[Made]:
        step = (self._end - self._start) / max(self._count, 1)
        for place in range(self._count):
            yield self._order(int(self._start + step * (place + 1)))

    def _order(self, created: int) -> Made:
        rng = self._rng
        market = rng.choice(self._places)
        # always the same number of draws: one share changed changes nothing else
        flags = {name for name, share in self._shares.items() if rng.random() < share}
        flags = _possible(flags, market)
        order_id = (
            f"{rng.choice(_PREFIXES[market.region])}-"
            f"{rng.randrange(10**7):07d}-{rng.randrange(10**7):07d}"
        )
        purse = self._purse(market, flags)
        lines = seller_lines.lines(rng, self._lines, flags, purse)
        status = _status(flags, lines)
        updated = created + _RELEASED
        if status in ("SHIPPED", "PARTIALLY_SHIPPED", "CANCELLED"):
            updated += rng.randint(3600, _DAY)
        if status == "PENDING":
            updated = created
        updated = min(updated, max(int(self._end), created))
        order = {
            "orderId": order_id,
            "createdTime": seller_times.write(created),
            "lastUpdatedTime": seller_times.write(updated),
            "programs": _programs(flags, market),
            "salesChannel": {
                "channelName": "AMAZON",
                "marketplaceId": market.id,
                "marketplaceName": market.name,
            },
            **self._buyer(market, flags),
            "fulfillment": self._fulfillment(created, status, flags),
            "orderItems": [each.item for each in lines],
        }
        if "replacement" in flags:
            original = self._earlier.get(market.id, f"{order_id[:-7]}0000001")
            order["associatedOrders"] = [
                {"orderId": original, "associationType": "REPLACEMENT_ORIGINAL_ID"}
            ]
        order["proceeds"] = order_proceeds(order["orderItems"])
        self._earlier[market.id] = order_id
        shipments: list[Json] = []
        if status in ("SHIPPED", "PARTIALLY_SHIPPED"):
            shipments = self._ship(order, updated, flags)
        return Made(order, shipments)

    def _purse(self, market: Marketplace, flags: set[str]) -> Purse:
        return Purse(
            *(market.currency, market.decimals),
            bool(self._wishes.get("gross", market.gross)),
            Decimal(str(self._wishes.get("rate", market.rate))),
            "taxed" in flags,
            bool(self._wishes.get("positive_discounts", False)),
        )

    def _buyer(self, market: Marketplace, flags: set[str]) -> Json:
        number = self._rng.randrange(int(self._wishes.get("buyers", self._count)) or 1)
        rng = random.Random(f"{self._seed}/{market.country}/{number}")
        address = seller_people.person(rng, market.country)
        buyer = {
            "buyerName": address["name"],
            "buyerEmail": f"{rng.getrandbits(60):012x}@marketplace."
            f"{market.domain.removeprefix('www.')}",
        }
        answer: Json = {"buyer": buyer, "recipient": {"deliveryAddress": address}}
        if "b2b" in flags:
            company = seller_people.company(rng, market.country, address)
            buyer["buyerCompanyName"] = company
            buyer["buyerPurchaseOrderNumber"] = f"PO-{rng.randint(1000, 99999)}"
            address |= {"companyName": company, "addressType": "COMMERCIAL"}
            number_ = seller_people.vat_number(rng, market.country)
            if number_ and "bad_vat" in flags:
                number_ = f"{number_[:-1]}{(int(number_[-1]) + 1) % 10}"
            if number_:
                answer["tax"] = _registration(company, number_, address)
        if "packstation" in flags:
            address = seller_people.packstation(rng, address)
        if "no_pii" in flags or ("fba" in flags and market.region == "na"):
            # Amazon ships North America's parcels without telling the seller to whom
            hidden = ("name", "companyName", "phone", "addressType")
            address = {
                k: v
                for k, v in address.items()
                if k not in hidden and not k.startswith("addressLine")
            }
            answer = {"buyer": {}}
        return {**answer, "recipient": {"deliveryAddress": address}}

    def _fulfillment(self, created: int, status: str, flags: set[str]) -> Json:
        level = self._rng.choice(_LEVELS)
        days = 1 if level == "NEXT_DAY" else 2
        return {
            "fulfillmentStatus": status,
            "fulfilledBy": "AMAZON" if "fba" in flags else "MERCHANT",
            "fulfillmentServiceLevel": level,
            "shipByWindow": _window(created + _RELEASED, created + days * _DAY),
            "deliverByWindow": _window(
                created + (days + 1) * _DAY, created + (days + 3) * _DAY
            ),
        }

    def _ship(self, order: Json, at: int, flags: set[str]) -> list[Json]:
        parts = [
            {"orderItemId": item["orderItemId"], "quantity": quantity}
            for item in order["orderItems"]
            if (quantity := item["fulfillment"]["quantityFulfilled"])
        ]
        tracking = f"{self._rng.randrange(10**12):012d}"
        if "fba" in flags:
            return [fba_shipment(order["orderId"], at, parts, tracking)]
        order["packages"] = [package(1, at, parts, tracking)]
        return []


def package(
    number: int, at: float, parts: list[Json], tracking: str, carrier: str = "DHL"
) -> Json:
    """An `OrderPackage`."""
    moment = seller_times.write(at)
    return {
        "packageReferenceId": str(number),
        "createdTime": moment,
        "packageStatus": {"status": "SHIPPED", "detailedStatus": "SHIPPED"},
        "carrier": carrier,
        "shipTime": moment,
        "shippingService": f"{carrier} Standard",
        "trackingNumber": tracking,
        "packageItems": parts,
    }


def fba_shipment(
    order_id: str, at: float, parts: list[Json], tracking: str, center: str = "LEJ1"
) -> Json:
    """What Amazon's warehouse sent: of the reports alone, the API does not show it."""
    return {
        "orderId": order_id,
        "shipmentId": f"D{tracking[-9:]}",
        "at": at,
        "items": parts,
        "carrier": "AMZN",
        "trackingNumber": tracking,
        "center": center,
    }


def _possible(flags: set[str], market: Marketplace) -> set[str]:
    """Without what cannot be true at once."""
    excluded = {
        "packstation": market.country != "DE" or "b2b" in flags or "fba" in flags,
        "prime": "fba" in flags,
        "ioss": market.country not in EUROPEAN_UNION,
        "shipped": bool(flags & {"pending", "cancelled", "partly_shipped"}),
        "partly_shipped": bool(flags & {"pending", "cancelled"}),
        "cancelled": "pending" in flags,
        "promotion": "replacement" in flags,
        "cancel_requested": "cancelled" in flags,
    }
    return {name for name in flags if not excluded.get(name, False)}


def _status(flags: set[str], lines: list[Line]) -> str:
    if "partly_shipped" in flags:
        left = sum(each.item["fulfillment"]["quantityUnfulfilled"] for each in lines)
        return "PARTIALLY_SHIPPED" if left else "SHIPPED"
    for flag in ("pending", "cancelled", "shipped"):
        if flag in flags:
            return flag.upper()
    return "UNSHIPPED"


def _programs(flags: set[str], market: Marketplace) -> list[str]:
    named = {"prime": "PRIME", "b2b": "AMAZON_BUSINESS"}
    return [name for flag, name in named.items() if flag in flags]


def _registration(company: str, number: str, address: Json) -> Json:
    place = {k: v for k, v in address.items() if k != "addressType"}
    return {
        "taxRegistrations": [
            {
                "entityType": "BUYER",
                "legalName": company,
                "taxRegistrationType": "VAT",
                "taxRegistrationNumber": number,
                "taxRegistrationAddress": place,
            }
        ]
    }


def _window(earliest: int, latest: int) -> Json:
    return {
        "earliestDateTime": seller_times.write(earliest),
        "latestDateTime": seller_times.write(latest),
    }
