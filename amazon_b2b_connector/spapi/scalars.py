"""Texts, amounts and times as Amazon writes them, in JSON as in reports."""

from __future__ import annotations

import datetime
import re
from decimal import Decimal

# More than any order has: what is longer is no amount, and arithmetic with an
# exponent of a million would not end.
_MAX_WHOLE_DIGITS = 15
_MAX_PLACES = 9

_NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?", re.ASCII)
# ISO 8601; Python 3.10 reads neither "Z" nor fractions of other lengths.
_TIME = re.compile(
    r"(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(:\d\d)?(?:[.,](\d+))?)?\s*"
    r"(Z|UTC|GMT|[+-]\d\d(?::?\d\d)?)?",
    re.ASCII | re.IGNORECASE,
)
_UNSTORABLE = re.compile("[\ud800-\udfff]")


def clean(text: str) -> str:
    """``text`` without what no database stores: NUL goes, half a surrogate is U+FFFD.

    White space around it goes as well.
    """
    return _UNSTORABLE.sub("\N{REPLACEMENT CHARACTER}", text.replace("\0", "")).strip()


def decimal(text: str) -> Decimal:
    """The number that ``text`` writes, exactly; raises ``ValueError``."""
    if len(text) > 64 or not _NUMBER.fullmatch(text):
        raise ValueError("is not a number")
    return bounded(Decimal(text))


def bounded(number: Decimal) -> Decimal:
    """``number`` if an order can have it; raises ``ValueError``."""
    if not number.is_finite():
        raise ValueError("is not a number")
    exponent = number.as_tuple().exponent
    if isinstance(exponent, int) and exponent < -_MAX_PLACES:
        raise ValueError(f"has more than {_MAX_PLACES} decimal places")
    if number and number.adjusted() >= _MAX_WHOLE_DIGITS:
        raise ValueError("is too large")
    return number


def moment(text: str) -> datetime.datetime:
    """The time that ``text`` writes (ISO 8601), in UTC; raises ``ValueError``.

    Without an offset it is taken for UTC, a date for its beginning.
    """
    found = _TIME.fullmatch(text.strip())
    if found is None:
        raise ValueError("is not a time as in 2026-01-31T12:00:00Z")
    day, minute, second, fraction, offset = found.groups()
    written = f"{day}T{minute or '00:00'}{second or ':00'}.{(fraction or '0')[:6]:0<6}"
    try:
        read = datetime.datetime.fromisoformat(written)
        zone = datetime.timezone(_offset(offset or "Z"))
        return read.replace(tzinfo=zone).astimezone(datetime.timezone.utc)
    except (ValueError, OverflowError):
        raise ValueError("is not a time that exists") from None


def _offset(text: str) -> datetime.timedelta:
    if text[0] not in "+-":
        return datetime.timedelta(0)
    digits = text[1:].replace(":", "").ljust(4, "0")
    size = datetime.timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return -size if text[0] == "-" else size
