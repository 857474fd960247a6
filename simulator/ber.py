"""DER to BER for the outer layers of CMS EnvelopedData.

Amazon's messages begin with `30 80`: indefinite lengths, the ciphertext in pieces
(X.690 section 8.1.3.6). pyas2lib writes DER only, so its result is dressed again;
the ciphertext stays as it is and no signature lies outside it.
"""

from __future__ import annotations

from . import pyas2

_CHUNK = 4096
_END = b"\x00\x00"


def _octets(content: bytes) -> bytes:
    length = len(content)
    if length < 0x80:
        return b"\x04" + bytes([length]) + content
    size = (length.bit_length() + 7) // 8
    return b"\x04" + bytes([0x80 | size]) + length.to_bytes(size, "big") + content


def _indefinite(tag: int, *parts: bytes) -> bytes:
    return bytes([tag, 0x80]) + b"".join(parts) + _END


def with_indefinite_lengths(der: bytes) -> bytes:
    """ContentInfo with EnvelopedData, re-encoded."""
    info = pyas2.cms.ContentInfo.load(der)
    enveloped = info["content"]
    encrypted = enveloped["encrypted_content_info"]
    ciphertext: bytes = encrypted["encrypted_content"].native
    pieces = [
        _octets(ciphertext[start : start + _CHUNK])
        for start in range(0, len(ciphertext), _CHUNK)
    ]
    return _indefinite(
        0x30,
        info["content_type"].dump(),
        _indefinite(
            0xA0,
            _indefinite(
                0x30,
                enveloped["version"].dump(),
                enveloped["recipient_infos"].dump(),
                _indefinite(
                    0x30,
                    encrypted["content_type"].dump(),
                    encrypted["content_encryption_algorithm"].dump(),
                    _indefinite(0xA0, *pieces),
                ),
            ),
        ),
    )
