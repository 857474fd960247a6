"""Certificates and private keys (RFC 5280, PKCS #8, PKCS #12).

A certificate is trusted because a person has entered it for a station, not because
somebody has issued it: no chain is built, no revocation list asked for, and key
usage is not looked at (partners' self-signed certificates seldom state it right).
Its dates count, where the caller says which moment it is.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from functools import cached_property

from asn1crypto import cms as asn1_cms
from asn1crypto import pem as asn1_pem
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID

from .errors import AS2ConfigurationError

PublicKeyObject = rsa.RSAPublicKey | ec.EllipticCurvePublicKey
PrivateKeyObject = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey

MIN_RSA_BITS = 1024  # older partners; what is generated here has 2,048 or more
_PEM_CERTIFICATE = re.compile(
    rb"-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----"
)


@dataclass(frozen=True)
class Certificate:
    """One X.509 certificate. Two are equal if their bytes are.

    :ivar not_before: first moment of validity, UTC; ``not_after``: the last.
    :ivar fingerprint: SHA-256 over the DER bytes, hexadecimal.
    """

    der: bytes = field(repr=False)
    subject: str = field(compare=False)
    issuer: str = field(compare=False, repr=False)
    serial: int = field(compare=False)
    not_before: datetime = field(compare=False, repr=False)
    not_after: datetime = field(compare=False)
    fingerprint: str = field(compare=False)

    @classmethod
    def from_bytes(cls, data: bytes) -> Certificate:
        """Read PEM, DER or PKCS #7 (``.p7b``, ``.p7c``).

        A PKCS #7 file may hold the issuers' certificates too.

        :raises AS2ConfigurationError: not exactly one certificate of a party in it,
            or one whose key is of no use for AS2.
        """
        try:
            certificate = x509.load_der_x509_certificate(_single(data))
            return cls._wrap(certificate)
        except (ValueError, TypeError, UnsupportedAlgorithm) as error:
            raise AS2ConfigurationError(
                "This is no certificate that can be read. Expected: one X.509 "
                "certificate as .pem, .crt, .cer, .der or .p7b."
            ) from error

    @classmethod
    def _wrap(cls, certificate: x509.Certificate) -> Certificate:
        der = certificate.public_bytes(serialization.Encoding.DER)
        wrapped = cls(
            der=der,
            subject=certificate.subject.rfc4514_string(),
            issuer=certificate.issuer.rfc4514_string(),
            serial=certificate.serial_number,
            not_before=_moment(certificate, "not_valid_before"),
            not_after=_moment(certificate, "not_valid_after"),
            fingerprint=hashlib.sha256(der).hexdigest(),
        )
        key = certificate.public_key()
        if isinstance(key, rsa.RSAPublicKey):
            if key.key_size < MIN_RSA_BITS:
                raise AS2ConfigurationError(
                    f"The key of {wrapped.subject} has only {key.key_size} bits; "
                    f"at least {MIN_RSA_BITS} are needed."
                )
        elif not isinstance(key, ec.EllipticCurvePublicKey):
            raise AS2ConfigurationError(
                f"The key of {wrapped.subject} is neither RSA nor elliptic curve."
            )
        wrapped.__dict__["public_key"] = key
        return wrapped

    def valid_at(self, moment: datetime) -> bool:
        """Whether the dates allow its use at this moment (aware)."""
        return self.not_before <= moment <= self.not_after

    def to_pem(self) -> bytes:
        return self._x509.public_bytes(serialization.Encoding.PEM)

    @cached_property
    def _x509(self) -> x509.Certificate:
        return x509.load_der_x509_certificate(self.der)

    @cached_property
    def public_key(self) -> PublicKeyObject:
        key = self._x509.public_key()
        assert isinstance(key, (rsa.RSAPublicKey, ec.EllipticCurvePublicKey))
        return key

    @cached_property
    def issuer_der(self) -> bytes:
        """The issuer's Name exactly as the certificate has it."""
        name = asn1_x509.Certificate.load(self.der)["tbs_certificate"]["issuer"]
        return bytes(name.dump())

    @cached_property
    def key_identifier(self) -> bytes:
        """SubjectKeyIdentifier extension, or SHA-1 of the key (RFC 5280, 4.2.1.2)."""
        try:
            extension = self._x509.extensions.get_extension_for_class(
                x509.SubjectKeyIdentifier
            )
            return extension.value.digest
        except (x509.ExtensionNotFound, x509.DuplicateExtension, ValueError):
            return x509.SubjectKeyIdentifier.from_public_key(self.public_key).digest

    def is_named(self, issuer: bytes, serial: int) -> bool:
        """Whether IssuerAndSerialNumber (RFC 5652 section 10.2.4) means this one."""
        return serial == self.serial and (
            issuer == self.issuer_der or _same_name(issuer, self.issuer_der)
        )


@dataclass(frozen=True)
class PrivateKey:
    """A certificate and the private key that belongs to it."""

    certificate: Certificate
    key: PrivateKeyObject = field(repr=False, compare=False)

    @classmethod
    def from_pem(
        cls, key_pem: bytes, certificate: bytes, password: bytes | None = None
    ) -> PrivateKey:
        """Read a PEM key (PKCS #8 or traditional) with its certificate.

        :raises AS2ConfigurationError: unreadable, wrong password, or no pair.
        """
        try:
            key = serialization.load_pem_private_key(key_pem, password)
        except (ValueError, TypeError, UnsupportedAlgorithm) as error:
            raise AS2ConfigurationError(
                "The private key cannot be read: it is no PEM file, or the password "
                "is missing or wrong."
            ) from error
        return cls._pair(key, Certificate.from_bytes(certificate))

    @classmethod
    def from_pkcs12(cls, data: bytes, password: bytes | None = None) -> PrivateKey:
        """Read a ``.p12`` or ``.pfx`` file.

        :raises AS2ConfigurationError: unreadable, wrong password, or incomplete.
        """
        try:
            key, certificate, _ = pkcs12.load_key_and_certificates(data, password)
        except (ValueError, TypeError, UnsupportedAlgorithm) as error:
            raise AS2ConfigurationError(
                "The PKCS #12 file cannot be read: damaged, or the password is wrong."
            ) from error
        if key is None or certificate is None:
            raise AS2ConfigurationError(
                "The PKCS #12 file lacks the private key or its certificate."
            )
        der = certificate.public_bytes(serialization.Encoding.DER)
        return cls._pair(key, Certificate.from_bytes(der))

    @classmethod
    def generate(cls, common_name: str, days: int, bits: int = 2048) -> PrivateKey:
        """Make an RSA key with a self-signed certificate, valid from today on.

        :param days: how long it is valid.
        """
        if not common_name or len(common_name) > 64 or bits < 2048 or days < 1:
            raise AS2ConfigurationError(
                "A key needs a name of at most 64 characters, 2,048 bits or more, "
                "and at least one day of validity."
            )
        key = rsa.generate_private_key(public_exponent=65537, key_size=bits)
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])
        start = datetime.now(timezone.utc) - timedelta(hours=1)  # clocks differ
        certificate = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(start)
            .not_valid_after(start + timedelta(days=days))
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), True)
            .add_extension(_key_usage(), True)
            .add_extension(
                x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False
            )
            .sign(key, hashes.SHA256())
        )
        return cls(Certificate._wrap(certificate), key)

    @classmethod
    def _pair(cls, key: object, certificate: Certificate) -> PrivateKey:
        if not isinstance(key, (rsa.RSAPrivateKey, ec.EllipticCurvePrivateKey)):
            raise AS2ConfigurationError("The private key is neither RSA nor EC.")
        if _public_bytes(key.public_key()) != _public_bytes(certificate.public_key):
            raise AS2ConfigurationError(
                f"The private key does not belong to {certificate.subject}."
            )
        return cls(certificate, key)

    def to_pem(self) -> bytes:
        """The key alone as unencrypted PKCS #8; keep it encrypted at rest."""
        return self.key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )


def _single(data: bytes) -> bytes:
    """DER of the one certificate in there. Raises ValueError if there is not one."""
    found = _PEM_CERTIFICATE.findall(data)
    if len(found) == 1:
        _, _, der = asn1_pem.unarmor(found[0])
        return bytes(der)
    if found:
        return _leaf([asn1_pem.unarmor(each)[2] for each in found])
    der = asn1_pem.unarmor(data)[2] if asn1_pem.detect(data) else data
    try:
        content = asn1_cms.ContentInfo.load(der)
        if content["content_type"].native == "signed_data":
            bag = content["content"]["certificates"]
            return _leaf([each.chosen.dump() for each in bag])
    except (ValueError, TypeError, KeyError, AttributeError):
        pass
    return bytes(der)


def _leaf(chain: list[bytes]) -> bytes:
    """The one certificate that has issued none of the others."""
    parsed = {der: x509.load_der_x509_certificate(der) for der in chain}
    leaves = [
        der
        for der, one in parsed.items()
        if not any(
            other.issuer == one.subject for key, other in parsed.items() if key != der
        )
    ]
    if len(leaves) != 1:
        raise ValueError(f"{len(leaves)} certificates instead of one")
    return leaves[0]


def _moment(certificate: x509.Certificate, name: str) -> datetime:
    # cryptography 42 brought the aware attributes, later releases drop the naive
    moment = getattr(certificate, name + "_utc", None) or getattr(certificate, name)
    assert isinstance(moment, datetime)
    return moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)


def _public_bytes(key: PublicKeyObject) -> bytes:
    return key.public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )


def _key_usage() -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=True,
        key_encipherment=True,
        data_encipherment=True,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )


def _same_name(one: bytes, other: bytes) -> bool:
    """Compare as RFC 5280 section 7.1 does: some peers re-encode the strings."""
    try:
        return bool(asn1_x509.Name.load(one) == asn1_x509.Name.load(other))
    except (ValueError, TypeError, KeyError, AttributeError):
        return False
