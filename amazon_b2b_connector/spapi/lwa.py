"""Login with Amazon: a code or a refresh token becomes an access token.

OAuth 2.0 (RFC 6749 sections 4.1.3, 5 and 6) as Amazon's "Website Authorization
Workflow" and "Connecting to the SP-API" describe it.
"""

import json
from dataclasses import dataclass, field
from urllib.parse import urlencode

import requests

from .errors import (
    BadApplication,
    LwaError,
    Revoked,
    Unavailable,
    Unreadable,
    cleaned,
)
from .marketplaces import LWA_TOKEN_URL
from .wire import Response, Wire

MAX_ANSWER = 64 * 1024  # bytes; tokens have about 2,000
READ_TIMEOUT = 20.0  # seconds
MAX_LIFETIME = 24 * 3600  # seconds; access tokens live an hour
# RFC 6749 section 5.2
_ERRORS: dict[str, type[LwaError]] = {
    "invalid_grant": Revoked,
    "invalid_client": BadApplication,
    "unauthorized_client": BadApplication,
}


@dataclass(frozen=True, slots=True)
class Tokens:
    """``access`` lives for ``expires`` seconds, ``refresh`` until it is revoked.

    ``refresh`` is the one sent where Amazon gives no new one.
    """

    access: str = field(repr=False)
    refresh: str = field(repr=False)
    expires: int


class Lwa:
    """The token endpoint, for one application.

    :param url: Amazon's own unless a stand-in is asked
    :param session, allow_loopback_http: see :class:`~.wire.Wire`
    """

    def __init__(
        self,
        client_id: str,
        client_secret: str,
        *,
        url: str = LWA_TOKEN_URL,
        session: requests.Session | None = None,
        allow_loopback_http: bool = False,
    ) -> None:
        self._client_id = client_id
        self._client_secret = client_secret
        self._url = url
        self._wire = Wire(session, allow_loopback_http=allow_loopback_http)

    def exchange(self, code: str, redirect_uri: str = "") -> Tokens:
        """The tokens for a code, which lives five minutes and serves once.

        :param redirect_uri: the one that the consent was asked with, if it named one
        :raise Revoked: the code is too old, used or made for another application
        :raise BadApplication: client id or secret is wrong
        :raise LwaError: another refusal
        :raise Unavailable, Unreadable: no answer, or not one of Login with Amazon
        """
        form = {"grant_type": "authorization_code", "code": code}
        if redirect_uri:
            form["redirect_uri"] = redirect_uri
        return self._ask(form, code, "")

    def refresh(self, refresh_token: str) -> Tokens:
        """A new access token.

        :raise Revoked: the seller withdrew the grant, or a year has passed
        :raise: else as :meth:`exchange`
        """
        form = {"grant_type": "refresh_token", "refresh_token": refresh_token}
        return self._ask(form, refresh_token, refresh_token)

    def _ask(self, form: dict[str, str], grant: str, refresh: str) -> Tokens:
        application = {
            "client_id": self._client_id,
            "client_secret": self._client_secret,
        }
        response = self._wire.exchange(
            "POST",
            self._url,
            headers={
                "Content-Type": "application/x-www-form-urlencoded;charset=UTF-8",
                "Accept": "application/json",
            },
            data=urlencode({**form, **application}).encode("ascii"),
            limit=MAX_ANSWER,
            read_timeout=READ_TIMEOUT,
        )
        answer = _object(response)
        if response.status != 200:
            raise _refusal(response.status, answer, grant, self._client_secret)
        return _tokens(answer, refresh)


def _object(response: Response) -> dict[str, object]:
    """The JSON object that came, or an empty one."""
    try:
        answer = json.loads(response.body)
    except (ValueError, RecursionError):
        return {}
    return answer if isinstance(answer, dict) else {}


def _refusal(
    status: int, answer: dict[str, object], *secrets: str
) -> LwaError | Unavailable | Unreadable:
    code = cleaned(answer.get("error"), *secrets)
    text = cleaned(answer.get("error_description"), *secrets)
    if status >= 500 or status == 429:
        return Unavailable(status, code, text, operation="Login with Amazon")
    if not code:
        text = "no answer of Login with Amazon"
        return Unreadable(status, "", text, operation="Login with Amazon")
    return _ERRORS.get(code, LwaError)(status, code, text)


def _tokens(answer: dict[str, object], refresh: str) -> Tokens:
    access, expires = answer.get("access_token"), answer.get("expires_in")
    given = answer.get("refresh_token") or refresh
    if (
        not (isinstance(access, str) and access)
        or not (isinstance(given, str) and given)
        or not (isinstance(expires, int) and expires > 0)
    ):
        text = "tokens or their lifetime are missing"
        raise Unreadable(200, "", text, operation="Login with Amazon")
    return Tokens(access, given, min(expires, MAX_LIFETIME))
