"""The algorithms that are spoken here, each with its identifier.

Names are lower case without hyphen (``sha256``, ``aes256_cbc``): they are what
``Policy`` and ``Station`` carry. Whether one may be used is the station's policy;
what is missing here (MD5, RC2, RC4, DES, 512-bit anything) cannot be allowed at all.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import algorithms

try:  # where cryptography 43 and later keep what nobody should use
    from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
except ImportError:
    from cryptography.hazmat.primitives.ciphers.algorithms import TripleDES


@dataclass(frozen=True)
class Digest:
    """A hash function: RFC 5754 section 2; MIC name of RFC 5751 section 3.4.3.2."""

    name: str
    oid: str
    mic_name: str
    primitive: Callable[[], hashes.HashAlgorithm]
    rsa_oid: str
    ecdsa_oid: str


@dataclass(frozen=True)
class ContentCipher:
    """A content encryption algorithm: RFC 3565, RFC 3370 section 5.1, RFC 5084."""

    name: str
    oid: str
    key_size: int  # bytes
    block_size: int  # bytes
    algorithm: Callable[[bytes], Any]
    authenticated: bool = False


DIGESTS = {
    digest.name: digest
    for digest in (
        Digest(
            "sha1",
            "1.3.14.3.2.26",
            "sha1",
            hashes.SHA1,
            "1.2.840.113549.1.1.5",
            "1.2.840.10045.4.1",
        ),
        Digest(
            "sha256",
            "2.16.840.1.101.3.4.2.1",
            "sha-256",
            hashes.SHA256,
            "1.2.840.113549.1.1.11",
            "1.2.840.10045.4.3.2",
        ),
        Digest(
            "sha384",
            "2.16.840.1.101.3.4.2.2",
            "sha-384",
            hashes.SHA384,
            "1.2.840.113549.1.1.12",
            "1.2.840.10045.4.3.3",
        ),
        Digest(
            "sha512",
            "2.16.840.1.101.3.4.2.3",
            "sha-512",
            hashes.SHA512,
            "1.2.840.113549.1.1.13",
            "1.2.840.10045.4.3.4",
        ),
    )
}
DIGEST_BY_OID = {digest.oid: digest for digest in DIGESTS.values()}
# some signers name the signature algorithm where the digest belongs
DIGEST_BY_OID.update({digest.rsa_oid: digest for digest in DIGESTS.values()})

_AES = algorithms.AES
CIPHERS = {
    cipher.name: cipher
    for cipher in (
        ContentCipher("aes128_cbc", "2.16.840.1.101.3.4.1.2", 16, 16, _AES),
        ContentCipher("aes192_cbc", "2.16.840.1.101.3.4.1.22", 24, 16, _AES),
        ContentCipher("aes256_cbc", "2.16.840.1.101.3.4.1.42", 32, 16, _AES),
        ContentCipher("aes128_gcm", "2.16.840.1.101.3.4.1.6", 16, 16, _AES, True),
        ContentCipher("aes192_gcm", "2.16.840.1.101.3.4.1.26", 24, 16, _AES, True),
        ContentCipher("aes256_gcm", "2.16.840.1.101.3.4.1.46", 32, 16, _AES, True),
        ContentCipher("tripledes_3key", "1.2.840.113549.3.7", 24, 8, TripleDES),
    )
}
CIPHER_BY_OID = {cipher.oid: cipher for cipher in CIPHERS.values()}

# RFC 8017 appendix A.2 and C; RFC 3274 section 1
RSA_ENCRYPTION = "1.2.840.113549.1.1.1"
RSAES_OAEP = "1.2.840.113549.1.1.7"
MGF1 = "1.2.840.113549.1.1.8"
RSASSA_PSS = "1.2.840.113549.1.1.10"
ZLIB = "1.2.840.113549.1.9.16.3.8"

#: signature algorithm -> its scheme and the digest it is bound to, if any
SIGNATURE_BY_OID: dict[str, tuple[str, str | None]] = {
    RSA_ENCRYPTION: ("pkcs1v15", None),
    RSASSA_PSS: ("pss", None),
    **{digest.rsa_oid: ("pkcs1v15", digest.name) for digest in DIGESTS.values()},
    **{digest.ecdsa_oid: ("ecdsa", digest.name) for digest in DIGESTS.values()},
}

#: how the content key travels -> digest of OAEP, None for RSAES-PKCS1-v1_5
KEY_TRANSPORTS: dict[str, str | None] = {
    "rsaes_pkcs1v15": None,
    "rsaes_oaep_sha1": "sha1",
    "rsaes_oaep_sha256": "sha256",
    "rsaes_oaep_sha384": "sha384",
    "rsaes_oaep_sha512": "sha512",
}


def digest_named(name: str) -> Digest | None:
    """The digest of a MIC algorithm name as partners spell it, or None.

    ``SHA-256``, ``sha256`` and ``sha_256`` are one.
    """
    return DIGESTS.get(name.strip().lower().replace("-", "").replace("_", ""))
