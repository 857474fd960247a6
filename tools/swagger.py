"""Amazon's Swagger 2.0 models as JSON Schema: is a request, is an answer as they say?

Swagger 2.0 schemas are JSON Schema draft 4 with a few words of their own; of those
only ``x-nullable`` changes what is valid.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from jsonschema import Draft4Validator, FormatChecker

Schema = dict[str, Any]
METHODS = ("get", "put", "post", "delete", "patch")
FORMATS = FormatChecker(["date", "date-time"])
# "| 0.0056 | 20 |" below "| Rate (requests per second) | Burst |"
_USAGE_PLAN = re.compile(r"\|\s*([0-9.]+)\s*\|\s*([0-9.]+)\s*\|")


@dataclass(frozen=True)
class Pair:
    """An answer that a model shows, with its status and where it stands there."""

    status: int
    answer: Any
    where: str


class ModelOperation:
    """One operation of a model."""

    def __init__(self, model: Schema, method: str, path: str, spec: Schema) -> None:
        self.name: str = spec["operationId"]
        self.method = method.upper()
        self.path: str = path
        self._spec = spec
        parameters = [*model["paths"][path].get("parameters", ())]
        parameters += spec.get("parameters", ())
        self._parameters: dict[tuple[str, str], Schema] = {
            (parameter["in"], parameter["name"]): parameter for parameter in parameters
        }
        self._definitions = model.get("definitions", {})

    @property
    def usage_plan(self) -> tuple[float, float] | None:
        """Rate and burst as its description has them."""
        found = _USAGE_PLAN.search(self._spec.get("description", ""))
        return (float(found[1]), float(found[2])) if found else None

    def values(self, parameter: str) -> list[str]:
        """The values that a list parameter of the query may hold."""
        return list(self._parameters["query", parameter]["items"]["enum"])

    def request_faults(
        self, method: str, path: str, query: Mapping[str, str], body: bytes
    ) -> list[str]:
        """What is wrong with a request; ``path`` without query, still quoted."""
        faults = [] if method == self.method else [f"{method} is not {self.method}"]
        faults += self._path_faults(path)
        known = {name for place, name in self._parameters if place == "query"}
        faults += [f"unknown parameter {name}" for name in sorted(set(query) - known)]
        for (place, name), parameter in self._parameters.items():
            if place == "query" and name in query:
                value = _parsed(query[name], parameter)
                faults += self._faults(_schema(parameter), value, name)
            elif place == "query" and parameter.get("required"):
                faults.append(f"{name} is missing")
            elif place == "body":
                faults += self._body_faults(parameter, body)
        return faults

    def answer_faults(self, status: int, answer: Any) -> list[str]:
        """What is wrong with an answer, by the schema of its status."""
        schema = self._spec["responses"][str(status)].get("schema")
        return self._faults(_schema(schema), answer, "answer") if schema else []

    def pairs(self) -> Iterator[Pair]:
        """The examples and the static sandbox's answers of every status."""
        for status, response in self._spec["responses"].items():
            examples = response.get("examples") or {}
            if examples:  # by media type, or (an error of some models) the bare answer
                answer = examples.get("application/json", examples)
                yield Pair(int(status), answer, f"{self.name} {status}, example")
            sandbox = response.get("x-amzn-api-sandbox") or {}
            for number, pair in enumerate(sandbox.get("static", ()), 1):
                where = f"{self.name} {status}, sandbox {number}"
                yield Pair(int(status), pair.get("response"), where)

    def _path_faults(self, path: str) -> list[str]:
        template = re.sub(r"\\{(\w+)\\}", r"(?P<\1>[^/]+)", re.escape(self.path))
        found = re.fullmatch(template, path)
        if not found:
            return [f"{path} is not {self.path}"]
        faults = []
        for name, value in found.groupdict().items():
            schema = _schema(self._parameters["path", name])
            faults += self._faults(schema, unquote(value), name)
        return faults

    def _body_faults(self, parameter: Schema, body: bytes) -> list[str]:
        if not body:
            return ["the body is missing"] if parameter.get("required") else []
        try:
            value = json.loads(body)
        except ValueError:
            return ["the body is not JSON"]
        return self._faults(_schema(parameter["schema"]), value, "body", closed=True)

    def _faults(
        self, schema: Schema, value: Any, where: str, *, closed: bool = False
    ) -> list[str]:
        definitions = {
            name: _schema(each, closed=closed)
            for name, each in self._definitions.items()
        }
        root = {"allOf": [schema], "definitions": definitions}
        validator = Draft4Validator(root, format_checker=FORMATS)
        return [
            f"{'.'.join([where, *map(str, error.absolute_path)])}: {error.message}"
            for error in validator.iter_errors(value)
        ]


def operations(model: Schema) -> dict[str, ModelOperation]:
    """The operations of a model by their names."""
    found = [
        ModelOperation(model, method, path, item[method])
        for path, item in model["paths"].items()
        for method in METHODS
        if method in item
    ]
    return {operation.name: operation for operation in found}


def load(*files: Path) -> dict[str, ModelOperation]:
    """The operations of several model files."""
    every: dict[str, ModelOperation] = {}
    for file in files:
        every.update(operations(json.loads(file.read_text(encoding="utf-8"))))
    return every


def _schema(spec: Any, *, closed: bool = False) -> Any:
    """JSON Schema of a Swagger schema; ``closed``: objects hold what is named alone."""
    if isinstance(spec, list):
        return [_schema(each, closed=closed) for each in spec]
    if not isinstance(spec, dict):
        return spec
    schema = {
        key: _schema(value, closed=closed)
        for key, value in spec.items()
        # of a parameter, `required` is a flag and no list of properties
        if not (key == "required" and isinstance(value, bool))
    }
    if isinstance(schema.get("properties"), dict) and closed:
        schema.setdefault("additionalProperties", False)
    if schema.get("x-nullable") is True:
        return {"anyOf": [{"type": "null"}, schema]}
    return schema


def _parsed(text: str, parameter: Schema) -> Any:
    """The value of a query parameter; lists are joined by commas."""
    kind = parameter["type"]
    if kind == "array":
        return [_parsed(each, parameter["items"]) for each in text.split(",")]
    if kind == "boolean":
        return {"true": True, "false": False}.get(text, text)
    if kind in ("integer", "number"):
        try:
            return int(text) if kind == "integer" else float(text)
        except ValueError:
            return text
    return text
