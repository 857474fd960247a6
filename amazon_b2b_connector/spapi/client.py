"""Calls operations of the Selling Partner API, within the limits that Amazon sets.

::

    client = Client(REGIONS["eu"].endpoint(), tokens, gate)
    answer = client.call("getOrder", path={"orderId": "302-1234567-1234567"})

Headers and errors as in "Connecting to the SP-API" and Amazon's Swagger models.
"""

import random as _random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import requests

from . import request
from .answers import (
    Answer,
    decoded,
    document_refusal,
    judged,
    may_be_expired,
    rate_limit,
    request_id,
)
from .buckets import backoff
from .errors import (
    ApiError,
    NotAuthorised,
    NotYet,
    Throttled,
    Unavailable,
    Unreadable,
    cleaned,
)
from .gate import Gate
from .operations import OPERATIONS, Operation
from .wire import Response, Wire, is_loopback

TRIES = 4  # HTTP attempts of one call at most
PATIENCE = 2.0  # seconds that one call may sleep altogether
# Seconds after which a failed attempt is the last one: who works off a queue is killed
# after two minutes (Odoo's limit_time_real), and would never write down what failed.
LONG = 10.0
MAX_DOCUMENT = 256 * 1024 * 1024  # bytes
DOWNLOAD = "document"  # what a fetched document is called in the log of calls
# The presigned documents of production and sandbox lie with Amazon Web Services.
DOCUMENT_HOSTS = (".amazonaws.com", ".cloudfront.net")


class TokenSource(Protocol):
    """Gives an access token; with ``fresh`` one that is newer than the last."""

    def __call__(self, fresh: bool) -> str: ...


@dataclass(frozen=True, slots=True)
class Call:
    """One HTTP attempt, for a log. ``status`` is 0 where no answer came.

    ``cost`` is what it took from the operation's bucket; ``retry`` counts from 0;
    ``problem`` is what went wrong in a few words.
    """

    operation: str
    status: int
    seconds: float
    size: int
    request_id: str
    rate_limit: float | None
    retry: int
    cost: int
    problem: str = ""


class Client:
    """One seller's connection with one region's endpoint.

    :param host: ``https://sellingpartnerapi-eu.amazon.com``
    :param tokens: gives access tokens; asked with ``fresh=True`` at most once a call
    :param gate: the operations' buckets
    :param observe: told of every HTTP attempt
    :param clock: seconds since 1970, for ``x-amz-date``
    :param random: evenly distributed in [0, 1)
    :param patience: seconds that one call may sleep; what takes longer is
        :class:`~.errors.NotYet`
    :param session, allow_loopback_http: see :class:`~.wire.Wire`
    """

    def __init__(
        self,
        host: str,
        tokens: TokenSource,
        gate: Gate,
        session: requests.Session | None = None,
        *,
        user_agent: str = "",
        observe: Callable[[Call], None] | None = None,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
        random: Callable[[], float] = _random.random,
        patience: float = PATIENCE,
        allow_loopback_http: bool = False,
    ) -> None:
        self._host = host.rstrip("/")
        self._tokens = tokens
        self._gate = gate
        self._user_agent = user_agent or request.user_agent("AmazonB2BConnector", "19")
        self._observe = observe or (lambda call: None)
        self._clock = clock
        self._sleep = sleep
        self._random = random
        self._patience = patience
        self._allow_loopback_http = allow_loopback_http
        self._wire = Wire(session, allow_loopback_http=allow_loopback_http)
        self._wire.check(self._host)

    def call(
        self,
        operation: str,
        path: Mapping[str, str] | None = None,
        query: Mapping[str, request.Value] | None = None,
        body: Mapping[str, Any] | None = None,
        restricted_token: str | None = None,
        reader: Callable[[bytes], Any] = decoded,
    ) -> Answer:
        """Call an operation of :data:`~.operations.OPERATIONS`.

        :param restricted_token: sent instead of the access token
        :param reader: what becomes :attr:`~.answers.Answer.json` of the body; a
            ``ValueError`` of its is :class:`~.errors.Unreadable`
        :raise NotYet: the bucket is empty for longer than the patience lasts;
            :class:`~.errors.Throttled` where Amazon said so
        :raise ApiError: one of its kinds, by what there is to do
        :raise LwaError: from ``tokens``
        """
        known = OPERATIONS[operation]
        url = request.address(self._host, known, path or {}, query or {})
        data = request.body(body)
        turn = _Turn(self._patience, self._sleep, self._random)
        renewed = fresh = False
        refused: Throttled | None = None
        while True:
            token = restricted_token or self._tokens(fresh=fresh)
            try:
                self._pass(known, turn)
            except NotYet as wait:
                if refused is None:
                    raise
                # the bucket is empty because Amazon said so just now
                refused.seconds = wait.seconds
                raise refused from None
            outcome = self._attempt(known, url, data, token, turn, reader)
            fresh = False
            if isinstance(outcome, Answer):
                return outcome
            if may_be_expired(outcome) and not restricted_token and not renewed:
                renewed = fresh = True
            elif isinstance(outcome, Throttled):
                refused = outcome
                self._gate.exhausted(operation, outcome.retry_after)
                if not turn.pause():
                    named = max(turn.delay, outcome.retry_after)
                    outcome.seconds = max(named, 1 / known.rate)
                    raise outcome
            elif not (
                isinstance(outcome, Unavailable) and known.repeatable and turn.pause()
            ):
                raise outcome
            turn.number += 1

    def fetch(self, url: str, limit: int = MAX_DOCUMENT) -> Response:
        """A document from its presigned address, which gets no access token.

        :param limit: bytes, packed and unpacked
        :raise Expired: the address is no longer valid
        :raise Unavailable, Unreadable: no answer, or not one that may be used
        """
        self._check_document(url)
        turn = _Turn(self._patience, self._sleep, self._random)
        while True:
            outcome = self._download(url, limit, turn)
            if isinstance(outcome, Response):
                return outcome
            if not (isinstance(outcome, Unavailable) and turn.pause()):
                raise outcome
            turn.number += 1

    def _pass(self, operation: Operation, turn: "_Turn") -> None:
        """Wait for the bucket, if it is not for long."""
        while wait := self._gate.take(operation.name):
            if not turn.sleep(wait):
                raise NotYet(operation.name, wait)

    def _attempt(
        self,
        known: Operation,
        url: str,
        data: bytes | None,
        token: str,
        turn: "_Turn",
        reader: Callable[[bytes], Any],
    ) -> Answer | ApiError:
        if not (token.isascii() and token.isprintable() and " " not in token):
            return NotAuthorised(
                0, "", "the access token is malformed", operation=known.name
            )
        headers = {
            "Accept": "application/json",
            "User-Agent": self._user_agent,
            "x-amz-access-token": token,
            "x-amz-date": request.amz_date(self._clock()),
        }
        if data is not None:
            headers["Content-Type"] = "application/json"
        started = time.monotonic()
        outcome: Answer | ApiError
        response = None
        try:
            response = self._wire.exchange(
                known.method, url, headers=headers, data=data
            )
        except ApiError as error:
            outcome = error
            outcome.operation = known.name
        else:
            seconds = time.monotonic() - started
            outcome = judged(known.name, response, seconds, token, reader)
        rate = rate_limit(response, known.name)
        if rate is not None:
            self._gate.learn(known.name, rate)
        turn.took(time.monotonic() - started)
        self._told(known.name, response, started, turn.number, 1, outcome)
        return outcome

    def _download(self, url: str, limit: int, turn: "_Turn") -> Response | ApiError:
        started = time.monotonic()
        headers = {"User-Agent": self._user_agent}
        outcome: Response | ApiError
        response = None
        try:
            response = self._wire.exchange("GET", url, headers=headers, limit=limit)
        except ApiError as error:
            outcome = error
            outcome.operation = DOWNLOAD
        else:
            outcome = response
            if response.status != 200:
                outcome = document_refusal(response)
        turn.took(time.monotonic() - started)
        self._told(DOWNLOAD, response, started, turn.number, 0, outcome)
        return outcome

    def _told(
        self,
        operation: str,
        response: Response | None,
        started: float,
        retry: int,
        cost: int,
        outcome: object,
    ) -> None:
        problem = ""
        if isinstance(outcome, ApiError):
            words = (type(outcome).__name__, outcome.code, outcome.message)
            problem = " ".join(filter(None, words))
        self._observe(
            Call(
                operation=operation,
                status=response.status if response else 0,
                seconds=time.monotonic() - started,
                size=len(response.body) if response else 0,
                request_id=request_id(response),
                rate_limit=rate_limit(response, operation),
                retry=retry,
                cost=cost,
                problem=problem,
            )
        )

    def _check_document(self, url: str) -> None:
        host = self._wire.check(url)
        if host.endswith(DOCUMENT_HOSTS) or (
            self._allow_loopback_http and is_loopback(host)
        ):
            return
        text = f"{cleaned(host)} is no place of Amazon's documents"
        raise Unreadable(0, "Address", text, operation=DOWNLOAD)


class _Turn:
    """The sleeps of one call: ``patience`` seconds and ``TRIES`` attempts in all, none
    after one that took :data:`LONG`."""

    def __init__(
        self,
        patience: float,
        sleep: Callable[[float], None],
        random: Callable[[], float],
    ) -> None:
        self.number = 0
        self.delay = 0.0
        self._is_over = False
        self._patience = patience
        self._sleep = sleep
        self._random = random

    def sleep(self, seconds: float) -> bool:
        """Sleep, if the patience lasts."""
        if seconds > self._patience:
            return False
        self._patience -= seconds
        self._sleep(seconds)
        return True

    def pause(self) -> bool:
        """Sleep before another attempt, if there may be one."""
        self.delay = backoff(self.number, self._random())
        over = self._is_over or self.number + 1 >= TRIES
        return not over and self.sleep(self.delay)

    def took(self, seconds: float) -> None:
        """An attempt took so long."""
        self._is_over = seconds >= LONG
