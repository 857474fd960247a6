"""`./dev conformance [DIR]`: every EDI sample under DIR through the decoder."""

import importlib
import importlib.util
import sys
from pathlib import Path

from .console import Stop
from .paths import ADDON, CHECKOUT

DEFAULT = CHECKOUT.parent / "shared"


def main(arguments: list[str]) -> int:
    folder = Path(arguments[0]) if arguments else DEFAULT
    if not folder.is_dir():
        raise Stop(f"{folder} is no folder: name one, ./dev conformance DIR")
    if importlib.util.find_spec("tools.conformance") is None:
        raise Stop("tools/conformance.py is missing: check it out")
    sys.path.append(str(ADDON))  # for `import edi`
    return int(importlib.import_module("tools.conformance").main(folder))
