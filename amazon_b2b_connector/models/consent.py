import hashlib
import secrets
from datetime import timedelta

from odoo import api, fields, models
from odoo.orm.models import NO_ACCESS

# Amazon's code lives five minutes, and a person reads the consent page before
LIFETIME = timedelta(minutes=10)


class Consent(models.Model):
    """A consent that was asked for in Seller Central and did not come back yet."""

    _name = "amazon.b2b.consent"
    _description = "Amazon consent under way"

    connection_id = fields.Many2one(
        "amazon.b2b.connection", required=True, ondelete="cascade"
    )
    user_id = fields.Many2one("res.users", required=True, ondelete="cascade")
    state_hash = fields.Char(required=True, groups=NO_ACCESS)
    expires = fields.Datetime(required=True)

    _state_hash_uniq = models.Constraint("unique(state_hash)")

    @api.model
    def _open(self, connection):
        """A new state for ``connection`` and the present user; only its hash stays."""
        state = secrets.token_urlsafe(32)
        self.sudo().create(
            {
                "connection_id": connection.id,
                "user_id": self.env.uid,
                "state_hash": _hash(state),
                "expires": fields.Datetime.now() + LIFETIME,
            }
        )
        return state

    @api.model
    def _close(self, state):
        """The connection that ``state`` was made for by the present user, in time.

        It is used up by this, whoever comes with it and whatever follows.

        :return: the connection, empty where the state is not good
        """
        consent = self.sudo().search([("state_hash", "=", _hash(state or ""))])
        good = consent.expires and consent.expires > fields.Datetime.now()
        own = consent.user_id == self.env.user
        connection = self.env["amazon.b2b.connection"].browse(consent.connection_id.id)
        consent.unlink()
        return connection if good and own else connection.browse()

    @api.autovacuum
    def _gc_expired(self):
        self.sudo().search([("expires", "<", fields.Datetime.now())]).unlink()


def _hash(state):
    return hashlib.sha256(state.encode()).hexdigest()
