"""Token buckets per application, seller and operation, with Amazon's published rates.

https://developer-docs.amazon.com/sp-api/docs/usage-plans-and-rate-limits
"""

from __future__ import annotations

from .seller_accounts import Token
from .seller_settings import SellerSettings
from .store import Store

Plan = tuple[float, int]  # requests per second, burst

# Rate (requests per second) and burst, as the models' usage plans have them.
RATES: dict[str, Plan] = {
    "searchOrders": (0.0056, 20),
    "getOrder": (0.5, 30),
    "getMarketplaceParticipations": (0.016, 15),
    "createReport": (0.0167, 15),
    "getReport": (2.0, 15),
    "getReports": (0.0222, 10),
    "cancelReport": (0.0222, 10),
    "getReportDocument": (0.0167, 15),
    "createRestrictedDataToken": (1.0, 10),
    "sandbox": (5.0, 15),
}


def plan(settings: SellerSettings, operation: str) -> Plan:
    """Rate and burst: Amazon gives some sellers others than it publishes."""
    rate, burst = settings.rates.get(operation, RATES[operation])
    return float(rate), int(burst)


def take(store: Store, token: Token, operation: str, plan: Plan) -> bool:
    """Take one token; False where the bucket is empty."""
    rate, burst = plan
    key = (token.client_id, token.seller_id, operation)
    with store.transaction() as database:
        now = store.now()
        row = store.row(
            "SELECT tokens, at FROM bucket"
            " WHERE client_id = ? AND seller_id = ? AND operation = ?",
            *key,
        )
        tokens = float(burst)
        if row is not None:
            elapsed = max(0.0, now - row["at"])
            tokens = min(tokens, row["tokens"] + elapsed * rate)
        # a hair of rounding is no reason to refuse who waited exactly long enough
        granted = tokens >= 1 - 1e-6
        database.execute(
            "INSERT OR REPLACE INTO bucket VALUES (?, ?, ?, ?, ?)",
            (*key, tokens - granted, now),
        )
    return granted


def refill(store: Store) -> None:
    """All buckets are full."""
    store.execute("DELETE FROM bucket")


def levels(store: Store) -> list[dict[str, object]]:
    """Every bucket as it was after its last call."""
    return [dict(row) for row in store.rows("SELECT * FROM bucket")]
