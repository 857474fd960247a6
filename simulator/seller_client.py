"""Start a seller's simulator process and talk to it. Standard library only."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from typing import Any

from .process import Json, Process


class SellerSimulator(Process):
    """One process over one state folder; it needs no library.

    `ready` has the URLs: endpoint, sandbox_endpoint, token_url, seller_central_url,
    consent_url.
    """

    def __init__(
        self,
        state: str | os.PathLike[str],
        python: str = sys.executable,
        port: int = 0,
        sandbox_port: int = 0,
        control_port: int = 0,
    ) -> None:
        super().__init__(
            state,
            python,
            [
                *("-m", "simulator.seller_main", "--port", str(port)),
                *("--sandbox-port", str(sandbox_port)),
                *("--control-port", str(control_port)),
            ],
        )

    def _get(self, path: str, **values: Any) -> Any:
        return self._call("GET", path, values)

    def _post(self, path: str, **values: Any) -> Any:
        return self._call("POST", path, values)

    def status(self) -> Json:
        """URLs, settings, sellers, the clock, and the faults it knows."""
        return dict(self._get("/status"))

    def configure(self, **values: Any) -> Json:
        """Set fields of `seller_settings.SellerSettings`."""
        return dict(self._post("/configure", **values))

    # -- accounts -------------------------------------------------------------

    def add_application(self, **values: Any) -> Json:
        """Register an application, or change one that is named by application_id:
        client_id, client_secret, redirect_uris, draft, name; returns all of them."""
        return dict(self._post("/applications", **values))

    def put_seller(self, seller_id: str, **values: Any) -> Json:
        """Add or change a seller: store_name, marketplaces (ids or countries of one
        region), roles (of `seller_roles`, all at first), vcs, hidden_columns."""
        return dict(self._post("/sellers", seller_id=seller_id, **values))

    def authorise(self, application_id: str, seller_id: str) -> str:
        """A refresh token without the browser, as of a self-authorised application."""
        answer = self._post(
            "/authorise", application_id=application_id, seller_id=seller_id
        )
        return str(answer["refresh_token"])

    def revoke(self, seller_id: str) -> None:
        """The seller takes back every authorisation."""
        self._post("/revoke", seller_id=seller_id)

    def expire_access_tokens(self, seller_id: str) -> None:
        self._post("/expire", seller_id=seller_id)

    # -- orders ---------------------------------------------------------------

    def make_orders(self, seller_id: str, count: int = 1, **wishes: Any) -> list[str]:
        """Make orders (see `seller_maker.make`); returns their ids."""
        return list(
            self._post("/orders/make", seller_id=seller_id, count=count, **wishes)
        )

    def put_orders(self, seller_id: str, orders: Iterable[Json]) -> list[str]:
        """Keep orders as they are given, in the JSON of Orders 2026-01-01."""
        return list(self._post("/orders", seller_id=seller_id, orders=list(orders)))

    def change_order(
        self, seller_id: str, order_id: str, what: str, **wishes: Any
    ) -> Json:
        """Let something happen to an order (see `seller_changes`); returns it."""
        return dict(
            self._post(
                "/orders/change",
                seller_id=seller_id,
                order_id=order_id,
                what=what,
                **wishes,
            )
        )

    def orders(self, seller_id: str) -> list[Json]:
        """Every order in full, whatever a role or a status hides in answers."""
        return list(self._get("/orders", seller_id=seller_id))

    def order(self, seller_id: str, order_id: str) -> Json:
        return dict(self._get("/order", seller_id=seller_id, order_id=order_id))

    # -- what was asked -------------------------------------------------------

    def asked(self, operation: str = "", since: int = 0) -> list[Json]:
        """Calls to the API, oldest first: seq, at, seller_id, operation, method, path,
        parameters, status (0: no answer), error."""
        return list(self._get("/asked", operation=operation, since=since))

    def counters(self, seller_id: str = "") -> dict[str, dict[str, int]]:
        """Per operation: calls, throttled (429), refused (other 4xx)."""
        return dict(self._get("/counters", seller_id=seller_id))

    def clear_counters(self) -> None:
        """Forget what was asked."""
        self._post("/counters/clear")

    def refusals(self, since: int = 0) -> list[Json]:
        """Events of wrong requests, at every door: operation, error, parameters."""
        return [each for each in self.events(since) if each["kind"] == "refused"]

    def buckets(self) -> list[Json]:
        return list(self._get("/buckets"))

    def refill_buckets(self) -> None:
        self._post("/buckets/refill")

    # -- the clock ------------------------------------------------------------

    def freeze_clock(self, frozen: bool = True) -> str:
        """Let it stand still, moved by `advance_clock` alone, or run again."""
        return str(self._post("/clock", frozen=frozen)["now"])
