"""Which reports tell of a seller's orders, and what asking for each of them takes.

Sources: "Report type values" for orders and for FBA sales (Selling Partner API), and
the Tokens API use case guide for those whose documents need a restricted data token.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

from .report_columns import (
    ALL_BY_ORDER_DATE,
    ALL_BY_UPDATE,
    KINDS,
    ORDER_INVOICING,
    ORDER_SHIPPING,
    ORDER_TAX,
    SHIPMENTS_GENERAL,
    SHIPMENTS_INVOICING,
    SHIPMENTS_TAX,
    TOTALS,
)

# what a report is asked for: orders that the seller ships, that Amazon ships, all
MFN, FBA, ALL = "mfn", "fba", "all"
_ANYWHERE = ("na", "eu", "fe")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportType:
    """``regions`` are those in which it is the one to ask for.

    ``role`` is what the application needs for it, as the Solution Provider Portal calls
    it; ``instead`` is the report to take without that role, or ``""``. ``most_days``
    bounds the range of one report, ``kept_days`` is how far back Amazon has data.
    """

    name: str
    group: str
    regions: tuple[str, ...]
    restricted: bool = False
    role: str = ""
    instead: str = ""
    options: tuple[tuple[str, str], ...] = ()
    most_days: int = 30
    kept_days: int = 90


_ADDRESSES = "Direct-to-Consumer Delivery (Restricted)"
_INVOICING = "Tax Invoicing (Restricted)"
_REMITTANCE = "Tax Remittance (Restricted)"
# the column that names the marketplace comes only if it is asked for
_CHANNEL = (("ShowSalesChannel", "true"),)
_ORDERS_KEPT = 60


def _orders(name: str, role: str, *regions: str) -> ReportType:
    return ReportType(
        name=name,
        group=MFN,
        regions=regions,
        restricted=True,
        role=role,
        options=_CHANNEL,
        kept_days=_ORDERS_KEPT,
    )


def _shipments(name: str, role: str, *regions: str) -> ReportType:
    return ReportType(
        name=name,
        group=FBA,
        regions=regions,
        restricted=bool(role),
        role=role,
        instead=SHIPMENTS_GENERAL if role else "",
    )


REPORT_TYPES = MappingProxyType(
    {
        each.name: each
        for each in (
            _orders(ORDER_SHIPPING, _ADDRESSES, *_ANYWHERE),
            _orders(ORDER_INVOICING, _INVOICING, "eu", "fe"),
            _orders(ORDER_TAX, _REMITTANCE, "na"),
            ReportType(
                name=ALL_BY_UPDATE,
                group=MFN,
                regions=_ANYWHERE,
                kept_days=_ORDERS_KEPT,
            ),
            _shipments(SHIPMENTS_INVOICING, _INVOICING, "eu"),
            _shipments(SHIPMENTS_TAX, _REMITTANCE, "na"),
            _shipments(SHIPMENTS_GENERAL, "", "fe"),
            ReportType(name=ALL_BY_ORDER_DATE, group=ALL, regions=_ANYWHERE),
        )
    }
)


def wanted(group: str, region: str) -> tuple[ReportType, ...]:
    """The reports that together tell a group of orders in a region."""
    return tuple(
        each
        for each in REPORT_TYPES.values()
        if each.group == group and region in each.regions
    )


def is_totals(name: str) -> bool:
    """Whether it is a report of all orders, which tells their status and sums."""
    return name in KINDS and KINDS[name].rows == TOTALS


def compares_only(name: str) -> bool:
    """Whether a report that was asked for serves to compare and not to import."""
    return name in REPORT_TYPES and REPORT_TYPES[name].group == ALL
