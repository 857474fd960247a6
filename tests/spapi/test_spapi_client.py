"""A call is made as Amazon asks, within its limits, and ends in a clear outcome."""

import datetime
import email.utils
import time
from decimal import Decimal

import pytest
from spapi_clients import Bench
from spapi_server import ACCESS, Reply, answer, gzipped, refusal

import spapi
from spapi import client

ORDER = {"orderId": "302-1234567-1234567"}
UTC = datetime.timezone.utc
DENIED = "Access to requested resource is denied."
EXPIRED = "The access token you provided has expired."


def get(bench, **options):
    return bench.client.call("getOrder", path=ORDER, **options)


def test_a_call_has_the_headers_that_amazon_asks_for(amazon):
    bench = Bench(amazon, user_agent=spapi.user_agent("Test", "1.0"))
    amazon.says(answer({"order": {}}))
    get(bench)
    (asked,) = amazon.asked
    assert (asked.method, asked.path) == (
        "GET",
        "/orders/2026-01-01/orders/302-1234567-1234567",
    )
    assert asked.headers["x-amz-access-token"] == ACCESS
    assert asked.headers["x-amz-date"] == "20260528T202640Z"
    assert asked.headers["user-agent"].startswith("Test/1.0 (Language=Python/3.")
    assert asked.headers["accept-encoding"] == "gzip"
    assert "authorization" not in asked.headers


def test_lists_are_joined_and_times_are_in_utc(amazon):
    bench = Bench(amazon)
    amazon.says(answer({}))
    zone = datetime.timezone(datetime.timedelta(hours=2))
    query = {
        "list": ["A", "B"],
        "time": datetime.datetime(2026, 1, 1, 1, 30, tzinfo=zone),
        "exact": datetime.datetime(2026, 1, 1, 1, 30, 0, 5000, tzinfo=UTC),
        "flag": True,
        "number": 7,
        "nothing": None,
        "empty": [],
    }
    bench.client.call("searchOrders", query=query)
    assert amazon.asked[0].query == {
        "list": "A,B",
        "time": "2025-12-31T23:30:00Z",
        "exact": "2026-01-01T01:30:00.005Z",
        "flag": "true",
        "number": "7",
    }


def test_a_time_without_a_zone_is_refused(amazon):
    with pytest.raises(ValueError, match="time zone"):
        Bench(amazon).client.call(
            "searchOrders", query={"x": datetime.datetime(2026, 1, 1)}
        )


@pytest.mark.parametrize("number", ["", ".", "..", " "])
def test_a_number_that_would_leave_the_path_is_refused_unasked(amazon, number):
    bench = Bench(amazon)
    with pytest.raises(spapi.BadRequest, match="is no orderId"):
        bench.client.call("getOrder", path={"orderId": number})
    assert not amazon.asked


def test_a_number_is_one_segment_of_the_path(amazon):
    amazon.says(answer({}))
    Bench(amazon).client.call("getOrder", path={"orderId": "../a?b#c"})
    assert amazon.asked[0].path == "/orders/2026-01-01/orders/..%2Fa%3Fb%23c"


def test_an_answer_says_what_came_and_what_it_cost(amazon):
    bench = Bench(amazon)
    amazon.says(answer({"a": 1.10}, x_amzn_RateLimit_Limit="0.75"))
    found = get(bench)
    assert found.json == {"a": Decimal("1.1")}
    assert (found.status, found.body) == (200, b'{"a": 1.1}')
    assert (found.rate_limit, found.request_id) == (0.75, "request-1")
    assert found.headers["X-AMZN-requestid"] == "request-1"
    (call,) = bench.calls
    assert (call.operation, call.status, call.size) == ("getOrder", 200, 10)
    assert (call.request_id, call.rate_limit) == ("request-1", 0.75)
    assert (call.retry, call.cost, call.problem) == (0, 1, "")


def test_a_packed_answer_is_unpacked(amazon):
    amazon.says(gzipped(answer({"a": "x" * 100_000})))
    assert get(Bench(amazon)).json == {"a": "x" * 100_000}


def test_an_answer_without_a_body_is_none(amazon):
    amazon.says(Reply(204, b""))
    assert get(Bench(amazon)).json is None


def test_a_restricted_token_replaces_the_access_token(amazon):
    bench = Bench(amazon)
    amazon.says(answer({}))
    get(bench, restricted_token="Atz.sprdt|restricted")
    assert amazon.tokens == ["Atz.sprdt|restricted"]
    assert not bench.tokens.asked


@pytest.mark.parametrize(
    ("reply", "kind", "words"),
    [
        (refusal(400, "InvalidInput", "Bad", "date"), spapi.BadRequest, "Bad date"),
        (refusal(401, "Unauthorized"), spapi.NotAuthorised, "authorise"),
        (refusal(403, "Unauthorized", DENIED), spapi.Forbidden, "role"),
        (refusal(403, "AccessDenied", "no"), spapi.Forbidden, "role"),
        (refusal(403, "Unauthorized", DENIED, EXPIRED), spapi.NotAuthorised, "expired"),
        (refusal(404, "NotFound", "no order"), spapi.NotFound, "no order"),
        (refusal(413, "RequestTooLarge"), spapi.BadRequest, "HTTP 413"),
        (refusal(415, "UnsupportedMediaType"), spapi.BadRequest, "HTTP 415"),
        (refusal(500, "InternalFailure"), spapi.Unavailable, "out of order"),
        (refusal(503, "ServiceUnavailable"), spapi.Unavailable, "tried again"),
        (Reply(502, b"<html>Bad gateway"), spapi.Unavailable, "HTTP 502"),
        (Reply(400, b""), spapi.BadRequest, "HTTP 400"),
        (Reply(400, b'{"errors": []}'), spapi.BadRequest, "HTTP 400"),
        (Reply(400, b'{"errors": [7]}'), spapi.BadRequest, "HTTP 400"),
        (Reply(400, b'{"errors": [{"code": {}}]}'), spapi.BadRequest, "HTTP 400"),
        (Reply(200, b"<html>"), spapi.Unreadable, "not JSON"),
        (Reply(200, b'{"a": NaN}'), spapi.Unreadable, "not JSON"),
        (Reply(200, b"\xff\xfe\x00"), spapi.Unreadable, "not JSON"),
        (Reply(200, b"[" * 200_000), spapi.Unreadable, "not JSON"),
        (Reply(302, b"", {"Location": "/else"}), spapi.Unreadable, "redirect"),
        (Reply(304, b""), spapi.Unreadable, "HTTP 304"),
        (Reply(200, b"{}", {"Content-Encoding": "br"}), spapi.Unreadable, "packed"),
        (Reply(200, b"{}", {"Content-Encoding": "gzip"}), spapi.Unreadable, "gzip"),
        (Reply(200, b"{}", announced=9), spapi.Unavailable, "breaks off|broke off"),
        (Reply(hang_up=True), spapi.Unavailable, "failed or broke off"),
    ],
)
def test_each_failure_is_of_the_kind_that_says_what_to_do(amazon, reply, kind, words):
    bench = Bench(amazon, patience=0)
    amazon.says(reply)
    with pytest.raises(spapi.ApiError, match=words) as caught:
        get(bench)
    assert type(caught.value) is kind
    assert "getOrder" in str(caught.value)
    assert bench.calls[-1].problem.startswith(kind.__name__)


def test_an_error_names_the_request_that_amazons_support_asks_for(amazon):
    amazon.says(refusal(404, "NotFound", "No order"))
    with pytest.raises(spapi.NotFound) as caught:
        get(Bench(amazon))
    assert str(caught.value) == (
        "getOrder: Amazon does not know what was asked for: "
        "No order (NotFound, HTTP 404, request request-1)"
    )


def test_an_expired_token_is_renewed_once(amazon):
    bench = Bench(amazon)
    amazon.says(refusal(403, "Unauthorized", DENIED, EXPIRED), answer({}))
    get(bench)
    assert amazon.tokens == [ACCESS, ACCESS + "-new"]
    assert [call.retry for call in bench.calls] == [0, 1]
    assert bench.time.slept == []


@pytest.mark.parametrize("status", [401, 403])
def test_a_token_that_is_never_accepted_ends_the_call(amazon, status):
    bench = Bench(amazon)
    amazon.says(refusal(status, "Unauthorized", DENIED, EXPIRED))
    with pytest.raises(spapi.NotAuthorised):
        get(bench)
    assert bench.tokens.asked == [False, True]
    assert len(amazon.asked) == 2


def test_another_denial_asks_for_no_new_token(amazon):
    bench = Bench(amazon)
    amazon.says(refusal(403, "AccessDenied", DENIED))
    with pytest.raises(spapi.Forbidden):
        get(bench)
    assert bench.tokens.asked == [False]


def test_an_expired_restricted_token_is_not_replaced_by_an_access_token(amazon):
    bench = Bench(amazon)
    amazon.says(refusal(403, "Unauthorized", DENIED, EXPIRED))
    with pytest.raises(spapi.NotAuthorised):
        get(bench, restricted_token="Atz.sprdt|restricted")
    assert (bench.tokens.asked, len(amazon.asked)) == ([], 1)


def test_a_malformed_token_is_not_sent(amazon):
    bench = Bench(amazon)
    with pytest.raises(spapi.NotAuthorised, match="malformed") as caught:
        get(bench, restricted_token="Atza|one\r\nx-other: two")
    assert "one" not in str(caught.value)
    assert not amazon.asked


def test_an_error_of_amazons_is_tried_again_with_jitter(amazon):
    bench = Bench(amazon)
    amazon.says(refusal(500, "InternalFailure"), Reply(hang_up=True), answer({}))
    get(bench)
    assert bench.time.slept == [0.25, 0.5]
    assert [call.status for call in bench.calls] == [500, 0, 200]
    assert [call.retry for call in bench.calls] == [0, 1, 2]


def test_tries_end(amazon):
    bench = Bench(amazon, patience=100)
    amazon.says(refusal(500, "InternalFailure"))
    with pytest.raises(spapi.Unavailable):
        get(bench)
    assert len(amazon.asked) == 4


def test_patience_ends(amazon):
    bench = Bench(amazon, patience=0.3)
    amazon.says(refusal(500, "InternalFailure"))
    with pytest.raises(spapi.Unavailable):
        get(bench)
    assert bench.time.slept == [0.25]


@pytest.mark.parametrize(
    "reply", [refusal(500, "InternalFailure"), Reply(hang_up=True)]
)
def test_what_makes_something_is_not_repeated_after_an_unknown_outcome(amazon, reply):
    bench = Bench(amazon)
    amazon.says(reply)
    with pytest.raises(spapi.Unavailable):
        bench.client.call("createReport", body={"reportType": "x"})
    assert len(amazon.asked) == 1


def test_a_refusal_for_want_of_tokens_empties_the_bucket(amazon):
    bench = Bench(amazon)
    amazon.says(refusal(429, "QuotaExceeded"), answer({}))
    get(bench, query={})
    # jitter, then what is left until the bucket has one token again (0.5 a second)
    assert bench.time.slept == [0.25, pytest.approx(1.75)]
    assert [call.status for call in bench.calls] == [429, 200]


def test_after_a_refusal_a_slow_operation_says_when(amazon):
    bench = Bench(amazon)
    amazon.says(refusal(429, "QuotaExceeded"))
    with pytest.raises(spapi.NotYet) as caught:
        bench.client.call("searchOrders")
    assert caught.value.seconds == pytest.approx(1 / 0.0056 - 0.25)
    assert len(amazon.asked) == 1


def test_a_storm_of_refusals_ends(amazon):
    bench = Bench(amazon, patience=0.1)
    amazon.says(refusal(429, "QuotaExceeded", "You exceeded your quota"))
    with pytest.raises(spapi.Throttled) as caught:
        get(bench)
    assert isinstance(caught.value, spapi.NotYet)
    assert caught.value.seconds == 2.0
    assert "You exceeded your quota (QuotaExceeded, HTTP 429" in str(caught.value)


@pytest.mark.parametrize("form", ["seconds", "date"])
def test_the_pause_that_amazon_names_is_kept_by_all_who_share_the_bucket(amazon, form):
    bench = Bench(amazon)
    date = email.utils.formatdate(time.time() + 60.5, usegmt=True)
    named = {"seconds": "60", "date": date}[form]
    refused = refusal(429, "QuotaExceeded")
    amazon.says(Reply(429, refused.body, {"Retry-After": named}))
    with pytest.raises(spapi.Throttled) as caught:
        get(bench)
    assert caught.value.seconds == pytest.approx(60, abs=2)
    with pytest.raises(spapi.NotYet, match="again in (58|59|60) seconds"):
        get(bench)
    assert len(amazon.asked) == 1


@pytest.mark.parametrize(
    "named", ["", "soon", "-5", "0", "1e9", "Mon, 99 Foo 2026", "²"]
)
def test_a_pause_that_is_none_changes_nothing(amazon, named):
    bench = Bench(amazon, patience=0)
    amazon.says(Reply(429, b"", {"Retry-After": named.encode().decode("latin-1")}))
    with pytest.raises(spapi.Throttled) as caught:
        get(bench)
    assert caught.value.seconds == 2.0


def test_a_pause_of_days_is_an_hour(amazon):
    bench = Bench(amazon, patience=0)
    amazon.says(Reply(429, b"", {"Retry-After": "9" * 400}))
    with pytest.raises(spapi.Throttled) as caught:
        get(bench)
    assert caught.value.seconds == 3600


def test_what_took_long_is_not_repeated_in_the_same_call(amazon, monkeypatch):
    monkeypatch.setattr(client, "LONG", 0.01)
    bench = Bench(amazon)
    amazon.says(Reply(hang_up=True, wait=0.02), answer({}))
    with pytest.raises(spapi.Unavailable):
        get(bench)
    assert len(amazon.asked) == 1


def test_an_empty_bucket_asks_nothing(amazon):
    bench = Bench(amazon)
    amazon.says(answer({}))
    for _ in range(20):
        bench.client.call("searchOrders")
    with pytest.raises(spapi.NotYet, match="searchOrders may be called again in 179"):
        bench.client.call("searchOrders")
    assert len(amazon.asked) == 20
    assert bench.time.slept == []


def test_a_short_wait_is_slept(amazon):
    bench = Bench(amazon)
    amazon.says(answer({}))
    for _ in range(31):
        get(bench)
    assert bench.time.slept == [pytest.approx(2.0)]


def test_the_rate_that_amazon_names_is_kept(amazon):
    bench = Bench(amazon)
    amazon.says(answer({}, x_amzn_RateLimit_Limit="2.5"))
    get(bench)
    assert bench.gate.buckets["getOrder"].rate == 2.5


@pytest.mark.parametrize(
    "rate", ["string", "nan", "inf", "0", "-1", "", "1e-300", "0.04", "1e300", "0.5, 1"]
)
def test_a_rate_that_is_none_changes_nothing(amazon, rate):
    bench = Bench(amazon)
    amazon.says(answer({}, x_amzn_RateLimit_Limit=rate))
    assert get(bench).rate_limit is None
    assert bench.gate.buckets["getOrder"].rate == 0.5
