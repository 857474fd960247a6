"""Documents as JSON objects and back, without loss.

Decimals and dates become strings, tuples become lists, and the root says its type
under ``"type"``. What is empty and may be absent is left out.
"""

import datetime
import types
import typing
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from decimal import Decimal
from functools import cache
from typing import Any

from .x12 import registry

Json = dict[str, Any]
_Convert = Callable[[Any], Any]

_READ: dict[Any, _Convert] = {
    str: str,
    int: int,
    bool: bool,
    Decimal: Decimal,
    datetime.date: datetime.date.fromisoformat,
    datetime.datetime: datetime.datetime.fromisoformat,
}
_WRITE: dict[Any, _Convert] = {
    Decimal: str,
    datetime.date: datetime.date.isoformat,
    datetime.datetime: datetime.datetime.isoformat,
}


def to_json(document: Any) -> Json:
    """Any frozen dataclass whose values are plain, or dataclasses like it."""
    return {"type": type(document).__name__, **_object(document)}


def from_json(value: Json, *others: type) -> Any:
    """The document that ``to_json`` gave, one of EDI's or of the types ``others``.

    Raises ``ValueError`` if ``value`` is nothing of the kind.
    """
    known = {message.document for message in registry.messages().values()}
    kinds = {kind.__name__: kind for kind in (*known, *others)}
    try:
        document = _record(kinds[value["type"]], value)
    except (KeyError, TypeError, ValueError, ArithmeticError) as error:
        raise ValueError(f"this is not a stored document: {error!r}") from error
    return document


def _object(record: Any) -> Json:
    found: Json = {}
    for field in fields(record):
        value = getattr(record, field.name)
        if value in (None, "", ()) and value == field.default:
            continue
        found[field.name] = _plain(value)
    return found


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if is_dataclass(value):
        return _object(value)
    convert = _WRITE.get(type(value))
    return value if convert is None else convert(value)


def _record(kind: Any, value: Json) -> Any:
    readers = _readers(kind)
    return kind(
        **{name: readers[name](item) for name, item in value.items() if name in readers}
    )


@cache
def _readers(kind: Any) -> dict[str, _Convert]:
    hints = typing.get_type_hints(kind)
    return {field.name: _reader(hints[field.name]) for field in fields(kind)}


def _reader(hint: Any) -> _Convert:
    if typing.get_origin(hint) is tuple:
        item = _reader(typing.get_args(hint)[0])
        return lambda value: tuple(item(one) for one in value)
    if isinstance(hint, types.UnionType) or typing.get_origin(hint) is typing.Union:
        (inner,) = (arg for arg in typing.get_args(hint) if arg is not type(None))
        read = _reader(inner)
        return lambda value: None if value is None else read(value)
    if is_dataclass(hint):
        return lambda value: _record(hint, value)
    return _READ[hint]
