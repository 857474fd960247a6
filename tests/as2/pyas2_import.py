"""pyas2lib, importable on any OpenSSL.

oscrypto 1.3.0 looks for a version of three single digits in OpenSSL's version text and
gives up on ``3.0.19``. While it is imported, the text is shortened for it.
"""

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
