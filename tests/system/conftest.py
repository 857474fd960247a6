"""One Odoo, prefork, with a stand-in Amazon beside it, for all tests of the road."""

import sys

import pytest

from simulator.client import Simulator
from simulator.seller_client import SellerSimulator
from tools import databases, seller_shop, seller_workers, server, templates, venv
from tools.story_person import Person
from tools.story_road import WORKERS, Stage, order_of
from tools.story_seller_shop import enter_application
from tools.story_shop import KETTLE, VENDOR_CODE, WAREHOUSE_CODE, set_up
from tools.story_tell import Teller


def pytest_collection_modifyitems(items):
    """What leaves hours of business behind comes last."""
    items.sort(key=lambda item: item.path.name == "test_road_busy.py")


@pytest.fixture(scope="session")
def stage(tmp_path_factory):
    """The vendor of the demo, set up; what its chapters do is in `tools/story_*`."""
    database = databases.name("road")
    databases.copy(templates.addon(), database)
    tell = Teller(sys.__stdout__)
    folder = tmp_path_factory.mktemp("amazon")
    with Simulator(folder, python=str(venv.python())) as amazon:
        odoo = server.start(database, workers=WORKERS)
        try:
            made = Stage(tell, odoo, amazon, set_up(tell, odoo, amazon))
        except BaseException:
            odoo.stop()
            raise
        yield made
        made.odoo.kill()
    databases.drop(database)


@pytest.fixture(scope="session")
def order():
    """Makes orders for kettles: `order("PO1", 5)`."""

    def make(po_number, *quantities):
        lines = [
            (quantity, "EA", "9.50", ("EN", KETTLE.barcode)) for quantity in quantities
        ]
        return order_of(po_number, VENDOR_CODE, WAREHOUSE_CODE, lines)

    return make


@pytest.fixture(scope="session")
def forge():
    """Workers of a seller's shop, for one test after the other."""
    with seller_workers.Workers("sellers", templates.addon()) as workers:
        yield workers


@pytest.fixture(scope="module")
def amazon_seller(tmp_path_factory):
    """A stand-in Amazon."""
    folder = tmp_path_factory.mktemp("seller")
    with SellerSimulator(folder, python=str(venv.python())) as amazon:
        yield amazon


@pytest.fixture(scope="module")
def workers(forge, amazon_seller):
    """Workers in a database that is connected to one seller account; tests of a module
    share it, for making it takes longer than they do."""
    forge.connect(seller_shop.open_account(amazon_seller))
    return forge


@pytest.fixture(scope="module")
def seller_odoo():
    """An Odoo with workers and scheduled actions, in which nothing is set up."""
    database = databases.name("seller")
    databases.copy(templates.addon(), database, durable=False)
    try:
        with server.running(database, workers=2) as odoo:
            databases.set_parameter(database, "web.base.url", odoo.url)
            yield odoo
    finally:
        databases.drop(database)


@pytest.fixture(scope="module")
def manager(seller_odoo, amazon_seller):
    """An Amazon Manager, where the application is entered."""
    person = Person(seller_odoo.url, "admin", "admin", seller_odoo.database)
    person.application = enter_application(
        *(person, amazon_seller), "Our Odoo", seller_odoo.url
    )
    return person
