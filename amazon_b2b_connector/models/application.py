from datetime import timedelta
from urllib.parse import urlsplit

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.orm.models import NO_ACCESS

from .. import spapi, vault

# "Rotating your application's client credentials"
SECRET_DAYS = 180
WARNED_DAYS = 14
# where Seller Central sends the seller back to
REDIRECT = "/amazon_b2b/authorised"
LOOPBACK = ("localhost", "127.0.0.1", "::1")


class Application(models.Model):
    """The application under which this database talks to Amazon's sellers: one row.

    A Manager writes its ids; the secret goes in through a wizard and never out.
    """

    _name = "amazon.b2b.application"
    _description = "Amazon application"
    _inherit = ["amazon.b2b.readonly.mixin"]

    application_id = fields.Char(
        "Application ID",
        help="As the Solution Provider Portal shows it; begins with amzn1.sp. Not "
        "needed where refresh tokens are pasted.",
    )
    client_id = fields.Char(
        "Client ID", help="Of Login with Amazon (LWA), in the same place."
    )
    is_draft = fields.Boolean(
        "Draft",
        help="Not yet published: Seller Central is asked for the draft (version=beta).",
    )
    redirect_uri = fields.Char(
        "OAuth Redirect URI",
        compute="_compute_redirect_uri",
        help="Register exactly this address with the application.",
    )
    sealed_secret = fields.Text(groups=NO_ACCESS, copy=False)
    secret_tail = fields.Char("Client Secret Ends In", readonly=True, copy=False)
    secret_date = fields.Date("Client Secret Since", readonly=True, copy=False)
    rotate_before = fields.Date(
        "Rotate It Before", compute="_compute_rotate_before", store=True
    )
    is_rotation_near = fields.Boolean(compute="_compute_is_rotation_near")
    rotation_told = fields.Date(readonly=True, copy=False)

    _one_row = models.UniqueIndex("((true))", "There is one application a database.")

    @api.depends_context("lang")
    def _compute_display_name(self):
        self.display_name = self.env._("Amazon Application")

    def _compute_redirect_uri(self):
        self.redirect_uri = self.get_base_url() + REDIRECT

    @api.depends("secret_date")
    def _compute_rotate_before(self):
        for record in self:
            record.rotate_before = record.secret_date and (
                record.secret_date + timedelta(days=SECRET_DAYS)
            )

    @api.depends("rotate_before")
    def _compute_is_rotation_near(self):
        last_day = fields.Date.today() + timedelta(days=WARNED_DAYS)
        for record in self:
            end = record.rotate_before
            record.is_rotation_near = bool(end) and end <= last_day

    @api.model
    def _get(self):
        """The one row."""
        return self.sudo().search([], limit=1) or self.sudo().create({})

    @api.model
    def action_open(self):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "amazon_b2b_connector.amazon_b2b_application_action"
        )
        return {**action, "res_id": self._get().id}

    def _lwa(self):
        """Login with Amazon for this application.

        :raise UserError: client id or secret is missing
        """
        application = self._get()
        if not (application.client_id and application.sealed_secret):
            raise UserError(
                self.env._(
                    "The application's client id or secret is missing. An Amazon "
                    "Manager enters them under Amazon › Configuration › Application."
                )
            )
        endpoints = self.env["amazon.b2b.connection"]._endpoints()
        return spapi.Lwa(
            application.client_id,
            vault.unseal(self.env, application.sealed_secret).decode(),
            url=endpoints.get("lwa", spapi.LWA_TOKEN_URL),
            allow_loopback_http="lwa" in endpoints,
        )

    @api.model
    def _check_for_consent(self):
        """The application, if a seller can be asked to agree to it.

        :raise UserError: something is missing, or its address is not protected
        """
        application = self._get()
        application._lwa()
        if not application.application_id:
            raise UserError(
                self.env._(
                    "The application id is missing. An Amazon Manager enters it under "
                    "Amazon › Configuration › Application, or pastes a refresh token."
                )
            )
        address = urlsplit(application.redirect_uri)
        if address.scheme != "https" and address.hostname not in LOOPBACK:
            raise UserError(
                self.env._(
                    "Amazon sends the seller back to an https address only, and this "
                    "database's is %s. Set “web.base.url”, or paste a refresh token.",
                    application.redirect_uri,
                )
            )
        return application
