"""Debian packages fetched and unpacked without installing them and without root."""

import hashlib
import os
import shutil
from collections.abc import Sequence
from pathlib import Path

from .console import Stop, run
from .paths import HOME

KEYRINGS = [
    Path("/usr/share/keyrings/debian-archive-keyring" + suffix)
    for suffix in (".gpg", ".pgp")
]
OWN_ODOO = "set ODOO_SOURCE to an Odoo 19 checkout of your own"
NETWORK = "check the network and run the same command again"


class Apt:
    """An apt area of our own in `folder`, with the Debian suite `suite` as its source.

    `suite` None is the release this machine runs. The machine's list of installed
    packages is read, never written. Used in a `with`, which removes the area.
    """

    def __init__(self, suite: str | None) -> None:
        if not shutil.which("apt-get") or not shutil.which("dpkg-deb"):
            raise Stop(f"there is no apt-get and dpkg-deb here: {OWN_ODOO}")
        keyring = next((path for path in KEYRINGS if path.exists()), None)
        if keyring is None:
            raise Stop("the package debian-archive-keyring is missing: install it")
        targets = _debian_targets()
        if suite:
            targets = [(targets[0][0], suite)]
        self.folder = HOME / "apt" / (suite or "release")
        self.options = _area(self.folder)
        sources = self.folder / "sources.list"
        sources.write_text(
            "".join(
                f"deb [signed-by={keyring}] {mirror} {name} main\n"
                for mirror, name in targets
            )
        )
        self.options += _set("Dir::Etc::sourcelist", sources)
        self.options += _set("Dir::Etc::sourceparts", "/dev/null")
        self._get("update")

    def __enter__(self) -> "Apt":
        return self

    def __exit__(self, *_: object) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)

    def _get(self, *arguments: str, cwd: Path | None = None) -> str:
        return run(
            ["apt-get", *self.options, *arguments],
            f"apt-get {arguments[0]}",
            NETWORK,
            cwd=cwd,
        )

    def missing(self, package: str) -> list[str]:
        """The packages that installing `package` would add to this machine."""
        plan = self._get(
            *_set("Debug::NoLocking", "true"),
            "--no-install-recommends",
            "--simulate",
            "install",
            package,
        )
        return [line.split()[1] for line in plan.splitlines() if line[:5] == "Inst "]

    def unpack(self, packages: Sequence[str], root: Path) -> list[Path]:
        """Fetch `packages` and unpack all of them into `root`; the files fetched."""
        fetched = self.folder / "fetched"
        shutil.rmtree(fetched, ignore_errors=True)
        fetched.mkdir()
        self._get("download", *packages, cwd=fetched)
        files = sorted(fetched.glob("*.deb"))
        for file in files:
            run(
                ["dpkg-deb", "-x", file, root],
                f"unpacking {file.name}",
                "make sure the disk is not full and run the same command again",
            )
        return files


def describe(files: Sequence[Path]) -> str:
    """One line per package: its name, version and architecture, and its SHA-256."""
    return "".join(
        f"{file.name} {hashlib.sha256(file.read_bytes()).hexdigest()}\n"
        for file in files
    )


def _set(name: str, value: object) -> list[str]:
    return ["-o", f"{name}={value}"]


def _area(folder: Path) -> list[str]:
    """Options that keep apt's lists and files in `folder`."""
    for name in ("lists/partial", "cache/archives/partial"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    return [
        *_set("Dir::State::Lists", folder / "lists"),
        *_set("Dir::Cache", folder / "cache"),
        # apt's own download user cannot write into a private folder
        *_set("APT::Sandbox::User", "root" if os.geteuid() == 0 else ""),
        *_set("Acquire::Languages", "none"),
        *_set("Acquire::Retries", 3),
    ]


def _debian_targets() -> list[tuple[str, str]]:
    """Mirror and suite of each Debian source of this machine, the release first."""
    found = _index_targets([])
    if not found:  # a machine whose package lists were removed to save space
        area = HOME / "apt" / "machine"
        run(["apt-get", *_area(area), "update"], "apt-get update", NETWORK)
        found = _index_targets(_area(area))
        shutil.rmtree(area)
    if not found:
        raise Stop(f"apt knows no Debian mirror on this machine: {OWN_ODOO}")
    return sorted(set(found), key=lambda target: len(target[1]))


def _index_targets(options: Sequence[str]) -> list[tuple[str, str]]:
    form = "$(ORIGIN)|$(COMPONENT)|$(CODENAME)|$(REPO_URI)"
    lines = run(
        ["apt-get", *options, "indextargets", "--format", form, "Created-By: Packages"],
        "reading apt's configuration",
        "make `apt-get update` work",
    ).splitlines()
    rows = [line.split("|", 3) for line in lines]
    return [
        (mirror, codename)
        for origin, component, codename, mirror in rows
        if (origin, component) == ("Debian", "main")
    ]
