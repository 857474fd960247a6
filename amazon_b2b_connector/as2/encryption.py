"""Writing EnvelopedData (RFC 5652 section 6) and AuthEnvelopedData (RFC 5083)."""

from __future__ import annotations

import os
from collections.abc import Sequence

from cryptography.hazmat.primitives.asymmetric import rsa

from .algorithms import (
    DIGESTS,
    KEY_TRANSPORTS,
    MGF1,
    RSA_ENCRYPTION,
    RSAES_OAEP,
    ContentCipher,
)
from .ber import (
    NULL,
    OCTET_STRING,
    SEQUENCE,
    SET,
    Buffer,
    context,
    encode,
    encode_integer,
    encode_oid,
    header,
)
from .ciphers import GCM_TAG, in_blocks, make_cipher, nonce_size, rsa_padding
from .cms import AUTH_ENVELOPED_DATA, DATA, ENVELOPED_DATA
from .errors import AS2ConfigurationError
from .keys import Certificate

_NULL = encode(NULL)


def encrypt(
    pieces: Sequence[Buffer],
    cipher: ContentCipher,
    certificate: Certificate,
    transport: str,
) -> bytes:
    """Encrypt for the owner of a certificate: ContentInfo in DER.

    :param pieces: the content, in order; none of them is copied whole.
    :param transport: one of ``KEY_TRANSPORTS``.
    """
    key, nonce = os.urandom(cipher.key_size), os.urandom(nonce_size(cipher))
    size = sum(map(len, pieces))
    pad = b""
    if not cipher.authenticated:
        count = cipher.block_size - size % cipher.block_size
        pad = bytes((count,)) * count
    head, tail_size = _frame(
        cipher, nonce, size + len(pad), key, certificate, transport
    )
    # room for what update_into may write beyond, cut off at the end
    body = bytearray(len(head) + size + len(pad) + cipher.block_size)
    body[: len(head)] = head
    position = len(head)
    encryptor = make_cipher(cipher, key, nonce).encryptor()
    with memoryview(body) as target:
        for piece in in_blocks([*pieces, pad]):
            position += encryptor.update_into(piece, target[position:])
        encryptor.finalize()
    del body[position:]
    if cipher.authenticated:
        body += encode(OCTET_STRING, encryptor.tag)
    assert len(body) == len(head) + size + len(pad) + tail_size
    return bytes(body)


def _frame(
    cipher: ContentCipher,
    nonce: bytes,
    size: int,
    key: bytes,
    certificate: Certificate,
    transport: str,
) -> tuple[bytes, int]:
    """All that stands before ``size`` encrypted bytes, and the size of what follows."""
    parameters = encode(OCTET_STRING, nonce)
    tail_size = 0
    if cipher.authenticated:
        parameters = encode(SEQUENCE, parameters, encode_integer(GCM_TAG))
        tail_size = len(encode(OCTET_STRING, bytes(GCM_TAG)))
    recipients = encode(SET, _recipient(key, certificate, transport))
    content_head = (
        encode_oid(DATA)
        + encode(SEQUENCE, encode_oid(cipher.oid), parameters)
        + header(context(0, primitive=True), size)
    )
    kind = AUTH_ENVELOPED_DATA if cipher.authenticated else ENVELOPED_DATA
    length = size + tail_size
    head = header(SEQUENCE, len(content_head) + size) + content_head
    head = encode_integer(0) + recipients + head
    head = header(SEQUENCE, len(head) + length) + head
    head = encode_oid(kind) + header(context(0), len(head) + length) + head
    return header(SEQUENCE, len(head) + length) + head, tail_size


def _recipient(key: bytes, certificate: Certificate, transport: str) -> bytes:
    public = certificate.public_key
    if not isinstance(public, rsa.RSAPublicKey):
        raise AS2ConfigurationError(
            f"Nothing can be encrypted for {certificate.subject}: its key is not RSA. "
            "Enter another certificate for encryption."
        )
    identifier = encode(SEQUENCE, encode_oid(RSA_ENCRYPTION), _NULL)
    name = KEY_TRANSPORTS[transport]
    if name is not None:
        hashed = encode(SEQUENCE, encode_oid(DIGESTS[name].oid), _NULL)
        parameters = encode(
            SEQUENCE,
            encode(context(0), hashed),
            encode(context(1), encode(SEQUENCE, encode_oid(MGF1), hashed)),
        )
        # RFC 4055 section 4.1: SHA-1 is the default, and DER leaves defaults out
        identifier = encode(
            SEQUENCE,
            encode_oid(RSAES_OAEP),
            encode(SEQUENCE) if name == "sha1" else parameters,
        )
    mask = DIGESTS[name] if name is not None else None
    return encode(
        SEQUENCE,
        encode_integer(0),
        encode(SEQUENCE, certificate.issuer_der, encode_integer(certificate.serial)),
        identifier,
        encode(OCTET_STRING, public.encrypt(key, rsa_padding(name, mask))),
    )
