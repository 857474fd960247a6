"""What Amazon does wrong when asked to: the right orders come in all the same."""

import pytest
from sellers import OTHER_SELLER, SELLER, make_next

from tools import seller_shop

ORDERS, PAGE = 12, 4
FEW = {"page": PAGE}
SLOW = [0.0056, 1]  # calls a second, calls at once
QUICK = [100, 1000]
# what is done wrong, how often, and what the connection then says
FAILING = {
    "internal-failure": (9, "out of order"),
    "service-unavailable": (9, "out of order"),
    "timeout": (9, "cannot be reached"),
    "connection-closed": (9, "cannot be reached"),
    "half-page": (9, "cannot be reached"),
    "invalid-json": (1, "cannot be read"),
}
# what is taken without a word
SILENT = {
    "access-token-expired": {},
    "internal-failure": {},
    "order-twice": {},
    "order-on-two-pages": {},
    "order-changes-next": {"which": "next"},
    "order-changes-seen": {"which": "seen"},
}


@pytest.fixture
def orders(workers, amazon_seller):
    """How many are done, where one page has come in and two are to come."""
    amazon_seller.clear_faults()
    workers.pass_time(amazon_seller)
    done = workers.states().get("done", 0)
    make_next(amazon_seller, ORDERS)
    amazon_seller.configure(rates={"searchOrders": SLOW})
    amazon_seller.refill_buckets()
    workers.road(**FEW)
    assert workers.states()["done"] == done + PAGE
    amazon_seller.configure(rates={"searchOrders": QUICK})
    workers.pass_time(amazon_seller)
    return done + PAGE


def all_is_there(workers, amazon):
    assert workers.wrong(amazon) == ""
    poll = workers.polls()[0]
    assert not poll["problem"] and not poll["token"]


@pytest.mark.parametrize("name", FAILING)
def test_fault_is_said_and_the_import_goes_on_after_it(
    orders, workers, amazon_seller, name
):
    times, words = FAILING[name]
    amazon_seller.fault(name, times, operation="searchOrders", seconds=0.1)
    workers.road(**FEW)
    (poll,) = workers.polls()
    assert words in poll["problem"]
    assert poll["token"] and poll["failures"] == 1
    assert workers.states()["done"] == orders
    amazon_seller.clear_faults()
    workers.pass_time(amazon_seller)
    workers.road(**FEW)
    all_is_there(workers, amazon_seller)
    assert workers.states()["done"] == orders + ORDERS - PAGE


@pytest.mark.parametrize("name", SILENT)
def test_fault_that_mends_itself_changes_nothing(orders, workers, amazon_seller, name):
    options = SILENT[name]
    known = "order-changes" if options else name
    amazon_seller.fault(known, 1, operation="searchOrders", **options)
    workers.road(**FEW)
    # what has changed meanwhile belongs to the next poll
    workers.pass_time(amazon_seller)
    workers.road(**FEW)
    assert not amazon_seller._call("GET", "/faults", {})
    all_is_there(workers, amazon_seller)
    assert set(workers.states()) <= {"done", "ignored"}


def test_storm_of_429_is_waited_out(orders, workers, amazon_seller):
    amazon_seller.fault("quota-exceeded", 9, operation="searchOrders")
    workers.road(**FEW)
    assert workers.states()["done"] == orders
    told = workers.rows(
        "SELECT error FROM amazon_b2b_call WHERE status = 429 ORDER BY id DESC LIMIT 1"
    )
    assert "QuotaExceeded" in told[0][0]
    assert "takes no more calls" in workers.polls()[0]["problem"]
    amazon_seller.clear_faults()
    workers.pass_time(amazon_seller)
    workers.road(**FEW)
    all_is_there(workers, amazon_seller)


def test_refused_authorisation_is_said_and_a_new_one_goes_on(
    orders, workers, amazon_seller
):
    """Amazon takes no access token, not even a new one."""
    amazon_seller.fault("access-token-expired", 9, operation="searchOrders")
    workers.road(**FEW)
    assert workers.states()["done"] == orders
    assert authorisation(workers)[0] == "again"
    assert "authorise the connection again" in authorisation(workers)[1]
    amazon_seller.clear_faults()
    consent_anew(workers, amazon_seller)
    workers.road(**FEW)
    all_is_there(workers, amazon_seller)


def authorisation(workers):
    (found,) = workers.rows(
        "SELECT authorisation_state, authorisation_problem FROM amazon_b2b_connection"
        " WHERE seller_id = %s",
        SELLER,
    )
    return found


def consent_anew(workers, amazon):
    token = amazon.authorise(seller_shop.APPLICATION, SELLER)
    workers.authorise({"seller": SELLER, "token": token})
    workers.pass_time(amazon)


def test_revoked_account_says_so_and_the_other_one_goes_on(workers, amazon_seller):
    other = seller_shop.open_account(amazon_seller, OTHER_SELLER)
    workers.add(other)
    workers.pass_time(amazon_seller)
    for seller in (SELLER, OTHER_SELLER):
        make_next(amazon_seller, PAGE, seller=seller)
    amazon_seller.revoke(SELLER)
    workers.road()
    assert workers.wrong(amazon_seller).startswith(f"{PAGE} of ")
    assert workers.wrong(amazon_seller, OTHER_SELLER) == ""
    assert authorisation(workers)[0] == "again"
    assert "authorise the connection again" in authorisation(workers)[1]
    consent_anew(workers, amazon_seller)
    workers.road()
    assert workers.wrong(amazon_seller) == ""
