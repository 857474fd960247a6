from odoo import models
from odoo.exceptions import ConcurrencyError
from psycopg2.errors import DeadlockDetected, LockNotAvailable, SerializationFailure

# conflicts with other workers in one run after which the rest is left to the next
MAX_CONFLICTS = 10
# another worker has the row, or changed it since our snapshot
TAKEN = (SerializationFailure, DeadlockDetected, LockNotAvailable, ConcurrencyError)


class WorkerMixin(models.AbstractModel):
    """Rows that scheduled actions work off: PostgreSQL is the queue."""

    _name = "amazon.b2b.worker.mixin"
    _description = "Amazon: worked off by scheduled actions"

    def _work_off(self, domain, limit, work):
        """Claim, work and commit, batch by batch, until nothing is due or time is up.

        A row that another worker has is skipped; one that another worker has changed
        and committed since our snapshot raises 40001, which means "taken" and not
        "failed": the batch is rolled back and claimed anew.

        :param domain: what is due
        :param limit: rows of one batch, which is one transaction
        :param work: called with each batch; must move its rows out of the domain
        """
        cron, conflicts = self.env["ir.cron"], 0
        while conflicts < MAX_CONFLICTS:
            try:
                batch = self.search(domain, order="id", limit=limit)
                batch = batch.try_lock_for_update()
                if not batch:
                    return
                work(batch)
                self.env.flush_all()
                left = self.search_count(domain)
                if not cron._commit_progress(len(batch), remaining=left):
                    return
            except TAKEN:
                self.env.cr.rollback()
                conflicts += 1
            self.env.invalidate_all()
