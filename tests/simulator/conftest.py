"""One simulator process and one small vendor for all tests of this folder."""

from __future__ import annotations

import itertools
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from vendor import Vendor  # noqa: E402

from simulator.client import Simulator  # noqa: E402

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
def fresh(amazon: Simulator, vendor: Vendor) -> None:
    """Every test starts on a quiet line, without faults."""
    amazon.clear_faults()
    vendor.behave()
    vendor.wait_for(lambda: amazon.idle() and not vendor.busy())
    vendor.behave()


_numbers = itertools.count(1)


@pytest.fixture
def po_number() -> str:
    return f"PO{next(_numbers):06d}"
