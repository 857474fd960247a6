"""The road of one order: what people do at their forms, and what Amazon says to it.

Every step waits for what it caused: Amazon's event, or the state of a document in
Odoo. What Odoo or Amazon refuses raises `Blocked` with the words that were said.
"""

import itertools
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from simulator.client import Simulator

from . import server
from .server import Server
from .story_person import Refused, until
from .story_shop import Shop
from .story_tell import Teller

Json = dict[str, Any]

# the longest that one step of the exchange may take, on a loaded machine
STEP_SECONDS = 120.0
WORKERS = 2

DOCUMENT = "amazon.b2b.document"
TRANSMISSION = "amazon.b2b.transmission"
# what a paper's line of the story is made of
SHOWN = (
    "code number state reason reason_code is_test interchange_control_number"
    " transmission_id sale_order_id"
).split()
# states of a sent document that it does not leave by itself
SETTLED = ("accepted", "rejected", "failed", "held", "stopped")
# states of a received one
WORKED = ("done", "held", "ignored", "failed")
# document state: what the 997 said
FUNCTIONAL = {"accepted": "A", "rejected": "R"}

KINDS = {"855": "acknowledgement", "856": "ship_notice", "810": "invoice"}
ROAD = tuple(KINDS)


class Blocked(Exception):
    """The order cannot go on; the text says what Odoo or Amazon said."""


# what ends the road of an order early
STUCK = (Blocked, Refused, LookupError, TimeoutError)


@dataclass
class Stage:
    """Everybody who takes part, who tells of it, and what has to be true at the end."""

    tell: Teller
    odoo: Server
    amazon: Simulator
    shop: Shop
    # by order number, the papers that Amazon must have accepted, each once
    expected: dict[str, tuple[str, ...]] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    serial: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    # -- the server -----------------------------------------------------------

    def kill(self) -> None:
        """SIGKILL Odoo with all its workers."""
        self.odoo.kill()
        self.tell.line("Odoo", "is killed, with all its workers (SIGKILL)")

    def restart(self) -> None:
        self.odoo = server.start(
            self.odoo.database, port=self.odoo.port, workers=WORKERS
        )
        self.tell.line("Odoo", "runs again")

    # -- what arrives ---------------------------------------------------------

    def receive(self, order: Json, test: bool = False, mdn: str = "") -> Json:
        """Amazon sends an order; the document that Odoo has worked."""
        since = self.amazon.latest()
        return self.arrived(self.amazon.send_order(order, test, mdn), since)[0]

    def arrived(self, sent: Json, since: int) -> list[Json]:
        """Wait for Odoo's MDN and 997 to what was sent, and for its work on it; tell
        of each order."""
        receipt = self.receipt(sent["message_id"], since)
        answer = self.amazon.wait_for(
            lambda event: (
                event["kind"] in ("997-received", "997-invalid")
                and event["po_numbers"] == sent["po_numbers"]
                and not event.get("again")
            ),
            *(STEP_SECONDS, since),
        )
        documents = self.worked(sent)
        for document in documents:
            mark = " test" if document["is_test"] else ""
            self.tell.paper(
                "Amazon",
                f"850 {document['number'] or '(no number)'}{mark}",
                document["interchange_control_number"],
                receipt["disposition"],
                answer.get("verdict", "?"),
                answer.get("seconds") or 0.0,
            )
        if words := answer["words"]:
            self.tell.more("; ".join(words))
        if answer["kind"] == "997-invalid":
            raise Blocked(answer["text"])
        return documents

    def receipt(self, message_id: str, since: int) -> Json:
        """Wait for Odoo's MDN to a message."""
        return self.amazon.wait_for(
            lambda event: (
                event["kind"] == "mdn-received" and event["message_id"] == message_id
            ),
            *(STEP_SECONDS, since),
        )

    def worked(self, sent: Json) -> list[Json]:
        """The orders of an interchange, once Odoo is done with each."""
        domain = [
            *(("direction", "=", "in"), ("code", "=", "850")),
            ("interchange_id.control_number", "in", sent["interchanges"]),
            ("interchange_id.state", "=", "accepted"),
        ]

        def look() -> list[Json]:
            found = self.shop.office.rows(DOCUMENT, domain, SHOWN)
            ready = [each for each in found if each["state"] in WORKED]
            return found if len(ready) >= len(sent["po_numbers"]) else []

        numbers = ", ".join(sent["po_numbers"])
        return until(look, f"850 {numbers} worked by Odoo", STEP_SECONDS)

    def reread(self, document: Json) -> Json:
        """The document once Odoo is done with it, after something let it go on."""

        def look() -> Json | None:
            found = self.shop.office.row(DOCUMENT, [("id", "=", document["id"])], SHOWN)
            return found if found["state"] in WORKED else None

        return until(look, f"850 {document['number']} worked again", STEP_SECONDS)

    # -- what goes out --------------------------------------------------------

    @contextmanager
    def sending(self, code: str, po_number: str) -> Iterator[None]:
        """What is done inside sends a paper about the order: wait for its MDN, 997
        and verdict, and tell of them. Raises `Blocked` where it is not accepted."""
        started, before = time.monotonic(), len(self.verdicts(code, po_number))
        try:
            yield
        except Refused as refused:
            self.tell.line("Odoo", f"refuses the {code} for {po_number}:")
            self.tell.bad(str(refused))
            raise Blocked(f"Odoo refuses the {code}: {refused}") from refused
        self.told(self.settled(code, po_number), started)
        for said in self.verdicts(code, po_number)[before:]:
            self.judged(said)

    def settled(self, code: str, po_number: str) -> Json:
        """The newest paper of that kind about the order, once Amazon has answered."""
        domain = [
            *(("direction", "=", "out"), ("kind", "=", KINDS[code])),
            ("order_number", "=", po_number),
        ]

        def look() -> Json | None:
            document = self.shop.office.row(DOCUMENT, domain, SHOWN)
            return document if document["state"] in SETTLED else None

        return until(look, f"{code} for {po_number} answered", STEP_SECONDS)

    def told(self, document: Json, started: float) -> None:
        carried = self.transmission(document)
        mark = " test" if document["is_test"] else ""
        self.tell.paper(
            "Odoo",
            f"{document['code']} {document['number']}{mark}",
            document["interchange_control_number"] or "none",
            carried.get("mdn_disposition") or "none",
            FUNCTIONAL.get(document["state"], "none"),
            time.monotonic() - started,
        )
        if document["state"] != "accepted":
            self.tell.bad(document["reason"] or "")
            raise Blocked(
                f"{document['code']} is {document['state']}: {document['reason']}"
            )

    def transmission(self, document: Mapping[str, Any]) -> Json:
        if not document["transmission_id"]:
            return {}
        return self.shop.office.row(
            TRANSMISSION,
            [("id", "=", document["transmission_id"])],
            ["message_id", "state", "mdn_disposition", "attempts", "next_attempt"],
        )

    def verdicts(self, code: str, po_number: str) -> list[Json]:
        said = self.amazon.verdicts(po_number)
        return [each for each in said if each["kind"] == code]

    def judged(self, said: Json) -> None:
        """Repeat what Amazon says of a paper. Raises `Blocked` if it rejects it."""
        name = f"{said['kind']} {said['number']}"
        if said["accepted"]:
            self.tell.verdict(f"{name} is accepted.", good=True)
            return
        reasons = "; ".join(said["reasons"])
        self.tell.verdict(f"{name} is rejected: {reasons}.", good=False)
        raise Blocked(f"Amazon rejects the {said['kind']}: {reasons}")

    # -- looking around -------------------------------------------------------

    def order_name(self, order: int) -> str:
        found = self.shop.office.row("sale.order", [("id", "=", order)], ["name"])
        return str(found["name"])

    def state_of(self, order: int) -> str:
        found = self.shop.office.row("sale.order", [("id", "=", order)], ["state"])
        return str(found["state"])


def order_of(
    po_number: str, vendor_code: str, ship_to: str, lines: Sequence[Sequence[Any]]
) -> Json:
    """An order as the simulator takes it; a line is quantity, unit, price (of a
    piece), product, and how many pieces a case holds."""
    return {
        "po_number": po_number,
        "vendor_code": vendor_code,
        "ship_to": ship_to,
        "freight": "CC",
        "lines": [
            {
                **{"quantity": quantity, "unit": unit, "price": price},
                **{"products": [product], "pieces": sum(case) or None},
            }
            for quantity, unit, price, product, *case in lines
        ],
    }
