"""A stand-in process: start it, end it, call its control API. Standard library only."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO, Any, TypeVar
from urllib.parse import urlencode, urlsplit

Json = dict[str, Any]
Predicate = Callable[[Json], bool]

Self = TypeVar("Self", bound="Process")

_ROOT = Path(__file__).resolve().parent.parent
_START_SECONDS = 30.0


class SimulatorError(RuntimeError):
    """The simulator did not start, or refused a call; the text says why."""


class Process:
    """One process over one state folder; `state/log` tells every event.

    Used as a context manager it is started and stopped.
    """

    def __init__(
        self, state: str | os.PathLike[str], python: str, arguments: Sequence[str]
    ) -> None:
        """`arguments` follow the interpreter: the module and its options."""
        self.state = Path(state)
        self.ready: Json = {}
        self._command = [
            *(python, *arguments),
            *("--state", str(self.state), "--end-with-input"),
        ]
        self._process: subprocess.Popen[str] | None = None
        self._log: IO[str] | None = None

    def __enter__(self: Self) -> Self:
        return self.start()

    def __exit__(self, *_error: object) -> None:
        self.stop()

    def start(self: Self) -> Self:
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

    # -- what every side has --------------------------------------------------

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

    def fault(self, name: str, count: int = 1, **options: Any) -> list[Json]:
        """Let a fault that the side knows strike `count` times; returns those pending.
        `set="855"` confines it to messages with such a set (the vendor's side),
        `operation="searchOrders"` to calls of that operation (the seller's)."""
        values = {"name": name, "count": count, **options}
        return list(self._call("POST", "/faults", values))

    def clear_faults(self) -> None:
        self._call("POST", "/faults/clear", {})

    def advance_clock(self, seconds: float) -> None:
        """Let Amazon's clock jump ahead."""
        self._call("POST", "/clock", {"seconds": seconds})

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
