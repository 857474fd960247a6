"""pyas2lib, importable on any OpenSSL (its oscrypto 1.3.0 cannot read ``3.0.19``)."""

from __future__ import annotations

import re
from typing import Any
from unittest import mock

_search = re.search


def _shortened(pattern: Any, text: Any, *flags: Any) -> re.Match[str] | None:
    if isinstance(text, str) and text.startswith(("OpenSSL ", "LibreSSL ")):
        text = re.sub(r"(\d+\.\d+\.\d)\d+", r"\1", text)
    return _search(pattern, text, *flags)


with mock.patch.object(re, "search", _shortened):
    import pyas2lib as pyas2lib
    from oscrypto import asymmetric as _asymmetric  # noqa: F401
