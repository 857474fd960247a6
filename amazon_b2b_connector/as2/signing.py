"""Writing SignedData (RFC 5652 section 5).

What is signed is only what the standard demands plus the time: some receivers stumble
over more.
"""

from __future__ import annotations

from datetime import datetime, timezone

from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from .algorithms import MGF1, RSA_ENCRYPTION, RSASSA_PSS, Digest
from .ber import (
    GENERALIZED_TIME,
    NULL,
    OCTET_STRING,
    SEQUENCE,
    SET,
    UTC_TIME,
    context,
    encode,
    encode_integer,
    encode_oid,
)
from .cms import CONTENT_TYPE, DATA, MESSAGE_DIGEST, SIGNED_DATA, SIGNING_TIME
from .keys import PrivateKey

_NULL = encode(NULL)


def sign(
    content_digest: bytes,
    digest: Digest,
    key: PrivateKey,
    moment: datetime,
    scheme: str = "pkcs1v15",
) -> bytes:
    """A detached signature: ContentInfo with SignedData, in DER.

    :param content_digest: hash of the content, by ``digest``.
    :param moment: signing time, aware.
    :param scheme: ``pkcs1v15`` or ``pss``; an elliptic curve key has its own.
    """
    attributes = sorted(
        (
            _attribute(CONTENT_TYPE, encode_oid(DATA)),
            _attribute(SIGNING_TIME, _time(moment)),
            _attribute(MESSAGE_DIGEST, encode(OCTET_STRING, content_digest)),
        )
    )
    algorithm, value = _make_signature(encode(SET, *attributes), digest, key, scheme)
    digest_algorithm = encode(SEQUENCE, encode_oid(digest.oid), _NULL)
    certificate = key.certificate
    signer = encode(
        SEQUENCE,
        encode_integer(1),
        encode(SEQUENCE, certificate.issuer_der, encode_integer(certificate.serial)),
        digest_algorithm,
        encode(context(0), *attributes),
        algorithm,
        encode(OCTET_STRING, value),
    )
    signed = encode(
        SEQUENCE,
        encode_integer(1),
        encode(SET, digest_algorithm),
        encode(SEQUENCE, encode_oid(DATA)),
        encode(context(0), certificate.der),
        encode(SET, signer),
    )
    return encode(SEQUENCE, encode_oid(SIGNED_DATA), encode(context(0), signed))


def _make_signature(
    attributes: bytes, digest: Digest, key: PrivateKey, scheme: str
) -> tuple[bytes, bytes]:
    """AlgorithmIdentifier and value."""
    algorithm = digest.primitive()
    if not isinstance(key.key, rsa.RSAPrivateKey):
        identifier = encode(SEQUENCE, encode_oid(digest.ecdsa_oid))
        return identifier, key.key.sign(attributes, ec.ECDSA(algorithm))
    if scheme == "pkcs1v15":
        identifier = encode(SEQUENCE, encode_oid(RSA_ENCRYPTION), _NULL)
        return identifier, key.key.sign(attributes, padding.PKCS1v15(), algorithm)
    salt = algorithm.digest_size
    pss = padding.PSS(padding.MGF1(algorithm), salt)
    return _pss_identifier(digest, salt), key.key.sign(attributes, pss, algorithm)


def _pss_identifier(digest: Digest, salt: int) -> bytes:
    hashed = encode(SEQUENCE, encode_oid(digest.oid), _NULL)
    parameters = encode(
        SEQUENCE,
        encode(context(0), hashed),
        encode(context(1), encode(SEQUENCE, encode_oid(MGF1), hashed)),
        encode(context(2), encode_integer(salt)),
    )
    return encode(SEQUENCE, encode_oid(RSASSA_PSS), parameters)


def _attribute(kind: str, value: bytes) -> bytes:
    return encode(SEQUENCE, encode_oid(kind), encode(SET, value))


def _time(moment: datetime) -> bytes:
    """RFC 5652 section 11.3: UTCTime up to 2049, GeneralizedTime from then on."""
    utc = moment.astimezone(timezone.utc)
    if utc.year < 2050:
        return encode(UTC_TIME, utc.strftime("%y%m%d%H%M%SZ").encode())
    return encode(GENERALIZED_TIME, utc.strftime("%Y%m%d%H%M%SZ").encode())
