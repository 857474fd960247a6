"""Amazon's ids, names and addresses, against a table written out by hand."""

from urllib.parse import parse_qs, urlsplit

import pytest

from spapi import MARKETPLACES, OPERATIONS, REGIONS, marketplaces

# Amazon's developer guide, "Marketplace IDs".
IDS = {
    "na": {
        "US": "ATVPDKIKX0DER",
        "CA": "A2EUQ1WTGCTBG2",
        "MX": "A1AM78C64UM0Y8",
        "BR": "A2Q3Y263D00KWC",
    },
    "eu": {
        "DE": "A1PA6795UKMFR9",
        "FR": "A13V1IB3VIYZZH",
        "IT": "APJ6JRA9NG5V4",
        "ES": "A1RKKUPIHCS9HS",
        "GB": "A1F83G8C2ARO7P",
        "NL": "A1805IZSGTT6HS",
        "BE": "AMEN7PMS3EDWL",
        "IE": "A28R8C7NBKEWEA",
        "PL": "A1C3SOZRARQ6R3",
        "SE": "A2NODRKZP88ZB9",
        "TR": "A33AVAJ2PDY3EV",
        "AE": "A2VIGQ35RCS4UG",
        "SA": "A17E79C6D8DWNP",
        "EG": "ARBP9OOSHTCHU",
        "IN": "A21TJRUUN4KGV",
        "ZA": "AE08WJ6YKNBMC",
    },
    "fe": {
        "JP": "A1VC38T7YXB528",
        "AU": "A39IBJ37TRP1C6",
        "SG": "A19VAU5U5O7RUS",
    },
}
# Seller Central, and the currency of the shop.
PLACES = {
    "US": ("sellercentral.amazon.com", "USD"),
    "CA": ("sellercentral.amazon.ca", "CAD"),
    "MX": ("sellercentral.amazon.com.mx", "MXN"),
    "BR": ("sellercentral.amazon.com.br", "BRL"),
    "ES": ("sellercentral-europe.amazon.com", "EUR"),
    "GB": ("sellercentral-europe.amazon.com", "GBP"),
    "FR": ("sellercentral-europe.amazon.com", "EUR"),
    "DE": ("sellercentral-europe.amazon.com", "EUR"),
    "IT": ("sellercentral-europe.amazon.com", "EUR"),
    "NL": ("sellercentral.amazon.nl", "EUR"),
    "SE": ("sellercentral.amazon.se", "SEK"),
    "PL": ("sellercentral.amazon.pl", "PLN"),
    "TR": ("sellercentral.amazon.com.tr", "TRY"),
    "AE": ("sellercentral.amazon.ae", "AED"),
    "IN": ("sellercentral.amazon.in", "INR"),
    "SG": ("sellercentral.amazon.sg", "SGD"),
    "AU": ("sellercentral.amazon.com.au", "AUD"),
    "JP": ("sellercentral.amazon.co.jp", "JPY"),
    "BE": ("sellercentral.amazon.com.be", "EUR"),
    "IE": ("sellercentral.amazon.ie", "EUR"),
    "SA": ("sellercentral.amazon.sa", "SAR"),
    "EG": ("sellercentral.amazon.eg", "EGP"),
    "ZA": ("sellercentral.amazon.co.za", "ZAR"),
}


def test_the_ids_are_amazons_own():
    table: dict[str, dict[str, str]] = {}
    for key, each in MARKETPLACES.items():
        assert key == each.id
        table.setdefault(each.region, {})[each.country] = each.id
    assert table == IDS


def test_each_marketplace_has_its_seller_central_and_currency():
    found = {
        each.country: (urlsplit(each.seller_central).netloc, each.currency)
        for each in MARKETPLACES.values()
    }
    assert found == PLACES


@pytest.mark.parametrize("each", MARKETPLACES.values(), ids=lambda each: each.country)
def test_a_marketplace_is_found_by_id_and_by_any_spelling_of_its_name(each):
    assert marketplaces.by_id(each.id) is each
    for name in (each.name, each.name.upper(), f" {each.name.lower()} "):
        assert marketplaces.by_channel(name) is each
    assert each in marketplaces.in_region(each.region)
    assert len(each.language) == 5


@pytest.mark.parametrize("name", ["", "Non-Amazon", "Amazon.de.example.com"])
def test_what_is_no_marketplace_is_not_found(name):
    assert marketplaces.by_channel(name) is None
    assert marketplaces.by_id(name) is None


def test_other_names_of_a_shop_are_known():
    assert marketplaces.by_channel("Amazon.jp") is marketplaces.by_id(IDS["fe"]["JP"])


@pytest.mark.parametrize("code", ["na", "eu", "fe"])
def test_production_and_sandbox_are_never_mixed(code):
    region = REGIONS[code]
    host = f"sellingpartnerapi-{code}.amazon.com"
    assert region.endpoint() == f"https://{host}"
    assert region.endpoint(sandbox=True) == f"https://sandbox.{host}"


def test_the_consent_page_is_the_marketplaces_own():
    germany = MARKETPLACES["A1PA6795UKMFR9"]
    url = marketplaces.consent_url(
        germany, "amzn1.sp.solution.1", "a&b=c", "https://odoo.example/back?x=1"
    )
    parts = urlsplit(url)
    assert parts[:3] == (
        "https",
        "sellercentral-europe.amazon.com",
        "/apps/authorize/consent",
    )
    assert parse_qs(parts.query) == {
        "application_id": ["amzn1.sp.solution.1"],
        "state": ["a&b=c"],
        "redirect_uri": ["https://odoo.example/back?x=1"],
    }


def test_an_unpublished_application_asks_for_the_draft():
    url = marketplaces.consent_url(MARKETPLACES["ATVPDKIKX0DER"], "app", "s", "", True)
    query = parse_qs(urlsplit(url).query)
    assert query == {"application_id": ["app"], "state": ["s"], "version": ["beta"]}


def test_what_makes_something_is_not_called_again_by_itself():
    once = {each.name for each in OPERATIONS.values() if not each.repeatable}
    assert once == {"createReport"}
