"""Odoo processes are started, killed and stopped completely, and lose nothing."""

import os
import urllib.request

import psutil
import pytest

from tools import databases, server, templates


@pytest.fixture(scope="module")
def database():
    """A database of this module's own with the addon installed."""
    name = databases.name("servers")
    databases.copy(templates.addon(), name)
    yield name
    databases.drop(name)


def members(group):
    """The processes of a process group that still run."""
    return [
        process
        for process in psutil.process_iter(["status"])
        if process.info["status"] != psutil.STATUS_ZOMBIE
        and group_of(process.pid) == group
    ]


def group_of(pid):
    try:
        return os.getpgid(pid)
    except ProcessLookupError:
        return None


@pytest.mark.parametrize("workers", [0, 2])
def test_killed_server_leaves_no_process(database, workers):
    odoo = server.start(database, workers=workers)
    try:
        assert len(members(odoo.process.pid)) > workers
    finally:
        odoo.kill()
    assert members(odoo.process.pid) == []


def test_server_serves_the_addon(database):
    with server.running(database, workers=2) as odoo:
        with urllib.request.urlopen(f"{odoo.url}/web/login") as answer:
            assert answer.status == 200
        with databases.cursor(database) as cr:
            cr.execute(
                "SELECT state FROM ir_module_module WHERE name = 'amazon_b2b_connector'"
            )
            assert cr.fetchone() == ("installed",)
    assert members(odoo.process.pid) == []


def test_copies_differ_in_identity(database):
    identity = "SELECT value FROM ir_config_parameter WHERE key = 'database.uuid'"
    seen = set()
    for name in (database, databases.name("twin")):
        if name != database:
            databases.copy(templates.addon(), name)
        with databases.cursor(name) as cr:
            cr.execute(identity)
            seen.add(cr.fetchone())
    databases.drop(databases.name("twin"))
    assert len(seen) == 2


def test_server_that_cannot_start_says_why(database):
    with pytest.raises(server.Stop, match="Odoo ended .*read "):
        server.start(database, options=["--no-such-option"])
