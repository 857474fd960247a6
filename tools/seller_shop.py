"""A seller's shop on Amazon.de, made in Odoo by program, for tests and benchmarks.

:func:`open_account` tells the stand-in Amazon of it, :func:`shop` makes in a database
what any company has, :func:`connect` makes the connection and authorises it.
"""

import json
from collections.abc import Mapping
from typing import Any

from simulator.seller_client import SellerSimulator

Json = dict[str, Any]

SELLER, APPLICATION = "A2KETTLEWORKS", "amzn1.sp.solution.kettleworks"
CLIENT, SECRET = "amzn1.application-oa2-client.kettleworks", "amzn1.oa2-cs.v1.kettle"
GERMANY = "A1PA6795UKMFR9"
RATE = 19  # per cent, of the tax that German goods bear

CATALOGUE: list[Json] = [
    {
        "sku": f"KW-{number:03}",
        "asin": f"B0KETTLE{number:02}",
        "title": f"Kettle {number}",
        "price": 999 + 35 * number,
    }
    for number in range(20)
]


def open_account(amazon: SellerSimulator, seller: str = SELLER) -> Json:
    """Make the application and the seller; what :func:`connect` must know."""
    amazon.add_application(
        application_id=APPLICATION, client_id=CLIENT, client_secret=SECRET
    )
    amazon.put_seller(seller, store_name="Kettle Works", marketplaces=["DE"])
    endpoint = amazon.ready["endpoint"]
    regions = dict.fromkeys(("na", "eu", "fe"), endpoint)
    return {
        "seller": seller,
        "token": amazon.authorise(APPLICATION, seller),
        "endpoints": {**regions, "lwa": amazon.ready["token_url"]},
    }


def shop(env: Any) -> None:
    """A German company, its tax, and a product for each of the catalogue."""
    country, euro = env.ref("base.de"), env.ref("base.EUR")
    euro.active = True
    env.company.write({"country_id": country.id, "currency_id": euro.id})
    env.company.account_fiscal_country_id = country
    group = env["account.tax.group"].create(
        {"name": "Umsatzsteuer", "country_id": country.id}
    )
    env["account.tax"].create(
        {
            "name": f"{RATE} % USt",
            "amount": RATE,
            "type_tax_use": "sale",
            "country_id": country.id,
            "tax_group_id": group.id,
            "price_include_override": "tax_included",
        }
    )
    env["product.product"].create(
        [
            {
                "name": each["title"],
                "default_code": each["sku"],
                "is_storable": True,
                "list_price": each["price"] / 100,
                "taxes_id": False,
            }
            for each in CATALOGUE
        ]
    )


def connect(env: Any, account: Mapping[str, Any]) -> None:
    """Make the connection, authorise it and read its marketplaces."""
    connection = make_connection(env, account)
    authorise(env, account)
    connection._read_marketplaces()
    env.cr.commit()


def make_connection(env: Any, account: Mapping[str, Any]) -> Any:
    """The application, and the connection without an authorisation."""
    from odoo.addons.amazon_b2b_connector import vault

    env["ir.config_parameter"].set_param(
        "amazon_b2b.spapi_endpoints", json.dumps(account["endpoints"])
    )
    env["amazon.b2b.application"]._get().write(
        {
            "application_id": APPLICATION,
            "client_id": CLIENT,
            "sealed_secret": vault.seal(env, SECRET.encode()),
        }
    )
    return env["amazon.b2b.connection"].create(
        {
            "name": account["seller"],
            "kind": "seller",
            "seller_id": account["seller"],
            "home_marketplace": GERMANY,
        }
    )


def authorise(env: Any, account: Mapping[str, Any]) -> None:
    """Give the connection a refresh token, as a consent does."""
    connection = env["amazon.b2b.connection"].search(
        [("seller_id", "=", account["seller"])]
    )
    tokens = env["amazon.b2b.application"]._lwa().refresh(account["token"])
    connection._accept(tokens, account["seller"])
    # the buckets and the log of calls are written apart: they must see it
    env.cr.commit()
