"""How fast X12 is read and written, beside what else could be done with the bytes.

An 850 of 10,000 PO1 in Amazon's layout. All ways are timed in turn in the same run, in
processor time, and the best of each counts, so that the ratios hold on a busy machine.
"""

import datetime
import io
import logging
import random
import sys
import time
from collections.abc import Callable
from decimal import Decimal
from itertools import repeat
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "amazon_b2b_connector"))

from pyx12.x12file import X12Reader  # noqa: E402

import edi  # noqa: E402
from edi.documents import (  # noqa: E402
    Identifier,
    Party,
    PurchaseOrder,
    PurchaseOrderLine,
)
from edi.x12.envelope import structure  # noqa: E402
from edi.x12.syntax import tokenise  # noqa: E402

LINES = 10_000
ROUNDS = 15
DAY = datetime.date(2026, 3, 9)


def order() -> PurchaseOrder:
    dice = random.Random(850)
    return PurchaseOrder(
        number="4HQ7EBLG",
        kind="NE",
        date=DAY,
        vendor_code="ABCDE",
        freight_payer="CC",
        back_order_allowed=False,
        deliver_not_before=DAY,
        deliver_not_after=DAY + datetime.timedelta(days=7),
        ship_to=Party(role="ST", code_qualifier="92", code="ABE2"),
        lines=tuple(
            PurchaseOrderLine(
                number=str(number),
                quantity=Decimal(dice.randint(1, 400)),
                unit="EA",
                price=Decimal(dice.randint(100, 99999)) / 100,
                price_basis="PE",
                identifiers=(
                    Identifier(
                        qualifier="EN", value=str(dice.randint(10**12, 10**13 - 1))
                    ),
                ),
            )
            for number in range(1, LINES + 1)
        ),
    )


ENVELOPE = edi.Envelope(
    sender="AMAZON",
    receiver="VENDOR",
    moment=datetime.datetime(2026, 3, 9, 14, 5),
    interchange_control_number=1,
    group_control_number=1,
)


def bare_split(data: bytes) -> list[list[bytes]]:
    return [segment.split(b"*") for segment in data.split(b"~")]


def segments(data: bytes) -> list[list[bytes]]:
    """Every segment split, after all checks of the envelopes."""
    found: list[list[bytes]] = []
    for raw in tokenise(data, edi.Limits(), []):
        groups, issues = structure(raw, 1)
        assert not issues
        mark = raw.delimiters.element.encode()
        for group in groups:
            for one in group.sets:
                found += map(bytes.split, one.segments, repeat(mark))
    return found


def pyx12(data: bytes) -> int:
    return sum(1 for _ in X12Reader(io.StringIO(data.decode())))


def best_times(ways: dict[str, Callable[[], object]]) -> dict[str, float]:
    best = dict.fromkeys(ways, float("inf"))
    for _ in range(ROUNDS):
        for name, way in ways.items():
            start = time.process_time()
            result = way()
            best[name] = min(best[name], time.process_time() - start)
            del result
    return best


def main() -> int:
    """Print times and ratios; 1 if a ratio is below what it should be."""
    logging.getLogger("pyx12").setLevel(logging.CRITICAL)
    document = order()
    data = edi.write(ENVELOPE, [document])
    (message,) = edi.read(data).messages
    assert message.document == document
    best = best_times(
        {
            "bytes.split": lambda: bare_split(data),
            "segments": lambda: segments(data),
            "pyx12": lambda: pyx12(data),
            "decode": lambda: edi.read(data),
            "encode": lambda: edi.write(ENVELOPE, [document]),
        }
    )
    print(f"850 with {LINES} PO1, {len(data)} bytes, best of {ROUNDS}, ms:")
    for name, seconds in best.items():
        print(f"  {name:<12}{seconds * 1000:8.1f}")
    ratios = (
        ("segments with envelope checks / bytes.split", "bytes.split", "segments", 0.5),
        ("to a PurchaseOrder / pyx12 X12Reader", "pyx12", "decode", 1.2),
        ("encode / decode", "decode", "encode", 1.0),
    )
    missed = 0
    for name, reference, ours, wanted in ratios:
        ratio = best[reference] / best[ours]
        missed += ratio < wanted
        verdict = "ok" if ratio >= wanted else "MISSED"
        print(f"{name}: {ratio:.2f} times as fast (at least {wanted}) {verdict}")
    return int(missed > 0)
