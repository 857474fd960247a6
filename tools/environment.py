"""What a command needs, made step by step; each step is skipped when it stands."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from . import folders, odoo, paths, venv, wkhtmltopdf

WAITING = "waiting for another ./dev that is setting up"


def python() -> None:
    """The main virtual environment, and its programs on the path."""
    with folders.lock(paths.HOME / "setup.lock", WAITING):
        if not paths.venv().exists():
            folders.need_space(paths.HOME, 1)
        venv.ensure()
    _add_to_path(str(paths.venv() / "bin"))
    os.environ["AMAZON_B2B_DEV_HOME"] = str(paths.HOME)


@contextmanager
def ensure() -> Iterator[None]:
    """All that Odoo needs: its source, wkhtmltopdf and a running PostgreSQL."""
    from . import postgres

    python()
    with folders.lock(paths.HOME / "setup.lock", WAITING):
        odoo.ensure()
        venv.show_odoo()
        _add_to_path(str(wkhtmltopdf.bin_folder()), last=True)
        wkhtmltopdf.ensure()
    with postgres.running():
        yield


def _add_to_path(folder: str, last: bool = False) -> None:
    folders_now = os.environ.get("PATH", os.defpath).split(os.pathsep)
    if folder not in folders_now:
        folders_now.insert(len(folders_now) if last else 0, folder)
        os.environ["PATH"] = os.pathsep.join(folders_now)
