"""Sellers API v1: on which marketplaces the seller may sell."""

from dataclasses import dataclass

from .client import Client
from .forms import Form

_OPERATION = "getMarketplaceParticipations"


@dataclass(frozen=True, slots=True)
class Participation:
    """One marketplace of the seller's, in Amazon's words.

    ``country`` is ISO 3166-1 alpha-2, ``currency`` ISO 4217, ``language`` as in
    ``de_DE``; ``store`` is the seller's name there. ``suspended``: some of the
    seller's listings there are.
    """

    marketplace_id: str
    name: str
    country: str
    currency: str
    language: str
    domain: str
    store: str
    participating: bool
    suspended: bool


def participations(client: Client) -> list[Participation]:
    """The marketplaces that the authorisation reaches.

    :raise: as :meth:`~.client.Client.call`; Unreadable for another form
    """
    answer = client.call(_OPERATION)
    return [_read(form) for form in Form.of(answer, _OPERATION).forms("payload")]


def _read(form: Form) -> Participation:
    marketplace, participation = form.form("marketplace"), form.form("participation")
    return Participation(
        marketplace_id=marketplace.text("id", required=True),
        name=marketplace.text("name"),
        country=marketplace.text("countryCode"),
        currency=marketplace.text("defaultCurrencyCode"),
        language=marketplace.text("defaultLanguageCode"),
        domain=marketplace.text("domainName"),
        store=form.text("storeName"),
        participating=participation.flag("isParticipating"),
        suspended=participation.flag("hasSuspendedListings"),
    )
