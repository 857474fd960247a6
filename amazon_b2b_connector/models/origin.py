import json
from contextlib import suppress

from markupsafe import Markup
from odoo import api, models
from odoo.exceptions import AccessError
from odoo.tools import SQL
from psycopg2.errors import UniqueViolation

from .remembered import CACHE

PARAMETER = "amazon_b2b.origin"
# the identity of which the Managers were told that it is another
TOLD = "amazon_b2b.origin_told"


class Origin(models.AbstractModel):
    """Which database is the one that talks to Amazon, so that no copy does.

    The first message that is received or sent writes down this database's uuid and
    base URL (not sooner: Odoo corrects the URL when an administrator first logs in).
    Where they differ later, it is a copy, a staging server or a restored backup:
    nothing is sent and nothing is taken until a Manager confirms. A neutralised
    database never exchanges anything.
    """

    _name = "amazon.b2b.origin"
    _description = "Amazon: the database that went live"

    @api.model
    def _may_exchange(self):
        return not self._obstacle()

    @api.model
    def _obstacle(self):
        """Why nothing is exchanged, in words; empty when all is well."""
        parameters = self.env["ir.config_parameter"].sudo()
        if parameters.get_param("database.is_neutralized"):
            return self.env._("This database is neutralised: nothing is exchanged.")
        known = parameters.get_param(PARAMETER)
        if known and json.loads(known) != self._identity():
            return self.env._(
                "This database is not the one that went live with Amazon (a copy, a "
                "restored backup, or its address changed). Nothing is exchanged until "
                "an Amazon Manager confirms it under Amazon › Configuration."
            )
        return ""

    @api.model
    def _identity(self):
        parameters = self.env["ir.config_parameter"].sudo()
        return {
            "uuid": parameters.get_param("database.uuid"),
            "url": parameters.get_param("web.base.url"),
        }

    @api.model
    def _remember(self):
        self.env["ir.config_parameter"].sudo().set_param(
            PARAMETER, json.dumps(self._identity())
        )

    @api.model
    def _remember_first(self):
        """Called by whatever is received or sent; of two first messages at once one
        writes it down for both, and the other logs no error."""
        if self.env["ir.config_parameter"].sudo().get_param(PARAMETER):
            return
        insert = SQL(
            "INSERT INTO ir_config_parameter"
            " (key, value, create_uid, create_date, write_uid, write_date)"
            " VALUES (%(key)s, %(value)s, %(uid)s, %(now)s, %(uid)s, %(now)s)",
            key=PARAMETER,
            value=json.dumps(self._identity()),
            uid=self.env.uid,
            now=self.env.cr.now(),
        )
        with suppress(UniqueViolation), self.env.cr.savepoint():
            self.env.cr.execute(insert, log_exceptions=False)
        self.env.registry.clear_cache(CACHE)

    @api.model
    def _tell(self, obstacle):
        """Say once to those responsible that nothing is exchanged any more.

        The live database comes here too, when its address changes.
        """
        parameters = self.env["ir.config_parameter"].sudo()
        here = json.dumps(self._identity())
        if parameters.get_param("database.is_neutralized") or here == (
            parameters.get_param(TOLD)
        ):
            return
        parameters.set_param(TOLD, here)
        live = [("active", "=", True)]
        for connection in self.env["amazon.b2b.connection"].search(live):
            connection.message_notify(
                partner_ids=connection._person().partner_id.ids,
                subject=self.env._("Nothing is exchanged with Amazon"),
                body=Markup("<p>%s</p>") % obstacle,
            )

    @api.model
    def _confirm(self):
        """A Manager says that this database is the live one from now on."""
        if not self.env.user.has_group("amazon_b2b_connector.group_manager"):
            raise AccessError(
                self.env._("Only an Amazon Manager can let this database exchange.")
            )
        self._remember()
        documents = self.env["amazon.b2b.document"]
        documents._trigger_outbox()
        self.env["amazon.b2b.transmission"]._trigger_send()
