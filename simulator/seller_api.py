"""Every call to the Selling Partner API: token, parameters, role, bucket, operation.

What was asked is kept (`asked`), what was refused is an event of the kind `refused`.
"""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Iterable
from urllib.parse import unquote

from . import seller_buckets, seller_settings
from .faults import Faults
from .seller_accounts import ACCESS, REFRESH, Accounts, Token
from .seller_call import Call, Json, Operation, Reply, Request
from .seller_errors import (
    Refused,
    internal_failure,
    invalid,
    not_found,
    quota_exceeded,
    unauthorized,
    unavailable,
)
from .seller_faults import INSTEAD, SPOILED, spoiled
from .store import Store

_DATE = re.compile(r"\d{8}T\d{6}Z")
LONGEST_USER_AGENT = 500


class Api:
    def __init__(
        self,
        store: Store,
        accounts: Accounts,
        slips: Faults,
        operations: Iterable[Operation],
    ) -> None:
        self._store, self._accounts, self._slips = store, accounts, slips
        self._operations = [(_pattern(each.path), each) for each in operations]

    def handle(self, request: Request) -> Reply:
        """The answer, good or not; never raises for what was sent."""
        operation, in_path = self._find(request)
        name = operation.name if operation else ""
        token = self._accounts.token(request.headers.get("x-amz-access-token", ""))
        headers = {"x-amzn-RequestId": secrets.token_hex(18)}
        slip = self._slips.take([*INSTEAD, *SPOILED], [name])
        if slip and slip.name in ("timeout", "connection-closed"):
            self._keep(request, name, token, 0, slip.name)
            return spoiled(Reply(0, b""), slip)
        try:
            self._strike(slip.name if slip else "", token)
            if operation is None:
                raise not_found(f"{request.method} {request.path} is no operation.")
            status = operation.status
            body = self._run(request, operation, in_path, headers)
            error = ""
        except Refused as refused:
            status, body = refused.status, refused.body()
            error = str(refused)
        self._keep(request, name, token, status, error)
        headers["Content-Type"] = "application/json"
        reply = Reply(status, json.dumps(body).encode(), headers)
        return spoiled(reply, slip if status < 400 else None)

    def _find(self, request: Request) -> tuple[Operation | None, dict[str, str]]:
        for pattern, operation in self._operations:
            match = pattern.fullmatch(request.path)
            if match and operation.method == request.method:
                return operation, {k: unquote(v) for k, v in match.groupdict().items()}
        return None, {}

    def _strike(self, fault: str, token: Token | None) -> None:
        """Raises `Refused` where a fault stands instead of the answer."""
        if fault == "access-token-expired" and token:
            self._accounts.expire(token.token)
        kinds = {
            "quota-exceeded": quota_exceeded,
            "internal-failure": internal_failure,
            "service-unavailable": unavailable,
        }
        if fault in kinds:
            raise kinds[fault]()

    def _run(
        self,
        request: Request,
        operation: Operation,
        in_path: dict[str, str],
        headers: dict[str, str],
    ) -> Json:
        token = self.authorised(request, operation.restricted)
        seller = self._accounts.known_seller(token.seller_id)
        if not seller.roles & operation.roles:
            raise unauthorized(
                f"The application has no role for {operation.name}: one of"
                f" {', '.join(sorted(operation.roles))} is needed."
            )
        settings = seller_settings.current(self._store)
        plan = seller_buckets.plan(settings, operation.name)
        headers["x-amzn-RateLimit-Limit"] = str(plan[0])
        if settings.limits and not seller_buckets.take(
            self._store, token, operation.name, plan
        ):
            raise quota_exceeded()
        parameters = {**query_of(request, operation.parameters), **in_path}
        body = body_of(request) if request.method == "POST" else {}
        return operation.run(Call(seller, token, parameters, body))

    def authorised(self, request: Request, restricted: bool) -> Token:
        """The token of the call; raises `Refused`."""
        given = request.headers.get("x-amz-access-token", "")
        if not given:
            raise unauthorized("Access token is missing in the request header.")
        agent = request.headers.get("user-agent", "")
        if not agent or len(agent) > LONGEST_USER_AGENT:
            raise invalid("A User-Agent of at most 500 characters is needed.")
        date = request.headers.get("x-amz-date")
        if date is not None and not _DATE.fullmatch(date):
            raise invalid("x-amz-date is not in the form 20250131T235959Z.")
        token = self._accounts.token(given)
        if token is None or token.kind == REFRESH or token.revoked:
            raise unauthorized(
                "The access token you provided is revoked, malformed or invalid."
            )
        if token.dies <= self._store.now():
            raise unauthorized("The access token you provided has expired.")
        if token.kind != ACCESS and not (
            restricted and (request.method, request.path) in token.resources
        ):
            raise unauthorized("The restricted data token is not for this resource.")
        return token

    def _keep(
        self,
        request: Request,
        operation: str,
        token: Token | None,
        status: int,
        error: str,
    ) -> None:
        seller_id = token.seller_id if token else ""
        parameters = dict(request.query)
        with self._store.transaction() as database:
            database.execute(
                "INSERT INTO request (at, seller_id, operation, method, path,"
                " parameters, status, error) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    *(self._store.now(), seller_id, operation),
                    *(request.method, request.path),
                    *(json.dumps(parameters), status, error),
                ),
            )
            if 400 <= status < 500 and status != 429:
                self._store.event(
                    "refused",
                    f"{request.method} {request.path}: {error}",
                    operation=operation,
                    seller_id=seller_id,
                    parameters=parameters,
                    status=status,
                    error=error,
                )


def query_of(request: Request, allowed: frozenset[str]) -> dict[str, str]:
    """Each parameter once (a list may also be given by repetition)."""
    found: dict[str, str] = {}
    for name, value in request.query:
        if name not in allowed:
            raise invalid(f"{name} is no parameter of this operation.")
        found[name] = f"{found[name]},{value}" if name in found else value
    return found


def body_of(request: Request) -> Json:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise Refused(415, "UnsupportedMediaType", "The body must be application/json.")
    try:
        body = json.loads(request.body)
    except ValueError as error:
        raise invalid(f"The body is no JSON: {error}.") from error
    if not isinstance(body, dict):
        raise invalid("The body must be an object.")
    return body


def _pattern(path: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", path))
