"""Opening envelopes without telling a stranger what went wrong.

Decryption happens before anybody is authenticated. A content key that cannot be
recovered is replaced by a random one and decryption goes on with that; bad padding is
noted, not raised, and everything that follows is done all the same. The caller
refuses in the end, always alike.
"""

from __future__ import annotations

import hmac
import os
from collections.abc import Sequence
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import rsa

from .algorithms import KEY_TRANSPORTS
from .ciphers import GCM_TAG, in_blocks, make_cipher, rsa_padding
from .enveloped import Enveloped, Recipient
from .errors import ContentError
from .keys import PrivateKey

MAX_TRIALS = 8  # private key operations where no recipient names a key of ours


@dataclass(frozen=True)
class Opened:
    """What came out.

    :ivar sound: whether padding or tag were right; if not, the content must not be
        accepted, whatever it looks like.
    """

    content: bytearray
    sound: bool
    transport: str


def open_envelope(envelope: Enveloped, keys: Sequence[PrivateKey]) -> Opened:
    """Decrypt with one of our keys; never says which step failed.

    :raises ContentError: the envelope shows in the clear that it cannot be for us.
    """
    own = [each for each in keys if isinstance(each.key, rsa.RSAPrivateKey)]
    named = [
        (recipient, key)
        for recipient in envelope.recipients
        for key in own
        if recipient.transport in KEY_TRANSPORTS and recipient.is_for(key.certificate)
    ]
    if named:
        recipient, key = named[0]
        content_key = _content_key(recipient, key, envelope.cipher.key_size)
    else:
        recipient, content_key = _try_all(envelope, own)
    content, sound = _decrypt(envelope, content_key)
    assert recipient.transport is not None
    return Opened(content, sound, recipient.transport)


def _try_all(envelope: Enveloped, own: Sequence[PrivateKey]) -> tuple[Recipient, bytes]:
    """For senders that name the recipient wrongly: the pair whose text is text."""
    pairs = [
        (recipient, key)
        for recipient in envelope.recipients
        for key in own
        if recipient.transport in KEY_TRANSPORTS
    ][:MAX_TRIALS]
    if not pairs:
        raise ContentError(
            "It is not encrypted for a key of ours.", "decryption-failed"
        )
    sample = bytes(next(in_blocks(envelope.pieces), b"")[:16])
    for recipient, key in pairs:
        content_key = _content_key(recipient, key, envelope.cipher.key_size)
        cipher = make_cipher(envelope.cipher, content_key, envelope.nonce)
        if all(9 <= byte < 127 for byte in cipher.decryptor().update(sample)):
            break
    return recipient, content_key


def _content_key(recipient: Recipient, key: PrivateKey, size: int) -> bytes:
    """The content key, or a random one in its place (RFC 5246, 7.4.7.1, likewise)."""
    assert isinstance(key.key, rsa.RSAPrivateKey) and recipient.transport is not None
    substitute = os.urandom(size)
    scheme = rsa_padding(KEY_TRANSPORTS[recipient.transport], recipient.mask_digest)
    try:
        found = key.key.decrypt(recipient.encrypted_key, scheme)
    except (ValueError, UnsupportedAlgorithm):
        found = b""
    return found if len(found) == size else substitute


def _decrypt(envelope: Enveloped, key: bytes) -> tuple[bytearray, bool]:
    cipher = envelope.cipher
    sound = True
    tag: bytes | None = None
    if cipher.authenticated:
        sound = len(envelope.tag) == GCM_TAG
        tag = envelope.tag if sound else bytes(GCM_TAG)
    decryptor = make_cipher(cipher, key, envelope.nonce, tag).decryptor()
    if cipher.authenticated:
        decryptor.authenticate_additional_data(envelope.associated)
    content = bytearray(sum(map(len, envelope.pieces)) + cipher.block_size)
    position = 0
    with memoryview(content) as target:
        for piece in in_blocks(envelope.pieces):
            position += decryptor.update_into(piece, target[position:])
    try:
        decryptor.finalize()
    except InvalidTag:
        sound = False
    del content[position:]
    if not cipher.authenticated:
        count = content[-1]
        sound = 1 <= count <= cipher.block_size and hmac.compare_digest(
            bytes(content[-count:]), bytes((count,)) * count
        )
        if sound:
            del content[-count:]
    return content, sound
