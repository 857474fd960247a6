"""Receipts: Message Disposition Notifications (RFC 4130 section 7, RFC 3798).

A receipt counts only if it is signed by the station, speaks of the message that waits
for it, and brings that message's MIC back. Status and MIC are read from the very bytes
that the signature is over.
"""

from __future__ import annotations

import base64
import hmac
import quopri
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from .algorithms import DIGESTS, digest_named
from .envelope import (
    MAX_HEADER,
    Envelope,
    ReceiptRequest,
    header_value,
    lower_names,
    own_headers,
    peek,
    quote_as2_id,
)
from .errors import ANSWERS, AS2ConfigurationError, ContentError, MdnRefused
from .mime import (
    MimeError,
    Part,
    entity,
    multipart,
    read_headers,
    read_multipart,
    unquote,
)
from .parties import Identity, Station
from .smime import sign_multipart, verify_multipart

PROCESSED = "processed"
MAX_TEXT = 4000  # characters kept of what the partner writes for people
MAX_REPORT_PARTS = 3  # RFC 6522 section 3: text, report, and perhaps the message

#: RFC 4130 section 7.5: what stands in the Disposition field. Every error of ANSWERS
#: that is not listed is ``processed/error: <its name>``.
DISPOSITIONS = {
    PROCESSED: "processed",
    "duplicate-document": "processed/warning: duplicate-document",
    "unsupported-format": "failed/failure: unsupported format",
    "unsupported-mic-algorithms": "failed/failure: unsupported MIC-algorithms",
}

# of Python's many codecs, those that text comes in
_CHARSET = re.compile(r"utf-?8|us-ascii|iso-8859-([1-9]|1[03-6])", re.IGNORECASE)

_DISPOSITION = re.compile(
    r"[^;]*;\s*(?P<type>[a-z-]+)\s*(?:/\s*(?P<kind>[a-z-]+)\s*)?"
    r"(?::\s*(?P<modifier>.*))?",
    re.IGNORECASE | re.DOTALL,
)


@dataclass(frozen=True)
class Mdn:
    """A receipt to send: in the HTTP response, or posted to the sender's address."""

    headers: dict[str, str]
    body: bytes


def build_mdn(
    *,
    original: Envelope | Mapping[str, str],
    receipt: ReceiptRequest | None,
    identity: Identity,
    mic: str | None,
    disposition: str,
    text: str,
    message_id: str,
    date: datetime,
) -> Mdn:
    """Build the receipt for a message.

    :param original: what ``peek`` made of the message's headers, or these.
    :param receipt: signed as asked for; None: unsigned.
    :param mic: of the message, None where it is not known.
    :param disposition: ``processed``, ``duplicate-document``, or one of ``ANSWERS``
        (a refusal's ``disposition``).
    :param text: for a person on the other side.
    :raises AS2ConfigurationError: an unknown disposition, or no key to sign with.
    :raises EnvelopeRefused: from ``original``.
    """
    if not isinstance(original, Envelope):
        original = peek(original)
    report = _report(
        original,
        identity,
        _disposition_field(disposition),
        mic,
        receipt,
    )
    boundary, body = multipart([_text_part(text), report])
    content_type = (
        f'multipart/report; report-type=disposition-notification; boundary="{boundary}"'
    )
    if receipt and receipt.signed:
        digest = digest_named(receipt.micalg) or DIGESTS["sha256"]
        content = entity({"Content-Type": content_type}, body)
        content_type, body, _ = sign_multipart(
            content, identity.signing_key, digest, date
        )
    headers = own_headers(identity.as2_id, original.as2_from, message_id, date)
    headers["Content-Type"] = content_type
    return Mdn(headers, b"".join(body))


def _disposition_field(disposition: str) -> str:
    if disposition in DISPOSITIONS:
        return DISPOSITIONS[disposition]
    if disposition in ANSWERS:
        return f"processed/error: {disposition}"
    raise AS2ConfigurationError(f"{disposition!r} is no disposition of an MDN.")


def _report(
    original: Envelope,
    identity: Identity,
    disposition: str,
    mic: str | None,
    receipt: ReceiptRequest | None,
) -> list[bytes]:
    recipient = f"rfc822; {quote_as2_id(identity.as2_id)}"
    fields = {
        "Reporting-UA": "amazon_b2b_connector",
        "Original-Recipient": recipient,
        "Final-Recipient": recipient,
        "Original-Message-ID": header_value("Message-ID", original.message_id),
        "Disposition": f"automatic-action/MDN-sent-automatically; {disposition}",
    }
    if mic:
        fields["Received-Content-MIC"] = f"{mic}, {_mic_algorithm(mic, receipt)}"
    return entity(
        {
            "Content-Type": "message/disposition-notification",
            "Content-Transfer-Encoding": "7bit",
        },
        entity(fields, []),
    )


def _mic_algorithm(mic: str, receipt: ReceiptRequest | None) -> str:
    """Name of the digest that makes MICs of this length, as the sender spells it."""
    try:
        size = len(base64.b64decode(mic, validate=True))
    except ValueError as error:
        raise AS2ConfigurationError(f"{mic!r} is no MIC.") from error
    asked = receipt.micalgs if receipt else ()
    spelled = [*asked, *(digest.mic_name for digest in DIGESTS.values())]
    for name in spelled:
        digest = digest_named(name)
        if digest and digest.primitive().digest_size == size:
            return name
    raise AS2ConfigurationError(f"{mic!r} is no MIC.")


def _text_part(text: str) -> list[bytes]:
    body = re.sub(r"\r\n|\r|\n", "\r\n", text).encode() + b"\r\n"
    encoding = "7bit"
    if not text.isascii() or max(map(len, body.split(b"\r\n"))) > 900:
        encoding = "quoted-printable"
        body = quopri.encodestring(body.replace(b"\r\n", b"\n"))
        body = body.replace(b"\n", b"\r\n")
    return entity(
        {
            "Content-Type": "text/plain; charset=utf-8",
            "Content-Transfer-Encoding": encoding,
        },
        [body],
    )


# -- receiving -------------------------------------------------------------------


@dataclass(frozen=True)
class PendingMessage:
    """A message that was sent and waits for its receipt.

    :ivar mic: as ``build_message`` gave it, with its algorithm.
    :ivar signed_receipt: whether a signed receipt was asked for.
    """

    message_id: str
    mic: str | None
    mic_algorithm: str | None
    signed_receipt: bool = True


@dataclass(frozen=True)
class MdnResult:
    """What an authentic receipt says.

    :ivar accepted: the partner has the message, unchanged, and processed it.
    :ivar disposition: ``processed`` or ``failed``, lower case.
    :ivar kind: ``error``, ``failure``, ``warning`` or empty.
    :ivar modifier: what is wrong in the partner's words, or empty.
    :ivar text: what the partner wrote for people.
    :ivar mic_matches: None where the receipt has no MIC.
    :ivar signed: whether the receipt was signed.
    :ivar person: in a sentence, why it was not accepted; empty if it was.
    """

    accepted: bool
    disposition: str
    kind: str
    modifier: str
    text: str
    original_message_id: str
    mic_matches: bool | None
    signed: bool
    person: str


def receive_mdn(
    headers: Mapping[str, str],
    body: bytes,
    pending: PendingMessage,
    sender: Station,
    moment: datetime | None = None,
) -> MdnResult:
    """Check a receipt and compare it with the message it is for.

    :param headers: of the HTTP response, or of the request that posted it.
    :param sender: the station that the message went to.
    :param moment: as in ``receive_message``.
    :raises MdnRefused: not authentic, or not for this message; the message goes on
        waiting.
    """
    fields = lower_names(headers)
    outer = Part(fields, body, 0, 0, len(body))
    try:
        signed = outer.media_type == "multipart/signed"
        report = verify_multipart(outer, sender, moment).content if signed else outer
        text, notification = _read_report(report)
        result = _compare(notification, text, pending, signed)
    except ContentError as error:
        raise _refused(sender, error.person) from error
    if pending.signed_receipt and not signed:
        raise _refused(
            sender,
            "It is not signed, but a signed one was asked for.",
            f"{result.disposition} {result.modifier} {result.text}".strip(),
        )
    as2_from = unquote(fields.get("as2-from", sender.as2_id))
    if as2_from != sender.as2_id:
        raise _refused(sender, f"It comes from {as2_from[:MAX_HEADER]!r}.")
    return result


def _refused(sender: Station, person: str, claimed: str | None = None) -> MdnRefused:
    return MdnRefused(
        f"The receipt (MDN) of {sender.as2_id} does not count. {person}", claimed
    )


def mdn_original_message_id(headers: Mapping[str, str], body: bytes) -> str | None:
    """The message that a receipt says it is for, to look the message up; unproven.

    None if it is no receipt. Never raises.
    """
    outer = Part(lower_names(headers), body, 0, 0, len(body))
    try:
        if outer.media_type == "multipart/signed":
            outer = read_multipart(outer, most=2)[0][0]
        _, notification = _read_report(outer)
        return _message_id(notification)
    except ContentError:
        return None


def _read_report(report: Part) -> tuple[str, dict[str, str]]:
    """Human-readable text and notification fields of a multipart/report."""
    if report.media_type != "multipart/report":
        raise MimeError("It is no report.")
    parts, _ = read_multipart(report, most=MAX_REPORT_PARTS)
    found = [
        part for part in parts if part.media_type == "message/disposition-notification"
    ]
    if len(found) != 1:
        raise MimeError("It must hold one disposition notification.")
    texts = [part for part in parts if part.media_type == "text/plain"]
    content = bytes(found[0].decoded())
    # a body of fields alone may do without the empty line that ends a header block
    fields, _ = read_headers(content + b"\r\n\r\n", 0, len(content) + 4)
    return _text(texts[0]) if texts else "", fields


def _text(part: Part) -> str:
    content = bytes(memoryview(part.decoded())[: 4 * MAX_TEXT])
    charset = part.parameter("charset") or "utf-8"
    known = _CHARSET.fullmatch(charset) is not None
    text = content.decode(charset if known else "latin-1", "replace")
    return "".join(
        each for each in text if each.isprintable() or each in "\n\t"
    ).strip()[:MAX_TEXT]


def _message_id(notification: Mapping[str, str]) -> str:
    value = notification.get("original-message-id", "")
    if not value or len(value) > MAX_HEADER or not value.isascii():
        raise MimeError("It does not say which message it is for.")
    return value


def _compare(
    notification: Mapping[str, str], text: str, pending: PendingMessage, signed: bool
) -> MdnResult:
    original = _message_id(notification)
    if _bare(original) != _bare(pending.message_id):
        raise MimeError(f"It is for another message: {original}.")
    found = _DISPOSITION.fullmatch(notification.get("disposition", ""))
    if found is None:
        raise MimeError("Its disposition cannot be read.")
    disposition = found["type"].lower()
    kind = (found["kind"] or "").lower()
    modifier = " ".join((found["modifier"] or "").split())
    matches = _mic_matches(notification.get("received-content-mic"), pending)
    person = ""
    if disposition != PROCESSED or kind not in ("", "warning"):
        person = f"The partner has refused it: {modifier or disposition}."
    elif matches is False:
        person = (
            "The partner has received something else than what was sent (the MIC "
            "differs). Send it again; if that repeats, ask the partner."
        )
    elif matches is None and pending.mic and pending.signed_receipt:
        person = "The receipt lacks the MIC, so it proves nothing. Ask the partner."
    return MdnResult(
        accepted=not person,
        disposition=disposition,
        kind=kind,
        modifier=modifier,
        text=text,
        original_message_id=original,
        mic_matches=matches,
        signed=signed,
        person=person,
    )


def _bare(message_id: str) -> str:
    """Without angle brackets, which some partners drop."""
    message_id = message_id.strip()
    if message_id.startswith("<") and message_id.endswith(">"):
        return message_id[1:-1]
    return message_id


def _mic_matches(received: str | None, pending: PendingMessage) -> bool | None:
    """Compare ``base64, algorithm`` (RFC 4130 section 7.4.3), blanks aside."""
    if not received or not pending.mic:
        return None
    value, _, algorithm = received.partition(",")
    if algorithm.strip():
        digest = digest_named(algorithm)
        if digest is None or digest.name != pending.mic_algorithm:
            return False
    return hmac.compare_digest(
        "".join(value.split()).encode("latin-1", "replace"), pending.mic.encode()
    )
