"""Start a simulator process and talk to it. Standard library only."""

from __future__ import annotations

import base64
import contextlib
import http.client
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlencode, urlsplit

Json = dict[str, Any]
Predicate = Callable[[Json], bool]

_ROOT = Path(__file__).resolve().parent.parent
_START_SECONDS = 30.0


class SimulatorError(RuntimeError):
    """The simulator did not start, or refused a call; the text says why."""


class Simulator:
    """One simulator process over one state folder.

    `python` is an interpreter that has pyas2lib; `state/log` tells every event.
    Used as a context manager it is started and stopped.
    """

    def __init__(
        self,
        state: str | os.PathLike[str],
        python: str = sys.executable,
        port: int = 0,
        control_port: int = 0,
        as2_id: str = "AMAZONSIM",
    ) -> None:
        self.state = Path(state)
        self.ready: Json = {}
        self._command = [
            *(python, "-m", "simulator", "--state", str(self.state)),
            *("--port", str(port), "--control-port", str(control_port)),
            *("--as2-id", as2_id, "--end-with-input"),
        ]
        self._process: subprocess.Popen[str] | None = None
        self._log: IO[str] | None = None

    # -- the process ----------------------------------------------------------

    def __enter__(self) -> Simulator:
        return self.start()

    def __exit__(self, *_error: object) -> None:
        self.stop()

    def start(self) -> Simulator:
        """Start the process and wait until it listens."""
        self.state.mkdir(parents=True, exist_ok=True)
        self._log = (self.state / "log").open("a")
        path = os.pathsep.join(filter(None, (str(_ROOT), os.environ.get("PYTHONPATH"))))
        self._process = subprocess.Popen(
            self._command,
            cwd=_ROOT,
            env={**os.environ, "PYTHONPATH": path},
            stdin=subprocess.PIPE,  # closes with this process, whatever ends it
            stdout=subprocess.PIPE,
            stderr=self._log,
            text=True,
        )
        assert self._process.stdout is not None
        guard = threading.Timer(_START_SECONDS, self._process.kill)
        guard.start()
        line = self._process.stdout.readline()
        guard.cancel()
        if not line:
            self._process.wait()
            said = (self.state / "log").read_text()[-2000:]
            raise SimulatorError(f"the simulator did not start: {said.strip()}")
        self.ready = json.loads(line)
        return self

    def stop(self) -> None:
        """End it in good order; what it knows stays in its state folder."""
        if self._process is None:
            return
        with contextlib.suppress(OSError, SimulatorError, http.client.HTTPException):
            self._call("POST", "/stop", {})
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
        self._ended()

    def kill(self) -> None:
        """End it with SIGKILL."""
        if self._process is not None:
            self._process.kill()
            self._ended()

    def _ended(self) -> None:
        assert self._process is not None
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout, self._log):
            if stream:
                stream.close()
        self._process = None

    # -- calls ----------------------------------------------------------------

    def _call(self, method: str, path: str, values: Json, timeout: float = 60) -> Any:
        if not self.ready:
            raise SimulatorError("the simulator was not started")
        connection = http.client.HTTPConnection(
            urlsplit(self.ready["control_url"]).netloc, timeout=timeout
        )
        token = (self.state / "control-token").read_text()
        query = f"?{urlencode(values)}" if method == "GET" and values else ""
        try:
            connection.request(
                method,
                path + query,
                json.dumps(values) if method == "POST" else None,
                {"Authorization": f"Bearer {token}"},
            )
            response = connection.getresponse()
            answer = json.loads(response.read())
        finally:
            connection.close()
        if response.status != 200:
            raise SimulatorError(f"{path}: {answer['error']}")
        return answer

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

    def fault(self, name: str, count: int = 1, **options: Any) -> list[Json]:
        """Let a fault of `faults.KNOWN` strike `count` times; returns those pending.
        `set="855"` confines it to messages with such a set."""
        values = {"name": name, "count": count, **options}
        return list(self._call("POST", "/faults", values))

    def clear_faults(self) -> None:
        self._call("POST", "/faults/clear", {})

    def advance_clock(self, seconds: float) -> None:
        """Let Amazon's clock jump ahead."""
        self._call("POST", "/clock", {"seconds": seconds})

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

    def events(self, since: int = 0, wait: float = 0) -> list[Json]:
        """Events after number `since`; waits up to `wait` seconds for the first."""
        values = {"since": since, "wait": wait}
        return list(self._call("GET", "/events", values, 60 + wait))

    def latest(self) -> int:
        """The number of the newest event: wait for what comes after it."""
        return int(self._call("GET", "/events/latest", {}))

    def wait_for(self, predicate: Predicate, timeout: float, since: int = 0) -> Json:
        """The first event after number `since` of which `predicate` is true.

        Raises `TimeoutError` with the events that did come.
        """
        end, seen = time.monotonic() + timeout, []
        while (left := end - time.monotonic()) > 0:
            for event in self.events(since, min(left, 5.0)):
                since = event["seq"]
                seen.append(f"{event['kind']}: {event['text']}")
                if predicate(event):
                    return event
        shown = "\n  ".join(seen[-20:]) or "(none)"
        raise TimeoutError(f"not seen within {timeout:g} s; events:\n  {shown}")
