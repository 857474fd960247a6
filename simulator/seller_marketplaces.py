"""Amazon's marketplaces: ids, regions, currencies, and how their prices hold tax.

Ids: https://developer-docs.amazon.com/sp-api/docs/marketplace-ids.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Marketplace:
    id: str
    country: str  # ISO 3166-1, as Amazon writes it
    region: str  # "na", "eu", "fe": one endpoint, one authorisation each
    domain: str
    currency: str
    language: str
    rate: Decimal  # of the tax that most goods bear, in per cent
    gross: bool  # prices contain that tax

    @property
    def name(self) -> str:
        """As `marketplaceName` and `sales-channel` have it."""
        return self.domain.removeprefix("www.").capitalize()

    @property
    def decimals(self) -> int:
        return 0 if self.currency == "JPY" else 2


_ROWS = """
ATVPDKIKX0DER  US na amazon.com    USD en_US 8.25 net
A2EUQ1WTGCTBG2 CA na amazon.ca     CAD en_CA 13   net
A1AM78C64UM0Y8 MX na amazon.com.mx MXN es_MX 16   gross
A2Q3Y263D00KWC BR na amazon.com.br BRL pt_BR 17   gross
A1PA6795UKMFR9 DE eu amazon.de     EUR de_DE 19   gross
A13V1IB3VIYZZH FR eu amazon.fr     EUR fr_FR 20   gross
APJ6JRA9NG5V4  IT eu amazon.it     EUR it_IT 22   gross
A1RKKUPIHCS9HS ES eu amazon.es     EUR es_ES 21   gross
A1F83G8C2ARO7P GB eu amazon.co.uk  GBP en_GB 20   gross
A1805IZSGTT6HS NL eu amazon.nl     EUR nl_NL 21   gross
AMEN7PMS3EDWL  BE eu amazon.com.be EUR fr_BE 21   gross
A28R8C7NBKEWEA IE eu amazon.ie     EUR en_IE 23   gross
A1C3SOZRARQ6R3 PL eu amazon.pl     PLN pl_PL 23   gross
A2NODRKZP88ZB9 SE eu amazon.se     SEK sv_SE 25   gross
A33AVAJ2PDY3EV TR eu amazon.com.tr TRY tr_TR 20   gross
A2VIGQ35RCS4UG AE eu amazon.ae     AED en_AE 5    gross
A17E79C6D8DWNP SA eu amazon.sa     SAR ar_SA 15   gross
ARBP9OOSHTCHU  EG eu amazon.eg     EGP ar_EG 14   gross
A21TJRUUN4KGV  IN eu amazon.in     INR en_IN 18   gross
AE08WJ6YKNBMC  ZA eu amazon.co.za  ZAR en_ZA 15   gross
A1VC38T7YXB528 JP fe amazon.co.jp  JPY ja_JP 10   gross
A39IBJ37TRP1C6 AU fe amazon.com.au AUD en_AU 10   gross
A19VAU5U5O7RUS SG fe amazon.sg     SGD en_SG 9    gross
"""


def _read(row: str) -> Marketplace:
    id_, country, region, domain, currency, language, rate, basis = row.split()
    return Marketplace(
        *(id_, country, region, f"www.{domain}", currency, language),
        Decimal(rate),
        basis == "gross",
    )


MARKETPLACES = {
    each.id: each for each in map(_read, filter(None, _ROWS.strip().splitlines()))
}
BY_COUNTRY = {each.country: each for each in MARKETPLACES.values()}
EUROPEAN_UNION = frozenset("DE FR IT ES NL BE IE PL SE".split())


def find(name: str) -> Marketplace:
    """By id or country code; raises `ValueError`."""
    found = MARKETPLACES.get(name) or BY_COUNTRY.get(name)
    if found is None:
        raise ValueError(f"no such marketplace: {name}")
    return found
