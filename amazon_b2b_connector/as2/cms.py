"""What all content types of CMS share (RFC 5652): names and small readings."""

from __future__ import annotations

from .algorithms import DIGEST_BY_OID, MGF1, Digest
from .ber import SEQUENCE, BerError, Buffer, Reader
from .errors import ContentError

DATA = "1.2.840.113549.1.7.1"
SIGNED_DATA = "1.2.840.113549.1.7.2"
ENVELOPED_DATA = "1.2.840.113549.1.7.3"
COMPRESSED_DATA = "1.2.840.113549.1.9.16.1.9"
AUTH_ENVELOPED_DATA = "1.2.840.113549.1.9.16.1.23"

CONTENT_TYPE = "1.2.840.113549.1.9.3"
MESSAGE_DIGEST = "1.2.840.113549.1.9.4"
SIGNING_TIME = "1.2.840.113549.1.9.5"


def content_type(data: Buffer) -> str:
    """The content type of a ContentInfo, dotted."""
    return Reader(data).enter(SEQUENCE).oid()


def no_trailer(reader: Reader, data: Buffer) -> None:
    """Refuse bytes behind the object, but for line ends that a transport added."""
    if bytes(data[reader.pos : reader.pos + 8]).strip(b"\r\n") or (
        len(data) > reader.pos + 8
    ):
        raise BerError(f"unexpected bytes after the end at byte {reader.pos}")


def read_issuer_and_serial(reader: Reader) -> tuple[bytes, int]:
    with reader.enter(SEQUENCE) as identifier:
        return bytes(identifier.raw()), identifier.integer()


def read_digest(reader: Reader) -> Digest:
    with reader.enter(SEQUENCE) as algorithm:
        oid = algorithm.oid()
        while algorithm.more():
            algorithm.skip()
    digest = DIGEST_BY_OID.get(oid)
    if digest is None:
        raise ContentError(
            f"Its digest algorithm ({oid}) is not supported.",
            "insufficient-message-security",
        )
    return digest


def read_mask(reader: Reader) -> Digest:
    """The digest of an MGF1 AlgorithmIdentifier."""
    with reader.enter(SEQUENCE) as mask:
        if mask.oid() != MGF1:
            raise BerError("unknown mask generation function")
        return read_digest(mask)
