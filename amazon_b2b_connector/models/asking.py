import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from .. import spapi
from .worker import MAX_CONFLICTS, TAKEN

_logger = logging.getLogger(__name__)

# minutes from one failed attempt to the next; the last one goes on
RETRY_MINUTES = (1, 2, 5, 10, 15, 30)
# after so long a person is told
TELL_MINUTES = 30
# seconds; no step is put off for longer, whatever Amazon says
DAY = 24 * 3600


class AskingMixin(models.AbstractModel):
    """A row that asks Amazon for something, step by step, whenever it is due.

    A step and what it found are one transaction. A process that is killed in between
    leaves the row as it was before the step, which is then taken again.
    """

    _name = "amazon.b2b.asking.mixin"
    _description = "Amazon: asks step by step"

    connection_id = fields.Many2one(
        "amazon.b2b.connection", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="connection_id.company_id", store=True)
    next_run = fields.Datetime("Next Step", default=fields.Datetime.now, index=True)
    failures = fields.Integer(readonly=True)
    first_failure = fields.Datetime("Fails Since", readonly=True)
    problem = fields.Char(readonly=True)
    told = fields.Boolean(readonly=True)

    # the scheduled action that takes the steps (external id)
    _cron_name = ""

    @api.model
    def _ask_all(self):
        """Take one step after the other of every row that is due.

        What nobody foresaw in one of them stops no other.
        """
        conflicts = 0
        while conflicts < MAX_CONFLICTS:
            row = self.browse()
            try:
                due = self.search(self._due_domain(), order="next_run, id")
                row = due.try_lock_for_update(limit=1)
                if not row:
                    return
                row._ask()
                self.env.flush_all()
                left = self.search_count(self._due_domain())
                if not self.env["ir.cron"]._commit_progress(1, remaining=left):
                    return
            except TAKEN:
                self.env.cr.rollback()
                conflicts += 1
            except Exception as error:
                if not row:
                    raise
                self.env.cr.rollback()
                _logger.exception("%s %s", row._name, row.ids)
                row._failed(
                    self.env._(
                        "Something unforeseen went wrong (%s). The server's log has "
                        "the details.",
                        type(error).__name__,
                    )
                )
                self.env["ir.cron"]._commit_progress()
            self.env.invalidate_all()

    def _due_domain(self):
        return [
            ("next_run", "<=", fields.Datetime.now()),
            ("connection_id.active", "=", True),
            ("connection_id.authorisation_state", "=", "ok"),
        ]

    def _ask(self):
        """Take one step; whatever goes wrong is written down here."""
        try:
            found = self._fetch(self.connection_id._client())
        except spapi.NotYet as wait:
            if isinstance(wait, spapi.Throttled):  # and not our own bucket
                self._held_up(str(wait))
            self._sleep(timedelta(seconds=min(wait.seconds, DAY)))
        except (spapi.SpapiError, UserError) as error:
            self.connection_id._take_error(error)
            self._go_wrong(error)
        else:
            self.write(self._well())
            self._keep(found)

    def _well(self):
        return {
            "failures": 0,
            "first_failure": False,
            "problem": False,
            "told": False,
        }

    def _fetch(self, client):
        """Ask Amazon; write nothing that a failure of the call would make wrong.

        :param client: :class:`spapi.Client`
        :return: what :meth:`_keep` takes
        :raise: :class:`spapi.SpapiError`, UserError
        """
        raise NotImplementedError

    def _keep(self, found):
        """Store what was found and where to go on."""
        raise NotImplementedError

    def _go_wrong(self, error):
        """Write down what failed, and try again."""
        self._failed(str(error))

    def _failed(self, problem, **values):
        now = fields.Datetime.now()
        minutes = RETRY_MINUTES[min(self.failures, len(RETRY_MINUTES) - 1)]
        self.write(
            {
                "failures": self.failures + 1,
                "first_failure": self.first_failure or now,
                "problem": problem,
                **values,
            }
        )
        _logger.info("%s of %s: %s", self._name, self.connection_id.name, problem)
        self._tell_in_time()
        self._sleep(timedelta(minutes=minutes))

    def _held_up(self, problem):
        """Amazon takes no calls: no failure, and yet nothing to keep quiet for long."""
        now = fields.Datetime.now()
        self.write({"problem": problem, "first_failure": self.first_failure or now})
        self._tell_in_time()

    def _tell_in_time(self):
        since = fields.Datetime.now() - self.first_failure
        if since >= timedelta(minutes=TELL_MINUTES):
            self._tell_once()

    def _tell_once(self):
        """Tell the connection's responsible, once for a run of failures.

        A lost authorisation is told by the connection itself.
        """
        if not self.told and self.connection_id.authorisation_state == "ok":
            self.told = True
            self.connection_id.sudo()._tell(
                self.env._(
                    "Amazon, %(connection)s: %(what)s",
                    connection=self.connection_id.name,
                    what=self._what_fails(),
                ),
                self.problem,
            )

    def _what_fails(self):
        """In words, what cannot be had."""
        raise NotImplementedError

    def _sleep(self, span):
        self.next_run = fields.Datetime.now() + span
        self._wake(self.next_run)

    @api.model
    def _wake(self, at=None):
        """Have the scheduled action run, now or ``at``."""
        name = f"amazon_b2b_connector.{self._cron_name}"
        self.env.ref(name).sudo()._trigger(at=at)
