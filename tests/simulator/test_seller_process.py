"""The process itself: what it forgets, and how fast it makes and shows orders."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from shop import Shop

from simulator.process import SimulatorError
from simulator.seller_client import SellerSimulator


def test_killed_and_started_again_it_goes_on(tmp_path: Path) -> None:
    with SellerSimulator(tmp_path) as amazon, Shop(amazon, "A1") as shop:
        amazon.configure(limits=False)
        shop.make(3)
        first = shop.search(maxResultsPerPage="2").json()
        urls = amazon.ready
        amazon.kill()
        amazon.start()
        assert amazon.ready == urls
        (rest,) = shop.pages(
            maxResultsPerPage="2", paginationToken=first["pagination"]["nextToken"]
        )
        assert len(rest) == 1
        assert amazon.counters("A1")["searchOrders"]["calls"] == 2


def test_ten_thousand_orders_are_made_and_read_in_a_hundred_pages(shop: Shop) -> None:
    started = time.monotonic()
    ids = shop.make(10_000)
    found = {order["orderId"] for page in shop.pages() for order in page}
    assert found == set(ids) and len(found) == 10_000
    assert shop.amazon.counters(shop.seller_id)["searchOrders"]["calls"] == 100
    assert time.monotonic() - started < 60


def test_control_api_needs_its_token(shop: Shop) -> None:
    answer = shop.session.get(shop.amazon.ready["control_url"] + "/status", timeout=10)
    assert answer.status_code == 401


def test_unknown_control_call_and_setting_are_refused(shop: Shop) -> None:
    with pytest.raises(SimulatorError, match="no such setting: colour"):
        shop.amazon.configure(colour="red")
    with pytest.raises(SimulatorError, match="limits is a bool"):
        shop.amazon.configure(limits=1)
    with pytest.raises(SimulatorError, match="no such seller"):
        shop.amazon.make_orders("NOBODY")


def test_it_listens_on_loopback_alone(tmp_path: Path) -> None:
    amazon = SellerSimulator(tmp_path)
    amazon._command += ["--host", "0.0.0.0"]
    with pytest.raises(SimulatorError, match="only loopback is allowed"):
        amazon.start()
