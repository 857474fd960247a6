"""Who we are, who the other party is, and what may pass between the two."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from .algorithms import CIPHERS, DIGESTS, KEY_TRANSPORTS
from .errors import AS2ConfigurationError
from .keys import Certificate, PrivateKey

MEBIBYTE = 1024 * 1024


@dataclass(frozen=True)
class Policy:
    """What is accepted from a station. The defaults are what Amazon asks for.

    :ivar digests: of signatures and MICs; ``sha1`` only where added expressly.
    :ivar ciphers: ``tripledes_3key`` only where added expressly. AES-GCM (RFC 5083)
        may be added too.
    :ivar key_transports: how the content key may be encrypted.
    :ivar max_size: bytes of a payload after decompression.
    :ivar allow_expired: accept and use certificates outside their dates.
    """

    digests: frozenset[str] = frozenset({"sha256", "sha384", "sha512"})
    ciphers: frozenset[str] = frozenset({"aes128_cbc", "aes192_cbc", "aes256_cbc"})
    key_transports: frozenset[str] = frozenset(KEY_TRANSPORTS)
    require_signature: bool = True
    require_encryption: bool = True
    max_size: int = 64 * MEBIBYTE
    allow_expired: bool = False

    def __post_init__(self) -> None:
        _require(self.digests, DIGESTS)
        _require(self.ciphers, CIPHERS)
        _require(self.key_transports, KEY_TRANSPORTS)


@dataclass(frozen=True)
class Station:
    """The other party as it is seen at one moment.

    :ivar certificates: those its signatures are trusted under; two while it rotates.
    :ivar sign: digest we sign with, or None.
    :ivar encrypt: cipher we encrypt with, or None.
    :ivar mdn: which receipt we ask for, or None.
    :ivar mdn_signed: whether we ask for a signed receipt.
    :ivar mdn_digest: MIC algorithm we ask for; the one we sign with by default.
    :ivar key_transport: how our content key is encrypted.
    :ivar signature_scheme: of our RSA signatures.
    :ivar encryption_certificate: the first of ``certificates`` by default.
    """

    as2_id: str
    certificates: tuple[Certificate, ...]
    policy: Policy = field(default_factory=Policy)
    sign: str | None = "sha256"
    encrypt: str | None = "aes256_cbc"
    compress: bool = False
    mdn: Literal["sync", "async"] | None = "sync"
    mdn_signed: bool = True
    mdn_digest: str | None = None
    key_transport: str = "rsaes_pkcs1v15"
    signature_scheme: Literal["pkcs1v15", "pss"] = "pkcs1v15"
    encryption_certificate: Certificate | None = None

    def __post_init__(self) -> None:
        _require({self.sign, self.mdn_digest} - {None}, DIGESTS)
        _require({self.encrypt} - {None}, CIPHERS)
        _require({self.key_transport}, KEY_TRANSPORTS)
        _require({self.signature_scheme}, ("pkcs1v15", "pss"))
        _require({self.mdn} - {None}, ("sync", "async"))


@dataclass(frozen=True)
class Identity:
    """Ourselves: the first key signs, all of them decrypt."""

    as2_id: str
    keys: tuple[PrivateKey, ...]

    @property
    def signing_key(self) -> PrivateKey:
        if not self.keys:
            raise AS2ConfigurationError(f"AS2 station {self.as2_id} has no key.")
        return self.keys[0]


def _require(names: Iterable[str | None], known: Iterable[str]) -> None:
    if unknown := sorted(map(str, set(names) - set(known))):
        raise AS2ConfigurationError(
            f"{', '.join(unknown)} is not supported; choose from "
            f"{', '.join(sorted(known))}."
        )
