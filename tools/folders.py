"""Folders that are either complete or not there, and locks between two `./dev`."""

import fcntl
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from .console import Stop, note, step

STAMP = ".made-from"


def is_made(folder: Path, key: str) -> bool:
    """Whether `folder` was finished, and from the same `key`."""
    try:
        return (folder / STAMP).read_text() == key
    except OSError:
        return False


def make(folder: Path, key: str, text: str, fill: Callable[[Path], object]) -> None:
    """Have `fill` make the folder beside its place and move it there when complete.

    What an interrupted run left is thrown away; a folder made from the same `key`
    stays as it is.
    """
    if is_made(folder, key):
        return
    unfinished = folder.with_name(folder.name + ".unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(parents=True)
    with step(text):
        fill(unfinished)
        (unfinished / STAMP).write_text(key)
        shutil.rmtree(folder, ignore_errors=True)
        unfinished.rename(folder)


def make_in_place(
    folder: Path, key: str, text: str, fill: Callable[[Path], object]
) -> None:
    """The same for a folder that cannot move: `fill` goes on from what is there."""
    if is_made(folder, key):
        return
    (folder / STAMP).unlink(missing_ok=True)
    folder.mkdir(parents=True, exist_ok=True)
    with step(text):
        fill(folder)
        (folder / STAMP).write_text(key)


@contextmanager
def lock(path: Path, waiting: str) -> Iterator[None]:
    """Hold the exclusive lock on `path`; say `waiting` when another process has it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            note(waiting)
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def need_space(folder: Path, gigabytes: float) -> None:
    """Stop unless that much is free where `folder` will be (GB of 10^9 bytes)."""
    free = shutil.disk_usage(folder).free / 1e9
    if free < gigabytes:
        raise Stop(
            f"{folder} has {free:.1f} GB free and {gigabytes:.0f} GB are needed: "
            "make room, or set AMAZON_B2B_DEV_HOME to a folder on another disk"
        )
