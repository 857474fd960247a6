"""The same message posted twice at the same time is one message."""

import threading
from concurrent.futures import ThreadPoolExecutor

from test_road import states_of
from wire import caught, post

from tools.story_person import until
from tools.story_road import DOCUMENT, STEP_SECONDS, TRANSMISSION
from tools.story_work import accepted, acknowledge

PAIRS = 5
LATE = 8  # seconds


def post_twice_at_once(url, message):
    start = threading.Barrier(2)

    def one():
        start.wait()
        return post(url, message)

    with ThreadPoolExecutor(2) as pool:
        return [each.result() for each in [pool.submit(one), pool.submit(one)]]


def errors(stage, before):
    """What Odoo logged as an error since its log had ``before`` bytes."""
    lines = stage.odoo.log.read_bytes()[before:].decode(errors="replace").splitlines()
    return [line for line in lines if " ERROR " in line or "bad query" in line]


def test_two_at_once_are_one_and_get_the_same_mdn(stage, order):
    message, sent = caught(stage.amazon, order("TWICE0", 1))
    before = stage.odoo.log.stat().st_size
    for number in range(PAIRS):
        repeated = message.named(f"{sent['message_id']}-{number}")
        first, second = post_twice_at_once(stage.shop.receive_url, repeated)
        assert (first.status, second.status) == (200, 200)
        assert first.body == second.body and b"disposition-notification" in first.body
        states = states_of(stage, {"message_id": f"{sent['message_id']}-{number}"})
        assert states == ["decoded", "duplicate"]
    stage.worked({**sent, "po_numbers": ["TWICE0"]})
    made = stage.shop.office.count("sale.order", [("amazon_b2b_number", "=", "TWICE0")])
    done = [("number", "=", "TWICE0"), ("state", "=", "done")]
    assert (made, stage.shop.office.count(DOCUMENT, done)) == (1, 1)
    assert errors(stage, before) == []


def test_997_and_mdn_that_cross_are_no_error(stage, order):
    """The 997 is worked, and a person looks in, while the sender awaits the MDN."""
    document = stage.receive(order("CROSS1", 5))
    before, office = stage.odoo.log.stat().st_size, stage.shop.office
    stage.amazon.fault("late-mdn", set="855", seconds=LATE)
    acknowledge(stage, accepted(stage, document["sale_order_id"]))
    domain = [("kind", "=", "acknowledgement"), ("order_number", "=", "CROSS1")]

    def told():
        return office.row(DOCUMENT, domain, ["state", "transmission_id"])

    def carried():
        domain = [("id", "=", told()["transmission_id"])]
        return office.row(TRANSMISSION, domain, ["state"])["state"]

    until(lambda: told()["state"] == "accepted", "997 applied", STEP_SECONDS)
    assert carried() == "ready", "the MDN came first: nothing crossed"
    until(lambda: carried() == "delivered", "MDN taken", STEP_SECONDS)
    assert told()["state"] == "accepted"
    assert errors(stage, before) == []
