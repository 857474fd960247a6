"""Odoo 19 Community: the user's own checkout, or Debian's package unpacked."""

import os
import re
from pathlib import Path

from . import apt, folders
from .console import Stop, note
from .paths import ODOO

# Debian's unstable release carries Odoo 19. It is not pinned: this is the version
# that everything here was tested with, and its hash.
TESTED = (
    "odoo-19_19.0.0+dfsg-1_all.deb "
    "9d2f598b0555db17e291d48ed24df184c70823c053c4c5ed53c467ca7f629bbf"
)
PACKAGES = (
    "odoo-19",
    "libjs-jquery",
    "libjs-jquery-form",
    "libjs-underscore",
    "fonts-glyphicons-halflings",
    "fonts-inconsolata",
    "fonts-montserrat",
    "fonts-ocr-b",
    "fonts-roboto-unhinted",
)
# Version 4.7 as Odoo's style sheets want it; unstable's 7 breaks the icons.
STABLE_PACKAGES = ("fonts-font-awesome",)
# Named in an asset bundle but left out of the package: without it every page logs
# an asset error.
LEFT_OUT = "addons/mail/static/lib/selfie_segmentation/selfie_segmentation.js"


def path() -> Path:
    """The folder to put on Python's path for `import odoo`."""
    own = os.environ.get("ODOO_SOURCE")
    if not own:
        return ODOO / "usr/lib/python3/dist-packages"
    source = Path(own).expanduser().resolve()
    release = source / "odoo/release.py"
    if not release.is_file():
        raise Stop(f"ODOO_SOURCE={own} has no odoo/release.py: name an Odoo checkout")
    if not re.search(r"version_info = \(19,", release.read_text()):
        raise Stop(f"ODOO_SOURCE={own} is not Odoo 19: check out its branch 19.0")
    return source


def version() -> str:
    """What tells this Odoo from another: part of the key of template databases."""
    own = os.environ.get("ODOO_SOURCE")
    return str(path()) if own else (ODOO / "PACKAGES").read_text()


def ensure() -> None:
    if os.environ.get("ODOO_SOURCE"):
        path()
        return
    if not folders.is_made(ODOO, "1"):
        folders.need_space(ODOO.parent, 3)
    folders.make(ODOO, "1", "Fetching and unpacking Odoo 19 (130 MB)", _unpack)


def _unpack(root: Path) -> None:
    packages = ""
    with apt.Apt("sid") as unstable:
        try:
            packages += apt.describe(unstable.unpack(PACKAGES, root))
        except Stop as error:
            message = f"{error}; if Debian no longer has odoo-19, {apt.OWN_ODOO}"
            raise Stop(message) from error
    with apt.Apt(None) as release:
        packages += apt.describe(release.unpack(STABLE_PACKAGES, root))
    (root / "PACKAGES").write_text(packages)
    if TESTED not in packages:
        note(f"Debian has another Odoo than the tested {TESTED.split('_')[1]}")
    left_out = root / "usr/lib/python3/dist-packages/odoo" / LEFT_OUT
    if not left_out.exists():
        left_out.parent.mkdir(parents=True, exist_ok=True)
        left_out.touch()
