"""What became of one order that came from Amazon, in a page or in a report."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from .documents import SellerOrder


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadOrder:
    """One order as it came and as it was understood.

    ``raw`` is what came of it, in UTF-8, in a form that the same reader reads again,
    and ``hash`` the SHA-256 of that in hexadecimal. From a page it is the order's JSON
    with sorted keys (unchanged where it is nested too deeply or malformed): the same
    for all that differ in nothing but the order of keys and white space. From a report
    it is the heading and the rows of the order.

    ``number`` is ``""`` where not even that can be found. An order that has ``issues``
    may have an ``order`` all the same: what could not be understood of it is left out
    then, and it should wait for a person.
    """

    number: str
    raw: bytes
    hash: str
    order: SellerOrder | None
    issues: tuple[str, ...] = ()


def read_as(
    number: str,
    text: str,
    order: SellerOrder | None,
    issues: list[str],
    said: str = "",
) -> ReadOrder:
    """The reading of ``text``; half a surrogate in it is kept in JSON's spelling.

    What somebody ``said`` of it besides makes it another version.
    """
    raw = text.encode("utf-8", "backslashreplace")
    digest = hashlib.sha256(raw + said.encode()).hexdigest()
    return ReadOrder(
        number=number, raw=raw, hash=digest, order=order, issues=tuple(issues)
    )
