"""The reports that can be had, and what each needs.

https://developer-docs.amazon.com/sp-api/docs/report-type-values-order; restricted ones:
.../sp-api/docs/tokens-api-use-case-guide.
"""

from __future__ import annotations

from dataclasses import dataclass

from . import seller_roles

_DAY = 86400.0
ORDERS, OPEN, ALL, FBA = "orders", "open", "all", "fba"


@dataclass(frozen=True)
class ReportType:
    name: str
    kind: str  # which rows
    variant: str  # which columns
    roles: frozenset[str]
    restricted: bool
    by: str = "released"  # the time to which the range applies
    most_seconds: float = 0.0  # of the range, 0 for any
    options: frozenset[str] = frozenset()


_ORDER_OPTIONS = frozenset({"ShowSalesChannel"})
_OPEN_DATA = seller_roles.ORDERS | {seller_roles.FULFILLMENT}
_TAX = frozenset({seller_roles.REMITTANCE})
_INVOICING = frozenset({seller_roles.INVOICING})
_MONTH = 31 * _DAY


def _orders(suffix: str, roles: frozenset[str]) -> ReportType:
    name = f"GET_FLAT_FILE_ORDER_REPORT_DATA_{suffix}"
    return ReportType(name, ORDERS, suffix, roles, True, options=_ORDER_OPTIONS)


def _all(suffix: str, by: str) -> ReportType:
    name = f"GET_FLAT_FILE_ALL_ORDERS_DATA_BY_{suffix}_GENERAL"
    return ReportType(name, ALL, "", _OPEN_DATA, False, by, 30 * _DAY)


def _fba(suffix: str, roles: frozenset[str]) -> ReportType:
    name = f"GET_AMAZON_FULFILLED_SHIPMENTS_DATA_{suffix}"
    restricted = suffix != "GENERAL"
    return ReportType(name, FBA, suffix, roles, restricted, "shipped", _MONTH)


TYPES = {
    each.name: each
    for each in (
        _orders("SHIPPING", seller_roles.ADDRESS),
        _orders("INVOICING", _INVOICING),
        _orders("TAX", _TAX),
        ReportType(
            *("GET_FLAT_FILE_ACTIONABLE_ORDER_DATA_SHIPPING", OPEN, "SHIPPING"),
            *(seller_roles.ADDRESS, True),
        ),
        _all("LAST_UPDATE", "updated"),
        _all("ORDER_DATE", "created"),
        _fba("GENERAL", _OPEN_DATA),
        _fba("INVOICING", _INVOICING),
        _fba("TAX", _TAX),
    )
}
