"""Sellers API v1: the marketplaces in which a seller sells."""

from __future__ import annotations

from . import seller_roles
from .seller_call import Call, Json, Operation


def operations() -> list[Operation]:
    return [
        Operation(
            "getMarketplaceParticipations",
            "GET",
            "/sellers/v1/marketplaceParticipations",
            frozenset(),
            seller_roles.SELLERS,
            _participations,
        )
    ]


def _participations(call: Call) -> Json:
    return {
        "payload": [
            {
                "marketplace": {
                    "id": place.id,
                    "name": place.name,
                    "countryCode": place.country,
                    "defaultCurrencyCode": place.currency,
                    "defaultLanguageCode": place.language,
                    "domainName": place.domain,
                },
                "storeName": call.seller.store_name,
                "participation": {
                    "isParticipating": True,
                    "hasSuspendedListings": False,
                },
            }
            for place in call.seller.marketplaces
        ]
    }
