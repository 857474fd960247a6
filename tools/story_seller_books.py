"""The end of the seller's part: count and sum on both sides."""

from collections import Counter, defaultdict
from decimal import Decimal

from .story_person import until
from .story_road import STEP_SECONDS
from .story_seller_road import Json, Scene, stated

CENT = Decimal("0.01")
CANCELLED = "CANCELLED"
PENDING = "PENDING"
HEAD = (
    *("marketplace", "at Amazon", "imported", "cancelled", "held", "waiting"),
    *("ignored", "total at Amazon", "in Odoo"),
)


def sums(scene: Scene) -> dict[str, tuple[Decimal, Decimal, list[str]]]:
    """Per currency: what Amazon states of the orders that are sale orders in Odoo,
    what they come to there, and which differ."""
    known = scene.at_amazon()
    names = _currencies(scene)
    theirs: dict[str, Decimal] = defaultdict(Decimal)
    ours: dict[str, Decimal] = defaultdict(Decimal)
    wrong: dict[str, list[str]] = defaultdict(list)
    for order in scene.orders(known):
        number = order["amazon_b2b_seller_number"]
        currency, total = stated(known[number])
        amount = Decimal(str(order["amount_total"])).quantize(CENT)
        theirs[currency] += total
        ours[names[order["currency_id"]]] += amount
        if (names[order["currency_id"]], amount) != (currency, total):
            wrong[currency].append(
                f"Order {number} is {amount} in Odoo and {total} {currency} at Amazon."
            )
    return {
        currency: (theirs[currency], ours[currency], wrong[currency])
        for currency in sorted({*theirs, *ours})
    }


def _currencies(scene: Scene) -> dict[int, str]:
    found = scene.office.rows("res.currency", [], ["name"])
    return {each["id"]: each["name"] for each in found}


def close(scene: Scene) -> None:
    """Count both sides; what differs goes to the problems of the stage."""
    scene.tell.chapter("Both sides counted")
    try:
        _come_to_rest(scene)
    except TimeoutError as error:
        scene.stage.problems.append(str(error))
    for text, check in CHECKS.items():
        wrong = check(scene)
        scene.tell.checked(text, not wrong)
        for problem in wrong:
            scene.tell.bad(problem)
        scene.stage.problems += wrong
    summary(scene)


def _come_to_rest(scene: Scene) -> None:
    until(
        lambda: not [each for each in scene.documents() if each["state"] == "new"],
        *("every order worked", STEP_SECONDS),
    )


def _once(scene: Scene) -> list[str]:
    """Each order that Amazon did not cancel before is one sale order."""
    known = scene.at_amazon()
    counts = Counter(each["amazon_b2b_seller_number"] for each in scene.orders(known))
    ignored = set(scene.numbers["cancelled"])
    return [
        f"Order {number} is {counts[number]} sale orders in Odoo."
        for number in known
        if counts[number] != (0 if number in ignored else 1)
    ]


def _states(scene: Scene) -> list[str]:
    """What Amazon cancelled is cancelled here, and nothing else is."""
    known = scene.at_amazon()
    return [
        f"Order {number} is {_status(known[number])} at Amazon and"
        f" {order['state']} in Odoo."
        for order in scene.orders(known)
        if (number := order["amazon_b2b_seller_number"])
        and (_status(known[number]) == CANCELLED) != (order["state"] == "cancel")
    ]


def _to_the_cent(scene: Scene) -> list[str]:
    return [text for _theirs, _ours, wrong in sums(scene).values() for text in wrong]


def _made_once(scene: Scene) -> list[str]:
    """One version of each order has made its sale order."""
    counts = Counter(
        each["order_number"] for each in scene.documents() if each["is_record_maker"]
    )
    return [
        f"Order {number} was made {count} times."
        for number, count in counts.items()
        if count > 1
    ]


def _waiting(scene: Scene) -> list[str]:
    return [
        f"Order {each['order_number']} is {each['state']}: {each['reason']}"
        for each in scene.documents()
        if each["state"] in ("held", "failed", "new")
    ]


def _status(order: Json) -> str:
    return str(order["fulfillment"]["fulfillmentStatus"])


CHECKS = {
    "Every order of Amazon's is in Odoo, once": _once,
    "One version of each order made it, the others changed it": _made_once,
    "What Amazon cancelled is cancelled, and nothing else": _states,
    "Every total is Amazon's, to the cent": _to_the_cent,
    "No order waits for anybody": _waiting,
}


# -- what became of them ------------------------------------------------------


def summary(scene: Scene) -> None:
    known, names = scene.at_amazon(), _currencies(scene)
    newest = {each["order_number"]: each for each in scene.documents()}
    made = {each["amazon_b2b_seller_number"]: each for each in scene.orders(known)}
    places = sorted({_place(order) for order in known.values()})
    rows = []
    for place in places:
        here = [number for number in known if _place(known[number]) == place]
        orders = [made[number] for number in here if number in made]
        states = Counter(
            newest[number]["state"] if number in newest else "missing"
            for number in here
            if number not in made
        )
        theirs = sum(
            (stated(known[number])[1] for number in here if number in made), Decimal()
        )
        ours = sum((Decimal(str(each["amount_total"])) for each in orders), Decimal())
        currency = stated(known[here[0]])[0]
        own = {names[each["currency_id"]] for each in orders}
        rows.append(
            (
                *(place, str(len(here)), str(len(orders))),
                str(sum(each["state"] == "cancel" for each in orders)),
                *(str(states[name]) for name in ("held", "waiting", "ignored")),
                f"{theirs:,.2f} {currency}",
                f"{ours.quantize(CENT):,.2f} {'/'.join(sorted(own))}",
            )
        )
    scene.tell.heading("What became of the seller's orders")
    scene.tell.table(HEAD, rows)
    for currency, (theirs, ours, _wrong) in sums(scene).items():
        scene.tell.checked(
            f"{currency}: {theirs:,.2f} at Amazon, {ours:,.2f} in Odoo", theirs == ours
        )


def _place(order: Json) -> str:
    return str(order["salesChannel"]["marketplaceName"])
