"""What `configure` sets: the vendor's station, and what Amazon has on record of it."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from . import loopback, x12

AMAZON = x12.Party("ZZ", "AMAZON", "AMAZON")

# AES and SHA-2: Amazon's floor since October 2019; pyas2lib's names.
CIPHERS = ("aes_128_cbc", "aes_192_cbc", "aes_256_cbc")
DIGESTS = ("sha256", "sha384", "sha512")

_TEXTS = (
    "vendor_url vendor_as2_id vendor_certificate vendor_isa_qualifier vendor_isa_id"
    " vendor_gs_id encryption digest mdn bill_to remit_to currency"
).split()


@dataclass(frozen=True)
class Settings:
    """All are given by name to `configure`; those not given keep their value."""

    vendor_url: str = ""
    vendor_as2_id: str = ""
    vendor_certificate: str = ""  # PEM
    vendor_isa_qualifier: str = "ZZ"
    vendor_isa_id: str = ""
    vendor_gs_id: str = ""  # the ISA id where empty
    compress: bool = False
    encryption: str = "aes_256_cbc"
    digest: str = "sha256"
    ber: bool = True  # encrypted content in BER, indefinite length, as Amazon's is
    mdn: str = "sync"  # or "async": how Amazon asks for the vendor's receipt
    http_timeout: float = 30.0  # seconds
    async_mdn_seconds: float = 10.0  # until a message without its MDN goes again
    retry_seconds: tuple[float, ...] = (0.5, 1.0, 1.0, 2.0, 2.0, 5.0)  # last repeats
    give_up_seconds: float = 900.0
    acknowledgement_hours: float = 24.0
    revision_hours: float = 48.0
    functional_ack_hours: float = 24.0
    mdn_seconds: float = 60.0  # shown as late above this
    bill_to: str = ""  # as Amazon writes it; line ends count as blanks
    remit_to: str = ""
    currency: str = "USD"
    terms: Mapping[str, str] = field(default_factory=dict)  # {"07": "60"}: ITD07 is 60

    def vendor(self) -> x12.Party:
        return x12.Party(
            self.vendor_isa_qualifier,
            self.vendor_isa_id,
            self.vendor_gs_id or self.vendor_isa_id,
        )

    @property
    def complete(self) -> bool:
        return bool(
            self.vendor_url
            and self.vendor_as2_id
            and self.vendor_certificate
            and self.vendor_isa_id
        )


def change(current: Settings, given: Mapping[str, Any]) -> Settings:
    """`current` with what is given. Raises `ValueError` with words for the caller."""
    known = {each.name: each for each in dataclasses.fields(Settings)}
    unknown = sorted(set(given) - set(known))
    if unknown:
        raise ValueError(f"no such setting: {', '.join(unknown)}")
    values = dict(given)
    for name in _TEXTS:
        if not isinstance(values.get(name, ""), str):
            raise ValueError(f"{name} is a text")
    if "retry_seconds" in values:
        values["retry_seconds"] = tuple(float(each) for each in values["retry_seconds"])
    changed = dataclasses.replace(current, **values)
    if changed.vendor_url:
        loopback.check_url(changed.vendor_url)
    if not changed.retry_seconds:
        raise ValueError("retry_seconds is empty")
    for name, value, allowed in (
        ("encryption", changed.encryption, CIPHERS),
        ("digest", changed.digest, DIGESTS),
        ("mdn", changed.mdn, ("sync", "async")),
    ):
        if value not in allowed:
            raise ValueError(f"{name} is one of {', '.join(allowed)}")
    return changed


def as_json(settings: Settings) -> dict[str, Any]:
    return dataclasses.asdict(settings)
