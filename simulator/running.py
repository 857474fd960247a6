"""What the start of every stand-in process needs."""

from __future__ import annotations

import os
import secrets
import sys
import threading
from pathlib import Path


def token(path: Path) -> str:
    if not path.exists():
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(32))
    return path.read_text()


def ports(asked: int, before: int | None) -> list[int]:
    """A process started again listens where the earlier one did, if it still can."""
    if asked or not before:
        return [asked]
    return [before, 0]


def until_input_ends(stopped: threading.Event) -> None:
    while sys.stdin.buffer.read(4096):
        pass
    stopped.set()
