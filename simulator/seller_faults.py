"""Slips on demand on the seller's side; each can be confined to an `operation`."""

from __future__ import annotations

import dataclasses

from .faults import Fault
from .seller_call import Reply

# Instead of an answer.
INSTEAD = {
    "quota-exceeded": "429 although the bucket is not empty",
    "internal-failure": "500",
    "service-unavailable": "503",
    "timeout": "no answer for `seconds` (5), then the connection closes",
    "connection-closed": "the connection closes without an answer",
    "access-token-expired": "the access token that came with the call is expired",
}
# What becomes of a good answer.
SPOILED = {
    "half-page": "the connection closes inside the body",
    "invalid-json": "the body is no JSON",
    "slow": "the answer comes after `seconds` (5)",
}
# In pages of orders.
PAGES = {
    "order-twice": "the same order twice in one page",
    "order-on-two-pages": "the last order of a page is also the first of the next",
    "order-changes": "an order changes after the page was given: of `which`"
    ' ("next", the first of the next page; "seen", the last of this one)',
}
LWA = {"refresh-token-revoked": "the refresh token is revoked, for good"}
REPORTS = {
    "report-fatal": "the next report created ends as FATAL",
    "report-cancelled": "the next report created ends as CANCELLED",
}
# Those that a presigned URL can have.
DOWNLOAD = ("half-page", "slow", "timeout", "connection-closed")
KNOWN = {**INSTEAD, **SPOILED, **PAGES, **LWA, **REPORTS}


def spoiled(reply: Reply, slip: Fault | None) -> Reply:
    """What becomes of an answer under a fault of `SPOILED`, or one without answer."""
    if slip is None:
        return reply
    seconds = slip.seconds if slip.name in ("slow", "timeout") else 0.0
    half = len(reply.body) // 2
    cut = {"half-page": half, "timeout": -1, "connection-closed": -1}.get(slip.name)
    body = reply.body[:half] + b"..." if slip.name == "invalid-json" else reply.body
    return dataclasses.replace(reply, body=body, delay=seconds, cut=cut)
