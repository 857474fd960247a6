"""Consent, codes, tokens: what LWA gives and refuses."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from shop import REDIRECT, Shop, error

PARTICIPATIONS = "/sellers/v1/marketplaceParticipations"


def consent(shop: Shop, country: str = "", **changes: str) -> requests.Response:
    query = {
        "application_id": shop.application["application_id"],
        "state": "s1",
        "redirect_uri": REDIRECT,
        **changes,
    }
    path = (
        f"/{country}/apps/authorize/consent" if country else "/apps/authorize/consent"
    )
    given = {name: value for name, value in query.items() if value}
    return shop.session.get(
        shop.amazon.ready["seller_central_url"] + path, params=given, timeout=10
    )


def press(shop: Shop, page: requests.Response, **changes: str) -> requests.Response:
    """Confirm the form of the page, as a browser does."""
    (action,) = re.findall(r'<form method="post" action="([^"]+)"', page.text)
    hidden = re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page.text)
    form = {**dict(hidden), "seller_id": shop.seller_id, "agreed": "1", **changes}
    return shop.session.post(
        shop.amazon.ready["seller_central_url"] + action,
        data=form,
        allow_redirects=False,
        timeout=10,
    )


def code_of(shop: Shop) -> str:
    target = press(shop, consent(shop)).headers["Location"]
    return parse_qs(urlsplit(target).query)["spapi_oauth_code"][0]


def test_consent_leads_back_with_state_seller_and_code(shop: Shop) -> None:
    page = consent(shop)
    assert 'type="checkbox"' in page.text and "Confirm</button>" in page.text
    answer = press(shop, page)
    target = urlsplit(answer.headers["Location"])
    query = {name: value for name, (value,) in parse_qs(target.query).items()}
    assert answer.status_code == 303
    assert f"{target.scheme}://{target.netloc}{target.path}" == REDIRECT
    assert set(query) == {"state", "selling_partner_id", "spapi_oauth_code"}
    assert (query["state"], query["selling_partner_id"]) == ("s1", shop.seller_id)


def test_seller_central_of_a_marketplace_offers_its_sellers_alone(shop: Shop) -> None:
    assert f'value="{shop.seller_id}"' in consent(shop, "DE").text
    assert f'value="{shop.seller_id}"' not in consent(shop, "US").text


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"application_id": "amzn1.sp.solution.none"}, "No such application_id."),
        ({"state": ""}, "A state is needed."),
        ({"redirect_uri": REDIRECT + "/"}, "The redirect_uri is not registered."),
        ({"version": "alpha"}, "The version is beta or not given."),
        ({"scope": "all"}, "Unknown parameter: scope."),
    ],
)
def test_wrong_consent_request_is_refused_on_the_page(
    shop: Shop, changes: dict[str, str], reason: str
) -> None:
    since = shop.amazon.latest()
    answer = consent(shop, **changes)
    assert answer.status_code == 400 and reason in answer.text
    assert [each["error"] for each in shop.amazon.refusals(since)] == [reason]


def test_draft_application_needs_version_beta(shop: Shop) -> None:
    name = shop.application["application_id"]
    shop.amazon.add_application(application_id=name, draft=True)
    assert "needs version=beta" in consent(shop).text
    answer = press(shop, consent(shop, version="beta"))
    assert answer.headers["Location"].startswith(REDIRECT)


def test_unticked_box_gives_no_code(shop: Shop) -> None:
    answer = press(shop, consent(shop), agreed="")
    assert answer.status_code == 400 and "Location" not in answer.headers


def test_code_becomes_tokens_that_open_the_api(shop: Shop) -> None:
    answer = shop.token(
        grant_type="authorization_code", code=code_of(shop), redirect_uri=REDIRECT
    ).json()
    assert answer["access_token"].startswith("Atza|")
    assert answer["refresh_token"].startswith("Atzr|")
    assert (answer["token_type"], answer["expires_in"]) == ("bearer", 3600)
    shop.headers = {"x-amz-access-token": answer["access_token"]}
    assert shop.get(PARTICIPATIONS).status_code == 200


def test_code_is_good_once(shop: Shop) -> None:
    form = {
        "grant_type": "authorization_code",
        "code": code_of(shop),
        "redirect_uri": REDIRECT,
    }
    assert shop.token(**form).status_code == 200
    assert shop.token(**form).json()["error"] == "invalid_grant"


def test_code_lives_five_minutes(shop: Shop) -> None:
    code = code_of(shop)
    shop.amazon.advance_clock(301)
    answer = shop.token(
        grant_type="authorization_code", code=code, redirect_uri=REDIRECT
    )
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")


def test_code_is_bound_to_client_and_redirect_uri(shop: Shop) -> None:
    other = shop.amazon.add_application(redirect_uris=[REDIRECT])
    form = {"grant_type": "authorization_code", "redirect_uri": REDIRECT}
    stranger = {k: other[k] for k in ("client_id", "client_secret")}
    answer = shop.token(**form, code=code_of(shop), **stranger)
    assert answer.json()["error"] == "invalid_grant"
    answer = shop.token(**{**form, "redirect_uri": REDIRECT + "2"}, code=code_of(shop))
    assert answer.json()["error"] == "invalid_grant"


@pytest.mark.parametrize(
    ("changes", "status", "error_"),
    [
        ({"client_secret": "wrong"}, 401, "invalid_client"),
        ({"client_id": "nobody"}, 401, "invalid_client"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"grant_type": ""}, 400, "invalid_request"),
        ({"refresh_token": "Atzr|made-up"}, 400, "invalid_grant"),
        ({"refresh_token": ""}, 400, "invalid_request"),
        ({"scope": "profile"}, 400, "invalid_request"),
    ],
)
def test_errors_of_lwa(
    shop: Shop, changes: dict[str, str], status: int, error_: str
) -> None:
    answer = shop.token(**changes)
    assert answer.status_code == status
    assert set(answer.json()) == {"error", "error_description"}
    assert answer.json()["error"] == error_


def test_access_token_lives_an_hour(shop: Shop) -> None:
    shop.amazon.freeze_clock()
    shop.headers = {"x-amz-access-token": shop.access_token()}
    shop.amazon.advance_clock(3599)
    assert shop.get(PARTICIPATIONS).status_code == 200
    shop.amazon.advance_clock(1)
    assert error(shop.get(PARTICIPATIONS)) == (
        *(403, "Unauthorized"),
        "The access token you provided has expired.",
    )
    shop.headers = {"x-amz-access-token": shop.access_token()}
    assert shop.get(PARTICIPATIONS).status_code == 200


def test_authorisation_lasts_a_year(shop: Shop) -> None:
    shop.amazon.advance_clock(364 * 86400)
    assert shop.token().status_code == 200
    shop.amazon.advance_clock(86400)
    assert shop.token().json()["error"] == "invalid_grant"


def test_expired_on_demand(shop: Shop) -> None:
    shop.amazon.expire_access_tokens(shop.seller_id)
    assert error(shop.get(PARTICIPATIONS))[:2] == (403, "Unauthorized")
    assert shop.token().status_code == 200


def test_revocation_ends_refresh_and_access_tokens(shop: Shop) -> None:
    shop.amazon.revoke(shop.seller_id)
    assert shop.token().json()["error"] == "invalid_grant"
    assert "revoked" in error(shop.get(PARTICIPATIONS))[2]


def test_call_without_token(shop: Shop) -> None:
    shop.headers = {}
    assert error(shop.get(PARTICIPATIONS)) == (
        *(403, "Unauthorized"),
        "Access token is missing in the request header.",
    )


def test_participations_are_the_sellers_marketplaces(shop: Shop) -> None:
    found = shop.get(PARTICIPATIONS).json()["payload"]
    assert [each["marketplace"]["countryCode"] for each in found] == ["DE", "FR"]
    assert found[0]["marketplace"]["id"] == "A1PA6795UKMFR9"
    assert found[0]["storeName"] == shop.seller_id


def test_missing_role_is_refused(shop: Shop) -> None:
    shop.amazon.put_seller(shop.seller_id, roles=["Inventory and Order Tracking"])
    assert error(shop.get(PARTICIPATIONS))[:2] == (403, "Unauthorized")
    assert shop.search().status_code == 200
