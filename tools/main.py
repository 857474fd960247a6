"""The commands of `./dev`.

It runs twice: first on whatever Python the machine has, to make the environment,
then inside that environment.
"""

import errno
import importlib
import os
import signal
import sys
from pathlib import Path

from . import console, environment, paths, venv

# Command: what it does, and the module whose main(arguments) does it.
COMMANDS = {
    "demo": ("[FILE...]  the main job, with purchase orders of your own", "demo"),
    "serve": ("           the demo's database in the browser", "serve"),
    "test": ("[ARGS]     the tests; arguments are pytest's", "suites"),
    "lint": ("[--fix]    style, types, layers; --fix formats", "lint"),
    "bench": ("[NAME...]  the benchmarks, or those with NAME in their names", "bench"),
    "conformance": ("[DIR]      samples and models under DIR (../shared)", "samples"),
    "shell": ("           Odoo's shell on the demo's database", "shell"),
}


def main(arguments: list[str]) -> int:
    if not arguments or arguments[0] not in COMMANDS:
        print("usage: ./dev COMMAND")
        for name, (usage, _) in COMMANDS.items():
            print(f"  {name:<11} {usage}")
        return 0 if arguments in ([], ["-h"], ["--help"]) else 2
    # SIGTERM unwinds like Ctrl-C: what was started is stopped
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        environment.python()
        if Path(sys.prefix) != paths.venv():
            python = str(venv.python())
            os.execv(python, [python, str(paths.CHECKOUT / "dev"), *arguments])
        module = importlib.import_module(f"tools.{COMMANDS[arguments[0]][1]}")
        return int(module.main(arguments[1:]))
    except console.Stop as stop:
        return console.fail(str(stop))
    except KeyboardInterrupt:
        return 130
    except OSError as error:
        if error.errno == errno.ENOSPC:
            return console.fail("the disk is full: make room and run it again")
        if not str(error.filename).startswith((str(paths.HOME), str(paths.LOCAL))):
            raise
        return console.fail(f"{error}: remove it, or set AMAZON_B2B_DEV_HOME")
