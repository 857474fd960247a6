"""Typed access to the JSON of others.

What is absent or ``null`` is ``""``, ``None`` or empty. What has the wrong type is an
issue and then counts as absent; where it is required, :class:`NotAnOrder` is raised.
Issues name the place, such as ``orderItems[2].proceeds.proceedsTotal.amount``.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NamedTuple, TypeVar

from .scalars import bounded, clean, decimal, moment

_T = TypeVar("_T")


class NotAnOrder(ValueError):
    """A required field is missing or is nothing that can be understood."""


class Money(NamedTuple):
    amount: Decimal
    currency: str


def parse(text: str) -> Any:
    """JSON with every number as a ``Decimal``; one that is none is ``NaN``.

    Raises ``ValueError``, or ``RecursionError`` where it is nested too deeply.
    """
    return json.loads(
        text, parse_int=_number, parse_float=_number, parse_constant=_number
    )


def _number(text: str) -> Decimal:
    try:
        return Decimal(text)
    except ArithmeticError:
        return Decimal("NaN")


def canonical(value: Any) -> str:
    """The JSON of what :func:`parse` gave, with sorted keys and without spaces.

    Raises ``RecursionError`` where it is nested too deeply.
    """
    if isinstance(value, dict):
        pairs = (f"{_quoted(key)}:{canonical(value[key])}" for key in sorted(value))
        return "{" + ",".join(pairs) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(canonical, value)) + "]"
    return str(value) if isinstance(value, Decimal) else _quoted(value)


_quoted = json.JSONEncoder(ensure_ascii=False).encode


@dataclass(slots=True)
class Findings:
    """What comes to light while an object and all below it are read."""

    issues: list[str] = field(default_factory=list)
    currencies: set[str] = field(default_factory=set)


class Fields:
    """The fields of one JSON object at ``path``."""

    def __init__(self, value: Any, path: str, findings: Findings) -> None:
        if not isinstance(value, dict):
            raise NotAnOrder(f"{path or 'it'} is not an object")
        self._value = value
        self._path = path
        self._findings = findings

    def complain(self, issue: str) -> None:
        self._findings.issues.append(f"{self._path}: {issue}" if self._path else issue)

    def value(self, name: str) -> Any:
        """As it was parsed; ``None`` if it is absent."""
        return self._value.get(name)

    def place(self, name: str) -> str:
        return f"{self._path}.{name}" if self._path else name

    def text(self, name: str) -> str:
        return self._read(name, _text, "")

    def required_text(self, name: str) -> str:
        found = self._required(name, _text)
        if not found:
            raise NotAnOrder(f"{self.place(name)} is missing")
        return found

    def time(self, name: str) -> datetime.datetime | None:
        return self._read(name, _time, None)

    def required_time(self, name: str) -> datetime.datetime:
        return self._required(name, _time)

    def quantity(self, name: str) -> Decimal | None:
        return self._read(name, _quantity, None)

    def required_quantity(self, name: str) -> Decimal:
        return self._required(name, _quantity)

    def money(self, name: str) -> Money | None:
        found = self._read(name, _money, None)
        if found:
            self._findings.currencies.add(found.currency)
        return found

    def child(self, name: str) -> Fields:
        """The object ``name``; one without fields if it is absent."""
        absent: dict[str, Any] = {}
        value = self._read(name, _object, absent)
        return Fields(value, self.place(name), self._findings)

    def required_child(self, name: str) -> Fields:
        return Fields(self._required(name, _object), self.place(name), self._findings)

    def values(self, name: str) -> list[Any]:
        """The list ``name`` as it was parsed."""
        return self._read(name, _list, [])

    def children(self, name: str) -> list[Fields]:
        """The objects of the list ``name``; anything else in it is an issue."""
        found = []
        for i, value in enumerate(self.values(name)):
            try:
                found.append(Fields(value, f"{self.place(name)}[{i}]", self._findings))
            except NotAnOrder as error:
                self._findings.issues.append(str(error))
        return found

    def required_children(self, name: str) -> list[Fields]:
        """The objects of the list ``name``, each of which must be one."""
        return [
            Fields(value, f"{self.place(name)}[{i}]", self._findings)
            for i, value in enumerate(self._required(name, _list))
        ]

    def texts(self, name: str) -> tuple[str, ...]:
        """The texts of the list ``name``; anything else in it is an issue."""
        found = []
        for i, value in enumerate(self.values(name)):
            try:
                found.append(_text(value))
            except ValueError as error:
                self._findings.issues.append(f"{self.place(name)}[{i}] {error}")
        return tuple(filter(None, found))

    def _read(self, name: str, convert: Callable[[Any], _T], absent: _T) -> _T:
        value = self._value.get(name)
        if value is None:
            return absent
        try:
            return convert(value)
        except ValueError as error:
            self._findings.issues.append(f"{self.place(name)} {error}")
            return absent

    def _required(self, name: str, convert: Callable[[Any], _T]) -> _T:
        value = self._value.get(name)
        if value is None:
            raise NotAnOrder(f"{self.place(name)} is missing")
        try:
            return convert(value)
        except ValueError as error:
            raise NotAnOrder(f"{self.place(name)} {error}") from None


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("is not a text")
    return clean(value)


def _time(value: Any) -> datetime.datetime:
    return moment(_text(value))


def _quantity(value: Any) -> Decimal:
    if not isinstance(value, Decimal):
        raise ValueError("is not a number")
    if bounded(value) < 0:
        raise ValueError("is negative")
    return value


def _money(value: Any) -> Money:
    pair = _object(value)
    amount, currency = pair.get("amount"), pair.get("currencyCode")
    if not isinstance(currency, str) or not currency.strip():
        raise ValueError("has no currencyCode")
    try:
        if isinstance(amount, Decimal):
            return Money(bounded(amount), clean(currency))
        return Money(decimal(_text(amount)), clean(currency))
    except ValueError as error:
        raise ValueError(f"has an amount that {error}") from None


def _object(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ValueError("is not an object")
    return value


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise ValueError("is not a list")
    return value
