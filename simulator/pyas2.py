"""`pyas2lib`, made importable where OpenSSL's version has two digits in the last place.

oscrypto 1.3.0 looks for `\\d\\.\\d\\.\\d` in OpenSSL's version text and so takes a
"3.0.19" for no version at all (wbond/oscrypto #75, #78). Only during the import
its one search is answered with an expression that allows more digits.
"""

from __future__ import annotations

import importlib
import logging
import re
from types import ModuleType
from typing import Any

_NARROW = "\\b(\\d\\.\\d\\.\\d[a-z]*)\\b"
_WIDE = "\\b(\\d+\\.\\d+\\.\\d+[a-z]*)\\b"


def _import_all() -> tuple[ModuleType, ModuleType, ModuleType]:
    search = re.search

    def wider_search(pattern: Any, string: Any, flags: Any = 0) -> Any:
        return search(_WIDE if pattern == _NARROW else pattern, string, flags)

    vars(re)["search"] = wider_search
    try:
        return (
            importlib.import_module("pyas2lib.as2"),
            importlib.import_module("pyas2lib.utils"),
            importlib.import_module("asn1crypto.cms"),
        )
    finally:
        vars(re)["search"] = search


as2, utils, cms = _import_all()

# pyas2lib logs a traceback for every bad message; the simulator reports them itself.
logging.getLogger("pyas2lib").setLevel(logging.CRITICAL)
