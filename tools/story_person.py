"""A person at the browser: what forms and buttons call, with that person's rights."""

import time
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import requests

Values = dict[str, Any]
Found = TypeVar("Found")

# between two looks at a record that somebody else works on
PAUSE = 0.1  # seconds
# the longest that a button may take; a Send dialog renders a PDF
BUTTON_SECONDS = 300.0


class Refused(Exception):
    """Odoo said no; the text is what it would show."""


class Person:
    """One login at one Odoo, over JSON-RPC."""

    def __init__(self, url: str, login: str, password: str, database: str) -> None:
        self.url, self.login = url, login
        self._web = requests.Session()
        self._web.trust_env = False
        found = self._post(
            "/web/session/authenticate",
            {"db": database, "login": login, "password": password},
        )
        self.id = int(found["uid"])
        self._context = {**found["user_context"]}

    def call(
        self,
        model: str,
        method: str,
        *args: Any,
        context: Values | None = None,
        **kw: Any,
    ) -> Any:
        """Call a public method. Raises `Refused` with Odoo's own words."""
        kwargs = {**kw, "context": {**self._context, **(context or {})}}
        return self._post(
            f"/web/dataset/call_kw/{model}/{method}",
            {"model": model, "method": method, "args": args, "kwargs": kwargs},
        )

    def press(
        self, model: str, record: int, button: str, context: Values | None = None
    ) -> Any:
        """Press a button on a form; the action that it opens, if it does."""
        return self.call(model, button, [record], context=context)

    def fill(self, model: str, values: Values, context: Values | None = None) -> int:
        """Fill a new form and save it; the record's id."""
        return int(self.call(model, "create", [values], context=context)[0])

    def opened(
        self, model: str, fields: Sequence[str], context: Values | None = None
    ) -> Values:
        """What a new form shows in these fields before anything is typed."""
        shown = self.call(
            *(model, "onchange", [], {}, [], {name: {} for name in fields}),
            context=context,
        )
        return dict(shown["value"])

    def change(self, model: str, record: int, values: Values) -> None:
        self.call(model, "write", [record], values)

    def rows(
        self,
        model: str,
        domain: Sequence[Any],
        fields: Sequence[str],
        order: str = "id",
    ) -> list[Values]:
        return list(
            self.call(model, "search_read", domain, fields, order=order, load=None)
        )

    def row(self, model: str, domain: Sequence[Any], fields: Sequence[str]) -> Values:
        """The newest record of `domain`. Raises `LookupError`."""
        found = self.rows(model, domain, fields, "id desc")
        if not found:
            raise LookupError(f"no {model} with {domain}")
        return found[0]

    def count(self, model: str, domain: Sequence[Any]) -> int:
        return int(self.call(model, "search_count", domain))

    def reference(self, xmlid: str) -> int:
        """The database id of a record that a module brought."""
        module, _dot, name = xmlid.partition(".")
        found = self.row(
            "ir.model.data", [("module", "=", module), ("name", "=", name)], ["res_id"]
        )
        return int(found["res_id"])

    def _post(self, path: str, params: Values) -> Any:
        answer = self._web.post(
            self.url + path,
            json={"jsonrpc": "2.0", "method": "call", "params": params},
            timeout=BUTTON_SECONDS,
        )
        answer.raise_for_status()
        content = answer.json()
        if "error" in content:
            data = content["error"].get("data") or {}
            raise Refused(data.get("message") or content["error"]["message"])
        return content.get("result")


def until(look: Callable[[], Found | None], what: str, timeout: float) -> Found:
    """What `look` sees as soon as it sees something. Raises `TimeoutError`."""
    end = time.monotonic() + timeout
    while True:
        found = look()
        if found:
            return found
        if time.monotonic() > end:
            raise TimeoutError(f"{what}: not seen within {timeout:g} s")
        time.sleep(PAUSE)
