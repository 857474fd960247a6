"""To Seller Central and back: how a seller agrees that we act for him.

Amazon's "Website Authorization Workflow". The state of a consent and the code that
comes back stand in addresses, so both routes redirect at once and pass no referrer on.
"""

import logging
from urllib.parse import urlsplit

from odoo import http
from odoo.exceptions import AccessError, UserError
from odoo.http import request

from .. import spapi
from ..models.apart import apart
from ..models.application import REDIRECT
from ..models.connection_authorise import MANAGER

_logger = logging.getLogger(__name__)

REFUSED = "/amazon_b2b/authorise/refused"
PRIVATE = {"Referrer-Policy": "no-referrer", "Cache-Control": "no-store"}


class AuthoriseRoute(http.Controller):
    @http.route("/amazon_b2b/authorise/<int:connection_id>", type="http", auth="user")
    def leave(self, connection_id):
        """Make a state and go to Seller Central's consent page."""
        connection = request.env["amazon.b2b.connection"].browse(connection_id)
        try:
            connection.exists()._check_may_authorise()
            url = connection._consent_url()
        except (AccessError, UserError, ValueError) as error:
            _logger.info("Authorising connection %s: %s", connection_id, error)
            return _go(REFUSED)
        return _go(url)

    @http.route(REDIRECT, type="http", auth="user", methods=["GET"])
    def come_back(self, state="", selling_partner_id="", spapi_oauth_code="", **_more):
        """Seller Central sends the seller here with a code for the tokens."""
        if not request.env.user.has_group(MANAGER):
            return _go(REFUSED)
        connection = request.env["amazon.b2b.consent"]._close(state)
        # used up from here on, whatever follows
        request.env.cr.commit()
        if not connection:
            return _go(REFUSED)
        try:
            _take(connection, selling_partner_id, spapi_oauth_code)
        except (AccessError, UserError, spapi.SpapiError) as error:
            request.env.cr.rollback()
            connection.sudo().authorisation_problem = str(error)
            connection.sudo().message_post(body=str(error))
        return _go(f"/odoo/{connection._name}/{connection.id}")

    @http.route(REFUSED, type="http", auth="user", methods=["GET"])
    def refused(self):
        return request.render("amazon_b2b_connector.authorise_refused", headers=PRIVATE)


def _take(connection, seller_id, code):
    connection._check_may_authorise()
    connection._check_seller(seller_id)
    application = request.env["amazon.b2b.application"]._check_for_consent()
    lwa, redirect_uri = application._lwa(), application.redirect_uri
    # no snapshot is kept while Amazon is waited for
    request.env.cr.commit()
    tokens = lwa.exchange(code, redirect_uri)

    def accept(cr):
        connection.with_env(request.env(cr=cr))._accept(tokens, seller_id)

    # the code is spent: a conflict with another worker must not lose the tokens
    apart(request.env, accept)
    request.env.invalidate_all()
    connection._set_up(request.env.cr.commit)


def _go(url):
    local = not urlsplit(url).netloc
    response = request.redirect(url, code=303, local=local)
    response.headers.update(PRIVATE)
    return response
