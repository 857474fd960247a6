"""Two parties with keys, and short ways to make what passes between them."""

from __future__ import annotations

import functools
import subprocess
from datetime import datetime, timedelta, timezone
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

import as2
from as2.ber import encode, encode_integer, encode_oid

# a little later than now: certificates that openssl makes meanwhile are valid then
NOW = datetime.now(timezone.utc).replace(microsecond=0) + timedelta(minutes=10)
PAYLOAD = (
    b"ISA*00*          *00*          *ZZ*AMAZON         *ZZ*VENDOR         "
    b"*250101*1200*U*00401*000000001*0*P*>~GS*PO*AMAZON*VENDOR*20250101*1200"
    b"*1*X*004010~ST*850*0001~SE*2*0001~GE*1*1~IEA*1*000000001~"
)
# what S/MIME software likes to "repair": every kind of line end, and bytes beyond ASCII
AWKWARD = b"a\nb\rc\r\nd\r\n\r\n--x\r\n\x00\xff\xfe \t\r\n.\r\n--=_\n"

LOOSE = as2.Policy(require_signature=False, require_encryption=False)


@functools.cache
def key(name: str) -> as2.PrivateKey:
    return as2.PrivateKey.generate(name, days=3650)


def dated_key(
    name: str, start: datetime, end: datetime, elliptic: bool = False
) -> as2.PrivateKey:
    """A self-signed key with any dates."""
    private: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
    if elliptic:
        private = ec.generate_private_key(ec.SECP256R1())
    else:
        private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(end)
        .sign(private, hashes.SHA256())
    )
    pem = private.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return as2.PrivateKey.from_pem(
        pem, certificate.public_bytes(serialization.Encoding.PEM)
    )


@functools.cache
def elliptic_key(name: str) -> as2.PrivateKey:
    return dated_key(name, NOW - timedelta(days=1), NOW + timedelta(days=30), True)


def alice(*keys: as2.PrivateKey) -> as2.Identity:
    """The sender, as she knows herself."""
    return as2.Identity("ALICE", keys or (key("alice"),))


def bob(*keys: as2.PrivateKey) -> as2.Identity:
    return as2.Identity("BOB", keys or (key("bob"),))


def to_bob(**settings: object) -> as2.Station:
    """Bob as Alice sees him."""
    settings.setdefault("certificates", (key("bob").certificate,))
    return as2.Station("BOB", **settings)


def from_alice(**settings: object) -> as2.Station:
    """Alice as Bob sees her."""
    settings.setdefault("certificates", (key("alice").certificate,))
    return as2.Station("ALICE", **settings)


def build(
    payload: bytes = PAYLOAD,
    sender: as2.Identity | None = None,
    message: dict[str, object] | None = None,
    **settings: object,
) -> as2.OutgoingMessage:
    """Alice's message to Bob; ``settings`` are those of his station."""
    options: dict[str, object] = {
        "message_id": as2.new_message_id("alice.example"),
        "date": NOW,
        **(message or {}),
    }
    return as2.build_message(
        payload,
        sender or alice(),
        to_bob(**settings),
        **options,
    )


def receive(
    message: as2.OutgoingMessage,
    policy: as2.Policy | None = None,
    receiver: as2.Identity | None = None,
    **settings: object,
) -> as2.IncomingMessage:
    """Bob opens what Alice has sent."""
    if policy:
        settings["policy"] = policy
    return as2.receive_message(
        message.headers, message.body, from_alice(**settings), receiver or bob(), NOW
    )


def wrapped(content_type: str, body: bytes, **headers: str) -> as2.OutgoingMessage:
    """Any body under Alice's headers."""
    return as2.OutgoingMessage(
        {
            "AS2-From": "ALICE",
            "AS2-To": "BOB",
            "Message-ID": "<1@alice.example>",
            "Content-Type": content_type,
            **{name.replace("_", "-"): value for name, value in headers.items()},
        },
        body,
        None,
        None,
    )


def receipt_for(
    message: as2.OutgoingMessage,
    receiver: as2.Identity | None = None,
    **options: object,
) -> as2.Mdn:
    """Bob's receipt; ``options`` replace what ``build_mdn`` is called with."""
    envelope = as2.peek(message.headers)
    arguments: dict[str, object] = {
        "original": envelope,
        "receipt": envelope.receipt,
        "identity": receiver or bob(),
        "mic": message.mic,
        "disposition": "processed",
        "text": "Thank you.",
        "message_id": as2.new_message_id("bob.example"),
        "date": NOW,
        **options,
    }
    return as2.build_mdn(**arguments)


def waiting(message: as2.OutgoingMessage, **settings: object) -> as2.PendingMessage:
    return as2.PendingMessage(
        message.headers["Message-ID"],
        message.mic,
        message.mic_algorithm,
        **settings,
    )


def content_info(kind: str, content: bytes) -> bytes:
    return encode(0x30, encode_oid(kind), encode(0xA0, content))


def indefinite(tag: int, *contents: bytes) -> bytes:
    return bytes((tag | 0x20, 0x80)) + b"".join(contents) + b"\0\0"


def raw_envelope(
    recipient: bytes, ciphertext: bytes, oid: str, parameters: bytes
) -> bytes:
    """An EnvelopedData put together by hand."""
    content = encode(
        0x30,
        encode_oid("1.2.840.113549.1.7.1"),
        encode(0x30, encode_oid(oid), parameters),
        ciphertext,
    )
    body = encode(0x30, encode_integer(0), encode(0x31, recipient), content)
    return content_info("1.2.840.113549.1.7.3", body)


def openssl(folder: Path, *arguments: str, data: bytes = b"") -> bytes:
    """Run ``openssl`` in a folder that holds ``NAME.pem`` and ``NAME.key``."""
    for name in ("alice", "bob", "carol"):
        if not (folder / f"{name}.pem").exists():
            (folder / f"{name}.pem").write_bytes(key(name).certificate.to_pem())
            (folder / f"{name}.key").write_bytes(key(name).to_pem())
    done = subprocess.run(
        ["openssl", *arguments],
        input=data,
        capture_output=True,
        cwd=folder,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout
