"""Test vectors against another implementation: the ``openssl cms`` command."""

from __future__ import annotations

import email
import email.policy
from pathlib import Path

import pytest
from as2_builders import (
    AWKWARD,
    LOOSE,
    PAYLOAD,
    alice,
    build,
    elliptic_key,
    openssl,
    receive,
    wrapped,
)

import as2
from as2.compressed import decompress
from as2.mime import Part, read_multipart

ENTITY = (
    b"Content-Type: application/EDI-X12\r\nContent-Transfer-Encoding: binary\r\n\r\n"
)
SIGN = ("-sign", "-signer", "alice.pem", "-inkey", "alice.key", "-binary")


def split_signed(content_type: str, body: bytes) -> tuple[bytes, bytes]:
    """Content and signature (DER) of a multipart/signed, by our reader."""
    part = Part({"content-type": content_type}, body, 0, 0, len(body))
    (content, signature), _ = read_multipart(part, 2)
    return bytes(content.raw), bytes(signature.decoded())


def verified(folder: Path, content: bytes, signature: bytes) -> bytes:
    (folder / "content").write_bytes(content)
    return openssl(
        folder,
        *("cms", "-verify", "-inform", "DER", "-content", "content", "-binary"),
        *("-noverify", "-nointern", "-certfile", "alice.pem"),
        data=signature,
    )


def decrypted(folder: Path, body: bytes) -> bytes:
    return openssl(
        folder,
        *("cms", "-decrypt", "-inform", "DER", "-inkey", "bob.key"),
        *("-recip", "bob.pem", "-binary"),
        data=body,
    )


@pytest.mark.parametrize("payload", [PAYLOAD, AWKWARD, b"", bytes(100_000)])
@pytest.mark.parametrize("digest", ["sha256", "sha384", "sha512", "sha1"])
def test_openssl_verifies_our_signature(
    tmp_path: Path, digest: str, payload: bytes
) -> None:
    message = build(payload, sign=digest, encrypt=None)
    content, signature = split_signed(message.headers["Content-Type"], message.body)
    assert verified(tmp_path, content, signature).endswith(b"\r\n\r\n" + payload)


def test_openssl_verifies_our_pss_signature(tmp_path: Path) -> None:
    message = build(signature_scheme="pss", encrypt=None)
    content, signature = split_signed(message.headers["Content-Type"], message.body)
    assert verified(tmp_path, content, signature).endswith(PAYLOAD)


def test_openssl_verifies_our_elliptic_curve_signature(tmp_path: Path) -> None:
    own = elliptic_key("alice")
    message = build(sender=alice(own), encrypt=None)
    content, signature = split_signed(message.headers["Content-Type"], message.body)
    openssl(tmp_path, "version")
    (tmp_path / "alice.pem").write_bytes(own.certificate.to_pem())
    assert verified(tmp_path, content, signature).endswith(PAYLOAD)


@pytest.mark.parametrize(
    "cipher",
    ["aes128_cbc", "aes192_cbc", "aes256_cbc", "aes256_gcm", "tripledes_3key"],
)
@pytest.mark.parametrize(
    "transport", ["rsaes_pkcs1v15", "rsaes_oaep_sha1", "rsaes_oaep_sha256"]
)
@pytest.mark.parametrize("payload", [AWKWARD, bytes(70_000), PAYLOAD[:15]])
def test_openssl_decrypts_what_we_encrypt(
    tmp_path: Path, cipher: str, transport: str, payload: bytes
) -> None:
    message = build(payload, sign=None, encrypt=cipher, key_transport=transport)
    assert decrypted(tmp_path, message.body).endswith(b"\r\n\r\n" + payload)


def test_openssl_opens_the_whole_message(tmp_path: Path) -> None:
    message = build(PAYLOAD)
    entity = decrypted(tmp_path, message.body)
    content_type = email.message_from_bytes(entity, policy=email.policy.HTTP).get(
        "Content-Type"
    )
    start = entity.index(b"\r\n\r\n") + 4
    content, signature = split_signed(str(content_type), entity[start:])
    assert verified(tmp_path, content, signature).endswith(PAYLOAD)


def test_signed_text_message_verifies_as_smime_file(tmp_path: Path) -> None:
    message = build(b"one line\r\nanother\r\n", encrypt=None)
    head = f"Content-Type: {message.headers['Content-Type']}\r\n\r\n".encode()
    output = openssl(
        tmp_path,
        *("cms", "-verify", "-inform", "SMIME", "-noverify", "-nointern"),
        *("-certfile", "alice.pem"),
        data=head + message.body,
    )
    assert output.endswith(b"one line\r\nanother\r\n")


def test_openssl_reads_our_compressed_structure(tmp_path: Path) -> None:
    message = build(bytes(5000), sign=None, encrypt=None, compress=True)
    printed = openssl(tmp_path, "asn1parse", "-inform", "DER", data=message.body)
    assert b"id-smime-ct-compressedData" in printed
    assert decompress(message.body, 10_000).endswith(bytes(5000))


# -- the other way round -----------------------------------------------------------


def from_openssl(folder: Path, *arguments: str, entity: bytes) -> bytes:
    return openssl(folder, "cms", *arguments, data=entity)


@pytest.mark.parametrize("payload", [PAYLOAD, AWKWARD, b""])
@pytest.mark.parametrize("digest", ["sha256", "sha384", "sha512"])
def test_openssl_detached_signature_is_accepted(
    tmp_path: Path, digest: str, payload: bytes
) -> None:
    smime = from_openssl(tmp_path, *SIGN, "-md", digest, entity=ENTITY + payload)
    head, body = smime.split(b"\n\n", 1)
    content_type = email.message_from_bytes(head)["Content-Type"]
    incoming = receive(wrapped(content_type, body), LOOSE)
    assert (incoming.payload, incoming.digest) == (payload, digest)


@pytest.mark.parametrize("stream", [(), ("-stream",)])
@pytest.mark.parametrize("extra", [(), ("-keyid",), ("-nocerts",)])
def test_openssl_opaque_signature_is_accepted(
    tmp_path: Path, stream: tuple[str, ...], extra: tuple[str, ...]
) -> None:
    body = from_openssl(
        tmp_path,
        *(*SIGN, "-nodetach", "-outform", "DER", *stream, *extra),
        entity=ENTITY + AWKWARD,
    )
    message = wrapped("application/pkcs7-mime; smime-type=signed-data", body)
    incoming = receive(message, LOOSE)
    assert incoming.payload == AWKWARD
    assert incoming.signed


@pytest.mark.parametrize("salt", ["digest", "max", "20"])
def test_openssl_pss_signature_is_accepted(tmp_path: Path, salt: str) -> None:
    body = from_openssl(
        tmp_path,
        *(*SIGN, "-nodetach", "-outform", "DER", "-md", "sha256"),
        *("-keyopt", "rsa_padding_mode:pss", "-keyopt", f"rsa_pss_saltlen:{salt}"),
        entity=ENTITY + PAYLOAD,
    )
    assert receive(wrapped("application/pkcs7-mime", body), LOOSE).payload == PAYLOAD


def test_openssl_elliptic_curve_signature_is_accepted(tmp_path: Path) -> None:
    openssl(tmp_path, "version")
    own = elliptic_key("alice")
    (tmp_path / "alice.pem").write_bytes(own.certificate.to_pem())
    (tmp_path / "alice.key").write_bytes(own.to_pem())
    body = from_openssl(
        tmp_path, *SIGN, "-nodetach", "-outform", "DER", entity=ENTITY + PAYLOAD
    )
    message = wrapped("application/pkcs7-mime", body)
    incoming = receive(message, LOOSE, certificates=(own.certificate,))
    assert incoming.payload == PAYLOAD


ENVELOPES = {
    "DER": (),
    "BER": ("-stream",),
    "key identifier": ("-keyid",),
    "OAEP": ("-recip", "bob.pem", "-keyopt", "rsa_padding_mode:oaep"),
    "OAEP SHA-256": (
        *("-recip", "bob.pem", "-keyopt", "rsa_padding_mode:oaep"),
        *("-keyopt", "rsa_oaep_md:sha256"),
    ),
    "OAEP SHA-256, MGF1 SHA-1": (
        *("-recip", "bob.pem", "-keyopt", "rsa_padding_mode:oaep"),
        *("-keyopt", "rsa_oaep_md:sha256", "-keyopt", "rsa_mgf1_md:sha1"),
    ),
}


@pytest.mark.parametrize(
    "cipher", ["aes128", "aes192", "aes256", "aes-256-gcm", "des3"]
)
@pytest.mark.parametrize("envelope", list(ENVELOPES))
def test_openssl_envelope_is_opened(tmp_path: Path, cipher: str, envelope: str) -> None:
    options = ENVELOPES[envelope]
    recipient = () if "-recip" in options else ("bob.pem",)
    payload = AWKWARD * 5000
    body = from_openssl(
        tmp_path,
        *("-encrypt", f"-{cipher}", "-binary", "-outform", "DER", *options),
        *recipient,
        entity=ENTITY + payload,
    )
    policy = as2.Policy(
        ciphers=frozenset(
            ["aes128_cbc", "aes192_cbc", "aes256_cbc", "aes256_gcm", "tripledes_3key"]
        ),
        require_signature=False,
    )
    incoming = receive(wrapped("application/pkcs7-mime", body), policy)
    assert incoming.payload == payload


def test_streamed_envelope_is_ber_of_indefinite_length(tmp_path: Path) -> None:
    body = from_openssl(
        tmp_path,
        *("-encrypt", "-aes128", "-outform", "DER", "-stream", "bob.pem"),
        entity=ENTITY,
    )
    assert body.startswith(b"\x30\x80")


def test_second_of_two_recipients_is_found(tmp_path: Path) -> None:
    body = from_openssl(
        tmp_path,
        *("-encrypt", "-aes256", "-binary", "-outform", "DER", "carol.pem", "bob.pem"),
        entity=ENTITY + PAYLOAD,
    )
    policy = as2.Policy(require_signature=False)
    assert receive(wrapped("application/pkcs7-mime", body), policy).payload == PAYLOAD


@pytest.mark.parametrize("stream", [(), ("-stream",)])
def test_openssl_signed_and_encrypted_message_is_accepted(
    tmp_path: Path, stream: tuple[str, ...]
) -> None:
    signed = from_openssl(tmp_path, *SIGN, *stream, entity=ENTITY + AWKWARD)
    body = from_openssl(
        tmp_path,
        *("-encrypt", "-aes128", "-binary", "-outform", "DER", *stream, "bob.pem"),
        entity=signed,
    )
    message = wrapped(
        "application/pkcs7-mime; smime-type=enveloped-data",
        body,
        Content_Transfer_Encoding="binary",
    )
    incoming = receive(message)
    assert incoming.payload == AWKWARD
    assert (incoming.digest, incoming.cipher) == ("sha256", "aes128_cbc")


def test_base64_body_is_accepted(tmp_path: Path) -> None:
    signed = from_openssl(tmp_path, *SIGN, entity=ENTITY + PAYLOAD)
    smime = from_openssl(
        tmp_path, "-encrypt", "-aes256", "-binary", "bob.pem", entity=signed
    )
    head, body = smime.split(b"\n\n", 1)
    fields = email.message_from_bytes(head)
    message = wrapped(
        fields["Content-Type"],
        body,
        Content_Transfer_Encoding=fields["Content-Transfer-Encoding"],
    )
    assert receive(message).payload == PAYLOAD


@pytest.mark.parametrize("cipher", ["rc2-128", "des", "camellia256"])
def test_unknown_cipher_is_refused(tmp_path: Path, cipher: str) -> None:
    provider = ("-provider", "legacy", "-provider", "default")
    body = from_openssl(
        tmp_path,
        *("-encrypt", f"-{cipher}", "-outform", "DER", *provider, "bob.pem"),
        entity=ENTITY + PAYLOAD,
    )
    with pytest.raises(as2.MessageRefused) as refused:
        receive(wrapped("application/pkcs7-mime", body), LOOSE)
    assert refused.value.reason == "insufficient-message-security"


@pytest.mark.parametrize("digest", ["md5", "sha224"])
def test_unknown_digest_is_refused(tmp_path: Path, digest: str) -> None:
    body = from_openssl(
        tmp_path,
        *(*SIGN, "-nodetach", "-outform", "DER", "-md", digest),
        entity=ENTITY + PAYLOAD,
    )
    with pytest.raises(as2.MessageRefused) as refused:
        receive(wrapped("application/pkcs7-mime", body), LOOSE)
    assert refused.value.reason == "insufficient-message-security"


def test_signature_without_signed_attributes_is_refused(tmp_path: Path) -> None:
    body = from_openssl(
        tmp_path,
        *(*SIGN, "-nodetach", "-outform", "DER", "-noattr"),
        entity=ENTITY + PAYLOAD,
    )
    with pytest.raises(as2.MessageRefused, match="no signed attributes"):
        receive(wrapped("application/pkcs7-mime", body), LOOSE)


def test_two_signers_are_refused(tmp_path: Path) -> None:
    body = from_openssl(
        tmp_path,
        *(*SIGN, "-signer", "carol.pem", "-inkey", "carol.key"),
        *("-nodetach", "-outform", "DER"),
        entity=ENTITY + PAYLOAD,
    )
    with pytest.raises(as2.MessageRefused, match="more than one signer"):
        receive(wrapped("application/pkcs7-mime", body), LOOSE)
