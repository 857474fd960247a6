"""pyx12 reads the same files: what it counts and complains of must agree with us."""

import io
import logging

import pytest
from edi_builders import ORDER, Random, envelope, file
from pyx12.x12file import X12Reader

import edi

logging.getLogger("pyx12").setLevel(logging.CRITICAL)

DOCUMENTS: dict[str, edi.Document] = {
    "850": Random(11).purchase_order(),
    "855": Random(12).acknowledgement(),
    "856": Random(13).ship_notice("SOTPI"),
    "810": Random(14).invoice(),
    "997": Random(15).functional_acknowledgement(),
}


def read_by_pyx12(data: bytes) -> tuple[list[str], set[str]]:
    """The names of all segments, and the codes of all envelope errors."""
    reader = X12Reader(io.StringIO(data.decode()))
    names = [segment.get_seg_id() for segment in reader]
    reader.cleanup()
    return names, {error[1] for error in reader.pop_errors()}


def read_by_us(data: bytes) -> tuple[int, set[str]]:
    """The number of all segments, and the codes of all envelope errors."""
    reading = edi.read(data)
    count = sum(interchange.segment_count for interchange in reading.interchanges)
    return count, {issue.code for issue in reading.all_issues if issue.code}


@pytest.mark.parametrize("version", ["004010", "005010"])
@pytest.mark.parametrize("code", DOCUMENTS)
def test_what_we_write_has_no_fault_to_pyx12(code: str, version: str) -> None:
    data = edi.write(envelope(version=version), [DOCUMENTS[code]] * 3)
    names, errors = read_by_pyx12(data)
    assert errors == set()
    assert names.count("ST") == 3
    assert read_by_us(data) == (len(names), set())


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("SE*11*", "SE*12*"),
        ("SE*11*0001", "SE*11*0002"),
        ("GE*1*7", "GE*2*7"),
        ("GE*1*7", "GE*1*8"),
        ("IEA*1*", "IEA*2*"),
        ("IEA*1*000000042", "IEA*1*000000041"),
    ],
)
def test_a_wrong_envelope_is_called_wrong_by_both_with_the_same_code(
    old: str, new: str
) -> None:
    data = file(*ORDER).replace(old.encode(), new.encode())
    _, theirs = read_by_pyx12(data)
    _, ours = read_by_us(data)
    assert theirs == ours != set()
