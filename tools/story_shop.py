"""The vendor: its Odoo set up through forms, wizards and buttons, and its people."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from simulator.client import Simulator

from .server import Server
from .story_person import Person, Values
from .story_tell import Teller

Json = dict[str, Any]

PASSWORD = "amazon-demo"
AS2_ID = "KETTLEWORKS"
EDI_ID = "2165550100"
VENDOR_CODE = "KETL5"
WAREHOUSE_CODE = "PHX3"
GS1_PREFIX = "0614141"
TERMS = {"terms_kind": "01", "terms_basis": "3", "terms_net_days": 60}

OUR_ADDRESS = {
    "name": "Kettle Works Inc",
    "street": "12 Foundry Lane",
    "city": "Cleveland",
    "zip": "44113",
}
REMIT_TO = {
    "remit_to_name": "Kettle Works Inc",
    "remit_to_street": "12 Foundry Lane",
    "remit_to_city": "Cleveland",
    "remit_to_state": "OH",
    "remit_to_zip": "44113",
    "remit_to_country": "US",
}
BILL_TO = {
    "bill_to_name": "Amazon.com Services LLC",
    "bill_to_street": "PO Box 80387",
    "bill_to_city": "Seattle",
    "bill_to_state": "WA",
    "bill_to_zip": "98108",
    "bill_to_country": "US",
}
# name, street, city, ZIP, state of the fulfilment centre
PHOENIX = ("Amazon PHX3", "6835 W Buckeye Rd", "Phoenix", "85043", "AZ")

IN_STOCK = 500.0  # pieces of every product that is made here


@dataclass(frozen=True)
class Product:
    """A product that the shop sells; `case` is how many a case holds, 0 for none."""

    reference: str
    name: str
    barcode: str
    price: float
    case: int = 0


KETTLE = Product("K-100", "Kettle 1.7 l", "0614141000012", 9.50)
TOASTER = Product("T-200", "Toaster for two slices", "0614141000029", 20.00, case=6)
FROTHER = Product("M-300", "Milk frother", "0614141000036", 7.25)
CATALOGUE = (KETTLE, TOASTER, FROTHER)

# Amazon User and what else the work takes
GROUPS = {
    "warehouse": ["stock.group_stock_user"],
    "office": [
        "sales_team.group_sale_salesman_all_leads",
        "account.group_account_invoice",
    ],
}
SHARED_GROUPS = ["amazon_b2b_connector.group_user", "stock.group_tracking_lot"]


@dataclass
class Shop:
    """Who works here, and what the set-up has made."""

    manager: Person
    warehouse: Person
    office: Person
    connection: int
    team: int
    customer: int
    certificate: str
    receive_url: str
    products: dict[str, int] = field(default_factory=dict)


def set_up(tell: Teller, odoo: Server, amazon: Simulator) -> Shop:
    """Everything from the company to the mappings; the simulator knows us then."""
    manager = Person(odoo.url, "admin", "admin", odoo.database)
    _company(manager)
    people = {
        login: _colleague(manager, odoo, login, groups)
        for login, groups in GROUPS.items()
    }
    tell.line("Manager", f"makes two users, {' and '.join(people)}")
    own, certificate, receive_url = _our_station(manager)
    partner = _amazons_station(manager, amazon.status())
    tell.line("Manager", f"station {AS2_ID} with a new key, station of Amazon's")
    connection = _connection(manager, own, partner)
    customer, centre = _customer(manager)
    shop = Shop(
        manager=manager,
        connection=connection,
        team=manager.fill("crm.team", {"name": "Amazon Vendor"}),
        customer=customer,
        certificate=certificate,
        receive_url=receive_url,
        warehouse=people["warehouse"],
        office=people["office"],
    )
    add_vendor_code(shop, VENDOR_CODE)
    manager.fill(
        "amazon.b2b.warehouse.code", {"code": WAREHOUSE_CODE, "partner_id": centre}
    )
    tell.line(
        "Manager",
        f"connection with EDI id {EDI_ID}, vendor code {VENDOR_CODE}, warehouse"
        f" {WAREHOUSE_CODE}",
    )
    for product in CATALOGUE:
        add_product(shop, product)
    _mappings(shop)
    tell.line(
        "Manager",
        f"{len(CATALOGUE)} products in stock, a case of {TOASTER.case}, a carrier, GS1"
        f" prefix {GS1_PREFIX}",
    )
    introduce(shop, amazon)
    tell.line("Manager", f"gives Amazon the certificate and {receive_url}")
    return shop


def _mappings(shop: Shop) -> None:
    manager = shop.manager
    manager.fill(
        "amazon.b2b.product.mapping",
        {
            "qualifier": "VN",
            "value": TOASTER.reference,
            "product_id": shop.products[TOASTER.reference],
            "pack_size": TOASTER.case,
        },
    )
    manager.fill(
        "amazon.b2b.shipping.mapping",
        {
            "carrier_name": "Old Dominion",
            "scac": "ODFL",
            "transport_mode": "LT",
            "transit_days": 3,
        },
    )
    _shipping_numbers(manager)


def introduce(shop: Shop, amazon: Simulator, **values: object) -> None:
    """Tell Amazon what a vendor enters in Vendor Central."""
    amazon.configure(
        vendor_url=shop.receive_url,
        vendor_as2_id=AS2_ID,
        vendor_certificate=shop.certificate,
        vendor_isa_qualifier="12",
        vendor_isa_id=EDI_ID,
        bill_to=_one_line(BILL_TO, "bill_to"),
        remit_to=_one_line(REMIT_TO, "remit_to"),
        terms={"01": "01", "02": "3", "07": "60"},
        **values,
    )


def _one_line(address: Mapping[str, str], prefix: str) -> str:
    order = ("name", "street", "city", "state", "zip", "country")
    return " ".join(address[f"{prefix}_{part}"] for part in order)


# -- the company and its people -----------------------------------------------


def _company(manager: Person) -> None:
    company = manager.row("res.company", [], ["partner_id", "id"])
    country = manager.reference("base.us")
    manager.change(
        "res.company",
        company["id"],
        {**OUR_ADDRESS, "country_id": country, "state_id": _state(manager, "OH")},
    )
    packages = manager.reference("stock.group_tracking_lot")
    manager.change("res.users", manager.id, {"group_ids": [(4, packages)]})


def _shipping_numbers(manager: Person) -> None:
    model = "amazon.b2b.shipping.numbers"
    shown = manager.opened(model, ["next_sscc", "next_asn"])
    wizard = manager.fill(model, {**shown, "gs1_prefix": GS1_PREFIX, "extension": "3"})
    manager.press(model, wizard, "action_apply")


def _state(manager: Person, code: str) -> int:
    found = manager.row(
        "res.country.state",
        [("code", "=", code), ("country_id.code", "=", "US")],
        ["id"],
    )
    return int(found["id"])


def _colleague(manager: Person, odoo: Server, login: str, groups: list[str]) -> Person:
    manager.fill(
        "res.users",
        {
            "name": f"{login.capitalize()} of Kettle Works",
            "login": login,
            "email": f"{login}@kettleworks.example",
            "password": PASSWORD,
            "group_ids": [
                (4, manager.reference(group)) for group in groups + SHARED_GROUPS
            ],
        },
    )
    return Person(odoo.url, login, PASSWORD, odoo.database)


# -- the line to Amazon -------------------------------------------------------


def _our_station(manager: Person) -> tuple[int, str, str]:
    """Our AS2 station with a key of its own; its certificate and its address."""
    model = "amazon.b2b.station"
    station = manager.fill(
        model, {"name": "Kettle Works", "kind": "own", "as2_id": AS2_ID}
    )
    wizard = manager.fill(
        "amazon.b2b.secret", {"station_id": station, "source": "generate"}
    )
    made = manager.row("amazon.b2b.secret", [("id", "=", wizard)], ["certificate_pem"])
    shown = manager.row(model, [("id", "=", station)], ["receive_url"])
    return station, str(made["certificate_pem"]), str(shown["receive_url"])


def _amazons_station(manager: Person, amazon: Json) -> int:
    station = manager.fill(
        "amazon.b2b.station",
        {
            "name": "Amazon",
            "kind": "partner",
            "as2_id": amazon["as2_id"],
            "url": amazon["as2_url"],
        },
    )
    file = base64.b64encode(amazon["certificate"].encode()).decode()
    manager.fill("amazon.b2b.certificate", {"station_id": station, "file": file})
    return station


def _connection(manager: Person, own: int, partner: int) -> int:
    edi_id = manager.fill(
        "amazon.b2b.edi.id", {"qualifier": "12", "identifier": EDI_ID}
    )
    return manager.fill(
        "amazon.b2b.connection",
        {
            "name": "Amazon US",
            "own_edi_id": edi_id,
            "own_station_id": own,
            "partner_station_id": partner,
        },
    )


def add_vendor_code(shop: Shop, code: str, **values: Any) -> int:
    return shop.manager.fill(
        "amazon.b2b.vendor.code",
        {
            "connection_id": shop.connection,
            "code": code,
            "team_id": shop.team,
            **BILL_TO,
            **REMIT_TO,
            **TERMS,
            **values,
        },
    )


# -- customers and goods ------------------------------------------------------


def _customer(manager: Person) -> tuple[int, int]:
    """Amazon as a customer, and its fulfilment centre."""
    customer = manager.fill(
        "res.partner",
        {
            "name": BILL_TO["bill_to_name"],
            "is_company": True,
            "country_id": manager.reference("base.us"),
        },
    )
    name, street, city, postal_code, state = PHOENIX
    centre = manager.fill(
        "res.partner",
        {
            "name": name,
            "parent_id": customer,
            "type": "delivery",
            "street": street,
            "city": city,
            "zip": postal_code,
            "state_id": _state(manager, state),
            "country_id": manager.reference("base.us"),
        },
    )
    return customer, centre


def add_product(
    shop: Shop, product: Product, stock: float = IN_STOCK, warehouse: int = 0
) -> int:
    """A product in stock; `shop.products` finds it by its reference."""
    values: Values = {
        "name": product.name,
        "default_code": product.reference,
        "is_storable": True,
        "list_price": product.price,
        "taxes_id": [(5, 0, 0)],
        "weight": 1.5,
    }
    if product.barcode:
        values["barcode"] = product.barcode
    made = shop.manager.fill("product.product", values)
    shop.products[product.reference] = made
    put_in_stock(shop, made, stock, warehouse)
    return made


def put_in_stock(shop: Shop, product: int, quantity: float, warehouse: int = 0) -> None:
    """Count the product in a warehouse (0: the newest) and apply the count."""
    manager = shop.manager
    domain = [("id", "=", warehouse)] if warehouse else []
    place = manager.row("stock.warehouse", domain, ["lot_stock_id"])
    quant = manager.fill(
        "stock.quant",
        {
            "product_id": product,
            "location_id": place["lot_stock_id"],
            "inventory_quantity": quantity,
        },
        context={"inventory_mode": True},
    )
    manager.press("stock.quant", quant, "action_apply_inventory")
