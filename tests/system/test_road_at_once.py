"""The same message posted twice at the same time is one message."""

import threading
from concurrent.futures import ThreadPoolExecutor

from test_road import states_of
from wire import caught, post

from tools.story_road import DOCUMENT

PAIRS = 5


def post_twice_at_once(url, message):
    start = threading.Barrier(2)

    def one():
        start.wait()
        return post(url, message)

    with ThreadPoolExecutor(2) as pool:
        return [each.result() for each in [pool.submit(one), pool.submit(one)]]


def test_two_at_once_are_one_and_get_the_same_mdn(stage, order):
    message, sent = caught(stage.amazon, order("TWICE0", 1))
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
