"""The road of an order, and Odoo killed on it: nothing is lost, nothing is doubled."""

import threading

from wire import Cut, Message, post, tapped

from tools import story_books, story_mishaps, story_work
from tools.story_person import until
from tools.story_road import ROAD, STEP_SECONDS, TRANSMISSION

SECONDS = 120


def accepted_kinds(stage, po_number):
    said = stage.amazon.verdicts(po_number)
    assert all(each["accepted"] for each in said), said
    return [each["kind"] for each in said]


def test_order_is_acknowledged_shipped_and_invoiced(stage, order):
    document = stage.receive(order("ROAD01", 10, 3))
    story_work.fulfil(stage, document["sale_order_id"], "ROAD01")
    assert accepted_kinds(stage, "ROAD01") == list(ROAD)
    assert story_books.wrong(stage) == []


def test_killed_before_decoding_loses_nothing(stage, order):
    cut = story_mishaps.killed_while_receiving(stage, order("KILL01", 5))
    wake(stage, order("WAKE01", 1))
    story_mishaps.received_after_all(stage, cut)
    assert accepted_kinds(stage, "KILL01") == list(ROAD)
    assert story_books.wrong(stage) == []


def test_killed_before_the_mdn_sends_the_same_again(stage, order):
    """The 855 is at Amazon; what Odoo sends again is known there as a duplicate."""
    document = story_mishaps.killed_while_sending(stage, order("KILL02", 5))
    told = stage.settled("855", "KILL02")
    stage.shop.office.press(TRANSMISSION, told["transmission_id"], "action_resend")
    story_mishaps.sent_again(stage, document)
    assert accepted_kinds(stage, "KILL02") == list(ROAD)
    assert stage.problems == []
    assert story_books.wrong(stage) == []


def test_killed_before_answering_gives_the_first_mdn_again(stage, order):
    """Odoo has stored the 850 and its MDN never arrives; what Amazon sends again is
    known here as a duplicate."""
    url, answers, killed = stage.shop.receive_url, [], threading.Event()

    def forward(message):
        if killed.is_set() and stage.odoo.process.poll() is not None:
            return Message({}, b"", 503)
        answers.append(post(url, message))
        if not killed.is_set():
            killed.set()
            stage.odoo.kill()
            raise Cut
        return answers[-1]

    since = stage.amazon.latest()
    with tapped(stage.amazon, forward):
        sent = stage.amazon.send_order(order("KILL03", 5))
        assert killed.wait(SECONDS)
        stage.restart()
        stage.receipt(sent["message_id"], since)
        wake(stage, order("WAKE02", 1))
        document = stage.arrived(sent, since)[0]
    assert answers[1].body == answers[0].body
    story_work.fulfil(stage, document["sale_order_id"], "KILL03")
    assert states_of(stage, sent) == ["decoded", "duplicate"]
    assert story_books.wrong(stage) == []


def wake(stage, order):
    """Another message: Odoo's scheduled actions look for work when one comes, else up
    to a minute after a start."""
    stage.receive(order)


def states_of(stage, sent):
    """The states of the transmissions that bear a message's id, once decoded."""
    domain = [("message_id", "=", f"<{sent['message_id']}>")]

    def look():
        rows = stage.shop.office.rows(TRANSMISSION, domain, ["state"])
        states = [row["state"] for row in rows]
        return states if "received" not in states else None

    return until(look, "decoded", STEP_SECONDS)
