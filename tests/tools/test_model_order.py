"""A model stands in several files, imported in the order of their overrides."""

import ast
from collections.abc import Iterator

from tools.paths import ADDON

MODELS = ADDON / "models"


def imported() -> list[str]:
    tree = ast.parse((MODELS / "__init__.py").read_text())
    return [
        alias.name
        for node in tree.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    ]


def methods(file: str) -> Iterator[tuple[str, str, bool]]:
    """Model, method, and whether the method calls super, of every class in a file."""
    for node in ast.parse((MODELS / f"{file}.py").read_text()).body:
        if isinstance(node, ast.ClassDef) and (model := model_of(node)):
            for method in node.body:
                if isinstance(method, ast.FunctionDef):
                    yield model, method.name, "super(" in ast.unparse(method)


def model_of(node: ast.ClassDef) -> str:
    names = {
        target.id: statement.value.value
        for statement in node.body
        if isinstance(statement, ast.Assign)
        and isinstance(statement.value, ast.Constant)
        for target in statement.targets
        if isinstance(target, ast.Name)
    }
    return str(names.get("_name") or names.get("_inherit") or "")


def test_no_file_takes_back_what_an_earlier_one_overrides() -> None:
    known: dict[tuple[str, str], str] = {}
    for file in imported():
        for model, method, calls_super in methods(file):
            earlier = known.setdefault((model, method), file)
            assert calls_super or earlier == file, (
                f"{file}.{method} of {model} hides that in {earlier}: import it first"
            )


def test_every_file_is_imported() -> None:
    plain = {path.stem for path in MODELS.glob("*.py")} - set(imported())
    for file in plain - {"__init__"}:
        assert not list(methods(file)), f"{file} is not imported"
