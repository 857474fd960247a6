"""Reads what an answer promises; what is missing or of another kind is Unreadable."""

import datetime
import re
from typing import Any

from .answers import Answer
from .errors import Unreadable

# ISO 8601 as Amazon writes it, always with an offset.
_TIME = re.compile(
    r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d+))?(Z|[+-]\d\d:?\d\d)", re.ASCII
)


class Form:
    """One JSON object of an answer, read name by name.

    Every method raises :class:`~.errors.Unreadable` with the name that is wrong.
    """

    def __init__(self, answer: Answer, operation: str, value: Any, where: str) -> None:
        self._answer = answer
        self._operation = operation
        self._value = value
        self._where = where
        if not isinstance(value, dict):
            raise self.wrong("")

    @classmethod
    def of(cls, answer: Answer, operation: str) -> "Form":
        return cls(answer, operation, answer.json, "")

    def text(self, name: str, *, required: bool = False) -> str:
        """A text, ``""`` where it is absent."""
        value = self._value.get(name)
        if value is None and not required:
            return ""
        if not isinstance(value, str) or (required and not value):
            raise self.wrong(name)
        return value

    def flag(self, name: str) -> bool:
        value = self._value.get(name)
        if not isinstance(value, bool):
            raise self.wrong(name)
        return value

    def number(self, name: str) -> int:
        value = self._value.get(name)
        if not isinstance(value, int) or isinstance(value, bool):
            raise self.wrong(name)
        return value

    def time(self, name: str) -> datetime.datetime | None:
        """An aware time in UTC, None where it is absent."""
        value = self.text(name)
        if not value:
            return None
        found = _TIME.fullmatch(value)
        if not found:
            raise self.wrong(name)
        moment, fraction, offset = found.groups()
        # Python 3.10 reads neither "Z" nor a fraction of other than 3 or 6 digits
        offset = "+00:00" if offset == "Z" else f"{offset[:3]}:{offset[-2:]}"
        text = f"{moment}.{(fraction or '')[:6]:0<6}{offset}"
        try:
            whole = datetime.datetime.fromisoformat(text)
            return whole.astimezone(datetime.timezone.utc)
        except (ValueError, OverflowError):
            raise self.wrong(name) from None

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of texts, empty where it is absent."""
        value = self._value.get(name)
        if value is None:
            return ()
        if not isinstance(value, list) or not all(isinstance(x, str) for x in value):
            raise self.wrong(name)
        return tuple(value)

    def objects(self, name: str) -> list[dict[str, Any]]:
        """A list of objects that must be there."""
        value = self._value.get(name)
        if not isinstance(value, list) or not all(isinstance(x, dict) for x in value):
            raise self.wrong(name)
        return value

    def count(self, name: str) -> int:
        """How many elements a list has that must be there."""
        value = self._value.get(name)
        if not isinstance(value, list):
            raise self.wrong(name)
        return len(value)

    def forms(self, name: str) -> "list[Form]":
        where = f"{self._where}{name}."
        return [
            Form(self._answer, self._operation, each, where)
            for each in self.objects(name)
        ]

    def form(self, name: str) -> "Form":
        where = f"{self._where}{name}."
        return Form(self._answer, self._operation, self._value.get(name), where)

    def has(self, name: str) -> bool:
        return self._value.get(name) is not None

    def raw(self, name: str) -> dict[str, Any]:
        """An object that must be there, as it came."""
        value = self._value.get(name)
        if not isinstance(value, dict):
            raise self.wrong(name)
        return value

    def wrong(self, name: str) -> Unreadable:
        place = f"{self._where}{name}".rstrip(".")
        what = f"{place} is missing or of another kind" if place else "it is no object"
        answer = self._answer
        return Unreadable(
            answer.status, "", what, answer.request_id, operation=self._operation
        )
