"""AS2 beside pyas2lib: signed and encrypted messages with signed receipts.

Both run in one process and take turns, with the same keys and payloads, SHA-256,
AES-256-CBC and RSA-2048. A round trip is: build the message, open it, build the signed
receipt, check it. Memory is measured for ``as2`` in processes of their own, sending and
receiving apart: the highest resident size less that of the idle process, which holds
neither payload nor message yet.

    ./dev bench as2
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
for path in (HERE, ROOT / "amazon_b2b_connector"):
    sys.path.insert(0, str(path))

import as2  # noqa: E402

KIB, MIB = 1024, 1024 * 1024
NOW = datetime.now(timezone.utc)
#: payload size, round trips of ours and of pyas2lib per turn, turns
SIZES = ((2 * KIB, 40, 15, 7), (100 * KIB, 30, 8, 5), (10 * MIB, 3, 1, 5))
LEAST = {2 * KIB: 3.0, 10 * MIB: 8.0}
MEMORY_PAYLOAD = 50 * MIB
MOST_MEMORY = 6.0


def edi(size: int) -> bytes:
    """Text as an 850 has it, of about this size."""
    line = b"PO1*%d*12*EA*9.5*PE*UP*012345678905~PID*F****A product, plain and blue~"
    text = b"".join(line % number for number in range(size // 60 + 1))
    return text[:size]


def parties() -> tuple[as2.Identity, as2.Station, as2.Identity, as2.Station]:
    alice = as2.PrivateKey.generate("alice", 30)
    bob = as2.PrivateKey.generate("bob", 30)
    return (
        as2.Identity("ALICE", (alice,)),
        as2.Station("ALICE", (alice.certificate,)),
        as2.Identity("BOB", (bob,)),
        as2.Station("BOB", (bob.certificate,)),
    )


def our_round_trip(payload: bytes, everybody: Any) -> Callable[[], None]:
    alice, seen_alice, bob, seen_bob = everybody

    def run() -> None:
        message = as2.build_message(
            payload,
            alice,
            seen_bob,
            message_id=as2.new_message_id("alice.example"),
            date=NOW,
        )
        envelope = as2.peek(message.headers)
        incoming = as2.receive_message(
            message.headers, message.body, seen_alice, bob, NOW
        )
        mdn = as2.build_mdn(
            original=envelope,
            receipt=incoming.receipt,
            identity=bob,
            mic=incoming.mic,
            disposition="processed",
            text="The message has arrived.",
            message_id=as2.new_message_id("bob.example"),
            date=NOW,
        )
        pending = as2.PendingMessage(
            envelope.message_id, message.mic, message.mic_algorithm
        )
        result = as2.receive_mdn(mdn.headers, mdn.body, pending, seen_bob, NOW)
        assert result.accepted and incoming.payload == payload

    return run


def their_round_trip(payload: bytes, everybody: Any) -> Callable[[], None]:
    from _pyas2 import pyas2lib

    alice, _, bob, _ = everybody
    organizations, partners = {}, {}
    for identity in (alice, bob):
        own = identity.keys[0]
        pem = own.to_pem() + own.certificate.to_pem()
        organizations[identity.as2_id] = pyas2lib.Organization(
            identity.as2_id, sign_key=pem, decrypt_key=pem
        )
        partners[identity.as2_id] = pyas2lib.Partner(
            identity.as2_id,
            verify_cert=own.certificate.to_pem(),
            encrypt_cert=own.certificate.to_pem(),
            sign=True,
            encrypt=True,
            enc_alg="aes_256_cbc",
            digest_alg="sha256",
            mdn_mode="SYNC",
            mdn_digest_alg="sha256",
        )

    def run() -> None:
        message = pyas2lib.Message(organizations["ALICE"], partners["BOB"])
        message.build(payload, content_type="application/octet-stream")
        incoming = pyas2lib.Message()
        status, error, mdn = incoming.parse(
            message.headers_str + b"\r\n" + message.content,
            find_org_cb=organizations.get,
            find_partner_cb=partners.get,
        )
        assert status == "processed", error
        receipt = pyas2lib.Mdn()
        status, _ = receipt.parse(
            mdn.headers_str + b"\r\n" + mdn.content, lambda *found: message
        )
        assert status == "processed" and incoming.content == payload

    return run


def seconds_each(run: Callable[[], None], times: int) -> float:
    start = time.perf_counter()
    for _ in range(times):
        run()
    return (time.perf_counter() - start) / times


def compare_speed() -> bool:
    everybody = parties()
    good = True
    print("round trips, signed and encrypted, signed receipt (median of turns)")
    print(f"{'payload':>10} {'as2':>22} {'pyas2lib':>22} {'ratio':>7}  wanted")
    for size, our_times, their_times, turns in SIZES:
        payload = edi(size)
        ours, theirs = (
            make(payload, everybody) for make in (our_round_trip, their_round_trip)
        )
        ours(), theirs()
        pairs = [
            (seconds_each(ours, our_times), seconds_each(theirs, their_times))
            for _ in range(turns)
        ]
        our, their = (statistics.median(column) for column in zip(*pairs, strict=True))
        ratio, least = their / our, LEAST.get(size)
        good = good and (least is None or ratio >= least)
        print(
            f"{size // KIB:>7} KB {rate(our, size):>22} {rate(their, size):>22} "
            f"{ratio:>6.1f}x  {f'>= {least:g}x' if least else ''}"
        )
    return good


def rate(seconds: float, size: int) -> str:
    return f"{1 / seconds:.1f}/s, {size / MIB / seconds:.1f} MB/s"


# -- memory ------------------------------------------------------------------------


def resident(field: str) -> int:
    """VmRSS (now) or VmHWM (highest) of this process, in bytes."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(field + ":"):
            return int(line.split()[1]) * KIB
    raise RuntimeError(f"{field} is not in /proc/self/status")


def measure(what: str, folder: Path) -> int:
    """Run in a process of its own: send or receive once, print bytes above idle."""
    names = ("alice", "bob")
    alice, bob = (
        as2.PrivateKey.from_pem(
            (folder / f"{name}.key").read_bytes(), (folder / f"{name}.pem").read_bytes()
        )
        for name in names
    )
    sender, receiver = as2.Identity("ALICE", (alice,)), as2.Identity("BOB", (bob,))
    seen_alice = as2.Station("ALICE", (alice.certificate,))
    seen_bob = as2.Station("BOB", (bob.certificate,))
    small = send(b"warm", sender, seen_bob)
    as2.receive_message(small.headers, small.body, seen_alice, receiver, NOW)
    idle = resident("VmRSS")
    if what == "sending":
        message = send((folder / "payload").read_bytes(), sender, seen_bob)
        (folder / "body").write_bytes(message.body)
        (folder / "headers").write_text(
            "\n".join(f"{name}: {value}" for name, value in message.headers.items())
        )
    else:
        lines = (folder / "headers").read_text().splitlines()
        headers = dict(line.split(": ", 1) for line in lines)
        body = (folder / "body").read_bytes()
        incoming = as2.receive_message(headers, body, seen_alice, receiver, NOW)
        assert len(incoming.payload) == MEMORY_PAYLOAD
    print(resident("VmHWM") - idle)
    return 0


def send(payload: bytes, sender: as2.Identity, to: as2.Station) -> as2.OutgoingMessage:
    message_id = as2.new_message_id("alice.example")
    return as2.build_message(payload, sender, to, message_id=message_id, date=NOW)


def compare_memory() -> bool:
    good = True
    print(f"\npeak memory above the idle process, payload {MEMORY_PAYLOAD // MIB} MB")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for who in ("alice", "bob"):
            own = as2.PrivateKey.generate(who, 30)
            (folder / f"{who}.key").write_bytes(own.to_pem())
            (folder / f"{who}.pem").write_bytes(own.certificate.to_pem())
        (folder / "payload").write_bytes(edi(MEMORY_PAYLOAD))
        for what in ("sending", "receiving"):
            command = [sys.executable, __file__, what, name]
            output = subprocess.run(command, capture_output=True, check=True).stdout
            times = int(output) / MEMORY_PAYLOAD
            good = good and times <= MOST_MEMORY
            print(
                f"{what:>10} {int(output) / MIB:>8.0f} MB {times:>6.1f}x  "
                f"<= {MOST_MEMORY:g}x"
            )
    return good


def main() -> int:
    """Print the figures; 0 if all of them are as wanted."""
    fast, small = compare_speed(), compare_memory()
    return 0 if fast and small else 1


if __name__ == "__main__":
    if len(sys.argv) == 3:
        sys.exit(measure(sys.argv[1], Path(sys.argv[2])))
    sys.exit(main())
