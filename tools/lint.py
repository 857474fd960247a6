"""`./dev lint [--fix]`: style, Odoo's conventions, types, formatting, layers."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

from . import layers, node
from .console import fail, note
from .paths import ADDON_NAME, CHECKOUT

# Packages that are checked with `mypy --strict`; those of the addon by the bare
# names under which they are importable without Odoo.
PLAIN_PACKAGES = {
    f"{ADDON_NAME}/edi": "edi",
    f"{ADDON_NAME}/as2": "as2",
    f"{ADDON_NAME}/spapi": "spapi",
    f"{ADDON_NAME}/transports": "transports",
    "simulator": "simulator",
    "tools": "tools",
}
# pylint-odoo's checks that the design decides against, with the reason.
NOT_WANTED = {
    "consider-merging-classes-inherited": "one idea a file, also of one model"
}
FORMATTED = ("*.xml", "*.js", "*.scss", "*.css")


def main(arguments: list[str]) -> int:
    fix = "--fix" in arguments
    failed = [name for name, check in CHECKS.items() if not _passes(name, check, fix)]
    if failed:
        return fail(f"lint: {', '.join(failed)} complain: see above")
    note("lint: all good")
    return 0


def _passes(name: str, check: Callable[[bool], bool], fix: bool) -> bool:
    print(f"== {name}", flush=True)
    return check(fix)


def _call(*command: str, env: dict[str, str] | None = None) -> bool:
    return subprocess.call(command, cwd=CHECKOUT, env=env) == 0


def _ruff(fix: bool) -> bool:
    return _call("ruff", "check", *(["--fix"] if fix else []), ".")


def _ruff_format(fix: bool) -> bool:
    return _call("ruff", "format", *([] if fix else ["--check"]), ".")


def _pylint_odoo(fix: bool) -> bool:
    if not (CHECKOUT / ADDON_NAME / "__manifest__.py").exists():
        return True
    options = [f"--disable={','.join(NOT_WANTED)}", "--rcfile=pyproject.toml"]
    return _call("pylint", *options, ADDON_NAME)


def _mypy(fix: bool) -> bool:
    packages = [
        option
        for folder, name in PLAIN_PACKAGES.items()
        if (CHECKOUT / folder).is_dir()
        for option in ("--package", name)
    ]
    path = f"{CHECKOUT / ADDON_NAME}{os.pathsep}{CHECKOUT}"
    return _call("mypy", "--strict", *packages, env={**os.environ, "MYPYPATH": path})


def _prettier(fix: bool) -> bool:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", *FORMATTED],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    files = [name for name in listed if "/static/lib/" not in name]
    files = [name for name in files if (CHECKOUT / name).exists()]
    if not files:
        return True
    action = "--write" if fix else "--check"
    return _call(*node.prettier(), action, "--log-level=warn", *files)


def _layers(fix: bool) -> bool:
    found = layers.violations(Path(CHECKOUT))
    for line in found:
        print(line)
    return not found


CHECKS: dict[str, Callable[[bool], bool]] = {
    "ruff": _ruff,
    "ruff format": _ruff_format,
    "pylint-odoo": _pylint_odoo,
    "mypy": _mypy,
    "prettier": _prettier,
    "layers": _layers,
}
