"""The story that `./dev demo` tells, once everything is set up.

A stand-in Amazon (`simulator/`) and a real Odoo, prefork with its scheduled actions
in processes of their own, exchange papers over HTTP on loopback; people work at
their forms over JSON-RPC. The exit status is 0 only if Amazon accepted everything.
"""

import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from simulator.client import Simulator

from . import (
    databases,
    ports,
    server,
    story_books,
    story_files,
    story_mishaps,
    story_seller,
    story_work,
    templates,
    venv,
)
from .console import Stop
from .paths import LOCAL
from .story_road import ROAD, STUCK, WORKERS, Json, Stage, order_of
from .story_shop import (
    FROTHER,
    KETTLE,
    PASSWORD,
    TOASTER,
    VENDOR_CODE,
    WAREHOUSE_CODE,
    set_up,
)
from .story_tell import Teller

STATE = LOCAL / "amazon"
Told = TypeVar("Told")

KETTLES = (24, "EA", "9.50", ("EN", KETTLE.barcode))
TOASTERS = (4, "CA", "20", ("VN", TOASTER.reference), TOASTER.case)
FROTHERS = (6, "EA", "7.25", ("EN", FROTHER.barcode))
WAFFLE_IRONS = (5, "EA", "31.50", ("EN", story_mishaps.UNKNOWN_EAN))

ORDERS = {
    po_number: order_of(po_number, VENDOR_CODE, WAREHOUSE_CODE, lines)
    for po_number, lines in {
        "4HQ7EBLG": ((10, *KETTLES[1:]), TOASTERS, FROTHERS),
        "2WN5KQRT": (KETTLES, WAFFLE_IRONS),
        "T0000001": (KETTLES,),
        "7DXM31PA": (KETTLES, FROTHERS),
        "9RB6ZC4E": (TOASTERS,),
    }.items()
}


def main(arguments: list[str]) -> int:
    files = [Path(name) for name in arguments]
    for file in files:
        if not file.is_file():
            raise Stop(f"{file} is no file: name files with X12 850 purchase orders")
    tell = Teller()
    tell.heading("Amazon's purchase order, from the AS2 message to the invoice")
    database = databases.name("demo")
    databases.copy(templates.addon(), database)
    shutil.rmtree(STATE, ignore_errors=True)
    with Simulator(STATE, python=str(venv.python())) as amazon:
        tell.line("Amazon", f"is a simulator at {amazon.ready['as2_url']}")
        port = ports.free(server.DEFAULT_PORT)
        odoo = server.start(database, port=port, workers=WORKERS)
        try:
            tell.line("Odoo", f"runs at {odoo.url}, {WORKERS} workers and 2 for crons")
            tell.chapter("Kettle Works is set up")
            stage = Stage(tell, odoo, amazon, set_up(tell, odoo, amazon))
        except BaseException:
            odoo.stop()
            raise
        try:
            return play(stage, files)
        finally:
            stage.odoo.stop()


def play(stage: Stage, files: list[Path]) -> int:
    if files:
        story_files.tell_of(stage, files)
    else:
        _whole(stage)
    story_books.close(stage)
    story_books.summary(stage)
    if not files:
        story_seller.play(stage)
    return _end(stage)


def _whole(stage: Stage) -> None:
    first, unknown, test, receiving, sending = ORDERS.values()
    act = partial(_chapter, stage)
    act("An order, all the way", main_road, first)
    # what is cut off goes on by itself while other orders come
    unsent = act(
        *("Odoo killed between sending and MDN", story_mishaps.killed_while_sending),
        sending,
    )
    unread = act(
        "Odoo killed between receiving and processing",
        *(story_mishaps.killed_while_receiving, receiving),
    )
    act("A test order", story_mishaps.test_order, test)
    if unread:
        act(
            "Back to the order that Odoo had not looked at",
            *(story_mishaps.received_after_all, unread),
        )
    act("A product that Odoo does not know", story_mishaps.unknown_product, unknown)
    if unsent:
        # the messages of the next chapter wake what is due
        story_mishaps.wait_until_due(stage, unsent)
    act("Sent twice", story_mishaps.sent_twice, first)
    if unsent:
        act(
            "Back to the acknowledgement whose MDN was lost",
            *(story_mishaps.sent_again, unsent),
        )


def _chapter(
    stage: Stage, title: str, act: Callable[[Stage, Any], Told], about: Any
) -> Told | None:
    """One chapter; what ends it early is told and kept for the end."""
    stage.tell.chapter(title)
    try:
        return act(stage, about)
    except STUCK as error:
        stage.tell.bad(str(error))
        stage.problems.append(f"{title}: {error}")
        return None


def main_road(stage: Stage, order: Json) -> None:
    """Scanned item by item, one line short."""
    po_number = order["po_number"]
    stage.expected[po_number] = ROAD
    document = stage.receive(order)
    record = document["sale_order_id"]
    stage.tell.line("Odoo", f"makes {stage.order_name(record)} of it, by itself")
    form = story_work.acknowledgement(stage, record)
    stage.tell.line("Warehouse", "scans")
    for barcode, times in (
        (KETTLE.barcode, 10),
        (TOASTER.barcode, TOASTER.case * 4),
        (FROTHER.barcode, 3),
    ):
        stage.tell.more(story_work.scan(stage, form, barcode, times))
    for _ in range(2):  # the network hiccups: the same scan comes twice
        said = story_work.scan_as(stage, form, FROTHER.barcode, "scanner-again")
    stage.tell.more(f"{said}, the last scan sent twice and counted once")
    stage.tell.more(story_work.scan(stage, form, "4006381333931"))
    with stage.sending("855", po_number):
        story_work.acknowledge(stage, form)
    story_work.ship_and_bill(stage, record, po_number)


def _end(stage: Stage) -> int:
    tell = stage.tell
    tell.heading("Look at it in the browser")
    tell.facts(
        {
            "start it": "./dev serve",
            "then open": f"{stage.odoo.url}/odoo, menu Amazon (serve says the address)",
            "as manager": "admin, password admin",
            "as colleagues": f"warehouse or office, password {PASSWORD}",
        }
    )
    if stage.problems:
        tell.heading("What did not work" if stage.expected else "Nothing was ordered")
        for problem in dict.fromkeys(stage.problems):
            tell.bad(problem)
        return 1
    tell.heading(f"Amazon accepted everything, after {tell.seconds():.0f} s.")
    return 0
