"""Who is asked before each call whether the operation's bucket has a token.

The addon keeps its buckets in PostgreSQL, where all workers share them;
:class:`MemoryGate` serves a single process.
"""

import time
from collections.abc import Callable
from typing import Protocol

from .buckets import Bucket
from .operations import OPERATIONS


class Gate(Protocol):
    def take(self, operation: str) -> float:
        """Take a token; 0 when it is taken, else the seconds until there is one."""

    def learn(self, operation: str, rate: float) -> None:
        """Amazon named the rate (calls per second) of this operation."""

    def exhausted(self, operation: str, pause: float) -> None:
        """Amazon refused a call for want of tokens (429), and wants none for
        ``pause`` seconds."""


class MemoryGate:
    """Buckets of one process, full at first, at Amazon's published rates."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self.buckets: dict[str, Bucket] = {}

    def take(self, operation: str) -> float:
        self.buckets[operation], wait = self._bucket(operation).take(self._clock())
        return wait

    def learn(self, operation: str, rate: float) -> None:
        bucket = self._bucket(operation).learned(self._clock(), rate)
        self.buckets[operation] = bucket

    def exhausted(self, operation: str, pause: float = 0.0) -> None:
        bucket = self._bucket(operation).emptied(self._clock(), pause)
        self.buckets[operation] = bucket

    def _bucket(self, operation: str) -> Bucket:
        if operation not in self.buckets:
            known = OPERATIONS[operation]
            full = Bucket(known.burst, known.rate, known.burst, self._clock())
            self.buckets[operation] = full
        return self.buckets[operation]
