"""A missing chromium is installed as root, from fresh lists where need be; nobody
else is left without knowing what to do."""

import pytest

from tools import browser, console

# apt-get as far as it is called here: finds chromium once it has its lists, unless
# `broken` says otherwise
APT_GET = """\
#!/bin/sh
cd "$(/usr/bin/dirname "$0")" || exit 1
echo "$* $DEBIAN_FRONTEND" >>calls
if [ "$1" = update ]; then
    [ -e offline ] && { echo "E: Could not resolve the mirror" >&2; exit 100; }
    echo >lists
elif [ -e lists ]; then
    [ -e broken ] || { echo "#!/bin/sh" >chromium; /bin/chmod +x chromium; }
else
    echo "E: Unable to locate package chromium" >&2
    exit 100
fi
"""
INSTALL = "install --yes --no-install-recommends chromium noninteractive"
UPDATE = "update noninteractive"


@pytest.fixture
def machine(tmp_path, monkeypatch):
    """A machine whose path holds nothing but this folder; the user is root."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setattr(browser.os, "geteuid", lambda: 0)
    monkeypatch.setattr(console, "LOGS", tmp_path / "logs")
    return folder


@pytest.fixture
def apt_get(machine):
    program = machine / "apt-get"
    program.write_text(APT_GET)
    program.chmod(0o755)
    return program


def calls(machine):
    return (machine / "calls").read_text().splitlines()


def test_browser_that_is_there_is_taken(machine, apt_get):
    chrome = machine / "google-chrome"
    chrome.write_text("")
    chrome.chmod(0o755)
    browser.ensure()
    assert browser.found() == str(chrome)
    assert not (machine / "calls").exists()


def test_root_gets_chromium_installed(machine, apt_get):
    (machine / "lists").touch()
    browser.ensure()
    assert browser.found() == str(machine / "chromium")
    assert calls(machine) == [INSTALL]


def test_root_without_package_lists_gets_them_first(machine, apt_get):
    browser.ensure()
    assert browser.found() == str(machine / "chromium")
    assert calls(machine) == [INSTALL, UPDATE, INSTALL]


def test_root_without_network_is_told_in_one_line(machine, apt_get):
    (machine / "offline").touch()
    with pytest.raises(console.Stop, match="apt-get update failed .*resolve") as stop:
        browser.ensure()
    assert str(stop.value).endswith(browser.ASK) and "\n" not in str(stop.value)


def test_package_that_brings_no_browser_is_not_taken_for_one(machine, apt_get):
    (machine / "lists").touch()
    (machine / "broken").touch()
    with pytest.raises(console.Stop, match="no browser on the path"):
        browser.ensure()


def test_who_is_not_root_is_asked_and_nothing_is_run(machine, apt_get, monkeypatch):
    monkeypatch.setattr(browser.os, "geteuid", lambda: 1000)
    with pytest.raises(console.Stop, match="apt-get install chromium$"):
        browser.ensure()
    assert not (machine / "calls").exists()


def test_machine_without_apt_is_asked(machine):
    with pytest.raises(console.Stop, match="apt-get install chromium$"):
        browser.ensure()
