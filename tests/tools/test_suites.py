"""Paths choose the suites, and what did not run is not taken for passed."""

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
        monkeypatch.setattr(suites, "_run", lambda *_: (outcome, code))
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
