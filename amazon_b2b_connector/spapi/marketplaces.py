"""Amazon's regions and marketplaces.

Ids, endpoints and Seller Central addresses as in Amazon's developer guide ("Marketplace
IDs", "SP-API endpoints", "Seller Central URLs"). Nothing here depends on the seller:
which of these he sells on, the sellers API says.
"""

from dataclasses import dataclass
from types import MappingProxyType
from urllib.parse import urlencode

LWA_TOKEN_URL = "https://api.amazon.com/auth/o2/token"
CONSENT_PATH = "/apps/authorize/consent"


@dataclass(frozen=True, slots=True)
class Region:
    """A part of the world with an endpoint of its own; a grant is valid in one."""

    code: str  # "na", "eu" or "fe"
    production: str
    sandbox: str

    def endpoint(self, *, sandbox: bool = False) -> str:
        return self.sandbox if sandbox else self.production


@dataclass(frozen=True, slots=True)
class Marketplace:
    """One of Amazon's shops.

    ``country`` is ISO 3166-1 alpha-2, ``name`` what reports call ``sales-channel``,
    ``currency`` ISO 4217, ``language`` the shop's main one as in ``de_DE``.
    """

    id: str
    country: str
    name: str
    region: str
    currency: str
    seller_central: str
    language: str


def _region(code: str) -> Region:
    host = f"sellingpartnerapi-{code}.amazon.com"
    return Region(code, f"https://{host}", f"https://sandbox.{host}")


REGIONS = MappingProxyType({code: _region(code) for code in ("na", "eu", "fe")})

_EUROPE = "sellercentral-europe.amazon.com"  # shared by ES, GB, FR, DE and IT
_TABLE = """
ATVPDKIKX0DER  US Amazon.com    na USD sellercentral.amazon.com    en_US
A2EUQ1WTGCTBG2 CA Amazon.ca     na CAD sellercentral.amazon.ca     en_CA
A1AM78C64UM0Y8 MX Amazon.com.mx na MXN sellercentral.amazon.com.mx es_MX
A2Q3Y263D00KWC BR Amazon.com.br na BRL sellercentral.amazon.com.br pt_BR
A1PA6795UKMFR9 DE Amazon.de     eu EUR {europe}                    de_DE
A13V1IB3VIYZZH FR Amazon.fr     eu EUR {europe}                    fr_FR
APJ6JRA9NG5V4  IT Amazon.it     eu EUR {europe}                    it_IT
A1RKKUPIHCS9HS ES Amazon.es     eu EUR {europe}                    es_ES
A1F83G8C2ARO7P GB Amazon.co.uk  eu GBP {europe}                    en_GB
A1805IZSGTT6HS NL Amazon.nl     eu EUR sellercentral.amazon.nl     nl_NL
AMEN7PMS3EDWL  BE Amazon.com.be eu EUR sellercentral.amazon.com.be fr_BE
A28R8C7NBKEWEA IE Amazon.ie     eu EUR sellercentral.amazon.ie     en_IE
A1C3SOZRARQ6R3 PL Amazon.pl     eu PLN sellercentral.amazon.pl     pl_PL
A2NODRKZP88ZB9 SE Amazon.se     eu SEK sellercentral.amazon.se     sv_SE
A33AVAJ2PDY3EV TR Amazon.com.tr eu TRY sellercentral.amazon.com.tr tr_TR
A2VIGQ35RCS4UG AE Amazon.ae     eu AED sellercentral.amazon.ae     en_AE
A17E79C6D8DWNP SA Amazon.sa     eu SAR sellercentral.amazon.sa     ar_SA
ARBP9OOSHTCHU  EG Amazon.eg     eu EGP sellercentral.amazon.eg     ar_EG
A21TJRUUN4KGV  IN Amazon.in     eu INR sellercentral.amazon.in     en_IN
AE08WJ6YKNBMC  ZA Amazon.co.za  eu ZAR sellercentral.amazon.co.za  en_ZA
A1VC38T7YXB528 JP Amazon.co.jp  fe JPY sellercentral.amazon.co.jp  ja_JP
A39IBJ37TRP1C6 AU Amazon.com.au fe AUD sellercentral.amazon.com.au en_AU
A19VAU5U5O7RUS SG Amazon.sg     fe SGD sellercentral.amazon.sg     en_SG
"""


def _marketplace(line: str) -> Marketplace:
    key, country, name, region, currency, central, language = line.split()
    central = f"https://{central.format(europe=_EUROPE)}"
    return Marketplace(key, country, name, region, currency, central, language)


MARKETPLACES = MappingProxyType(
    {each.id: each for each in map(_marketplace, _TABLE.strip().splitlines())}
)
# Reports also write the shop's name without its second level, or with it.
_OTHER_NAMES = {"amazon.jp": "amazon.co.jp", "amazon.com.sg": "amazon.sg"}
_BY_NAME = {each.name.lower(): each for each in MARKETPLACES.values()}


def by_id(marketplace_id: str) -> Marketplace | None:
    """The marketplace with Amazon's id, None for one that is not in the table."""
    return MARKETPLACES.get(marketplace_id.strip())


def by_channel(name: str) -> Marketplace | None:
    """The marketplace that a report names, as in ``Amazon.de``, in any case."""
    name = name.strip().lower()
    return _BY_NAME.get(_OTHER_NAMES.get(name, name))


def in_region(code: str) -> tuple[Marketplace, ...]:
    """The marketplaces of the region ``na``, ``eu`` or ``fe``."""
    return tuple(each for each in MARKETPLACES.values() if each.region == code)


def consent_url(
    marketplace: Marketplace,
    application_id: str,
    state: str,
    redirect_uri: str = "",
    draft: bool = False,
) -> str:
    """Where the seller agrees that the application may act for him.

    :param application_id: as in ``amzn1.sp.solution.<uuid>``
    :param state: our own value, which comes back with the seller
    :param redirect_uri: one of those registered; empty for the first of them
    :param draft: the application is not yet published in Amazon's store
    :return: an address in Seller Central ("Website Authorization Workflow")
    """
    query = {"application_id": application_id, "state": state}
    if redirect_uri:
        query["redirect_uri"] = redirect_uri
    if draft:
        query["version"] = "beta"
    return f"{marketplace.seller_central}{CONSENT_PATH}?{urlencode(query)}"
