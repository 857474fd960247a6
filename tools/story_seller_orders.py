"""What Amazon's customers order: the kinds that the seller's part tells of."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from simulator.seller_client import SellerSimulator

from .story_seller_road import Json, ago
from .story_shop import Product

SELLER = "A3KETTLEWORKS"
STORE = "Kettle Works"
MARKETPLACES = ("DE", "FR", "GB")

KETTLE = Product("K-100-EU", "Kettle 1.7 l, 230 V", "", 29.95)
TOASTER = Product("T-200-EU", "Toaster for two slices, 230 V", "", 39.90)
FROTHER = Product("M-300-EU", "Milk frother, 230 V", "", 14.99)
CATALOGUE = (KETTLE, TOASTER, FROTHER)
# what the listing calls something that Odoo has under another reference
LISTED_KETTLE = "KETTLE-FBM-7Q"
# per cent, of books in France
RARE_RATE = "5.5"
MANY = 120


@dataclass(frozen=True)
class Batch:
    """Orders of one kind, as `simulator.seller_maker` takes wishes."""

    what: str
    count: int
    wishes: Json = field(default_factory=dict)


# Nothing happens to an order unless its batch says so.
PLAIN: Json = {
    **dict.fromkeys(("fba", "prime", "b2b", "gift", "promotion"), 0),
    **dict.fromkeys(("shipping", "packstation", "shipped"), 0),
    "marketplaces": ["DE"],
    "lines": [1, 2],
}
ORDERS = {
    "plain": Batch("to be shipped from here, Amazon.de", 10),
    "prime": Batch("Prime, shipped from here", 3, {"prime": 1}),
    "charged": Batch(
        *("with shipping charge and promotion", 3), {"shipping": 1, "promotion": 1}
    ),
    "gift": Batch("with gift wrap and message", 2, {"gift": 1, "shipping": 1}),
    "business": Batch("of businesses, with VAT number", 3, {"b2b": 1}),
    "packstation": Batch("to a Packstation", 2, {"packstation": 1}),
    "fba": Batch("shipped by Amazon (FBA)", 6, {"fba": 1, "shipped": 1}),
    "france": Batch("on Amazon.fr", 3, {"marketplaces": ["FR"], "shipping": 1}),
    "britain": Batch("on Amazon.co.uk, in pounds", 3, {"marketplaces": ["GB"]}),
    "shipped": Batch("shipped before Odoo first sees it", 1, {"shipped": 1}),
    "cancelled": Batch("cancelled before Odoo first sees it", 1, {"cancelled": 1}),
    "pending": Batch("not paid yet", 1, {"pending": 1}),
    "unknown": Batch("with a SKU that Odoo does not know", 1, {"lines": [1, 1]}),
    "rare": Batch(
        f"with {RARE_RATE} % of tax, which no tax of Odoo's is",
        *(1, {"marketplaces": ["FR"], "rate": RARE_RATE}),
    ),
}


def place(amazon: SellerSimulator) -> dict[str, list[str]]:
    """Amazon's customers order, since yesterday; the order numbers of each batch."""
    listing = _entry(KETTLE, LISTED_KETTLE)
    return {
        name: amazon.make_orders(
            SELLER,
            batch.count,
            seed=name,
            **{
                **PLAIN,
                "start": ago(timedelta(hours=20)),
                "catalogue": (
                    [listing]
                    if name == "unknown"
                    else [_entry(each, each.reference) for each in CATALOGUE]
                ),
                **batch.wishes,
            },
        )
        for name, batch in ORDERS.items()
    }


def place_many(amazon: SellerSimulator) -> list[str]:
    """More orders at once than one page of Amazon's holds, all of the last minutes."""
    return amazon.make_orders(
        SELLER,
        MANY,
        seed="many",
        **{
            **PLAIN,
            "marketplaces": list(MARKETPLACES),
            "lines": [1, 1],
            "shipping": 0.3,
            "start": ago(timedelta(minutes=38)),
            "end": ago(timedelta(minutes=3)),
            "catalogue": [_entry(each, each.reference) for each in CATALOGUE],
        },
    )


def _entry(product: Product, sku: str) -> dict[str, Any]:
    """An entry of the maker's catalogue; prices in cents."""
    return {
        "sku": sku,
        "asin": f"B0{sku.replace('-', '')[:8]:0<8}",
        "title": product.name,
        "price": round(product.price * 100),
    }
