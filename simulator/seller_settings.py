"""What `configure` sets on the seller's side."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .store import Store


@dataclass(frozen=True)
class SellerSettings:
    """All are given by name to `configure`; those not given keep their value."""

    limits: bool = True  # token buckets at work; off for measuring speed
    visible_after: float = 120.0  # seconds until a change is found by searchOrders
    report_queue_seconds: float = 15.0
    report_work_seconds: float = 30.0
    report_gzip: bool = True
    # {"searchOrders": [0.02, 40]}: rate and burst other than the published ones
    rates: Mapping[str, Sequence[float]] = field(default_factory=dict)
    models: str = ""  # folder with Amazon's models, for the sandbox endpoint


def current(store: Store) -> SellerSettings:
    return change(SellerSettings(), store.setting("seller_settings", {}))


def configure(store: Store, given: Mapping[str, Any]) -> SellerSettings:
    """Set and keep what is given. Raises `ValueError` with words for the caller."""
    changed = change(current(store), given)
    store.set_setting("seller_settings", dataclasses.asdict(changed))
    return changed


def change(settings: SellerSettings, given: Mapping[str, Any]) -> SellerSettings:
    values: dict[str, Any] = {}
    for name, value in given.items():
        before = getattr(settings, name, None)
        if before is None:
            raise ValueError(f"no such setting: {name}")
        if isinstance(before, float) and isinstance(value, int):
            value = float(value)
        if type(value) is not type(before):
            raise ValueError(f"{name} is a {type(before).__name__}")
        values[name] = value
    return dataclasses.replace(settings, **values)
