"""The tool that reads the orders of Amazon's own model: what it passes and refuses."""

import json
from pathlib import Path
from typing import Any

import pytest
from seller_builders import breakdown, item, money, order, proceeds

from tools import conformance_orders


def folder(path: Path, *answers: Any, code: str = "200") -> Path:
    pairs = [{"request": {}, "response": answer} for answer in answers]
    response = {"examples": {"application/json": {}}}
    response |= {"x-amzn-api-sandbox": {"static": pairs}}
    operation = {"operationId": "searchOrders", "responses": {code: response}}
    model = path / conformance_orders.MODEL
    model.parent.mkdir(parents=True)
    model.write_text(json.dumps({"paths": {"/orders": {"get": operation}}}))
    return path


def test_orders_and_errors_pass(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    total = {"grandTotal": money("10.00")}
    error = {"errors": [{"code": "InvalidInput", "message": "no"}]}
    samples = folder(tmp_path, {"orders": [order(proceeds=total)]}, error)

    assert conformance_orders.main(samples) == 0
    said = capsys.readouterr().out
    assert "302-1000000-0000001: 10.00 EUR, no tax" in said
    assert "error: Amazon answers InvalidInput: no" in said
    assert "2 passed, 0 failed" in said


def test_an_order_that_does_not_add_up_is_shown_as_held(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    line = item(proceeds=proceeds("12.00", breakdown("ITEM", "10.00")))
    samples = folder(tmp_path, {"order": order(orderItems=[line])})

    assert conformance_orders.main(samples) == 0
    assert "held, orderItems[0].proceeds" in capsys.readouterr().out


def test_an_order_that_cannot_be_read_fails(tmp_path: Path) -> None:
    samples = folder(tmp_path, {"order": order() | {"createdTime": "never"}})

    assert conformance_orders.main(samples) == 1


def test_an_exception_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(data: bytes) -> None:
        raise KeyError(data)

    monkeypatch.setattr(conformance_orders, "read_page", broken)

    assert conformance_orders.main(folder(tmp_path, {"orders": [order()]})) == 1


def test_a_folder_without_the_model_fails(tmp_path: Path) -> None:
    assert conformance_orders.main(tmp_path) == 1
