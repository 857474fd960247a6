"""What can go wrong between us and Amazon, by what there is to do about it.

Every text can be shown to a person. None holds an access token, a refresh token, a
code or a secret: what Amazon says is cleaned of them before it is kept.
"""

import re

MAX_TEXT = 500  # characters of a foreign message that are kept
# Access, refresh and restricted data tokens, and the secrets of applications.
# An address or a form has them with %7C.
_SECRETS = re.compile(
    r"(Atz(?:[a-z]|\.sprdt)(?:\||%7C)|amzn1\.oa2-cs\.)[^\s\"'<>&,;]*", re.IGNORECASE
)
_NOT_PRINTABLE = re.compile(r"[^\x20-\x7e\xa0-\ud7ff\ue000-\uffff]+")


def cleaned(text: object, *secrets: str) -> str:
    """A foreign text in one line, of bounded length and without secrets."""
    line = str(text or "")[: 4 * MAX_TEXT]
    for secret in secrets:
        if secret:
            line = line.replace(secret, "…")
    line = _NOT_PRINTABLE.sub(" ", _SECRETS.sub("…", line)).strip()
    return line if len(line) <= MAX_TEXT else line[: MAX_TEXT - 1] + "…"


class SpapiError(Exception):
    """Anything that the client raises on purpose."""


class NotYet(SpapiError):
    """The operation's bucket is empty: nothing was asked, ask again in ``seconds``."""

    def __init__(self, operation: str, seconds: float) -> None:
        self.operation = operation
        self.seconds = seconds
        super().__init__(operation, seconds)

    def __str__(self) -> str:
        return (
            f"{self.operation} may be called again in {self.seconds:.0f} seconds: "
            "the calls that Amazon allows are used up for now"
        )


class ApiError(SpapiError):
    """Amazon's API answered with an error, or not at all.

    ``status`` is the HTTP status, 0 without an answer; ``code`` and ``message`` are
    Amazon's own words, cleaned; ``request_id`` is what Amazon's support asks for.
    """

    sentence = "Amazon answered with an error"

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        request_id: str = "",
        *,
        operation: str = "",
    ) -> None:
        self.status = status
        self.code = code
        self.message = message
        self.request_id = request_id
        self.operation = operation
        Exception.__init__(self, status, code, message, request_id)

    def __str__(self) -> str:
        where = f"{self.operation}: " if self.operation else ""
        marks = [
            self.code,
            f"HTTP {self.status}" if self.status else "",
            f"request {self.request_id}" if self.request_id else "",
        ]
        said = " ".join(filter(None, [self.message, _bracketed(marks)]))
        return f"{where}{self.sentence}" + (f": {said}" if said else "")


class Throttled(ApiError, NotYet):
    """Amazon itself refused for want of tokens (429); ask again in ``seconds``."""

    sentence = (
        "Amazon takes no more calls of this kind for now; it is asked again later"
    )
    seconds = 0.0  # until a call has a chance, set by the client
    retry_after = 0.0  # seconds that Amazon itself named, if it did


class NotAuthorised(ApiError):
    """The access token is not accepted, not even a new one (401, 403)."""

    sentence = (
        "Amazon does not accept the authorisation; authorise the connection again"
    )


class Forbidden(ApiError):
    """The application or the seller may not do this (403): a role is missing."""

    sentence = (
        "Amazon denies access; give the application the role that this needs and "
        "authorise the connection again"
    )


class NotFound(ApiError):
    """What was asked for does not exist, or not for this seller (404)."""

    sentence = "Amazon does not know what was asked for"


class BadRequest(ApiError):
    """The request is wrong and would be wrong again (400, 413, 415, ...)."""

    sentence = "Amazon refused the request"


class Expired(ApiError):
    """The link to a document is no longer valid: ask for the document's link again."""

    sentence = "The link to the document has expired; it is asked for again"


class Unavailable(ApiError):
    """No answer, a broken one, or an error on Amazon's side (5xx): try again later."""

    sentence = "Amazon cannot be reached or is out of order; it is tried again later"


class Unreadable(ApiError):
    """The answer is not what Amazon's model promises, or too large."""

    sentence = "Amazon's answer cannot be read"


class LwaError(SpapiError):
    """Login with Amazon refused; ``code`` as in RFC 6749 section 5.2."""

    sentence = "Login with Amazon refused"

    def __init__(self, status: int, code: str, message: str) -> None:
        self.status = status
        self.code = code
        self.message = message
        super().__init__(status, code, message)

    def __str__(self) -> str:
        marks = [self.code, f"HTTP {self.status}"]
        said = " ".join(filter(None, [self.message, _bracketed(marks)]))
        return f"{self.sentence}: {said}"


class Revoked(LwaError):
    """The grant is gone: the seller must authorise the application again."""

    sentence = (
        "The authorisation was revoked, has expired or was used before; "
        "authorise the connection again"
    )


class BadApplication(LwaError):
    """Amazon does not know the application by this id and secret."""

    sentence = (
        "Amazon does not accept the application; check its client id and its secret, "
        "which must be renewed every 180 days"
    )


def _bracketed(marks: list[str]) -> str:
    return f"({', '.join(filter(None, marks))})" if any(marks) else ""
