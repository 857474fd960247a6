"""`./dev shell`: Odoo's own shell on the demo's database."""

import signal

from . import environment, server
from .console import call
from .serve import demo_database


def main(arguments: list[str]) -> int:
    # Ctrl-C is the shell's own; a handler, unlike ignoring it, is not inherited
    signal.signal(signal.SIGINT, lambda *_: None)
    with environment.ensure():
        shell = server.command("shell", f"--database={demo_database()}", "--no-http")
        return call([*shell, *arguments])
