"""The primitives under envelopes: content ciphers, key padding, handy blocks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.ciphers import Cipher, modes

from .algorithms import DIGESTS, ContentCipher, Digest
from .ber import Buffer

BLOCK = 1 << 20  # bytes encrypted or decrypted at a time: fits a processor's cache
GCM_TAG = 16  # bytes


def nonce_size(cipher: ContentCipher) -> int:
    return 12 if cipher.authenticated else cipher.block_size


def rsa_padding(name: str | None, mask: Digest | None) -> padding.AsymmetricPadding:
    if name is None or mask is None:
        return padding.PKCS1v15()
    return padding.OAEP(
        mgf=padding.MGF1(mask.primitive()),
        algorithm=DIGESTS[name].primitive(),
        label=None,
    )


def make_cipher(
    cipher: ContentCipher, key: bytes, nonce: bytes, tag: bytes | None = None
) -> Cipher[Any]:
    if cipher.authenticated:
        return Cipher(cipher.algorithm(key), modes.GCM(nonce, tag))
    return Cipher(cipher.algorithm(key), modes.CBC(nonce))


def in_blocks(pieces: Sequence[Buffer]) -> Iterator[Buffer]:
    """The same bytes in handy blocks: small pieces joined, large ones cut."""
    waiting: list[Buffer] = []
    size = 0
    for piece in pieces:
        if len(piece) < BLOCK:
            waiting.append(piece)
            size += len(piece)
            if size < BLOCK:
                continue
        if waiting:
            yield b"".join(waiting)
            waiting, size = [], 0
        if len(piece) >= BLOCK:
            view = memoryview(piece)
            for start in range(0, len(view), BLOCK):
                yield view[start : start + BLOCK]
    if waiting:
        yield b"".join(waiting)
