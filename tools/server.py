"""Odoo processes: installing modules, and servers that are started and killed."""

import os
import signal
import subprocess
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from . import databases, ports, venv
from .console import Stop
from .paths import CHECKOUT, DATA, LOCAL, LOGS

START_SECONDS = 120.0
STOP_SECONDS = 20.0
WAKE_SECONDS = 1.0
DEFAULT_PORT = 8069  # what Odoo listens on unless told otherwise


def command(*arguments: str) -> list[str]:
    """Command line of Odoo with this checkout's addon and nobody else's settings."""
    python = [str(venv.python()), str(_program())]
    return [*python, *arguments, f"--config={_configuration()}"]


def _program() -> Path:
    """What starts Odoo: a file, since with workers Odoo starts a process for the live
    chat by its own file's name, which `python -m odoo` has none of."""
    # in a folder of its own, which Python puts on its path
    return _write(LOCAL / "bin" / "odoo", "import odoo.cli\n\nodoo.cli.main()\n")


def _configuration() -> Path:
    settings = {"addons_path": CHECKOUT, "data_dir": DATA, "list_db": False}
    lines = [f"{name} = {value}\n" for name, value in settings.items()]
    return _write(LOCAL / "odoo.conf", "[options]\n" + "".join(lines))


def _write(path: Path, text: str) -> Path:
    """Write a whole file at once: another `./dev` may be reading it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(f".{os.getpid()}.{threading.get_ident()}")
    unfinished.write_text(text)
    unfinished.replace(path)
    return path


def install(database: str, modules: Sequence[str], options: Sequence[str] = ()) -> str:
    """Install `modules` into `database`; Odoo's log.

    `options` are added to the command line.
    """
    log = _log(f"install-{modules[0]}")
    with log.open("w") as output:
        done = subprocess.run(
            command(
                f"--database={database}",
                f"--init={','.join(modules)}",
                "--stop-after-init",
                "--no-http",
                "--max-cron-threads=0",
                *options,
            ),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    text = log.read_text(errors="replace")
    if done.returncode:
        raise Stop(f"installing failed ({_last_error(text)}): read {log}")
    return text


@dataclass(frozen=True)
class Server:
    """A running Odoo: its own process group, reachable at `url`."""

    process: subprocess.Popen[bytes]
    database: str
    port: int
    log: Path

    @property
    def url(self) -> str:
        return f"http://{ports.LOOPBACK}:{self.port}"

    def kill(self) -> None:
        """SIGKILL the server and its workers, as a machine that loses power would."""
        self._signal(signal.SIGKILL)
        self.process.wait()
        deadline = time.monotonic() + STOP_SECONDS
        while _alive(self.process.pid) and time.monotonic() < deadline:
            time.sleep(0.01)

    def stop(self) -> None:
        self._signal(signal.SIGTERM)
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            pass
        self.kill()

    @contextmanager
    def kept_awake(self) -> Iterator[None]:
        """Have the workers of scheduled actions look every second for what is due, and
        not every minute: for what was planned for a moment."""
        over = threading.Event()

        def wake() -> None:
            while not over.wait(WAKE_SECONDS):
                with databases.cursor() as cr:
                    cr.execute("SELECT pg_notify('cron_trigger', %s)", [self.database])

        waker = threading.Thread(target=wake)
        waker.start()
        try:
            yield
        finally:
            over.set()
            waker.join()

    def _signal(self, number: signal.Signals) -> None:
        try:
            os.killpg(self.process.pid, number)
        except ProcessLookupError:
            pass  # all of it has ended


def start(
    database: str,
    *,
    port: int | None = None,
    workers: int = 0,
    cron_threads: int = 2,
    environ: Mapping[str, str] | None = None,
    options: Sequence[str] = (),
) -> Server:
    """Start Odoo on `database` and return when it answers.

    `workers` 0 is one process with threads, more is that many worker processes
    beside `cron_threads` of them for scheduled actions. `port` None is any free one;
    `environ` is added to the environment, `options` to the command line.
    """
    port = port or ports.free()
    databases.set_parameter(database, "report.url", f"http://{ports.LOOPBACK}:{port}")
    log = _log(f"{database}-{port}")
    with log.open("ab") as output:
        process = subprocess.Popen(
            command(
                f"--database={database}",
                f"--db-filter=^{database}$",
                f"--http-interface={ports.LOOPBACK}",
                f"--http-port={port}",
                f"--gevent-port={ports.free()}",
                f"--workers={workers}",
                f"--max-cron-threads={cron_threads}",
                *options,
            ),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env={**os.environ, **(environ or {})},
            start_new_session=True,
        )
    server = Server(process, database, port, log)
    try:
        _wait(server)
    except BaseException:
        server.kill()
        raise
    return server


@contextmanager
def running(database: str, **settings: object) -> Iterator[Server]:
    """A server as `start` makes it that is stopped at the end."""
    server = start(database, **settings)  # type: ignore[arg-type]
    try:
        yield server
    finally:
        server.stop()


def _alive(group: int) -> bool:
    """Whether a process of the group still runs (one that was killed does not)."""
    for process in psutil.process_iter(["status"]):
        try:
            if os.getpgid(process.pid) == group and process.info["status"] != "zombie":
                return True
        except ProcessLookupError:
            pass
    return False


def _wait(server: Server) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if server.process.poll() is not None:
            error = _last_error(server.log.read_text(errors="replace"))
            raise Stop(f"Odoo ended ({error}): read {server.log}")
        try:
            with urllib.request.urlopen(server.url + "/web/health", timeout=5):
                return
        except OSError:  # not listening yet
            time.sleep(0.1)
    raise Stop(f"Odoo did not answer in {START_SECONDS:.0f} s: read {server.log}")


def _log(name: str) -> Path:
    LOGS.mkdir(parents=True, exist_ok=True)
    return LOGS / f"{name}.log"


def _last_error(log: str) -> str:
    lines = [line for line in log.splitlines() if line.strip()]
    telling = [line for line in lines if " ERROR " in line or "Error: " in line]
    return (telling or lines or ["no output"])[-1].strip()[:200]
