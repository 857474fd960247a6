"""Who may call: applications, sellers, and the codes and tokens that bind them."""

from __future__ import annotations

import json
import secrets
import sqlite3
from dataclasses import dataclass
from typing import Any

from . import seller_roles
from .seller_marketplaces import Marketplace, find
from .store import Json, Store

CODE_SECONDS = 300.0
ACCESS_SECONDS = 3600.0
REFRESH_SECONDS = 365 * 86400.0  # a seller authorises an application for a year

ACCESS, REFRESH, RESTRICTED = "access", "refresh", "restricted"
_PREFIXES = {ACCESS: "Atza|", REFRESH: "Atzr|", RESTRICTED: "Atz.sprdt|"}


@dataclass(frozen=True)
class Seller:
    seller_id: str  # the merchant token
    store_name: str
    marketplaces: tuple[Marketplace, ...]  # of one region
    roles: frozenset[str]
    vcs: bool  # VAT calculation service: FBA reports show net prices
    hidden_columns: frozenset[str]  # switched off in Seller Central's column picker

    @property
    def region(self) -> str:
        return self.marketplaces[0].region


@dataclass(frozen=True)
class Application:
    application_id: str
    client_id: str
    client_secret: str
    redirect_uris: tuple[str, ...]
    draft: bool
    name: str


@dataclass(frozen=True)
class Token:
    token: str
    kind: str
    client_id: str
    seller_id: str
    dies: float
    revoked: bool
    resources: tuple[tuple[str, str], ...]  # method and path, of a restricted one


class Accounts:
    def __init__(self, store: Store) -> None:
        self._store = store

    # -- applications ---------------------------------------------------------

    def add_application(self, given: Json) -> Json:
        """Register or change an application; what is not given is made up."""
        number = secrets.token_hex(16)
        known = self.application(str(given.get("application_id", "")))
        values = {
            "application_id": f"amzn1.sp.solution.{number}",
            "client_id": f"amzn1.application-oa2-client.{number}",
            "client_secret": f"amzn1.oa2-cs.v1.{secrets.token_hex(32)}",
            "redirect_uris": [],
            "draft": False,
            "name": "An application",
            **(_as_json(known) if known else {}),
            **given,
        }
        row = _application(values)
        self._store.execute(
            "INSERT OR REPLACE INTO application VALUES (?, ?, ?, ?, ?, ?)",
            *(row.application_id, row.client_id, row.client_secret),
            *(json.dumps(row.redirect_uris), row.draft, row.name),
        )
        return _as_json(row)

    def application(self, application_id: str) -> Application | None:
        return self._application("application_id", application_id)

    def client(self, client_id: str) -> Application | None:
        return self._application("client_id", client_id)

    def _application(self, column: str, value: str) -> Application | None:
        row = self._store.row(f"SELECT * FROM application WHERE {column} = ?", value)
        if row is None:
            return None
        uris = json.loads(row["redirect_uris"])
        return _application({**dict(row), "redirect_uris": uris})

    # -- sellers --------------------------------------------------------------

    def put_seller(self, given: Json) -> Json:
        """Add or change a seller; marketplaces by id or country, of one region."""
        known = self.seller(str(given["seller_id"]))
        values: Json = {
            "store_name": "A store",
            "marketplaces": ["DE"],
            "roles": seller_roles.ALL,
            "vcs": False,
            "hidden_columns": [],
            **(seller_json(known) if known else {}),
            **given,
        }
        unknown = sorted(set(values) - set(Seller.__dataclass_fields__))
        if unknown:
            raise ValueError(f"a seller has no {', '.join(unknown)}")
        places = tuple(find(str(name)) for name in values["marketplaces"])
        if len({each.region for each in places}) != 1:
            raise ValueError("a seller account stands in marketplaces of one region")
        seller = Seller(
            str(values["seller_id"]),
            str(values["store_name"]),
            places,
            frozenset(seller_roles.check(values["roles"])),
            bool(values["vcs"]),
            frozenset(values["hidden_columns"]),
        )
        self._store.execute(
            "INSERT OR REPLACE INTO seller VALUES (?, ?, ?, ?, ?, ?)",
            *(seller.seller_id, seller.store_name),
            json.dumps([each.id for each in places]),
            json.dumps(sorted(seller.roles)),
            *(seller.vcs, json.dumps(sorted(seller.hidden_columns))),
        )
        return seller_json(seller)

    def seller(self, seller_id: str) -> Seller | None:
        row = self._store.row("SELECT * FROM seller WHERE seller_id = ?", seller_id)
        return None if row is None else _seller(row)

    def sellers(self) -> list[Seller]:
        rows = self._store.rows("SELECT * FROM seller ORDER BY seller_id")
        return [_seller(row) for row in rows]

    def known_seller(self, seller_id: str) -> Seller:
        found = self.seller(seller_id)
        if found is None:
            raise ValueError(f"no such seller: {seller_id}")
        return found

    # -- codes and tokens -----------------------------------------------------

    def new_code(self, client_id: str, redirect_uri: str, seller_id: str) -> str:
        code = f"ANDM{secrets.token_hex(8)}"
        self._store.execute(
            "INSERT INTO code VALUES (?, ?, ?, ?, ?, 0)",
            *(code, client_id, redirect_uri, seller_id, self._store.now()),
        )
        return code

    def spend_code(self, code: str, client_id: str, redirect_uri: str) -> str | None:
        """The seller it stands for, once, within five minutes, where it came from."""
        with self._store.transaction() as database:
            # all rows: an unfinished statement must not meet the commit
            spent = database.execute(
                "UPDATE code SET used = 1 WHERE code = ? AND client_id = ?"
                " AND redirect_uri = ? AND used = 0 AND at > ? RETURNING seller_id",
                (code, client_id, redirect_uri, self._store.now() - CODE_SECONDS),
            ).fetchall()
        return str(spent[0]["seller_id"]) if spent else None

    def new_token(
        self,
        kind: str,
        client_id: str,
        seller_id: str,
        resources: list[tuple[str, str]] | None = None,
        parent: str = "",
    ) -> str:
        """`parent` is the refresh token that an access token was made from."""
        token = _PREFIXES[kind] + secrets.token_urlsafe(48)
        seconds = REFRESH_SECONDS if kind == REFRESH else ACCESS_SECONDS
        self._store.execute(
            "INSERT INTO token VALUES (?, ?, ?, ?, ?, 0, ?, ?)",
            *(token, kind, client_id, seller_id, self._store.now() + seconds),
            *(json.dumps(resources or []), parent),
        )
        return token

    def token(self, token: str) -> Token | None:
        row = self._store.row("SELECT * FROM token WHERE token = ?", token)
        if row is None:
            return None
        return Token(
            *(row["token"], row["kind"], row["client_id"], row["seller_id"]),
            *(row["dies"], bool(row["revoked"])),
            tuple((method, path) for method, path in json.loads(row["content"])),
        )

    def expire(self, token: str) -> None:
        self._store.execute(
            "UPDATE token SET dies = ? WHERE token = ?", self._store.now(), token
        )

    def expire_access_tokens(self, seller_id: str) -> None:
        self._store.execute(
            "UPDATE token SET dies = ? WHERE seller_id = ? AND kind <> ? AND dies > ?",
            *(self._store.now(), seller_id, REFRESH, self._store.now()),
        )

    def revoke(self, seller_id: str) -> None:
        """The seller takes back every authorisation; what was given out is dead."""
        self._store.execute(
            "UPDATE token SET revoked = 1 WHERE seller_id = ?", seller_id
        )

    def revoke_token(self, token: str) -> None:
        self._store.execute(
            "UPDATE token SET revoked = 1 WHERE ? IN (token, parent)", token
        )


def _application(values: Json) -> Application:
    try:
        return Application(
            **{**values, "redirect_uris": tuple(values["redirect_uris"])}
        )
    except TypeError as error:
        raise ValueError(str(error)) from error


def _as_json(application: Application) -> Json:
    return {**vars(application), "redirect_uris": list(application.redirect_uris)}


def _seller(row: sqlite3.Row) -> Seller:
    return Seller(
        *(row["seller_id"], row["store_name"]),
        tuple(find(each) for each in json.loads(row["marketplaces"])),
        frozenset(json.loads(row["roles"])),
        bool(row["vcs"]),
        frozenset(json.loads(row["hidden_columns"])),
    )


def seller_json(seller: Seller) -> dict[str, Any]:
    return {
        "seller_id": seller.seller_id,
        "store_name": seller.store_name,
        "marketplaces": [each.id for each in seller.marketplaces],
        "roles": sorted(seller.roles),
        "vcs": seller.vcs,
        "hidden_columns": sorted(seller.hidden_columns),
    }
