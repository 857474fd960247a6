"""`python -m simulator`: see the package's docstring."""

from __future__ import annotations

import argparse
import json
import signal
import sys
import threading
from pathlib import Path

from . import keys, loopback, running, web
from .amazon import Amazon
from .control import Control
from .delivery import Delivery
from .faults import Faults
from .ordering import Ordering
from .reception import Reception
from .settings import Settings, change
from .station import Station
from .store import Store


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m simulator", description="A stand-in Amazon Vendor."
    )
    parser.add_argument("--state", type=Path, required=True, help="folder of its own")
    parser.add_argument("--host", default="127.0.0.1", help="a loopback address")
    parser.add_argument("--port", type=int, default=0, help="of AS2; 0 for a free one")
    parser.add_argument("--control-port", type=int, default=0)
    parser.add_argument("--as2-id", default="AMAZONSIM")
    parser.add_argument(
        "--end-with-input",
        action="store_true",
        help="end when standard input closes, as it does when the caller ends",
    )
    return parser.parse_args()


def run(arguments: argparse.Namespace) -> None:
    state: Path = arguments.state
    state.mkdir(parents=True, exist_ok=True)
    loopback.check_address(arguments.host)
    store = Store(state / "simulator.sqlite", tell=sys.stderr)
    station = Station(
        arguments.as2_id,
        keys.key_pair(state / "amazon.pem", arguments.as2_id),
        keys.key_pair(state / "stranger.pem", "Stranger"),
    )
    stopped = threading.Event()
    slips = Faults(store)

    def settings() -> Settings:
        return change(Settings(), store.setting("settings", {}))

    def as2_url() -> str:
        return str(store.setting("as2_url"))

    delivery = Delivery(store, station, slips, settings)
    ordering = Ordering(store, station, delivery, slips, settings, as2_url)
    amazon = Amazon(store, station, delivery, slips, settings)
    control = Control(store, station, ordering, slips, settings, as2_url, stopped.set)
    reception = Reception(store, station, slips, delivery, settings, amazon.wake)
    before = store.setting("ports", {})
    as2 = web.Server(
        arguments.host,
        running.ports(arguments.port, before.get("as2")),
        web.as2_handler(reception.handle),
    )
    api = web.Server(
        arguments.host,
        running.ports(arguments.control_port, before.get("control")),
        web.control_handler(control.handle, running.token(state / "control-token")),
    )
    store.set_setting("as2_url", f"http://{as2.authority}/as2")
    store.set_setting("ports", {"as2": as2.port, "control": api.port})
    for work in (delivery.run, amazon.run):
        threading.Thread(target=work, daemon=True).start()
    for server in (as2, api):
        server.start()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    ready = {
        "ready": True,
        "as2_url": as2_url(),
        "control_url": f"http://{api.authority}",
        "port": as2.port,
        "control_port": api.port,
    }
    if arguments.end_with_input:
        threading.Thread(
            target=running.until_input_ends, args=(stopped,), daemon=True
        ).start()
    print(json.dumps(ready), flush=True)
    stopped.wait()
    amazon.stop()
    delivery.stop()
    for server in (api, as2):
        server.shutdown()
    store.close()


def main() -> int:
    try:
        run(_arguments())
    except (OSError, loopback.NotLoopback) as error:
        print(f"simulator: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
