"""Waking Odoo's scheduled actions once for all that arrives within a moment.

``ir.cron._trigger`` writes a row and, after the commit, wakes the cron workers through
a connection and a transaction of their own: longer than storing a message takes, and
PostgreSQL lets only one such transaction commit at a time. Here the row is written as
well, with what it announces; the first one wakes at once, and for all that follow
within :data:`PAUSE` this process wakes once more at its end. Should it be killed before
that, the rows are found when the cron workers look round by themselves, every minute.
"""

import threading
import time
from functools import partial

from odoo import fields, sql_db
from odoo.addons.base.models.ir_cron import ODOO_NOTIFY_FUNCTION
from odoo.tools import SQL

PAUSE = 0.25  # seconds

_lock = threading.Lock()
_quiet_until = {}  # database: when it may be woken again, monotonic
_waiting = set()  # databases that will be


def trigger(env, name):
    """Run the scheduled action ``name`` (external id) once this is committed."""
    # remembered; env.ref() would ask whether it still exists
    cron = env["ir.model.data"]._xmlid_to_res_id(name, raise_if_not_found=True)
    env.cr.execute(
        SQL(
            "INSERT INTO ir_cron_trigger (cron_id, call_at) VALUES (%s, %s)",
            cron,
            fields.Datetime.now(),
        )
    )
    env.cr.postcommit.add(partial(wake, env.cr.dbname))


def wake(database):
    """Wake the cron workers of ``database`` now, or soon where that was just done."""
    with _lock:
        if database in _waiting:
            return
        rest = _quiet_until.get(database, 0) - time.monotonic()
        if rest > 0:
            _waiting.add(database)
            threading.Timer(rest, _wake_late, [database]).start()
            return
        _quiet_until[database] = time.monotonic() + PAUSE
    _notify(database)


def _wake_late(database):
    with _lock:
        _waiting.discard(database)
        _quiet_until[database] = time.monotonic() + PAUSE
    _notify(database)


def _notify(database):
    """As ``ir.cron._notifydb`` does it."""
    with sql_db.db_connect("postgres").cursor() as cr:
        function = SQL.identifier(ODOO_NOTIFY_FUNCTION)
        cr.execute(SQL("SELECT %s('cron_trigger', %s)", function, database))
