"""Short transactions of their own, beside the one that does the business."""

import random
import time

from odoo import fields

from .worker import TAKEN

TRIES = 30
LONGEST_PAUSE = 0.1  # seconds


def apart(env, work):
    """Call ``work(cr)`` in a new transaction and commit it; again after a conflict.

    For what must hold whatever becomes of the caller's transaction, and must not keep
    rows locked until it ends: rate buckets, access tokens, the log of calls.

    :return: what ``work`` returned
    """
    for remaining in reversed(range(TRIES)):
        try:
            with env.registry.cursor() as cr:  # which commits at the end
                return work(cr)
        except TAKEN:
            if not remaining:
                raise
        time.sleep(random.uniform(0, LONGEST_PAUSE))
    raise AssertionError("unreachable")


def quietly(cr, statement, values=()):
    """Run a statement that may lose a race: that is no error, and Odoo's log has
    none."""
    cr.execute(statement, values, log_exceptions=False)


class Loose(fields.Many2one):
    """A many2one without a foreign key.

    PostgreSQL checks a foreign key by locking the row that it leads to. A row written
    apart would then wait for the caller's transaction, which waits for it. Who deletes
    the target takes care of what leads there.
    """

    def update_db_foreign_key(self, model, column):
        """None is wanted."""
