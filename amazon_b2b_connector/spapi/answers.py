"""What an HTTP answer of the API means: a value, or the error to raise.

Errors as in Amazon's Swagger models: ``{"errors": [{"code", "message", "details"}]}``
with every status that is not 2xx.
"""

import email.utils
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NoReturn

from .errors import (
    ApiError,
    BadRequest,
    Expired,
    Forbidden,
    NotAuthorised,
    NotFound,
    Throttled,
    Unavailable,
    Unreadable,
    cleaned,
)
from .operations import OPERATIONS
from .wire import Response

MAX_REQUEST_ID = 100  # characters
MAX_PAUSE = 3600.0  # seconds of a Retry-After that are believed
_REFUSALS: dict[int, type[ApiError]] = {
    401: NotAuthorised,
    403: Forbidden,
    404: NotFound,
    408: Unavailable,
    429: Throttled,
}
# A denial is about the token, not about a role, where Amazon's details name it so.
_TOKEN_MARKS = ("expired", "revoked", "malformed", "invalid")


@dataclass(frozen=True, slots=True)
class Answer:
    """What Amazon answered with a status of 2xx.

    ``json`` is the decoded body (numbers with a point are ``Decimal``), or what the
    call's reader made of it, None where it is empty; ``rate_limit`` calls per second as
    Amazon named them, if it did.
    """

    status: int
    body: bytes = field(repr=False)
    json: Any = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)
    rate_limit: float | None
    request_id: str
    seconds: float


def judged(
    operation: str,
    response: Response,
    seconds: float,
    token: str,
    reader: Callable[[bytes], Any],
) -> Answer | ApiError:
    """The answer, or the error that it stands for; ``token`` is kept out of it."""
    request = request_id(response)
    if not 200 <= response.status < 300:
        return _refusal(operation, response, request, token)
    try:
        value = reader(response.body) if response.body.strip() else None
    except ValueError:
        return Unreadable(
            response.status, "", "it is not JSON", request, operation=operation
        )
    return Answer(
        response.status,
        response.body,
        value,
        response.headers,
        rate_limit(response, operation),
        request,
        seconds,
    )


def decoded(body: bytes | str) -> Any:
    """JSON of a foreign body.

    :raise ValueError: not JSON, or nested beyond reason
    """
    try:
        return json.loads(body, parse_float=Decimal, parse_constant=_no_number)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def document_refusal(response: Response) -> ApiError:
    """The error for a document that its store does not hand out.

    Its words are left out: they repeat parts of the signed address.
    """
    status = response.status
    kind: type[ApiError] = NotFound if status == 404 else BadRequest
    if status == 403:
        kind = Expired
    elif status >= 500:
        kind = Unavailable
    elif status < 400:
        kind = Unreadable
    return kind(status, "", "", request_id(response), operation="document")


def may_be_expired(error: ApiError) -> bool:
    """Whether a new access token may help.

    Amazon answers 403 with the code Unauthorized for a missing role and for an expired
    token alike; only the details tell them apart, and not always.
    """
    if not error.status:
        return False
    return isinstance(error, NotAuthorised) or (
        isinstance(error, Forbidden) and error.code == "Unauthorized"
    )


def rate_limit(response: Response | None, operation: str) -> float | None:
    """Calls per second from ``x-amzn-RateLimit-Limit``, where it says a rate."""
    known = OPERATIONS.get(operation)
    if response is None or known is None:
        return None
    try:
        rate = float(response.headers.get("x-amzn-RateLimit-Limit", ""))
    except ValueError:
        return None
    return rate if known.believes(rate) else None


def retry_after(response: Response) -> float:
    """Seconds from ``Retry-After`` (RFC 9110 section 10.2.3), 0 where it says none."""
    text = response.headers.get("Retry-After", "").strip()
    if text.isascii() and text.isdigit():
        return min(float(text), MAX_PAUSE)
    try:
        moment = email.utils.parsedate_to_datetime(text).timestamp()
    except (ValueError, TypeError, OverflowError, OSError):
        return 0.0
    return min(max(0.0, moment - time.time()), MAX_PAUSE)


def request_id(response: Response | None) -> str:
    """Amazon's id of the request; documents have one of the store's."""
    if response is None:
        return ""
    found = response.headers.get("x-amzn-RequestId") or response.headers.get(
        "x-amz-request-id", ""
    )
    return cleaned(found)[:MAX_REQUEST_ID]


def _refusal(operation: str, response: Response, request: str, token: str) -> ApiError:
    status = response.status
    code, message, details = _said(response.body, token)
    kind = _REFUSALS.get(status, BadRequest)
    if status >= 500:
        kind = Unavailable
    elif status < 400:
        kind, message = Unreadable, "a redirect is not followed"
    elif status == 403 and any(mark in details.lower() for mark in _TOKEN_MARKS):
        kind = NotAuthorised
    if details and details != message:
        message = f"{message} {details}".strip()
    error = kind(status, code, message, request, operation=operation)
    if isinstance(error, Throttled):
        error.retry_after = retry_after(response)
    return error


def _said(body: bytes, token: str) -> tuple[str, str, str]:
    """Code, message and details of the first error that an answer names."""
    try:
        value = decoded(body)
    except ValueError:
        return "", "", ""
    errors = value.get("errors") if isinstance(value, dict) else None
    first = errors[0] if isinstance(errors, list) and errors else None
    if not isinstance(first, dict):
        return "", "", ""
    code, message, details = (
        cleaned(first.get(name), token) for name in ("code", "message", "details")
    )
    return code, message, details


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")
