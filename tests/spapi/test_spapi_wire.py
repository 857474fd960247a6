"""What goes over the wire is bounded, goes to Amazon alone, and follows nobody."""

import datetime
import gzip
import ipaddress
import socket
import ssl

import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from cryptography.x509.oid import NameOID
from spapi_clients import Bench
from spapi_server import Reply, Server

import spapi
from spapi.wire import Wire, unpacked

HEADERS: dict[str, str] = {}


@pytest.fixture
def wire():
    return Wire(allow_loopback_http=True)


def closed_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_not_followed(amazon, wire, status):
    amazon.says(Reply(status, b"", {"Location": f"{amazon.url}/else"}))
    assert wire.exchange("GET", f"{amazon.url}/here", headers=HEADERS).status == status
    assert [asked.path for asked in amazon.asked] == ["/here"]


@pytest.mark.parametrize(
    "url",
    [
        "http://sellingpartnerapi-eu.amazon.com",
        "http://127.0.0.1.example.com",
        "ftp://127.0.0.1",
        "file:///etc/passwd",
        "https://user:password@127.0.0.1",
        "https://",
        "https://[::1",
        "https://127.0.0.1:99999",
        "",
    ],
)
def test_only_https_is_spoken_and_plain_http_with_this_machine(wire, url):
    with pytest.raises(spapi.Unreadable):
        wire.exchange("GET", url, headers=HEADERS)


def test_plain_http_with_this_machine_must_be_allowed(amazon):
    with pytest.raises(spapi.Unreadable, match="https only"):
        Wire().exchange("GET", amazon.url, headers=HEADERS)
    with pytest.raises(spapi.Unreadable, match="https only"):
        spapi.Client(amazon.url, lambda fresh: "", spapi.MemoryGate())
    assert not amazon.asked


def test_while_tests_run_only_this_machine_is_reached(wire, monkeypatch):
    monkeypatch.setenv("AMAZON_B2B_LOOPBACK_ONLY", "1")
    with pytest.raises(spapi.Unreadable, match="only this machine"):
        wire.exchange("GET", "https://api.amazon.com", headers=HEADERS)


def test_certificates_are_always_verified():
    session = requests.Session()
    session.verify = False
    with pytest.raises(ValueError, match="verified"):
        Wire(session)


@pytest.fixture
def own_certificate(tmp_path):
    """The paths of a certificate for this machine that nobody vouches for, and key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.datetime.now(datetime.timezone.utc)
    address = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), 1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([address]), critical=False)
        .sign(key, hashes.SHA256())
    )
    paths = tmp_path / "certificate.pem", tmp_path / "key.pem"
    paths[0].write_bytes(certificate.public_bytes(Encoding.PEM))
    paths[1].write_bytes(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    )
    return tuple(map(str, paths))


def test_a_certificate_is_accepted_only_from_an_authority(own_certificate):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*own_certificate)
    trusting = requests.Session()
    trusting.trust_env, trusting.verify = False, own_certificate[0]
    with Server(context) as server:
        server.says(Reply(200, b"secure"))
        with pytest.raises(spapi.Unavailable, match="no secure connection with 127.0"):
            Wire().exchange("GET", server.url, headers=HEADERS)
        assert not server.asked
        found = Wire(trusting).exchange("GET", server.url, headers=HEADERS)
    assert found.body == b"secure"


def test_nothing_of_the_environment_is_sent(amazon, wire, monkeypatch, tmp_path):
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login someone password else\n")
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{closed_port()}")
    amazon.says(Reply())
    wire.exchange("GET", amazon.url, headers=HEADERS)
    assert "authorization" not in amazon.asked[0].headers


def test_who_does_not_answer_is_left(amazon, wire):
    amazon.says(Reply(silent=True))
    with pytest.raises(spapi.Unavailable, match="no answer within 0.1 seconds"):
        wire.exchange("GET", amazon.url, headers=HEADERS, read_timeout=0.1)


def test_nobody_there(wire):
    with pytest.raises(spapi.Unavailable, match="127.0.0.1 failed"):
        wire.exchange("GET", f"http://127.0.0.1:{closed_port()}", headers=HEADERS)


@pytest.mark.parametrize("packed", [False, True])
def test_an_answer_that_is_too_large_is_not_read_to_its_end(amazon, wire, packed):
    body = b"x" * 300_000
    headers = {"Content-Encoding": "gzip"} if packed else {}
    amazon.says(Reply(200, gzip.compress(body) if packed else body, headers))
    with pytest.raises(spapi.Unreadable, match="more than 200000 bytes"):
        wire.exchange("GET", amazon.url, headers=HEADERS, limit=200_000)
    assert wire.exchange("GET", amazon.url, headers=HEADERS).body == body


def test_a_packed_answer_that_breaks_off_is_no_answer(amazon, wire):
    packed = gzip.compress(bytes(range(256)) * 100)
    amazon.says(Reply(200, packed[:-9], {"Content-Encoding": "gzip"}))
    with pytest.raises(spapi.Unavailable, match="breaks off"):
        wire.exchange("GET", amazon.url, headers=HEADERS)


def test_the_session_may_be_the_callers(amazon):
    session = requests.Session()
    session.headers["X-Own"] = "yes"
    amazon.says(Reply())
    bench = Bench(amazon, session=session)
    bench.client.call("searchOrders")
    assert amazon.asked[0].headers["x-own"] == "yes"


def test_members_and_padding_of_gzip_are_read_in_any_pieces():
    data = gzip.compress(b"first ") + gzip.compress(b"second") + b"\0\0\0"
    for size in (1, 2, 7, 26, 27, len(data)):
        pieces = (data[start : start + size] for start in range(0, len(data), size))
        assert b"".join(unpacked(pieces, 12)) == b"first second"


def test_a_bomb_is_not_unpacked():
    bomb = gzip.compress(b"\0" * 50_000_000)
    size = 0
    with pytest.raises(spapi.Unreadable, match="more than 1000 bytes"):
        for piece in unpacked(iter([bomb]), 1000):
            size += len(piece)
    assert size <= 1001
