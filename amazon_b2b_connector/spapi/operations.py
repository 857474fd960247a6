"""The operations of the Selling Partner API that are called, one line each.

Rate (calls per second) and burst are the published usage plans of Amazon's models;
``x-amzn-RateLimit-Limit`` may raise the rate of a single seller.
"""

from dataclasses import dataclass
from types import MappingProxyType

# After an unknown outcome some may be called AGAIN without harm, others only ONCE.
AGAIN, ONCE = True, False


@dataclass(frozen=True, slots=True)
class Operation:
    name: str
    method: str
    path: str  # {placeholders} are filled by the call
    rate: float  # calls per second
    burst: int  # calls at once
    repeatable: bool

    def believes(self, rate: float) -> bool:
        """Whether Amazon may mean it: a rate that is none would stop the operation for
        days, or throw its limit away."""
        return self.rate / _LEAST <= rate <= self.rate * _MOST


# How far the rate of a seller, or of a test environment, may be from the published one
_LEAST, _MOST = 10, 1_000_000
_ORDERS = "/orders/2026-01-01/orders"
_REPORTS = "/reports/2021-06-30/reports"
_DOCUMENTS = "/reports/2021-06-30/documents"
_SELLERS = "/sellers/v1/marketplaceParticipations"
_TOKENS = "/tokens/2021-03-01/restrictedDataToken"
_ALL = (
    Operation("searchOrders", "GET", _ORDERS, 0.0056, 20, AGAIN),
    Operation("getOrder", "GET", f"{_ORDERS}/{{orderId}}", 0.5, 30, AGAIN),
    Operation("getMarketplaceParticipations", "GET", _SELLERS, 0.016, 15, AGAIN),
    Operation("createReport", "POST", _REPORTS, 0.0167, 15, ONCE),
    Operation("getReport", "GET", f"{_REPORTS}/{{reportId}}", 2, 15, AGAIN),
    Operation("getReports", "GET", _REPORTS, 0.0222, 10, AGAIN),
    Operation(
        "getReportDocument",
        "GET",
        f"{_DOCUMENTS}/{{reportDocumentId}}",
        0.0167,
        15,
        AGAIN,
    ),
    Operation("createRestrictedDataToken", "POST", _TOKENS, 1, 10, AGAIN),
)
OPERATIONS = MappingProxyType({operation.name: operation for operation in _ALL})
