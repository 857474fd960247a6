"""The road of sellers' orders: Amazon has them, Odoo asks for them, by itself.

Every step waits for what it caused. Amazon shows a change two minutes after it was
made; the story lets it have happened before (`Scene.happened`) rather than wait.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

from simulator.seller_client import SellerSimulator

from .story_person import Person, until
from .story_road import DOCUMENT, STEP_SECONDS, Stage
from .story_shop import Shop
from .story_tell import Teller

Json = dict[str, Any]

CONNECTION = "amazon.b2b.connection"
POLL = "amazon.b2b.poll"
SEARCH = "searchOrders"
SHOWN = (
    "order_number state reason reason_code sale_order_id is_record_maker marketplace_id"
).split()
ORDER = (
    "name amazon_b2b_seller_number amount_total currency_id state order_line"
    " picking_ids"
).split()
# states of documents in which Odoo has done for now what it can
WORKED = ("done", "held", "waiting", "ignored", "failed")
# longer than the two minutes after which Amazon shows a change, and well within
# what each run reads again of the one before
EARLIER = timedelta(minutes=3)


def ago(span: timedelta) -> str:
    """A moment as Amazon writes it."""
    return (datetime.now(timezone.utc) - span).strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass
class Scene:
    """Everybody who takes part in the seller's channel."""

    stage: Stage
    amazon: SellerSimulator
    seller_id: str
    connection: int = 0
    warehouse: int = 0
    # order numbers by kind, as `story_seller_orders.ORDERS` names them
    numbers: dict[str, list[str]] = field(default_factory=dict)

    @property
    def tell(self) -> Teller:
        return self.stage.tell

    @property
    def shop(self) -> Shop:
        return self.stage.shop

    @property
    def manager(self) -> Person:
        return self.stage.shop.manager

    @property
    def office(self) -> Person:
        return self.stage.shop.office

    def number(self, kind: str, place: int = 0) -> str:
        return self.numbers[kind][place]

    def expect(self, fact: object, problem: str) -> None:
        """What is not so is told, and kept for the end."""
        if not fact:
            self.tell.bad(problem)
            self.stage.problems.append(problem)

    # -- at Amazon ------------------------------------------------------------

    def happened(self, number: str, what: str, **wishes: Any) -> None:
        """Something has happened to an order at Amazon, three minutes ago."""
        order = self.amazon.change_order(self.seller_id, number, what, **wishes)
        order["lastUpdatedTime"] = ago(EARLIER)
        self.amazon.put_orders(self.seller_id, [order])

    def at_amazon(self) -> dict[str, Json]:
        """Every order as Amazon has it, by number."""
        return {each["orderId"]: each for each in self.amazon.orders(self.seller_id)}

    # -- in Odoo --------------------------------------------------------------

    def synchronise(self) -> None:
        """The button, which also wakes whatever is due."""
        self.manager.press(CONNECTION, self.connection, "action_synchronise")

    def poll(self, *fields: str) -> Json:
        """How far Amazon's orders were read."""
        domain = [("connection_id", "=", self.connection)]
        return self.manager.row(POLL, domain, fields)

    def documents(self, numbers: Iterable[str] = ()) -> list[Json]:
        """The versions of orders that came, of all or of some, oldest first."""
        domain: list[Any] = [
            ("connection_id", "=", self.connection),
            ("kind", "=", "seller_order"),
        ]
        if wanted := list(numbers):
            domain.append(("order_number", "in", wanted))
        return self.office.rows(DOCUMENT, domain, SHOWN)

    def document(self, number: str) -> Json:
        """The newest version of an order. Raises `LookupError`."""
        found = self.documents([number])
        if not found:
            raise LookupError(f"order {number} of Amazon's is not in Odoo")
        return found[-1]

    def arrived(self, numbers: Iterable[str]) -> list[Json]:
        """Wait until each of these orders came and Odoo has worked it."""
        wanted = set(numbers)

        def look() -> list[Json]:
            found = self.documents(wanted)
            worked = all(each["state"] in WORKED for each in found)
            here = {each["order_number"] for each in found}
            return found if worked and here == wanted else []

        return until(look, f"{len(wanted)} orders of Amazon's worked", STEP_SECONDS)

    def became(self, number: str, state: str) -> Json:
        """Wait until the newest version of an order is in a state."""

        def look() -> Json | None:
            found = self.document(number)
            return found if found["state"] == state else None

        return until(look, f"order {number} {state}", STEP_SECONDS)

    def orders(self, numbers: Iterable[str]) -> list[Json]:
        """The sale orders of Amazon's orders."""
        domain = [("amazon_b2b_seller_number", "in", list(numbers))]
        return self.office.rows("sale.order", domain, ORDER)

    def order(self, number: str) -> Json:
        """The sale order of an order. Raises `LookupError`."""
        found = self.orders([number])
        if not found:
            raise LookupError(f"order {number} of Amazon's is no sale order")
        return found[-1]


def stated(order: Json) -> tuple[str, Decimal]:
    """Currency and total of an order, as Amazon states them."""
    total = order["proceeds"]["grandTotal"]
    return total["currencyCode"], Decimal(total["amount"])
