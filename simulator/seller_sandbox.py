"""Amazon's static sandbox: answers replayed from the `x-amzn-api-sandbox` pairs.

https://developer-docs.amazon.com/sp-api/docs/the-selling-partner-api-sandbox. The
models (Swagger 2.0) are read from the folder that the setting `models` names.
"""

from __future__ import annotations

import functools
import json
import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from . import seller_buckets, seller_settings
from .seller_api import Api
from .seller_call import Reply, Request
from .seller_errors import Refused, invalid, quota_exceeded
from .store import Store

Json = dict[str, Any]

_METHODS = ("get", "put", "post", "patch", "delete")


@dataclass(frozen=True)
class Case:
    """One pair: a request's parameters, and the answer to it."""

    method: str
    pattern: re.Pattern[str]
    parameters: Json  # name -> value
    status: int
    response: Any  # None for an empty body


class Sandbox:
    def __init__(self, store: Store, api: Api) -> None:
        self._store, self._api = store, api

    def handle(self, request: Request) -> Reply:
        headers = {
            "Content-Type": "application/json",
            "x-amzn-RequestId": secrets.token_hex(18),
            "x-amzn-RateLimit-Limit": str(seller_buckets.RATES["sandbox"][0]),
        }
        try:
            case = self._case(request)
        except Refused as refused:
            self._store.event(
                *("refused", f"sandbox: {request.method} {request.path}: {refused}"),
                operation="sandbox",
                error=str(refused),
            )
            return Reply(refused.status, json.dumps(refused.body()).encode(), headers)
        empty = case.response is None or case.status == 204
        body = b"" if empty else json.dumps(case.response).encode()
        return Reply(case.status, body, headers)

    def _case(self, request: Request) -> Case:
        token = self._api.authorised(request, restricted=True)
        settings = seller_settings.current(self._store)
        if settings.limits and not seller_buckets.take(
            self._store, token, "sandbox", seller_buckets.RATES["sandbox"]
        ):
            raise quota_exceeded()
        if not settings.models:
            raise invalid("No models are set from which the sandbox could answer.")
        # the pair that says most of the request wins
        for case in cases(settings.models):
            if case.method == request.method and _matches(case, request):
                return case
        raise Refused(400, "InvalidInput", "Could not match input arguments")


@functools.lru_cache(maxsize=4)
def cases(models: str) -> tuple[Case, ...]:
    """Every pair below the folder `models`, those with most parameters first."""
    found = [
        case for file in sorted(Path(models).rglob("*.json")) for case in read(file)
    ]
    return tuple(sorted(found, key=lambda case: -len(case.parameters)))


def read(file: Path) -> Iterator[Case]:
    """The pairs of one model."""
    for path, methods in json.loads(file.read_text()).get("paths", {}).items():
        pattern = re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", path))
        for method, operation in methods.items():
            # beside methods stand what they share and Amazon's own x- entries
            if method not in _METHODS:
                continue
            for status, answer in operation["responses"].items():
                for pair in _pairs(answer.get("x-amzn-api-sandbox")):
                    asked = pair.get("request", {}).get("parameters", {})
                    values = {name: each.get("value") for name, each in asked.items()}
                    yield Case(
                        *(method.upper(), pattern, values, int(status)),
                        pair.get("response"),
                    )


def _pairs(sandbox: Any) -> list[Json]:
    return list(sandbox.get("static", ())) if isinstance(sandbox, dict) else []


def orders(models: Path) -> list[Json]:
    """Every order in Amazon's examples and pairs of Orders 2026-01-01, once."""
    file = next(models.rglob("orders_2026-01-01.json"))
    found: dict[str, Json] = {}

    def walk(value: Any) -> None:
        if isinstance(value, dict) and {"orderId", "orderItems"} <= set(value):
            found.setdefault(value["orderId"], value)
        elif isinstance(value, (dict, list)):
            for each in value.values() if isinstance(value, dict) else value:
                walk(each)

    walk(json.loads(file.read_text())["paths"])
    return list(found.values())


def _matches(case: Case, request: Request) -> bool:
    match = case.pattern.fullmatch(request.path)
    if match is None:
        return False
    given: dict[str, str] = {k: unquote(v) for k, v in match.groupdict().items()}
    for name, value in request.query:
        given[name] = f"{given[name]},{value}" if name in given else value
    return all(
        _body(value, request.body)
        if name not in given and isinstance(value, dict)
        else given.get(name) == _text(value)
        for name, value in case.parameters.items()
    )


def _body(wanted: Json, body: bytes) -> bool:
    try:
        return _within(wanted, json.loads(body))
    except ValueError:
        return False


def _within(wanted: Any, given: Any) -> bool:
    """`given` says all that `wanted` says, and perhaps more."""
    if isinstance(wanted, dict):
        return isinstance(given, dict) and all(
            name in given and _within(value, given[name])
            for name, value in wanted.items()
        )
    return bool(wanted == given)


def _text(value: Any) -> str:
    if isinstance(value, list):
        return ",".join(map(str, value))
    return str(value).lower() if isinstance(value, bool) else str(value)
