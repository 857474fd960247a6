"""Scanners at once on one order: each scan counts once, never more than ordered."""

import threading
from concurrent.futures import ThreadPoolExecutor

from tools import story_work
from tools.story_person import Person, Refused
from tools.story_shop import KETTLE, PASSWORD

ACKNOWLEDGEMENT = story_work.ACKNOWLEDGEMENT
SCANNERS = 4
ORDERED = 3


def at_once(jobs):
    """What each of `jobs` gives; they start together."""
    start = threading.Barrier(len(jobs))

    def one(job):
        start.wait()
        return job()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(one, jobs))


def scanner(stage, form):
    """A device of its own at the form: `scan(uuid)`."""
    person = Person(stage.odoo.url, "warehouse", PASSWORD, stage.odoo.database)

    def scan(uuid):
        return person.call(ACKNOWLEDGEMENT, "scan", [form], KETTLE.barcode, uuid)

    return scan


def scanned(stage, form):
    lines = stage.shop.warehouse.rows(
        f"{ACKNOWLEDGEMENT}.line",
        [("acknowledgement_id", "=", form)],
        ["scanned_qty"],
    )
    return [line["scanned_qty"] for line in lines]


def test_scans_at_once_count_once_each_and_stop_at_the_order(stage, order):
    document = stage.receive(order("SCAN01", ORDERED))
    form = story_work.acknowledgement(stage, document["sale_order_id"])
    devices = [scanner(stage, form) for _ in range(SCANNERS)]

    same = at_once([lambda scan=scan: scan("same") for scan in devices])
    assert all(answer == same[0] for answer in same), same
    assert scanned(stage, form) == [1]

    jobs = [lambda n=n, scan=scan: scan(f"own-{n}") for n, scan in enumerate(devices)]
    own = at_once(jobs)
    assert sum(answer["ok"] for answer in own) == ORDERED - 1
    assert all("Too many" in a["message"] for a in own if not a["ok"])
    assert scanned(stage, form) == [ORDERED]


def test_two_people_at_once_acknowledge_once(stage, order):
    document = stage.receive(order("SCAN02", ORDERED))
    form = story_work.accepted(stage, document["sale_order_id"])

    def acknowledge(person):
        try:
            return person.press(ACKNOWLEDGEMENT, form, "action_acknowledge")
        except Refused as refused:
            return str(refused)

    people = [
        Person(stage.odoo.url, "warehouse", PASSWORD, stage.odoo.database)
        for _ in range(2)
    ]
    said = at_once([lambda person=person: acknowledge(person) for person in people])
    assert said.count(True) == 1
    assert any("is acknowledged" in str(each) for each in said), said
    sent = [
        ("sale_order_id", "=", document["sale_order_id"]),
        ("kind", "=", "acknowledgement"),
    ]
    assert stage.shop.office.count("amazon.b2b.document", sent) == 1
    stage.settled("855", "SCAN02")
