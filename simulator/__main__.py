"""`python -m simulator`: see the package's docstring."""

from __future__ import annotations

import argparse
import sys
import threading
from pathlib import Path

from . import keys, running, web
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
    parser = running.parser("simulator", "A stand-in Amazon Vendor; --port is AS2's.")
    parser.add_argument("--as2-id", default="AMAZONSIM")
    return parser.parse_args()


def run(arguments: argparse.Namespace) -> None:
    state: Path = arguments.state
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
    token = running.token(state / "control-token")
    servers = running.listen(
        *(store, arguments.host),
        {
            "as2": (arguments.port, web.as2_handler(reception.handle)),
            "control": (
                arguments.control_port,
                web.control_handler(control.handle, token),
            ),
        },
    )
    as2, api = servers["as2"], servers["control"]
    store.set_setting("as2_url", f"http://{as2.authority}/as2")
    for work in (delivery.run, amazon.run):
        threading.Thread(target=work, daemon=True).start()
    ready = {
        "as2_url": as2_url(),
        "control_url": f"http://{api.authority}",
        "port": as2.port,
        "control_port": api.port,
    }
    running.serve(servers, stopped, ready, arguments.end_with_input)
    amazon.stop()
    delivery.stop()
    running.close(servers)
    store.close()


if __name__ == "__main__":
    sys.exit(running.main(run, _arguments()))
