"""Reads every order that Amazon's own model of its Orders API shows.

``main(directory)`` expects ``orders_2026-01-01.json`` under ``spapi-models/models``
there. Asked is of each example and each answer of the static sandbox:

- An order is read, has all that the model requires, and is net, gross, without tax, or
  wrong by the difference that is then named: Amazon's examples need not add up.
- An error is an issue with Amazon's code.
- Each answer, whole and cut off or damaged at many places: no exception.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "amazon_b2b_connector"))

from spapi.documents import SellerOrder  # noqa: E402
from spapi.money import difference  # noqa: E402
from spapi.orders_2026 import read_page  # noqa: E402
from spapi.readings import ReadOrder  # noqa: E402

from .results import FAILED, PASSED, Result, tell  # noqa: E402

MODEL = Path("spapi-models/models/orders-api-model/orders_2026-01-01.json")
CUTS = 100


def main(directory: Path) -> int:
    """Print a table and a sum; 0 if everything is as it should be."""
    try:
        model = json.loads((directory / MODEL).read_bytes())
    except (OSError, ValueError) as error:
        print(f"{directory / MODEL} cannot be read: {error}")
        return 1
    return tell(
        result
        for name, _status, answer in answers(model)
        for result in _results(name, answer)
    )


def answers(model: dict[str, Any]) -> Iterator[tuple[str, int, Any]]:
    """What Amazon shows of each operation: a name, the HTTP status, and the JSON."""
    for operations in model["paths"].values():
        for operation in operations.values():
            if not isinstance(operation, dict):
                continue  # parameters that the operations of a path share
            for code, response in operation["responses"].items():
                name = f"{operation['operationId']} {code}"
                for example in response.get("examples", {}).values():
                    if example:  # {} stands where Amazon shows none
                        yield f"{name} example", int(code), example
                sandbox = response.get("x-amzn-api-sandbox", {})
                for i, pair in enumerate(sandbox.get("static", []), 1):
                    yield f"{name} sandbox {i}", int(code), pair["response"]


def _results(name: str, answer: Any) -> Iterator[Result]:
    data = json.dumps(answer).encode()
    try:
        for end in range(0, len(data), max(1, len(data) // CUTS)):
            read_page(data[:end])
            read_page(data[:end] + b"}" + data[end:])
            read_page(data[:end] + b"\0" + data[end + 1 :])
        page = read_page(data)
    except Exception as error:  # that there is none is what is being checked
        yield Result(name, FAILED, f"exception {error!r}")
        return
    codes = [error["code"] for error in answer.get("errors", [])]
    if codes:
        said = "; ".join(page.issues)
        named = not page.orders and all(code in said for code in codes)
        yield Result(name, PASSED if named else FAILED, f"error: {said}")
        return
    wanted = answer["orders"] if "orders" in answer else [answer["order"]]
    if len(wanted) != len(page.orders) or page.issues:
        said = "; ".join(page.issues)
        yield Result(
            name, FAILED, f"{len(page.orders)} of {len(wanted)} orders, {said}"
        )
    for source, read in zip(wanted, page.orders, strict=False):
        yield _result(name, source, read)


def _result(name: str, source: dict[str, Any], read: ReadOrder) -> Result:
    said = "; ".join(read.issues)
    order = read.order
    if order is None:
        return Result(name, FAILED, f"{read.number} is not read: {said}")
    lines = [item["orderItemId"] for item in source["orderItems"]]
    if order.number != source["orderId"] or lines != [x.number for x in order.lines]:
        return Result(name, FAILED, f"{read.number} is not what Amazon shows")
    over = difference(order)
    if over or said:
        remark = f"{read.number}: held, {said or f'a difference of {over}'}"
        return Result(name, PASSED, remark)
    remark = f"{read.number}: {order.total} {order.currency}, {_bases(order)}"
    return Result(name, PASSED, remark)


def _bases(order: SellerOrder) -> str:
    """What the lines' amounts are, such as ``net, no tax``."""
    return ", ".join(line.basis or "no tax" for line in order.lines)
