"""Orders API 2026-01-01: pages of orders, and one order by its number."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from .answers import decoded
from .client import Client
from .forms import Form
from .json_cut import cut

MAX_PAGE = 100  # orders
MAX_MARKETPLACES = 50
# A page may not reach closer to now than this: Amazon refuses it.
MARGIN = datetime.timedelta(minutes=2)
FULFILLED_BY = ("MERCHANT", "AMAZON")
STATUSES = (
    "PENDING_AVAILABILITY",
    "PENDING",
    "UNSHIPPED",
    "PARTIALLY_SHIPPED",
    "SHIPPED",
    "CANCELLED",
    "UNFULFILLABLE",
)
# The parts of an order that are left out unless they are named.
INCLUDED = (
    "BUYER",
    "RECIPIENT",
    "PROCEEDS",
    "EXPENSE",
    "PROMOTION",
    "CANCELLATION",
    "FULFILLMENT",
    "PACKAGES",
    "TAX",
    "PAYMENT",
    "FULFILLMENT_ORDERS",
)


@dataclass(frozen=True, slots=True)
class Page:
    """Some of the orders that were searched for, as they came, and how many.

    They are not looked into here: what one of them is made of spoils no other, and
    :func:`~.orders_2026.read_page` says of each what is wrong with it.
    ``next_token`` leads to the next page with the same filters, for 24 hours; it is
    ``""`` on the last one. ``last_updated_before`` is until when Amazon searched.
    """

    body: bytes = field(repr=False)
    orders: int
    next_token: str = field(repr=False)
    last_updated_before: datetime.datetime | None = None
    created_before: datetime.datetime | None = None


def search(
    client: Client,
    *,
    last_updated_after: datetime.datetime | None = None,
    last_updated_before: datetime.datetime | None = None,
    created_after: datetime.datetime | None = None,
    created_before: datetime.datetime | None = None,
    marketplaces: Sequence[str],
    fulfilled_by: Sequence[str] | None = None,
    statuses: Sequence[str] | None = None,
    included: Sequence[str] = INCLUDED,
    page_size: int = MAX_PAGE,
    token: str | None = None,
) -> Page:
    """One page of the orders that were updated, or created, since a time.

    :param last_updated_after, created_after: exactly one, with a time zone; the
        matching ``..._before`` lies at least :data:`MARGIN` before now
    :param marketplaces: ids, 1 to 50 of one region
    :param fulfilled_by: of :data:`FULFILLED_BY`
    :param statuses: of :data:`STATUSES` (fulfillmentStatuses)
    :param included: of :data:`INCLUDED`
    :param token: the last page's ``next_token``, beside the same filters
    :raise ValueError: filters that exclude each other
    :raise: as :meth:`~.client.Client.call`; Unreadable for another form
    """
    if (last_updated_after is None) == (created_after is None):
        raise ValueError("exactly one of last_updated_after and created_after")
    if last_updated_before and not last_updated_after:
        raise ValueError("last_updated_before goes with last_updated_after")
    if created_before and not created_after:
        raise ValueError("created_before goes with created_after")
    if not 1 <= len(marketplaces) <= MAX_MARKETPLACES:
        raise ValueError(f"1 to {MAX_MARKETPLACES} marketplaces")
    if not 1 <= page_size <= MAX_PAGE:
        raise ValueError(f"1 to {MAX_PAGE} orders a page")
    answer = client.call(
        "searchOrders",
        query={
            "lastUpdatedAfter": last_updated_after,
            "lastUpdatedBefore": last_updated_before,
            "createdAfter": created_after,
            "createdBefore": created_before,
            "marketplaceIds": marketplaces,
            "fulfilledBy": fulfilled_by,
            "fulfillmentStatuses": statuses,
            "includedData": included,
            "maxResultsPerPage": page_size,
            "paginationToken": token,
        },
        reader=_outline,
    )
    form = Form.of(answer, "searchOrders")
    more = form.form("pagination").text("nextToken") if form.has("pagination") else ""
    return Page(
        body=answer.body,
        orders=form.count("orders"),
        next_token=more,
        last_updated_before=form.time("lastUpdatedBefore"),
        created_before=form.time("createdBefore"),
    )


def get(client: Client, order_id: str, included: Sequence[str] = INCLUDED) -> bytes:
    """One order by Amazon's number (``302-1234567-1234567``), as it came.

    :raise NotFound: Amazon has no such order for this seller
    :raise: as :meth:`~.client.Client.call`; Unreadable for another form
    """
    answer = client.call(
        "getOrder",
        path={"orderId": order_id},
        query={"includedData": included},
        reader=_outline,
    )
    Form.of(answer, "getOrder").raw("order")
    return answer.body


def _outline(body: bytes) -> Any:
    """The JSON of an answer, with something short in the place of each order."""
    text = body.decode("utf-8-sig")
    return decoded(cut(text, frozenset(["orders"]), frozenset(["order"])).rest)
