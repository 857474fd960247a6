"""No token, code or secret leaves by an error, a repr, a log or an observed call."""

import logging
import traceback

import pytest
from spapi_clients import Bench
from spapi_server import ACCESS, CODE, REFRESH, SECRET, SECRETS, Reply, answer, refusal

import spapi
from spapi import report_calls, tokens_calls
from spapi.errors import cleaned
from spapi.wire import Wire

SIGNATURE = "X-Amz-Signature=signature-of-the-test"
ECHO = f"You sent {ACCESS} and {REFRESH} and {SECRET}"
ORDER = {"orderId": "302-1234567-1234567"}

FAULTS = {
    "refused": refusal(400, f"Bad {ACCESS}", ECHO, ECHO),
    "denied": refusal(403, "Unauthorized", ECHO, f"{ECHO} has expired"),
    "throttled": refusal(429, "QuotaExceeded", ECHO),
    "broken": refusal(500, "InternalFailure", ECHO),
    "no JSON": Reply(200, ECHO.encode()),
    "half": Reply(200, ECHO.encode(), announced=10_000),
    "hung up": Reply(hang_up=True),
    "request id": Reply(404, b"", {"x-amzn-RequestId": ACCESS}),
    "redirect": Reply(302, b"", {"Location": f"/{SIGNATURE}"}),
}


def everything(error: BaseException) -> str:
    """All that a log or a screen could show of an error."""
    parts = [str(error), repr(error), repr(error.args), repr(vars(error))]
    parts += traceback.format_exception(type(error), error, error.__traceback__)
    assert error.__context__ is None and error.__cause__ is None
    return "\n".join(parts)


def assert_clean(text: str, *also: str) -> None:
    for secret in (*SECRETS, "Atza|", "Atzr|", "amzn1.oa2-cs", *also):
        assert secret not in text


@pytest.mark.parametrize("reply", FAULTS.values(), ids=list(FAULTS))
def test_calls_that_fail_give_nothing_away(amazon, caplog, reply):
    caplog.set_level(logging.DEBUG)
    bench = Bench(amazon, patience=0)
    amazon.says(reply)
    with pytest.raises(spapi.ApiError) as caught:
        bench.client.call("getOrder", path=ORDER)
    assert_clean(everything(caught.value))
    assert_clean(repr(bench.calls) + repr(bench.client) + caplog.text)


@pytest.mark.parametrize("reply", FAULTS.values(), ids=list(FAULTS))
@pytest.mark.parametrize("grant", ["code", "refresh token"])
def test_logins_that_fail_give_nothing_away(amazon, caplog, reply, grant):
    caplog.set_level(logging.DEBUG)
    lwa = spapi.Lwa("client-1", SECRET, url=amazon.url, allow_loopback_http=True)
    amazon.says(reply)
    with pytest.raises(spapi.SpapiError) as caught:
        lwa.exchange(CODE) if grant == "code" else lwa.refresh(REFRESH)
    assert_clean(everything(caught.value) + repr(lwa) + caplog.text)


@pytest.mark.parametrize("code", ["invalid_grant", "invalid_client", "other"])
def test_logins_that_are_refused_give_nothing_away(amazon, code):
    lwa = spapi.Lwa("client-1", SECRET, url=amazon.url, allow_loopback_http=True)
    said = f"{ECHO} and {CODE}"
    amazon.says(answer({"error": code, "error_description": said}, 400))
    with pytest.raises(spapi.LwaError) as caught:
        lwa.exchange(CODE)
    assert_clean(everything(caught.value))


def test_what_is_given_hides_its_secrets(amazon):
    bench = Bench(amazon)
    amazon.says(
        answer({"access_token": ACCESS, "refresh_token": REFRESH, "expires_in": 60})
    )
    lwa = spapi.Lwa("client-1", SECRET, url=amazon.url, allow_loopback_http=True)
    said = [repr(lwa.exchange(CODE))]
    amazon.replies.clear()
    amazon.says(answer({"restrictedDataToken": "Atz.sprdt|x", "expiresIn": 60}))
    said.append(repr(tokens_calls.create(bench.client, [])))
    said.append(repr(bench.client.call("createRestrictedDataToken")))
    amazon.replies.clear()
    amazon.says(answer({"reportDocumentId": "1", "url": f"https://x/?{SIGNATURE}"}))
    said.append(repr(report_calls.document(bench.client, "1")))
    assert_clean("".join(said), "Atz.sprdt", SIGNATURE)


@pytest.mark.parametrize("reply", FAULTS.values(), ids=list(FAULTS))
def test_a_document_that_fails_keeps_its_address_secret(amazon, caplog, reply):
    caplog.set_level(logging.INFO)
    bench = Bench(amazon)
    amazon.says(Reply(503, SIGNATURE.encode()) if reply.status == 200 else reply)
    document = report_calls.ReportDocument("1", f"{amazon.url}/d?{SIGNATURE}")
    with pytest.raises(spapi.ApiError) as caught:
        report_calls.fetch(bench.client, document)
    said = everything(caught.value) + repr(bench.calls) + caplog.text
    assert_clean(said, SIGNATURE)


@pytest.mark.parametrize("url", ["https://[x", "http://a b/?{}", "https://ü.de/?{}"])
def test_an_address_that_is_none_is_not_repeated(url):
    with pytest.raises(spapi.Unreadable) as caught:
        Wire().exchange("GET", url.format(SIGNATURE), headers={})
    assert_clean(everything(caught.value), SIGNATURE)


def test_a_foreign_text_is_one_short_line():
    assert cleaned("a\r\nb\0\x1b[31mc") == "a b [31mc"
    assert len(cleaned("x" * 10_000)) == 500
    assert cleaned(None) == ""
    assert cleaned("of no use", "") == "of no use"
    assert "Atz" not in cleaned("x" * 490 + ACCESS)
    assert cleaned("refresh_token=Atzr%7CIwEB&x") == "refresh_token=…&x"
