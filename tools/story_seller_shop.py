"""The seller: what a company sets up in Odoo before Amazon is asked for an order."""

import json

from simulator.seller_client import SellerSimulator

from .story_person import Person
from .story_seller_orders import CATALOGUE
from .story_seller_road import CONNECTION, Scene
from .story_shop import add_product

GERMANY = "A1PA6795UKMFR9"
APPLICATION, SECRET = "amazon.b2b.application", "amazon.b2b.client.secret"
REDIRECT = "/amazon_b2b/authorised"
# country, its VAT in per cent, and the VAT number of the company there
VAT = {
    "de": ("Germany", 19, "DE136695976"),
    "fr": ("France", 20, "FR83404833048"),
    "uk": ("United Kingdom", 20, "GB980780684"),
}
# calls a second and calls at once that Amazon grants this seller; what it publishes
# for all would let whoever is refused once wait for three minutes
GRANTED = {"searchOrders": [2, 20]}


def set_up(scene: Scene) -> None:
    """Everything that is needed before Amazon is asked for the first order."""
    manager, tell = scene.manager, scene.tell
    scene.warehouse = _warehouse(scene)
    for product in CATALOGUE:
        add_product(scene.shop, product, warehouse=scene.warehouse)
    tell.line("Manager", f"a warehouse in Leipzig, {len(CATALOGUE)} products in it")
    for code in VAT:
        _vat(scene, code)
    euro, pound = (manager.reference(f"base.{name}") for name in ("EUR", "GBP"))
    manager.call("res.currency", "write", [euro, pound], {"active": True})
    rates = ", ".join(f"{name} {rate} %" for name, rate, _number in VAT.values())
    tell.line("Office", f"VAT of three countries: {rates}")
    _application(scene)
    scene.connection = manager.fill(
        CONNECTION,
        {
            "name": "Amazon Europe",
            "kind": "seller",
            "home_marketplace": GERMANY,
            "warehouse_id": scene.warehouse,
            "user_id": scene.office.id,
        },
    )
    tell.line("Manager", "a seller's connection, at home on Amazon.de")


def _warehouse(scene: Scene) -> int:
    manager = scene.manager
    address = manager.fill(
        "res.partner",
        {
            "name": "Kettle Works Leipzig",
            "street": "Lagerstraße 7",
            "city": "Leipzig",
            "zip": "04103",
            "country_id": manager.reference("base.de"),
        },
    )
    return manager.fill(
        "stock.warehouse", {"name": "Leipzig", "code": "LEJ", "partner_id": address}
    )


def _vat(scene: Scene, code: str) -> None:
    """A country's VAT, and that the company is registered for it there."""
    name, rate, number = VAT[code]
    country = scene.manager.reference(f"base.{code}")
    scene.manager.fill(
        "account.fiscal.position",
        {
            "name": f"{name}, VAT",
            "auto_apply": True,
            "country_id": country,
            "foreign_vat": number,
        },
    )
    add_tax(scene, country, rate)


def add_tax(scene: Scene, country: int, rate: float) -> int:
    """A sale tax of a country, contained in prices."""
    group = scene.manager.fill(
        "account.tax.group", {"name": f"VAT {rate:g} %", "country_id": country}
    )
    return scene.manager.fill(
        "account.tax",
        {
            "name": f"VAT {rate:g} %",
            "amount": rate,
            "type_tax_use": "sale",
            "country_id": country,
            "tax_group_id": group,
            "price_include_override": "tax_included",
        },
    )


def _application(scene: Scene) -> None:
    scene.amazon.configure(rates=GRANTED)
    number = enter_application(
        *(scene.manager, scene.amazon), "Kettle Works' Odoo", scene.stage.odoo.url
    )
    shown = scene.manager.row(APPLICATION, [], ["secret_tail"])
    scene.tell.line("Manager", f"application {number[:24]}...")
    scene.tell.more(
        f"Its secret went in by a wizard; all that is shown is …{shown['secret_tail']}."
    )


def enter_application(
    manager: Person, amazon: SellerSimulator, name: str, url: str
) -> str:
    """Register an application for the Odoo at `url` with Amazon, and enter it there;
    its id."""
    application = amazon.add_application(redirect_uris=[url + REDIRECT], name=name)
    manager.call(
        *("ir.config_parameter", "set_param", "amazon_b2b.spapi_endpoints"),
        json.dumps(
            {
                "eu": amazon.ready["endpoint"],
                "lwa": amazon.ready["token_url"],
                "seller_central": amazon.ready["seller_central_url"],
            }
        ),
    )
    manager.change(
        APPLICATION,
        manager.row(APPLICATION, [], ["id"])["id"],
        {name: application[name] for name in ("application_id", "client_id")},
    )
    secret = manager.fill(SECRET, {"secret": application["client_secret"]})
    manager.press(SECRET, secret, "action_enter")
    return str(application["application_id"])
