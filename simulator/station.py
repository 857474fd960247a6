"""Amazon's AS2 station on pyas2lib: messages and receipts, no HTTP and no state.

What pyas2lib lets pass although RFC 4130 does not (weak algorithms, a receipt whose
signature has no signer, a receipt without MIC) is refused here.
"""

from __future__ import annotations

import email
import uuid
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

from . import ber, keys, pyas2
from .settings import DIGESTS, Settings

Headers = dict[str, str]

CONTENT_TYPE = "application/EDI-X12"


@dataclass(frozen=True)
class Built:
    """A message ready for the wire."""

    message_id: str
    headers: Headers
    body: bytes
    mic: str  # base64


@dataclass(frozen=True)
class Opened:
    """A message received: its payload, or what is wrong with it."""

    message_id: str
    payload: bytes
    disposition: str  # "processed", or the failure as the receipt names it
    problem: str  # in words, "" where there is none
    receipt_url: str  # where an asynchronous receipt is wanted, else ""
    wants_receipt: bool
    parsed: Any


@dataclass(frozen=True)
class Receipt:
    """An MDN received."""

    message_id: str  # of the message it answers
    disposition: str
    problem: str  # why it cannot be believed, "" where it can


def _header(headers: Mapping[str, str], name: str) -> str:
    wanted = name.lower()
    return next((v for k, v in headers.items() if k.lower() == wanted), "")


def as2_name(headers: Mapping[str, str], name: str) -> str:
    unquoted: str = pyas2.utils.unquote_as2name(_header(headers, name).strip())
    return unquoted


def message_id(headers: Mapping[str, str]) -> str:
    return _header(headers, "message-id").strip().strip("<>")


def is_receipt(headers: Mapping[str, str], body: bytes) -> bool:
    kind = _header(headers, "content-type").lower()
    return kind.startswith("multipart/report") or (
        kind.startswith("multipart/signed")
        and b"disposition-notification" in body[:4096].lower()
    )


# Taken out before pyas2lib parses a message: it would build a receipt at once.
_RECEIPT_HEADERS = ("disposition-notification-to", "disposition-notification-options")


class Station:
    def __init__(self, as2_id: str, pair: bytes, foreign_pair: bytes) -> None:
        self.as2_id = as2_id
        self.certificate = keys.certificate_of(pair)
        self._own = pyas2.as2.Organization(
            as2_name=as2_id, sign_key=pair, decrypt_key=pair, domain="amazon.example"
        )
        # Signs what a stranger would send under Amazon's name.
        self._foreign = pyas2.as2.Organization(
            as2_name=as2_id, sign_key=foreign_pair, domain="amazon.example"
        )

    def _partner(self, settings: Settings, **changes: Any) -> Any:
        certificate = settings.vendor_certificate.encode()
        options: dict[str, Any] = {
            "as2_name": settings.vendor_as2_id,
            "verify_cert": certificate,
            "encrypt_cert": certificate,
            "sign": True,
            "encrypt": True,
            "compress": settings.compress,
            "digest_alg": settings.digest,
            "enc_alg": settings.encryption,
            "mdn_mode": "SYNC",
            "mdn_digest_alg": settings.digest,
            "mdn_confirm_text": "The message was received and stored.",
        }
        return pyas2.as2.Partner(**{**options, **changes})

    # -- sending --------------------------------------------------------------

    def build(
        self,
        settings: Settings,
        payload: bytes,
        receipt_url: str = "",
        flaws: Collection[str] = (),
    ) -> Built:
        """Sign, encrypt and dress `payload`; `receipt_url` asks for an
        asynchronous receipt there. `flaws` are names from `faults.ON_SENDING`."""
        sender = self._foreign if "foreign-signature" in flaws else self._own
        partner = self._partner(
            settings, sign="unsigned" not in flaws, encrypt="unencrypted" not in flaws
        )
        message = pyas2.as2.Message(sender, partner)
        headers = {
            # As Amazon writes them: no host in the id, no hyphen in the algorithm.
            "AS2-Version": "1.1",
            "Message-ID": f"<{uuid.uuid4()}>",
            "Disposition-Notification-Options": (
                "signed-receipt-protocol=optional, pkcs7-signature;"
                f" signed-receipt-micalg=optional, {settings.digest}"
            ),
        }
        if receipt_url:
            headers["Receipt-Delivery-Option"] = receipt_url
        plain = all(32 <= byte < 127 for byte in payload)
        message.build(
            payload,
            filename="order.edi",
            subject="EDI",
            # pyas2lib rewrites line ends unless the part is binary
            content_type=CONTENT_TYPE if plain else "application/octet-stream",
            additional_headers=headers,
            disposition_notification_to="as2@amazon.example",
        )
        body: bytes = message.content
        if settings.ber and message.encrypted:
            body = ber.with_indefinite_lengths(body)
        # pyas2lib added options of its own under another capitalisation
        sent = {k.lower(): (k, v) for k, v in message.headers.items()}
        for name, value in headers.items():
            sent[name.lower()] = (name, value)
        sent.pop("mime-version", None)
        mic = message.mic.decode() if message.mic else ""
        return Built(message_id(headers), dict(sent.values()), body, mic)

    # -- receiving ------------------------------------------------------------

    def open(self, settings: Settings, headers: Headers, body: bytes) -> Opened:
        """Decrypt and verify a message. Never raises for what the other side sent."""
        wanted = {k: v for k, v in headers.items() if k.lower() not in _RECEIPT_HEADERS}
        if options := _header(headers, "disposition-notification-options"):
            wanted["Disposition-Notification-Options"] = _receipt_options(options)
        raw = _entity(wanted, body)
        message = pyas2.as2.Message()
        status, (error, _trace), _mdn = message.parse(
            raw,
            find_org_cb=lambda name: self._own if name == self.as2_id else None,
            find_partner_cb=lambda name: self._partner(settings),
        )
        problem = f"{type(error).__name__}: {error}" if error else ""
        if error:
            status += f": {getattr(error, 'disposition_modifier', '')}".rstrip(": ")
        elif weak := _weakness(raw, str(message.digest_alg)):
            status, problem = "processed/Error: insufficient-message-security", weak
        good = status == "processed"
        return Opened(
            message_id=message_id(headers),
            payload=message.content if good else b"",
            disposition=status,
            problem=problem,
            receipt_url=_header(headers, "receipt-delivery-option").strip(),
            wants_receipt=bool(_header(headers, "disposition-notification-to")),
            parsed=message,
        )

    def receipt(self, opened: Opened, flaw: str = "") -> tuple[Headers, bytes]:
        """The MDN for a message opened; `flaw` is a name from `faults.ON_RECEIVING`."""
        message, disposition = opened.parsed, opened.disposition
        if flaw == "mdn-negative":
            disposition = "failed/Failure: unexpected-processing-error"
        if flaw == "mdn-wrong-mic" and message.mic:
            message.mic = message.mic[4:] + message.mic[:4]
        if flaw == "mdn-other-message":
            message.message_id = f"{uuid.uuid4()}"
        if flaw == "mdn-foreign-signature":
            message.receiver = self._foreign
        if flaw == "mdn-unsigned":
            message.receiver = replace(self._own, sign_key=None, decrypt_key=None)
        status, _, detail = disposition.partition(": ")
        mdn = pyas2.as2.Mdn()
        mdn.build(message, status, detail or None)
        headers = {k: v for k, v in mdn.headers.items() if k.lower() != "mime-version"}
        return {**headers, "MIME-Version": "1.0"}, mdn.content

    def read_receipt(
        self, settings: Settings, raw: bytes, mic_of: Callable[[str], str | None]
    ) -> Receipt:
        """Verify an MDN. `mic_of` gives the MIC of a message sent, None if unknown."""
        found: list[str] = []

        def find(identifier: str, _recipient: str) -> Any:
            mic = mic_of(identifier)
            if mic is None:
                return None
            found.append(identifier)
            message = pyas2.as2.Message(self._own, self._partner(settings))
            message.message_id, message.mic = identifier, mic.encode() or None
            return message

        mdn = pyas2.as2.Mdn()
        status, detail = mdn.parse(raw, find)
        identifier = found[0] if found else str(mdn.orig_message_id or "")
        disposition = status or "none"
        if not found:
            problem = f"it answers no message of ours ({identifier or 'no id in it'})"
        elif status in ("processed/warning", "failed/Failure") and detail in _OUR_WORDS:
            problem = _OUR_WORDS[detail]
        elif status == "failed/Failure" and str(detail).startswith("Failed to parse"):
            problem = str(detail)
        elif mdn.digest_alg not in DIGESTS:
            problem = "its signature has no signer or a digest weaker than SHA-256"
        elif status == "processed" and mic_of(identifier) and not _has_mic(raw):
            problem = "it says processed and carries no Received-Content-MIC"
        else:
            problem = ""
            disposition = f"{status}: {detail}" if detail else disposition
        return Receipt(identifier, disposition, problem)


_OUR_WORDS = {
    "Message Integrity check failed.": "its MIC is not the MIC of what was sent",
    "Expected signed MDN but unsigned MDN returned": "it is not signed",
    "mdn-not-found": "there is no MDN in it",
}


def _entity(headers: Mapping[str, str], body: bytes) -> bytes:
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return lines.encode("latin-1", "replace") + b"\r\n" + body


def _receipt_options(options: str) -> str:
    """The first digest asked for that the floor allows; pyas2lib takes the last."""
    asked = options.lower().rpartition("signed-receipt-micalg")[2]
    names = [each.strip("= ").replace("-", "") for each in asked.split(",")]
    chosen = next((name for name in names if name in DIGESTS), "sha256")
    return (
        "signed-receipt-protocol=optional, pkcs7-signature;"
        f" signed-receipt-micalg=optional, {chosen}"
    )


# X.509 names of AES in CBC mode, as asn1crypto calls them
_STRONG = ("aes128_cbc", "aes192_cbc", "aes256_cbc")


def _weakness(raw: bytes, digest: str) -> str:
    """What in a message's algorithms is below Amazon's floor, "" if nothing is."""
    if digest not in DIGESTS:
        return f"signed with {digest}; SHA-256 or better is required"
    body = email.message_from_bytes(raw).get_payload(decode=True)
    content = pyas2.cms.ContentInfo.load(body)["content"]["encrypted_content_info"]
    algorithm = content["content_encryption_algorithm"]["algorithm"].native
    if algorithm not in _STRONG:
        return f"encrypted with {algorithm}; AES-128 or better is required"
    return ""


def _has_mic(raw: bytes) -> bool:
    for part in email.message_from_bytes(raw).walk():
        if part.get_content_type() == "message/disposition-notification":
            fields = part.get_payload()
            return isinstance(fields, list) and any(
                "received-content-mic" in str(each).lower() for each in fields
            )
    return False
