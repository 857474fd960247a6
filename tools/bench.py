"""`./dev bench [NAME...]`: every benchmark, or those with a NAME in their names.

What begins with a digit is none: it is passed on (`./dev bench odoo 10x10`).
"""

import os

from . import environment, venv
from .console import Stop, call
from .paths import ADDON, CHECKOUT

BENCHMARKS = CHECKOUT / "benchmarks"


def main(arguments: list[str]) -> int:
    options = [argument for argument in arguments if argument[0].isdigit()]
    wanted = [argument for argument in arguments if argument not in options]
    found = sorted(file.stem for file in BENCHMARKS.glob("bench_*.py"))
    names = [
        name for name in found if not wanted or any(part in name for part in wanted)
    ]
    if not names:
        raise Stop(f"no such benchmark: choose from {', '.join(found) or 'none'}")
    with environment.ensure():
        # all of them run, also after one that misses its mark
        return int(any([_run(name, options) for name in names]))


def _run(name: str, options: list[str]) -> int:
    """Run one in a process of its own, so that its memory can be measured."""
    print(f"== {name}", flush=True)
    folders = os.pathsep.join(map(str, (BENCHMARKS, CHECKOUT, ADDON)))
    program = f"import sys, {name}; sys.exit({name}.main())"
    return call(
        [str(venv.python()), "-c", program, *options],
        cwd=CHECKOUT,
        env={**os.environ, "PYTHONPATH": folders},
    )
