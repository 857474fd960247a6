"""Bytes from people who mean no good: nothing gets in or out, and nothing hangs."""

from __future__ import annotations

import os
import random
import time
import tracemalloc
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from as2_builders import (
    AWKWARD,
    LOOSE,
    NOW,
    PAYLOAD,
    bob,
    build,
    content_info,
    from_alice,
    indefinite,
    key,
    raw_envelope,
    receipt_for,
    receive,
    to_bob,
    waiting,
    wrapped,
)
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC

import as2
from as2 import decryption, incoming, smime
from as2.algorithms import CIPHERS, ZLIB
from as2.ber import (
    NULL,
    OCTET_STRING,
    SEQUENCE,
    Reader,
    encode,
    encode_integer,
    encode_oid,
)
from as2.cms import AUTH_ENVELOPED_DATA, COMPRESSED_DATA, DATA
from as2.compressed import compress
from as2.decryption import open_envelope
from as2.encryption import encrypt
from as2.enveloped import read_enveloped

MIB = 1024 * 1024
ANYTHING = replace(LOOSE, ciphers=frozenset(CIPHERS))
AES128 = "2.16.840.1.101.3.4.1.2"
HEAD = b"Content-Type: application/pkcs7-mime\r\n\r\n"


@contextmanager
def within(seconds: float) -> Iterator[None]:
    start = time.process_time()
    yield
    assert time.process_time() - start < seconds


def changed(message: as2.OutgoingMessage, body: bytes) -> as2.OutgoingMessage:
    return replace(message, body=body)


def refusal(
    message: as2.OutgoingMessage, policy: as2.Policy | None = None
) -> as2.MessageRefused:
    with pytest.raises(as2.MessageRefused) as caught:
        receive(message, policy)
    return caught.value


def answer(error: as2.MessageRefused) -> tuple[object, ...]:
    """All that the other side can get to see."""
    return (error.disposition, error.answer, error.http_status, error.mic)


# -- decryption gives nothing away ---------------------------------------------------


def bad_envelopes() -> dict[str, bytes]:
    """Messages for Bob, each undecryptable in another way."""
    message = build()
    body, envelope = message.body, read_enveloped(message.body)
    encrypted_key = envelope.recipients[0].encrypted_key

    def with_key(other: bytes) -> bytes:
        assert body.count(encrypted_key) == 1
        return body.replace(encrypted_key, other)

    cut = len(body) - 16
    return {
        "key is random": with_key(os.urandom(255) + b"\1"),
        "key is zero": with_key(bytes(256)),
        "key is above the modulus": with_key(b"\xff" * 256),
        "key is too short": with_key(encrypted_for_bob(os.urandom(16))),
        "key is too long": with_key(encrypted_for_bob(os.urandom(64))),
        "key is empty": with_key(encrypted_for_bob(b"")),
        "key is another": with_key(encrypted_for_bob(os.urandom(32))),
        "padding is bad": body[: cut - 1] + bytes((body[cut - 1] ^ 0x80,)) + body[cut:],
        "padding is zero": body[:-16] + os.urandom(16),
        "first block is changed": body.replace(
            bytes(envelope.pieces[0][:16]), os.urandom(16)
        ),
        "signature is changed": build(sender=as2.Identity("ALICE", (mallory(),))).body,
        "nothing is signed": build(sign=None).body,
        "somebody else has signed": build(
            sender=as2.Identity("ALICE", (key("mallory"),))
        ).body,
        "weakly signed": build(sign="sha1").body,
        "content is changed": sealed(signed_entity().replace(b"ISA*00", b"ISA*01", 1)),
        "something follows": sealed(signed_entity() + b"x"),
        "no mime": sealed(b"ISA*00*"),
        "empty": sealed(b""),
    }


def encrypted_for_bob(content_key: bytes) -> bytes:
    public = key("bob").certificate.public_key
    return public.encrypt(content_key, padding.PKCS1v15())


def recipient_for(name: str, encrypted_key: bytes) -> bytes:
    """A KeyTransRecipientInfo (RFC 5652 section 6.2.1)."""
    certificate = key(name).certificate
    return encode(
        SEQUENCE,
        encode_integer(0),
        encode(SEQUENCE, certificate.issuer_der, encode_integer(certificate.serial)),
        encode(SEQUENCE, encode_oid("1.2.840.113549.1.1.1"), encode(NULL)),
        encode(OCTET_STRING, encrypted_key),
    )


def recipient_bob(content_key: bytes) -> bytes:
    return recipient_for("bob", encrypted_for_bob(content_key))


def mallory() -> as2.PrivateKey:
    """Alice's certificate with a key that is not hers."""
    return as2.PrivateKey(key("alice").certificate, key("mallory").key)


def sealed(entity: bytes) -> bytes:
    certificate = key("bob").certificate
    return encrypt([entity], CIPHERS["aes256_cbc"], certificate, "rsaes_pkcs1v15")


def signed_entity() -> bytes:
    message = build(encrypt=None)
    return f"Content-Type: {message.headers['Content-Type']}\r\n\r\n".encode() + (
        message.body
    )


def test_everybody_unauthenticated_gets_the_same_answer() -> None:
    template = build()
    answers = {
        name: answer(refusal(changed(template, body)))
        for name, body in bad_envelopes().items()
    }
    assert len(set(answers.values())) == 1, answers
    answers["not AS2"] = answer(refusal(wrapped("text/plain", b"hello")))
    answers["garbage"] = answer(refusal(changed(template, os.urandom(5000))))
    answers["unsigned"] = answer(refusal(build(encrypt=None, sign=None)))
    assert set(answers.values()) == {
        ("authentication-failed", as2.ANSWERS["authentication-failed"], 200, None)
    }


def test_unsound_key_costs_the_same_decryption(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sizes: list[int] = []
    real = decryption._decrypt

    def counting(envelope: object, content_key: bytes) -> object:
        sizes.append(len(content_key))
        return real(envelope, content_key)

    monkeypatch.setattr(decryption, "_decrypt", counting)
    bodies = bad_envelopes()
    names = [name for name in bodies if name.startswith(("key", "padding"))]
    for name in names:
        refusal(changed(build(), bodies[name]))
    assert sizes == [32] * len(names)


def trace(
    monkeypatch: pytest.MonkeyPatch, message: as2.OutgoingMessage
) -> tuple[tuple[object, ...], list[str]]:
    """The answer to a message, and the costly steps taken on the way to it."""
    steps: list[str] = []
    with monkeypatch.context() as patch:
        for module, name in (
            (incoming, "open_envelope"),
            (incoming, "read_part"),
            (smime, "read_signed"),
            (smime, "hash_pieces"),
        ):
            real: Callable[..., object] = getattr(module, name)

            def noting(*given: object, real: Callable[..., object] = real) -> object:
                steps.append(real.__name__)
                return real(*given)

            patch.setattr(module, name, noting)
        return answer(refusal(message)), steps


def test_appended_blocks_do_not_tell_their_padding(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Vaudenay: any block behind a chosen one, at the end of a good message."""
    message = build(PAYLOAD)
    envelope = read_enveloped(message.body)
    ciphertext = b"".join(envelope.pieces)
    recipient = recipient_for("bob", envelope.recipients[0].encrypted_key)
    seen: dict[bool, set[str]] = {True: set(), False: set()}
    chosen = bytearray(16)
    for guess in range(256):
        chosen[-1] = guess
        longer = ciphertext + bytes(chosen) + ciphertext[64:80]
        body = raw_envelope(
            recipient,
            encode(0x80, longer),
            CIPHERS["aes256_cbc"].oid,
            encode(OCTET_STRING, envelope.nonce),
        )
        sound = open_envelope(read_enveloped(body), bob().keys).sound
        seen[sound].add(repr(trace(monkeypatch, changed(message, body))))
    assert seen[True] and seen[True] == seen[False]
    assert len(seen[True]) == 1


def test_manipulated_padding_takes_the_same_steps(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    message = build(PAYLOAD)
    seen: dict[bool, set[str]] = {True: set(), False: set()}
    for place in range(17, 33):  # the block before the last
        body = bytearray(message.body)
        body[-place] ^= 0x40
        sound = open_envelope(read_enveloped(bytes(body)), bob().keys).sound
        seen[sound].add(repr(trace(monkeypatch, changed(message, bytes(body)))))
    assert seen[False]
    assert len(seen[True] | seen[False]) == 1


def test_good_signature_does_not_make_up_for_bad_padding(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Accepting it would tell good padding from bad."""
    entity = signed_entity()
    entity += b" " * (-len(entity) % 16)  # blanks may follow, but are no padding
    template = build()
    error = refusal(changed(template, sealed_without_padding(entity)))
    assert error.reason == "decryption-failed"
    assert answer(error)[0] == "authentication-failed"
    padded = sealed_without_padding(entity + bytes((16,)) * 16)
    assert receive(changed(template, padded)).payload == PAYLOAD


def sealed_without_padding(content: bytes) -> bytes:
    nonce = bytes(16)
    encryptor = Cipher(AES(bytes(16)), CBC(nonce)).encryptor()
    ciphertext = encryptor.update(content) + encryptor.finalize()
    parameters = encode(OCTET_STRING, nonce)
    return raw_envelope(
        recipient_bob(bytes(16)), encode(0x80, ciphertext), AES128, parameters
    )


# -- bombs ---------------------------------------------------------------------------


def streamed(piece: int, size: int) -> bytes:
    """An envelope whose content comes in pieces of one size."""
    content = indefinite(0x80, encode(4, bytes(piece)) * (size // piece))
    nonce = encode(OCTET_STRING, bytes(16))
    return raw_envelope(recipient_bob(bytes(16)), content, AES128, nonce)


@pytest.mark.parametrize("piece", [1, 10, 64])
def test_envelope_in_crumbs_is_refused_at_once(piece: int) -> None:
    message = wrapped("application/pkcs7-mime", streamed(piece, 2 * MIB))
    with within(2):
        assert "too many pieces" in refusal(message).person


def test_envelope_in_usual_pieces_takes_linear_time() -> None:
    message = wrapped("application/pkcs7-mime", streamed(1024, 16 * MIB))
    with within(3):
        refusal(message)


def test_nested_envelopes_are_refused_at_once() -> None:
    for opening in (b"\x30\x80", b"\x24\x80", b"\xa0\x80", b"\x31\x80"):
        with within(1):
            refusal(wrapped("application/pkcs7-mime", opening * MIB))


def test_decompression_stops_at_the_limit() -> None:
    packed = compress([HEAD, *[bytes(MIB)] * 300])
    assert len(packed) < MIB
    tracemalloc.start()
    with within(2):
        error = refusal(
            wrapped("application/pkcs7-mime", packed), replace(LOOSE, max_size=MIB)
        )
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert error.reason == "decompression-failed"
    assert f"larger than {MIB + 65536} bytes" in error.person
    assert peak < 8 * MIB


def test_decompression_of_a_trusted_sender_stops_too() -> None:
    message = build(bytes(5 * MIB), compress=True)
    error = refusal(message, as2.Policy(max_size=MIB))
    assert (error.disposition, error.authenticated) == ("decompression-failed", True)
    assert error.mic == message.mic


def compressed_data(*pieces: bytes) -> bytes:
    """CompressedData by hand, its zlib stream in pieces."""
    content = indefinite(OCTET_STRING, *(encode(OCTET_STRING, one) for one in pieces))
    inside = encode(
        SEQUENCE,
        encode_integer(0),
        encode(SEQUENCE, encode_oid(ZLIB)),
        encode(SEQUENCE, encode_oid(DATA), encode(0xA0, content)),
    )
    return content_info(COMPRESSED_DATA, inside)


ENTITY = b"Content-Type: application/EDI-X12\r\n\r\n" + PAYLOAD
STREAM = zlib.compress(ENTITY)


@pytest.mark.parametrize(
    "pieces",
    [
        (STREAM[:-1],),
        (STREAM[:20],),
        (b"",),
        (),
        (STREAM + b"x",),
        (STREAM, b"x"),
        (STREAM, STREAM),
        (STREAM[2:],),
        (zlib.compress(b""),),
    ],
    ids=range(9),
)
def test_damaged_zlib_stream_is_refused(pieces: tuple[bytes, ...]) -> None:
    body = compressed_data(*pieces)
    refusal(wrapped("application/pkcs7-mime", body), LOOSE)


def test_bytes_behind_a_zlib_stream_are_not_collected() -> None:
    body = compressed_data(STREAM, bytes(32 * MIB))
    with within(1):
        refusal(wrapped("application/pkcs7-mime", body), LOOSE)


def test_zlib_stream_may_come_in_pieces() -> None:
    body = compressed_data(*(STREAM[place : place + 3] for place in range(0, 300, 3)))
    message = wrapped("application/pkcs7-mime", body)
    assert receive(message, LOOSE).payload == PAYLOAD


def test_bytes_behind_an_envelope_are_refused() -> None:
    message = build()
    refusal(changed(message, message.body + b"x"))
    assert receive(changed(message, message.body + b"\r\n")).payload == PAYLOAD


def test_cbc_in_an_authenticated_envelope_is_refused() -> None:
    inside = build(sign=None, encrypt="aes128_cbc").body
    with Reader(inside).enter(SEQUENCE) as info:
        info.oid()
        with info.enter(0xA0) as explicit:
            envelope = bytes(explicit.raw())
    with Reader(envelope).enter(SEQUENCE) as fields:
        content = b"".join(bytes(fields.raw()) for _ in range(3))
    tag = encode(OCTET_STRING, bytes(16))
    body = content_info(AUTH_ENVELOPED_DATA, encode(SEQUENCE, content, tag))
    assert "go together" in refusal(wrapped("application/pkcs7-mime", body)).person


@pytest.mark.parametrize("cut", [1, 10, 100])
def test_damaged_compression_is_refused(cut: int) -> None:
    packed = compress([b"Content-Type: x/y\r\n\r\n", os.urandom(500)])
    for body in (packed[:-cut], packed + b"x" * cut, packed[:60] + os.urandom(cut)):
        refusal(wrapped("application/pkcs7-mime", body), LOOSE)


@pytest.mark.parametrize(
    "body",
    [
        b"\r\n--b" * MIB,
        b"\r\n--bx" * MIB,
        b"--b\r\n" * MIB,
        b"--b\r\n\r\n\r\n--b " + b" " * (4 * MIB),
        b"--b\r\n" + b"A: b\r\n" * MIB,
        b"--b\r\n" + b"A" * (8 * MIB),
        b"--b\r\nA: b\r\n" + b" c\r\n" * MIB,
        b"-" * (8 * MIB),
        b"\n" * (8 * MIB),
    ],
    ids=range(9),
)
def test_multipart_bombs_are_refused_in_linear_time(body: bytes) -> None:
    for boundary in ("b", "-", '"-----"'):
        kind = f"multipart/signed; boundary={boundary}"
        with within(2):
            refusal(wrapped(kind, body), LOOSE)


def test_search_for_a_boundary_is_given_up() -> None:
    body = b"\r\n--bx" * 2000
    error = refusal(wrapped("multipart/signed; boundary=b", body), LOOSE)
    assert "does not consist" in error.person


@pytest.mark.parametrize(
    "head",
    [
        b"Content-Type: a/b\r\nContent-Type: c/d\r\n",
        b"Content-Type: a/b\r\nX-A: " + b"a" * 66_000 + b"\r\n",
        b"Content-Type: a/b\r\n" + b"X-A: a\r\n" * 10_000,
        b"Content-Type: a/b\r\n" + b" a\r\n" * 20_000,
        b"Content-Type: a/b\r\nno field\r\n",
        b" Content-Type: a/b\r\n",
        b"Content-Transfer-Encoding: base64\r\ncontent-transfer-encoding: 8bit\r\n",
    ],
    ids=range(7),
)
def test_ambiguous_and_endless_header_blocks_are_refused(head: bytes) -> None:
    message = changed(build(), sealed(head + b"\r\n" + PAYLOAD))
    assert refusal(message, LOOSE).reason == "decryption-failed"


@pytest.mark.parametrize(
    "value",
    [
        ";" * 60_000,
        '"' * 60_000,
        'a; b="' + "\\" * 60_000,
        "a;" + 'b="c" ' * 10_000,
        "multipart/signed; boundary=" + "b" * 60_000,
        "multipart/signed; boundary=\u00e9",
        "multipart/signed; boundary=",
        "multipart/signed",
    ],
    ids=range(8),
)
def test_odd_content_types_are_refused_in_linear_time(value: str) -> None:
    with within(1):
        refusal(wrapped(value, b"--b--"), as2.Policy())


def test_too_many_recipients_are_refused() -> None:
    body = raw_envelope(
        recipient_bob(bytes(16)) * 33, encode(0x80, bytes(16)), AES128, NONCE
    )
    assert (
        "too many recipients" in refusal(wrapped("application/pkcs7-mime", body)).person
    )


NONCE = encode(OCTET_STRING, bytes(16))
GCM_NONCE = encode(SEQUENCE, encode(OCTET_STRING, bytes(12)))


@pytest.mark.parametrize(
    ("content", "oid", "parameters"),
    [
        (b"", AES128, NONCE),
        (bytes(17), AES128, NONCE),
        (bytes(16), AES128, encode(OCTET_STRING, bytes(8))),
        (bytes(16), AES128, encode(OCTET_STRING, bytes(17))),
        (bytes(16), AES128, encode(NULL)),
        (bytes(16), AES128, GCM_NONCE),
        (bytes(16), CIPHERS["aes128_gcm"].oid, GCM_NONCE),
        (bytes(16), "1.2.3.4", NONCE),
    ],
    ids=[
        "empty",
        "no whole block",
        "short vector",
        "long vector",
        "no vector",
        "vector of GCM",
        "GCM without its tag",
        "unknown",
    ],
)
def test_malformed_envelopes_are_refused(
    content: bytes, oid: str, parameters: bytes
) -> None:
    body = raw_envelope(
        recipient_bob(bytes(16)), encode(0x80, content), oid, parameters
    )
    refusal(wrapped("application/pkcs7-mime", body), ANYTHING)


def test_short_tag_of_gcm_is_refused() -> None:
    message = build(encrypt="aes128_gcm")
    for size in (0, 4, 12, 15, 17):
        # the lengths around the tag change with it: only the tag's own is right here
        body = message.body[:-18] + encode(OCTET_STRING, bytes(size))
        refusal(changed(message, body), ANYTHING)
    envelope = read_enveloped(message.body)
    for size in (4, 12, 15):
        short = replace(envelope, tag=envelope.tag[:size])
        assert not open_envelope(short, bob().keys).sound
    assert open_envelope(envelope, bob().keys).sound


def test_private_keys_are_tried_a_few_times_only(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tried: list[object] = []
    monkeypatch.setattr(
        decryption, "_content_key", lambda *given: tried.append(given) or bytes(16)
    )
    others = recipient_for("carol", bytes(256)) * 30
    body = raw_envelope(others, encode(0x80, bytes(16)), AES128, NONCE)
    refusal(wrapped("application/pkcs7-mime", body))
    assert len(tried) == decryption.MAX_TRIALS


# -- damage of every kind ------------------------------------------------------------

SHAPES: dict[str, dict[str, object]] = {
    "all": {"compress": True},
    "signed": {"encrypt": None},
    "encrypted": {"sign": None},
    "compressed": {"sign": None, "encrypt": None, "compress": True},
    "pss": {"encrypt": None, "signature_scheme": "pss"},
    "gcm": {"encrypt": "aes128_gcm", "key_transport": "rsaes_oaep_sha256"},
}


@pytest.mark.parametrize("shape", list(SHAPES))
def test_every_cut_message_is_refused(shape: str) -> None:
    message = build(AWKWARD, **SHAPES[shape])
    policy = replace(ANYTHING, require_signature=shape == "encrypted")
    end = len(message.body.rstrip())
    for size in [*range(0, end - 40, 11), *range(end - 40, end)]:
        cut = changed(message, message.body[:size])
        if shape == "signed" and message.body[size:].strip(b"-\r\n") == b"":
            continue  # the line end or dashes behind the last boundary
        refusal(cut, policy)


def mutated(body: bytes, dice: random.Random) -> bytes:
    """The bytes with one to four things done to them."""
    data = bytearray(body)
    for _ in range(dice.randint(1, 4)):
        place = dice.randrange(len(data) + 1)
        # half of the changes among the structures at the beginning and the end
        if dice.random() < 0.5:
            place = min(place, dice.randrange(700))
        length = dice.choice((1, 1, 1, 2, 4, 16, 50))
        kind = dice.randrange(5)
        if kind == 0:
            data[place : place + length] = dice.randbytes(length)
        elif kind == 1:
            del data[place : place + length]
        elif kind == 2:
            data[place:place] = dice.randbytes(length)
        elif kind == 3:
            data[place:place] = data[place : place + length * 10]
        elif place < len(data):
            data[place] = dice.choice((0, 0x7F, 0x80, 0xFF, 0x30, 0x24, 0xA0))
    return bytes(data)


@pytest.mark.parametrize("shape", list(SHAPES))
def test_mutated_messages_never_get_in(shape: str) -> None:
    dice = random.Random(4130)
    message = build(AWKWARD, **SHAPES[shape])
    signed = shape not in ("encrypted", "compressed")
    policy = replace(ANYTHING, require_signature=signed)
    for _ in range(800):
        body = mutated(message.body, dice)
        try:
            got = as2.receive_message(
                message.headers, body, from_alice(policy=policy), bob(), NOW
            )
        except as2.MessageRefused as error:
            assert error.person and error.answer
            continue
        if signed:  # only what nobody signed and nobody reads was changed
            assert got.payload == AWKWARD
            assert got.mic == message.mic


def test_mutated_structures_inside_of_an_envelope_never_get_in() -> None:
    dice = random.Random(5652)
    entity, template = signed_entity(), build()
    for _ in range(400):
        body = sealed(mutated(entity, dice))
        try:
            got = receive(changed(template, body))
        except as2.MessageRefused as error:
            assert error.disposition == "authentication-failed"
            continue
        assert got.payload == PAYLOAD


@pytest.mark.parametrize("signed", [True, False])
def test_mutated_receipts_never_count_for_more(signed: bool) -> None:
    dice = random.Random(3798)
    message = build(mdn_signed=signed)
    pending = waiting(message, signed_receipt=signed)
    mdn = receipt_for(message, disposition="decryption-failed", mic=None)
    for _ in range(800):
        body = mutated(mdn.body, dice)
        as2.mdn_original_message_id(mdn.headers, body)
        as2.peek(mdn.headers, body)
        try:
            result = as2.receive_mdn(mdn.headers, body, pending, to_bob(), NOW)
        except as2.MdnRefused as error:
            assert error.person
            continue
        assert not result.accepted


def test_mutated_headers_raise_nothing_else() -> None:
    dice = random.Random(2616)
    message = build(compress=True)
    for _ in range(1500):
        headers = dict(message.headers)
        name = dice.choice(list(headers))
        value = mutated(headers[name].encode(), dice).decode("latin-1")
        headers[name] = value
        try:
            got = as2.receive_message(headers, message.body, from_alice(), bob(), NOW)
        except (as2.EnvelopeRefused, as2.MessageRefused):
            continue
        assert got.payload == PAYLOAD


def test_random_bytes_are_refused() -> None:
    dice = random.Random(690)
    for size in range(0, 600):
        body = b"\x30\x82" + dice.randbytes(size)
        refusal(wrapped("application/pkcs7-mime", body), LOOSE)
        refusal(wrapped("multipart/signed; boundary=b", b"--b\r\n" + body), LOOSE)
