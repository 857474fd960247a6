"""What can go wrong, told apart by whose fault it is.

``AS2ConfigurationError`` is ours: a key, a certificate or a setting on this side
does not do. Everything under ``RemoteError`` is theirs. Each carries the answer to
give (``http_status`` and, for a message, ``disposition`` and ``answer``) and what
to tell a person here (``person``).

Whoever could not be authenticated gets one and the same answer whatever went wrong:
a receiver that tells a wrong key, a wrong padding and a wrong signature apart can be
used to decrypt other people's messages (Bleichenbacher 1998, Vaudenay 2002).
"""

from __future__ import annotations

#: RFC 4130 section 7.5.3 and 7.5.4 and RFC 5402 section 5: what an MDN can complain
#: of, with the sentence that its human-readable part carries.
ANSWERS = {
    "authentication-failed": "The message could not be decrypted and authenticated. "
    "Please check the certificates, the algorithms and the AS2 ids of both sides.",
    "decryption-failed": "The message could not be decrypted.",
    "decompression-failed": "The message could not be decompressed.",
    "insufficient-message-security": "The message is not protected as agreed: "
    "it must be signed and encrypted with the algorithms agreed upon.",
    "integrity-check-failed": "The content does not match its signature.",
    "unexpected-processing-error": "The message could not be processed.",
    "unknown-trading-relationship": "There is no agreement between these AS2 ids.",
    "unsupported-format": "The message has a format that is not supported here.",
    "unsupported-mic-algorithms": "None of the requested MIC algorithms is supported.",
}

#: The one answer to everybody who could not be authenticated.
UNAUTHENTICATED = "authentication-failed"


class AS2Error(Exception):
    """Base of both families.

    :ivar person: what happened and what to do, for a person on this side.
    :ivar http_status: status of the HTTP answer, where the error is one's answer.
    """

    http_status = 500

    def __init__(self, person: str) -> None:
        super().__init__(person)
        self.person = person


class AS2ConfigurationError(AS2Error):
    """Our fault: nothing was sent, or the message should be offered again later."""

    disposition = "unexpected-processing-error"
    answer = ANSWERS["unexpected-processing-error"]


class RemoteError(AS2Error):
    """Their fault."""

    http_status = 400


class EnvelopeRefused(RemoteError):
    """The HTTP headers are not those of an AS2 message; no MDN can be addressed."""


class MessageRefused(RemoteError):
    """A message that is not accepted.

    :ivar reason: what was found, one of :data:`ANSWERS`; for the log on this side.
    :ivar authenticated: whether the sender had proved who he is by then.
    :ivar mic: the message's MIC (base64), only after authentication.
    :ivar mic_algorithm: its digest, as in ``Policy.digests``.
    """

    http_status = 200  # RFC 4130 section 7.4.2: the answer is the MDN

    def __init__(
        self,
        person: str,
        reason: str,
        *,
        authenticated: bool = False,
        mic: str | None = None,
        mic_algorithm: str | None = None,
    ) -> None:
        super().__init__(person)
        self.reason = reason
        self.authenticated = authenticated
        self.mic = mic if authenticated else None
        self.mic_algorithm = mic_algorithm if authenticated else None

    @property
    def disposition(self) -> str:
        """What the MDN says: the reason, or the one answer for strangers."""
        return self.reason if self.authenticated else UNAUTHENTICATED

    @property
    def answer(self) -> str:
        """Text for the MDN's human-readable part; it gives away no more."""
        return ANSWERS[self.disposition]


class MdnRefused(RemoteError):
    """A receipt that is not authentic, or not for this message: it changes nothing.

    :ivar claimed: what it says all the same, unproven, to show a person; or None.
    """

    def __init__(self, person: str, claimed: str | None = None) -> None:
        super().__init__(person)
        self.claimed = claimed


class ContentError(ValueError):
    """Foreign bytes that cannot be used; the public calls turn it into a refusal.

    :ivar reason: one of :data:`ANSWERS`.
    """

    def __init__(self, person: str, reason: str = "unsupported-format") -> None:
        super().__init__(person)
        self.person = person
        self.reason = reason
