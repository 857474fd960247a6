"""Reads every EDI file of a folder of samples and says what became of it.

``main(directory)`` expects ``samples/manifest.csv`` there, with the columns ``file``,
``format``, ``messages`` and ``envelope_check``. It asks of every file:

- X12 whose envelope the manifest calls ok: each set of a message that we read gives its
  document, except for the files in ``EXCEPTIONS``.
- X12 that is sloppy: all the lines that can be counted in it are there, in at least
  nine of ten such files.
- EDIFACT: named as such (it is not read yet).
- Every file, whole and cut off at many places: no exception.
"""

import csv
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "amazon_b2b_connector"))

import edi  # noqa: E402
from edi.documents import (  # noqa: E402
    Container,
    FunctionalAcknowledgement,
    ShipNotice,
)

from .results import FAILED, PASSED, Result, tell  # noqa: E402

# Files with a faultless envelope that may nevertheless give no document, and why.
EXCEPTIONS: dict[str, str] = {}

ENOUGH = 0.9
CUTS = 100
SHORT = "short"

# What begins a line of each message, in the raw text; ``*`` is the file's separator.
LINE_STARTS = {
    "850": r"PO1\*",
    "855": r"PO1\*",
    "856": r"HL\*[^*]*\*[^*]*\*\s*I\b",
    "810": r"IT1\*",
    "997": r"AK2\*",
}


def main(directory: Path) -> int:
    """Print a table and a sum; 0 if everything is as it should be."""
    samples = directory / "samples"
    if not (samples / "manifest.csv").exists():
        print(f"{samples / 'manifest.csv'} is not there: no samples to read")
        return 1
    return tell(_results(samples))


def _results(samples: Path) -> Iterator[Result]:
    sloppy = whole = 0
    with open(samples / "manifest.csv", newline="", encoding="utf-8") as manifest:
        for row in csv.DictReader(manifest):
            if row["format"] not in ("X12", "EDIFACT"):
                continue
            result = _result(samples, row)
            if result.status == SHORT or result.remark.startswith("sloppy, all"):
                sloppy += 1
                whole += result.status == PASSED
            yield result
    if sloppy:
        status = PASSED if whole >= ENOUGH * sloppy else FAILED
        remark = f"{whole} of {sloppy} give all their lines"
        yield Result("sloppy files together", status, remark)


def _result(samples: Path, row: dict[str, str]) -> Result:
    name = row["file"]
    try:
        data = (samples / name).read_bytes()
    except OSError as error:
        return Result(name, FAILED, f"cannot be opened: {error.strerror}")
    try:
        for end in range(0, len(data), max(1, len(data) // CUTS)):
            edi.read(data[:end])
            edi.read(data[end:])
        reading = edi.read(data)
    except Exception as error:  # that there is none is what is being checked
        return Result(name, FAILED, f"exception {error!r}")
    if row["format"] == "EDIFACT":
        return _edifact(name, reading)
    wanted = _wanted(data)
    if row["envelope_check"] == "envelope ok":
        return _faultless(name, reading, wanted)
    return _sloppy(name, reading, wanted)


def _edifact(name: str, reading: edi.Reading) -> Result:
    named = any("EDIFACT" in issue.text for issue in reading.issues)
    remark = "EDIFACT, not yet read" if named else "EDIFACT is not recognised"
    return Result(name, PASSED if named else FAILED, remark)


def _faultless(name: str, reading: edi.Reading, wanted: int) -> Result:
    known = [m for m in reading.messages if m.code in edi.GROUP_CODES]
    missing = [m for m in known if m.document is None]
    if name in EXCEPTIONS:
        remark = f"excepted: {EXCEPTIONS[name]}"
        return Result(name, PASSED if missing else FAILED, remark)
    if missing or not reading.messages:
        said = [str(i) for m in missing for i in m.issues if i.severity == "error"]
        return Result(name, FAILED, "; ".join(said) or "no transaction set was found")
    if not known:
        return Result(name, PASSED, f"{_codes(reading)} is not read, and said so")
    if any(issue.level in ("interchange", "group") for issue in reading.all_issues):
        return Result(name, FAILED, "the envelope is called faulty and is not")
    found = _found(reading)
    if found < wanted:
        return Result(name, FAILED, f"{found} of {wanted} lines")
    return Result(name, PASSED, f"{_codes(reading)} decoded, {found} lines")


def _sloppy(name: str, reading: edi.Reading, wanted: int) -> Result:
    if not reading.all_issues:
        return Result(name, SHORT, "sloppy, and nothing was said of it")
    if not wanted:
        return Result(name, PASSED, "sloppy, no line of our messages, and said so")
    found = _found(reading)
    if found < wanted:
        return Result(name, SHORT, f"sloppy, {found} of {wanted} lines")
    return Result(name, PASSED, f"sloppy, all {wanted} lines of {_codes(reading)}")


def _wanted(data: bytes) -> int:
    """How many lines of our messages the file has, counted without reading it."""
    text = data.decode("latin-1")
    separator = text[text.find("ISA") + 3 :][:1]
    codes = re.findall(rf"\bST{re.escape(separator)}(\w+)", text) if separator else []
    known = set(codes) & set(LINE_STARTS)
    return sum(_count(text, separator, LINE_STARTS[code]) for code in known)


def _count(text: str, separator: str, pattern: str) -> int:
    mark = re.escape(separator)
    pattern = pattern.replace(r"\*", mark).replace("[^*]", f"[^{mark}]")
    return len(re.findall(rf"(?<![A-Za-z0-9]){pattern}", text))


def _codes(reading: edi.Reading) -> str:
    return ", ".join(sorted({message.code for message in reading.messages}))


def _found(reading: edi.Reading) -> int:
    return sum(_lines(message.document) for message in reading.messages)


def _lines(document: Any) -> int:
    if isinstance(document, ShipNotice):
        return len(document.items) + sum(map(_packed, document.containers))
    if isinstance(document, FunctionalAcknowledgement):
        return len(document.sets)
    return 0 if document is None else len(document.lines)


def _packed(container: Container) -> int:
    return len(container.items) + sum(map(_packed, container.containers))
