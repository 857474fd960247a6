"""chromium, which runs the browser tests."""

import os
import shutil

from .console import Stop, run, step

# What Odoo's HttpCase looks for on Linux.
NAMES = ("google-chrome", "chromium", "chromium-browser", "google-chrome-stable")
ASK = "as root, run: apt-get install chromium"


def ensure() -> None:
    """Have a browser; the only thing that is ever installed, and only as root."""
    if any(shutil.which(name) for name in NAMES):
        return
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise Stop(f"the browser tests need chromium: {ASK}")
    with step("Installing chromium, which the browser tests need"):
        install = ["apt-get", "install", "--yes", "--no-install-recommends", "chromium"]
        env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        try:
            run(install, "installing chromium", ASK, env=env)
        except Stop:  # lists that are missing or name a version that is gone
            run(["apt-get", "update"], "apt-get update", ASK, env=env)
            run(install, "installing chromium", ASK, env=env)
