"""One call as the seller's side sees it, what its parameters say, and its answer."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from . import seller_times
from .seller_accounts import Seller, Token
from .seller_errors import invalid
from .seller_marketplaces import MARKETPLACES

Json = dict[str, Any]


@dataclass(frozen=True)
class Request:
    """From the wire; names of headers in small letters."""

    method: str
    path: str
    query: tuple[tuple[str, str], ...]
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Reply:
    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    delay: float = 0.0  # seconds
    cut: int | None = None  # close after so many bytes of the body; -1: no answer


@dataclass(frozen=True)
class Call:
    """A request that is known and authorised."""

    seller: Seller
    token: Token
    parameters: Mapping[str, str]  # of path and query
    body: Json  # the JSON of a POST


@dataclass(frozen=True)
class Operation:
    """What an operation of Amazon's is: `status` is that of its success."""

    name: str  # as the model's operationId
    method: str
    path: str  # with {names}
    parameters: frozenset[str]  # that its query may have
    roles: frozenset[str]  # one of them is needed
    run: Callable[[Call], Json]
    status: int = 200
    restricted: bool = False  # takes a restricted data token as well


def values(call: Call, name: str, allowed: Collection[str] | None = None) -> list[str]:
    """A list, joined with commas; raises `Refused` for one that is not allowed."""
    given = [each for each in call.parameters.get(name, "").split(",") if each]
    if name in call.parameters and not given:
        raise invalid(f"{name} is empty.")
    if allowed is not None:
        for each in given:
            if each not in allowed:
                raise invalid(f"{each} is no value of {name}.")
    return given


def whole(call: Call, name: str, least: int, most: int, default: int) -> int:
    text = call.parameters.get(name)
    if text is None:
        return default
    if not text.isdecimal() or not least <= int(text) <= most:
        raise invalid(f"{name} must be between {least} and {most}.")
    return int(text)


def moment(call: Call, name: str) -> float | None:
    text = call.parameters.get(name)
    return None if text is None else time(name, text)


def time(name: str, text: object) -> float:
    try:
        return seller_times.parse(str(text))
    except ValueError as error:
        raise invalid(f"{name}: {error}.") from error


def marketplaces(call: Call, given: list[str], most: int) -> list[str]:
    """Those asked for, in which the seller must sell."""
    if len(given) > most:
        raise invalid(f"marketplaceIds has more than {most} values.")
    own = {each.id for each in call.seller.marketplaces}
    for each in given:
        if each not in MARKETPLACES:
            raise invalid(f"{each} is not a valid marketplace id.")
        if each not in own:
            raise invalid(f"The seller does not sell in marketplace {each}.")
    return given
