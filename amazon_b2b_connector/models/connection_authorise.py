from datetime import timedelta

from dateutil.relativedelta import relativedelta
from odoo import fields, models
from odoo.exceptions import AccessError, UserError
from psycopg2 import IntegrityError

from .. import spapi, vault

MANAGER = "amazon_b2b_connector.group_manager"
# how long the seller's consent holds: he is asked anew every year
CONSENT = relativedelta(years=1)
# where the account sells is asked so often
READ_EVERY = timedelta(days=1)


class Connection(models.Model):
    """From "not authorised" to the first orders, and back when Amazon says so."""

    _inherit = "amazon.b2b.connection"

    credentials_checked = fields.Datetime(readonly=True, copy=False)
    marketplaces_read = fields.Datetime(readonly=True, copy=False)
    first_poll = fields.Datetime(
        "First Synchronisation Triggered", readonly=True, copy=False
    )

    def action_authorise(self):
        """To Seller Central, by way of our own route, which makes the state."""
        self._check_may_authorise()
        self.env["amazon.b2b.application"]._check_for_consent()
        return {
            "type": "ir.actions.act_url",
            "url": f"/amazon_b2b/authorise/{self.id}",
            "target": "self",
        }

    def _check_may_authorise(self):
        self.ensure_one()
        if not self.env.user.has_group(MANAGER):
            raise AccessError(
                self.env._("Only an Amazon Manager authorises a connection.")
            )
        self.check_access("write")
        if obstacle := self.env["amazon.b2b.origin"]._obstacle():
            raise UserError(obstacle)
        if self.kind != "seller" or not self.home_marketplace:
            raise UserError(
                self.env._("Choose the home marketplace of %s first.", self.name)
            )

    def _seller_central(self):
        """Seller Central of the home marketplace, without a slash at the end."""
        place = spapi.MARKETPLACES.get(self.home_marketplace)
        return self._endpoints().get(
            "seller_central", place.seller_central if place else ""
        )

    def _consent_url(self):
        """Where the present user agrees; it serves once and for ten minutes."""
        application = self.env["amazon.b2b.application"]._check_for_consent()
        place = spapi.MARKETPLACES[self.home_marketplace]
        url = spapi.marketplaces.consent_url(
            place,
            application.application_id,
            self.env["amazon.b2b.consent"]._open(self),
            redirect_uri=application.redirect_uri,
            draft=application.is_draft,
        )
        return self._seller_central() + url.removeprefix(place.seller_central)

    def _check_seller(self, seller_id):
        """That the account which came back is the one this connection is for.

        :raise UserError: it is not, or another connection has it
        """
        if not seller_id or not seller_id.isalnum() or not seller_id.isascii():
            raise UserError(self.env._("Amazon named no seller account."))
        if self.seller_id and self.seller_id != seller_id:
            raise UserError(
                self.env._(
                    "The consent is for the seller account %(theirs)s, but "
                    "%(connection)s is for %(ours)s. Log in to Seller Central with the "
                    "right account, or make a connection for the other one.",
                    theirs=seller_id,
                    connection=self.name,
                    ours=self.seller_id,
                )
            )
        taken = self.sudo().search(
            [
                ("kind", "=", "seller"),
                ("seller_id", "=", seller_id),
                ("region", "=", self.region),
                ("is_sandbox", "=", self.is_sandbox),
                ("id", "!=", self.id),
            ],
            limit=1,
        )
        if taken:
            raise UserError(
                self.env._(
                    "The seller account %(seller)s is connected already: %(name)s "
                    "(%(company)s). Authorise that connection, or archive it first.",
                    seller=seller_id,
                    name=taken.name,
                    company=taken.company_id.name,
                )
            )

    def _accept(self, tokens, seller_id):
        """Keep a new authorisation."""
        now = fields.Datetime.now()
        values = {
            "seller_id": seller_id,
            "sealed_refresh_token": vault.seal(self.env, tokens.refresh.encode()),
            "token_tail": tokens.refresh[-4:],
            "authorised_date": now,
            "authorised_until": now + CONSENT,
            "authorisation_state": "ok",
            "authorisation_problem": False,
            "authorisation_told": False,
        }
        try:
            self.sudo().write(values)
            self.env.flush_all()
        except IntegrityError as error:
            # another connection was authorised for it since it was checked
            raise UserError(
                self.env._("The seller account %s is connected already.", seller_id)
            ) from error
        self.env["amazon.b2b.access.token"]._keep(self.id, tokens)

    # the steps after it

    def _setup_steps(self):
        """What follows an authorisation: (what is said when it went well, what when
        not, the method that does it)."""
        return [
            (
                self.env._("Credentials checked"),
                self.env._("The credentials could not be checked"),
                self._check_credentials,
            ),
            (
                self.env._("Marketplaces read"),
                self.env._("The marketplaces could not be read"),
                self._read_marketplaces,
            ),
            (
                self.env._("Roles tried"),
                self.env._("The roles could not be tried"),
                self._try_roles,
            ),
            (
                self.env._("Synchronisation triggered"),
                self.env._("The synchronisation could not be triggered"),
                self._start_polling,
            ),
        ]

    def _set_up(self, committing):
        """Take the steps in turn until one fails; each says in the chatter how it
        went.

        :param committing: called after each step, so that it can be seen
        :return: whether all went well
        """
        self.ensure_one()
        self = self.sudo()  # Amazon's answers are nobody's to write
        for well, ill, step in self._setup_steps():
            try:
                step()
            except spapi.SpapiError as error:
                problem = f"{ill}: {error}"
                self._take_error(error)
                self.message_post(body=problem)
                self.authorisation_problem = problem
                committing()
                return False
            self.message_post(body=well)
            committing()
        # Amazon takes the authorisation, whatever it said before
        self.write({"authorisation_state": "ok", "authorisation_problem": False})
        committing()
        return True

    def action_set_up(self):
        """Check the credentials, read the marketplaces, start the synchronisation."""
        self._check_may_authorise()
        well = self._set_up(self.env.flush_all)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success" if well else "danger",
                "message": self.authorisation_problem
                or self.env._("All is well. The synchronisation was triggered."),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _check_credentials(self):
        tokens = (
            self.env["amazon.b2b.application"]._lwa().refresh(self._refresh_token())
        )
        self.env["amazon.b2b.access.token"]._keep(self.id, tokens)
        self.credentials_checked = fields.Datetime.now()

    def _read_marketplaces(self):
        """Bring the rows up to what Amazon says; none is ever deleted."""
        try:
            found = spapi.sellers.participations(self._client())
        except spapi.Forbidden as error:
            self._lacks_role(error)
            self._add_home()
            return
        countries = self._by("res.country", "code", [p.country for p in found])
        currencies = self._by("res.currency", "name", [p.currency for p in found])
        known = {line.code: line for line in self.marketplace_ids.sudo()}
        new, begun = [], []
        for place in found:
            values = {
                "name": place.name or place.marketplace_id,
                "country_id": countries.get(place.country),
                "currency_id": currencies.get(place.currency),
                "is_participating": place.participating,
            }
            if line := known.pop(place.marketplace_id, None):
                if place.participating and not line.is_participating:
                    begun += [line.name] * (not line.is_enabled)
                line.write(values)
            else:
                new.append({"code": place.marketplace_id, **values})
        for line in known.values():
            line.is_participating = False
        self._add_marketplaces(new)
        self._tell_begun(begun)
        self.marketplaces_read = fields.Datetime.now()

    def _tell_begun(self, names):
        """The account sells where nothing is imported: that is for a person to say."""
        if names:
            self.sudo()._tell(
                self.env._("Amazon, %s: sells on more marketplaces", self.name),
                self.env._(
                    "The account takes part in %s by now. Orders from there are "
                    "imported when the marketplace is switched on.",
                    ", ".join(names),
                ),
            )

    def _read_marketplaces_daily(self):
        """Find out whether the account sells elsewhere by now.

        :raise: as the call that follows would, where Amazon cannot be reached at all;
            what else fails is no hindrance
        """
        last = self.marketplaces_read
        if not last or last > fields.Datetime.now() - READ_EVERY:
            return
        try:
            self.sudo()._read_marketplaces()
        except (spapi.NotYet, spapi.ApiError) as error:
            if isinstance(error, spapi.Unavailable) and not error.status:
                raise

    def _add_marketplaces(self, rows):
        """New lines, on where the account takes part; their orders are read from where
        those of the others were last known to be all."""
        lines = self.env["amazon.b2b.marketplace"].sudo()
        lines = lines.create(
            [
                {
                    "connection_id": self.id,
                    "is_enabled": row["is_participating"],
                    **row,
                }
                for row in rows
            ]
        )
        taking_part = lines.filtered("is_participating")
        if not taking_part:
            return
        start = taking_part._earliest()
        if self.marketplaces_read:
            start = max(start, self.marketplaces_read - READ_EVERY)
            names = ", ".join(taking_part.mapped("name"))
            body = self.env._("Orders from %s are imported from now on.", names)
            self.sudo().message_post(body=body)
        self._read_since(start)

    def _add_home(self):
        """The home marketplace, all that is known without asking."""
        home = spapi.MARKETPLACES[self.home_marketplace]
        if self._marketplace(home.id):
            return
        country = self._by("res.country", "code", [home.country])
        currency = self._by("res.currency", "name", [home.currency])
        self._add_marketplaces(
            [
                {
                    "code": home.id,
                    "name": home.name,
                    "country_id": country.get(home.country),
                    "currency_id": currency.get(home.currency),
                    "is_participating": True,
                }
            ]
        )

    def _by(self, model, name, codes):
        """The ids of ``model`` by their ``name``, archived ones too."""
        found = self.env[model].with_context(active_test=False)
        return {
            record[name]: record.id for record in found.search([(name, "in", codes)])
        }

    def _start_polling(self):
        self._trigger_poll()
        self.first_poll = self.first_poll or fields.Datetime.now()

    # and back

    def _take_error(self, error):
        """Let the connection say what a failed call means for it.

        :param error: an :class:`spapi.SpapiError`
        """
        if isinstance(error, (spapi.Revoked, spapi.NotAuthorised)):
            self._authorise_again(str(error))
        elif isinstance(error, spapi.Forbidden):
            self._lacks_role(error)

    def _authorise_again(self, reason):
        """Mark that Amazon does not accept the authorisation any more, and tell the
        responsible once; nothing else stops."""
        for record in self:
            told = record.authorisation_state == "again"
            record.sudo().write(
                {"authorisation_state": "again", "authorisation_problem": reason}
            )
            if not told:
                record.sudo()._tell(
                    self.env._("Amazon, %s: authorise again", record.name), reason
                )

    def action_forget_authorisation(self):
        """Forget the tokens here; the consent itself ends in Seller Central."""
        self._check_may_authorise()
        self.env["amazon.b2b.access.token"]._forget(self.ids)
        self.sudo().write(
            {
                "authorisation_state": "none",
                "authorisation_problem": False,
                "sealed_refresh_token": False,
                "token_tail": False,
                "authorised_until": False,
            }
        )
