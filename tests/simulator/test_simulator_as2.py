"""What the AS2 station takes and what it refuses."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from papers import accepted, acknowledgement, order
from vendor import Vendor, http_post

from simulator import ber, pyas2
from simulator.client import Simulator


def refused(amazon: Simulator, since: int) -> str:
    event = amazon.wait_for(lambda e: e["kind"] == "refused", 10, since)
    return str(event["text"])


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"digest_alg": "sha1"}, "signed with sha1; SHA-256 or better is required"),
        ({"digest_alg": "md5"}, "signed with md5; SHA-256 or better is required"),
        ({"enc_alg": "tripledes_192_cbc"}, "encrypted with tripledes_3key; AES-128"),
        ({"sign": False}, "are must be signed"),
        ({"encrypt": False}, "are must be encrypted"),
    ],
)
def test_weak_message_is_refused(
    amazon: Simulator, vendor: Vendor, options: dict[str, Any], words: str
) -> None:
    since = amazon.latest()
    paper = vendor.envelope("PR", [("855", acknowledgement("WEAK0001"))])
    status, disposition, detail = vendor.post(paper, **options)
    assert (status, disposition) == (200, "processed/Error")
    assert detail == "insufficient-message-security"
    assert words in refused(amazon, since)


@pytest.mark.parametrize(
    "options",
    [
        {"enc_alg": "aes_128_cbc", "digest_alg": "sha384", "mdn_digest_alg": "sha384"},
        {"enc_alg": "aes_192_cbc", "digest_alg": "sha512", "mdn_digest_alg": "sha512"},
        {"compress": True},
    ],
)
def test_strong_message_is_taken(
    amazon: Simulator, vendor: Vendor, po_number: str, options: dict[str, Any]
) -> None:
    since = amazon.latest()
    amazon.send_order(order(po_number))
    paper = vendor.envelope("PR", [("855", acknowledgement(po_number))])
    assert vendor.post(paper, **options) == (200, "processed", None)
    amazon.wait_for(lambda e: e["kind"] == "verdict" and e["accepted"], 10, since)


def test_changed_message_is_refused(amazon: Simulator, vendor: Vendor) -> None:
    since = amazon.latest()
    message = vendor.build("ISA")
    status, _headers, body = http_post(
        amazon.ready["as2_url"],
        message.headers,
        message.content[:-16] + bytes(16),
    )
    assert status == 200 and b"processed/Error: decryption-failed" in body
    assert "was refused" in refused(amazon, since)


def test_garbage_is_refused(amazon: Simulator, vendor: Vendor) -> None:
    since = amazon.latest()
    headers = {**vendor.build("ISA").headers, "Message-ID": "<garbage>"}
    status, _headers, body = http_post(
        amazon.ready["as2_url"], headers, b"\x30\x80garbage"
    )
    assert status == 200 and b"processed/Error" in body
    assert "garbage was refused" in refused(amazon, since)


def test_unknown_station_is_refused(amazon: Simulator, vendor: Vendor) -> None:
    since = amazon.latest()
    headers = {**vendor.build("ISA").headers, "AS2-From": "NOBODY"}
    status, _headers, _body = http_post(amazon.ready["as2_url"], headers, b"x")
    assert status == 403
    assert "from 'NOBODY' to 'AMAZONSIM': nobody known" in refused(amazon, since)


def test_chunked_message_is_taken(
    amazon: Simulator, vendor: Vendor, po_number: str
) -> None:
    amazon.send_order(order(po_number))
    since = amazon.latest()
    message = vendor.build(vendor.envelope("PR", [("855", acknowledgement(po_number))]))
    content = message.content
    pieces = iter([content[:700], content[700:]])
    status, _headers, _body = http_post(
        amazon.ready["as2_url"],
        {**message.headers, "Transfer-Encoding": "chunked"},
        pieces,
    )
    assert status == 200
    amazon.wait_for(lambda e: e["kind"] == "verdict" and e["accepted"], 10, since)


def test_receipt_for_nothing_is_refused(amazon: Simulator, vendor: Vendor) -> None:
    since = amazon.latest()
    other = vendor.build("ISA")
    status, headers, body = http_post(
        amazon.ready["as2_url"], other.headers, other.content
    )
    headers = {**headers, "AS2-From": "VENDOR", "AS2-To": "AMAZONSIM"}
    del headers["Content-Length"]
    status, _headers, _body = http_post(amazon.ready["as2_url"], headers, body)
    event = amazon.wait_for(lambda e: e["kind"] == "mdn-invalid", 10, since)
    assert status == 400 and "it answers no message of ours" in event["text"]


def test_receipt_url_outside_loopback_is_refused(
    amazon: Simulator, vendor: Vendor
) -> None:
    since = amazon.latest()
    assert vendor.post("ISA", receipt_url="http://192.0.2.1/as2")[0] == 400
    assert "only loopback is allowed" in refused(amazon, since)


def test_asynchronous_receipt_goes_again_until_taken(
    amazon: Simulator, vendor: Vendor
) -> None:
    vendor.statuses = [500, 500]
    assert vendor.post("ISA", receipt_url=vendor.url) == (200, None, None)
    assert vendor.receipts.get(timeout=10) == ("processed", None)
    assert vendor.statuses == []


@pytest.mark.parametrize("indefinite", [True, False])
def test_vendor_reads_both_encodings(
    amazon: Simulator, vendor: Vendor, po_number: str, indefinite: bool
) -> None:
    amazon.configure(ber=indefinite)
    try:
        amazon.send_order(order(po_number, message="x" * 200))
        vendor.wait_for(lambda: bool(vendor.outcomes))
    finally:
        amazon.configure(ber=True)
    assert vendor.outcomes == ["processed"]


def test_indefinite_lengths_hold_the_same_content(vendor: Vendor) -> None:
    content = vendor.build("A" * 10000).content
    dressed = ber.with_indefinite_lengths(content)
    assert dressed.startswith(b"\x30\x80\x06") and dressed.endswith(bytes(10))

    def ciphertext(encoded: bytes) -> bytes:
        info = pyas2.cms.ContentInfo.load(encoded, strict=False)
        found: bytes = info["content"]["encrypted_content_info"][
            "encrypted_content"
        ].native
        return found

    assert ciphertext(dressed) == ciphertext(content)
    # more than one piece
    assert len(re.findall(b"\x04\x82\x10\x00", dressed)) >= 2


def test_interchange_in_a_new_message_is_worked_once(
    amazon: Simulator, vendor: Vendor, po_number: str
) -> None:
    amazon.send_order(order(po_number))
    since = amazon.latest()
    paper = vendor.envelope("PR", [("855", acknowledgement(po_number))])
    assert vendor.post(paper) == vendor.post(paper) == (200, "processed", None)
    again = amazon.wait_for(lambda e: e["kind"] == "duplicate", 10, since)
    assert again["same_bytes"] and "Interchange" in again["text"]
    assert [e["kind"] for e in amazon.events(since)].count("verdict") == 1


def test_same_message_twice_at_once_is_worked_once(
    amazon: Simulator, vendor: Vendor, po_number: str
) -> None:
    amazon.send_order(order(po_number))
    since = amazon.latest()
    paper = vendor.envelope("PR", [("855", acknowledgement(po_number))])
    message = vendor.build(paper)
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: vendor.post_message(message), range(4)))
    assert answers == [(200, "processed", None)] * 4
    amazon.wait_for(lambda e: e["kind"] == "verdict", 10, since)
    kinds = [
        event["kind"]
        for event in amazon.events(since)
        if event.get("message_id") == message.message_id or event["kind"] == "verdict"
    ]
    assert sorted(kinds) == [*["duplicate"] * 3, "message-received", "verdict"]


def test_control_number_with_other_content_is_refused(
    amazon: Simulator, vendor: Vendor, po_number: str
) -> None:
    amazon.send_order(order(po_number))
    paper = vendor.envelope("PR", [("855", acknowledgement(po_number))])
    vendor.post(paper)
    since = amazon.latest()
    vendor.post(paper.replace("*9.5*", "*9.4*"))
    event = amazon.wait_for(lambda e: e["kind"] == "interchange-refused", 10, since)
    assert "its control number is used up" in event["text"]


def test_production_and_test_numbers_are_apart(
    amazon: Simulator, vendor: Vendor, po_number: str
) -> None:
    amazon.send_order(order(po_number))
    amazon.send_order(order(po_number), test=True)
    accepted(amazon, vendor, "855", acknowledgement(po_number))
    accepted(amazon, vendor, "855", acknowledgement(po_number), test="T")
