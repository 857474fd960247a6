"""`./dev conformance [DIR]`: our readers and callers against what others wrote.

EDI samples (`DIR/samples`) go through the decoder; the client of the Selling Partner
API is held against Amazon's models (`DIR/spapi-models`), and the orders in them are
read and imported into Odoo. A folder of one's own may have only one of them.
"""

import importlib
import importlib.util
import sys
from pathlib import Path

from .console import Stop, note
from .paths import ADDON, CHECKOUT

DEFAULT = CHECKOUT.parent / "shared"
ORDERS = "orders_2026-01-01.json"
# What a folder may hold, and the module whose main(folder) checks it.
PARTS = {
    "samples/manifest.csv": "tools.conformance",
    "spapi-models/models": "tools.conformance_spapi",
    "spapi-models/models/orders-api-model": "tools.conformance_orders",
    f"spapi-models/models/orders-api-model/{ORDERS}": "tools.conformance_import",
}


def main(arguments: list[str]) -> int:
    folder = Path(arguments[0]) if arguments else DEFAULT
    if not folder.is_dir():
        raise Stop(f"{folder} is no folder: name one, ./dev conformance DIR")
    for module in PARTS.values():
        if importlib.util.find_spec(module) is None:
            raise Stop(f"{module.replace('.', '/')}.py is missing: check it out")
    missing = [place for place in PARTS if not (folder / place).exists()]
    if len(missing) == len(PARTS) or (missing and not arguments):
        raise Stop(f"{folder} has no {' and no '.join(missing)}: nothing to check")
    sys.path.append(str(ADDON))  # for `import edi` and `import spapi`
    status = 0
    for place, module in PARTS.items():
        if place in missing:
            note(f"{folder / place} is not there: not checked")
            continue
        print(f"== {folder / place}", flush=True)
        status |= int(importlib.import_module(module).main(folder))
    return status
