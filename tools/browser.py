"""chromium, which runs the browser tests."""

import os
import shutil
import subprocess
import tempfile

from .console import Stop, note, run, step

# What Odoo's HttpCase looks for on Linux.
NAMES = ("google-chrome", "chromium", "chromium-browser", "google-chrome-stable")
ASK = "as root, run: apt-get install chromium"
# A browser that this machine never ran reads 300 MB from the disk before it answers;
# Odoo's browser tests wait ten seconds for it.
FIRST_START = 180  # seconds
QUIET = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-extensions",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


def ensure() -> None:
    """Have a browser; the only thing that is ever installed, and only as root."""
    if found():
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
        if not found():  # a package that only points elsewhere
            raise Stop(f"installing chromium left no browser on the path: {ASK}")


def found() -> str | None:
    """The path of the browser that Odoo's tests will take."""
    return next(filter(None, map(shutil.which, NAMES)), None)


def warm_up() -> None:
    """Start it once and end it, so that the tests find it in the page cache."""
    browser = found()
    if not browser:
        return
    with (
        step("Starting chromium once"),
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile,
    ):
        command = [browser, *QUIET, f"--user-data-dir={profile}", "--dump-dom"]
        try:
            subprocess.run(
                [*command, "about:blank"],
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                timeout=FIRST_START,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            note(f"chromium did not end by itself: {error}")
