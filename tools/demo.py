"""`./dev demo [FILE...]`: set everything up, then tell the story."""

import contextlib
import importlib
import importlib.util

from . import browser, environment, folders, templates
from .console import Stop
from .paths import LOCAL


def main(arguments: list[str]) -> int:
    if importlib.util.find_spec("tools.story") is None:
        raise Stop("tools/story.py, which drives the demo, is missing: check it out")
    with (
        folders.lock(LOCAL / "demo.lock", "waiting for another ./dev on this database"),
        environment.ensure(),
    ):
        templates.addon()
        if not arguments:
            # without one the seller's part says so and goes on
            with contextlib.suppress(Stop):
                browser.ensure()
        return int(importlib.import_module("tools.story").main(arguments))
