"""The walk through a folder of samples passes and fails as it should."""

import csv
from pathlib import Path

import pytest
from edi_builders import ORDER, file

from tools import conformance

COLUMNS = ("file", "format", "messages", "envelope_check")


def samples(folder: Path, *rows: tuple[str, str, str, bytes | None]) -> Path:
    (folder / "samples").mkdir()
    with open(folder / "samples" / "manifest.csv", "w", newline="") as manifest:
        writer = csv.writer(manifest)
        writer.writerow(COLUMNS)
        for name, syntax, envelope, data in rows:
            writer.writerow((name, syntax, "850", envelope))
            if data is not None:
                (folder / "samples" / name).write_bytes(data)
    return folder


GOOD = file(*ORDER)
SLOPPY = GOOD.replace(b"SE*11*", b"SE*7*")
UNREADABLE = file(*ORDER[1:])


def test_good_sloppy_and_edifact_files_pass(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = samples(
        tmp_path,
        ("good", "X12", "envelope ok", GOOD),
        ("sloppy", "X12", "SE01=7 actual 11", SLOPPY),
        ("edifact", "EDIFACT", "envelope ok", b"UNB+UNOA:2+A+B'"),
    )
    assert conformance.main(folder) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "4 passed, 0 failed"


@pytest.mark.parametrize(
    "row",
    [
        ("unreadable", "X12", "envelope ok", UNREADABLE),
        ("faulty", "X12", "envelope ok", GOOD.replace(b"GE*1*", b"GE*3*")),
        ("empty", "X12", "envelope ok", b""),
        ("absent", "X12", "envelope ok", None),
        ("lost", "X12", "SE01=7 actual 11", UNREADABLE),
        ("unnamed", "EDIFACT", "envelope ok", b"hello"),
    ],
)
def test_a_file_that_does_not_give_what_it_should_fails(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    row: tuple[str, str, str, bytes | None],
) -> None:
    assert conformance.main(samples(tmp_path, row)) == 1
    assert capsys.readouterr().out.splitlines()[-1].endswith("1 failed")


def test_an_exception_in_the_reader_fails_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(data: bytes) -> None:
        raise IndexError

    monkeypatch.setattr(conformance.edi, "read", broken)
    row = ("good", "X12", "envelope ok", GOOD)
    assert conformance.main(samples(tmp_path, row)) == 1


def test_a_file_excepted_in_vain_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(conformance.EXCEPTIONS, "good", "it was bad once")
    row = ("good", "X12", "envelope ok", GOOD)
    assert conformance.main(samples(tmp_path, row)) == 1


def test_a_folder_without_samples_fails(tmp_path: Path) -> None:
    assert conformance.main(tmp_path) == 1
