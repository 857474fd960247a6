"""The character set of a report, which differs by marketplace and is often not told."""

from __future__ import annotations

import codecs
import re

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),  # what Excel saves as "Unicode text"
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# What is called by the first name is in fact its superset on Windows.
_SUPERSETS = {"iso8859-1": "cp1252", "ascii": "cp1252", "shift_jis": "cp932"}
_KANA = re.compile("[\u3041-\u30fe]")
_FOREIGN = re.compile(r"[^\x00-\x7f]")
# Of the characters of Japanese texts that are not ASCII at least so many are kana.
_ENOUGH_KANA = 0.1


def decode(data: bytes, hint: str = "") -> str:
    """``data`` as text, without NUL and byte order mark; never raises.

    Looks for a byte order mark, then tries ``hint`` (the charset of a Content-Type)
    and UTF-8, and at last tells Shift-JIS from Windows-1252 by the kana. A ``hint``
    that fits any bytes at all, as those of one byte a character do, comes after UTF-8,
    which no other text fits by chance.
    """
    for mark, name in _MARKS:
        if data.startswith(mark):
            return data.decode(name, "replace").replace("\0", "")
    hinted = _known(hint)
    fits_all = hinted.startswith(("cp125", "iso8859"))
    for name in ("utf-8", hinted) if fits_all else (hinted, "utf-8"):
        try:
            return data.decode(name).replace("\0", "")
        except UnicodeDecodeError:
            continue
    return (_japanese(data) or data.decode("cp1252", "replace")).replace("\0", "")


def _known(hint: str) -> str:
    try:
        name = codecs.lookup(hint.strip() or "utf-8").name
        "".encode(name)  # codecs such as base64 know no text
    except (LookupError, ValueError):
        return "utf-8"
    return _SUPERSETS.get(name, name)


def _japanese(data: bytes) -> str:
    """``data`` read as Shift-JIS; ``""`` if it is none.

    Letters with accents in Windows-1252 may well be valid in Shift-JIS, but they are
    kanji there, hardly ever kana.
    """
    try:
        text = data.decode("cp932")
    except UnicodeDecodeError:
        return ""
    kana = len(_KANA.findall(text))
    return text if kana and kana >= _ENOUGH_KANA * len(_FOREIGN.findall(text)) else ""
