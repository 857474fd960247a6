"""What a call sends: address and query in the spelling that Amazon expects."""

import datetime
import json
import platform
import string
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias
from urllib.parse import quote, urlencode

from .errors import BadRequest
from .operations import Operation

Value: TypeAlias = str | int | bool | datetime.datetime | Sequence[str] | None
MAX_USER_AGENT = 500  # characters


def address(
    host: str,
    operation: Operation,
    path: Mapping[str, str],
    query: Mapping[str, Value],
) -> str:
    """The URL of a call; what is None or an empty list is left out of the query.

    :raise BadRequest: a value of the path that would lead to another path
    """
    filled = operation.path
    for _, name, _, _ in string.Formatter().parse(operation.path):
        if name:
            filled = filled.replace(
                f"{{{name}}}", _segment(operation, name, path[name])
            )
    said = {name: text(value) for name, value in query.items() if _is_said(value)}
    return f"{host}{filled}" + (f"?{urlencode(said)}" if said else "")


def text(value: Value) -> str:
    """A query value: lists joined by commas, times in ISO 8601, UTC."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime.datetime):
        return iso_8601(value)
    if isinstance(value, (str, int)):
        return str(value)
    return ",".join(value or ())


def iso_8601(value: datetime.datetime) -> str:
    """``2026-01-31T10:05:00Z``; milliseconds only where there are some.

    :raise ValueError: the time says no zone
    """
    if value.tzinfo is None:
        raise ValueError(f"{value} has no time zone")
    value = value.astimezone(datetime.timezone.utc).replace(tzinfo=None)
    precision = "milliseconds" if value.microsecond else "seconds"
    return value.isoformat(timespec=precision) + "Z"


def amz_date(now: float) -> str:
    """The header ``x-amz-date`` for a time in seconds since 1970."""
    moment = datetime.datetime.fromtimestamp(now, datetime.timezone.utc)
    return moment.strftime("%Y%m%dT%H%M%SZ")


def body(value: Mapping[str, Any] | None) -> bytes | None:
    return None if value is None else json.dumps(value).encode("ascii")


def user_agent(name: str, version: str) -> str:
    """``Name/Version (Language=Python/3.11; Platform=Linux)``: Amazon's own form."""
    python = ".".join(platform.python_version_tuple()[:2])
    text = f"{name}/{version} (Language=Python/{python}; Platform={platform.system()})"
    return text[:MAX_USER_AGENT]


def _is_said(value: Value) -> bool:
    return value is not None and value != "" and value != [] and value != ()


def _segment(operation: Operation, name: str, value: str) -> str:
    if value.strip(". \t\r\n") == "":
        raise BadRequest(
            0, "InvalidInput", f"“{value}” is no {name}", operation=operation.name
        )
    return quote(value, safe="")
