"""Cuts a page of JSON into its orders before any of them is parsed.

So an order that is malformed, or nested too deeply for Python's parser, spoils nothing
but itself.
"""

from __future__ import annotations

import re
from typing import NamedTuple

# A string (perhaps unfinished) or a bracket: all that tells how deep one is.
_TOKEN = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"?|[{}\[\]]', re.DOTALL)
_OPENING = frozenset("{[")


_COLON = re.compile(r"\s*:\s*")


class Cut(NamedTuple):
    """``rest`` is the text with ``{"": 3}`` where ``parts[3]`` was."""

    rest: str
    parts: list[str]


def cut(text: str, lists: frozenset[str], objects: frozenset[str]) -> Cut:
    """Takes the objects out of ``text``, which should be one JSON object.

    They are the elements of its ``lists`` and the values of its ``objects``, which are
    names of its fields. Takes linear time; never raises.
    """
    parts: list[str] = []
    rest: list[str] = []
    depth = wanted = begin = kept = 0
    name = ""
    for token in _TOKEN.finditer(text):
        sign = token.group()
        if sign[0] == '"':
            if depth == 1:
                name = sign[1:-1]
            continue
        if sign in _OPENING:
            depth += 1
            if depth == 2:
                named = objects if sign == "{" else lists
                wanted = (2 if sign == "{" else 3) if name in named else 0
            if depth == wanted and sign == "{":
                begin = token.start()
            continue
        if depth == wanted and sign == "}":
            rest.append(f'{text[kept:begin]}{{"": {len(parts)}}}')
            kept = token.end()
            parts.append(text[begin:kept])
        depth -= 1
    rest.append(text[kept:])
    return Cut("".join(rest), parts)


def field(text: str, name: str) -> str:
    """The value of the object's own field ``name``, as it is written, if a string.

    ``""`` if there is none. It need not be possible to parse ``text``.
    """
    depth = 0
    begin = -1  # where the value is, once the field's name has been met
    for token in _TOKEN.finditer(text):
        sign = token.group()
        if sign[0] == '"':
            if token.start() == begin:
                return sign[1:-1]
            colon = _COLON.match(text, token.end())
            if colon and depth == 1 and sign[1:-1] == name:
                begin = colon.end()
        else:
            depth += 1 if sign in _OPENING else -1
    return ""
