"""Upgraded, then taken away after some business: nothing of ours stays, and all that
is Odoo's does."""

import subprocess
import sys

import pytest

from simulator.client import Simulator
from tools import databases, server, story_work, templates, venv
from tools.story_person import Person
from tools.story_road import Stage
from tools.story_shop import set_up
from tools.story_tell import Teller

ADDON = "amazon_b2b_connector"

# what Odoo's tables may hold of ours: each gives what it found as rows of one name
REMAINS = {
    "tables, indexes, sequences": "SELECT relname FROM pg_class"
    " WHERE relname LIKE '%amazon\\_b2b%'",
    "columns": "SELECT table_name || '.' || column_name"
    " FROM information_schema.columns WHERE column_name LIKE '%amazon\\_b2b%'",
    "constraints": "SELECT conname FROM pg_constraint"
    " WHERE conname LIKE '%amazon\\_b2b%'",
    # Odoo's own entry for the module itself stays in its list of modules
    "external ids": "SELECT module || '.' || name FROM ir_model_data"
    " WHERE (module = 'amazon_b2b_connector' OR name LIKE '%amazon\\_b2b%'"
    "        OR model LIKE 'amazon.b2b.%')"
    " AND (module, name) <> ('base', 'module_amazon_b2b_connector')",
    "models": "SELECT model FROM ir_model WHERE model LIKE 'amazon.b2b.%'",
    "fields": "SELECT model || '.' || name FROM ir_model_fields"
    " WHERE name LIKE '%amazon\\_b2b%' OR model LIKE 'amazon.b2b.%'"
    " OR relation LIKE 'amazon.b2b.%'",
    "scheduled actions": "SELECT cron_name FROM ir_cron"
    " WHERE cron_name LIKE '%Amazon%'",
    "actions": "SELECT name->>'en_US' FROM ir_actions"
    " WHERE name->>'en_US' LIKE '%Amazon%'",
    "system parameters": "SELECT key FROM ir_config_parameter"
    " WHERE key LIKE '%amazon%'",
    "number sequences": "SELECT name FROM ir_sequence"
    " WHERE name LIKE '%Amazon%' OR code LIKE '%amazon%'",
    "views": "SELECT name FROM ir_ui_view WHERE model LIKE 'amazon.b2b.%'"
    " OR arch_db::text LIKE '%amazon\\_b2b%'",
    "menus": "SELECT name->>'en_US' FROM ir_ui_menu"
    " WHERE name->>'en_US' LIKE '%Amazon%'",
    "groups": "SELECT name->>'en_US' FROM res_groups"
    " WHERE name->>'en_US' LIKE '%Amazon%'",
    "rules": "SELECT name FROM ir_rule WHERE name LIKE '%Amazon%'",
    "attachments": "SELECT name FROM ir_attachment WHERE res_model LIKE 'amazon.b2b.%'",
    "messages": "SELECT subject FROM mail_message WHERE model LIKE 'amazon.b2b.%'",
    "activities": "SELECT summary FROM mail_activity"
    " WHERE res_model LIKE 'amazon.b2b.%'",
    "followers": "SELECT res_model FROM mail_followers"
    " WHERE res_model LIKE 'amazon.b2b.%'",
}


@pytest.fixture(scope="module")
def used(tmp_path_factory, order):
    """A database in which an order went all the way to its invoice: its name, and the
    ids of what Odoo keeps of it."""
    database = databases.name("uninstall")
    databases.copy(templates.addon(), database, durable=False)
    tell = Teller(sys.__stdout__)
    folder = tmp_path_factory.mktemp("uninstall")
    try:
        with (
            Simulator(folder, python=str(venv.python())) as amazon,
            server.running(database, workers=2) as odoo,
        ):
            stage = Stage(tell, odoo, amazon, set_up(tell, odoo, amazon))
            document = stage.receive(order("LEAVE1", 10, 3))
            story_work.fulfil(stage, document["sale_order_id"], "LEAVE1")
        yield database, document["sale_order_id"]
    finally:
        databases.drop(database)


def run(*arguments):
    """Run Odoo to its end; its log."""
    done = subprocess.run(
        server.command(*arguments),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=True,
    )
    return done.stdout


def complaints(log):
    return [
        line for line in log.splitlines() if " ERROR " in line or " WARNING " in line
    ]


def rows(database):
    """{what: the names that are left of ours}"""
    with databases.cursor(database) as cr:
        left = {}
        for what, query in REMAINS.items():
            cr.execute(query)
            if names := sorted({str(row[0]) for row in cr.fetchall()}):
                left[what] = names
        return left


def test_upgraded_then_uninstalled_leaves_nothing_but_odoos_own(used):
    database, order = used
    assert set(rows(database)) >= {"tables, indexes, sequences", "columns", "messages"}
    log = run(
        f"--database={database}", f"--update={ADDON}", "--stop-after-init", "--no-http"
    )
    assert complaints(log) == []
    log = run("module", "uninstall", "--database", database, ADDON)
    assert complaints(log) == []
    assert rows(database) == {}
    with server.running(database) as odoo:
        admin = Person(odoo.url, "admin", "admin", database)
        kept = admin.row(
            "sale.order",
            [("id", "=", order)],
            ["state", "amount_total", "picking_ids", "invoice_ids"],
        )
        assert kept["state"] == "sale" and kept["amount_total"]
        for model, records in (
            ("sale.order", [order]),
            ("stock.picking", kept["picking_ids"]),
            ("account.move", kept["invoice_ids"]),
        ):
            assert records
            shown = admin.call(model, "get_views", [(False, "form"), (False, "list")])
            fields = {
                name: {} for name in shown["models"][model]["fields"] if name != "id"
            }
            assert admin.call(model, "web_read", records, fields)
