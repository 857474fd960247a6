"""S/MIME signatures as MIME parts (RFC 1847, RFC 8551 section 3.5), both ways.

Messages and receipts are signed alike; both use this.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from .algorithms import Digest
from .ber import Buffer
from .errors import AS2ConfigurationError, ContentError
from .keys import Certificate, PrivateKey
from .mime import MimeError, Part, decode_base64, entity, multipart, read_multipart
from .parties import Policy, Station
from .signed import Signature, read_signed
from .signing import sign

SIGNATURE_TYPES = ("application/pkcs7-signature", "application/x-pkcs7-signature")


@dataclass(frozen=True)
class Verified:
    """Content that a trusted certificate has signed.

    :ivar content: exactly the bytes that the signature is over.
    :ivar content_digest: their hash by ``digest``.
    """

    content: Part
    digest: Digest
    content_digest: bytes
    certificate: Certificate


def hash_pieces(digest: Digest, pieces: Sequence[Buffer]) -> bytes:
    hasher = hashlib.new(digest.name)
    for piece in pieces:
        hasher.update(piece)
    return hasher.digest()


def base64_text(value: bytes) -> str:
    return base64.b64encode(value).decode("ascii")


def verify_multipart(part: Part, station: Station, moment: datetime | None) -> Verified:
    """Verify a multipart/signed entity against the station's certificates.

    :param moment: when; None: the certificates' dates are not looked at.
    :raises ContentError: not signed as it must be.
    """
    parts, more = read_multipart(part, most=2)
    if len(parts) != 2:
        raise MimeError("A signed entity has two parts, content and signature.")
    content, carrier = parts
    if carrier.media_type not in SIGNATURE_TYPES:
        raise MimeError("The second part of what is signed is no signature.")
    signature = read_signed(_signature_bytes(carrier))
    if signature.content is not None:
        raise ContentError("Its signature holds a content of its own.")
    content_digest, certificate = check(signature, [content.raw], station, moment)
    if more:  # looked at last, so that bad padding costs the same time as good
        raise MimeError("Something follows behind what is signed.")
    return Verified(content, signature.digest, content_digest, certificate)


def _signature_bytes(carrier: Part) -> Buffer:
    body = carrier.decoded()
    stated = "content-transfer-encoding" in carrier.headers
    if not stated and bytes(body[:1]) == b"M":  # 0x30 in base64; DER begins with "0"
        return decode_base64(body)
    return body


def check(
    signature: Signature,
    pieces: Sequence[Buffer],
    station: Station,
    moment: datetime | None,
) -> tuple[bytes, Certificate]:
    """Hash the content and verify the signature over it.

    :raises ContentError: by the station's policy or certificates it does not hold.
    """
    content_digest = hash_pieces(signature.digest, pieces)
    if signature.digest.name not in station.policy.digests or (
        signature.mask_digest.name not in station.policy.digests
    ):
        raise ContentError(
            f"It is signed with {signature.digest.name}, which is not allowed for "
            "this station.",
            "insufficient-message-security",
        )
    certificate = signature.verify(content_digest, station.certificates)
    if moment is not None and not station.policy.allow_expired:
        require_valid(certificate, moment)
    return content_digest, certificate


def require_valid(certificate: Certificate, moment: datetime) -> None:
    """Raises ContentError outside the certificate's dates."""
    if moment < certificate.not_before:
        raise ContentError(
            f"The certificate {certificate.subject} is not valid before "
            f"{certificate.not_before:%Y-%m-%d %H:%M} UTC.",
            "authentication-failed",
        )
    if moment > certificate.not_after:
        raise ContentError(
            f"The certificate {certificate.subject} expired on "
            f"{certificate.not_after:%Y-%m-%d %H:%M} UTC. Enter the partner's new "
            "one at the station.",
            "authentication-failed",
        )


def sign_multipart(
    content: Sequence[bytes],
    key: PrivateKey,
    digest: Digest,
    moment: datetime,
    scheme: str = "pkcs1v15",
) -> tuple[str, list[bytes], bytes]:
    """Sign an entity.

    :return: Content-Type of the multipart/signed, its body, and the content's hash.
    """
    content_digest = hash_pieces(digest, content)
    signature = base64.encodebytes(sign(content_digest, digest, key, moment, scheme))
    carrier = entity(
        {
            "Content-Type": 'application/pkcs7-signature; name="smime.p7s"',
            "Content-Transfer-Encoding": "base64",
            "Content-Disposition": 'attachment; filename="smime.p7s"',
        },
        [signature.rstrip().replace(b"\n", b"\r\n")],
    )
    boundary, body = multipart([content, carrier])
    content_type = (
        'multipart/signed; protocol="application/pkcs7-signature"; '
        f'micalg={digest.mic_name}; boundary="{boundary}"'
    )
    return content_type, body, content_digest


def require_usable(
    certificate: Certificate, moment: datetime, policy: Policy, whose: str
) -> None:
    if not policy.allow_expired and not certificate.valid_at(moment):
        raise AS2ConfigurationError(
            f"Nothing can be sent: {whose} {certificate.subject} is valid only from "
            f"{certificate.not_before:%Y-%m-%d} to {certificate.not_after:%Y-%m-%d}."
        )
