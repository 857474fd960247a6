"""Login with Amazon: codes and refresh tokens into access tokens.

https://developer-docs.amazon.com/sp-api/docs/website-authorization-workflow; errors
as RFC 6749 section 5.2 has them.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Mapping
from typing import Any

from .faults import Faults
from .seller_accounts import ACCESS, ACCESS_SECONDS, REFRESH, Accounts, Application
from .seller_errors import LwaRefused
from .store import Store

_GRANTS = {
    "authorization_code": {"code", "redirect_uri"},
    "refresh_token": {"refresh_token"},
}
_ALWAYS = {"grant_type", "client_id", "client_secret"}


class Lwa:
    def __init__(self, store: Store, accounts: Accounts, slips: Faults) -> None:
        self._store, self._accounts, self._slips = store, accounts, slips
        self._grants: dict[
            str, Callable[[Application, Mapping[str, str]], dict[str, Any]]
        ] = {
            "authorization_code": self._by_code,
            "refresh_token": self._by_refresh_token,
        }

    def token(self, form: Mapping[str, str]) -> dict[str, Any]:
        """The answer to POST /auth/o2/token; raises `LwaRefused`."""
        grant = form.get("grant_type", "")
        if not grant:
            raise LwaRefused(
                "invalid_request",
                "The request is missing a required parameter : grant_type",
            )
        if grant not in _GRANTS:
            raise LwaRefused(
                "unsupported_grant_type",
                "The authorization grant type is not supported by the authorization"
                " server",
            )
        for name in sorted(_ALWAYS | _GRANTS[grant]):
            if not form.get(name):
                raise LwaRefused(
                    "invalid_request",
                    f"The request is missing a required parameter : {name}",
                )
        unknown = sorted(set(form) - _ALWAYS - _GRANTS[grant])
        if unknown:
            raise LwaRefused("invalid_request", f"Unknown parameter : {unknown[0]}")
        return self._grants[grant](self._client(form), form)

    def _client(self, form: Mapping[str, str]) -> Application:
        client = self._accounts.client(form["client_id"])
        given = form["client_secret"].encode()
        if client is None or not hmac.compare_digest(
            client.client_secret.encode(), given
        ):
            raise LwaRefused("invalid_client", "Client authentication failed")
        return client

    def _by_code(self, client: Application, form: Mapping[str, str]) -> dict[str, Any]:
        seller_id = self._accounts.spend_code(
            form["code"], client.client_id, form["redirect_uri"]
        )
        if seller_id is None:
            raise LwaRefused(
                "invalid_grant",
                "The request has an invalid grant parameter : code. The code has"
                " expired, was used, or belongs to another client or redirect_uri",
            )
        refresh = self._accounts.new_token(REFRESH, client.client_id, seller_id)
        return self._granted(client, seller_id, refresh)

    def _by_refresh_token(
        self, client: Application, form: Mapping[str, str]
    ) -> dict[str, Any]:
        refresh = form["refresh_token"]
        if self._slips.take(["refresh-token-revoked"], []):
            self._accounts.revoke_token(refresh)
        found = self._accounts.token(refresh)
        if (
            found is None
            or found.kind != REFRESH
            or found.client_id != client.client_id
            or found.revoked
            or found.dies <= self._store.now()
        ):
            raise LwaRefused(
                "invalid_grant",
                "The request has an invalid grant parameter : refresh_token. User may"
                " have revoked or didn't grant the permission.",
            )
        return self._granted(client, found.seller_id, refresh)

    def _granted(
        self, client: Application, seller_id: str, refresh: str
    ) -> dict[str, Any]:
        access = self._accounts.new_token(
            ACCESS, client.client_id, seller_id, parent=refresh
        )
        return {
            "access_token": access,
            "refresh_token": refresh,
            "token_type": "bearer",
            "expires_in": int(ACCESS_SECONDS),
        }
