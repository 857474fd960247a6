"""The lines of a made order: products, quantities, money, gifts."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .seller_money import Charges, Purse, proceeds

Json = dict[str, Any]

CATALOGUE: list[Json] = [
    {
        "sku": f"{letter}-{number:03d}",
        "asin": f"B0SIM{letter[0]}{number:04d}",
        "title": f"{title}, no. {number}",
        "price": price + 10 * number,
    }
    for letter, title, price in (
        ("KETTLE", "Kettle", 2995),
        ("TOWEL", "Towel", 899),
        ("LAMP", "Lamp", 4950),
        ("MUG", "Mug", 640),
    )
    for number in range(1, 6)
]
_MESSAGES = ("Alles Gute!", "Happy birthday\nfrom all of us", "Mit Grüßen, Käthe")
_WRAP, _SHIPPING = 350, 499  # smallest unit, a unit and a line
_IOSS_NUMBER = "IM5280000013"


@dataclass(frozen=True)
class Wishes:
    fewest: int
    most: int
    catalogue: list[Json]

    @classmethod
    def read(cls, wishes: Mapping[str, Any]) -> Wishes:
        fewest, most = wishes.get("lines", (1, 3))
        return cls(int(fewest), int(most), wishes.get("catalogue") or CATALOGUE)


@dataclass(frozen=True)
class Line:
    item: Json


def lines(
    rng: random.Random, wishes: Wishes, flags: set[str], purse: Purse
) -> list[Line]:
    count = rng.randint(wishes.fewest, wishes.most)
    products = rng.sample(wishes.catalogue, min(count, len(wishes.catalogue)))
    made = [_line(rng, product, flags, purse) for product in products]
    if "partly_shipped" in flags:
        _hold_back(made[-1])
    return made


def _line(rng: random.Random, product: Json, flags: set[str], purse: Purse) -> Line:
    quantity = rng.choice((1, 1, 1, 2, 3))
    if "partly_shipped" in flags:
        quantity += 1
    price, unit = int(product["price"]) * quantity, int(product["price"])
    shipping = _SHIPPING if "shipping" in flags else 0
    charges = Charges(
        item=price,
        shipping=shipping,
        gift_wrap=_WRAP * quantity if "gift" in flags else 0,
        item_discount=-(price // 10) if "promotion" in flags else 0,
        shipping_discount=-shipping if "promotion" in flags else 0,
    )
    if "replacement" in flags:
        charges, unit = Charges(0), 0
    of_line, _total = proceeds(charges, purse)
    shown: Json = {"unitPrice": purse.money(unit)}
    if "b2b" in flags:
        shown["priceDesignation"] = "BUSINESS_PRICE"
    fulfilled = quantity if flags & {"shipped", "partly_shipped"} else 0
    open_ = 0 if "cancelled" in flags else quantity - fulfilled
    fulfillment: Json = {"quantityFulfilled": fulfilled, "quantityUnfulfilled": open_}
    item: Json = {
        "orderItemId": f"{rng.randrange(10**13, 10**14)}",
        "quantityOrdered": quantity,
        "product": {
            "asin": product["asin"],
            "title": product["title"],
            "sellerSku": product["sku"],
            "condition": {"conditionType": "NEW", "conditionSubtype": "NEW"},
            "price": shown,
        },
        "proceeds": of_line,
        "fulfillment": fulfillment,
    }
    if "gift" in flags:
        message = rng.choice(_MESSAGES)
        fulfillment["packing"] = {
            "giftOption": {"giftMessage": message, "giftWrapLevel": "Classic"}
        }
    if "promotion" in flags:
        item["promotion"] = {"breakdowns": [{"promotionId": "TEN-PER-CENT"}]}
    if "cancelled" in flags:
        item["cancellation"] = {
            "cancellationExecution": {"cancelledBy": "BUYER", "cancelReason": "Other"}
        }
    if "cancel_requested" in flags:
        item["cancellation"] = {
            "cancellationRequest": {
                "requester": "BUYER",
                "cancelReason": "Ordered by mistake",
            }
        }
    if "ioss" in flags:
        fulfillment["shipping"] = {
            "internationalShipping": {"iossNumber": _IOSS_NUMBER}
        }
    if tax := _tax(flags, purse):
        item["tax"] = tax
    return Line(item)


def _tax(flags: set[str], purse: Purse) -> Json:
    """Who remits it: Amazon in North America, and for imports under IOSS."""
    tax: Json = {}
    if "ioss" in flags:
        tax["taxCalculationBreakdowns"] = [{"reportingScheme": "IOSS"}]
    if "ioss" in flags or (purse.currency in ("USD", "CAD") and purse.taxed):
        tax["taxCollections"] = [
            {
                "model": "MARKETPLACE_FACILITATOR",
                "responsibleParty": "Amazon Services, Inc.",
            }
        ]
    return tax


def _hold_back(line: Line) -> None:
    """One unit of the line is not shipped yet."""
    fulfillment = line.item["fulfillment"]
    fulfillment["quantityFulfilled"] -= 1
    fulfillment["quantityUnfulfilled"] += 1
