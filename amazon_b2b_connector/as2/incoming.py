"""AS2 messages received (RFC 4130): opened layer by layer, then judged.

The layers, from the outside in: EnvelopedData, then multipart/signed (or opaque
SignedData), with CompressedData outside or inside of the signature (RFC 5402).
All of them are taken off before anything is refused that a stranger must not learn.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import unquote_to_bytes

from .algorithms import DIGESTS, Digest, digest_named
from .ber import Buffer
from .cms import (
    AUTH_ENVELOPED_DATA,
    COMPRESSED_DATA,
    ENVELOPED_DATA,
    SIGNED_DATA,
    content_type,
)
from .compressed import decompress
from .decryption import open_envelope
from .envelope import ReceiptRequest, lower_names, peek
from .enveloped import read_enveloped
from .errors import ContentError, MessageRefused
from .mime import MAX_HEADER_BLOCK, Part, read_part
from .parties import Identity, Station
from .signed import read_signed
from .smime import base64_text, check, hash_pieces, verify_multipart

PKCS7_TYPES = ("application/pkcs7-mime", "application/x-pkcs7-mime")
_SHA256 = DIGESTS["sha256"]


@dataclass(frozen=True)
class IncomingMessage:
    """A message that may be accepted.

    :ivar payload: exactly the bytes that were signed.
    :ivar content_type: of the payload, without parameters.
    :ivar filename: as the sender calls it, last path component only; or None.
    :ivar digest: of the signature, or None; ``cipher`` likewise.
    :ivar mic: base64, for the receipt; ``mic_algorithm`` its digest.
    :ivar receipt: the receipt asked for, its digest allowed by the policy. The MIC may
        have another one: that of the message's signature.
    :ivar fingerprint: of the certificate that signed, or None.
    """

    payload: bytes = field(repr=False)
    content_type: str
    filename: str | None
    message_id: str
    signed: bool
    encrypted: bool
    compressed: bool
    digest: str | None
    cipher: str | None
    mic: str
    mic_algorithm: str
    receipt: ReceiptRequest | None
    fingerprint: str | None


class _Layers:
    """What has been found while unwrapping."""

    def __init__(
        self, station: Station, identity: Identity, moment: datetime | None
    ) -> None:
        self.station = station
        self.identity = identity
        self.moment = moment
        self.cipher: str | None = None
        self.transport: str | None = None
        self.sound = True
        self.digest: Digest | None = None
        self.content_digest: bytes | None = None
        self.fingerprint: str | None = None
        self.compressed = False

    @property
    def authenticated(self) -> bool:
        return self.fingerprint is not None and self.sound

    def unwrap(self, part: Part) -> Part:
        """Take off one layer after the other until the payload is bare."""
        for _ in range(4):
            if part.media_type == "multipart/signed":
                part = self._signed(part)
            elif part.media_type in PKCS7_TYPES:
                data = part.decoded()
                kind = content_type(data)
                step = _STEPS.get(kind)
                if step is None:
                    raise ContentError(f"Its content type ({kind}) is not supported.")
                part = step(self, data)
            else:
                return part
        raise ContentError("It is wrapped more often than AS2 knows.")

    def _signed(self, part: Part) -> Part:
        self._only_once(self.digest)
        verified = verify_multipart(part, self.station, self.moment)
        self.digest = verified.digest
        self.content_digest = verified.content_digest
        self.fingerprint = verified.certificate.fingerprint
        return verified.content

    def _opaque(self, data: Buffer) -> Part:
        self._only_once(self.digest)
        signature = read_signed(data)
        if signature.content is None:
            raise ContentError("What it signs is missing.")
        content = b"".join(signature.content)
        self.content_digest, certificate = check(
            signature, [content], self.station, self.moment
        )
        self.digest = signature.digest
        self.fingerprint = certificate.fingerprint
        return read_part(content, 0, len(content))

    def _encrypted(self, data: Buffer) -> Part:
        # RFC 4130 section 5.3: encryption is the outermost layer
        self._only_once(self.cipher or self.digest or self.compressed)
        envelope = read_enveloped(data)
        self.cipher = envelope.cipher.name
        opened = open_envelope(envelope, self.identity.keys)
        self.sound, self.transport = opened.sound, opened.transport
        return self._inner(opened.content)

    def _compressed(self, data: Buffer) -> Part:
        self._only_once(self.compressed)
        self.compressed = True
        limit = self.station.policy.max_size + MAX_HEADER_BLOCK
        return self._inner(decompress(data, limit))

    def _inner(self, content: bytearray) -> Part:
        part = read_part(content, 0, len(content))
        if "content-type" not in part.headers:
            raise ContentError("What is inside has no content type.")
        return part

    def _only_once(self, before: object) -> None:
        if before:
            raise ContentError("Its layers are not in an order that AS2 knows.")

    def judge(self, size: int) -> None:
        """Whether what has been found is what the station's policy asks for."""
        policy = self.station.policy
        if not self.sound:
            raise ContentError("It could not be decrypted.", "decryption-failed")
        if policy.require_signature and not self.digest:
            raise self._insecure("it is not signed")
        if policy.require_encryption and not self.cipher:
            raise self._insecure("it is not encrypted")
        if self.cipher and self.cipher not in policy.ciphers:
            raise self._insecure(f"it is encrypted with {self.cipher}")
        if self.transport and self.transport not in policy.key_transports:
            raise self._insecure(f"its key is encrypted with {self.transport}")
        if size > policy.max_size:
            raise ContentError(
                f"Its payload has {size} bytes, more than the {policy.max_size} that "
                "are allowed for this station.",
                "unexpected-processing-error",
            )

    def _insecure(self, what: str) -> ContentError:
        return ContentError(
            f"That is not allowed for this station: {what}.",
            "insufficient-message-security",
        )

    def mic(self, part: Part, digest: Digest) -> str:
        """The MIC (RFC 4130 section 7.3.1, RFC 5402 section 4), base64.

        :param part: the innermost entity.
        """
        if self.content_digest:
            return base64_text(self.content_digest)
        # neither encrypted nor compressed: without any headers
        content = part.raw if self.cipher or self.compressed else part.raw_body
        return base64_text(hash_pieces(digest, [content]))


_STEPS: dict[str, Callable[[_Layers, Buffer], Part]] = {
    ENVELOPED_DATA: _Layers._encrypted,
    AUTH_ENVELOPED_DATA: _Layers._encrypted,
    SIGNED_DATA: _Layers._opaque,
    COMPRESSED_DATA: _Layers._compressed,
}


def receive_message(
    headers: Mapping[str, str],
    body: bytes,
    sender: Station,
    receiver: Identity,
    moment: datetime | None = None,
) -> IncomingMessage:
    """Open a message and check it against the sender's policy.

    :param headers: HTTP header fields, names in any case.
    :param moment: aware; certificates that are not valid then are refused. None: the
        station's certificates have been chosen by their dates already.
    :raises EnvelopeRefused: the headers are not those of an AS2 message.
    :raises MessageRefused: the message is not accepted; see there for the answer.
    """
    envelope = peek(headers)
    layers = _Layers(sender, receiver, moment)
    outer = Part(lower_names(headers), body, 0, 0, len(body))
    try:
        if (envelope.as2_from, envelope.as2_to) != (sender.as2_id, receiver.as2_id):
            raise ContentError(
                f"Its headers name {envelope.as2_from!r} and {envelope.as2_to!r}.",
                "unknown-trading-relationship",
            )
        part = layers.unwrap(outer)
        payload = bytes(part.decoded())
        layers.judge(len(payload))
    except ContentError as error:
        raise _refusal(error, layers) from error
    receipt, digest = _receipt(envelope.receipt, layers)
    return IncomingMessage(
        payload=payload,
        content_type=part.media_type,
        filename=_filename(part),
        message_id=envelope.message_id,
        signed=layers.digest is not None,
        encrypted=layers.cipher is not None,
        compressed=layers.compressed,
        digest=layers.digest.name if layers.digest else None,
        cipher=layers.cipher,
        mic=layers.mic(part, digest),
        mic_algorithm=digest.name,
        receipt=receipt,
        fingerprint=layers.fingerprint,
    )


def _receipt(
    asked: ReceiptRequest | None, layers: _Layers
) -> tuple[ReceiptRequest | None, Digest]:
    """The request with a digest that is allowed, and the digest of the MIC.

    The latter is that of the signature, where there is one (RFC 4130 section 7.4.3).
    """
    fallback = layers.digest or _SHA256
    if asked is None:
        return None, fallback
    receipt = asked.under(layers.station.policy, fallback.name)
    return receipt, layers.digest or digest_named(receipt.micalg) or fallback


def _refusal(error: ContentError, layers: _Layers) -> MessageRefused:
    reason, person = error.reason, error.person
    if layers.cipher and not layers.authenticated and reason == "unsupported-format":
        reason = "decryption-failed"
        person = (
            "It could not be decrypted with our keys (the partner may still use an "
            f"old certificate of ours), or what came out cannot be read: {person}"
        )
    mic = algorithm = None
    if layers.authenticated and layers.content_digest and layers.digest:
        mic, algorithm = base64_text(layers.content_digest), layers.digest.name
    return MessageRefused(
        f"The message of {layers.station.as2_id} is refused. {person}",
        reason,
        authenticated=layers.authenticated,
        mic=mic,
        mic_algorithm=algorithm,
    )


def _filename(part: Part) -> str | None:
    """The file name (RFC 2183, RFC 2231), without directories; never to be trusted."""
    name = part.parameter("filename", "content-disposition") or part.parameter("name")
    extended = part.parameter("filename*", "content-disposition")
    if not name and extended and extended.lower().startswith("utf-8'"):
        encoded = extended.split("'", 2)[-1]
        name = unquote_to_bytes(encoded).decode("utf-8", "replace")
    name = re.split(r"[/\\]", name or "")[-1]
    name = "".join(each for each in name if each.isprintable()).strip(". ")
    return name[:255] or None
