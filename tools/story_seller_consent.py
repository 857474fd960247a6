"""The consent in Seller Central, given in a real browser."""

import html
import json
import re
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from . import chromium
from .chromium import Page
from .console import Stop
from .story_person import until
from .story_road import STEP_SECONDS
from .story_seller_road import CONNECTION, Json, Scene

TOKEN = "amazon.b2b.seller.token"


@contextmanager
def at_the_screen(scene: Scene) -> Iterator[Page | None]:
    """A browser in which the Manager logs in, or none where none starts.

    It loads Odoo's pages while what follows goes on.
    """
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder,
        ExitStack() as stack,
    ):
        page = None
        try:
            page = stack.enter_context(chromium.page(folder))
        except Stop as missing:
            scene.tell.line("Browser", f"{missing}; it goes on without")
        if page:
            page.open(f"{scene.stage.odoo.url}/odoo")
            page.type("#login", "admin")
            page.type("#password", "admin")
            page.click("button[type=submit]", "Log in")
        yield page


def authorise(scene: Scene, page: Page | None) -> None:
    """Authorise at Amazon's own page, or, without a browser, by a pasted token."""
    if page:
        _consent(scene, page)
    else:
        _paste(scene)
    _tell_of(scene)


def _consent(scene: Scene, page: Page) -> None:
    page.until_at("/odoo")
    form = f"{scene.stage.odoo.url}/odoo/{CONNECTION}/{scene.connection}"
    page.open(form)
    page.click("button[name=action_authorise]", "Authorise")
    page.until_text("asks for access")
    scene.tell.line("Browser", "at the connection's form, button “Authorise”")
    asked = " ".join(str(page.run("document.querySelector('p').innerText")).split())
    scene.tell.line("Amazon", f"Seller Central: “{asked}”")
    page.click("input[name=agreed]")
    page.click("button", "Confirm")
    page.until(f"location.href === {json.dumps(form)}", "the connection's form")
    page.until_text("Amazon.fr")
    scene.tell.line("Browser", "box ticked, Confirm, and back at the connection")


def _paste(scene: Scene) -> None:
    """As of a self-authorised application."""
    manager = scene.manager
    applied = manager.row("amazon.b2b.application", [], ["application_id"])
    token = scene.amazon.authorise(applied["application_id"], scene.seller_id)
    wizard = manager.fill(
        TOKEN,
        {
            "connection_id": scene.connection,
            "seller_id": scene.seller_id,
            "refresh_token": token,
        },
    )
    manager.press(TOKEN, wizard, "action_enter")
    scene.tell.line("Manager", "has no browser and pastes a refresh token instead")


def _tell_of(scene: Scene) -> None:
    """What the connection's form says then. Raises `LookupError` where it is not
    authorised."""
    found = _settled(scene)
    if found["authorisation_problem"] or found["authorisation_state"] != "ok":
        raise LookupError(found["authorisation_problem"] or "It is not authorised.")
    if found["seller_id"] != scene.seller_id:
        raise LookupError(f"Odoo has the seller id {found['seller_id']}.")
    tell, manager = scene.tell, scene.manager
    tell.line(
        "Odoo",
        f"Authorised until {found['authorised_until'][:10]}, seller"
        f" {found['seller_id']}, token …{found['token_tail']}",
    )
    places = manager.rows(
        "amazon.b2b.marketplace", [("connection_id", "=", scene.connection)], ["name"]
    )
    tell.more(f"Marketplaces: {', '.join(each['name'] for each in places)}.")
    tell.more(f"Roles missing: {found['missing_roles'] or 'none'}.")
    for text in to_do(found["to_do"] or ""):
        tell.more(f"To do: {text}")
    manager.change(
        *(CONNECTION, scene.connection),
        {"columns_switched_on": True, "ship_from_set": True},
    )
    tell.line("Manager", "does both there and ticks them here")


def _settled(scene: Scene) -> Json:
    """The connection once its first synchronisation was triggered, or would not be."""
    fields = (
        "authorisation_state authorisation_problem authorised_until seller_id"
        " token_tail missing_roles to_do first_poll"
    ).split()

    def look() -> Json | None:
        found = scene.manager.row(CONNECTION, [("id", "=", scene.connection)], fields)
        done = found["first_poll"] or found["authorisation_problem"]
        return found if done else None

    return until(look, "the connection set up", STEP_SECONDS)


def to_do(checklist: str) -> list[str]:
    """The items of the connection's checklist, without their links."""
    items = re.findall(r"<li>(.*?)</li>", checklist, re.DOTALL)
    texts = [re.sub(r"<a\b.*?</a>", "", item, flags=re.DOTALL) for item in items]
    return [html.unescape(re.sub(r"<[^>]*>", "", text)).strip() for text in texts]
