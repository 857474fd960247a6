"""What every stand-in process does from its start to its end."""

from __future__ import annotations

import argparse
import json
import os
import secrets
import signal
import sys
import threading
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler
from pathlib import Path

from . import loopback, web
from .store import Json, Store

# the port that was asked for, and who answers there
Door = tuple[int, type[BaseHTTPRequestHandler]]


def parser(module: str, description: str) -> argparse.ArgumentParser:
    """The options that all have."""
    options = argparse.ArgumentParser(
        prog=f"python -m {module}", description=description
    )
    options.add_argument("--state", type=Path, required=True, help="folder of its own")
    options.add_argument("--host", default="127.0.0.1", help="a loopback address")
    options.add_argument("--port", type=int, default=0, help="0 for a free one")
    options.add_argument("--control-port", type=int, default=0)
    options.add_argument(
        "--end-with-input",
        action="store_true",
        help="end when standard input closes, as it does when the caller ends",
    )
    return options


def main(
    run: Callable[[argparse.Namespace], None], arguments: argparse.Namespace
) -> int:
    """Run a side in its folder; the process's exit status."""
    try:
        arguments.state.mkdir(parents=True, exist_ok=True)
        loopback.check_address(arguments.host)
        run(arguments)
    except (OSError, loopback.NotLoopback) as error:
        print(f"simulator: {error}", file=sys.stderr)
        return 1
    return 0


def token(path: Path) -> str:
    if not path.exists():
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(32))
    return path.read_text()


def listen(store: Store, host: str, doors: Mapping[str, Door]) -> dict[str, web.Server]:
    """A server at each door that answers from `serve` on. A process started again
    listens where the earlier one did, if it still can."""
    before = store.setting("ports", {})
    servers = {
        name: web.Server(host, _ports(asked, before.get(name)), handler)
        for name, (asked, handler) in doors.items()
    }
    store.set_setting("ports", {name: each.port for name, each in servers.items()})
    return servers


def _ports(asked: int, before: int | None) -> list[int]:
    if asked or not before:
        return [asked]
    return [before, 0]


def serve(
    servers: Mapping[str, web.Server],
    stopped: threading.Event,
    ready: Json,
    end_with_input: bool,
) -> None:
    """Answer until `stopped`, which a signal sets too; `ready` is told first."""
    for server in servers.values():
        server.start()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    if end_with_input:
        threading.Thread(target=_until_input_ends, args=(stopped,), daemon=True).start()
    print(json.dumps({"ready": True, **ready}), flush=True)
    stopped.wait()


def close(servers: Mapping[str, web.Server]) -> None:
    for server in servers.values():
        server.shutdown()


def _until_input_ends(stopped: threading.Event) -> None:
    while sys.stdin.buffer.read(4096):
        pass
    stopped.set()
