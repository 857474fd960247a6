"""A seller connects an account: a real browser, a stand-in Amazon, and more than one
Odoo process at the same tokens and buckets."""

import subprocess
from concurrent.futures import ThreadPoolExecutor

import pytest

from tools import chromium, databases, server

CONNECTION = "amazon.b2b.connection"
SELLER, GERMANY = "A2SELLERONE", "A1PA6795UKMFR9"
OPERATION, BURST = "getMarketplaceParticipations", 15
SYNCHRONISE = "action_synchronise"
PROCESSES = 2
SECONDS = 120
# each calls one operation until its bucket is empty; none before all are there
CALLER = """
import os, time
from pathlib import Path
from odoo.addons.amazon_b2b_connector import spapi
client = env["amazon.b2b.connection"].browse({connection})._client()
Path({folder!r}, str(os.getpid())).touch()
while len(os.listdir({folder!r})) < {processes}:
    time.sleep(0.01)
# whoever gets it has the connection's row locked, as work on it may have
env.cr.execute(
    "SELECT 1 FROM amazon_b2b_connection WHERE id = %s FOR UPDATE SKIP LOCKED",
    [{connection}],
)
made = 0
try:
    while made < 2 * {burst}:
        client.call({operation!r})
        made += 1
except spapi.NotYet:
    pass
print("made", made)
"""


@pytest.fixture(scope="module")
def amazon(amazon_seller):
    amazon_seller.put_seller(
        SELLER, store_name="Kettles & Co", marketplaces=["DE", "FR", "PL"]
    )
    return amazon_seller


@pytest.fixture(scope="module")
def connection(manager, seller_odoo, amazon, tmp_path_factory):
    """A connection that a person authorised in a browser."""
    made = manager.fill(
        CONNECTION,
        {"name": "Amazon Europe", "kind": "seller", "home_marketplace": GERMANY},
    )
    form = f"{seller_odoo.url}/odoo/{CONNECTION}/{made}"
    with chromium.page(tmp_path_factory.mktemp("browser")) as page:
        page.open(form)
        page.type("#login", "admin")
        page.type("#password", "admin")
        page.click("button[type=submit]", "Log in")
        page.click("button[name=action_authorise]", "Authorise")
        page.until_text("Kettles & Co")
        page.click("input[name=agreed]")
        page.click("button", "Confirm")
        page.until_text("Authorised")
        assert page.run("location.href") == form
        page.until_text("Amazon.pl")
    return made


def test_consent_in_a_browser_connects_the_account(manager, connection, amazon):
    found = manager.row(
        CONNECTION,
        [("id", "=", connection)],
        ["authorisation_state", "authorisation_problem", "seller_id", "missing_roles"],
    )
    assert found["authorisation_state"] == "ok"
    assert not found["authorisation_problem"]
    assert not found["missing_roles"]
    assert found["seller_id"] == SELLER
    lines = manager.rows(
        "amazon.b2b.marketplace", [("connection_id", "=", connection)], ["name"]
    )
    assert {line["name"] for line in lines} == {"Amazon.de", "Amazon.fr", "Amazon.pl"}


def test_processes_at_once_share_one_token_and_stay_in_one_bucket(
    seller_odoo, connection, amazon, tmp_path
):
    amazon.refill_buckets()
    with databases.cursor(seller_odoo.database) as cr:
        cr.execute("DELETE FROM amazon_b2b_rate_bucket")
        cr.execute("UPDATE amazon_b2b_access_token SET expires = '2020-01-01'")
    amazon.clear_counters()
    since = max(each["seq"] for each in amazon.events())
    script = CALLER.format(
        connection=connection,
        operation=OPERATION,
        burst=BURST,
        folder=str(tmp_path),
        processes=PROCESSES,
    )

    def process(_number):
        ended = subprocess.run(
            server.command(
                "shell",
                f"--database={seller_odoo.database}",
                "--no-http",
                "--log-level=error",
            ),
            input=script,
            capture_output=True,
            text=True,
            timeout=SECONDS,
        )
        assert not ended.returncode, ended.stderr
        # a lost race is no error
        assert "bad query" not in ended.stderr
        return ended.stdout

    with ThreadPoolExecutor(PROCESSES) as pool:
        told = list(pool.map(process, range(PROCESSES)))
    made = [int(text.split("made")[1].split()[0]) for text in told]
    counted = amazon.counters(SELLER)[OPERATION]
    assert counted["throttled"] == 0
    assert sum(made) == counted["calls"] >= BURST
    assert all(made)
    given = [each for each in amazon.events(since) if each["kind"] == "token"]
    assert len(given) == 1


def test_every_call_is_in_the_log(manager, connection, amazon):
    logged = manager.count(
        "amazon.b2b.call",
        [("connection_id", "=", connection), ("operation", "=", OPERATION)],
    )
    # those before the counters were cleared: at setting up, and trying its role
    assert logged == amazon.counters(SELLER)[OPERATION]["calls"] + 2


def test_synchronise_does_not_wait_for_who_is_asking_amazon(
    seller_odoo, manager, connection
):
    with databases.cursor(seller_odoo.database) as cr, ThreadPoolExecutor(1) as pool:
        cr.execute("BEGIN; SELECT 1 FROM amazon_b2b_poll FOR UPDATE")
        pressed = pool.submit(manager.press, CONNECTION, connection, SYNCHRONISE)
        try:
            assert "read from Amazon now" in pressed.result(20)["params"]["message"]
        finally:
            cr.execute("ROLLBACK")


def test_revoked_account_says_authorise_again(manager, connection, amazon):
    amazon.revoke(SELLER)
    manager.press(CONNECTION, connection, "action_set_up")
    found = manager.row(
        CONNECTION,
        [("id", "=", connection)],
        ["authorisation_state", "authorisation_problem"],
    )
    assert found["authorisation_state"] == "again"
    assert "authorise the connection again" in found["authorisation_problem"]
