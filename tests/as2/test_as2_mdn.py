"""Receipts: built as asked for, and believed only when they prove something."""

from __future__ import annotations

import base64
import re
from datetime import timedelta

import pytest
from as2_builders import (
    NOW,
    bob,
    build,
    content_info,
    dated_key,
    key,
    receipt_for,
    receive,
    to_bob,
    waiting,
)

import as2
from as2.algorithms import DIGESTS
from as2.ber import encode, encode_integer, encode_oid
from as2.mime import parse_parameters
from as2.smime import sign_multipart

MESSAGE = build()
PENDING = waiting(MESSAGE)
REPORT = "multipart/report; report-type=disposition-notification; boundary=r"


def check(
    headers: dict[str, str],
    body: bytes,
    pending: as2.PendingMessage = PENDING,
    **settings: object,
) -> as2.MdnResult:
    return as2.receive_mdn(headers, body, pending, to_bob(**settings), NOW)


def refused(
    headers: dict[str, str], body: bytes, pending: as2.PendingMessage = PENDING
) -> as2.MdnRefused:
    with pytest.raises(as2.MdnRefused) as caught:
        check(headers, body, pending)
    return caught.value


def notification(**fields: str | None) -> bytes:
    """The fields of a good report, some replaced or (None) left out."""
    good = {
        "Final-Recipient": "rfc822; BOB",
        "Original-Message-ID": PENDING.message_id,
        "Disposition": "automatic-action/MDN-sent-automatically; processed",
        "Received-Content-MIC": f"{MESSAGE.mic}, sha-256",
        **{name.replace("_", "-"): value for name, value in fields.items()},
    }
    lines = [f"{name}: {value}\r\n" for name, value in good.items() if value]
    return "".join(lines).encode()


def report(fields: bytes, text: bytes = b"Thank you.") -> bytes:
    return (
        b"--r\r\nContent-Type: text/plain\r\n\r\n" + text + b"\r\n"
        b"--r\r\nContent-Type: message/disposition-notification\r\n\r\n"
        + fields
        + b"\r\n--r--\r\n"
    )


def signed(body: bytes, signer: as2.PrivateKey | None = None) -> dict[str, object]:
    """Arguments for ``check``: a report signed by Bob, or by somebody else."""
    content = f"Content-Type: {REPORT}\r\n\r\n".encode() + body
    kind, pieces, _ = sign_multipart(
        [content], signer or key("bob"), DIGESTS["sha256"], NOW
    )
    return {"headers": {"Content-Type": kind}, "body": b"".join(pieces)}


# -- good ones -----------------------------------------------------------------------


def test_receipt_for_a_good_message_is_accepted() -> None:
    mdn = receipt_for(MESSAGE, text="Danke schön,\nbis bald.")
    result = check(mdn.headers, mdn.body)
    assert result == as2.MdnResult(
        accepted=True,
        disposition="processed",
        kind="",
        modifier="",
        text=result.text,
        original_message_id=PENDING.message_id,
        mic_matches=True,
        signed=True,
        person="",
    )
    assert result.text.split() == ["Danke", "schön,", "bis", "bald."]


@pytest.mark.parametrize("digest", ["sha256", "sha384", "sha512"])
def test_receipt_is_signed_with_the_digest_that_was_asked_for(digest: str) -> None:
    message = build(sign=digest)
    incoming = receive(message)
    mdn = receipt_for(message, receipt=incoming.receipt, mic=incoming.mic)
    assert f"micalg={DIGESTS[digest].mic_name};" in mdn.headers["Content-Type"]
    assert check(mdn.headers, mdn.body, waiting(message)).accepted


def test_mic_has_the_digest_of_the_signature_whatever_the_receipts() -> None:
    # RFC 4130 section 7.4.3
    message = build(sign="sha512", mdn_digest="sha256")
    incoming = receive(message)
    assert (message.mic_algorithm, incoming.mic_algorithm) == ("sha512", "sha512")
    mdn = receipt_for(message, receipt=incoming.receipt, mic=incoming.mic)
    assert "micalg=sha-256;" in mdn.headers["Content-Type"]
    assert f"{incoming.mic}, sha-512".encode() in mdn.body
    assert check(mdn.headers, mdn.body, waiting(message)).accepted


@pytest.mark.parametrize("spelling", ["sha256", "SHA-256", "Sha256", "sha-256"])
def test_partners_spelling_of_the_digest_comes_back(spelling: str) -> None:
    options = (
        "signed-receipt-protocol=required, pkcs7-signature; "
        f"signed-receipt-micalg=required, {spelling}"
    )
    headers = {**MESSAGE.headers, "Disposition-Notification-Options": options}
    receipt = as2.peek(headers).receipt
    mdn = receipt_for(MESSAGE, receipt=receipt)
    assert f"{MESSAGE.mic}, {spelling}\r\n".encode() in mdn.body
    assert check(mdn.headers, mdn.body).accepted


def test_sha1_is_not_used_for_a_stranger_who_asks_for_it() -> None:
    options = (
        "signed-receipt-protocol=optional, pkcs7-signature; "
        "signed-receipt-micalg=optional, sha1, sha-384"
    )
    headers = {**MESSAGE.headers, "Disposition-Notification-Options": options}
    receipt = as2.peek(headers).receipt
    assert receipt and receipt.micalg == "sha-384"
    allowed = as2.Policy(digests=frozenset({"sha1", "sha256"}))
    assert receipt.under(allowed, "sha256").micalg == "sha1"


def test_unsigned_receipt_is_built_when_no_signed_one_is_asked_for() -> None:
    message = build(mdn_signed=False)
    mdn = receipt_for(message)
    assert mdn.headers["Content-Type"].startswith("multipart/report")
    pending = waiting(message, signed_receipt=False)
    result = check(mdn.headers, mdn.body, pending)
    assert result.accepted and not result.signed


@pytest.mark.parametrize(
    "fields",
    [
        {"Disposition": "AUTOMATIC-ACTION/mdn-sent-automatically;Processed"},
        {"Disposition": "manual-action/MDN-sent-manually ; processed"},
        {"Disposition": "automatic-action/MDN-sent-automatically;\r\n\tprocessed"},
        {"Disposition": "automatic-action/x; processed/warning: duplicate-document"},
        {"Original_Message_ID": PENDING.message_id.strip("<>")},
        {"Received_Content_MIC": f"{MESSAGE.mic},SHA256"},
        {"Received_Content_MIC": f"  {MESSAGE.mic} ,  sha-256  "},
        {"Received_Content_MIC": f"{MESSAGE.mic}"},
        {"Extension_Field": "anything"},
    ],
)
def test_receipts_are_read_as_partners_write_them(fields: dict[str, str]) -> None:
    result = check(**signed(report(notification(**fields))))
    assert result.accepted, result.person
    assert result.mic_matches


def test_report_part_may_be_encoded() -> None:
    body = report(notification()).replace(
        b"notification\r\n\r\n" + notification(),
        b"notification\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        + base64.encodebytes(notification()),
    )
    assert check(**signed(body)).accepted


def test_line_ends_of_the_report_may_be_lf_alone() -> None:
    body = report(notification()).replace(b"\r\n", b"\n")
    assert check(**signed(body)).accepted


def test_receipt_of_a_rotating_partner_is_accepted() -> None:
    new = key("bob new")
    certificates = (key("bob").certificate, new.certificate)
    arguments = signed(report(notification()), new)
    assert check(**arguments, certificates=certificates).accepted


# -- refusals by the partner ---------------------------------------------------------


@pytest.mark.parametrize("disposition", [*as2.ANSWERS])
def test_every_refusal_can_be_sent_and_read(disposition: str) -> None:
    mdn = receipt_for(MESSAGE, disposition=disposition, mic=None, text="No.")
    result = check(mdn.headers, mdn.body)
    assert not result.accepted
    assert result.modifier.lower().replace(" ", "-") == disposition
    assert (result.text, result.mic_matches) == ("No.", None)
    assert result.modifier in result.person


@pytest.mark.parametrize(
    ("value", "kind", "modifier"),
    [
        ("x; processed/error: decryption-failed", "error", "decryption-failed"),
        ("x; processed/Error:authentication-failed", "error", "authentication-failed"),
        ("x; failed/Failure: unsupported format", "failure", "unsupported format"),
        ("x; FAILED", "", ""),
        ("x; processed/failure", "failure", ""),
        ("x; deleted", "", ""),
    ],
)
def test_refusals_are_read_as_partners_write_them(
    value: str, kind: str, modifier: str
) -> None:
    arguments = signed(report(notification(Disposition=value)))
    result = check(**arguments)
    assert not result.accepted
    assert (result.kind, result.modifier) == (kind, modifier)


def test_unknown_disposition_is_not_sent() -> None:
    with pytest.raises(as2.AS2ConfigurationError, match="no disposition"):
        receipt_for(MESSAGE, disposition="processed/error: made up")


# -- what proves nothing -------------------------------------------------------------


def test_other_mic_is_not_accepted() -> None:
    other = base64.b64encode(bytes(32)).decode()
    mdn = receipt_for(MESSAGE, mic=other)
    result = check(mdn.headers, mdn.body)
    assert not result.accepted and result.mic_matches is False
    assert "MIC" in result.person


@pytest.mark.parametrize("algorithm", ["sha1", "md5", "sha512", "x"])
def test_mic_of_another_algorithm_is_not_accepted(algorithm: str) -> None:
    fields = notification(Received_Content_MIC=f"{MESSAGE.mic}, {algorithm}")
    result = check(**signed(report(fields)))
    assert not result.accepted and result.mic_matches is False


def test_signed_receipt_without_mic_is_not_accepted() -> None:
    fields = notification(Received_Content_MIC=None)
    result = check(**signed(report(fields)))
    assert not result.accepted and result.mic_matches is None
    assert "lacks the MIC" in result.person


def test_receipt_for_another_message_is_refused() -> None:
    other = build()
    mdn = receipt_for(other)
    assert "another message" in refused(mdn.headers, mdn.body).person


@pytest.mark.parametrize("name", ["Original_Message_ID", "Disposition"])
def test_receipt_without_what_it_must_say_is_refused(name: str) -> None:
    refused(**signed(report(notification(**{name: None}))))


def test_receipt_signed_by_somebody_else_is_refused() -> None:
    error = refused(**signed(report(notification()), key("mallory")))
    assert "not among those entered" in error.person


def test_unsigned_receipt_is_refused_but_shown() -> None:
    fields = notification(Disposition="x; processed/error: decryption-failed")
    error = refused({"Content-Type": REPORT}, report(fields, b"Old key?"))
    assert "not signed" in error.person
    assert error.claimed == "processed decryption-failed Old key?"


def test_receipt_from_another_station_is_refused() -> None:
    mdn = receipt_for(MESSAGE)
    assert "EVE" in refused({**mdn.headers, "AS2-From": "EVE"}, mdn.body).person


def test_receipt_signed_with_an_expired_certificate_is_refused() -> None:
    old = dated_key("bob", NOW - timedelta(days=9), NOW - timedelta(days=1))
    arguments = signed(report(notification()), old)
    trusted = {"certificates": (old.certificate,)}
    with pytest.raises(as2.MdnRefused, match="expired on"):
        check(**arguments, **trusted)
    anyway = as2.Policy(allow_expired=True)
    assert check(**arguments, **trusted, policy=anyway).accepted


def test_receipt_with_a_weak_signature_is_refused() -> None:
    content = f"Content-Type: {REPORT}\r\n\r\n".encode() + report(notification())
    kind, pieces, _ = sign_multipart([content], key("bob"), DIGESTS["sha1"], NOW)
    error = refused({"Content-Type": kind}, b"".join(pieces))
    assert "sha1" in error.person


# -- forgeries -----------------------------------------------------------------------


def test_signature_of_nobody_proves_nothing() -> None:
    """A SignedData with no signer at all must not pass for a signed receipt."""
    empty = content_info(
        "1.2.840.113549.1.7.2",
        encode(
            0x30,
            encode_integer(1),
            encode(0x31),
            encode(0x30, encode_oid("1.2.840.113549.1.7.1")),
            encode(0x31),
        ),
    )
    body = (
        f"--s\r\nContent-Type: {REPORT}\r\n\r\n".encode()
        + report(notification())
        + b"\r\n--s\r\nContent-Type: application/pkcs7-signature\r\n"
        b"Content-Transfer-Encoding: base64\r\n\r\n"
        + base64.encodebytes(empty)
        + b"\r\n--s--\r\n"
    )
    kind = "multipart/signed; protocol=x; boundary=s"
    assert "nobody" in refused({"Content-Type": kind}, body).person


def genuine_refusal() -> as2.Mdn:
    return receipt_for(MESSAGE, disposition="decryption-failed", mic=None)


FORGED_PART = f"Content-Type: {REPORT}\r\n\r\n".encode() + report(notification())


def test_forged_report_behind_a_genuine_one_is_refused() -> None:
    mdn = genuine_refusal()
    kind = mdn.headers["Content-Type"]
    boundary = b"\r\n--" + parse_parameters(kind)[1]["boundary"].encode()
    end = mdn.body.rindex(boundary + b"--")
    forged = mdn.body[:end] + boundary + b"\r\n" + FORGED_PART + mdn.body[end:]
    assert "2 parts" in refused({"Content-Type": kind}, forged).person
    behind = mdn.body + FORGED_PART
    assert "behind" in refused({"Content-Type": kind}, behind).person
    assert not check(mdn.headers, mdn.body).accepted


@pytest.mark.parametrize("outer", ["multipart/mixed", "multipart/report"])
def test_genuine_receipt_wrapped_beside_a_forged_report_is_refused(outer: str) -> None:
    mdn = genuine_refusal()
    inner = f"Content-Type: {mdn.headers['Content-Type']}\r\n\r\n".encode() + mdn.body
    body = b"--w\r\n" + inner + b"\r\n--w\r\n" + FORGED_PART + b"\r\n--w--\r\n"
    refused({"Content-Type": f"{outer}; boundary=w"}, body)


def test_forged_report_in_the_preamble_is_not_read() -> None:
    mdn = genuine_refusal()
    body = report(notification()) + b"\r\n" + mdn.body
    assert not check(mdn.headers, body).accepted


def test_two_notifications_in_one_report_are_refused() -> None:
    part = (
        b"\r\n--r\r\nContent-Type: message/disposition-notification\r\n\r\n"
        + notification()
    )
    body = report(notification(Disposition="x; failed"))
    end = body.rindex(b"\r\n--r--")
    both = body[:end] + part + body[end:]
    assert "one disposition" in refused(**signed(both)).person


def test_first_of_two_dispositions_counts() -> None:
    fields = notification(Disposition="x; failed") + b"Disposition: x; processed\r\n"
    assert not check(**signed(report(fields))).accepted


def test_changed_report_is_refused() -> None:
    mdn = genuine_refusal()
    body = mdn.body.replace(b"processed/error: decryption-failed", b"processed")
    assert body != mdn.body
    refused(mdn.headers, body)


def test_signature_over_other_content_proves_nothing() -> None:
    mdn, good = genuine_refusal(), signed(report(notification()))
    signature = re.compile(rb"(?s)\r\n\r\nMI[^-]*\r\n--")
    genuine = signature.search(mdn.body)
    assert genuine
    swapped = signature.sub(genuine[0], bytes(good["body"]))
    assert swapped != good["body"]
    refused(good["headers"], swapped)


# -- finding the message -------------------------------------------------------------


def test_message_of_a_receipt_is_found_before_it_is_proved() -> None:
    mdn = receipt_for(MESSAGE)
    assert as2.mdn_original_message_id(mdn.headers, mdn.body) == PENDING.message_id
    unsigned = as2.mdn_original_message_id(
        {"Content-Type": REPORT}, report(notification())
    )
    assert unsigned == PENDING.message_id


def test_text_for_people_is_short_and_printable() -> None:
    text = b"\x1b[31mA" + b"\xe4" * 100_000
    body = report(notification(), text).replace(
        b"text/plain", b"text/plain; charset=ISO-8859-1", 1
    )
    shown = check(**signed(body)).text
    assert shown.startswith("[31mA\u00e4") and len(shown) == 4000
    odd = body.replace(b"ISO-8859-1", b"punycode", 1)
    assert check(**signed(odd)).text == shown


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"--r--",
        report(b""),
        report(b"Original-Message-ID: \r\n"),
        report(b"Original-Message-ID: " + b"x" * 300 + b"\r\n"),
        report("Original-Message-ID: ü\r\n".encode()),
    ],
)
def test_no_message_is_found_where_there_is_none(body: bytes) -> None:
    assert as2.mdn_original_message_id({"Content-Type": REPORT}, body) is None


def test_ordinary_message_is_no_receipt() -> None:
    assert as2.mdn_original_message_id(MESSAGE.headers, MESSAGE.body) is None
    unencrypted = build(encrypt=None)
    assert not as2.peek(unencrypted.headers, unencrypted.body).is_mdn
    mdn = receipt_for(MESSAGE)
    assert as2.peek(mdn.headers, mdn.body).is_mdn
    plain = receipt_for(build(mdn_signed=False))
    assert as2.peek(plain.headers).is_mdn


def test_identity_without_a_key_cannot_sign() -> None:
    with pytest.raises(as2.AS2ConfigurationError, match="no key"):
        receipt_for(MESSAGE, receiver=as2.Identity("BOB", ()))
    assert bob().signing_key.certificate.subject == "CN=bob"
