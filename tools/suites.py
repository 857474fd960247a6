"""`./dev test [ARGS]`: every suite with pytest; paths among ARGS choose the suites."""

import contextlib
import multiprocessing
import shutil
import sys
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path

from . import browser, databases, environment, folders, templates, venv
from .console import call, fail, note
from .paths import ADDON, CHECKOUT, DATA, LOCAL

TESTS = CHECKOUT / "tests"
SYSTEM = TESTS / "system"
# Plain suites that also run on what users of older releases have.
PLAIN_ON_OLD = ("edi", "as2", "spapi")
NO_TESTS = 5  # pytest's exit status when it ran none
WITHOUT_ODOO = ("-p", "no:odoo")
# The peer pyas2lib needs a newer asn1crypto than Odoo pins for Python 3.10.
PINS_OPTIONS = (
    () if sys.version_info >= (3, 11) else ("--ignore-glob=*_peer_pyas2lib.py",)
)
REPORTS = LOCAL / "reports"


@dataclass(frozen=True)
class Suite:
    """Tests of the files under `roots`, run by one pytest in one environment."""

    name: str
    roots: tuple[Path, ...]
    venv: str = venv.MAIN
    needs_odoo: bool = False
    is_addon: bool = False
    options: tuple[str, ...] = ()


@dataclass
class Outcome:
    """What ran, and the names of what failed or was skipped."""

    passed: int = 0
    failed: list[str] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)

    @property
    def ran(self) -> int:
        return self.passed + len(self.failed) + len(self.skipped)


Ran = tuple[Suite, Outcome, int]  # and pytest's exit status


def suites() -> list[Suite]:
    """The suites that have tests in this checkout."""
    inside = sorted(TESTS.iterdir()) if TESTS.is_dir() else []
    plain = tuple(path for path in inside if path != SYSTEM)
    old = tuple(TESTS / name for name in PLAIN_ON_OLD)
    every = [
        Suite("plain", plain),
        Suite("plain on Odoo's pins", old, "venv-odoo-pins", options=PINS_OPTIONS),
        Suite("plain on Debian 12", old, "venv-debian12"),
        Suite("addon", (ADDON / "tests",), needs_odoo=True, is_addon=True),
        Suite("system", (SYSTEM,), needs_odoo=True),
    ]
    present = [
        replace(suite, roots=tuple(filter(has_tests, suite.roots))) for suite in every
    ]
    return [suite for suite in present if suite.roots]


def has_tests(path: Path) -> bool:
    if path.is_file():
        return path.match("test_*.py")
    return any(path.rglob("test_*.py"))


def split(arguments: Iterable[str]) -> tuple[list[str], list[str]]:
    """Options, and the test paths among pytest's `arguments` made absolute."""
    options: list[str] = []
    paths: list[str] = []
    for argument in arguments:
        takes_value = bool(options) and options[-1] in {"-k", "-m", "-o", "-p", "-c"}
        file, separator, test = argument.partition("::")
        if argument.startswith("-") or takes_value or not Path(file).exists():
            options.append(argument)
        else:
            paths.append(str(Path(file).resolve()) + separator + test)
    return options, paths


def selected(suite: Suite, paths: Iterable[str]) -> list[str]:
    """Those of `paths` that lie in the suite, or its roots under one of them."""
    chosen: list[str] = []
    for path in paths:
        file = Path(path.partition("::")[0])
        for root in suite.roots:
            if file.is_relative_to(root):
                chosen.append(path)
            elif root.is_relative_to(file):
                chosen.append(str(root))
    return chosen


def main(arguments: list[str]) -> int:
    options, paths = split(arguments)
    total = Outcome()
    status = 0
    with folders.lock(LOCAL / "test.lock", "waiting for another ./dev test"):
        shutil.rmtree(REPORTS, ignore_errors=True)
        chosen = []
        for suite in suites():
            places = selected(suite, paths) if paths else list(map(str, suite.roots))
            if places:
                chosen.append((suite, [*options, *places]))
        for suite, outcome, code in _run_all(chosen):
            total.passed += outcome.passed
            # a test of the addon is skipped when it finds no browser or no server
            failed = outcome.failed + (outcome.skipped if suite.is_addon else [])
            total.failed += [f"{suite.name}: {name}" for name in failed]
            narrowed = code == NO_TESTS and bool(arguments)
            if code and not narrowed:
                status = fail(f"the suite {suite.name} ended with status {code}")
            if not outcome.ran and not narrowed:
                status = fail(f"the suite {suite.name} ran no test")
    for name in total.failed:
        note(f"failed: {name}")
    print(f"{total.passed} passed, {len(total.failed)} failed", flush=True)
    return status or int(bool(total.failed) or not total.passed)


def _run_all(chosen: list[tuple[Suite, list[str]]]) -> list[Ran]:
    """The addon's suite keeps one processor busy: the plain ones run beside it. The
    system's measures times and runs alone."""
    plain, addon, system = (
        [each for each in chosen if _kind(each[0]) == kind]
        for kind in ("plain", "addon", "system")
    )
    ran = []
    with _beside(plain if addon else []) as started, contextlib.ExitStack() as odoo:
        ran += [_run(*each) for each in plain if not addon]
        if addon or system:
            odoo.enter_context(environment.ensure())
            templates.addon()
        ran += [_run(*each) for each in addon]
        for each in started:
            ran.append(each.result())
            print(_said(ran[-1][0]).read_text(errors="replace"), flush=True)
        ran += [_run(*each) for each in system]
    return ran


def _kind(suite: Suite) -> str:
    if not suite.needs_odoo:
        return "plain"
    return "addon" if suite.is_addon else "system"


@contextlib.contextmanager
def _beside(chosen: list[tuple[Suite, list[str]]]) -> Iterator[list[Future[Ran]]]:
    """Run suites one after the other in another process; files take what they say."""
    for suite, _arguments in chosen:
        venv.ensure(suite.venv)
    fork = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(1, mp_context=fork) as pool:
        try:
            yield [pool.submit(_run, *each, aside=True) for each in chosen]
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            for process in multiprocessing.active_children():
                process.terminate()
            raise


def _run(suite: Suite, arguments: list[str], aside: bool = False) -> Ran:
    report = REPORTS / f"{suite.name.replace(' ', '-')}.xml"
    report.parent.mkdir(parents=True, exist_ok=True)
    command = [str(venv.ensure(suite.venv)), "-m", "pytest", f"--junitxml={report}"]
    with contextlib.ExitStack() as stack:
        output = stack.enter_context(_said(suite).open("w")) if aside else None
        print(f"== {suite.name}", file=output, flush=True)
        options = stack.enter_context(_plugin(suite))
        code = call([*command, *options, *arguments], cwd=CHECKOUT, output=output)
    return suite, read(report), code


def _said(suite: Suite) -> Path:
    """What a suite said that ran beside another."""
    return REPORTS / f"{suite.name.replace(' ', '-')}.txt"


@contextlib.contextmanager
def _plugin(suite: Suite) -> Iterator[list[str]]:
    """pytest's options for the suite: with a fresh database, or without Odoo."""
    if not suite.is_addon:
        yield [*WITHOUT_ODOO, *suite.options]
        return
    browser.ensure()
    browser.warm_up()
    database = databases.name("test")
    databases.copy(templates.addon(), database, durable=False)
    try:
        yield [
            "--override-ini=addopts=",
            "--override-ini=pythonpath=",
            "-rs",
            "--odoo-http",
            f"--odoo-database={database}",
            f"--odoo-addons-path={CHECKOUT}",
            "--odoo-extra",
            f"data-dir={DATA}",
        ]
    finally:
        databases.drop(database)


def read(report: Path) -> Outcome:
    """The outcome that pytest wrote to a JUnit file; empty where it wrote none."""
    outcome = Outcome()
    if not report.exists():
        return outcome
    for case in ElementTree.parse(report).iter("testcase"):
        name = f"{case.get('classname')}.{case.get('name')}"
        kinds = {child.tag for child in case}
        if kinds & {"failure", "error"}:
            outcome.failed.append(name)
        elif "skipped" in kinds:
            outcome.skipped.append(f"{name} (skipped)")
        else:
            outcome.passed += 1
    return outcome
