"""SignedData put together by hand: what a signer may vary, and what he may not."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass, field, replace

import pytest
from as2_builders import LOOSE, PAYLOAD, content_info, indefinite, key, receive, wrapped
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding

import as2
from as2.algorithms import DIGESTS, MGF1, RSASSA_PSS
from as2.ber import (
    NULL,
    OCTET_STRING,
    SEQUENCE,
    SET,
    context,
    encode,
    encode_integer,
    encode_oid,
)
from as2.cms import CONTENT_TYPE, DATA, ENVELOPED_DATA, MESSAGE_DIGEST, SIGNED_DATA

ENTITY = b"Content-Type: application/EDI-X12\r\n\r\n" + PAYLOAD
SHA1, SHA256, SHA512 = (DIGESTS[name] for name in ("sha1", "sha256", "sha512"))


NO_PARAMETERS = encode(NULL)


def attribute(kind: str, *values: bytes) -> bytes:
    return encode(SEQUENCE, encode_oid(kind), encode(SET, *values))


def algorithm(oid: str, parameters: bytes = NO_PARAMETERS) -> bytes:
    return encode(SEQUENCE, encode_oid(oid), parameters)


TYPE = attribute(CONTENT_TYPE, encode_oid(DATA))
DIGEST = attribute(
    MESSAGE_DIGEST, encode(OCTET_STRING, hashlib.sha256(ENTITY).digest())
)


@dataclass(frozen=True)
class Signer:
    """Alice's signature over ENTITY, each part of it open to change."""

    attributes: tuple[bytes, ...] = (TYPE, DIGEST)
    sent: tuple[bytes, ...] | None = None  # attributes in the order they are sent in
    attributes_field: bytes | None = None  # the same with its tag, as it is sent
    signature_algorithm: bytes = algorithm("1.2.840.113549.1.1.1")
    scheme: padding.AsymmetricPadding = field(default_factory=padding.PKCS1v15)
    hashed_with: hashes.HashAlgorithm = field(default_factory=hashes.SHA256)
    encapsulated: bytes = encode_oid(DATA)
    unsigned: bytes = b""
    trailer: bytes = b""
    carrier: str = "application/pkcs7-signature"

    def signed_data(self) -> bytes:
        certificate, private = key("alice").certificate, key("alice").key
        value = private.sign(
            encode(SET, *self.attributes), self.scheme, self.hashed_with
        )
        sent = encode(context(0), *(self.sent or self.attributes))
        signer = encode(
            SEQUENCE,
            encode_integer(1),
            encode(
                SEQUENCE, certificate.issuer_der, encode_integer(certificate.serial)
            ),
            algorithm(SHA256.oid),
            self.attributes_field or sent,
            self.signature_algorithm,
            encode(OCTET_STRING, value),
            self.unsigned,
        )
        inside = encode(
            SEQUENCE,
            encode_integer(1),
            encode(SET, algorithm(SHA256.oid)),
            encode(SEQUENCE, self.encapsulated),
            encode(SET, signer),
        )
        return content_info(SIGNED_DATA, inside) + self.trailer

    def message(self) -> as2.OutgoingMessage:
        body = (
            b"--b\r\n" + ENTITY + b"\r\n--b\r\n"
            b"Content-Type: " + self.carrier.encode() + b"\r\n"
            b"Content-Transfer-Encoding: base64\r\n\r\n"
            + base64.encodebytes(self.signed_data())
            + b"\r\n--b--\r\n"
        )
        return wrapped("multipart/signed; boundary=b", body)


@pytest.mark.parametrize(
    "signer",
    [
        Signer(),
        Signer(trailer=b"\r\n"),
        Signer(carrier="application/x-pkcs7-signature; name=a"),
        Signer(signature_algorithm=algorithm(SHA256.rsa_oid)),
        Signer(signature_algorithm=algorithm(SHA256.rsa_oid, b"")),
        Signer(attributes=(TYPE, DIGEST), sent=(DIGEST, TYPE)),
        Signer(attributes=(DIGEST, TYPE)),
        Signer(attributes_field=indefinite(0x80, TYPE, DIGEST)),
        Signer(unsigned=encode(context(1), attribute("1.2.3.4", encode(NULL)))),
    ],
    ids=[
        "as usual",
        "line end behind",
        "old media type",
        "bound algorithm",
        "no parameters",
        "hashed sorted, sent otherwise",
        "neither sorted",
        "indefinite length",
        "unsigned attributes",
    ],
)
def test_signers_may_write_it_in_these_ways(signer: Signer) -> None:
    assert receive(signer.message(), LOOSE).payload == PAYLOAD


@pytest.mark.parametrize(
    "odd",
    [
        attribute("1.2.840.113549.1.9.15", encode(SEQUENCE)),
        attribute("1.2.840.113549.1.9.52", encode(SEQUENCE, encode(context(1)))),
        attribute("1.2.3.4"),
        encode(SEQUENCE, encode_oid("1.2.3.4")),
        encode(SEQUENCE, encode_oid("1.2.3.4"), encode(OCTET_STRING, b"no set")),
        indefinite(SEQUENCE, encode_oid("1.2.3.4"), indefinite(SET)),
    ],
    ids=["capabilities", "protection", "no value", "no set", "other", "indefinite"],
)
def test_odd_attributes_of_no_interest_are_let_be(odd: bytes) -> None:
    attributes = (TYPE, odd, DIGEST)
    assert receive(Signer(attributes).message(), LOOSE).payload == PAYLOAD


OTHER_DIGEST = encode(OCTET_STRING, bytes(32))
GOOD_DIGEST = encode(OCTET_STRING, hashlib.sha256(ENTITY).digest())


def pss(hashed: str, mask: str) -> bytes:
    parameters = encode(
        SEQUENCE,
        encode(context(0), algorithm(hashed)),
        encode(context(1), algorithm(MGF1, algorithm(mask))),
        encode(context(2), encode_integer(32)),
    )
    return algorithm(RSASSA_PSS, parameters)


def pss_padding(mask: hashes.HashAlgorithm) -> padding.PSS:
    return padding.PSS(padding.MGF1(mask), 32)


@pytest.mark.parametrize(
    "signer",
    [
        Signer((DIGEST,)),
        Signer((TYPE,)),
        Signer((TYPE, TYPE, DIGEST)),
        Signer((attribute(CONTENT_TYPE), DIGEST)),
        Signer((attribute(CONTENT_TYPE, encode_oid(ENVELOPED_DATA)), DIGEST)),
        Signer((TYPE, DIGEST, DIGEST)),
        Signer((TYPE, DIGEST, attribute(MESSAGE_DIGEST, OTHER_DIGEST))),
        Signer((TYPE, attribute(MESSAGE_DIGEST, GOOD_DIGEST, OTHER_DIGEST))),
        Signer((TYPE, attribute(MESSAGE_DIGEST))),
        Signer((TYPE, attribute(MESSAGE_DIGEST, OTHER_DIGEST))),
        Signer((TYPE, attribute(MESSAGE_DIGEST, encode(NULL)))),
        Signer(encapsulated=encode_oid(ENVELOPED_DATA)),
        Signer(
            encapsulated=encode_oid(DATA)
            + encode(context(0), encode(OCTET_STRING, ENTITY))
        ),
        Signer(trailer=b"x"),
        Signer(trailer=b"\r\n" * 5),
        Signer(carrier="text/plain"),
        Signer(signature_algorithm=algorithm(SHA512.rsa_oid)),
        Signer(
            signature_algorithm=algorithm(SHA512.rsa_oid), hashed_with=hashes.SHA512()
        ),
        Signer(signature_algorithm=algorithm(SHA256.ecdsa_oid)),
        Signer(signature_algorithm=algorithm("1.2.840.10040.4.3")),
        Signer(
            signature_algorithm=pss(SHA256.oid, SHA1.oid),
            scheme=pss_padding(hashes.SHA1()),
        ),
        Signer(
            signature_algorithm=pss(SHA512.oid, SHA512.oid),
            scheme=pss_padding(hashes.SHA512()),
            hashed_with=hashes.SHA512(),
        ),
        Signer(
            signature_algorithm=pss(SHA512.oid, SHA256.oid),
            scheme=pss_padding(hashes.SHA256()),
        ),
    ],
    ids=[
        "no content type",
        "no digest",
        "content type twice",
        "content type empty",
        "content type of something else",
        "digest twice",
        "two digests",
        "two digests in one attribute",
        "digest empty",
        "digest of something else",
        "digest is no string",
        "something else is signed",
        "content inside of a detached signature",
        "bytes behind",
        "many line ends behind",
        "signature is text",
        "algorithm bound to another digest",
        "signed with another digest",
        "elliptic curve signature under RSA",
        "DSA",
        "PSS masked with SHA-1",
        "PSS with another digest",
        "PSS that names another digest",
    ],
)
def test_signers_may_not_write_it_in_these_ways(signer: Signer) -> None:
    with pytest.raises(as2.MessageRefused) as refused:
        receive(signer.message(), LOOSE)
    assert not refused.value.authenticated


def test_pss_may_be_masked_with_sha1_where_the_station_allows_sha1() -> None:
    signer = Signer(
        signature_algorithm=pss(SHA256.oid, SHA1.oid),
        scheme=pss_padding(hashes.SHA1()),
    )
    policy = replace(LOOSE, digests=frozenset({"sha1", "sha256"}))
    assert receive(signer.message(), policy).payload == PAYLOAD
