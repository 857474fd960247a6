"""The AS2 headers of an HTTP message (RFC 4130 section 6 and 7.3).

They are neither signed nor encrypted: what stands here is what somebody claims.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from email.header import Header
from email.utils import format_datetime

from .algorithms import digest_named
from .errors import AS2ConfigurationError, EnvelopeRefused
from .mime import MimeError, parse_parameters, quote_always, read_headers, unquote
from .parties import Policy

AS2_VERSION = "1.1"  # 1.0 and compression (RFC 4130 section 6.1)
MAX_HEADER = 255  # characters; RFC 4130 section 5.3.3 for the Message-ID
MAX_AS2_ID = 128  # RFC 4130 section 6.2
MAX_URL = 2048

_PRINTABLE = re.compile(r"[\x20-\x7e]*")
_PLAIN_AS2_ID = re.compile(r"[!#-\[\]-~]+")


@dataclass(frozen=True)
class ReceiptRequest:
    """Which receipt the sender of a message wants.

    :ivar micalg: the digest to use, spelled as the sender did; never empty.
    :ivar micalgs: all that he named, in his order.
    :ivar asynchronous_url: where to post it; None: into the HTTP response.
    """

    signed: bool
    micalg: str
    asynchronous_url: str | None
    micalgs: tuple[str, ...] = ()

    def under(self, policy: Policy, fallback: str) -> ReceiptRequest:
        """The same with the first digest that the policy allows.

        :param fallback: name of the digest to use where there is none.
        """
        for name in self.micalgs:
            digest = digest_named(name)
            if digest and digest.name in policy.digests:
                return replace(self, micalg=name)
        digest = digest_named(fallback)
        return replace(self, micalg=digest.mic_name if digest else fallback)


@dataclass(frozen=True)
class Envelope:
    """What the headers say. Every text is printable ASCII of bounded length.

    :ivar message_id: as sent, angle brackets included if there were any.
    :ivar is_mdn: a receipt; certain only where ``peek`` saw the body too.
    :ivar receipt: the receipt asked for, or None.
    """

    as2_from: str
    as2_to: str
    message_id: str
    is_mdn: bool
    subject: str
    receipt: ReceiptRequest | None


def peek(headers: Mapping[str, str], body: bytes = b"") -> Envelope:
    """Look at the headers of what came in, without touching a key.

    :param headers: HTTP header fields, names in any case.
    :param body: the body, or its first 64 KiB, tells a signed receipt from a signed
        message; without it ``is_mdn`` is false for both.
    :raises EnvelopeRefused: a header is missing, too long or not printable ASCII.
    """
    fields = lower_names(headers)
    return Envelope(
        as2_from=_as2_id(fields, "AS2-From"),
        as2_to=_as2_id(fields, "AS2-To"),
        message_id=_required(fields, "Message-ID"),
        is_mdn=_is_receipt(fields, body),
        subject=_tame(fields.get("subject", "")),
        receipt=_receipt_request(fields),
    )


def lower_names(headers: Mapping[str, str]) -> dict[str, str]:
    """Header fields by lower-case name, unfolded."""
    return {
        name.lower(): re.sub(r"\r?\n[ \t]+", " ", value).strip()
        for name, value in headers.items()
    }


def _required(fields: Mapping[str, str], name: str) -> str:
    value = fields.get(name.lower(), "")
    if not value:
        raise EnvelopeRefused(f"This is no AS2 message: the header {name} is missing.")
    if len(value) > MAX_HEADER or not _PRINTABLE.fullmatch(value):
        raise EnvelopeRefused(
            f"The header {name} is longer than {MAX_HEADER} characters or holds "
            "characters other than printable ASCII."
        )
    return value


def _as2_id(fields: Mapping[str, str], name: str) -> str:
    value = unquote(_required(fields, name))
    if not value.strip() or len(value) > MAX_AS2_ID:
        raise EnvelopeRefused(
            f"The header {name} must hold an AS2 id of 1 to {MAX_AS2_ID} characters."
        )
    return value


def _tame(value: str) -> str:
    """Text to show; whatever is not printable ASCII is replaced."""
    return re.sub(r"[^\x20-\x7e]", "?", value)[:MAX_HEADER]


def _is_receipt(fields: Mapping[str, str], body: bytes) -> bool:
    media_type, parameters = parse_parameters(fields.get("content-type", ""))
    if media_type == "multipart/report":
        return True
    if media_type != "multipart/signed" or not parameters.get("boundary"):
        return False
    boundary = parameters["boundary"].encode("latin-1", "replace")
    start = body.find(b"--" + boundary)
    start = body.find(b"\n", start) + 1 if start >= 0 else 0
    if not start:
        return False
    try:
        inner, _ = read_headers(body, start, len(body))
    except MimeError:
        return False
    return parse_parameters(inner.get("content-type", ""))[0] == "multipart/report"


def _receipt_request(fields: Mapping[str, str]) -> ReceiptRequest | None:
    """RFC 4130 section 7.3, and RFC 3798 section 2.2 for the syntax."""
    if not fields.get("disposition-notification-to"):
        return None
    _, options = parse_parameters(
        ";" + fields.get("disposition-notification-options", "")[:1024]
    )
    protocols = _values(options.get("signed-receipt-protocol", ""))
    micalgs = tuple(
        name
        for name in _values(options.get("signed-receipt-micalg", ""))
        if digest_named(name)
    )
    url = fields.get("receipt-delivery-option") or None
    if url and (len(url) > MAX_URL or not _PRINTABLE.fullmatch(url)):
        raise EnvelopeRefused(
            "The header Receipt-Delivery-Option holds no address that can be used."
        )
    request = ReceiptRequest(
        signed="pkcs7-signature" in (each.lower() for each in protocols),
        micalg="",
        asynchronous_url=url,
        micalgs=micalgs,
    )
    return request.under(Policy(), "sha256")


def _values(option: str) -> list[str]:
    """``optional, sha256, sha1`` without the importance in front."""
    return [value.strip() for value in option.split(",")[1:] if value.strip()]


# -- writing ---------------------------------------------------------------------


def new_message_id(domain: str) -> str:
    """A Message-ID nobody has used yet, angle brackets included (RFC 5322, 3.6.4).

    :param domain: what stands behind the ``@``.
    """
    if not re.fullmatch(r"[A-Za-z0-9._-]{1,180}", domain):
        raise AS2ConfigurationError(
            f"{domain!r} cannot stand in a Message-ID: give a host name."
        )
    return f"<{uuid.uuid4()}@{domain}>"


def quote_as2_id(as2_id: str) -> str:
    """An AS2 id as it stands in a header: quoted where it must (section 6.2).

    :raises AS2ConfigurationError: it cannot be an AS2 id.
    """
    if not 0 < len(as2_id) <= MAX_AS2_ID or not _PRINTABLE.fullmatch(as2_id):
        raise AS2ConfigurationError(
            f"{as2_id[:MAX_AS2_ID]!r} is no AS2 id: it needs 1 to {MAX_AS2_ID} "
            "characters of printable ASCII."
        )
    return as2_id if _PLAIN_AS2_ID.fullmatch(as2_id) else quote_always(as2_id)


def own_headers(
    as2_from: str, as2_to: str, message_id: str, date: datetime
) -> dict[str, str]:
    """The headers that messages and receipts share."""
    if date.tzinfo is None:
        raise AS2ConfigurationError("The date of a message needs a time zone.")
    return {
        "AS2-Version": AS2_VERSION,
        "AS2-From": quote_as2_id(as2_from),
        "AS2-To": quote_as2_id(as2_to),
        "Message-ID": header_value("Message-ID", message_id),
        "Date": format_datetime(date.astimezone(timezone.utc), usegmt=True),
        "MIME-Version": "1.0",
    }


def header_value(name: str, value: str, most: int = MAX_HEADER) -> str:
    """The value, if it can stand in a header. Raises AS2ConfigurationError."""
    if not value or len(value) > most or not _PRINTABLE.fullmatch(value):
        raise AS2ConfigurationError(
            f"{name} must be printable ASCII of at most {most} characters: "
            f"{value[:80]!r}"
        )
    return value


def encode_text(value: str) -> str:
    """Free text for a header; beyond ASCII as RFC 2047 has it."""
    if value.isascii():
        return header_value("Subject", value)
    return Header(value[:MAX_HEADER], "utf-8", maxlinelen=0).encode(linesep="")
