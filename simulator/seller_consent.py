"""The page of Seller Central on which a seller authorises an application.

https://developer-docs.amazon.com/sp-api/docs/website-authorization-workflow. It stands
at `/apps/authorize/consent`, and at `/DE/apps/authorize/consent` as the Seller Central
of that marketplace, which offers its sellers alone.
"""

from __future__ import annotations

import html
from collections.abc import Mapping
from urllib.parse import urlencode, urlsplit

from .seller_accounts import Accounts, Application, Seller
from .seller_marketplaces import BY_COUNTRY

PATH = "/apps/authorize/consent"
_PARAMETERS = {"application_id", "state", "redirect_uri", "version"}

_PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title>
<meta name="viewport" content="width=device-width">
<style>body{{font-family:sans-serif;max-width:40em;margin:3em auto}}
label,button,select{{display:block;margin:1em 0}}</style></head>
<body><h1>{title}</h1>
{body}
</body></html>
"""
_FORM = """<p><b>{name}</b> asks for access to the data of a selling account on
{place}.</p>
<form method="post" action="{action}">
{hidden}
<label>Selling account <select name="seller_id">
{options}
</select></label>
<label><input type="checkbox" name="agreed" value="1" required>
I direct Amazon to give {name} access to this account.</label>
<button type="submit">Confirm</button>
</form>"""


class ConsentRefused(ValueError):
    """The page says why it is not shown."""


class Consent:
    def __init__(self, accounts: Accounts) -> None:
        self._accounts = accounts

    def page(self, path: str, query: Mapping[str, str]) -> str:
        """The page with its form; raises `ConsentRefused`."""
        application = self._application(query)
        sellers = self._sellers(path)
        kept = {name: query[name] for name in sorted(_PARAMETERS & set(query))}
        country = _country(path)
        place = BY_COUNTRY[country].name if country else "Amazon"
        return _PAGE.format(
            title="Authorise an application",
            body=_FORM.format(
                name=html.escape(application.name),
                place=html.escape(place),
                action=html.escape(path),
                hidden="\n".join(
                    f'<input type="hidden" name="{name}" value="{html.escape(value)}">'
                    for name, value in kept.items()
                ),
                options="\n".join(
                    f'<option value="{html.escape(each.seller_id)}">'
                    f"{html.escape(each.store_name)}</option>"
                    for each in sellers
                ),
            ),
        )

    def confirm(self, path: str, form: Mapping[str, str]) -> str:
        """Where the browser goes; raises `ConsentRefused`."""
        given = {k: v for k, v in form.items() if k not in ("agreed", "seller_id")}
        application = self._application(given)
        if not form.get("agreed"):
            raise ConsentRefused("The box was not ticked.")
        offered = {each.seller_id for each in self._sellers(path)}
        seller_id = form.get("seller_id", "")
        if seller_id not in offered:
            raise ConsentRefused("No such selling account.")
        redirect_uri = _redirect_uri(application, form)
        answer = {
            "state": form["state"],
            "selling_partner_id": seller_id,
            "spapi_oauth_code": self._accounts.new_code(
                application.client_id, redirect_uri, seller_id
            ),
        }
        joint = "&" if urlsplit(redirect_uri).query else "?"
        return f"{redirect_uri}{joint}{urlencode(answer)}"

    def _application(self, query: Mapping[str, str]) -> Application:
        unknown = sorted(set(query) - _PARAMETERS)
        if unknown:
            raise ConsentRefused(f"Unknown parameter: {unknown[0]}.")
        found = self._accounts.application(query.get("application_id", ""))
        if found is None:
            raise ConsentRefused("No such application_id.")
        if not query.get("state"):
            raise ConsentRefused("A state is needed.")
        if query.get("version", "beta") != "beta":
            raise ConsentRefused("The version is beta or not given.")
        if found.draft and "version" not in query:
            raise ConsentRefused("A draft application needs version=beta.")
        _redirect_uri(found, query)
        return found

    def _sellers(self, path: str) -> list[Seller]:
        country = _country(path)
        found = [
            each
            for each in self._accounts.sellers()
            if not country or country in [place.country for place in each.marketplaces]
        ]
        if not found:
            raise ConsentRefused("Nobody sells here.")
        return found


def is_here(path: str) -> bool:
    return path == PATH or path in {f"/{each}{PATH}" for each in BY_COUNTRY}


def refusal(reason: str) -> str:
    return _PAGE.format(
        title="The application cannot be authorised",
        body=f'<p id="reason">{html.escape(reason)}</p>',
    )


def _country(path: str) -> str:
    return path.removesuffix(PATH).strip("/")


def _redirect_uri(application: Application, query: Mapping[str, str]) -> str:
    """The one asked for, which must be registered; else the first registered."""
    given = query.get("redirect_uri")
    if given is not None and given not in application.redirect_uris:
        raise ConsentRefused("The redirect_uri is not registered.")
    if not application.redirect_uris:
        raise ConsentRefused("The application has no redirect_uri registered.")
    return given or application.redirect_uris[0]
