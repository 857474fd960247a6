"""What goes wrong while Amazon's pages are read, and that it costs no order."""

from .story_person import until
from .story_road import STEP_SECONDS
from .story_seller_orders import place_many
from .story_seller_road import SEARCH, Json, Scene

STORM = 50  # more refusals than one call makes attempts
THROTTLED, DENIED = 429, 403
# that Amazon was asked again after a pause
ATTEMPTS = 2


def killed_between_pages(scene: Scene) -> None:
    """Odoo has the first page, is refused the second (429), and is killed."""
    amazon, tell = scene.amazon, scene.tell
    numbers = scene.numbers["many"] = place_many(amazon)
    tell.line("Amazon", f"{len(numbers)} orders at once; a page holds 100")
    since = _latest(scene)
    amazon.fault("quota-exceeded", STORM, operation=SEARCH, after=1)
    scene.synchronise()
    until(
        lambda: len(_calls(scene, since, THROTTLED)) >= ATTEMPTS,
        *("the second page refused", STEP_SECONDS),
    )
    first, second = _calls(scene, since, THROTTLED)[:ATTEMPTS]
    tell.line(
        "Amazon",
        "gives the first page; for the second 429, and again"
        f" {second['at'] - first['at']:.1f} s later",
    )
    scene.stage.kill()
    amazon.clear_faults()
    amazon.expire_access_tokens(scene.seller_id)
    tell.line("Amazon", "lets the access token expire meanwhile")
    since = _latest(scene)
    scene.stage.restart()
    scene.synchronise()
    documents = scene.arrived(numbers)
    calls = _calls(scene, since)
    tell.line("Odoo", "asks for the second page alone, with a new access token")
    scene.expect(_is_next(calls[0]), "Odoo asked for the first page again.")
    scene.expect(calls[0]["status"] == DENIED, "No access token had expired.")
    orders = scene.orders(numbers)
    tell.more(
        f"{len(documents)} documents and {len(orders)} sale orders of {len(numbers)}"
        " orders: nothing lost, nothing doubled."
    )
    scene.expect(
        len(documents) == len(orders) == len(numbers),
        f"{len(numbers)} orders are {len(documents)} documents, {len(orders)} orders.",
    )


def _is_next(call: Json) -> bool:
    return "paginationToken" in dict(call["parameters"])


def _latest(scene: Scene) -> int:
    return max((each["seq"] for each in scene.amazon.asked()), default=0)


def _calls(scene: Scene, since: int, status: int | None = None) -> list[Json]:
    """Calls for pages of orders after number `since`, with one status or any."""
    return [
        each
        for each in scene.amazon.asked(SEARCH, since)
        if status in (None, each["status"])
    ]
