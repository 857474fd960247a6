"""On a server with several databases the header X-Odoo-Database leads to the right
one."""

from wire import caught, post

from tools import databases, server, templates
from tools.story_road import TRANSMISSION
from tools.story_shop import AS2_ID


def test_header_leads_to_the_database(stage, order):
    message, sent = caught(stage.amazon, order("WHERE1", 1))
    other = databases.name("other")
    databases.copy(templates.addon(), other, durable=False)
    both = (stage.odoo.database, other)
    options = (f"--database={','.join(both)}", f"--db-filter=^({'|'.join(both)})$")
    try:
        with server.running(other, cron_threads=0, options=options) as odoo:
            url = f"{odoo.url}/amazon_b2b/as2"
            assert post(url, message).status == 404
            there = post(url, message, **{"X-Odoo-Database": other})
            assert there.status == 403  # nobody knows that station there
            here = post(url, message, **{"X-Odoo-Database": both[0]})
            assert here.status == 200 and b"processed" in here.body
    finally:
        databases.drop(other)
    domain = [("message_id", "=", f"<{sent['message_id']}>")]
    assert stage.shop.office.count(TRANSMISSION, domain) == 1


def test_station_says_what_leads_to_it(stage):
    """Where one database answers alone, the address is all that is needed."""
    shown = stage.shop.manager.row(
        "amazon.b2b.station", [("as2_id", "=", AS2_ID)], ["receive_url", "receive_hint"]
    )
    assert shown["receive_url"] == f"{stage.odoo.url}/amazon_b2b/as2"
    assert not shown["receive_hint"]
