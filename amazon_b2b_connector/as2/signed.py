"""Reading SignedData (RFC 5652 section 5): one signer, whose certificate is known here.

Certificates that travel in the message are not looked at. A signature without signed
attributes is refused though the standard allows it: content and attributes could be
mistaken for one another.
"""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, padding

from .algorithms import DIGESTS, SIGNATURE_BY_OID, Digest
from .ber import (
    OCTET_STRING,
    SEQUENCE,
    SET,
    BerError,
    Buffer,
    Reader,
    context,
    encode,
    encode_oid,
)
from .cms import (
    CONTENT_TYPE,
    DATA,
    MESSAGE_DIGEST,
    SIGNED_DATA,
    no_trailer,
    read_digest,
    read_issuer_and_serial,
    read_mask,
)
from .errors import ContentError
from .keys import Certificate


@dataclass(frozen=True)
class Signature:
    """What a SignedData with its one signer says, not yet verified.

    :ivar content: pieces of the content where it is inside (opaque), else None.
    :ivar digest: hash function to run over the content.
    """

    content: list[memoryview] | None
    digest: Digest
    issuer: bytes | None
    serial: int
    key_identifier: bytes | None
    attributes: tuple[bytes, ...]
    message_digest: bytes
    scheme: str
    mask_digest: Digest
    salt_length: int
    value: bytes

    def is_by(self, certificate: Certificate) -> bool:
        """Whether the signer names this certificate as his (``sid``)."""
        if self.issuer is not None:
            return certificate.is_named(self.issuer, self.serial)
        return self.key_identifier == certificate.key_identifier

    def verify(
        self, content_digest: bytes, trusted: Sequence[Certificate]
    ) -> Certificate:
        """The trusted certificate that has signed this content.

        :param content_digest: hash of the content, by ``digest``.
        :raises ContentError: nobody trusted has signed, or not this content.
        """
        signers = [one for one in trusted if self.is_by(one)]
        if not signers:
            who = f"serial number {self.serial:x}" if self.serial else "a key id"
            raise ContentError(
                f"It is signed with a certificate ({who}) that is not among those "
                "entered for this station. If the partner has a new certificate, "
                "add it to the station.",
                "authentication-failed",
            )
        for certificate in signers:
            if self._is_signed_by(certificate):
                break
        else:
            raise ContentError(
                "The signature does not fit the station's certificate.",
                "authentication-failed",
            )
        if not hmac.compare_digest(content_digest, self.message_digest):
            raise ContentError(
                "The content was changed after it had been signed.",
                "integrity-check-failed",
            )
        return certificate

    def _is_signed_by(self, certificate: Certificate) -> bool:
        """Check the signature over the attributes.

        They are hashed in DER (section 5.4): as they stand and, for signers that
        send another order than they hash, sorted.
        """
        as_sent = encode(SET, *self.attributes)
        in_order = encode(SET, *sorted(self.attributes))
        return self._fits(certificate, as_sent) or (
            in_order != as_sent and self._fits(certificate, in_order)
        )

    def _fits(self, certificate: Certificate, attributes: bytes) -> bool:
        key, algorithm = certificate.public_key, self.digest.primitive()
        try:
            if isinstance(key, ec.EllipticCurvePublicKey):
                if self.scheme != "ecdsa":
                    return False
                key.verify(self.value, attributes, ec.ECDSA(algorithm))
            elif self.scheme == "pss":
                mask = padding.MGF1(self.mask_digest.primitive())
                scheme = padding.PSS(mask, self.salt_length)
                key.verify(self.value, attributes, scheme, algorithm)
            elif self.scheme == "pkcs1v15":
                key.verify(self.value, attributes, padding.PKCS1v15(), algorithm)
            else:
                return False
        except (InvalidSignature, UnsupportedAlgorithm, ValueError):
            return False
        return True


def read_signed(data: Buffer) -> Signature:
    """Read a ContentInfo with SignedData.

    :raises ContentError: no SignedData, not exactly one signer, or unknown algorithms.
    """
    outer = Reader(data)
    with outer.enter(SEQUENCE) as info:
        if info.oid() != SIGNED_DATA:
            raise BerError("this is no SignedData")
        with info.enter(context(0)) as explicit, explicit.enter(SEQUENCE) as signed:
            signed.integer()  # version: follows from what is in it
            signed.skip()  # digestAlgorithms: the signer names his own
            content = _encapsulated(signed)
            for optional in (context(0), context(1)):  # certificates, crls
                if signed.next_is(optional):
                    signed.skip()
            with signed.enter(SET) as signers:
                if not signers.more():
                    raise ContentError(
                        "It is signed by nobody.", "authentication-failed"
                    )
                signature = _signer(signers, content)
                if signers.more():
                    raise ContentError("It has more than one signer.")
    no_trailer(outer, data)
    return signature


def _encapsulated(signed: Reader) -> list[memoryview] | None:
    with signed.enter(SEQUENCE) as encapsulated:
        if encapsulated.oid() != DATA:
            raise BerError("what is signed is no plain data")
        if not encapsulated.more():
            return None
        with encapsulated.enter(context(0)) as explicit:
            return explicit.octets()


def _signer(signers: Reader, content: list[memoryview] | None) -> Signature:
    issuer: bytes | None = None
    key_identifier: bytes | None = None
    serial = 0
    with signers.enter(SEQUENCE) as signer:
        signer.integer()
        if signer.next_is(SEQUENCE):
            issuer, serial = read_issuer_and_serial(signer)
        else:
            key_identifier = bytes(signer.primitive(context(0, primitive=True)))
        digest = read_digest(signer)
        if not signer.next_is(context(0)):
            raise ContentError(
                "The signature has no signed attributes.", "authentication-failed"
            )
        attributes, message_digest = _attributes(signer)
        scheme, mask, salt = _signature_algorithm(signer, digest)
        value = b"".join(signer.octets())
        if signer.next_is(context(1)):
            signer.skip()  # unsigned attributes
    return Signature(
        content,
        digest,
        issuer,
        serial,
        key_identifier,
        attributes,
        message_digest,
        scheme,
        mask,
        salt,
        value,
    )


def _attributes(signer: Reader) -> tuple[tuple[bytes, ...], bytes]:
    """The raw attributes and the message digest among them."""
    raw: list[bytes] = []
    found: dict[str, list[memoryview]] = {CONTENT_TYPE: [], MESSAGE_DIGEST: []}
    with signer.enter(context(0)) as attributes:
        while attributes.more():
            one = attributes.raw()
            raw.append(bytes(one))
            _note_attribute(one, found)
    types, digests = found[CONTENT_TYPE], found[MESSAGE_DIGEST]
    if len(types) != 1 or types[0] != encode_oid(DATA) or len(digests) != 1:
        raise ContentError(
            "The signed attributes must name the content type and the digest, "
            "each once.",
            "authentication-failed",
        )
    return tuple(raw), bytes(Reader(digests[0]).primitive(OCTET_STRING))


def _note_attribute(one: memoryview, found: dict[str, list[memoryview]]) -> None:
    with Reader(one).enter(SEQUENCE) as attribute:
        kind = attribute.oid()
        if kind not in found:
            # of no interest here, and partners send odd ones: signed, not read
            while attribute.more():
                attribute.skip()
            return
        with attribute.enter(SET) as values:
            while values.more():
                found[kind].append(values.raw())


def _signature_algorithm(signer: Reader, digest: Digest) -> tuple[str, Digest, int]:
    """Scheme, digest of the mask function and salt length (the latter two for PSS)."""
    with signer.enter(SEQUENCE) as algorithm:
        oid = algorithm.oid()
        scheme, bound = SIGNATURE_BY_OID.get(oid, (None, None))
        if scheme is None or bound not in (None, digest.name):
            raise ContentError(
                f"Its signature algorithm ({oid}) is not supported with {digest.name}.",
                "insufficient-message-security",
            )
        if scheme == "pss":
            return scheme, *_pss_parameters(algorithm, digest)
        while algorithm.more():
            algorithm.skip()
    return scheme, digest, 0


def _pss_parameters(algorithm: Reader, digest: Digest) -> tuple[Digest, int]:
    """RSASSA-PSS-params (RFC 4055 section 3.1); the digest must be the signer's."""
    hashed, mask, salt = DIGESTS["sha1"], None, 20
    with algorithm.enter(SEQUENCE) as parameters:
        if parameters.next_is(context(0)):
            with parameters.enter(context(0)) as explicit:
                hashed = read_digest(explicit)
        mask = hashed
        if parameters.next_is(context(1)):
            with parameters.enter(context(1)) as explicit:
                mask = read_mask(explicit)
        if parameters.next_is(context(2)):
            with parameters.enter(context(2)) as explicit:
                salt = explicit.integer()
        if parameters.next_is(context(3)):
            parameters.skip()  # trailerField, always 1
    if hashed != digest or not 0 <= salt <= 512:
        raise ContentError(
            "The parameters of its PSS signature do not fit its digest.",
            "insufficient-message-security",
        )
    return mask, salt
