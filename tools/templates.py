"""Template databases: Odoo with what the addon depends on, and with the addon.

A copy takes under a second, an installation a minute. Each template's name carries
a hash of what it was made from.
"""

import ast
import hashlib
import os
from pathlib import Path

from . import databases, folders, odoo, server
from .console import Stop, note, step
from .paths import ADDON, ADDON_NAME, HOME

# What installing never reads.
NOT_INSTALLED = {"tests", "__pycache__"}


def addon() -> str:
    """The database with the addon as it is in this checkout, made if need be.

    Never connect to it: take a copy (`databases.copy`).
    """
    with folders.lock(HOME / "templates.lock", "waiting for another ./dev"):
        prefix = databases.name("addon")
        template = f"{prefix}_{_digest(dependencies_name(), tree_hash(ADDON))}"
        if not databases.exists(template):
            dependencies = _dependencies()
            for outdated in databases.alike(prefix + "%"):
                databases.drop(outdated)
            _install(template, [ADDON_NAME], f"Installing {ADDON_NAME}", dependencies)
        return template


def dependencies_name() -> str:
    return f"amazon_b2b_deps_{_digest(odoo.version(), *depends())}"


def depends() -> list[str]:
    """The modules that the addon's manifest names."""
    manifest = ADDON / "__manifest__.py"
    try:
        return sorted(ast.literal_eval(manifest.read_text())["depends"])
    except (OSError, ValueError, SyntaxError, TypeError, KeyError) as error:
        raise Stop(f"cannot read {manifest} ({error}): mend it") from error


def tree_hash(folder: Path) -> str:
    """A hash of every file under `folder` that installing it can read."""
    digest = hashlib.sha256()
    for root, names, files in os.walk(folder):
        names[:] = sorted(set(names) - NOT_INSTALLED)
        for file in sorted(files):
            path = Path(root, file)
            content = hashlib.sha256(path.read_bytes()).hexdigest()
            digest.update(f"{path.relative_to(folder)} {content}\n".encode())
    return digest.hexdigest()


def _dependencies() -> str:
    template = dependencies_name()
    if not databases.exists(template):
        _install(template, depends(), "Installing Odoo's modules (about a minute)")
    return template


def _install(
    template: str, modules: list[str], text: str, base: str | None = None
) -> None:
    unfinished = databases.name("unfinished")  # one is left at most, and reused
    with step(text):
        if base:
            databases.copy(base, unfinished, durable=False)
        else:
            databases.create(unfinished)
        log = server.install(unfinished, modules)
        databases.rename(unfinished, template)
    for line in log.splitlines():
        if base and (" WARNING " in line or " ERROR " in line):
            note(line)


def _digest(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:8]
