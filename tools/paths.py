"""Where everything lies.

`HOME` is what several checkouts of one machine may share: environments, the
unpacked Odoo, the database cluster, the filestore. `LOCAL` belongs to this
checkout alone. Both are the ignored folder `.dev/` unless `AMAZON_B2B_DEV_HOME`
names another place for the first.
"""

import hashlib
import os
import sys
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
ADDON_NAME = "amazon_b2b_connector"
ADDON = CHECKOUT / ADDON_NAME
LOCAL = CHECKOUT / ".dev"
HOME = Path(os.environ.get("AMAZON_B2B_DEV_HOME") or LOCAL).expanduser().resolve()

LOGS = LOCAL / "logs"
DATA = HOME / "data"  # Odoo's data_dir: filestore and sessions
ODOO = HOME / "odoo"
WKHTMLTOPDF = HOME / "wkhtmltopdf"
NODE = HOME / "node"


def tag(path: Path = CHECKOUT) -> str:
    """Six characters that tell this checkout's databases from another's."""
    return hashlib.sha256(str(path).encode()).hexdigest()[:6]


def venv(name: str = "venv") -> Path:
    """The virtual environment of that name for the running Python's version."""
    return HOME / f"{name}-{sys.version_info[0]}.{sys.version_info[1]}"
