"""The states of transmissions and documents, and which may follow which.

Everything that moves a state goes through ``_move``; the tables here are the
only place that says what is allowed.
"""

from odoo import models
from odoo.exceptions import UserError

TRANSMISSION_STATES = [
    ("received", "Received"),
    ("decoded", "Decoded"),
    ("duplicate", "Duplicate"),
    ("refused", "Refused"),
    ("ready", "Ready"),
    ("sent", "Sent"),
    ("delivered", "Delivered"),
    ("failed", "Failed"),
    ("stopped", "Stopped"),
]
TRANSMISSION_MOVES = {
    "received": {"decoded", "failed"},
    "decoded": {"received"},
    "duplicate": set(),
    "refused": set(),
    "ready": {"sent", "delivered", "failed", "stopped"},
    "sent": {"ready", "delivered", "failed", "stopped"},
    "delivered": {"ready"},
    "failed": {"ready", "received", "delivered", "stopped"},
    # it was stopped, or refused once, and Amazon's receipt says that it arrived
    "stopped": {"ready", "delivered", "failed"},
}

DOCUMENT_STATES = [
    ("new", "New"),
    ("waiting", "Waits for Amazon"),
    ("held", "Held"),
    ("done", "Done"),
    ("ignored", "Ignored"),
    ("prepared", "Prepared"),
    ("ready", "Ready"),
    ("sent", "Sent"),
    ("delivered", "Delivered"),
    ("accepted", "Accepted"),
    ("rejected", "Rejected"),
    ("failed", "Failed"),
    ("stopped", "Stopped"),
]
DOCUMENT_MOVES = {
    # in
    "new": {"waiting", "held", "done", "ignored", "failed"},
    # nothing for a person to do: what is missing comes from Amazon by itself
    "waiting": {"new", "held", "ignored"},
    "held": {"new", "ignored"},
    "done": set(),
    "ignored": {"new"},
    # out
    "prepared": {"ready", "stopped"},
    # a 997 may overtake the MDN, or the MDN be lost with the process that awaited it
    "ready": {"sent", "delivered", "accepted", "rejected", "failed", "stopped"},
    "sent": {"delivered", "accepted", "rejected", "failed", "stopped", "ready"},
    "delivered": {"accepted", "rejected", "ready"},
    "accepted": {"rejected"},
    # stopped: a person settled it with Amazon another way
    "rejected": {"accepted", "stopped"},
    # both
    "failed": {
        "new",
        "ready",
        "ignored",
        "stopped",
        "delivered",
        "accepted",
        "rejected",
    },
    "stopped": {"ready", "delivered", "accepted", "rejected"},
}

REPORT_STATES = [
    ("wanted", "Wanted"),
    ("requested", "Requested"),
    ("done", "Done"),
    ("empty", "No Data"),
    ("failed", "Failed"),
]
REPORT_MOVES = {
    "wanted": {"requested", "failed"},
    # wanted: Amazon lost it or could not make it, and it is asked for again
    "requested": {"wanted", "done", "empty", "failed"},
    "done": set(),
    "empty": {"wanted"},
    "failed": {"wanted"},
}


class StateMixin(models.AbstractModel):
    """A record whose ``state`` moves only along a table."""

    _name = "amazon.b2b.state.mixin"
    _description = "Amazon: moves along a table of states"

    _moves: dict[str, set[str]] = {}

    def _move(self, state, **values):
        """Move to ``state`` and write ``values`` with it.

        :raise UserError: the table does not allow it from where a record stands
        """
        for record in self:
            if record.state != state and state not in self._moves[record.state]:
                labels = dict(self._fields["state"].selection)
                raise UserError(
                    self.env._(
                        "%(record)s is %(now)s and cannot become %(then)s.",
                        record=record.display_name,
                        now=labels[record.state],
                        then=labels[state],
                    )
                )
        # a person may move it along the table; the state itself nobody writes by hand
        self.check_access("write")
        self.sudo().write({"state": state, **values})
