"""A failure is one line that names the reason and what to do."""

import os
import signal
import sys
import threading
import time

import pytest

from tools import console


@pytest.fixture(autouse=True)
def logs(tmp_path, monkeypatch):
    monkeypatch.setattr(console, "LOGS", tmp_path)
    return tmp_path


def test_failed_command_is_one_line_with_reason_and_advice(logs):
    program = "import sys; print('E: no such host', file=sys.stderr); sys.exit(3)"
    with pytest.raises(console.Stop) as caught:
        console.run([sys.executable, "-c", program], "fetching", "check the network")
    assert str(caught.value) == "fetching failed (E: no such host): check the network"
    assert "no such host" in (logs / "failed.log").read_text()


def test_missing_program_is_one_line():
    with pytest.raises(console.Stop, match="install it$"):
        console.run(["/nonexistent/program"], "calling it", "install it")


@pytest.mark.parametrize(
    ("output", "expected"),
    [
        ("", "no output"),
        ("first\nlast\n\n", "last"),
        ("E: the cause\nmore about it", "E: the cause"),
        ("x" * 500, "x" * 200),
    ],
)
def test_reason_is_the_telling_line(output, expected):
    assert console.reason(output) == expected


def test_interrupted_command_may_stop_what_it_has_started(tmp_path):
    program = f"""
import pathlib, signal, time
# a shell's background job inherits SIGINT as ignored
signal.signal(signal.SIGINT, signal.default_int_handler)
try:
    pathlib.Path({str(tmp_path)!r}, "started").touch()
    time.sleep(60)
except KeyboardInterrupt:
    pathlib.Path({str(tmp_path)!r}, "stopped").touch()
"""

    def interrupt(number, frame):
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGUSR1, interrupt)
    waiter = threading.Thread(target=_alarm_when_there, args=[tmp_path / "started"])
    waiter.start()
    with pytest.raises(KeyboardInterrupt):
        console.call([sys.executable, "-c", program])
    waiter.join()
    signal.signal(signal.SIGUSR1, before)
    assert (tmp_path / "stopped").exists()


def _alarm_when_there(path):
    while not path.exists():
        time.sleep(0.01)
    os.kill(os.getpid(), signal.SIGUSR1)


def test_step_says_that_it_failed(capsys):
    with pytest.raises(ValueError), console.step("Fetching"):
        raise ValueError
    assert capsys.readouterr().out == "  Fetching ... failed\n"
