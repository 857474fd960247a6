"""The layers of the design: who may import whom.

edi, as2, spapi          plain Python: no Odoo, nothing above them
transports               bytes in and out, on as2 and spapi
models                   see documents, never segments
controllers, wizards     on top of the models
simulator                shares no code with the addon
"""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path, PurePath
from typing import NamedTuple

from .paths import ADDON_NAME

# The addon's packages are also importable by their bare names (`import edi`).
PLAIN = {"edi", "as2", "spapi"}
# Of edi, others know the names it exports and its documents, no syntax.
PUBLIC_MODULE = "documents"
SYNTAXES = {"x12", "edifact"}


class Layer(NamedTuple):
    """What the files of one folder may import beside themselves.

    `project` names folders of the addon, None for nothing of it at all; `libraries`
    top-level packages outside the standard library, None for any.
    """

    project: frozenset[str] | None
    libraries: frozenset[str] | None


def _layer(project: str | None = "", libraries: str | None = None) -> Layer:
    return Layer(
        None if project is None else frozenset(project.split()),
        None if libraries is None else frozenset(libraries.split()),
    )


BELOW_MODELS = "edi as2 spapi transports blackout exact seller_amounts vault"
LAYERS = {
    f"{ADDON_NAME}/edi": _layer(libraries=""),
    f"{ADDON_NAME}/as2": _layer(libraries="cryptography asn1crypto"),
    f"{ADDON_NAME}/spapi": _layer(libraries="requests"),
    f"{ADDON_NAME}/transports": _layer(
        "as2 spapi", "cryptography requests urllib3 paramiko"
    ),
    f"{ADDON_NAME}/models": _layer(BELOW_MODELS),
    f"{ADDON_NAME}/controllers": _layer(f"{BELOW_MODELS} models"),
    f"{ADDON_NAME}/wizards": _layer(f"{BELOW_MODELS} models"),
    f"{ADDON_NAME}/report": _layer("models"),
    "simulator": _layer(
        None, "simulator asn1crypto cryptography OpenSSL oscrypto pyas2lib requests"
    ),
}


class Import(NamedTuple):
    """One imported name; `path` is the module's path and the name."""

    line: int
    in_addon: bool  # then `path` begins below the addon
    path: tuple[str, ...]


def violations(root: Path) -> list[str]:
    """Every import under `root` that goes upwards, as `file:line: what`."""
    found = []
    for folder, layer in LAYERS.items():
        for file in sorted((root / folder).rglob("*.py")):
            relative = file.relative_to(root)
            tree = ast.parse(file.read_text(), str(relative))
            for each in imports(tree, relative):
                complaint = _complaint(layer, relative.parts, each)
                if complaint:
                    found.append(f"{relative}:{each.line}: {complaint}")
    return found


def imports(tree: ast.AST, file: PurePath) -> Iterator[Import]:
    """Every import in the source `tree` of `file`, wherever it stands."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield _import(node.lineno, alias.name.split("."))
        elif isinstance(node, ast.ImportFrom):
            module = node.module.split(".") if node.module else []
            if node.level:
                module = [*file.parts[: -node.level], *module]
            for alias in node.names:
                yield _import(node.lineno, [*module, alias.name])


def _import(line: int, path: list[str]) -> Import:
    for prefix in (["odoo", "addons", ADDON_NAME], [ADDON_NAME]):
        if path[: len(prefix)] == prefix:
            return Import(line, True, tuple(path[len(prefix) :]))
    return Import(line, path[0] in PLAIN, tuple(path))


def _complaint(layer: Layer, file: tuple[str, ...], each: Import) -> str | None:
    top = each.path[0] if each.path else ADDON_NAME
    if not each.in_addon:
        allowed = layer.libraries
        if allowed is None or top in allowed or top in sys.stdlib_module_names:
            return None
        return f"imports {top}, but stands on {_list(allowed)}"
    if layer.project is None:
        return (
            f"imports {'.'.join(each.path)} of the addon, with which it shares nothing"
        )
    own = file[1]
    if top not in {own, *layer.project}:
        return f"imports {top}, but {own} stands on {_list(layer.project)}"
    inside = each.path[1:]
    if top == "edi" != own and inside and inside[0] != PUBLIC_MODULE:
        if len(inside) > 1 or inside[0] in SYNTAXES:
            return f"imports {'.'.join(each.path)}: only edi's documents are public"
    return None


def _list(names: frozenset[str]) -> str:
    return ", ".join(sorted(names)) or "the standard library alone"
