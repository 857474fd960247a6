"""The BER reader: what it reads, where it stops, and what it costs."""

from __future__ import annotations

import time

import pytest
from as2_builders import indefinite

from as2.ber import (
    BYTES_PER_ELEMENT,
    FREE_ELEMENTS,
    MAX_DEPTH,
    BerError,
    Reader,
    encode,
    encode_integer,
    encode_oid,
    header,
)


def joined(data: bytes) -> bytes:
    return b"".join(Reader(data).octets())


@pytest.mark.parametrize("length", [0, 1, 127, 128, 255, 256, 65535, 65536, 1 << 24])
def test_lengths_are_written_as_short_as_they_can_be(length: int) -> None:
    written = header(0x04, length)
    assert len(written) == 2 + (0 if length < 128 else (length.bit_length() + 7) // 8)
    assert joined(written + bytes(length)) == bytes(length)


@pytest.mark.parametrize(
    "value", [0, 1, 127, 128, 255, 256, -1, -128, -129, 2**159, -(2**200)]
)
def test_integers_come_back(value: int) -> None:
    assert Reader(encode_integer(value)).integer() == value


@pytest.mark.parametrize(
    "oid", ["0.9.2342", "1.2.840.113549.1.7.2", "2.999.3", "2.5.4.3"]
)
def test_object_identifiers_come_back(oid: str) -> None:
    assert Reader(encode_oid(oid)).oid() == oid


@pytest.mark.parametrize(
    "data",
    [
        encode(4, b"abcdef"),
        b"\x04\x84\x00\x00\x00\x06abcdef",
        encode(0x24, encode(4, b"abc"), encode(4, b""), encode(4, b"def")),
        indefinite(4, encode(4, b"abc"), encode(4, b"def")),
        indefinite(
            4, indefinite(4, encode(4, b"ab")), encode(0x24, encode(4, b"cdef"))
        ),
        encode(0x24, indefinite(4, encode(4, b"abcdef"))),
    ],
    ids=["DER", "long length", "pieces", "indefinite", "nested", "mixed"],
)
def test_strings_may_come_in_pieces(data: bytes) -> None:
    assert joined(data) == b"abcdef"


def test_whole_elements_of_any_form_are_passed_over() -> None:
    odd = indefinite(0x30, encode(4, b"\0\0"), indefinite(0x30, indefinite(0xA0)))
    reader = Reader(odd + encode_integer(7))
    assert bytes(reader.raw()) == odd
    assert reader.integer() == 7
    assert not reader.more()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x04",
        b"\x04\x05abcd",
        b"\x04\x82\x01",
        b"\x04\x89" + b"\x01" * 9,
        b"\x04\x89" + bytes(9),
        b"\x04\xff" + b"\xff" * 127,
        b"\x04\x80abc\0\0",
        b"\x1f\x81\x01\x00",
        b"\x24\x80",
        b"\x24\x80\x04\x01a",
        b"\x24\x80\x04\x01a\0",
        b"\x24\x03\x04\x02a",
        b"\x24\x04\x24\x80\x04\x00",
        b"\x24\x80\x02\x01\x00\0\0",
        b"\x02\x01\x00",
    ],
)
def test_damaged_strings_are_refused(data: bytes) -> None:
    with pytest.raises(BerError):
        joined(data)


@pytest.mark.parametrize(
    "data",
    [
        b"\x02\x00",
        b"\x02\x41" + bytes(65),
        b"\x06\x00",
        b"\x06\x01\x80",
        b"\x06\x41" + b"\1" * 65,
    ],
)
def test_damaged_values_are_refused(data: bytes) -> None:
    with pytest.raises(BerError):
        Reader(data).integer() if data[0] == 2 else Reader(data).oid()


def test_unread_elements_are_noticed() -> None:
    data = encode(0x30, encode_integer(1), encode_integer(2))
    with (
        pytest.raises(BerError, match="unexpected element"),
        Reader(data).enter(0x30) as inside,
    ):
        inside.integer()


@pytest.mark.parametrize("depth", [MAX_DEPTH + 1, 100_000])
def test_depth_is_limited(depth: int) -> None:
    for tag in (0x30, 0x24):
        data = bytes((tag, 0x80)) * depth
        with pytest.raises(BerError, match="deep"):
            Reader(data).skip()
    with pytest.raises(BerError, match="deep"):
        joined(b"\x24\x80" * depth)
    with pytest.raises(BerError, match="deep"):
        reader = Reader(b"\x30\x80" * depth)
        for _ in range(depth):
            reader = reader.enter(0x30)


def test_number_of_pieces_is_limited_by_the_size() -> None:
    one_byte_each = indefinite(4, b"\x04\x01x" * 1_000_000)
    start = time.perf_counter()
    with pytest.raises(BerError, match="too many pieces"):
        joined(one_byte_each)
    assert time.perf_counter() - start < 1
    few = indefinite(4, b"\x04\x01x" * (FREE_ELEMENTS - 10))
    assert len(joined(few)) == FREE_ELEMENTS - 10
    usual = indefinite(4, encode(4, bytes(BYTES_PER_ELEMENT)) * 50_000)
    assert len(joined(usual)) == BYTES_PER_ELEMENT * 50_000


def cost(count: int) -> float:
    data = indefinite(4, encode(4, bytes(1000)) * count)
    best = 1e9
    for _ in range(5):
        start = time.process_time()
        Reader(data).octets()
        best = min(best, time.process_time() - start)
    return best


def test_reading_takes_time_in_proportion_to_the_size() -> None:
    # eight times the size: eight times the time; 64 times if it were quadratic
    assert cost(40_000) < 24 * cost(5_000)
