"""The answer never waits for the business: MDN within a second while crons work."""

import time
from concurrent.futures import ThreadPoolExecutor

from wire import caught, post

from tools.databases import cursor
from tools.story_person import until
from tools.story_road import STEP_SECONDS

MESSAGES = 200
AT_ONCE = 2  # as many as there are workers for HTTP
LIMIT = 1.0  # seconds, at the 99th percentile
# business for longer than the measurement takes
ORDERS, LINES = 600, 10


def waiting(database):
    """{lane: orders that wait to be worked}"""
    with cursor(database) as cr:
        cr.execute(
            "SELECT lane, count(*) FROM amazon_b2b_document"
            " WHERE state = 'new' AND direction = 'in' GROUP BY lane"
        )
        return dict(cr.fetchall())


def keep_busy(stage, order):
    """Give every worker of scheduled actions orders to import; returns when each has
    begun."""
    many = [order(f"BUSY{number:04}", *[1] * LINES) for number in range(ORDERS)]
    stage.amazon.send_orders([many])
    database = stage.odoo.database
    until(lambda: len(waiting(database)) == 2, "orders in both lanes", STEP_SECONDS)


def timed(url, message):
    started = time.monotonic()
    answer = post(url, message)
    seconds = time.monotonic() - started
    assert answer.status == 200 and b"processed" in answer.body
    return seconds


def test_mdn_within_a_second_while_all_crons_work(stage, order, capsys):
    message, sent = caught(stage.amazon, order("BUSYNO", 1))
    url = stage.shop.receive_url
    messages = [message.named(f"{sent['message_id']}-{n}") for n in range(MESSAGES)]
    keep_busy(stage, order)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        seconds = sorted(pool.map(lambda each: timed(url, each), messages))
    assert len(waiting(stage.odoo.database)) == 2, "the crons were not busy throughout"
    worst = seconds[MESSAGES * 99 // 100 - 1]
    with capsys.disabled():
        print(
            f"\n  MDN while all crons work: median {seconds[MESSAGES // 2]:.3f} s, 99th"
            f" percentile {worst:.3f} s, slowest {seconds[-1]:.3f} s"
        )
    assert worst < LIMIT
