"""The token bucket by which Amazon counts calls, as arithmetic on a frozen value.

"Usage plans and rate limits": a bucket holds at most ``burst`` tokens, is refilled at
``rate`` tokens per second, and each call takes one. Who keeps the bucket (a row of a
database, a dictionary) reads it, asks it, and stores what comes back. ``now`` must come
from one clock for all who share the bucket; where it steps back, no time has passed.
"""

from dataclasses import dataclass, replace

# A float that should be a whole token may miss it by this much after a wait.
_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class Bucket:
    """``level`` tokens at the time ``at`` (seconds), ``rate`` more every second."""

    level: float
    rate: float
    burst: float
    at: float

    def __post_init__(self) -> None:
        if not (self.rate > 0 and self.burst >= 1 and 0 <= self.level):
            raise ValueError(f"{self} is no bucket: rate > 0, burst >= 1, level >= 0")

    def filled(self, now: float) -> "Bucket":
        """The bucket with what flowed in until ``now``."""
        passed = max(0.0, now - self.at)
        level = min(self.burst, self.level + passed * self.rate)
        return replace(self, level=level, at=self.at + passed)

    def take(self, now: float, cost: float = 1) -> tuple["Bucket", float]:
        """Take ``cost`` tokens, or say how many seconds are missing.

        :return: the bucket to store, and 0 when the tokens are taken; else the seconds
            to wait, and nothing is taken
        """
        if not 0 < cost <= self.burst:
            raise ValueError(f"{cost} tokens never fit a bucket of {self.burst}")
        bucket = self.filled(now)
        if bucket.level + _ROUNDING >= cost:
            return replace(bucket, level=max(0.0, bucket.level - cost)), 0.0
        return bucket, (bucket.at - now) + (cost - bucket.level) / bucket.rate

    def learned(self, now: float, rate: float) -> "Bucket":
        """The bucket with the rate that Amazon told at ``now``."""
        return replace(self.filled(now), rate=rate)

    def emptied(self, now: float, pause: float = 0.0) -> "Bucket":
        """The bucket after Amazon refused a call for want of tokens.

        :param pause: seconds in which Amazon wants no call; the first one after them
            has its token
        """
        bucket = self.filled(now)
        wait = max(0.0, pause - 1 / self.rate)
        return replace(bucket, level=0.0, at=max(bucket.at, now + wait))

    def left(self, now: float) -> int:
        """How many calls could be made at once."""
        return int(self.filled(now).level + _ROUNDING)


def backoff(
    attempt: int, random: float, *, base: float = 0.5, cap: float = 30.0
) -> float:
    """Seconds before try number ``attempt`` (0, 1, ...) is repeated: full jitter.

    Evenly spread between nothing and a limit that doubles each time, so that clients
    that failed together do not come back together.

    :param random: evenly distributed in [0, 1)
    """
    return random * min(cap, base * 2.0 ** min(attempt, 64))
