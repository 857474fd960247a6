"""Texts of data elements to values and back: tolerant in, strict out.

The readers take the text of an element, the writers a value and the element's
definition; both raise ``Fault`` with the X12 code of what is wrong (element 723).
"""

import datetime
import re
import unicodedata
from collections.abc import Callable
from decimal import Decimal
from functools import lru_cache
from typing import Any

from ..interchanges import ERROR, WARNING
from .elements import DataElement

# X12 element 723
MISSING = "1"
TOO_SHORT = "4"
TOO_LONG = "5"
INVALID_CHARACTER = "6"
INVALID_CODE = "7"
INVALID_DATE = "8"
INVALID_TIME = "9"


class Fault(Exception):
    """An element is not as it should be; ``value`` is what it may pass for."""

    def __init__(
        self, code: str, text: str, severity: str = ERROR, value: object = None
    ) -> None:
        super().__init__(text)
        self.code = code
        self.text = text
        self.severity = severity
        self.value = value


_PLAIN = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)")
# A comma is a decimal sign only where it cannot be a thousands separator.
_COMMA = re.compile(r"[+-]?[0-9]*,(?:[0-9]{1,2}|[0-9]{4,})")
_THOUSANDS = re.compile(r"[+-]?[0-9]{1,3}(?:,[0-9]{3})+\.[0-9]*")
LONGEST_NUMBER = 40


@lru_cache(maxsize=4096)
def read_decimal(text: str) -> Decimal | None:
    if len(text) <= LONGEST_NUMBER:
        if _PLAIN.fullmatch(text):
            return Decimal(text)
        text = text.strip()
        if not text:
            return None
        if _COMMA.fullmatch(text):
            return Decimal(text.replace(",", "."))
        if _THOUSANDS.fullmatch(text):
            return Decimal(text.replace(",", ""))
    raise Fault(INVALID_CHARACTER, "is not a number")


def read_integer(text: str) -> int | None:
    value = read_decimal(text)
    if value is None:
        return None
    if value != int(value):
        raise Fault(INVALID_CHARACTER, "is not a whole number", WARNING)
    return int(value)


def read_cents(text: str) -> Decimal | None:
    """Two implied decimals; a written decimal point is believed, and reported."""
    value = read_decimal(text)
    if value is None:
        return None
    if "." in text or "," in text:
        raise Fault(
            INVALID_CHARACTER, "has a decimal point, taken at its word", WARNING, value
        )
    return value.scaleb(-2)


_CENTURY_TURNS = 70  # two-digit years from 70 on are of the 1900s


@lru_cache(maxsize=1024)
def read_date(text: str) -> datetime.date | None:
    text = text.strip()
    if not text:
        return None
    if text.isascii() and text.isdigit() and len(text) in (6, 8):
        if len(text) == 6:
            text = ("19" if int(text[:2]) >= _CENTURY_TURNS else "20") + text
        try:
            return datetime.date(int(text[:4]), int(text[4:6]), int(text[6:]))
        except ValueError:
            pass
    raise Fault(INVALID_DATE, "is not a date", WARNING)


@lru_cache(maxsize=1024)
def read_time(text: str) -> datetime.time | None:
    text = text.strip()
    if not text:
        return None
    if text.isascii() and text.isdigit() and len(text) in (4, 6, 7, 8):
        try:
            second = int(text[4:6] or 0)
            return datetime.time(int(text[:2]), int(text[2:4]), second)
        except ValueError:
            pass
    raise Fault(INVALID_TIME, "is not a time", WARNING)


def read_yes_no(text: str) -> bool | None:
    answer = {"Y": True, "N": False}.get(text)
    if text and answer is None:
        raise Fault(INVALID_CODE, "is neither Y nor N", WARNING)
    return answer


# Kinds that are not here are texts and stay as they are.
READERS: dict[str, Callable[[str], Any]] = {
    "R": read_decimal,
    "N0": read_integer,
    "N2": read_cents,
    "DT": read_date,
    "TM": read_time,
    "YN": read_yes_no,
}


def _fits(text: str, digits: int, element: DataElement) -> str:
    if digits > element.longest:
        raise Fault(TOO_LONG, f"is longer than {element.longest}")
    if digits < element.shortest:
        raise Fault(TOO_SHORT, f"is shorter than {element.shortest}")
    return text


def write_text(value: Any, element: DataElement) -> str:
    if type(value) is not str:
        raise Fault(INVALID_CHARACTER, "is not a text")
    if element.shortest <= len(value) <= element.longest:
        return value
    return _fits(value, len(value), element)


def write_decimal(value: Any, element: DataElement) -> str:
    """No exponent, no superfluous zeros; sign and point do not count (X12.5)."""
    if type(value) is not Decimal:
        if type(value) is not int:
            raise Fault(INVALID_CHARACTER, "is not a decimal number")
        value = Decimal(value)
    text = str(value)
    if "E" in text or "N" in text or "I" in text:
        if not value.is_finite() or abs(value.adjusted()) > LONGEST_NUMBER:
            raise Fault(INVALID_CHARACTER, "is not a number that can be written")
        text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
        digits = len(text) - 1 if "." in text else len(text)
    else:
        digits = len(text)
    if text[0] == "-":
        digits -= 1
        if not value:
            text, digits = "0", 1
    if digits > element.longest:
        raise Fault(TOO_LONG, f"has more than {element.longest} digits")
    return text


def write_integer(value: Any, element: DataElement) -> str:
    if isinstance(value, bool) or not isinstance(value, (int, Decimal)):
        raise Fault(INVALID_CHARACTER, "is not a whole number")
    text = write_decimal(Decimal(value), element)
    if "." in text:
        raise Fault(INVALID_CHARACTER, "is not a whole number")
    return text


def write_cents(value: Any, element: DataElement) -> str:
    if not isinstance(value, Decimal):
        raise Fault(INVALID_CHARACTER, "is not a decimal amount")
    if not value.is_finite():
        raise Fault(INVALID_CHARACTER, "is not a number that can be written")
    text = write_decimal(value.scaleb(2), element)
    if "." in text:
        raise Fault(INVALID_CHARACTER, "has more than two decimals")
    return text


def write_date(value: Any, element: DataElement) -> str:
    if type(value) is not datetime.date:
        raise Fault(INVALID_DATE, "is not a date")
    return f"{value.year:04}{value.month:02}{value.day:02}"


def write_time(value: Any, element: DataElement) -> str:
    """HHMM, with seconds where there are any; fractions do not travel."""
    if not isinstance(value, datetime.time):
        raise Fault(INVALID_TIME, "is not a time")
    seconds = f"{value.second:02}" if value.second else ""
    return f"{value.hour:02}{value.minute:02}{seconds}"


def write_yes_no(value: Any, element: DataElement) -> str:
    if not isinstance(value, bool):
        raise Fault(INVALID_CODE, "is neither true nor false")
    return "Y" if value else "N"


WRITERS: dict[str, Callable[[Any, DataElement], str]] = {
    "AN": write_text,
    "TX": write_text,
    "ID": write_text,
    "R": write_decimal,
    "N0": write_integer,
    "N2": write_cents,
    "DT": write_date,
    "TM": write_time,
    "YN": write_yes_no,
}

# Letters that Unicode does not decompose, and marks that word processors put in.
_ASCII = str.maketrans(
    {
        "ß": "ss",
        "ẞ": "SS",
        "æ": "ae",
        "Æ": "AE",
        "œ": "oe",
        "Œ": "OE",
        "ø": "o",
        "Ø": "O",
        "đ": "d",
        "Đ": "D",
        "ð": "d",
        "Ð": "D",
        "þ": "th",
        "Þ": "Th",
        "ł": "l",
        "Ł": "L",
        "ı": "i",
        "‘": "'",
        "’": "'",
        "“": '"',
        "”": '"',
        "„": '"',
        "–": "-",
        "—": "-",
        "…": "...",
        "€": "EUR",
    }
)


def plain_text(value: str, allowed: Callable[[str], object]) -> str:
    """``value`` in characters that ``allowed`` matches; others become ``?`` or blank.

    Accents are dropped; delimiters, control characters and unprintable ones become
    blanks; what has no Latin spelling becomes a question mark.
    """
    text = unicodedata.normalize("NFKD", value.translate(_ASCII))
    kept = []
    for character in text:
        if allowed(character):
            kept.append(character)
        elif not unicodedata.combining(character):
            unknown = not character.isascii() and character.isprintable()
            kept.append("?" if unknown and allowed("?") else " ")
    return "".join(kept).strip()
