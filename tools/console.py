"""What a person sees: progress lines, and errors of one line that say what to do."""

import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from .paths import LOGS

UNWINDING_SECONDS = 30.0


class Stop(Exception):
    """The work cannot go on; the message is one line that says what to do."""


@contextmanager
def step(text: str) -> Iterator[None]:
    """Print `text` when a slow step begins and its seconds when it is done."""
    print(f"  {text} ...", end=" ", flush=True)
    start = time.monotonic()
    try:
        yield
    except BaseException:
        print("failed", flush=True)
        raise
    print(f"{time.monotonic() - start:.0f} s", flush=True)


def note(text: str) -> None:
    print(f"  {text}", flush=True)


def run(
    command: Sequence[str | Path],
    what: str,
    advice: str,
    *,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    account: tuple[int, int] | None = None,
) -> str:
    """Run `command` quietly and return what it wrote to standard output.

    `account` is the user and group number to run as. Everything the command writes
    is kept in a log; `what` failed and `advice` are the error's one line.
    """
    user, group = account or (None, None)
    try:
        done = subprocess.run(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            cwd=cwd,
            env=env,
            user=user,
            group=group,
            extra_groups=[] if account else None,
        )
    except OSError as error:
        raise Stop(f"{what} failed ({error}): {advice}") from error
    if done.returncode:
        LOGS.mkdir(parents=True, exist_ok=True)
        log = LOGS / "failed.log"
        log.write_text(done.stdout + done.stderr)
        raise Stop(f"{what} failed ({reason(done.stderr + done.stdout)}): {advice}")
    return done.stdout


def call(
    command: Sequence[str | Path],
    *,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    output: IO[str] | None = None,
) -> int:
    """Run `command` in the open, or with what it says in `output`; its exit status.

    Interrupted, it is interrupted too and given time to stop what it has started.
    """
    process = subprocess.Popen(
        [str(part) for part in command],
        cwd=cwd,
        env=env,
        stdout=output,
        stderr=output and subprocess.STDOUT,
    )
    try:
        return process.wait()
    except BaseException:
        process.send_signal(signal.SIGINT)
        with suppress(subprocess.TimeoutExpired):
            process.wait(UNWINDING_SECONDS)
        process.kill()
        raise


def reason(output: str) -> str:
    """The line of a failed command's output that is most likely to say why."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    telling = [line for line in lines if line.startswith(("E:", "ERROR", "error:"))]
    return (telling or lines or ["no output"])[-1][:200]


def fail(message: str) -> int:
    print(f"./dev: {message}", file=sys.stderr, flush=True)
    return 1
