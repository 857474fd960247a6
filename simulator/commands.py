"""The control API of every side: its calls, what happened, faults, the clock."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from .faults import Faults
from .store import Json, Store

Call = Callable[[Json], Any]

_LONGEST_WAIT = 30.0  # seconds


class Commands:
    def __init__(
        self,
        store: Store,
        slips: Faults,
        stop: Callable[[], None],
        calls: Mapping[tuple[str, str], Call],
    ) -> None:
        """`calls` are those that this side has besides."""
        self._store, self._slips = store, slips
        self._calls: dict[tuple[str, str], Call] = {
            **calls,
            ("GET", "/events"): self._events,
            ("GET", "/events/latest"): lambda given: store.latest_event(),
            ("GET", "/faults"): lambda given: slips.pending(),
            ("POST", "/faults"): self._add_fault,
            ("POST", "/faults/clear"): lambda given: slips.clear(),
            ("POST", "/clock"): self._clock,
            ("POST", "/stop"): lambda given: stop(),
        }

    def handle(self, method: str, path: str, given: Json) -> Any:
        """Raises `KeyError` for an unknown call, `ValueError` for bad values."""
        call = self._calls.get((method, path))
        if call is None:
            raise KeyError(f"{method} {path}")
        try:
            return call(given)
        except KeyError as error:
            raise ValueError(f"{error} is needed") from error

    def _events(self, given: Json) -> list[Json]:
        wait = min(float(given.get("wait", 0)), _LONGEST_WAIT)
        return self._store.events(int(given.get("since", 0)), wait)

    def _add_fault(self, given: Json) -> list[Json]:
        options = {k: v for k, v in given.items() if k not in ("name", "count")}
        self._slips.add(str(given["name"]), int(given.get("count", 1)), options)
        return self._slips.pending()

    def _clock(self, given: Json) -> Json:
        """Stop or start it (`frozen`), then move it on by `seconds`."""
        if "frozen" in given:
            self._store.freeze_clock(bool(given["frozen"]))
        self._store.advance_clock(float(given.get("seconds", 0)))
        return {"now": self._store.today().isoformat()}
