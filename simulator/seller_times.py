"""ISO 8601 as Amazon's APIs read and write it, to and from seconds since the epoch."""

from __future__ import annotations

import re
from datetime import datetime, timezone

# A date alone means its first moment in UTC; Python 3.10 reads no Z and no odd
# number of decimals.
_FORM = re.compile(
    r"(\d{4}-\d\d-\d\d)(?:T(\d\d:\d\d)(:\d\d)?(\.\d{1,9})?(Z|[+-]\d\d:?\d\d))?"
)


def parse(text: str) -> float:
    """Raises `ValueError` where it is no ISO 8601 time with an offset."""
    match = _FORM.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is not in ISO 8601 format")
    day, minute, second, fraction, offset = match.groups()
    if minute is None:
        minute, offset = "00:00", "Z"
    offset = "+0000" if offset == "Z" else offset.replace(":", "")
    moment = datetime.strptime(
        f"{day}T{minute}{second or ':00'}{offset}", "%Y-%m-%dT%H:%M:%S%z"
    )
    return moment.timestamp() + float(fraction or 0)


def write(moment: float) -> str:
    """To the second, as orders have it."""
    return datetime.fromtimestamp(int(moment), timezone.utc).strftime(
        "%Y-%m-%dT%H:%M:%SZ"
    )


def in_report(moment: float) -> str:
    return datetime.fromtimestamp(int(moment), timezone.utc).strftime(
        "%Y-%m-%dT%H:%M:%S+00:00"
    )
