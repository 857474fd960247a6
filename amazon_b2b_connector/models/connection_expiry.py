from datetime import timedelta

from odoo import api, fields, models

# before the yearly consent ends, a person is told
WARNED = timedelta(days=30)


class Connection(models.Model):
    """What runs out: the yearly consent, and the application's secret."""

    _inherit = "amazon.b2b.connection"

    authorisation_told = fields.Datetime(readonly=True, copy=False)

    def _consent_near_end(self):
        end = self.authorised_until
        return (
            self.authorisation_state == "ok"
            and bool(end)
            and end - fields.Datetime.now() < WARNED
        )

    def _running_out(self):
        """In words, what is to be renewed soon."""
        texts = []
        if self._consent_near_end():
            texts.append(
                self.env._(
                    "The authorisation ends on %s: authorise again before.",
                    fields.Date.to_string(self.authorised_until),
                )
            )
        application = self.env["amazon.b2b.application"]._get()
        if self.token_tail and application.is_rotation_near:
            texts.append(
                self.env._(
                    "The application's client secret ends on %s: make a new one in the "
                    "Solution Provider Portal and enter it under Amazon › "
                    "Configuration › Application.",
                    fields.Date.to_string(application.rotate_before),
                )
            )
        return texts

    @api.model
    def _tell_running_out(self, now):
        """Tell the responsible of each connection once."""
        ending = self.search(
            [
                ("kind", "=", "seller"),
                ("authorisation_state", "=", "ok"),
                ("authorised_until", "<", now + WARNED),
                ("authorisation_told", "=", False),
            ]
        )
        for connection in ending:
            connection.authorisation_told = now
            connection._tell(
                self.env._("Amazon, %s: authorise again soon", connection.name),
                "\n".join(connection._running_out()),
            )
        application = self.env["amazon.b2b.application"]._get()
        if application.is_rotation_near and not application.rotation_told:
            application.rotation_told = now
            sellers = self.search(
                [("kind", "=", "seller"), ("token_tail", "!=", False)]
            )
            for connection in sellers:
                connection._tell(
                    self.env._("Amazon: renew the application's client secret"),
                    "\n".join(connection._running_out()),
                )


class Document(models.Model):
    _inherit = "amazon.b2b.document"

    @api.model
    def _cron_watch(self):
        result = super()._cron_watch()
        if self.env["amazon.b2b.origin"]._may_exchange():
            connections = self.env["amazon.b2b.connection"]
            connections._tell_running_out(fields.Datetime.now())
        return result
