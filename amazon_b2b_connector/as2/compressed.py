"""CompressedData (RFC 3274), with a limit on what comes out."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

from .algorithms import ZLIB
from .ber import (
    OCTET_STRING,
    SEQUENCE,
    BerError,
    Buffer,
    Reader,
    context,
    encode,
    encode_integer,
    encode_oid,
    header,
)
from .cms import COMPRESSED_DATA, DATA, no_trailer
from .errors import ContentError

_BLOCK = 1 << 16


def compress(pieces: Sequence[Buffer]) -> bytes:
    """Compress the pieces, in order: ContentInfo in DER."""
    compressor = zlib.compressobj()
    packed = [compressor.compress(piece) for piece in pieces]
    packed.append(compressor.flush())
    size = sum(map(len, packed))
    head = header(OCTET_STRING, size)
    for part, tag in (
        (b"", context(0)),
        (encode_oid(DATA), SEQUENCE),
        (encode_integer(0) + encode(SEQUENCE, encode_oid(ZLIB)), SEQUENCE),
        (b"", context(0)),
        (encode_oid(COMPRESSED_DATA), SEQUENCE),
    ):
        head = header(tag, len(part) + len(head) + size) + part + head
    return b"".join((head, *packed))


def decompress(data: Buffer, limit: int) -> bytearray:
    """The content of a ContentInfo with CompressedData.

    :param limit: most bytes that may come out.
    :raises ContentError: damaged, or more than that.
    """
    outer = Reader(data)
    with outer.enter(SEQUENCE) as info:
        if info.oid() != COMPRESSED_DATA:
            raise BerError("this is no CompressedData")
        with info.enter(context(0)) as explicit, explicit.enter(SEQUENCE) as body:
            body.integer()
            with body.enter(SEQUENCE) as algorithm:
                if algorithm.oid() != ZLIB:
                    raise BerError("unknown compression algorithm")
                while algorithm.more():
                    algorithm.skip()
            with body.enter(SEQUENCE) as encapsulated:
                encapsulated.oid()
                with encapsulated.enter(context(0)) as content:
                    pieces = content.octets()
    no_trailer(outer, data)
    return _inflate(pieces, limit)


def _inflate(pieces: list[memoryview], limit: int) -> bytearray:
    inflater = zlib.decompressobj()
    content = bytearray()
    try:
        for piece in pieces:
            for start in range(0, len(piece), _BLOCK):
                if inflater.eof:
                    raise zlib.error("data behind the end")
                room = limit - len(content)
                content += inflater.decompress(piece[start : start + _BLOCK], room + 1)
                if len(content) > limit:
                    raise ContentError(
                        f"It is larger than {limit} bytes when decompressed.",
                        "decompression-failed",
                    )
    except zlib.error as error:
        raise ContentError(
            "Its compressed content is damaged.", "decompression-failed"
        ) from error
    if not inflater.eof or inflater.unused_data:
        raise ContentError("Its compressed content is damaged.", "decompression-failed")
    return content
