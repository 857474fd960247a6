"""A report as the bytes of its document: tab-separated, in a marketplace's charset."""

from __future__ import annotations

import gzip
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from . import seller_report_rows as rows_of
from .seller_accounts import Seller
from .seller_marketplaces import MARKETPLACES, Marketplace
from .seller_order_book import OrderBook
from .seller_report_rows import Row
from .seller_report_types import ALL, FBA, OPEN, ReportType

Json = dict[str, Any]

# Python's name of a charset, and how a Content-Type names it.
_WESTERN = ("cp1252", "windows-1252")
_UNICODE = ("utf-8", "UTF-8")
_CHARSETS = {
    "JP": ("shift_jis", "Shift_JIS"),
    **dict.fromkeys("DE FR IT ES GB NL BE IE SE".split(), _WESTERN),
}
_EPOCH = 0.0


@dataclass(frozen=True)
class Text:
    charset: str  # as in a Content-Type
    body: bytes


def write(
    book: OrderBook, seller: Seller, kind: ReportType, given: Json, now: float
) -> Text | None:
    """The document of a report, None where there is nothing to say."""
    rows = _rows(book, seller, kind, given, now)
    hidden = set(seller.hidden_columns)
    if given.get("reportOptions", {}).get("ShowSalesChannel") != "true":
        if "ShowSalesChannel" in kind.options:
            hidden.add("sales-channel")
    if not rows:
        return None
    columns = [name for name in rows[0] if name not in hidden]
    lines = ["\t".join(columns)]
    lines += ["\t".join(_cell(row[name]) for name in columns) for row in rows]
    places = [MARKETPLACES[name] for name in given["marketplaceIds"]]
    python, charset = _charset(places)
    text = "".join(f"{line}\r\n" for line in lines)
    return Text(charset, text.encode(python, "replace"))


def packed(body: bytes) -> bytes:
    return gzip.compress(body, mtime=0)


def _rows(
    book: OrderBook, seller: Seller, kind: ReportType, given: Json, now: float
) -> list[Row]:
    places, start, end = given["marketplaceIds"], given["start"], given["end"]
    marks = ", ".join("?" * len(places))
    condition = f"marketplace_id IN ({marks})"
    if kind.kind == FBA:
        return _fba(book, seller, kind, given)
    if kind.kind == OPEN:
        condition += (
            " AND fulfilled_by = 'MERCHANT'"
            " AND status IN ('UNSHIPPED', 'PARTIALLY_SHIPPED')"
        )
        found = book.page(seller.seller_id, condition, places, "created, order_id")
        return list(rows_of.still_open(found, now))
    condition += f" AND {kind.by} BETWEEN ? AND ?"
    if kind.kind != ALL:
        condition += " AND fulfilled_by = 'MERCHANT' AND status <> 'CANCELLED'"
    found = book.page(
        seller.seller_id, condition, (*places, start, end), f"{kind.by}, order_id"
    )
    if kind.kind == ALL:
        return list(rows_of.everything(found))
    return list(rows_of.orders(found, kind.variant))


def _fba(book: OrderBook, seller: Seller, kind: ReportType, given: Json) -> list[Row]:
    orders = {each["orderId"]: each for each in book.orders(seller.seller_id)}
    places = set(given["marketplaceIds"])
    earlier: dict[tuple[str, str], int] = {}
    mine = []
    for shipment in book.fba_shipments(seller.seller_id, _EPOCH, given["end"]):
        order = orders[shipment["orderId"]]
        if order["salesChannel"]["marketplaceId"] not in places:
            continue
        if shipment["at"] >= given["start"]:
            mine.append(shipment)
            continue
        for part in shipment["items"]:
            key = (shipment["orderId"], part["orderItemId"])
            earlier[key] = earlier.get(key, 0) + part["quantity"]
    return list(rows_of.fba(mine, orders, earlier, kind.variant, seller.vcs))


def _charset(places: Iterable[Marketplace]) -> tuple[str, str]:
    """Several marketplaces that differ in it share Unicode."""
    found = {_CHARSETS.get(each.country, _UNICODE) for each in places}
    return found.pop() if len(found) == 1 else _UNICODE


def _cell(text: str) -> str:
    return " ".join(text.split("\t"))
