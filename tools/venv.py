"""Virtual environments with exactly the pinned requirements."""

import hashlib
import importlib.util
import sys
from pathlib import Path

from . import apt, folders, odoo, paths
from .console import run

MAIN = "venv"
# The plain suites also run on what users of older releases have.
REQUIREMENTS = {
    MAIN: ("requirements.txt", "requirements-dev.txt"),
    "venv-odoo-pins": ("requirements-odoo-pins.txt",),
    "venv-debian12": ("requirements-debian12.txt",),
}


def python(name: str = MAIN) -> Path:
    return paths.venv(name) / "bin/python"


def ensure(name: str = MAIN) -> Path:
    """Make or complete the environment `name`; the path of its Python."""
    files = [paths.CHECKOUT / file for file in REQUIREMENTS[name]]
    key = hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()
    title = ", ".join(file.name for file in files)
    folder = paths.venv(name)
    if not python(name).exists():  # its interpreter was removed or replaced
        (folder / folders.STAMP).unlink(missing_ok=True)
    folders.make_in_place(
        folder,
        key,
        f"Installing Python packages ({title})",
        lambda folder: _install(folder, files[-1]),
    )
    return python(name)


def show_odoo() -> None:
    """Put Odoo on the path of the main environment."""
    link = next(paths.venv(MAIN).glob("lib/python3*/site-packages")) / "odoo.pth"
    line = f"{odoo.path()}\n"
    if not link.exists() or link.read_text() != line:
        link.write_text(line)


def add(requirement: str, folder: Path) -> None:
    """Install one package, without what it asks for, into a folder of its own."""
    _pip_install(paths.venv(MAIN), [f"--target={folder}", requirement], requirement)


def _install(folder: Path, requirements: Path) -> None:
    # Debian without python3-venv has no ensurepip
    bare = importlib.util.find_spec("ensurepip") is None
    if not (folder / ("bin/python" if bare else "bin/pip")).exists():
        base = sys._base_executable  # type: ignore[attr-defined]
        options = ["--clear", *(["--without-pip"] if bare else [])]
        run(
            [base, "-m", "venv", *options, str(folder)],
            "making a virtual environment",
            "run the same command again",
        )
    _pip_install(folder, [f"--requirement={requirements}"], requirements.name)


def _pip_install(folder: Path, arguments: list[str], what: str) -> None:
    own = (folder / "bin/pip").exists()
    pip = ["-m", "pip"] if own else [str(_pip_wheel() / "pip")]
    options = ["--no-deps", "--no-input", "--disable-pip-version-check"]
    run(
        [folder / "bin/python", *pip, "install", *options, *arguments],
        f"installing {what}",
        apt.NETWORK,
    )


def _pip_wheel() -> Path:
    """pip from the Debian package that holds it for ensurepip."""
    folder = paths.HOME / "pip"

    def fetch(root: Path) -> None:
        with apt.Apt(None) as release:
            release.unpack(["python3-pip-whl"], root)

    folders.make(folder, "1", "Fetching pip", fetch)
    return next(folder.glob("usr/share/python-wheels/pip-*.whl"))
