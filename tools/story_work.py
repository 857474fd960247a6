"""The work on one order: acknowledge, pack, ship, invoice, each at its form."""

import shutil
from collections.abc import Sequence
from typing import Any

from .story_person import Person
from .story_road import ROAD, Json, Stage
from .story_tell import counted

ACKNOWLEDGEMENT = "amazon.b2b.acknowledgement"
PICKING = "stock.picking"
# a wizard's button, where it is none that goes on as asked
ANSWERS = {"confirm.stock.sms": "dont_send_sms"}
# lines from which on the goods go into one carton, by Odoo's own button
MANY_LINES = 8


def fulfil(stage: Stage, order: int, po_number: str) -> None:
    """Accept everything as ordered, ship it and invoice it.

    Raises `Blocked` where the road ends early."""
    stage.expected[po_number] = ROAD
    with stage.sending("855", po_number):
        acknowledge(stage, accepted(stage, order))
    ship_and_bill(stage, order, po_number)


def ship_and_bill(stage: Stage, order: int, po_number: str) -> None:
    if stage.state_of(order) == "cancel":
        stage.expected[po_number] = ROAD[:1]
        stage.tell.more("Nothing of it can come: there is nothing to ship or invoice.")
        return
    with stage.sending("856", po_number):
        picking = delivery(stage, order)
        cartons = pack(stage, picking)
        stage.tell.line("Warehouse", f"packs {_cartons(cartons)}")
        depart(stage, picking)
    with stage.sending("810", po_number):
        send_bill(stage, bill(stage, order))


def _cartons(numbers: Sequence[str]) -> str:
    if len(numbers) == 1:
        return f"one carton, SSCC {numbers[0]}"
    named = counted(numbers, "carton")
    return f"{named}, SSCC {numbers[0]} to {numbers[-1]}"


# -- acknowledging ------------------------------------------------------------


def acknowledgement(stage: Stage, order: int) -> int:
    """The warehouse opens the form from the order."""
    action = stage.shop.warehouse.press(
        "sale.order", order, "action_amazon_b2b_acknowledge"
    )
    return int(action["res_id"])


def accepted(stage: Stage, order: int) -> int:
    """The form with everything accepted as ordered."""
    form = acknowledgement(stage, order)
    stage.shop.warehouse.press(ACKNOWLEDGEMENT, form, "action_accept_all")
    return form


def scan(stage: Stage, form: int, barcode: str, times: int = 1) -> str:
    """Scan an item so many times; what the display says last."""
    said = ""
    for _ in range(times):
        said = scan_as(stage, form, barcode, f"scanner-{next(stage.serial)}")
    return said


def scan_as(stage: Stage, form: int, barcode: str, uuid: str) -> str:
    result = stage.shop.warehouse.call(ACKNOWLEDGEMENT, "scan", [form], barcode, uuid)
    return str(result["message"])


def acknowledge(stage: Stage, form: int) -> None:
    """Press Acknowledge, and Yes where it asks."""
    packer = stage.shop.warehouse
    action = packer.press(ACKNOWLEDGEMENT, form, "action_acknowledge")
    if not (isinstance(action, dict) and action.get("res_id")):
        return
    asked = packer.rows(
        f"{action['res_model']}.line",
        [("confirm_id", "=", action["res_id"])],
        ["line_number", "accepted_qty", "ordered_qty", "unit", "remark"],
    )
    stage.tell.line("Odoo", f"asks before it sends, about {counted(asked, 'line')}:")
    for line in asked[:3]:
        stage.tell.more(
            f"line {line['line_number']}: {line['accepted_qty']:g} of"
            f" {line['ordered_qty']:g} {line['unit']}; {line['remark']}"
        )
    packer.press(action["res_model"], action["res_id"], "action_acknowledge")


# -- shipping -----------------------------------------------------------------


def delivery(stage: Stage, order: int) -> int:
    """The open delivery of an order."""
    found = stage.shop.warehouse.row(
        PICKING,
        [("sale_id", "=", order), ("state", "not in", ("done", "cancel"))],
        ["id"],
    )
    return int(found["id"])


def pack(stage: Stage, picking: int) -> list[str]:
    """Put the goods in cartons; their SSCCs."""
    packer = stage.shop.warehouse
    packer.press(PICKING, picking, "action_assign")
    moves = packer.count("stock.move", [("picking_id", "=", picking)])
    if moves > MANY_LINES:
        packer.press(PICKING, picking, "action_put_in_pack")
    else:
        action = packer.press(PICKING, picking, "action_amazon_b2b_pack_rest")
        packer.press(action["res_model"], action["res_id"], "action_pack")
    lines = packer.rows(
        "stock.move.line", [("picking_id", "=", picking)], ["result_package_id"]
    )
    packages = sorted({line["result_package_id"] for line in lines} - {False})
    named = packer.rows("stock.package", [("id", "in", packages)], ["name"])
    return [str(package["name"]) for package in named]


def depart(stage: Stage, picking: int) -> None:
    """Enter what the truck brings, validate, and tell Amazon."""
    packer, serial = stage.shop.warehouse, f"{picking:06d}"
    packer.change(
        PICKING,
        picking,
        {
            "amazon_b2b_bill_of_lading": f"KETL5-{serial}",
            "amazon_b2b_pro_number": f"77{serial}",
            "amazon_b2b_arn": f"1919{serial}",
        },
    )
    finish(packer, packer.press(PICKING, picking, "button_validate"))
    packer.press(PICKING, picking, "action_amazon_b2b_send_notice")


def finish(person: Person, action: Any) -> None:
    """Answer what validating a delivery may ask, one question after the other."""
    while isinstance(action, dict) and action.get("res_model"):
        context: Json = action.get("context") or {}
        model = action["res_model"]
        wizard = action.get("res_id") or person.fill(model, {}, context=context)
        button = ANSWERS.get(model, "process")
        action = person.press(model, wizard, button, context=context)


# -- invoicing ----------------------------------------------------------------


def bill(stage: Stage, order: int) -> int:
    """Make the invoice of what was delivered, and post it."""
    office, model = stage.shop.office, "sale.advance.payment.inv"
    context = {"active_model": "sale.order", "active_ids": [order], "active_id": order}
    wizard = office.fill(model, {"advance_payment_method": "delivered"}, context)
    action = office.press(model, wizard, "create_invoices", context)
    move = int(action["res_id"])
    office.press("account.move", move, "action_post")
    return move


def send_bill(stage: Stage, move: int) -> None:
    """Odoo's own Send dialog, with Amazon ticked as it comes; where no PDF can be
    printed, the button that needs none."""
    office = stage.shop.office
    if not shutil.which("wkhtmltopdf"):
        office.press("account.move", move, "action_amazon_b2b_send")
        return
    action = office.press("account.move", move, "action_send_and_print")
    wizard = office.fill(action["res_model"], {}, action["context"])
    office.press(action["res_model"], wizard, "action_send_and_print")
