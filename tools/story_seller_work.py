"""The work on sellers' orders: what comes by itself, and what a person does."""

from collections import Counter
from collections.abc import Iterable

from .story_mishaps import choose_product
from .story_person import Values, until
from .story_road import DOCUMENT, STEP_SECONDS
from .story_seller_books import sums
from .story_seller_orders import KETTLE, ORDERS, RARE_RATE
from .story_seller_road import Json, Scene
from .story_seller_shop import add_tax
from .story_work import PICKING, finish

TAX_MAPPING = "amazon.b2b.tax.mapping"


# -- they come by themselves --------------------------------------------------


def first_orders(scene: Scene) -> None:
    """What became of each kind of order, and whether the sums are Amazon's."""
    numbers = [number for some in scene.numbers.values() for number in some]
    documents = scene.arrived(numbers)
    scene.tell.line("Odoo", f"has read {len(numbers)} orders of Amazon's, by itself")
    states = {each["order_number"]: each for each in documents}
    for kind, batch in ORDERS.items():
        found = [states[number] for number in scene.numbers[kind]]
        scene.tell.more(f"{batch.count:>2} {batch.what}: {_states(found)}")
    for each in documents:
        if each["state"] in ("held", "failed"):
            scene.tell.line("Odoo", f"{each['state']}, {each['order_number']}:")
            scene.tell.more(each["reason"] or "")
    _totals(scene)
    _looks(scene)


def _states(documents: Iterable[Json]) -> str:
    counts = Counter(each["state"] for each in documents)
    return ", ".join(
        state if len(counts) == 1 else f"{count} {state}"
        for state, count in counts.items()
    )


def _totals(scene: Scene) -> None:
    """The orders that are in, per currency."""
    for currency, (theirs, ours, wrong) in sums(scene).items():
        scene.tell.line(
            "Odoo", f"{currency} {ours:,.2f} in Odoo, {theirs:,.2f} at Amazon"
        )
        for text in wrong:
            scene.tell.bad(text)


def _looks(scene: Scene) -> None:
    """What tells besides the totals that orders were read well."""
    gift, prime = (scene.order(scene.number(kind)) for kind in ("gift", "prime"))
    message = _picking(scene, gift, "amazon_b2b_gift_message")
    text = " ".join((message["amazon_b2b_gift_message"] or "").split())
    scene.tell.line("Odoo", f"delivery of {gift['name']}: gift message “{text}”")
    scene.expect(text, f"The gift message of {gift['name']} is missing.")
    urgent = _picking(scene, prime, "priority")["priority"] == "1"
    scene.tell.line("Odoo", f"delivery of {prime['name']} (Prime) goes first")
    scene.expect(urgent, f"The delivery of {prime['name']} is not urgent.")
    for kind in ("fba", "shipped"):
        order = scene.order(scene.number(kind))
        scene.tell.line("Odoo", f"{order['name']}, {ORDERS[kind].what}: delivered")
        scene.expect(
            _is_delivered(scene, order) and not order["picking_ids"],
            f"{order['name']} is not delivered, or by a delivery of ours.",
        )


def _picking(scene: Scene, order: Json, *fields: str) -> Json:
    return scene.office.row(PICKING, [("sale_id", "=", order["id"])], fields)


def _is_delivered(scene: Scene, order: Json) -> bool:
    lines = scene.office.rows(
        "sale.order.line",
        [("order_id", "=", order["id"])],
        ["product_uom_qty", "qty_delivered"],
    )
    return all(each["qty_delivered"] == each["product_uom_qty"] for each in lines)


# -- what waits for a person --------------------------------------------------


def map_product(scene: Scene) -> None:
    """A SKU that Odoo does not know, chosen once at the reason's button."""
    number = scene.number("unknown")
    product = scene.shop.products[KETTLE.reference]
    choose_product(scene.office, scene.document(number)["id"], product)
    scene.tell.line("Office", f"chooses {KETTLE.name} for it at the reason's button")
    scene.became(number, "done")
    scene.tell.line("Odoo", f"goes on by itself: {scene.order(number)['name']}")


def map_tax(scene: Scene) -> None:
    """A rate that no tax of Odoo's has: the accountant makes it, and the row."""
    number, manager = scene.number("rare"), scene.manager
    document = scene.document(number)
    action = manager.press(DOCUMENT, document["id"], "action_solve")
    given: Values = {
        name.removeprefix("default_"): value
        for name, value in action["context"].items()
        if name.startswith("default_")
    }
    tax = add_tax(scene, given["country_id"], float(RARE_RATE))
    manager.fill(TAX_MAPPING, {**given, "tax_id": tax})
    scene.tell.line("Office", f"adds the tax of {RARE_RATE} % at the reason's button")
    scene.became(number, "done")
    scene.tell.line("Odoo", f"goes on by itself: {scene.order(number)['name']}")


# -- what happens at Amazon later ---------------------------------------------


def changes(scene: Scene) -> None:
    """Paid, cancelled, asked to be cancelled: all seen at the next poll."""
    paid = scene.number("pending")
    cancelled, doubted = scene.number("plain", 0), scene.number("plain", 1)
    scene.happened(paid, "release")
    scene.happened(cancelled, "cancel", reason="Ordered twice")
    scene.happened(doubted, "request_cancel", reason="Found it cheaper")
    scene.tell.line(
        "Amazon", "one order is paid, one cancelled, of one the buyer thinks better"
    )
    before = {number: scene.document(number)["id"] for number in (cancelled, doubted)}
    scene.synchronise()
    scene.became(paid, "done")
    scene.tell.line("Odoo", f"{paid} is paid: {scene.order(paid)['name']}")

    def seen() -> bool:
        now = {number: scene.document(number) for number in before}
        return all(
            each["id"] != before[number] and each["state"] == "done"
            for number, each in now.items()
        )

    until(seen, "both changes seen", STEP_SECONDS)
    order = scene.order(cancelled)
    scene.tell.line("Odoo", f"{order['name']} is cancelled here too")
    scene.expect(order["state"] == "cancel", f"{order['name']} is {order['state']}.")
    asked = _picking(
        *(scene, scene.order(doubted), "name", "amazon_b2b_cancel_request")
    )
    text = "; ".join((asked["amazon_b2b_cancel_request"] or "").splitlines())
    scene.tell.line("Odoo", f"delivery {asked['name']}: buyer asks to cancel, {text}")
    scene.expect(text, f"Delivery {asked['name']} shows no wish to cancel.")


def deliver(scene: Scene) -> None:
    """Pick and ship an order as one ships any other."""
    order, packer = scene.order(scene.number("plain", 2)), scene.shop.warehouse
    found = packer.row(PICKING, [("sale_id", "=", order["id"])], ["name"])
    packer.press(PICKING, found["id"], "action_assign")
    moves = packer.rows("stock.move", [("picking_id", "=", found["id"])], ["id"])
    packer.call("stock.move", "write", [m["id"] for m in moves], {"picked": True})
    finish(packer, packer.press(PICKING, found["id"], "button_validate"))
    scene.tell.line("Warehouse", f"picks and validates {found['name']}")
    state = packer.row(PICKING, [("id", "=", found["id"])], ["state"])["state"]
    scene.expect(state == "done", f"Delivery {found['name']} is {state}.")
    scene.tell.line("Odoo", f"{order['name']} is delivered")
    scene.expect(_is_delivered(scene, order), f"{order['name']} is not delivered.")
