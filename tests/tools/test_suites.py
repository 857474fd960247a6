"""Paths choose the suites, and what did not run is not taken for passed."""

import contextlib
import multiprocessing
import time

import pytest

from tools import suites
from tools.paths import CHECKOUT

HERE = str(CHECKOUT / "tests/tools")


@pytest.fixture(autouse=True)
def in_checkout(monkeypatch):
    monkeypatch.chdir(CHECKOUT)


@pytest.mark.parametrize(
    ("arguments", "options", "paths"),
    [
        ([], [], []),
        (["-x", "tests/tools"], ["-x"], [HERE]),
        (["tests/tools", "-k", "ports"], ["-k", "ports"], [HERE]),
        (["-k", "tests"], ["-k", "tests"], []),
        (["tests/tools::test_a"], [], [HERE + "::test_a"]),
        (["no/such/path"], ["no/such/path"], []),
    ],
)
def test_paths_are_told_from_options(arguments, options, paths):
    assert suites.split(arguments) == (options, paths)


@pytest.mark.parametrize(
    ("path", "chosen"),
    [
        ("tests/edi/test_a.py::test_b", ["tests/edi/test_a.py::test_b"]),
        ("tests/edi", ["tests/edi"]),
        ("tests", ["tests/edi", "tests/as2"]),
        ("tests/system", []),
        ("tests/edifact", []),
    ],
)
def test_suite_takes_its_own_paths(tmp_path, path, chosen):
    suite = suites.Suite("plain", (tmp_path / "tests/edi", tmp_path / "tests/as2"))
    found = suites.selected(suite, [str(tmp_path / path)])
    assert found == [str(tmp_path / name) for name in chosen]


REPORT = """<testsuites><testsuite>
<testcase classname="a" name="passes"/>
<testcase classname="a" name="fails"><failure/></testcase>
<testcase classname="a" name="breaks"><error/></testcase>
<testcase classname="a" name="wants_browser"><skipped/></testcase>
</testsuite></testsuites>"""


def test_report_is_counted(tmp_path):
    report = tmp_path / "report.xml"
    report.write_text(REPORT)
    outcome = suites.read(report)
    assert outcome.passed == 1
    assert outcome.failed == ["a.fails", "a.breaks"]
    assert outcome.skipped == ["a.wants_browser (skipped)"]


def test_missing_report_counts_nothing(tmp_path):
    assert suites.read(tmp_path / "none.xml").ran == 0


@pytest.fixture
def one_suite(tmp_path, monkeypatch):
    """`./dev test` with one suite, whose pytest is replaced by an outcome."""

    def main(outcome, code, *arguments, is_addon=False):
        suite = suites.Suite("one", (tmp_path,), is_addon=is_addon)
        monkeypatch.setattr(suites, "suites", lambda: [suite])
        monkeypatch.setattr(suites, "_run", lambda *_: (suite, outcome, code))
        monkeypatch.setattr(suites, "LOCAL", tmp_path)
        monkeypatch.setattr(suites, "REPORTS", tmp_path / "reports")
        return suites.main(list(arguments))

    return main


def test_passed_suite_ends_well(one_suite, capsys):
    assert one_suite(suites.Outcome(passed=3), 0) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "3 passed, 0 failed"


def test_failed_test_fails_the_command(one_suite, capsys):
    assert one_suite(suites.Outcome(passed=2, failed=["a"]), 1) == 1
    assert capsys.readouterr().out.splitlines()[-1] == "2 passed, 1 failed"


def test_skipped_test_of_the_addon_fails_the_command(one_suite, capsys):
    outcome = suites.Outcome(passed=2, skipped=["a (skipped)"])
    assert one_suite(outcome, 0, is_addon=True) == 1
    assert capsys.readouterr().out.splitlines()[-1] == "2 passed, 1 failed"


def test_suite_that_ran_nothing_fails_the_command(one_suite):
    assert one_suite(suites.Outcome(), suites.NO_TESTS) == 1


def test_selection_that_matches_nothing_fails_the_command(one_suite):
    assert one_suite(suites.Outcome(), suites.NO_TESTS, "-k", "nothing") == 1


def test_pytest_that_breaks_down_fails_the_command(one_suite):
    assert one_suite(suites.Outcome(passed=1), 3) == 1


SECONDS = 30


def meet(suite, arguments, aside=False):
    """A run that ends well when another one is under way."""
    (suites.REPORTS / suite.name).mkdir(parents=True)
    until = time.monotonic() + SECONDS
    while len([each for each in suites.REPORTS.iterdir() if each.is_dir()]) < 2:
        if time.monotonic() > until:
            return suite, suites.Outcome(failed=["alone"]), 1
        time.sleep(0.01)
    if aside:
        suites._said(suite).write_text(f"said by {suite.name}")
    return suite, suites.Outcome(passed=1), 0


def interrupt(suite, arguments, aside=False):
    """A run that lasts, beside one that is interrupted."""
    if aside:
        suites.REPORTS.mkdir()
        (suites.REPORTS / "begun").touch()
        time.sleep(SECONDS)
    while not (suites.REPORTS / "begun").exists():
        time.sleep(0.01)
    raise KeyboardInterrupt


@pytest.fixture
def two_suites(tmp_path, monkeypatch):
    """`./dev test` with a plain suite and the addon's, each run by a function."""

    def main(run):
        both = [
            suites.Suite("plain", (tmp_path,)),
            suites.Suite("addon", (tmp_path,), needs_odoo=True, is_addon=True),
        ]
        monkeypatch.setattr(suites, "suites", lambda: both)
        monkeypatch.setattr(suites, "_run", run)
        monkeypatch.setattr(suites, "LOCAL", tmp_path)
        monkeypatch.setattr(suites, "REPORTS", tmp_path / "reports")
        nothing = contextlib.nullcontext
        monkeypatch.setattr(suites.environment, "ensure", nothing)
        monkeypatch.setattr(suites.templates, "addon", lambda: None)
        return suites.main([])

    return main


def test_plain_suite_runs_beside_the_addons_and_is_told_afterwards(two_suites, capsys):
    assert two_suites(meet) == 0
    told = capsys.readouterr().out.splitlines()
    assert told == ["said by plain", "2 passed, 0 failed"]


def test_interrupted_command_ends_what_runs_beside(two_suites):
    with pytest.raises(KeyboardInterrupt):
        two_suites(interrupt)
    for process in multiprocessing.active_children():
        process.join(SECONDS / 3)
    assert not multiprocessing.active_children()
