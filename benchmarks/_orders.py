"""The same trade twice: as Odoo alone has it, and as Amazon's purchase orders."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, NamedTuple

PRODUCTS = 100
STOCK = 10_000_000.0
SENDER, RECEIVER = "ZZ:AMAZON", "ZZ:VENDOR"
VENDOR_CODE, WAREHOUSE_CODE = "ABCD5", "PHX3"
NOT_BEFORE, NOT_AFTER = datetime.date(2041, 3, 4), datetime.date(2041, 3, 11)
DELIVERY = datetime.datetime.combine(NOT_BEFORE, datetime.time(12))


class Line(NamedTuple):
    product: int  # counted from 0
    quantity: int
    price: Decimal


def lines(count: int) -> Iterator[Line]:
    """The lines of an order: each another product, quantities and prices as ours."""
    for number in range(count):
        yield Line(number, 1 + number * 7 % 40, price(number))


def price(number: int) -> Decimal:
    return Decimal(950 + number * 25) / 100


def barcode(number: int) -> str:
    """A GTIN-13 with its check digit (GS1 General Specifications, 7.9.1)."""
    body = f"400638{number:06}"
    odd, even = (sum(map(int, body[start::2])) for start in (0, 1))
    return f"{body}{-(odd + 3 * even) % 10}"


class Trade(NamedTuple):
    """Ids of what both sides need: who buys, who sells, what, and in stock."""

    customer: int
    address: int
    team: int
    user: int
    warehouse: int
    pricelist: int
    products: list[int]


def trade(env: Any) -> Trade:
    """Make a customer, a sales team, a pricelist and products that are in stock."""
    customer = env["res.partner"].create(
        {
            "name": "Amazon.com Services LLC",
            "is_company": True,
            "country_id": env.ref("base.us").id,
        }
    )
    address = env["res.partner"].create(
        {
            "name": "Amazon PHX3",
            "type": "delivery",
            "parent_id": customer.id,
            "city": "Phoenix",
            "country_id": env.ref("base.us").id,
        }
    )
    products = env["product.product"].create(
        [
            {
                "name": f"Kettle {number}",
                "type": "consu",
                "is_storable": True,
                "barcode": barcode(number),
                "list_price": float(price(number)),
            }
            for number in range(PRODUCTS)
        ]
    )
    warehouse = env["stock.warehouse"].search([], limit=1)
    for product in products:
        env["stock.quant"]._update_available_quantity(
            product, warehouse.lot_stock_id, STOCK
        )
    return Trade(
        customer=customer.id,
        address=address.id,
        team=env["crm.team"].create({"name": "Amazon Vendor"}).id,
        user=env.ref("base.user_admin").id,
        warehouse=warehouse.id,
        pricelist=env["product.pricelist"].create({"name": "Amazon"}).id,
        products=products.ids,
    )


def bare_values(one: Trade, orders: int, count: int) -> list[dict[str, Any]]:
    """Values of ``sale.order.create``, as somebody who knows them would give them."""
    return [
        {
            "partner_id": one.customer,
            "partner_shipping_id": one.address,
            "partner_invoice_id": one.customer,
            "pricelist_id": one.pricelist,
            "warehouse_id": one.warehouse,
            "team_id": one.team,
            "user_id": one.user,
            "client_order_ref": f"B{orders}X{count}N{number}",
            "origin": f"B{orders}X{count}N{number}",
            "commitment_date": DELIVERY,
            "order_line": [
                (
                    0,
                    0,
                    {
                        "sequence": position,
                        "product_id": one.products[line.product],
                        "product_uom_qty": float(line.quantity),
                        "price_unit": float(line.price),
                    },
                )
                for position, line in enumerate(lines(count), 1)
            ],
        }
        for number in range(orders)
    ]


def connect(env: Any, one: Trade) -> None:
    """Tell the addon of this trade: connection, vendor code, fulfilment centre."""
    own = env["amazon.b2b.edi.id"].create(
        dict(zip(("qualifier", "identifier"), RECEIVER.split(":"), strict=True))
    )
    connection = env["amazon.b2b.connection"].create(
        {"name": "Amazon US", "own_edi_id": own.id}
    )
    env["amazon.b2b.vendor.code"].create(
        {
            "connection_id": connection.id,
            "code": VENDOR_CODE,
            "team_id": one.team,
            "user_id": one.user,
            "warehouse_id": one.warehouse,
            "pricelist_id": one.pricelist,
        }
    )
    env["amazon.b2b.warehouse.code"].create(
        {"code": WAREHOUSE_CODE, "partner_id": one.address}
    )


def receive(env: Any, orders: int, count: int) -> Any:
    """The documents of as many purchase orders, decoded and not yet worked."""
    from odoo.addons.amazon_b2b_connector import edi

    transmission = env["amazon.b2b.transmission"].create(
        {"direction": "in", "state": "decoded", "company_id": env.company.id}
    )
    interchange = env["amazon.b2b.interchange"].create(
        {
            "transmission_id": transmission.id,
            "company_id": env.company.id,
            "sender": SENDER,
            "receiver": RECEIVER,
            "control_number": f"{transmission.id:09}",
            "interchange_date": "410301",
            "sha256": "-",
        }
    )
    return env["amazon.b2b.document"].create(
        [
            {
                "direction": "in",
                "kind": "purchase_order",
                "code": "850",
                "state": "new",
                "data": edi.to_json(paper),
                "number": paper.number,
                "order_number": paper.number,
                "vendor_code": paper.vendor_code,
                "company_id": env.company.id,
                "partner_identifier": SENDER,
                "transmission_id": transmission.id,
                "interchange_id": interchange.id,
                "deadline": datetime.datetime(2041, 3, 1),
            }
            for paper in papers(edi, orders, count)
        ]
    )


def papers(edi: Any, orders: int, count: int) -> list[Any]:
    """Purchase orders with the very lines of :func:`bare_values`."""
    order_lines = tuple(
        edi.PurchaseOrderLine(
            number=str(number),
            quantity=Decimal(line.quantity),
            unit="EA",
            price=line.price,
            price_basis="PE",
            identifiers=(edi.Identifier(qualifier="EN", value=barcode(line.product)),),
        )
        for number, line in enumerate(lines(count), 1)
    )
    return [
        edi.PurchaseOrder(
            number=f"B{orders}X{count}N{number}",
            kind="NE",
            date=datetime.date(2041, 2, 28),
            vendor_code=VENDOR_CODE,
            ship_to=edi.Party(role="ST", code=WAREHOUSE_CODE, code_qualifier="92"),
            back_order_allowed=False,
            freight_payer="CC",
            deliver_not_before=NOT_BEFORE,
            deliver_not_after=NOT_AFTER,
            lines=order_lines,
        )
        for number in range(orders)
    ]
