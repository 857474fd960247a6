"""Certificates and keys in the formats people have them in."""

from __future__ import annotations

import subprocess
from datetime import timedelta
from pathlib import Path

import pytest
from as2_builders import NOW, build, elliptic_key, key, openssl, receive
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519
from cryptography.hazmat.primitives.serialization import pkcs12

import as2
from as2.ber import encode, encode_integer


def pem(name: str) -> bytes:
    return key(name).certificate.to_pem()


def test_certificate_is_read_from_pem_and_der() -> None:
    expected = key("alice").certificate
    for data in (pem("alice"), expected.der, b"Bag Attributes\n" + pem("alice")):
        assert as2.Certificate.from_bytes(data) == expected


def test_certificate_tells_what_people_need() -> None:
    certificate = key("alice").certificate
    assert certificate.subject == certificate.issuer == "CN=alice"
    assert certificate.not_before.tzinfo is not None
    assert len(certificate.fingerprint) == 64
    assert certificate.valid_at(NOW)
    assert not certificate.valid_at(certificate.not_after + timedelta(seconds=1))
    assert not certificate.valid_at(certificate.not_before - timedelta(seconds=1))


@pytest.mark.parametrize("form", ["PEM", "DER"])
def test_certificate_is_read_from_pkcs7(tmp_path: Path, form: str) -> None:
    bundle = openssl(
        tmp_path,
        *("crl2pkcs7", "-nocrl", "-certfile", "/dev/stdin", "-outform", form),
        data=pem("alice"),
    )
    assert as2.Certificate.from_bytes(bundle) == key("alice").certificate


def test_partys_certificate_is_found_among_its_issuers(tmp_path: Path) -> None:
    openssl(tmp_path, "version")
    request = ("req", "-new", "-key", "alice.key", "-subj", "/CN=leaf", "-out", "r")
    openssl(tmp_path, *request)
    leaf = openssl(
        tmp_path,
        *("x509", "-req", "-in", "r", "-CA", "carol.pem", "-CAkey", "carol.key"),
        *("-set_serial", "77", "-days", "10"),
    )
    for data in (leaf + pem("carol"), pem("carol") + leaf):
        assert as2.Certificate.from_bytes(data).serial == 77
        bundle = openssl(
            tmp_path,
            *("crl2pkcs7", "-nocrl", "-certfile", "/dev/stdin", "-outform", "DER"),
            data=data,
        )
        assert as2.Certificate.from_bytes(bundle).subject == "CN=leaf"
    own = as2.PrivateKey.from_pem(key("alice").to_pem(), leaf)
    incoming = receive(
        build(sender=as2.Identity("ALICE", (own,))), certificates=(own.certificate,)
    )
    assert incoming.signed


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"no certificate",
        b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
        b"-----BEGIN CERTIFICATE-----\n%%%\n-----END CERTIFICATE-----\n",
        encode(0x30, encode_integer(1)),
        b"\x30\x80\x00\x00",
    ],
)
def test_other_files_are_no_certificates(data: bytes) -> None:
    with pytest.raises(as2.AS2ConfigurationError, match="no certificate"):
        as2.Certificate.from_bytes(data)


def test_two_unrelated_certificates_are_not_guessed_between() -> None:
    with pytest.raises(as2.AS2ConfigurationError):
        as2.Certificate.from_bytes(pem("alice") + pem("bob"))


def test_every_cut_certificate_is_refused() -> None:
    der = key("alice").certificate.der
    for size in range(0, len(der), 7):
        with pytest.raises(as2.AS2ConfigurationError):
            as2.Certificate.from_bytes(der[:size])


def test_small_and_odd_keys_are_refused(tmp_path: Path) -> None:
    for algorithm, text in (("rsa:768", "768 bits"), ("ed25519", "neither RSA")):
        made = subprocess.run(
            [
                "openssl",
                "req",
                "-x509",
                "-newkey",
                algorithm,
                "-nodes",
                "-subj",
                "/CN=x",
            ]
            + ["-keyout", "key", "-out", "crt", "-days", "1"],
            cwd=tmp_path,
            capture_output=True,
        )
        assert made.returncode == 0, made.stderr
        with pytest.raises(as2.AS2ConfigurationError, match=text):
            as2.Certificate.from_bytes((tmp_path / "crt").read_bytes())


def test_key_comes_back_from_pem() -> None:
    own = key("alice")
    again = as2.PrivateKey.from_pem(own.to_pem(), own.certificate.to_pem())
    assert again == own
    assert receive(build(sender=as2.Identity("ALICE", (again,)))).signed


@pytest.mark.parametrize("own", [key("alice"), elliptic_key("alice")])
def test_key_with_a_password_is_read(own: as2.PrivateKey) -> None:
    secret = own.key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(b"secret"),
    )
    certificate = own.certificate.der
    assert as2.PrivateKey.from_pem(secret, certificate, b"secret").certificate
    for password in (None, b"wrong"):
        with pytest.raises(as2.AS2ConfigurationError, match="password"):
            as2.PrivateKey.from_pem(secret, certificate, password)


def test_key_of_another_certificate_is_refused() -> None:
    with pytest.raises(as2.AS2ConfigurationError, match="does not belong"):
        as2.PrivateKey.from_pem(key("alice").to_pem(), pem("bob"))


def test_key_of_another_kind_is_refused() -> None:
    other = ed25519.Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    with pytest.raises(as2.AS2ConfigurationError, match="neither RSA nor EC"):
        as2.PrivateKey.from_pem(other, pem("alice"))


def test_pkcs12_is_read(tmp_path: Path) -> None:
    export = ("pkcs12", "-export", "-in", "alice.pem", "-inkey", "alice.key")
    data = openssl(tmp_path, *export, "-passout", "pass:secret")
    assert as2.PrivateKey.from_pkcs12(data, b"secret") == key("alice")
    for password in (None, b"wrong"):
        with pytest.raises(as2.AS2ConfigurationError, match="password"):
            as2.PrivateKey.from_pkcs12(data, password)
    with pytest.raises(as2.AS2ConfigurationError, match="damaged"):
        as2.PrivateKey.from_pkcs12(b"nothing", None)


def test_pkcs12_without_a_certificate_is_refused() -> None:
    data = pkcs12.serialize_key_and_certificates(
        b"x", key("alice").key, None, None, serialization.NoEncryption()
    )
    with pytest.raises(as2.AS2ConfigurationError, match="lacks"):
        as2.PrivateKey.from_pkcs12(data)


@pytest.mark.parametrize(
    ("name", "days", "bits"),
    [("", 1, 2048), ("x" * 65, 1, 2048), ("x", 0, 2048), ("x", 1, 1024)],
)
def test_unusable_keys_are_not_generated(name: str, days: int, bits: int) -> None:
    with pytest.raises(as2.AS2ConfigurationError):
        as2.PrivateKey.generate(name, days, bits)


def test_generated_key_is_valid_from_now_on() -> None:
    made = as2.PrivateKey.generate("x", 365, 3072)
    assert made.key.key_size == 3072
    assert made.certificate.valid_at(NOW + timedelta(days=364))
    assert not made.certificate.valid_at(NOW + timedelta(days=366))
