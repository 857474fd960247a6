"""AS2 headers: what may be believed of them, and what is put into them."""

from __future__ import annotations

from datetime import datetime

import pytest
from as2_builders import NOW, PAYLOAD, alice, build, receipt_for, to_bob

import as2
from as2.envelope import quote_as2_id

GOOD = {
    "AS2-From": "ALICE",
    "AS2-To": "BOB",
    "Message-ID": "<1@alice.example>",
    "Content-Type": "application/pkcs7-mime",
}


def with_options(options: str) -> as2.ReceiptRequest | None:
    return as2.peek(
        {
            **GOOD,
            "Disposition-Notification-To": "x",
            "Disposition-Notification-Options": options,
        }
    ).receipt


def test_names_of_headers_may_have_any_case() -> None:
    upper = as2.peek({name.upper(): value for name, value in GOOD.items()})
    assert upper == as2.peek({name.lower(): value for name, value in GOOD.items()})
    assert (upper.as2_from, upper.as2_to) == ("ALICE", "BOB")


@pytest.mark.parametrize("name", ["AS2-From", "AS2-To", "Message-ID"])
@pytest.mark.parametrize(
    "value",
    [
        "",
        "   ",
        "x" * 256,
        "line\r\nX-Injected: yes",
        "line\nX-Injected: yes",
        "line\rmore",
        "caf\u00e9",
        "nul\0",
        "del\x7f",
        "tab\there",
    ],
)
def test_values_that_would_be_echoed_are_checked(name: str, value: str) -> None:
    with pytest.raises(as2.EnvelopeRefused, match=name) as refused:
        as2.peek({**GOOD, name: value})
    assert refused.value.http_status == 400
    with pytest.raises(as2.EnvelopeRefused):
        as2.peek({key: other for key, other in GOOD.items() if key != name})


def test_longest_values_are_accepted() -> None:
    longest = as2.peek({**GOOD, "Message-ID": "x" * 255, "AS2-From": "y" * 128})
    assert (len(longest.message_id), len(longest.as2_from)) == (255, 128)
    with pytest.raises(as2.EnvelopeRefused, match="128"):
        as2.peek({**GOOD, "AS2-From": "y" * 129})


@pytest.mark.parametrize(
    ("as2_id", "header"),
    [
        ("AMAZON", "AMAZON"),
        ("My Company", '"My Company"'),
        ('say "hi"', '"say \\"hi\\""'),
        ("back\\slash", '"back\\\\slash"'),
        ("a;b,c:d", "a;b,c:d"),
    ],
)
def test_as2_ids_are_quoted_where_they_must_be(as2_id: str, header: str) -> None:
    assert quote_as2_id(as2_id) == header
    assert as2.peek({**GOOD, "AS2-From": header}).as2_from == as2_id


def test_needlessly_quoted_as2_id_is_the_same() -> None:
    assert as2.peek({**GOOD, "AS2-From": '"ALICE"'}).as2_from == "ALICE"


def test_subject_is_shown_and_never_refused() -> None:
    seen = as2.peek({**GOOD, "Subject": "Gr\u00f6\u00dfe\r\nX: y" + "z" * 999}).subject
    assert seen.isascii() and "\n" not in seen and len(seen) <= 255


# -- receipt requests ----------------------------------------------------------------


def test_no_receipt_without_a_request() -> None:
    assert as2.peek(GOOD).receipt is None


@pytest.mark.parametrize(
    ("options", "signed", "micalg"),
    [
        ("", False, "sha-256"),
        (
            "signed-receipt-protocol=optional, pkcs7-signature; "
            "signed-receipt-micalg=optional, sha256",
            True,
            "sha256",
        ),
        (
            "signed-receipt-protocol=required,PKCS7-Signature;"
            "signed-receipt-micalg=required,md5,SHA-512,sha256",
            True,
            "SHA-512",
        ),
        (
            "Signed-Receipt-Protocol = optional , pkcs7-signature ; "
            "SIGNED-RECEIPT-MICALG = optional , sha384",
            True,
            "sha384",
        ),
        ("signed-receipt-protocol=optional, pkcs7-signature", True, "sha-256"),
        (
            "signed-receipt-protocol=optional, pkcs7-signature; "
            "signed-receipt-micalg=optional, md5",
            True,
            "sha-256",
        ),
        ("signed-receipt-micalg=optional, sha512", False, "sha512"),
        (";;;===,,,", False, "sha-256"),
    ],
)
def test_options_are_read_as_partners_write_them(
    options: str, signed: bool, micalg: str
) -> None:
    request = with_options(options)
    assert request and (request.signed, request.micalg) == (signed, micalg)


@pytest.mark.parametrize("url", ["http://x/\r\nX: y", "http://x/\u00e9", "x" * 2049])
def test_unusable_address_for_receipts_is_refused(url: str) -> None:
    headers = {**GOOD, "Disposition-Notification-To": "x"}
    with pytest.raises(as2.EnvelopeRefused, match="Receipt-Delivery-Option"):
        as2.peek({**headers, "Receipt-Delivery-Option": url})


# -- what we write -------------------------------------------------------------------


def test_message_ids_are_new_each_time_and_name_the_host() -> None:
    ids = {as2.new_message_id("as2.example.com") for _ in range(100)}
    assert len(ids) == 100
    assert all(one.startswith("<") and one.endswith("@as2.example.com>") for one in ids)


@pytest.mark.parametrize("domain", ["", "a b", "a\r\nb", "x" * 181, "a@b", "<a>"])
def test_unusable_host_for_message_ids_is_refused(domain: str) -> None:
    with pytest.raises(as2.AS2ConfigurationError):
        as2.new_message_id(domain)


@pytest.mark.parametrize(
    "options",
    [
        {"message_id": "<1@x>\r\nX-Injected: yes"},
        {"message_id": "x" * 256},
        {"message_id": ""},
        {"content_type": "text/plain\r\nX-Injected: yes"},
        {"subject": "a\r\nX-Injected: yes"},
        {"filename": "a\r\nX-Injected: yes"},
        {"date": datetime(2025, 1, 1)},
    ],
)
def test_nothing_can_be_injected_into_our_headers(options: dict[str, object]) -> None:
    with pytest.raises(as2.AS2ConfigurationError):
        build(message=options)


def test_quotes_in_a_file_name_stay_inside_of_it() -> None:
    message = build(message={"filename": 'a"; name="b'}, sign=None, encrypt=None)
    disposition = message.headers["Content-Disposition"]
    assert disposition == 'attachment; filename="a\\"; name=\\"b"'


@pytest.mark.parametrize("as2_id", ["", "x" * 129, "a\r\nX: y", "caf\u00e9"])
def test_unusable_as2_id_is_refused(as2_id: str) -> None:
    own = as2.Identity(as2_id, alice().keys)
    with pytest.raises(as2.AS2ConfigurationError, match="AS2 id"):
        as2.build_message(PAYLOAD, own, to_bob(), message_id="<1@x>", date=NOW)


def test_asynchronous_receipt_needs_an_address() -> None:
    with pytest.raises(as2.AS2ConfigurationError, match="no address"):
        build(mdn="async")
    message = build(mdn="async", message={"async_mdn_url": "https://a.example/as2"})
    assert message.headers["Receipt-Delivery-Option"] == "https://a.example/as2"
    receipt = as2.peek(message.headers).receipt
    assert receipt and receipt.asynchronous_url == "https://a.example/as2"


def test_no_receipt_is_asked_for_where_none_is_wanted() -> None:
    message = build(mdn=None)
    assert as2.peek(message.headers).receipt is None
    assert (message.mic, message.mic_algorithm) == (None, None)


def test_all_headers_are_printable_ascii() -> None:
    message = build(message={"filename": "\u00e4.edi", "subject": "\u20ac"})
    mdn = receipt_for(message, text="\u20ac\r\n.\r\n")
    for headers in (message.headers, mdn.headers):
        for name, value in headers.items():
            assert f"{name}{value}".isascii() and f"{name}{value}".isprintable()


def test_date_is_in_gmt() -> None:
    assert build().headers["Date"].endswith(" GMT")
