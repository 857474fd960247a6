"""AS2 messages to send (RFC 4130): compressed, then signed, then encrypted."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from .algorithms import CIPHERS, DIGESTS
from .compressed import compress
from .encryption import encrypt
from .envelope import (
    encode_text,
    header_value,
    own_headers,
)
from .errors import AS2ConfigurationError
from .mime import (
    entity,
    filename_parameter,
)
from .parties import Identity, Station
from .smime import (
    base64_text,
    hash_pieces,
    require_usable,
    sign_multipart,
)


@dataclass(frozen=True)
class OutgoingMessage:
    """What to post. A resend posts the very same (RFC 4130 section 5.5).

    :ivar mic: base64; what the receipt must bring back, None if none is asked for.
    :ivar mic_algorithm: its digest, as in ``Policy.digests``.
    """

    headers: dict[str, str]
    body: bytes = field(repr=False)
    mic: str | None
    mic_algorithm: str | None


def build_message(
    payload: bytes,
    sender: Identity,
    receiver: Station,
    *,
    message_id: str,
    date: datetime,
    content_type: str = "application/EDI-X12",
    filename: str | None = None,
    subject: str | None = None,
    async_mdn_url: str | None = None,
) -> OutgoingMessage:
    """Compress, sign and encrypt a payload as the receiver wants it.

    :param message_id: as ``new_message_id`` makes it.
    :param date: aware; also the moment at which the certificates must be valid.
    :param async_mdn_url: where the receipt is to be posted, for ``mdn="async"``.
    :raises AS2ConfigurationError: a key, a certificate or a setting does not do.
    """
    headers = own_headers(sender.as2_id, receiver.as2_id, message_id, date)
    headers["Subject"] = encode_text(subject or "EDI message")
    headers.update(_receipt_headers(sender, receiver, async_mdn_url))
    layer = _Layer(
        {
            "Content-Type": header_value("Content-Type", content_type),
            "Content-Transfer-Encoding": "binary",
            "Content-Disposition": "attachment"
            + (filename_parameter(filename) if filename else ""),
        },
        [payload],
    )
    # RFC 4130 section 7.4.3: the digest of the signature, where there is one
    mic_digest = DIGESTS[receiver.sign or receiver.mdn_digest or "sha256"]
    protected = receiver.sign or receiver.encrypt or receiver.compress
    # RFC 4130 section 7.3.1: without headers where nothing protects them
    mic_content = layer.entity if protected else layer.body
    content_digest: bytes | None = None
    if receiver.compress:
        packed = compress(layer.entity)
        layer = _Layer(_pkcs7_headers("compressed-data", "smime.p7z"), [packed])
    if receiver.sign:
        mic_content = layer.entity
        layer, content_digest = _sign(layer, sender, receiver, date)
    if content_digest is None:
        content_digest = hash_pieces(mic_digest, mic_content)
    if receiver.encrypt:
        layer = _encrypt(layer, receiver, date)
    headers.update(layer.headers)
    return OutgoingMessage(
        headers=headers,
        body=layer.body[0] if len(layer.body) == 1 else b"".join(layer.body),
        mic=base64_text(content_digest) if receiver.mdn else None,
        mic_algorithm=mic_digest.name if receiver.mdn else None,
    )


@dataclass(frozen=True)
class _Layer:
    """A MIME entity in pieces, so that large contents are not copied."""

    headers: dict[str, str]
    body: list[bytes]

    @property
    def entity(self) -> list[bytes]:
        return entity(self.headers, self.body)


def _sign(
    content: _Layer, sender: Identity, receiver: Station, date: datetime
) -> tuple[_Layer, bytes]:
    assert receiver.sign is not None
    key = sender.signing_key
    require_usable(key.certificate, date, receiver.policy, "our own certificate")
    content_type, body, content_digest = sign_multipart(
        content.entity, key, DIGESTS[receiver.sign], date, receiver.signature_scheme
    )
    return _Layer({"Content-Type": content_type}, body), content_digest


def _encrypt(content: _Layer, receiver: Station, date: datetime) -> _Layer:
    certificate = receiver.encryption_certificate
    if certificate is None:
        if not receiver.certificates:
            raise AS2ConfigurationError(
                f"AS2 station {receiver.as2_id} has no certificate to encrypt for."
            )
        certificate = receiver.certificates[0]
    require_usable(certificate, date, receiver.policy, "the receiver's certificate")
    assert receiver.encrypt is not None
    cipher = CIPHERS[receiver.encrypt]
    body = encrypt(content.entity, cipher, certificate, receiver.key_transport)
    kind = "authEnveloped-data" if cipher.authenticated else "enveloped-data"
    return _Layer(_pkcs7_headers(kind, "smime.p7m"), [body])


def _pkcs7_headers(kind: str, filename: str) -> dict[str, str]:
    return {
        "Content-Type": f'application/pkcs7-mime; smime-type={kind}; name="{filename}"',
        "Content-Transfer-Encoding": "binary",
        "Content-Disposition": f'attachment; filename="{filename}"',
    }


def _receipt_headers(
    sender: Identity, receiver: Station, async_mdn_url: str | None
) -> dict[str, str]:
    """RFC 4130 section 7.3."""
    if receiver.mdn is None:
        return {}
    headers = {
        "Disposition-Notification-To": header_value("AS2 id", sender.as2_id),
    }
    if receiver.mdn_signed:
        digest = DIGESTS[receiver.mdn_digest or receiver.sign or "sha256"]
        headers["Disposition-Notification-Options"] = (
            "signed-receipt-protocol=optional, pkcs7-signature; "
            f"signed-receipt-micalg=optional, {digest.mic_name}"
        )
    if receiver.mdn == "async":
        if not async_mdn_url:
            raise AS2ConfigurationError(
                f"AS2 station {receiver.as2_id} answers asynchronously, but there is "
                "no address that it could answer to."
            )
        headers["Receipt-Delivery-Option"] = header_value(
            "The address for receipts", async_mdn_url, 2048
        )
    return headers
