"""Start a vendor's simulator process and talk to it. Standard library only."""

from __future__ import annotations

import base64
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from .process import Json, Predicate, Process, SimulatorError

__all__ = ["Json", "Predicate", "Simulator", "SimulatorError"]


class Simulator(Process):
    """One simulator process over one state folder.

    `python` is an interpreter that has pyas2lib.
    """

    def __init__(
        self,
        state: str | os.PathLike[str],
        python: str = sys.executable,
        port: int = 0,
        control_port: int = 0,
        as2_id: str = "AMAZONSIM",
    ) -> None:
        super().__init__(
            state,
            python,
            [
                *("-m", "simulator", "--as2-id", as2_id),
                *("--port", str(port), "--control-port", str(control_port)),
            ],
        )

    def status(self) -> Json:
        """What the vendor must know: as2_url, as2_id, certificate (PEM), isa_id,
        isa_qualifier, gs_id; and the settings as they are."""
        return dict(self._call("GET", "/status", {}))

    def configure(self, **values: Any) -> Json:
        """Set fields of `settings.Settings`; those not given keep their value."""
        return dict(self._call("POST", "/configure", values))

    def send_order(self, order: Json, test: bool = False, mdn: str = "") -> Json:
        """Send one order (see `purchase_order.from_json`); "sync" or "async" MDN.

        Returns message_id, interchanges (control numbers) and po_numbers.
        """
        return self.send_orders([[order]], test, mdn)

    def send_orders(
        self, interchanges: Sequence[Sequence[Json]], test: bool = False, mdn: str = ""
    ) -> Json:
        """Several orders per interchange, several interchanges in one message."""
        values = {"interchanges": interchanges, "test": test, "mdn": mdn}
        return dict(self._call("POST", "/orders", values))

    def send_raw(self, content: bytes, test: bool | None = None, mdn: str = "") -> Json:
        """Send these bytes as they are, whatever they are; `test` sets ISA15."""
        text = base64.b64encode(content).decode()
        values = {"content": text, "test": test, "mdn": mdn}
        return dict(self._call("POST", "/raw", values))

    def send_file_orders(
        self,
        path: str | os.PathLike[str],
        vendor_code: str = "",
        ship_to: str = "",
        test: bool = False,
    ) -> Json:
        """Send the 850 sets of a file in Amazon's envelope. `vendor_code` (REF*CR) and
        `ship_to` (code in N1*ST) are added to sets that have none."""
        content = base64.b64encode(Path(path).read_bytes()).decode()
        given = {"vendor_code": vendor_code, "ship_to": ship_to, "test": test}
        return dict(self._call("POST", "/file", {"content": content, **given}))

    def resend(
        self,
        message_id: str = "",
        po_number: str = "",
        same_message_id: bool = False,
        copies: int = 1,
    ) -> Json:
        """Send something again: the same interchange in a new message, or the very
        same message; with `copies` several at once."""
        return dict(
            self._call(
                "POST",
                "/resend",
                {
                    "message_id": message_id,
                    "po_number": po_number,
                    "same_message_id": same_message_id,
                    "copies": copies,
                },
            )
        )

    def drop(self, message_id: str) -> None:
        """Send a message no more that has no good receipt yet."""
        self._call("POST", "/drop", {"message_id": message_id})

    def orders(self) -> list[Json]:
        """Every order with delivery state, 997, and per line what came of it."""
        return list(self._call("GET", "/orders", {}))

    def verdicts(self, po_number: str | None = None) -> list[Json]:
        """What Amazon says of each 855, 856 and 810 (of that order), oldest first:
        kind, number, accepted, reasons, in_force, test, po_numbers, interchange."""
        values = {} if po_number is None else {"po_number": po_number}
        return list(self._call("GET", "/verdicts", values))

    def deadlines(self) -> list[Json]:
        """MDN, 997 and 855: seconds taken or running, seconds allowed, late or not."""
        return list(self._call("GET", "/deadlines", {}))

    def outbox(self) -> list[Json]:
        return list(self._call("GET", "/outbox", {}))

    def idle(self) -> bool:
        """Nothing to post, no receipt awaited, no message unworked."""
        return bool(self._call("GET", "/idle", {}))
