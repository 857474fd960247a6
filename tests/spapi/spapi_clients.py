"""Clients for tests, whose clock, sleep and chance are in the test's hand."""

from __future__ import annotations

from typing import Any

from spapi_server import ACCESS, Server

import spapi


class Time:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.now = 1_780_000_000.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


class Tokens:
    """Gives the test's token, and another one when a fresh one is asked for."""

    def __init__(self) -> None:
        self.asked: list[bool] = []

    def __call__(self, fresh: bool) -> str:
        self.asked.append(fresh)
        return ACCESS + "-new" * sum(self.asked)


class Bench:
    """A client against the server, and what it did."""

    def __init__(self, server: Server, **options: Any) -> None:
        self.time = Time()
        self.tokens = Tokens()
        self.gate = spapi.MemoryGate(self.time)
        self.calls: list[spapi.Call] = []
        options = {"random": lambda: 0.5, "allow_loopback_http": True, **options}
        self.client = spapi.Client(
            server.url,
            self.tokens,
            self.gate,
            observe=self.calls.append,
            clock=self.time,
            sleep=self.time.sleep,
            **options,
        )
