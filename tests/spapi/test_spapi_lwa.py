"""Codes and refresh tokens become access tokens, or a refusal that says what to do."""

import pytest
from spapi_server import ACCESS, CODE, REFRESH, SECRET, Reply, answer

import spapi

GIVEN = {
    "access_token": ACCESS,
    "refresh_token": REFRESH,
    "token_type": "bearer",
    "expires_in": 3600,
}


@pytest.fixture
def lwa(amazon):
    url = f"{amazon.url}/auth/o2/token"
    return spapi.Lwa("client-1", SECRET, url=url, allow_loopback_http=True)


def test_a_code_becomes_tokens(amazon, lwa):
    amazon.says(answer(GIVEN))
    tokens = lwa.exchange(CODE, "https://odoo.example/back")
    assert (tokens.access, tokens.refresh, tokens.expires) == (ACCESS, REFRESH, 3600)
    (asked,) = amazon.asked
    assert (asked.method, asked.path) == ("POST", "/auth/o2/token")
    assert asked.headers["content-type"].startswith("application/x-www-form-urlencoded")
    assert asked.form == {
        "grant_type": "authorization_code",
        "code": CODE,
        "redirect_uri": "https://odoo.example/back",
        "client_id": "client-1",
        "client_secret": SECRET,
    }


def test_a_refresh_token_becomes_an_access_token(amazon, lwa):
    amazon.says(answer(GIVEN))
    assert lwa.refresh(REFRESH).access == ACCESS
    assert amazon.asked[0].form == {
        "grant_type": "refresh_token",
        "refresh_token": REFRESH,
        "client_id": "client-1",
        "client_secret": SECRET,
    }


def test_a_refresh_token_that_stays_is_the_one_that_was_sent(amazon, lwa):
    amazon.says(answer({"access_token": ACCESS, "expires_in": 3600}))
    assert lwa.refresh(REFRESH).refresh == REFRESH


def test_a_lifetime_beyond_reason_is_a_day(amazon, lwa):
    amazon.says(answer({"access_token": ACCESS, "expires_in": 10**30}))
    assert lwa.refresh(REFRESH).expires == 24 * 3600


def test_the_endpoint_is_amazons_unless_another_is_named():
    assert spapi.LWA_TOKEN_URL == "https://api.amazon.com/auth/o2/token"
    with pytest.raises(spapi.Unreadable, match="https only"):
        spapi.Lwa("a", "b", url="http://api.amazon.com/auth/o2/token").refresh("c")


@pytest.mark.parametrize(
    ("status", "code", "kind", "words"),
    [
        (400, "invalid_grant", spapi.Revoked, "authorise the connection again"),
        (401, "invalid_client", spapi.BadApplication, "client id"),
        (400, "unauthorized_client", spapi.BadApplication, "secret"),
        (400, "invalid_request", spapi.LwaError, "invalid_request"),
        (400, "unsupported_grant_type", spapi.LwaError, "refused"),
        (429, "slow_down", spapi.Unavailable, "HTTP 429"),
        (500, "server_error", spapi.Unavailable, "server_error"),
        (503, "", spapi.Unavailable, "HTTP 503"),
        (400, "", spapi.Unreadable, "no answer of Login"),
        (302, "", spapi.Unreadable, "no answer of Login"),
    ],
)
def test_each_refusal_is_of_the_kind_that_says_what_to_do(
    amazon, lwa, status, code, kind, words
):
    said = {"error": code, "error_description": f"{code} said Amazon"}
    amazon.says(answer(said, status, Location="/else"))
    with pytest.raises(spapi.SpapiError, match=words) as caught:
        lwa.refresh(REFRESH)
    assert type(caught.value) is kind
    assert len(amazon.asked) == 1


@pytest.mark.parametrize(
    "change",
    [
        {"access_token": None},
        {"access_token": ""},
        {"access_token": 7},
        {"expires_in": None},
        {"expires_in": "3600"},
        {"expires_in": 0},
        {"refresh_token": ["x"]},
    ],
)
def test_tokens_that_are_none_are_refused(amazon, lwa, change):
    amazon.says(answer({**GIVEN, **change}))
    with pytest.raises(spapi.Unreadable, match="tokens or their lifetime"):
        lwa.exchange(CODE)


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b"7", b"\xff", b"[" * 60_000])
def test_what_is_no_answer_is_refused(amazon, lwa, body):
    amazon.says(Reply(200, body))
    with pytest.raises(spapi.Unreadable):
        lwa.exchange(CODE)


def test_an_endless_answer_is_refused(amazon, lwa):
    amazon.says(Reply(200, b" " * 100_000))
    with pytest.raises(spapi.Unreadable, match="more than 65536 bytes"):
        lwa.exchange(CODE)


def test_a_broken_connection_is_not_taken_for_a_refusal(amazon, lwa):
    amazon.says(Reply(hang_up=True))
    with pytest.raises(spapi.Unavailable):
        lwa.refresh(REFRESH)
