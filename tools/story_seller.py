"""The second part of the story: a seller's channel, from the consent to the delivery.

A stand-in for Seller Central, Login with Amazon and the Selling Partner API runs in a
process of its own beside the same Odoo. The exit status is 0 only if both sides count
and sum alike.
"""

import shutil
from collections.abc import Callable

from simulator.seller_client import SellerSimulator

from . import story_seller_books, story_seller_mishaps, story_seller_work, venv
from .chromium import PageError
from .console import Stop
from .paths import LOCAL
from .story_road import STUCK, Stage
from .story_seller_consent import at_the_screen, authorise
from .story_seller_orders import MARKETPLACES, SELLER, STORE, place
from .story_seller_road import Scene
from .story_seller_shop import set_up
from .story_tell import counted

STATE = LOCAL / "amazon-seller"

CHAPTERS: dict[str, Callable[[Scene], None]] = {
    "Orders come by themselves": story_seller_work.first_orders,
    "A SKU that Odoo does not know": story_seller_work.map_product,
    "A tax that Odoo does not know": story_seller_work.map_tax,
    "Amazon's customers change their minds": story_seller_work.changes,
    "A delivery": story_seller_work.deliver,
    "Odoo killed between two pages": story_seller_mishaps.killed_between_pages,
}


def play(stage: Stage) -> None:
    """Tell it all; what does not work goes to the problems of the stage."""
    stage.tell.heading("A seller's channel, from Seller Central to the delivery")
    shutil.rmtree(STATE, ignore_errors=True)
    with SellerSimulator(STATE, python=str(venv.python())) as amazon:
        scene = Scene(stage, amazon, SELLER)
        stage.tell.line("Amazon", f"is a simulator at {amazon.ready['endpoint']}")
        amazon.put_seller(SELLER, store_name=STORE, marketplaces=MARKETPLACES)
        scene.numbers = place(amazon)
        orders = [number for some in scene.numbers.values() for number in some]
        stage.tell.more(f"{counted(orders, 'order')} of the last hours wait there.")
        if not _chapter(scene, "The seller is connected", _connect):
            return
        for title, act in CHAPTERS.items():
            _chapter(scene, title, act)
        story_seller_books.close(scene)


def _connect(scene: Scene) -> None:
    with at_the_screen(scene) as page:
        set_up(scene)
        authorise(scene, page)


def _chapter(scene: Scene, title: str, act: Callable[[Scene], None]) -> bool:
    """One chapter, and whether it went to its end; what ends it early is told."""
    scene.tell.chapter(title)
    try:
        act(scene)
    except (*STUCK, PageError, Stop) as error:
        scene.tell.bad(str(error))
        scene.stage.problems.append(f"{title}: {error}")
        return False
    return True
