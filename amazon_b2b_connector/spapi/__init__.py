"""Amazon's Selling Partner API. Plain Python on `requests`: no Odoo, no database.

::

    tokens = Lwa(client_id, client_secret).refresh(refresh_token)
    client = Client(
        REGIONS["eu"].endpoint(), lambda fresh: tokens.access, MemoryGate()
    )
    page = orders_calls.search(
        client, last_updated_after=since, marketplaces=["A1PA6795UKMFR9"]
    )
    for read in read_page(page.body).orders:
        read.number, read.raw, read.hash, read.order, read.issues

Errors say by their kind what there is to do (:mod:`.errors`). The readers of pages and
reports raise none: what is wrong is said of the order that it is about.
"""

from . import (
    documents,
    errors,
    marketplaces,
    orders_calls,
    report_calls,
    report_types,
    sellers,
    tokens_calls,
)
from .addresses import PickupPoint, normal_key, pickup
from .answers import Answer
from .buckets import Bucket, backoff
from .client import Call, Client, TokenSource
from .cutting import cut_columns, cut_page, cut_report, is_cut
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
from .errors import (
    ApiError,
    BadApplication,
    BadRequest,
    Expired,
    Forbidden,
    LwaError,
    NotAuthorised,
    NotFound,
    NotYet,
    Revoked,
    SpapiError,
    Throttled,
    Unavailable,
    Unreadable,
)
from .gate import Gate, MemoryGate
from .lwa import Lwa, Tokens
from .marketplaces import LWA_TOKEN_URL, MARKETPLACES, REGIONS, Marketplace, Region
from .money import difference, gross, line_total, net, spread
from .operations import OPERATIONS, Operation
from .order_compare import Difference, disagreements, is_shipments
from .order_halves import Joined, join, renewed, with_basis
from .order_reports import ReportReading, read_report, recognise
from .orders_2026 import OrdersPage, read_order, read_page
from .personal import personal_texts, without_personal_data
from .readings import ReadOrder
from .report_columns import KINDS as REPORT_KINDS
from .report_shipments import added, merge_shipments
from .report_totals import OrderTotals, TotalsReading, read_totals
from .request import iso_8601, user_agent

__all__ = [
    "Answer",
    "ApiError",
    "BadApplication",
    "BadRequest",
    "Bucket",
    "Call",
    "Client",
    "Difference",
    "Expired",
    "Forbidden",
    "Gate",
    "Joined",
    "LWA_TOKEN_URL",
    "Lwa",
    "LwaError",
    "MARKETPLACES",
    "Marketplace",
    "MemoryGate",
    "NON_AMAZON",
    "NotAuthorised",
    "NotFound",
    "NotYet",
    "OPERATIONS",
    "Operation",
    "OrderTotals",
    "OrdersPage",
    "PickupPoint",
    "REGIONS",
    "REPORT_KINDS",
    "ReadOrder",
    "Region",
    "ReportReading",
    "Revoked",
    "SellerAddress",
    "SellerBuyer",
    "SellerCharge",
    "SellerOrder",
    "SellerOrderLine",
    "SellerParcel",
    "SellerParcelItem",
    "SpapiError",
    "TaxRegistration",
    "Throttled",
    "TokenSource",
    "Tokens",
    "TotalsReading",
    "Unavailable",
    "Unreadable",
    "added",
    "backoff",
    "cut_columns",
    "cut_page",
    "cut_report",
    "difference",
    "disagreements",
    "documents",
    "errors",
    "gross",
    "is_cut",
    "is_shipments",
    "iso_8601",
    "join",
    "line_total",
    "marketplaces",
    "merge_shipments",
    "net",
    "normal_key",
    "orders_calls",
    "personal_texts",
    "pickup",
    "read_order",
    "read_page",
    "read_report",
    "read_totals",
    "recognise",
    "renewed",
    "report_calls",
    "report_types",
    "sellers",
    "spread",
    "tokens_calls",
    "user_agent",
    "with_basis",
    "without_personal_data",
]
