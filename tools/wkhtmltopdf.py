"""wkhtmltopdf, which Odoo prints with, unpacked with its libraries."""

import shutil
from pathlib import Path

from . import apt, folders
from .console import Stop, note
from .paths import WKHTMLTOPDF

# The libraries of the machine's own release are named relative to this script, so
# that the folder can move.
WRAPPER = """\
#!/bin/sh
root=$(dirname "$(dirname "$(readlink -f "$0")")")
libraries=$(echo "$root"/usr/lib/*-linux-gnu*)
export LD_LIBRARY_PATH="$libraries:$libraries/pulseaudio"
export QT_PLUGIN_PATH="$libraries/qt5/plugins"
export QT_QPA_PLATFORM=offscreen
export XDG_RUNTIME_DIR="$root/run"
exec "$root/usr/bin/wkhtmltopdf" "$@"
"""


def bin_folder() -> Path:
    return WKHTMLTOPDF / "bin"


def ensure() -> None:
    """Have wkhtmltopdf on the path, or say once that there will be no PDF."""
    if not shutil.which("wkhtmltopdf"):
        folders.make(WKHTMLTOPDF, "1", "Fetching wkhtmltopdf", _unpack)


def _unpack(root: Path) -> None:
    with apt.Apt(None) as release:
        try:
            packages = release.missing("wkhtmltopdf")
        except Stop:
            # Debian 13 and later have none: the upstream build can be installed.
            note("no wkhtmltopdf for this system: install it, or go without PDFs")
            return
        release.unpack(packages, root)
    wrapper = root / "bin/wkhtmltopdf"
    wrapper.parent.mkdir()
    wrapper.write_text(WRAPPER)
    wrapper.chmod(0o755)
    (root / "run").mkdir(mode=0o700)  # Qt warns of any other
