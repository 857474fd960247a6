from collections import defaultdict
from datetime import timedelta

from markupsafe import Markup
from odoo import api, fields, models
from odoo.fields import Domain

# a person is told when a quarter of the time that Amazon gives is left
DUE_SHARE = 0.25
# how long a failing delivery may take before a person is told, in minutes
UNREACHABLE_MINUTES = 30
# hours after which a 997 that did not come is missed
ANSWER_HOURS = 24

OPEN_OUT = ("prepared", "ready", "sent", "failed")


class Document(models.Model):
    """The watch: what is about to be late, is late or cannot be delivered, and who
    is told of it."""

    _inherit = "amazon.b2b.document"

    @api.model
    def _cron_watch(self):
        obstacle = self.env["amazon.b2b.origin"]._obstacle()
        if obstacle:
            # a copy keeps still: its alarms are not those of the live database
            self.env["amazon.b2b.origin"]._tell(obstacle)
            return
        now = fields.Datetime.now()
        self._raise_alarms(now)
        self._hold_lonely_halves(now)
        self._tell()
        self.env["amazon.b2b.station"]._tell_refusals(now)

    @api.model
    def _raise_alarms(self, now):
        for alarm, documents in (
            ("receipt", self._owing_receipts(now)),
            ("unreachable", self._unreachable(now)),
            ("due", self._due(now)),
            ("late", self._overdue(now) | self._unanswered(now)),
        ):
            documents.filtered(lambda d, a=alarm: d.alarm != a).write(
                {"alarm": alarm, "notified": False}
            )

    def _unfinished_domain(self):
        """Documents whose deadline still counts."""
        ordered = Domain("kind", "=", "purchase_order") & Domain(
            "state", "in", ("new", "held", "failed", "done")
        )
        return Domain("deadline", "!=", False) & (
            (Domain("direction", "=", "out") & Domain("state", "in", OPEN_OUT))
            | (Domain("direction", "=", "in") & ordered)
        )

    def _unsettled(self, domain):
        """Of what has a deadline, that which nothing on its way answers."""
        return self.search(self._unfinished_domain() & Domain(domain)).filtered(
            lambda d: (
                d.direction == "out"
                or not d.answer_ids.filtered(
                    lambda a: (
                        a.direction == "out"
                        and a.kind == "acknowledgement"
                        and not a._is_unsaid()
                    )
                )
            )
        )

    def _due(self, now):
        candidates = self._unsettled(
            [("deadline", ">", now), ("alarm", "in", (False, "receipt"))]
        )
        return candidates.filtered(
            lambda d: d.deadline - now < (d.deadline - d.create_date) * DUE_SHARE
        )

    def _overdue(self, now):
        return self._unsettled([("deadline", "<=", now), ("alarm", "!=", "late")])

    def _unanswered(self, now):
        """Delivered, and no 997 came."""
        return self.search(
            [
                ("direction", "=", "out"),
                ("state", "=", "delivered"),
                ("kind", "!=", "functional_acknowledgement"),
                ("delivered_date", "<", now - timedelta(hours=ANSWER_HOURS)),
                ("alarm", "!=", "late"),
            ]
        )

    def _unreachable(self, now):
        """What fails to be delivered for half an hour, or for half of the time that
        was left when it began to fail, whichever is sooner."""
        failing = self.search(
            [
                ("direction", "=", "out"),
                ("state", "in", ("ready", "sent")),
                ("alarm", "=", False),
                ("transmission_id.first_failure", "!=", False),
            ]
        )
        return failing.filtered(
            lambda d: now - d.transmission_id.first_failure >= d._patience()
        )

    def _owing_receipts(self, now):
        """The first document of each message whose receipt (MDN) may not go where it
        was asked to, or fails to for half an hour."""
        failing_since = now - timedelta(minutes=UNREACHABLE_MINUTES)
        owed = self.env["amazon.b2b.transmission"].search(
            Domain("direction", "=", "in")
            & (
                Domain("mdn_state", "=", "failed")
                | (
                    Domain("mdn_state", "=", "ready")
                    & Domain("first_failure", "<=", failing_since)
                )
            )
        )
        first = self.union(*(t.document_ids.sorted("id")[:1] for t in owed))
        return first.filtered(lambda d: not d.alarm)

    @api.depends("alarm", "transmission_id.last_error")
    def _compute_alarm_reason(self):
        """What the other station said, where something does not get there."""
        for document in self:
            undelivered = document.alarm in ("unreachable", "receipt")
            document.alarm_reason = undelivered and document.transmission_id.last_error

    def _patience(self):
        patience = timedelta(minutes=UNREACHABLE_MINUTES)
        if self.deadline:
            left = self.deadline - self.transmission_id.first_failure
            patience = min(patience, max(left / 2, timedelta()))
        return patience

    # telling

    @api.model
    def _tell(self):
        """Put an activity before the owner and write one e-mail a connection."""
        waiting = self.search(
            [("needs_person", "=", True), ("notified", "=", False)], order="id"
        )
        by_connection = defaultdict(self.browse)
        for document in waiting:
            document._remind_owner()
            by_connection[document._telling_connection()] |= document
        waiting.notified = True
        for connection, documents in by_connection.items():
            if connection._emails():
                documents._mail(connection)
        settled = self.search([("needs_person", "=", False), ("notified", "=", True)])
        settled.activity_unlink(["mail.mail_activity_data_todo"])
        settled.notified = False

    def _telling_connection(self):
        """Its connection; where it has none, one of the stations it came by."""
        came_by = self.transmission_id
        return self.connection_id or came_by.connection_id or came_by._by_stations()[:1]

    def _person(self):
        """Who is told: the owner, where he can look at it, else who can."""
        return self._responsible()._amazon_b2b_able() or (
            self._telling_connection()._person(self.company_id)
        )

    def _remind_owner(self):
        self.activity_unlink(["mail.mail_activity_data_todo"])
        self.activity_schedule(
            "mail.mail_activity_data_todo",
            summary=self._why(),
            note=self._explanation(),
            user_id=(self._person() or self.env.user).id,
            date_deadline=(self.deadline or fields.Datetime.now()).date(),
        )

    def _why(self):
        """In a few words, why a person is needed."""
        selection = self._fields["alarm" if self.alarm else "state"]
        labels = dict(selection._description_selection(self.env))
        return self.env._(
            "%(document)s: %(why)s",
            document=self.display_name,
            why=labels[self.alarm or self.state],
        )

    def _explanation(self):
        return "\n".join(filter(None, (self.alarm_reason, self.reason)))

    def _mail(self, connection):
        """One message with a link to each document."""
        rows = Markup().join(
            Markup('<li><a href="%s">%s</a><br/>%s</li>')
            % (document._url(), document._why(), document._explanation())
            for document in self
        )
        self.env["mail.mail"].sudo().create(
            {
                "email_to": ", ".join(connection._emails()),
                "subject": self.env._(
                    "Amazon, %(connection)s: %(count)s waiting",
                    connection=connection.name,
                    count=len(self),
                ),
                "body_html": Markup("<ul>%s</ul>") % rows,
                "auto_delete": True,
            }
        )

    def _url(self):
        return f"{self.get_base_url()}/odoo/{self._name}/{self.id}"
