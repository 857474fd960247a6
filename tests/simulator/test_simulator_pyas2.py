from __future__ import annotations

import re

from simulator import pyas2


def test_import_leaves_the_search_as_it_was() -> None:
    assert re.search.__module__ == "re"
    assert pyas2.as2.AS2_VERSION == "1.2"


def test_only_the_version_expression_is_widened() -> None:
    text = "OpenSSL 3.0.19 27 Jan 2026"
    assert re.search(pyas2._NARROW, text) is None
    found = re.search(pyas2._WIDE, text)
    assert found and found[1] == "3.0.19"
