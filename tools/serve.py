"""`./dev serve`: the demo's database, for the browser."""

import os
import webbrowser

from . import databases, environment, folders, ports, server, templates
from .console import note, step
from .paths import LOCAL


def demo_database() -> str:
    """The database that `./dev demo` left, or a new one with the addon installed."""
    database = databases.name("demo")
    if not databases.exists(database):
        databases.copy(templates.addon(), database)
    return database


def main(arguments: list[str]) -> int:
    with (
        folders.lock(LOCAL / "demo.lock", "waiting for another ./dev on this database"),
        environment.ensure(),
    ):
        database = demo_database()
        with step("Starting Odoo"):
            odoo = server.start(
                database, port=ports.free(server.DEFAULT_PORT), options=arguments
            )
        try:
            note(f"{odoo.url}/odoo   login: admin   password: admin")
            note(f"log: {odoo.log}   stop with Ctrl-C")
            if os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"):
                webbrowser.open(f"{odoo.url}/odoo")
            return odoo.process.wait()
        finally:
            odoo.stop()
