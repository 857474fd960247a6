"""The set-up refuses what cannot work, with one line, and fits every folder."""

import json
import re
import runpy
import sys

import pytest

from tools import apt, console, main, odoo, paths, postgres


@pytest.mark.parametrize("version", [(3, 9, 18), (3, 14, 0), (2, 7, 18)])
def test_wrong_python_is_one_line(monkeypatch, version):
    monkeypatch.setattr(sys, "version_info", version)
    with pytest.raises(SystemExit) as caught:
        runpy.run_path(str(paths.CHECKOUT / "dev"), run_name="__main__")
    assert re.fullmatch(r"\./dev: needs Python 3\.10 to 3\.13.*", str(caught.value))


def test_unknown_command_lists_the_commands(capsys):
    assert main.main(["no-such-command"]) == 2
    listed = capsys.readouterr().out
    assert all(f"\n  {name} " in listed for name in main.COMMANDS)


def test_odoo_source_must_be_odoo_19(tmp_path, monkeypatch):
    monkeypatch.setenv("ODOO_SOURCE", str(tmp_path))
    with pytest.raises(console.Stop, match="name an Odoo checkout"):
        odoo.path()
    (tmp_path / "odoo").mkdir()
    release = tmp_path / "odoo/release.py"
    release.write_text("version_info = (18, 0, 0, FINAL, 0, '')\n")
    with pytest.raises(console.Stop, match="is not Odoo 19"):
        odoo.path()
    release.write_text("version_info = (19, 0, 0, FINAL, 0, '')\n")
    assert odoo.path() == tmp_path.resolve()


def test_no_apt_points_to_odoo_source(monkeypatch):
    monkeypatch.setattr(apt.shutil, "which", lambda name: None)
    with pytest.raises(console.Stop, match="set ODOO_SOURCE"):
        apt.Apt("sid")


def test_machine_without_debian_points_to_odoo_source(tmp_path, monkeypatch):
    other = "Elsewhere|main|noble|mirror://archive\n"
    monkeypatch.setattr(apt, "HOME", tmp_path)
    monkeypatch.setattr(apt, "run", lambda *arguments, **options: other)
    with pytest.raises(console.Stop, match="set ODOO_SOURCE"):
        apt._debian_targets()


def test_debian_mirror_is_read_from_apt_with_the_release_first(monkeypatch):
    listed = (
        "Debian|main|bookworm-security|mirror://security\n"
        "Elsewhere|main|bookworm|mirror://other\n"
        "Debian|contrib|bookworm|mirror://debian\n"
        "Debian|main|bookworm|mirror://debian\n"
    )
    monkeypatch.setattr(apt, "run", lambda *arguments, **options: listed)
    assert apt._debian_targets() == [
        ("mirror://debian", "bookworm"),
        ("mirror://security", "bookworm-security"),
    ]


def test_long_home_gets_a_short_folder_for_the_socket(tmp_path, monkeypatch):
    home = tmp_path / ("x" * 100)
    monkeypatch.setattr(postgres, "HOME", home)
    folder = postgres._folder()
    try:
        assert len(str(folder / postgres.SOCKET)) <= postgres.LONGEST_SOCKET_PATH
        assert home not in folder.parents
    finally:
        folder.rmdir()


def test_home_closed_to_others_is_no_place_for_a_server_of_root(tmp_path):
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    assert not postgres._open_to_all(closed)


@pytest.mark.parametrize(
    "file", sorted(paths.CHECKOUT.glob("requirements*.txt")), ids=lambda file: file.name
)
def test_requirements_are_pinned_exactly(file):
    lines = [line.split("#")[0].strip() for line in file.read_text().splitlines()]
    pins = [line for line in lines if line and not line.startswith("-r ")]
    pinned = re.compile(r'[a-z0-9-]+==[\w.]+( ; python_version [<>=]+ "[\d.]+")?')
    assert pins
    assert [line for line in pins if not pinned.fullmatch(line)] == []


def test_npm_packages_are_pinned_exactly():
    package = json.loads((paths.CHECKOUT / "tools/prettier.json").read_text())
    versions = package["dependencies"].values()
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in versions)
