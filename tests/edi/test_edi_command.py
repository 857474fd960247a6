"""``python -m edi`` prints documents and says where a file cannot be read."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from edi_builders import ORDER, file

import edi

ADDON = Path(edi.__file__).resolve().parent.parent


def run(
    *arguments: str, stdin: bytes = b""
) -> tuple[int, list[dict[str, object]], str]:
    """Exit status, documents and complaints; nothing but the standard library."""
    done = subprocess.run(
        [sys.executable, "-S", "-m", "edi", *arguments],
        env={**os.environ, "PYTHONPATH": str(ADDON), "PYTHONIOENCODING": "utf-8"},
        input=stdin,
        capture_output=True,
        check=False,
    )
    documents = [json.loads(line) for line in done.stdout.decode().splitlines()]
    return done.returncode, documents, done.stderr.decode()


@pytest.fixture
def good(tmp_path: Path) -> str:
    (tmp_path / "good.edi").write_bytes(file(*ORDER))
    return str(tmp_path / "good.edi")


@pytest.fixture
def bad(tmp_path: Path) -> str:
    lines = [line.replace("*12*EA*", "*twelve*EA*") for line in ORDER]
    (tmp_path / "bad.edi").write_bytes(file(*lines))
    return str(tmp_path / "bad.edi")


def test_a_good_file_gives_one_object_per_document(good: str) -> None:
    status, (first, second), complaints = run(good, good)
    assert (status, complaints) == (0, "")
    assert first == second
    document = first["document"]
    assert isinstance(document, dict)
    assert (document["type"], document["number"]) == ("PurchaseOrder", "4HQ7EBLG")
    assert (first["sender"], first["set"]) == ("AMAZON", "0001")
    assert edi.from_json(document) == edi.read(file(*ORDER)).messages[0].document


def test_a_bad_file_is_named_with_the_segment_and_the_reason(
    good: str, bad: str
) -> None:
    status, documents, complaints = run(bad, good)
    assert status == 1
    assert len(documents) == 1
    assert complaints == (
        f"{bad}: segment 10: PO102 quantity ordered 'twelve' is not a number\n"
    )


def test_standard_input_is_read(good: str) -> None:
    status, documents, _ = run("-", stdin=Path(good).read_bytes())
    assert (status, len(documents)) == (0, 1)


def test_a_warning_is_told_and_is_no_failure() -> None:
    data = file(*ORDER, "XYZ*1")
    status, _, complaints = run("-", stdin=data)
    assert (status, complaints) == (
        0,
        "-: warning: segment 13: segment XYZ is not read here\n",
    )
    assert run("--quiet", "-", stdin=data)[2] == ""


def test_a_file_that_is_not_there_is_one_line() -> None:
    status, documents, complaints = run("no such file.edi")
    assert (status, documents) == (1, [])
    assert complaints == "no such file.edi: No such file or directory\n"


def test_what_is_no_edi_is_one_line() -> None:
    status, documents, complaints = run("-", stdin=b"\x89PNG")
    assert (status, documents) == (1, [])
    assert complaints.startswith("-: this is not X12") and complaints.count("\n") == 1
