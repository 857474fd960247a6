"""One simulator process of each side, and one small vendor, for all tests here."""

from __future__ import annotations

import itertools
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from shop import Shop  # noqa: E402
from vendor import Vendor  # noqa: E402

from simulator.client import Simulator  # noqa: E402
from simulator.seller_client import SellerSimulator  # noqa: E402

BILL_TO = "Amazon.com Services LLC\n410 Terry Ave N\nSeattle WA 98109 US"
REMIT_TO = "Widgets Inc\n1 Main St\nSpringfield IL 62701 US"


@pytest.fixture(scope="session")
def amazon(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulator]:
    with Simulator(tmp_path_factory.mktemp("amazon")) as simulator:
        yield simulator


@pytest.fixture(scope="session")
def vendor(
    amazon: Simulator, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Vendor]:
    with Vendor(tmp_path_factory.mktemp("vendor"), amazon.status()) as small:
        amazon.configure(
            vendor_url=small.url,
            vendor_as2_id=small.as2_id,
            vendor_certificate=small.certificate,
            vendor_isa_id=small.isa_id,
            bill_to=BILL_TO,
            remit_to=REMIT_TO,
            terms={"01": "01", "07": "60"},
            retry_seconds=[0.1, 0.2],
            async_mdn_seconds=3,
        )
        yield small


@pytest.fixture(autouse=True)
def fresh(request: pytest.FixtureRequest) -> None:
    """Every test of the vendor's side starts on a quiet line, without faults."""
    if request.path.name.startswith("test_seller_"):
        return
    amazon: Simulator = request.getfixturevalue("amazon")
    vendor: Vendor = request.getfixturevalue("vendor")
    amazon.clear_faults()
    vendor.behave()
    vendor.wait_for(lambda: amazon.idle() and not vendor.busy())
    vendor.behave()


_numbers = itertools.count(1)


@pytest.fixture
def po_number() -> str:
    return f"PO{next(_numbers):06d}"


@pytest.fixture(scope="session")
def spapi(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SellerSimulator]:
    with SellerSimulator(tmp_path_factory.mktemp("spapi")) as simulator:
        yield simulator


_sellers = itertools.count(1)


@pytest.fixture
def shop(spapi: SellerSimulator) -> Iterator[Shop]:
    """A seller of its own in Germany and France, authorised; no faults, no limits."""
    spapi.clear_faults()
    spapi.clear_counters()
    spapi.freeze_clock(False)
    spapi.configure(
        limits=False,
        visible_after=120,
        report_queue_seconds=0,
        report_work_seconds=0,
        report_gzip=True,
    )
    with Shop(spapi, f"ASELLER{next(_sellers):04d}") as shop:
        yield shop
