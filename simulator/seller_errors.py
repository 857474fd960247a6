"""Amazon's two ways to say no: the error list of its APIs and the error of LWA."""

from __future__ import annotations

from typing import Any


class Refused(Exception):
    """An SP-API call that is answered with an error list."""

    def __init__(self, status: int, code: str, message: str, details: str = "") -> None:
        super().__init__(f"{code}: {message} {details}".strip())
        self.status, self.code = status, code
        self.message, self.details = message, details

    def body(self) -> dict[str, Any]:
        error = {"code": self.code, "message": self.message, "details": self.details}
        return {"errors": [error]}


def invalid(details: str) -> Refused:
    return Refused(400, "InvalidInput", "Invalid Input", details)


def unauthorized(details: str) -> Refused:
    message = "Access to requested resource is denied."
    return Refused(403, "Unauthorized", message, details)


def not_found(details: str) -> Refused:
    return Refused(404, "NotFound", "The requested resource doesn't exist.", details)


def quota_exceeded() -> Refused:
    message = "You exceeded your quota for the requested resource."
    return Refused(429, "QuotaExceeded", message)


def internal_failure() -> Refused:
    message = "We encountered an internal error. Please try again."
    return Refused(500, "InternalFailure", message)


def unavailable() -> Refused:
    message = "The service is temporarily overloaded or unavailable."
    return Refused(503, "ServiceUnavailable", message)


class LwaRefused(Exception):
    """A token request that is answered with OAuth's error (RFC 6749 section 5.2)."""

    def __init__(self, error: str, description: str) -> None:
        super().__init__(f"{error}: {description}")
        self.status = 401 if error == "invalid_client" else 400
        self.error, self.description = error, description

    def body(self) -> dict[str, Any]:
        return {"error": self.error, "error_description": self.description}
