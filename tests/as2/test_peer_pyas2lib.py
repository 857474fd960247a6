"""pyas2lib as the other party: what it makes of our bytes, and we of its."""

from __future__ import annotations

from typing import Any

import pytest
from as2_builders import (
    AWKWARD,
    NOW,
    PAYLOAD,
    alice,
    bob,
    build,
    from_alice,
    key,
    to_bob,
    waiting,
)
from pyas2_import import pyas2lib

import as2

CIPHERS = {
    "aes_128_cbc": "aes128_cbc",
    "aes_192_cbc": "aes192_cbc",
    "aes_256_cbc": "aes256_cbc",
    "tripledes_192_cbc": "tripledes_3key",
}


def organization(name: str) -> Any:
    own = key(name)
    pem = own.to_pem() + own.certificate.to_pem()
    return pyas2lib.Organization(
        as2_name=name.upper(),
        sign_key=pem,
        sign_key_pass=None,
        decrypt_key=pem,
        decrypt_key_pass=None,
        mdn_url="http://127.0.0.1/mdn",
    )


def partner(name: str, **settings: object) -> Any:
    certificate = key(name).certificate.to_pem()
    options = {
        "sign": True,
        "encrypt": True,
        "enc_alg": "aes_256_cbc",
        "digest_alg": "sha256",
        "mdn_mode": "SYNC",
        "mdn_digest_alg": "sha256",
        **settings,
    }
    return pyas2lib.Partner(
        as2_name=name.upper(),
        verify_cert=certificate,
        encrypt_cert=certificate,
        **options,
    )


def wire(headers: dict[str, str], body: bytes) -> bytes:
    fields = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return fields.encode() + b"\r\n" + body


def parsed_by_peer(message: as2.OutgoingMessage, **settings: object) -> Any:
    """What Bob's pyas2lib makes of Alice's message: status, message, receipt."""
    incoming = pyas2lib.Message()
    status, error, mdn = incoming.parse(
        wire(message.headers, message.body),
        find_org_cb=lambda name: organization("bob"),
        find_partner_cb=lambda name: partner("alice", **settings),
        find_message_cb=lambda *found: False,
    )
    return status, error, incoming, mdn


def built_by_peer(payload: bytes, settings: dict[str, object], **options: Any) -> Any:
    """Alice's message, made by pyas2lib."""
    message = pyas2lib.Message(organization("alice"), partner("bob", **settings))
    message.build(payload, **options)
    return message


@pytest.mark.parametrize("compress", [False, True])
@pytest.mark.parametrize("digest", ["sha256", "sha384", "sha512"])
@pytest.mark.parametrize("cipher", sorted(CIPHERS))
def test_peer_accepts_our_message_and_we_its_receipt(
    cipher: str, digest: str, compress: bool
) -> None:
    message = build(sign=digest, encrypt=CIPHERS[cipher], compress=compress)
    status, error, incoming, mdn = parsed_by_peer(message)
    assert (status, error[0]) == ("processed", None)
    assert incoming.content == PAYLOAD
    assert incoming.mic.decode() == message.mic
    result = as2.receive_mdn(mdn.headers, mdn.content, waiting(message), to_bob(), NOW)
    assert (result.accepted, result.signed, result.mic_matches) == (True, True, True)


@pytest.mark.parametrize(
    "settings",
    [
        {"sign": None},
        {"encrypt": None},
        {"signature_scheme": "pss"},
        {"key_transport": "rsaes_oaep_sha1"},
    ],
)
def test_peer_reads_every_shape_of_ours(settings: dict[str, Any]) -> None:
    message = build(**settings)
    status, error, incoming, _ = parsed_by_peer(message, sign=False, encrypt=False)
    assert (status, error[0]) == ("processed", None)
    assert incoming.content == PAYLOAD


def test_payload_reaches_the_peer_byte_for_byte() -> None:
    message = build(AWKWARD, message={"content_type": "application/octet-stream"})
    status, _, incoming, _ = parsed_by_peer(message)
    assert (status, incoming.content) == ("processed", AWKWARD)


def test_we_read_the_peers_refusal() -> None:
    message = build(encrypt=None)
    status, _, _, mdn = parsed_by_peer(message)
    assert status != "processed"
    result = as2.receive_mdn(mdn.headers, mdn.content, waiting(message), to_bob(), NOW)
    assert not result.accepted
    assert result.modifier == "insufficient-message-security"


def test_unsigned_receipt_of_the_peer_is_refused_unless_we_asked_for_none() -> None:
    message = build(mdn_signed=False)
    _, _, _, mdn = parsed_by_peer(message)
    with pytest.raises(as2.MdnRefused, match="not signed") as refused:
        as2.receive_mdn(mdn.headers, mdn.content, waiting(message), to_bob(), NOW)
    assert refused.value.claimed and refused.value.claimed.startswith("processed")
    result = as2.receive_mdn(
        mdn.headers, mdn.content, waiting(message, signed_receipt=False), to_bob(), NOW
    )
    assert result.accepted and not result.signed


@pytest.mark.parametrize("compress", [False, True])
@pytest.mark.parametrize("digest", ["sha256", "sha384", "sha512"])
@pytest.mark.parametrize("cipher", sorted(CIPHERS))
def test_we_accept_the_peers_message_and_it_our_receipt(
    cipher: str, digest: str, compress: bool
) -> None:
    settings = {"digest_alg": digest, "enc_alg": cipher, "compress": compress}
    message = built_by_peer(PAYLOAD, settings, filename="po.edi")
    policy = as2.Policy(ciphers=frozenset(CIPHERS.values()))
    incoming = as2.receive_message(
        message.headers, message.content, from_alice(policy=policy), bob(), NOW
    )
    assert incoming.payload == PAYLOAD
    assert (incoming.digest, incoming.cipher) == (digest, CIPHERS[cipher])
    assert (incoming.compressed, incoming.filename) == (compress, "po.edi")
    mdn = as2.build_mdn(
        original=message.headers,
        receipt=incoming.receipt,
        identity=bob(),
        mic=incoming.mic,
        disposition="processed",
        text="Thank you.",
        message_id=as2.new_message_id("bob.example"),
        date=NOW,
    )
    status = pyas2lib.Mdn().parse(wire(mdn.headers, mdn.body), lambda *found: message)
    assert status == ("processed", None)


def test_asynchronous_receipt_is_asked_for() -> None:
    message = built_by_peer(PAYLOAD, {"mdn_mode": "ASYNC"})
    incoming = as2.receive_message(
        message.headers, message.content, from_alice(), bob(), NOW
    )
    assert incoming.receipt
    assert incoming.receipt.asynchronous_url == "http://127.0.0.1/mdn"
    ours = build(mdn="async", message={"async_mdn_url": "http://127.0.0.1:1/a"})
    _, _, _, mdn = parsed_by_peer(ours)
    assert (mdn.mdn_mode, mdn.mdn_url) == ("ASYNC", "http://127.0.0.1:1/a")


@pytest.mark.parametrize(
    "disposition",
    [
        "authentication-failed",
        "unexpected-processing-error",
        "decompression-failed",
    ],
)
def test_the_peer_reads_our_refusal(disposition: str) -> None:
    message = built_by_peer(PAYLOAD, {})
    mdn = as2.build_mdn(
        original=message.headers,
        receipt=as2.peek(message.headers).receipt,
        identity=bob(),
        mic=None,
        disposition=disposition,
        text="No.",
        message_id=as2.new_message_id("bob.example"),
        date=NOW,
    )
    status = pyas2lib.Mdn().parse(wire(mdn.headers, mdn.body), lambda *found: message)
    assert status == ("processed/error", disposition)


@pytest.mark.parametrize(
    "weak",
    [
        {"digest_alg": "sha1"},
        {"digest_alg": "md5"},
        {"enc_alg": "tripledes_192_cbc"},
        {"sign": False},
        {"encrypt": False},
    ],
)
def test_weak_messages_of_the_peer_are_refused(weak: dict[str, object]) -> None:
    message = built_by_peer(PAYLOAD, weak)
    with pytest.raises(as2.MessageRefused) as refused:
        as2.receive_message(message.headers, message.content, from_alice(), bob(), NOW)
    assert refused.value.reason == "insufficient-message-security"


def test_sha1_and_3des_are_accepted_where_the_station_allows_them() -> None:
    message = built_by_peer(
        PAYLOAD, {"digest_alg": "sha1", "enc_alg": "tripledes_192_cbc"}
    )
    policy = as2.Policy(
        digests=frozenset({"sha1", "sha256"}), ciphers=frozenset({"tripledes_3key"})
    )
    incoming = as2.receive_message(
        message.headers, message.content, from_alice(policy=policy), bob(), NOW
    )
    assert (incoming.payload, incoming.digest) == (PAYLOAD, "sha1")


def test_attributes_the_peer_adds_do_no_harm() -> None:
    # pyas2lib signs SMIMECapabilities too; Amazon's attributes are odd in other ways
    message = built_by_peer(PAYLOAD, {"encrypt": False})
    policy = as2.Policy(require_encryption=False)
    assert as2.receive_message(
        message.headers, message.content, from_alice(policy=policy), alice_is_bob(), NOW
    ).signed


def alice_is_bob() -> as2.Identity:
    return as2.Identity("BOB", alice().keys)
