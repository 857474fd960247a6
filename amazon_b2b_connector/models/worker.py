from odoo import models
from odoo.exceptions import ConcurrencyError
from odoo.tools import SQL
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
                batch = self._claim(domain, limit)
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

    def _claim(self, domain, limit=None, *, wait=False):
        """Lock what is due, in order, and return it; what others have is left out.

        One statement, so that its snapshot is as fresh as its locks, and one that
        does not log its failure: losing a race to another worker is no error.

        :param wait: wait for those who have some of it, instead
        :raise SerializationFailure: another changed a row since our snapshot; it
            comes in a moment, to a new transaction
        """
        query = self._search(domain, order="id", limit=limit)
        statement = SQL(
            "%s FOR UPDATE OF %s %s",
            query.select(),
            SQL.identifier(self._table),
            SQL() if wait else SQL("SKIP LOCKED"),
        )
        self.env.flush_query(statement)
        self.env.cr.execute(statement, log_exceptions=False)
        return self.browse(row[0] for row in self.env.cr.fetchall())

    def _claim_all(self):
        """Lock these rows before writing what others may be writing too.

        :raise ConcurrencyError: another has one of them; run the transaction again
        """
        if len(self._claim([("id", "in", self.ids)])) < len(self):
            raise ConcurrencyError(self._description)
        self.invalidate_recordset()
