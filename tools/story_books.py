"""The end of the story: count on both sides, and say what became of every order."""

from collections import Counter
from collections.abc import Callable
from decimal import Decimal

from .story_person import until
from .story_road import DOCUMENT, ROAD, STEP_SECONDS, TRANSMISSION, Json, Stage

# something happens to these by themselves
MOVING = ("received", "new", "ready", "sent")
QUANTITIES = ("ordered", "accepted", "shipped", "invoiced")


def close(stage: Stage) -> None:
    """Count until everything is found once; what is not goes to `stage.problems`."""
    stage.tell.chapter("Nothing lost, nothing doubled")
    try:
        _come_to_rest(stage)
    except TimeoutError as error:
        stage.problems.append(str(error))
    for text, check in CHECKS.items():
        wrong = check(stage)
        stage.tell.checked(text, not wrong)
        stage.problems += wrong


def wrong(stage: Stage) -> list[str]:
    """What is lost or doubled, once everything has come to rest."""
    _come_to_rest(stage)
    return [problem for check in CHECKS.values() for problem in check(stage)]


def _come_to_rest(stage: Stage) -> None:
    office = stage.shop.office

    def look() -> bool:
        return (
            stage.amazon.idle()
            and not office.count(DOCUMENT, [("state", "in", MOVING)])
            and not office.count(TRANSMISSION, [("state", "in", MOVING)])
        )

    until(look, "everything at rest", STEP_SECONDS)


def _incoming(stage: Stage) -> list[str]:
    """Each message of Amazon's is in Odoo once, whatever was posted how often."""
    sent = Counter(
        row["message_id"]
        for row in stage.amazon.outbox()
        if not row["message_id"].startswith("mdn-")
    )
    kept = Counter(
        row["message_id"].strip("<>")
        for row in stage.shop.office.rows(
            TRANSMISSION,
            [("direction", "=", "in"), ("state", "!=", "duplicate")],
            ["message_id"],
        )
    )
    return _differences(sent, kept, "message of Amazon's", "in Odoo")


def _outgoing(stage: Stage) -> list[str]:
    """Each message of Odoo's is at Amazon once."""
    sent = Counter(
        row["message_id"].strip("<>")
        for row in stage.shop.office.rows(
            TRANSMISSION, [("direction", "=", "out")], ["message_id"]
        )
    )
    kept = Counter(
        event["message_id"]
        for event in stage.amazon.events()
        if event["kind"] == "message-received"
    )
    return _differences(sent, kept, "message of Odoo's", "at Amazon")


def _differences(
    sent: Counter[str], kept: Counter[str], what: str, where: str
) -> list[str]:
    return [
        f"The {what} {number} is {where} {kept[number]} times, not once."
        for number in sorted(set(sent) | set(kept))
        if (sent[number], kept[number]) != (1, 1)
    ]


def _orders(stage: Stage) -> list[str]:
    """Each order of Amazon's is one sale order."""
    numbers = Counter(
        row["amazon_b2b_number"]
        for row in stage.shop.office.rows(
            "sale.order",
            [("amazon_b2b_number", "in", list(stage.expected))],
            ["amazon_b2b_number"],
        )
    )
    return [
        f"Order {po_number} is {numbers[po_number]} sale orders in Odoo, not one."
        for po_number in stage.expected
        if numbers[po_number] != 1
    ]


def _papers(stage: Stage) -> list[str]:
    """Amazon has accepted each paper of each order once and rejected none."""
    wrong = []
    for po_number, kinds in stage.expected.items():
        said = stage.amazon.verdicts(po_number)
        accepted = Counter(each["kind"] for each in said if each["accepted"])
        wrong += [
            f"Amazon accepted {accepted[kind]} {kind} for order {po_number}, not one."
            for kind in kinds
            if accepted[kind] != 1
        ]
        wrong += [
            f"Amazon rejected {each['kind']} {each['number']}:"
            f" {'; '.join(each['reasons'])}."
            for each in said
            if kinds and not each["accepted"]
        ]
    return wrong


def _waiting(stage: Stage) -> list[str]:
    """Nobody is needed any more."""
    return [
        f"{row['name']} is {row['state']} in Odoo: {_first_line(row['reason'])}"
        for row in stage.shop.office.rows(
            DOCUMENT, [("needs_person", "=", True)], ["name", "state", "reason"]
        )
    ]


def _first_line(reason: str | None) -> str:
    return (reason or "(no reason)").partition("\n")[0]


CHECKS: dict[str, Callable[[Stage], list[str]]] = {
    "Every message of Amazon's is in Odoo, once": _incoming,
    "Every message of Odoo's is at Amazon, once": _outgoing,
    "Every order is one sale order": _orders,
    "Amazon accepted each acknowledgement, ship notice and invoice once": _papers,
    "No document waits for anybody": _waiting,
}


# -- what became of it --------------------------------------------------------


def summary(stage: Stage) -> None:
    stage.tell.heading("What became of the orders, as Amazon has them")
    stage.tell.table(
        ("order", *QUANTITIES, *ROAD),
        [
            (
                order["po_number"] + (" test" if order["test"] else ""),
                *(_total(order["lines"], name) for name in QUANTITIES),
                *(_said(stage, order, kind) for kind in ROAD),
            )
            for order in stage.amazon.orders()
            if order["po_number"] in stage.expected
        ],
    )


def _total(lines: list[Json], name: str) -> str:
    total = sum((Decimal(line[name] or 0) for line in lines), Decimal())
    return f"{total.normalize():f}"


def _said(stage: Stage, order: Json, kind: str) -> str:
    """What Amazon said of a paper about an order, and its number."""
    said = [
        each
        for each in stage.verdicts(kind, order["po_number"])
        if each["test"] == order["test"]
    ]
    if not said:
        return "-"
    last = said[-1]
    number = "" if last["number"] == order["po_number"] else f" {last['number']}"
    return ("accepted" if last["accepted"] else "REJECTED") + number
