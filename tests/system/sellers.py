"""What the tests of a seller's orders share."""

import datetime

from tools import seller_shop

SELLER, OTHER_SELLER = seller_shop.SELLER, "A2OTHERKETTLES"
#: only orders that we ship: each becomes a delivery
OURS = {"fba": 0, "shipped": 0}
#: what is sold by nobody here
UNKNOWN = [{"sku": "POISON", "asin": "B0POISON00", "title": "Poison \0", "price": 100}]


def make(amazon, count, seller=SELLER, **wishes):
    """Orders of the catalogue; their numbers."""
    wishes = {"catalogue": seller_shop.CATALOGUE, **OURS, **wishes}
    return amazon.make_orders(seller, count, **wishes)


def make_next(amazon, count, **wishes):
    """Orders that were placed and changed in the last hour, and not in the last quarter
    of one, which the next poll would read again."""
    now = datetime.datetime.fromisoformat(amazon.status()["now"])
    times = {
        name: (now - datetime.timedelta(minutes=minutes)).isoformat()
        for name, minutes in (("start", 60), ("end", 15))
    }
    return make(amazon, count, seed=now.isoformat(), **times, **wishes)
