"""Messages there and back: shapes, policies, rotation, and the MIC."""

from __future__ import annotations

import base64
import hashlib
import itertools
import subprocess
import sys
import threading
import tracemalloc
from datetime import timedelta

import pytest
from as2_builders import (
    AWKWARD,
    LOOSE,
    NOW,
    PAYLOAD,
    alice,
    bob,
    build,
    content_info,
    dated_key,
    elliptic_key,
    from_alice,
    key,
    receive,
    to_bob,
    wrapped,
)

import as2
from as2 import mime
from as2.algorithms import CIPHERS, DIGESTS
from as2.ber import Reader, encode, encode_integer, encode_oid
from as2.compressed import compress
from as2.encryption import encrypt
from as2.enveloped import read_enveloped
from as2.signing import sign
from as2.smime import sign_multipart

ENTITY = b"Content-Type: application/EDI-X12\r\n\r\n" + PAYLOAD


def signed_body(content: bytes, epilogue: bytes = b"") -> tuple[str, bytes]:
    """Content-Type and body of a multipart/signed by Alice around any content."""
    kind, body, _ = sign_multipart([content], key("alice"), DIGESTS["sha256"], NOW)
    return kind, b"".join(body) + epilogue


def opaque_body(content: bytes | None, signed: bytes = b"") -> bytes:
    """SignedData by Alice with its content inside, or without one."""
    digest = hashlib.sha256(signed if content is None else content).digest()
    detached = sign(digest, DIGESTS["sha256"], key("alice"), NOW)
    if content is None:
        return detached
    data = encode_oid("1.2.840.113549.1.7.1")
    # lengths around the place change: take the structure apart and write it anew
    reader = Reader(detached)
    with reader.enter(0x30) as info:
        kind = info.oid()
        with info.enter(0xA0) as explicit, explicit.enter(0x30) as body:
            head = bytes(body.raw()) + bytes(body.raw())
            body.skip()
            tail = bytes(body.raw()) + bytes(body.raw())
    inside = encode(0x30, data, encode(0xA0, encode(4, content)))
    return content_info(kind, encode(0x30, head, inside, tail))


def sealed(entity: bytes, **headers: str) -> as2.OutgoingMessage:
    """Any entity encrypted for Bob, under Alice's headers."""
    body = encrypt(
        [entity], CIPHERS["aes256_cbc"], key("bob").certificate, "rsaes_pkcs1v15"
    )
    return wrapped("application/pkcs7-mime; smime-type=enveloped-data", body, **headers)


def refused(
    message: as2.OutgoingMessage, policy: as2.Policy | None = None, **settings: object
) -> as2.MessageRefused:
    with pytest.raises(as2.MessageRefused) as caught:
        receive(message, policy, **settings)
    return caught.value


SHAPES = list(
    itertools.product(
        [None, "sha256", "sha384", "sha512"],
        [None, "aes128_cbc", "aes192_cbc", "aes256_cbc"],
        [False, True],
    )
)


@pytest.mark.parametrize(("sign", "encrypt", "compress"), SHAPES)
@pytest.mark.parametrize("payload", [PAYLOAD, AWKWARD, b""])
def test_payload_comes_back_byte_for_byte(
    sign: str | None, encrypt: str | None, compress: bool, payload: bytes
) -> None:
    message = build(payload, sign=sign, encrypt=encrypt, compress=compress)
    incoming = receive(message, LOOSE)
    assert incoming.payload == payload
    assert (incoming.mic, incoming.mic_algorithm) == (
        message.mic,
        message.mic_algorithm,
    )
    assert (incoming.digest, incoming.cipher) == (sign, encrypt)
    assert incoming.compressed == compress


def test_defaults_are_what_amazon_asks_for() -> None:
    incoming = receive(build())
    assert (incoming.digest, incoming.cipher) == ("sha256", "aes256_cbc")
    assert incoming.receipt and incoming.receipt.signed
    assert incoming.receipt.asynchronous_url is None
    policy = as2.Policy()
    assert policy.require_signature and policy.require_encryption
    assert not {"sha1", "md5"} & policy.digests
    assert not {"tripledes_3key", "rc4"} & policy.ciphers


def test_message_carries_name_type_and_subject() -> None:
    options = {"filename": "dir/Größe 850.edi", "subject": "Bestellung Größe"}
    message = build(message={**options, "content_type": "application/EDIFACT"})
    incoming = receive(message)
    assert incoming.filename == "Größe 850.edi"
    assert incoming.content_type == "application/edifact"
    assert message.headers["Subject"].isascii()


def test_mic_of_a_signed_message_is_over_headers_and_content() -> None:
    kind, body = signed_body(ENTITY)
    incoming = receive(wrapped(kind, body), LOOSE)
    assert base64.b64decode(incoming.mic) == hashlib.sha256(ENTITY).digest()


def test_mic_of_an_encrypted_message_is_over_headers_and_content() -> None:
    incoming = receive(sealed(ENTITY), LOOSE)
    assert base64.b64decode(incoming.mic) == hashlib.sha256(ENTITY).digest()


def test_mic_of_a_bare_message_is_over_the_content_alone() -> None:
    incoming = receive(wrapped("application/EDI-X12", PAYLOAD), LOOSE)
    assert base64.b64decode(incoming.mic) == hashlib.sha256(PAYLOAD).digest()


# -- how peers write it --------------------------------------------------------------


@pytest.mark.parametrize(
    "content",
    [
        b"Content-Type: application/EDI-X12\n\n" + PAYLOAD,
        b"Content-Type:\r\n application/EDI-X12;\r\n\tname=x\r\n\r\n" + PAYLOAD,
        b"content-type: application/EDI-X12\r\nX-Other: a\r\n\tb\r\n\r\n" + PAYLOAD,
        b"Content-Type: application/EDI-X12\r\nContent-Transfer-Encoding: base64\r\n"
        b"\r\n" + base64.encodebytes(PAYLOAD),
        b"Content-Type: application/EDI-X12\r\n"
        b"Content-Transfer-Encoding: Quoted-Printable\r\n\r\n"
        + PAYLOAD.replace(b"=", b"=3D").replace(b"~", b"=7E"),
    ],
    ids=["LF only", "folded", "no transfer encoding", "base64", "quoted-printable"],
)
def test_signed_content_is_taken_as_it_stands(content: bytes) -> None:
    kind, body = signed_body(content)
    incoming = receive(wrapped(kind, body), LOOSE)
    assert incoming.payload == PAYLOAD
    assert base64.b64decode(incoming.mic) == hashlib.sha256(content).digest()


def test_signature_part_may_lack_its_transfer_encoding() -> None:
    kind, body = signed_body(ENTITY)
    bare = body.replace(b"Content-Transfer-Encoding: base64\r\n", b"")
    assert bare != body
    assert receive(wrapped(kind, bare), LOOSE).payload == PAYLOAD


def test_compression_outside_of_the_signature_is_read() -> None:
    kind, body = signed_body(ENTITY)
    packed = compress([f"Content-Type: {kind}\r\n\r\n".encode(), body])
    head = b"Content-Type: application/pkcs7-mime; smime-type=compressed-data\r\n\r\n"
    incoming = receive(sealed(head + packed))
    assert (incoming.payload, incoming.compressed) == (PAYLOAD, True)
    assert base64.b64decode(incoming.mic) == hashlib.sha256(ENTITY).digest()


def test_headers_as_amazon_sends_them_are_accepted() -> None:
    message = build()
    headers = {
        "as2-version": "1.1",
        "as2-from": "ALICE",
        "as2-to": '"BOB"',
        "message-id": "8f3b6d4e-22d1-4a53-8d77-4a0f5c1f6c11",
        "disposition-notification-to": "x",
        "disposition-notification-options": "signed-receipt-protocol=optional, "
        "pkcs7-signature; signed-receipt-micalg=optional, sha256",
        "content-type": message.headers["Content-Type"],
    }
    incoming = as2.receive_message(headers, message.body, from_alice(), bob(), NOW)
    assert incoming.message_id == "8f3b6d4e-22d1-4a53-8d77-4a0f5c1f6c11"
    assert incoming.receipt and incoming.receipt.micalg == "sha256"
    mdn = as2.build_mdn(
        original=headers,
        receipt=incoming.receipt,
        identity=bob(),
        mic=incoming.mic,
        disposition="processed",
        text="Thank you.",
        message_id="<1@bob.example>",
        date=NOW,
    )
    assert f"Received-Content-MIC: {incoming.mic}, sha256\r\n".encode() in mdn.body
    assert b"Original-Message-ID: 8f3b6d4e-22d1-4a53-8d77" in mdn.body


# -- policy --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("settings", "authenticated"),
    [
        ({"sign": None}, False),
        ({"encrypt": None}, True),
        ({"sign": None, "encrypt": None}, False),
        ({"sign": "sha1"}, False),
        ({"encrypt": "tripledes_3key"}, True),
        ({"encrypt": "aes256_gcm"}, True),
    ],
)
def test_less_protection_than_agreed_is_refused(
    settings: dict[str, object], authenticated: bool
) -> None:
    error = refused(build(**settings))
    assert error.reason == "insufficient-message-security"
    assert error.authenticated == authenticated
    expected = error.reason if authenticated else "authentication-failed"
    assert error.disposition == expected


@pytest.mark.parametrize(
    ("settings", "policy"),
    [
        ({"sign": "sha384"}, as2.Policy(digests=frozenset({"sha256"}))),
        ({"encrypt": "aes128_cbc"}, as2.Policy(ciphers=frozenset({"aes256_cbc"}))),
        ({}, as2.Policy(key_transports=frozenset({"rsaes_oaep_sha256"}))),
    ],
)
def test_only_the_algorithms_of_the_station_are_accepted(
    settings: dict[str, object], policy: as2.Policy
) -> None:
    assert refused(build(**settings), policy).reason == "insufficient-message-security"
    assert receive(build(**settings)).payload == PAYLOAD


@pytest.mark.parametrize("cipher", ["aes128_gcm", "aes192_gcm", "aes256_gcm"])
def test_gcm_is_read_where_the_station_allows_it(cipher: str) -> None:
    policy = as2.Policy(ciphers=frozenset({cipher}))
    message = build(AWKWARD, encrypt=cipher)
    assert receive(message, policy).payload == AWKWARD
    flipped = bytearray(message.body)
    flipped[-1] ^= 1  # the last byte of the tag
    broken = as2.OutgoingMessage(message.headers, bytes(flipped), None, None)
    assert refused(broken, policy).reason == "decryption-failed"


@pytest.mark.parametrize(
    "transport", ["rsaes_pkcs1v15", "rsaes_oaep_sha1", "rsaes_oaep_sha256"]
)
def test_key_transport_is_the_one_that_was_set(transport: str) -> None:
    message = build(key_transport=transport)
    (recipient,) = read_enveloped(message.body).recipients
    assert recipient.transport == transport
    assert receive(message).payload == PAYLOAD


def test_elliptic_curve_keys_sign() -> None:
    own = elliptic_key("alice")
    message = build(sender=alice(own))
    assert receive(message, certificates=(own.certificate,)).payload == PAYLOAD


def test_nothing_can_be_encrypted_for_an_elliptic_curve_key() -> None:
    with pytest.raises(as2.AS2ConfigurationError, match="not RSA"):
        build(certificates=(elliptic_key("bob").certificate,))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("sign", "md5"),
        ("encrypt", "rc4"),
        ("key_transport", "none"),
        ("mdn", "later"),
        ("signature_scheme", "raw"),
    ],
)
def test_unknown_settings_are_refused_by_name(field: str, value: str) -> None:
    with pytest.raises(as2.AS2ConfigurationError, match=value):
        to_bob(**{field: value})


@pytest.mark.parametrize(
    ("field", "value"),
    [("digests", "md5"), ("ciphers", "rc4"), ("key_transports", "plain")],
)
def test_policy_cannot_allow_what_is_not_supported(field: str, value: str) -> None:
    with pytest.raises(as2.AS2ConfigurationError, match=value):
        as2.Policy(**{field: frozenset({value})})


def test_refusal_of_a_stranger_never_carries_a_mic() -> None:
    error = as2.MessageRefused("x", "decryption-failed", mic="y", mic_algorithm="z")
    assert (error.mic, error.mic_algorithm) == (None, None)


def test_payload_above_the_limit_is_refused() -> None:
    error = refused(build(bytes(1001)), as2.Policy(max_size=1000))
    assert error.authenticated and "1001 bytes" in error.person
    assert error.mic
    assert len(receive(build(bytes(1000)), as2.Policy(max_size=1000)).payload) == 1000


# -- certificates --------------------------------------------------------------------


def test_both_certificates_of_a_rotating_station_are_trusted() -> None:
    new = key("alice new")
    both = (key("alice").certificate, new.certificate)
    for own in (key("alice"), new):
        incoming = receive(build(sender=alice(own)), certificates=both)
        assert incoming.fingerprint == own.certificate.fingerprint


def test_certificate_that_is_not_entered_is_not_trusted() -> None:
    error = refused(build(sender=alice(key("mallory"))))
    assert error.reason == "authentication-failed"
    assert not error.authenticated
    assert "not among those entered" in error.person


def test_old_own_key_still_decrypts() -> None:
    rotating = bob(key("bob new"), key("bob"))
    assert receive(build(), receiver=rotating).payload == PAYLOAD
    assert rotating.signing_key is rotating.keys[0]


def test_message_for_a_key_we_no_longer_have_says_so() -> None:
    error = refused(build(certificates=(key("carol").certificate,)))
    assert error.reason == "decryption-failed"
    assert "old certificate of ours" in error.person


def test_wrongly_named_recipient_is_still_decrypted() -> None:
    # the same key under another certificate, as after a renewal with the old key
    renewed = as2.PrivateKey(key("alice").certificate, key("bob").key)
    others = bob(key("carol"), renewed)
    assert receive(build(), receiver=others).payload == PAYLOAD


@pytest.mark.parametrize(
    ("start", "end", "text"), [(-60, -1, "expired on"), (1, 60, "not valid before")]
)
def test_certificate_outside_its_dates_is_refused(
    start: int, end: int, text: str
) -> None:
    own = dated_key("alice", NOW + timedelta(days=start), NOW + timedelta(days=end))
    anyway = as2.Policy(allow_expired=True)
    with pytest.raises(as2.AS2ConfigurationError, match="valid only from"):
        build(sender=alice(own))
    message = build(sender=alice(own), policy=anyway)
    error = refused(message, certificates=(own.certificate,))
    assert text in error.person and not error.authenticated
    trusted = (own.certificate,)
    assert receive(message, anyway, certificates=trusted).payload == PAYLOAD
    with pytest.raises(as2.AS2ConfigurationError, match="receiver's certificate"):
        build(certificates=(own.certificate,))


def test_signer_must_name_the_certificate_and_hold_its_key() -> None:
    # Mallory names Alice's certificate but signs with her own key
    forged = as2.PrivateKey(key("alice").certificate, key("mallory").key)
    error = refused(build(sender=alice(forged)))
    assert error.reason == "authentication-failed"
    assert "does not fit" in error.person
    # Alice's key under a certificate that was never entered
    other = as2.PrivateKey(key("mallory").certificate, key("alice").key)
    assert "not among those entered" in refused(build(sender=alice(other))).person


# -- what does not get in ------------------------------------------------------------


def test_changed_content_is_refused() -> None:
    message = build(encrypt=None)
    changed = message.body.replace(b"ISA*00", b"ISA*01", 1)
    broken = as2.OutgoingMessage(message.headers, changed, None, None)
    error = refused(broken, LOOSE)
    assert error.reason == "integrity-check-failed"
    assert error.disposition == "authentication-failed"
    assert error.mic is None


@pytest.mark.parametrize("epilogue", [b"more", b"\r\n\r\nx", b" " * 2000 + b"x"])
def test_bytes_behind_what_is_signed_are_refused(epilogue: bytes) -> None:
    kind, body = signed_body(ENTITY, epilogue)
    assert "follows behind" in refused(wrapped(kind, body), LOOSE).person
    kind, body = signed_body(ENTITY, b"\r\n \r\n")
    assert receive(wrapped(kind, body), LOOSE).payload == PAYLOAD


def test_third_part_beside_what_is_signed_is_refused() -> None:
    kind, body = signed_body(ENTITY)
    boundary = mime.parse_parameters(kind)[1]["boundary"].encode()
    part = b"\r\n--" + boundary + b"\r\nContent-Type: text/plain\r\n\r\nforged"
    end = body.rindex(b"\r\n--" + boundary + b"--")
    assert (
        "2 parts"
        in refused(wrapped(kind, body[:end] + part + body[end:]), LOOSE).person
    )
    first = body.index(b"\r\n--" + boundary)
    more = body[:first] + part + body[first:]
    assert "2 parts" in refused(wrapped(kind, more), LOOSE).person


def test_signature_by_nobody_is_refused() -> None:
    data = encode(0x30, encode_oid("1.2.840.113549.1.7.1"))
    empty = content_info(
        "1.2.840.113549.1.7.2",
        encode(0x30, encode_integer(1), encode(0x31), data, encode(0x31)),
    )
    body = (
        b"--b\r\n" + ENTITY + b"\r\n--b\r\n"
        b"Content-Type: application/pkcs7-signature\r\n\r\n" + empty + b"\r\n--b--"
    )
    error = refused(wrapped("multipart/signed; boundary=b", body), LOOSE)
    assert error.reason == "authentication-failed" and "nobody" in error.person


def test_message_for_others_is_refused() -> None:
    message = build()
    for name in ("AS2-From", "AS2-To"):
        headers = {**message.headers, name: "EVE"}
        with pytest.raises(as2.MessageRefused) as caught:
            as2.receive_message(headers, message.body, from_alice(), bob(), NOW)
        assert caught.value.reason == "unknown-trading-relationship"
        assert caught.value.disposition == "authentication-failed"


@pytest.mark.parametrize(
    "layers",
    [["e", "e"], ["s", "e"], ["c", "c"], ["s", "s"], ["s", "o"], ["o", "s"]],
)
def test_layers_in_another_order_are_refused(layers: list[str]) -> None:
    entity = ENTITY
    for layer in reversed(layers):
        kind = "application/pkcs7-mime"
        if layer == "s":
            kind, body = signed_body(entity)
        elif layer == "c":
            body = compress([entity])
        elif layer == "o":
            body = opaque_body(entity)
        else:
            cipher, certificate = CIPHERS["aes128_cbc"], key("bob").certificate
            body = encrypt([entity], cipher, certificate, "rsaes_pkcs1v15")
        entity = f"Content-Type: {kind}\r\n\r\n".encode() + body
    assert "order" in refused(wrapped(kind, body), LOOSE).person


def test_signature_without_its_content_is_refused() -> None:
    message = wrapped("application/pkcs7-mime", opaque_body(None, ENTITY))
    assert "missing" in refused(message, LOOSE).person
    good = wrapped("application/pkcs7-mime", opaque_body(ENTITY))
    assert receive(good, LOOSE).payload == PAYLOAD


@pytest.mark.parametrize("entity", [b"X-Header: y\r\n\r\nISA", b"\r\nISA", b"ISA"])
def test_encrypted_content_must_say_what_it_is(entity: bytes) -> None:
    assert refused(sealed(entity), LOOSE).reason == "decryption-failed"


# -- around it -----------------------------------------------------------------------


def test_boundary_never_occurs_in_the_content(monkeypatch: pytest.MonkeyPatch) -> None:
    tokens = iter(["aa", "aa", "bb"])
    monkeypatch.setattr(mime.secrets, "token_hex", lambda size: next(tokens))
    message = build(b"\r\n--=_aa\r\n--=_aa--", encrypt=None)
    assert 'boundary="=_bb"' in message.headers["Content-Type"]
    assert receive(message, LOOSE).payload == b"\r\n--=_aa\r\n--=_aa--"


def test_every_message_has_keys_and_boundaries_of_its_own() -> None:
    options = {"message_id": "<1@x>", "date": NOW}
    assert build(message=options).body != build(message=options).body


def test_payload_and_keys_stay_out_of_what_is_logged() -> None:
    message = build(b"SECRET-PAYLOAD", sign=None, encrypt=None)
    incoming = receive(message, LOOSE)
    shown = f"{message!r} {incoming!r} {alice()!r} {to_bob()!r}"
    assert "SECRET-PAYLOAD" not in shown
    assert "PRIVATE" not in shown and "RSAPrivateKey" not in shown


def test_memory_stays_a_small_multiple_of_the_payload() -> None:
    payload = bytes(8 * 1024 * 1024)
    tracemalloc.start()
    message = build(payload)
    _, sending = tracemalloc.get_traced_memory()
    tracemalloc.reset_peak()
    assert receive(message).payload == payload
    _, receiving = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    # sending: ciphertext and its copy; receiving: the body, plaintext and payload
    assert sending < 2.5 * len(payload)
    assert receiving < 3.5 * len(payload)


def test_threads_do_not_disturb_one_another() -> None:
    message, results = build(AWKWARD), []

    def work() -> None:
        for _ in range(20):
            results.append(receive(message).payload == AWKWARD)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [True] * 80


def test_runs_with_bytes_warnings_as_errors() -> None:
    script = (
        "from as2_builders import *\n"
        "m = build()\n"
        "assert receive(m).payload == PAYLOAD\n"
        "r = receipt_for(m)\n"
        "assert as2.receive_mdn(r.headers, r.body, waiting(m), to_bob(), NOW).accepted"
    )
    done = subprocess.run(
        [sys.executable, "-bb", "-W", "error::BytesWarning", "-c", script],
        env={"PYTHONPATH": ":".join(filter(None, sys.path))},
        capture_output=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr.decode()
