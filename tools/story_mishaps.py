"""What goes wrong on the way, and that nothing is lost or doubled by it."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timezone

import psycopg2

from .story_person import Person, Refused, until
from .story_road import DOCUMENT, ROAD, SHOWN, STEP_SECONDS, TRANSMISSION, Json, Stage
from .story_shop import Product, add_product
from .story_work import accepted, acknowledge, fulfil, ship_and_bill

# what was sent, and the number of the event before
Cut = tuple[Json, int]

WAFFLE_IRON = Product("W-400", "Waffle iron", "", 31.50)
UNKNOWN_EAN = "0614141000043"
# Odoo tries again a minute after the attempt that it did not survive, and looks for
# what is due once a minute and whenever a message comes
RETRY_SECONDS = 200.0
# Amazon's receipt is still out when Odoo is killed
LATE_MDN_SECONDS = 30


# -- received twice -----------------------------------------------------------


def sent_twice(stage: Stage, order: Json) -> None:
    """The same message, the same interchange, and the same order once more."""
    po_number = order["po_number"]
    since = stage.amazon.latest()
    sent = stage.amazon.resend(po_number=po_number, same_message_id=True)
    receipt = stage.receipt(sent["message_id"], since)
    found = stage.shop.office.row(
        TRANSMISSION, [("state", "=", "duplicate")], ["reason"]
    )
    stage.tell.line("Amazon", f"posts the very message of 850 {po_number} again")
    stage.tell.more(f"Same MDN ({receipt['disposition']}). {found['reason']}")

    since = stage.amazon.latest()
    stage.receipt(stage.amazon.resend(po_number=po_number)["message_id"], since)
    document = _ignored(stage, po_number, 1)
    stage.tell.line("Amazon", "sends the same interchange in a new message")
    stage.tell.more(f"{document['state'].capitalize()}: {document['reason']}")

    stage.receive(order)
    document = _ignored(stage, po_number, 2)
    stage.tell.more(f"{document['state'].capitalize()}: {document['reason']}")


def _ignored(stage: Stage, po_number: str, at_least: int) -> Json:
    """The newest repetition of an order, once so many were set aside."""
    domain = [("number", "=", po_number), ("state", "=", "ignored")]

    def look() -> list[Json]:
        found = stage.shop.office.rows(DOCUMENT, domain, SHOWN)
        return found if len(found) >= at_least else []

    return until(look, f"a repeated 850 {po_number} set aside", STEP_SECONDS)[-1]


# -- an unknown product -------------------------------------------------------


def unknown_product(stage: Stage, order: Json) -> None:
    """Held with its reason; the mapping made at the reason's button lets it go on."""
    document = stage.receive(order, mdn="async")
    stage.tell.line("Odoo", f"holds it: {document['reason']}")
    product = add_product(stage.shop, WAFFLE_IRON)
    choose_product(stage.shop.office, document["id"], product)
    stage.tell.line("Office", f"chooses {WAFFLE_IRON.name} at the reason's button")
    document = stage.reread(document)
    name = stage.order_name(document["sale_order_id"])
    stage.tell.line("Odoo", f"goes on by itself: {name}")
    fulfil(stage, document["sale_order_id"], document["number"])


def choose_product(office: Person, document: int, product: int) -> None:
    """What the button of the reason opens, with one product for every line."""
    action = office.press(DOCUMENT, document, "action_solve")
    model, wizard = action["res_model"], action["res_id"]
    lines = office.rows(f"{model}.line", [("wizard_id", "=", wizard)], ["id"])
    chosen = [(1, line["id"], {"product_id": product}) for line in lines]
    office.change(model, wizard, {"line_ids": chosen})
    office.press(model, wizard, "action_apply")


# -- a test order -------------------------------------------------------------


def test_order(stage: Stage, order: Json) -> None:
    """Seen and answered, never a confirmed order."""
    document = stage.receive(order, test=True)
    record = document["sale_order_id"]
    stage.expected[order["po_number"]] = ("855",)
    with stage.sending("855", order["po_number"]):
        acknowledge(stage, accepted(stage, record))
    try:
        stage.shop.office.press("sale.order", record, "action_confirm")
    except Refused as refused:
        stage.tell.line("Office", f"tries to confirm it; Odoo: {refused}")
    if stage.state_of(record) not in ("draft", "sent", "cancel"):
        stage.problems.append(f"The test order {order['po_number']} was confirmed.")


# -- killed between receiving and processing ----------------------------------


def killed_while_receiving(stage: Stage, order: Json) -> Cut:
    """Odoo has answered with its MDN and dies before it looks at the order."""
    with _decoding_held_up(stage.odoo.database):
        since = stage.amazon.latest()
        sent = stage.amazon.send_order(order)
        receipt = stage.receipt(sent["message_id"], since)
        stage.tell.line(
            "Amazon",
            f"850 {order['po_number']}: MDN {receipt['disposition']} after"
            f" {receipt['http_seconds']:.2f} s; nothing is decoded yet",
        )
        stage.kill()
    stage.restart()
    stage.tell.more(
        "It looks for work within a minute, or when the next message wakes it."
    )
    return sent, since


def received_after_all(stage: Stage, cut: Cut) -> None:
    """The order that was stored is an order, though nobody sent it again."""
    document = stage.arrived(*cut)[0]
    fulfil(stage, document["sale_order_id"], document["number"])


@contextmanager
def _decoding_held_up(database: str) -> Iterator[None]:
    """Keep every worker from the scheduled action that decodes: Odoo skips one whose
    row another worker has locked."""
    connection = psycopg2.connect(dbname=database)
    try:
        with connection.cursor() as cr:
            cr.execute(
                "SELECT id FROM ir_cron WHERE id = (SELECT res_id FROM ir_model_data"
                " WHERE module = 'amazon_b2b_connector' AND name = 'cron_decode')"
                " FOR NO KEY UPDATE"
            )
        yield
    finally:
        connection.close()


# -- killed between sending and MDN -------------------------------------------


def killed_while_sending(stage: Stage, order: Json) -> Json:
    """Amazon has the acknowledgement, Odoo dies before it reads the MDN. The order's
    document."""
    document = stage.receive(order)
    stage.expected[order["po_number"]] = ROAD
    since, started = stage.amazon.latest(), time.monotonic()
    stage.amazon.fault("late-mdn", set="855", seconds=LATE_MDN_SECONDS)
    acknowledge(stage, accepted(stage, document["sale_order_id"]))
    stage.amazon.wait_for(
        lambda event: event["kind"] == "message-received" and "855" in event["sets"],
        *(STEP_SECONDS, since),
    )
    stage.tell.line("Amazon", "has stored the 855 and lets its MDN wait")
    stage.kill()
    stage.restart()
    stage.told(stage.settled("855", order["po_number"]), started)
    stage.judged(stage.verdicts("855", order["po_number"])[-1])
    stage.tell.more("The 997 is there, the MDN was lost: it will be sent again.")
    return document


def wait_until_due(stage: Stage, document: Json) -> None:
    """Until the next attempt to send the order's acknowledgement may begin."""
    told = stage.settled("855", document["number"])

    def look() -> bool:
        planned = stage.transmission(told)["next_attempt"]
        now = datetime.now(timezone.utc).replace(tzinfo=None)
        return not planned or datetime.fromisoformat(planned) < now

    until(look, f"855 {document['number']} due again", RETRY_SECONDS)


def sent_again(stage: Stage, document: Json) -> None:
    """The same bytes go again by themselves, and Amazon knows them."""
    po_number = document["number"]
    told = stage.settled("855", po_number)

    def look() -> Json | None:
        carried = stage.transmission(told)
        return carried if carried["state"] == "delivered" else None

    carried = until(look, f"855 {po_number} sent again", RETRY_SECONDS)
    again = [
        event
        for event in stage.amazon.events()
        if event["kind"] == "duplicate"
        and event["message_id"] == carried["message_id"].strip("<>")
    ]
    stage.tell.line(
        "Odoo",
        f"sent the 855 for {po_number} again by itself: attempt"
        f" {carried['attempts']}, MDN {carried['mdn_disposition']}",
    )
    if again and again[0]["same_bytes"]:
        stage.tell.more("Amazon: the same Message-ID and bytes, answered alike.")
    else:
        stage.problems.append(f"855 {po_number} was not sent again as it was.")
    ship_and_bill(stage, document["sale_order_id"], po_number)
