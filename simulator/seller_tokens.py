"""Tokens API 2021-03-01: restricted data tokens, here for report documents alone.

https://developer-docs.amazon.com/sp-api/docs/tokens-api-use-case-guide
"""

from __future__ import annotations

from typing import Any

from . import seller_reports
from .seller_accounts import ACCESS_SECONDS, RESTRICTED, Accounts
from .seller_call import Call, Json, Operation
from .seller_errors import Refused, unauthorized
from .seller_reports import Reports
from .seller_roles import REPORTS

_MOST_RESOURCES = 50
_DOCUMENTS = f"{seller_reports.PATH}/documents/"


class RestrictedTokens:
    def __init__(self, accounts: Accounts, reports: Reports) -> None:
        self._accounts, self._reports = accounts, reports

    def operations(self) -> list[Operation]:
        path = "/tokens/2021-03-01/restrictedDataToken"
        return [
            Operation(
                *("createRestrictedDataToken", "POST", path, frozenset[str]()),
                *(REPORTS, self._create),
            )
        ]

    def _create(self, call: Call) -> Json:
        if unknown := sorted(set(call.body) - {"restrictedResources"}):
            raise _invalid(f"{unknown[0]} is no field here.")
        given = call.body.get("restrictedResources")
        if not isinstance(given, list) or not 1 <= len(given) <= _MOST_RESOURCES:
            raise _invalid("restrictedResources has 1 to 50 entries.")
        resources = [self._resource(call, each) for each in given]
        token = self._accounts.new_token(
            *(RESTRICTED, call.token.client_id, call.seller.seller_id, resources)
        )
        return {"restrictedDataToken": token, "expiresIn": int(ACCESS_SECONDS)}

    def _resource(self, call: Call, given: Any) -> tuple[str, str]:
        if not isinstance(given, dict) or set(given) - {"method", "path"}:
            raise _invalid("A resource has a method and a path.")
        method, path = given.get("method"), str(given.get("path", ""))
        if method != "GET" or not path.startswith(_DOCUMENTS):
            raise _invalid(f"{method} {path} is no restricted resource.")
        kind = self._reports.document_type(
            call.seller.seller_id, path.removeprefix(_DOCUMENTS)
        )
        if kind is None or not kind.restricted:
            raise _invalid(f"{path} is no restricted report document.")
        if not call.seller.roles & kind.roles:
            raise unauthorized(f"The application has no role for {kind.name}.")
        return method, path


def _invalid(details: str) -> Refused:
    message = "Request is missing or has invalid parameters"
    return Refused(400, "InvalidRequest", message, details)
