"""Purchase orders of the user's own: whatever is missing is held, then mapped.

The simulator puts the files' transaction sets into Amazon's envelope; they may have
any layout, so units, products, places and money are asked for one after the other,
as Odoo asks a person.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from simulator.client import SimulatorError

from .story_road import DOCUMENT, STUCK, Blocked, Json, Stage
from .story_shop import add_vendor_code, introduce
from .story_tell import counted
from .story_work import fulfil

# put into orders that name no vendor code, no fulfilment centre
OWN_CODE, OWN_CENTRE = "OWN01", "OWN1"
# how many pieces are in one; what is not here counts as one piece. X12 element 355
PIECES = {"DZ": 12, "GR": 144, "PR": 2, "CA": 12, "CT": 12, "CS": 12, "BX": 12}
PRICE = 10.0  # of a product whose order names no price
PLENTY = 10_000_000.0
# several things may be missing one after the other
ROUNDS = 8


def tell_of(stage: Stage, files: list[Path]) -> None:
    for file in files:
        stage.tell.chapter(file.name)
        try:
            for document in _arrive(stage, file):
                _go(stage, file, document)
        except STUCK as error:
            _stuck(stage, file.name, error)


def _arrive(stage: Stage, file: Path) -> list[Json]:
    since = stage.amazon.latest()
    try:
        sent = stage.amazon.send_file_orders(file, OWN_CODE, OWN_CENTRE)
    except SimulatorError as error:
        raise Blocked(str(error)) from error
    return stage.arrived(sent, since)


def _go(stage: Stage, file: Path, document: Json) -> None:
    try:
        document = _let_go_on(stage, stage.reread(document))
        if document["state"] == "ignored":
            stage.tell.line("Odoo", f"sets it aside: {document['reason']}")
            return
        if document["state"] == "failed":
            raise Blocked(_no_order(stage, document))
        if document["state"] != "done":
            raise Blocked(f"Odoo: {document['reason']}")
        record = document["sale_order_id"]
        order = stage.shop.office.row(
            "sale.order", [("id", "=", record)], ["name", "currency_id"]
        )
        stage.tell.line("Odoo", f"makes {order['name']} of it")
        introduce(stage.shop, stage.amazon, currency=_currency(stage, order))
        fulfil(stage, record, document["number"])
    except STUCK as error:
        if document["number"] in stage.expected:
            # what Amazon has accepted so far is all that there will be
            stage.expected[document["number"]] = ()
        _stuck(stage, f"{file.name}, order {document['number'] or '-'}", error)


def _no_order(stage: Stage, document: Json) -> str:
    """Set aside what can be no order at all; why it is none."""
    reasons = "; ".join(document["reason"].splitlines())
    stage.tell.line("Odoo", f"can make no order of it: {reasons}")
    stage.tell.line("Office", _set_aside(stage, document, set()))
    return (
        "It holds no purchase order that anybody could work. Amazon was told so with "
        f"the 997: {reasons}."
    )


def _stuck(stage: Stage, what: str, error: Exception) -> None:
    stage.tell.bad(f"It cannot go on. {error}")
    stage.problems.append(f"{what}: {' '.join(str(error).split())}")


def _currency(stage: Stage, order: Json) -> str:
    found = stage.shop.office.row(
        "res.currency", [("id", "=", order["currency_id"])], ["name"]
    )
    return str(found["name"])


# -- holds and what solves them -----------------------------------------------


def _let_go_on(stage: Stage, document: Json) -> Json:
    """Solve what it is held for, until Odoo holds it no more."""
    answered: set[int] = set()
    for _ in range(ROUNDS):
        if document["state"] != "held":
            break
        stage.tell.line("Odoo", f"holds 850 {document['number'] or ''}:")
        stage.tell.more(_shortened(document["reason"]))
        solver = SOLVERS.get(document["reason_code"])
        if solver is None:
            raise Blocked(f"Odoo: {document['reason']}")
        stage.tell.line("Office", solver(stage, document, answered))
        document = stage.reread(document)
    return document


def _shortened(reason: str, most: int = 3) -> str:
    lines = reason.splitlines()
    if len(lines) <= most:
        return reason
    return "\n".join((*lines[:most], f"and {len(lines) - most} more"))


def _solve(stage: Stage, document: Json) -> Json:
    """Press the button beside the reason; the action that it opens."""
    return dict(_press_solve(stage, document))


def _press_solve(stage: Stage, document: Json) -> Any:
    return stage.shop.manager.press(DOCUMENT, document["id"], "action_solve")


def _add_vendor_code(stage: Stage, document: Json, answered: set[int]) -> str:
    action = _solve(stage, document)
    code = str(action["context"]["default_code"])
    values = {"currency_id": _currency_wanted(stage, document)}
    add_vendor_code(stage.shop, code, **values)
    return f"adds vendor code {code}"


def _currency_wanted(stage: Stage, document: Json) -> int:
    """The currency of the order itself, made active; US dollars where it names none."""
    manager = stage.shop.manager
    paper = manager.row(DOCUMENT, [("id", "=", document["id"])], ["data"])["data"] or {}
    found = manager.rows(
        "res.currency",
        [
            ("name", "=", paper.get("currency") or "USD"),
            ("active", "in", (True, False)),
        ],
        ["id"],
    )
    if not found:
        raise Blocked(f"Currency {paper.get('currency')} is not known in Odoo.")
    currency = int(found[0]["id"])
    manager.change("res.currency", currency, {"active": True})
    return currency


def _change_currency(stage: Stage, document: Json, answered: set[int]) -> str:
    manager = stage.shop.manager
    held = manager.row(DOCUMENT, [("id", "=", document["id"])], ["vendor_code_id"])
    if " is in " not in document["reason"] or not held["vendor_code_id"]:
        raise Blocked(f"Odoo: {document['reason']}")
    currency = _currency_wanted(stage, document)
    manager.change(
        "amazon.b2b.vendor.code", held["vendor_code_id"], {"currency_id": currency}
    )
    manager.press(DOCUMENT, document["id"], "action_process_again")
    return "gives the vendor code the order's currency and processes it again"


def _add_warehouse_code(stage: Stage, document: Json, answered: set[int]) -> str:
    action = _solve(stage, document)
    manager, code = stage.shop.manager, str(action["context"]["default_code"])
    address = manager.fill(
        "res.partner",
        {
            "name": f"Amazon {code}",
            "parent_id": stage.shop.customer,
            "type": "delivery",
            "country_id": manager.reference("base.us"),
        },
    )
    values = {"code": code, "partner_id": address}
    manager.fill(action["res_model"], values, action["context"])
    return f"adds the address of {code}"


def _take_as_it_adds_up(stage: Stage, document: Json, answered: set[int]) -> str:
    _press_solve(stage, document)
    return "has compared it with the file and takes what its lines add up to"


def _set_aside(stage: Stage, document: Json, answered: set[int]) -> str:
    stage.shop.office.press(DOCUMENT, document["id"], "action_ignore")
    return "has looked at it and sets it aside"


# -- lines --------------------------------------------------------------------


def _map_lines(stage: Stage, document: Json, answered: set[int]) -> str:
    """Give every line a product and its pieces; answer what cannot be ordered."""
    action = _solve(stage, document)
    manager, model = stage.shop.manager, action["res_model"]
    rows = manager.rows(
        f"{model}.line",
        [("wizard_id", "=", action["res_id"])],
        ["position", "number", "identifiers", "description", "quantity", "price"]
        + ["problem", "product_id"],
    )
    named = _item_qualifiers(stage)
    refused = [
        row
        for row in rows
        if row["position"] in answered or not _identifies(row, named)
    ]
    mapped = [row for row in rows if row not in refused]
    # what a mapping does not cure is answered the next time
    answered.update(row["position"] for row in mapped)
    made = _products(stage, [row for row in mapped if not row["product_id"]])
    commands: list[tuple[int, int, Json]] = [
        (
            *(1, row["id"]),
            {
                "product_id": row["product_id"] or made[row["id"]],
                "pack_size": _pieces(row),
            },
        )
        for row in mapped
    ]
    if refused:
        code = _invalid_identifier(stage)
        commands += [(1, row["id"], {"answer_code_id": code}) for row in refused]
    manager.change(model, action["res_id"], {"line_ids": commands})
    manager.press(model, action["res_id"], "action_apply")
    said = []
    if made:
        said.append(f"makes {counted(set(made.values()), 'product')}")
    if mapped:
        said.append(f"maps {counted(mapped, 'line')}")
    if refused:
        said.append(f"answers {counted(refused, 'line')} instead of ordering")
    return ", ".join(said)


def _pieces(row: Json) -> int:
    """How many are in one of what was ordered; the form shows "3 DZ"."""
    return PIECES.get(str(row["quantity"]).partition(" ")[2], 1)


def _item_qualifiers(stage: Stage) -> set[str]:
    """The qualifiers that name an item, as the mapping's form offers them."""
    offered = stage.shop.manager.call(
        "amazon.b2b.product.mapping", "fields_get", ["qualifier"], ["selection"]
    )
    return {value for value, _label in offered["qualifier"]["selection"]}


def _identifies(row: Json, named: set[str]) -> bool:
    pairs = (line.partition(" ") for line in (row["identifiers"] or "").splitlines())
    return any(qualifier in named and value for qualifier, _blank, value in pairs)


def _products(stage: Stage, rows: list[Json]) -> dict[int, int]:
    """A product in stock for each row; one for rows with the same identifiers."""
    manager = stage.shop.manager
    alike: dict[str, list[Json]] = {}
    for row in rows:
        alike.setdefault(row["identifiers"], []).append(row)
    values: list[Json] = [
        {
            "name": same[0]["description"] or identifiers.splitlines()[0],
            "is_storable": True,
            "list_price": float(same[0]["price"] or PRICE) / _pieces(same[0]),
            "taxes_id": [(5, 0, 0)],
        }
        for identifiers, same in alike.items()
    ]
    made: list[int] = manager.call("product.product", "create", values)
    _stock(stage, made)
    return {
        row["id"]: product
        for product, same in zip(made, alike.values(), strict=True)
        for row in same
    }


def _stock(stage: Stage, products: list[int]) -> None:
    manager = stage.shop.manager
    place = manager.row("stock.warehouse", [], ["lot_stock_id"])["lot_stock_id"]
    values: list[dict[str, Any]] = [
        {"product_id": each, "location_id": place, "inventory_quantity": PLENTY}
        for each in products
    ]
    counted = manager.call(
        "stock.quant", "create", values, context={"inventory_mode": True}
    )
    manager.call("stock.quant", "action_apply_inventory", counted)


def _invalid_identifier(stage: Stage) -> int:
    found = stage.shop.manager.rows(
        "amazon.b2b.acknowledgement.code",
        [("meaning", "=", "rejected"), ("reason", "=", "invalid_identifier")],
        ["id"],
    )
    return int(found[0]["id"])


SOLVERS: dict[str, Callable[[Stage, Json, set[int]], str]] = {
    "vendor_code": _add_vendor_code,
    "warehouse_code": _add_warehouse_code,
    "product": _map_lines,
    "unit": _map_lines,
    "content": _change_currency,
    "change": _set_aside,
    "total": _take_as_it_adds_up,
}
