"""Reading EnvelopedData (RFC 5652 section 6) and AuthEnvelopedData (RFC 5083)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from .algorithms import (
    CIPHER_BY_OID,
    DIGESTS,
    RSA_ENCRYPTION,
    RSAES_OAEP,
    ContentCipher,
    Digest,
)
from .ber import OCTET_STRING, SEQUENCE, SET, BerError, Buffer, Reader, context, encode
from .ciphers import nonce_size
from .cms import (
    AUTH_ENVELOPED_DATA,
    ENVELOPED_DATA,
    no_trailer,
    read_digest,
    read_issuer_and_serial,
    read_mask,
)
from .errors import ContentError
from .keys import Certificate

MAX_RECIPIENTS = 32


@dataclass(frozen=True)
class Recipient:
    """A KeyTransRecipientInfo."""

    issuer: bytes | None
    serial: int
    key_identifier: bytes | None
    transport: str | None  # None: an algorithm that is not known
    mask_digest: Digest | None
    encrypted_key: bytes

    def is_for(self, certificate: Certificate) -> bool:
        if self.issuer is not None:
            return certificate.is_named(self.issuer, self.serial)
        return self.key_identifier == certificate.key_identifier


@dataclass(frozen=True)
class Enveloped:
    """An envelope not yet opened."""

    recipients: tuple[Recipient, ...]
    cipher: ContentCipher
    nonce: bytes
    pieces: list[memoryview]
    associated: bytes
    tag: bytes


def read_enveloped(data: Buffer) -> Enveloped:
    """Read a ContentInfo with EnvelopedData or AuthEnvelopedData.

    :raises ContentError: it is none, or the cipher is not known.
    """
    outer = Reader(data)
    with outer.enter(SEQUENCE) as info:
        kind = info.oid()
        if kind not in (ENVELOPED_DATA, AUTH_ENVELOPED_DATA):
            raise BerError("this is no EnvelopedData")
        with info.enter(context(0)) as explicit, explicit.enter(SEQUENCE) as envelope:
            envelope.integer()  # version: follows from what is in it
            if envelope.next_is(context(0)):
                envelope.skip()  # originatorInfo
            recipients = _recipients(envelope)
            cipher, nonce, pieces = _encrypted_content(envelope)
            associated, tag = b"", b""
            if kind == AUTH_ENVELOPED_DATA:
                if envelope.next_is(context(1)):
                    attributes = envelope.raw()
                    with Reader(attributes).enter(context(1)) as inside:
                        associated = encode(SET, *_raws(inside))
                tag = bytes(envelope.primitive(OCTET_STRING))
            while envelope.more():
                envelope.skip()  # unprotected attributes
    no_trailer(outer, data)
    if cipher.authenticated != (kind == AUTH_ENVELOPED_DATA):
        raise BerError("cipher and kind of envelope do not go together")
    return Enveloped(recipients, cipher, nonce, pieces, associated, tag)


def _raws(reader: Reader) -> Iterator[memoryview]:
    while reader.more():
        yield reader.raw()


def _recipients(envelope: Reader) -> tuple[Recipient, ...]:
    recipients: list[Recipient] = []
    with envelope.enter(SET) as infos:
        while infos.more():
            if len(recipients) == MAX_RECIPIENTS:
                raise ContentError("It is encrypted for too many recipients.")
            if infos.next_is(SEQUENCE):
                recipients.append(_read_recipient(infos))
            else:
                infos.skip()  # key agreement, password and the like
    return tuple(recipients)


def _read_recipient(infos: Reader) -> Recipient:
    issuer: bytes | None = None
    identifier: bytes | None = None
    serial = 0
    with infos.enter(SEQUENCE) as info:
        info.integer()
        if info.next_is(SEQUENCE):
            issuer, serial = read_issuer_and_serial(info)
        else:
            identifier = bytes(info.primitive(context(0, primitive=True)))
        transport, mask = _key_transport(info)
        key = b"".join(info.octets())
    return Recipient(issuer, serial, identifier, transport, mask, key)


def _key_transport(info: Reader) -> tuple[str | None, Digest | None]:
    """Name of the transport and, for OAEP, digest of its mask function."""
    hashed = mask = DIGESTS["sha1"]  # RFC 4055 section 4.1, the defaults
    with info.enter(SEQUENCE) as algorithm:
        oid = algorithm.oid()
        if oid == RSAES_OAEP and algorithm.next_is(SEQUENCE):
            with algorithm.enter(SEQUENCE) as parameters:
                if parameters.next_is(context(0)):
                    with parameters.enter(context(0)) as explicit:
                        hashed = read_digest(explicit)
                if parameters.next_is(context(1)):
                    with parameters.enter(context(1)) as explicit:
                        mask = read_mask(explicit)
                # pSourceFunc: a label other than the empty one fails to decrypt
                while parameters.more():
                    parameters.skip()
        while algorithm.more():
            algorithm.skip()
    if oid == RSA_ENCRYPTION:
        return "rsaes_pkcs1v15", None
    if oid == RSAES_OAEP:
        return f"rsaes_oaep_{hashed.name}", mask
    return None, None


def _encrypted_content(
    envelope: Reader,
) -> tuple[ContentCipher, bytes, list[memoryview]]:
    with envelope.enter(SEQUENCE) as content:
        content.oid()  # content type; what comes out is read as MIME anyway
        with content.enter(SEQUENCE) as algorithm:
            oid = algorithm.oid()
            cipher = CIPHER_BY_OID.get(oid)
            if cipher is None:
                raise ContentError(
                    f"It is encrypted with an algorithm ({oid}) that is not supported.",
                    "insufficient-message-security",
                )
            nonce = _nonce(algorithm, cipher)
        pieces = content.octets(context(0, primitive=True))
    size = sum(map(len, pieces))
    if not cipher.authenticated and (not size or size % cipher.block_size):
        raise ContentError("Its encrypted content is cut off.", "decryption-failed")
    return cipher, nonce, pieces


def _nonce(algorithm: Reader, cipher: ContentCipher) -> bytes:
    if not cipher.authenticated:
        nonce = bytes(algorithm.primitive(OCTET_STRING))
    else:
        with algorithm.enter(SEQUENCE) as parameters:
            nonce = bytes(parameters.primitive(OCTET_STRING))
            while parameters.more():
                parameters.skip()  # size of the tag, seen at the tag itself
    if len(nonce) != nonce_size(cipher):
        raise ContentError("Its initialisation vector has a wrong length.")
    return nonce
