from datetime import datetime, timedelta, timezone

from odoo import api, fields, models
from odoo.orm.models import NO_ACCESS

from .. import vault
from .apart import Loose, apart, quietly

# a token is renewed so long before it ends: a call may take that long
MARGIN = timedelta(seconds=60)


class AccessToken(models.Model):
    """The access token of a connection, good for an hour, shared by all workers.

    A table of its own, because it is written in transactions of its own.
    """

    _name = "amazon.b2b.access.token"
    _description = "Amazon access token"
    _log_access = False

    connection_id = Loose("amazon.b2b.connection", required=True)
    sealed_token = fields.Text(groups=NO_ACCESS)
    expires = fields.Datetime()

    _connection_uniq = models.Constraint("unique(connection_id)")

    @api.model
    def _obtain(self, connection_id, renew, refused=None):
        """An access token that is good for another minute at least.

        One worker at a time asks Amazon: the row is locked meanwhile, and who waited
        for it finds the new token.

        :param renew: returns new :class:`spapi.Tokens`; may raise
        :param refused: a token that Amazon did not accept, whatever its time
        """

        def work(cr):
            token = self._held(cr, connection_id)
            if token and token != refused:
                return token
            quietly(
                cr,
                "INSERT INTO amazon_b2b_access_token (connection_id) VALUES (%s) "
                "ON CONFLICT DO NOTHING",
                (connection_id,),
            )
            quietly(
                cr,
                "SELECT 1 FROM amazon_b2b_access_token WHERE connection_id = %s "
                "FOR UPDATE",
                (connection_id,),
            )
            tokens = renew()
            self._put(cr, connection_id, tokens)
            return tokens.access

        return apart(self.env, work)

    @api.model
    def _keep(self, connection_id, tokens):
        """Take the access token that came with a new authorisation."""
        apart(self.env, lambda cr: self._put(cr, connection_id, tokens))

    @api.model
    def _forget(self, connection_ids):
        apart(
            self.env,
            lambda cr: quietly(
                cr,
                "DELETE FROM amazon_b2b_access_token WHERE connection_id = ANY(%s)",
                (list(connection_ids),),
            ),
        )

    def _now(self, cr):
        """By the clock that all hosts share, in UTC."""
        seconds = self.env["amazon.b2b.rate.bucket"]._now(cr)
        return datetime.fromtimestamp(seconds, timezone.utc).replace(tzinfo=None)

    def _held(self, cr, connection_id):
        cr.execute(
            "SELECT sealed_token FROM amazon_b2b_access_token "
            "WHERE connection_id = %s AND expires > %s",
            (connection_id, self._now(cr) + MARGIN),
        )
        row = cr.fetchone()
        return row and vault.unseal(self.env, row[0]).decode()

    def _put(self, cr, connection_id, tokens):
        quietly(
            cr,
            "INSERT INTO amazon_b2b_access_token "
            "(connection_id, sealed_token, expires) VALUES (%s, %s, %s) "
            "ON CONFLICT (connection_id) DO UPDATE "
            "SET sealed_token = EXCLUDED.sealed_token, expires = EXCLUDED.expires",
            (
                connection_id,
                vault.seal(self.env, tokens.access.encode()),
                self._now(cr) + timedelta(seconds=tokens.expires),
            ),
        )
