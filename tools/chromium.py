"""A real browser without a window, driven over the DevTools protocol."""

import itertools
import json
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import websocket

from . import browser
from .console import Stop

SECONDS = 60.0
START_SECONDS = 180.0  # a browser that this machine never ran is read from the disk
PAUSE = 0.1


class PageError(Exception):
    """The page did not do what was waited for; the text says what and where."""


class Page:
    """The one page of a browser. Its methods raise `PageError`."""

    def __init__(self, address: str) -> None:
        self._socket = websocket.create_connection(
            address, timeout=SECONDS, suppress_origin=True
        )
        self._numbers = itertools.count(1)
        for domain in ("Page", "Runtime", "Network"):
            self.send(f"{domain}.enable")

    def send(self, method: str, **parameters: Any) -> dict[str, Any]:
        """One command of the protocol; its result."""
        number = next(self._numbers)
        command = {"id": number, "method": method, "params": parameters}
        self._socket.send(json.dumps(command))
        while True:
            answer = json.loads(self._socket.recv())
            if answer.get("id") == number:
                if "error" in answer:
                    raise PageError(f"{method}: {answer['error']}")
                return dict(answer["result"])

    def run(self, script: str) -> Any:
        """The value of a JavaScript expression."""
        answer = self.send(
            "Runtime.evaluate",
            expression=script,
            returnByValue=True,
            awaitPromise=True,
        )
        if "exceptionDetails" in answer:
            raise PageError(str(answer["exceptionDetails"]))
        return answer["result"].get("value")

    def open(self, url: str) -> None:
        self.send("Page.navigate", url=url)

    def until(self, script: str, what: str) -> Any:
        """The first true value of a JavaScript expression."""
        deadline = time.monotonic() + SECONDS
        while time.monotonic() < deadline:
            try:
                if found := self.run(script):
                    return found
            except PageError:
                pass  # the page is just being left
            time.sleep(PAUSE)
        raise PageError(f"{what} did not come at {self.run('location.href')}")

    def until_text(self, text: str) -> None:
        """Until the page shows a text."""
        self.until(f"document.body.innerText.includes({json.dumps(text)})", text)

    def until_at(self, path: str) -> None:
        """Until the page is at an address that begins with a path."""
        self.until(f"location.pathname.startsWith({json.dumps(path)})", path)

    def click(self, selector: str, text: str = "") -> None:
        """Click the first element of a selector with the text, once it is there."""
        script = (
            "(() => {const found = [...document.querySelectorAll(%s)].find("
            "each => each.textContent.includes(%s)); if (!found) return false; "
            "found.click(); return true})()"
        )
        script %= json.dumps(selector), json.dumps(text)
        self.until(script, f"{selector} {text}")

    def type(self, selector: str, text: str) -> None:
        """Put a text into an input, as if typed."""
        script = (
            "(() => {const found = document.querySelector(%s); "
            "if (!found) return false; found.focus(); found.value = %s; "
            "for (const kind of ['input', 'change']) "
            "found.dispatchEvent(new Event(kind, {bubbles: true})); return true})()"
        )
        self.until(script % (json.dumps(selector), json.dumps(text)), selector)


@contextmanager
def page(folder: str | Path, size: tuple[int, int] = (1366, 900)) -> Iterator[Page]:
    """A browser with an empty profile in `folder`.

    Raises `Stop` where there is none, or it does not start.
    """
    program = browser.found()
    if not program:
        raise Stop(f"there is no chromium: {browser.ASK}")
    profile = Path(folder) / "chromium"
    command = [
        program,
        *browser.QUIET,
        f"--window-size={size[0]},{size[1]}",
        f"--user-data-dir={profile}",
        "--remote-debugging-port=0",
        "--remote-allow-origins=*",
        "about:blank",
    ]
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield Page(_address(profile / "DevToolsActivePort", process))
    finally:
        process.terminate()
        process.wait(SECONDS)


def _address(file: Path, process: subprocess.Popen[bytes]) -> str:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        if file.exists() and (lines := file.read_text().split()):
            url = f"http://127.0.0.1:{lines[0]}/json/list"
            with urllib.request.urlopen(url, timeout=SECONDS) as answer:
                pages = [each for each in json.load(answer) if each["type"] == "page"]
            if pages:
                return str(pages[0]["webSocketDebuggerUrl"])
        time.sleep(PAUSE)
    raise Stop("chromium did not start: run it once by hand to see why")
