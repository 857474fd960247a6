"""A server without wkhtmltopdf: Odoo's Send dialog says so, the button does without."""

import os

import pytest

from tools import server, story_work
from tools.story_person import Person, Refused
from tools.story_road import ROAD
from tools.story_shop import PASSWORD


@pytest.fixture
def office(stage, tmp_path):
    """The office at another server of the same database, whose path is empty."""
    options = {"cron_threads": 0, "environ": {"PATH": os.fspath(tmp_path)}}
    with server.running(stage.odoo.database, **options) as odoo:
        yield Person(odoo.url, "office", PASSWORD, odoo.database)


def test_dialog_says_what_is_missing_and_the_button_sends(stage, order, office):
    document = stage.receive(order("NOPDF1", 5))
    stage.expected["NOPDF1"] = ROAD
    with stage.sending("855", "NOPDF1"):
        story_work.acknowledge(
            stage, story_work.accepted(stage, document["sale_order_id"])
        )
    with stage.sending("856", "NOPDF1"):
        picking = story_work.delivery(stage, document["sale_order_id"])
        story_work.pack(stage, picking)
        story_work.depart(stage, picking)
    move = story_work.bill(stage, document["sale_order_id"])

    action = office.press("account.move", move, "action_send_and_print")
    wizard = office.fill(action["res_model"], {}, action["context"])
    shown = office.rows(action["res_model"], [("id", "=", wizard)], ["alerts"])[0]
    assert "wkhtmltopdf is missing" in shown["alerts"]["amazon_b2b_pdf"]["message"]
    with pytest.raises(Refused, match="Unable to find Wkhtmltopdf"):
        office.press(action["res_model"], wizard, "action_send_and_print")
    with stage.sending("810", "NOPDF1"):
        office.press("account.move", move, "action_amazon_b2b_send")
    assert stage.verdicts("810", "NOPDF1")[-1]["accepted"]
