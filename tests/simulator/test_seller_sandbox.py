"""The sandbox endpoint replays the pairs that stand in Amazon's models."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from shop import Shop, error

from simulator import seller_sandbox

ORDER = {"orderId": "1-2-3", "orderItems": [{"orderItemId": "1"}]}


def pair(parameters: dict[str, Any], response: Any) -> dict[str, Any]:
    asked = {name: {"value": value} for name, value in parameters.items()}
    return {"request": {"parameters": asked}, "response": response}


def answers(*pairs: dict[str, Any]) -> dict[str, Any]:
    return {"x-amzn-api-sandbox": {"static": list(pairs)}}


MODEL = {
    "swagger": "2.0",
    "paths": {
        "/things": {
            "get": {
                "responses": {
                    "200": answers(
                        pair({"after": "2024-01-01"}, {"things": ["few"]}),
                        pair(
                            {"after": "2024-01-01", "kinds": ["A", "B"], "full": True},
                            {"things": ["many"], "orders": [ORDER]},
                        ),
                    ),
                    "400": answers(
                        pair(
                            {"after": "TEST_CASE_400"},
                            {"errors": [{"code": "InvalidInput", "message": "No"}]},
                        )
                    ),
                }
            },
            "post": {
                "responses": {
                    "202": answers(
                        pair({"body": {"kind": "A", "ids": [1]}}, {"thingId": "7"})
                    )
                }
            },
        },
        "/things/{thingId}": {
            "parameters": [],
            "delete": {"responses": {"200": answers(pair({"thingId": "7"}, None))}},
        },
    },
}


@pytest.fixture
def sandbox(shop: Shop, tmp_path: Path) -> Iterator[Shop]:
    (tmp_path / "things.json").write_text(json.dumps(MODEL))
    shop.amazon.configure(models=str(tmp_path))
    yield shop
    shop.amazon.configure(models="")


def ask(shop: Shop, method: str, path: str, **options: Any) -> requests.Response:
    return requests.request(
        method,
        shop.amazon.ready["sandbox_endpoint"] + path,
        headers=shop.headers,
        timeout=10,
        **options,
    )


def test_pair_that_says_most_of_the_request_answers(sandbox: Shop) -> None:
    few = {"after": "2024-01-01"}
    assert ask(sandbox, "GET", "/things", params=few).json() == {"things": ["few"]}
    many = {**few, "kinds": "A,B", "full": "true"}
    assert ask(sandbox, "GET", "/things", params=many).json()["things"] == ["many"]


def test_error_is_replayed_with_its_status(sandbox: Shop) -> None:
    answer = ask(sandbox, "GET", "/things", params={"after": "TEST_CASE_400"})
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["message"] == "No"


def test_body_and_path_are_matched(sandbox: Shop) -> None:
    answer = ask(sandbox, "POST", "/things", json={"kind": "A", "ids": [1]})
    assert (answer.status_code, answer.json()) == (202, {"thingId": "7"})
    answer = ask(sandbox, "DELETE", "/things/7")
    assert (answer.status_code, answer.content) == (200, b"")


@pytest.mark.parametrize(
    ("method", "path", "options"),
    [
        ("GET", "/things", {"params": {"after": "2025-01-01"}}),
        ("POST", "/things", {"json": {"kind": "A", "ids": [2]}}),
        ("DELETE", "/things/8", {}),
        ("GET", "/other", {}),
    ],
)
def test_what_no_pair_says_is_refused(
    sandbox: Shop, method: str, path: str, options: dict[str, Any]
) -> None:
    answer = ask(sandbox, method, path, **options)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["message"] == "Could not match input arguments"


def test_sandbox_needs_a_token_and_models(sandbox: Shop) -> None:
    sandbox.amazon.configure(models="")
    assert "No models are set" in error(ask(sandbox, "GET", "/things"))[2]
    sandbox.headers = {}
    assert error(ask(sandbox, "GET", "/things"))[0] == 403


def test_sandbox_has_a_bucket_of_fifteen(sandbox: Shop) -> None:
    sandbox.amazon.freeze_clock()
    sandbox.amazon.configure(limits=True)
    found = [ask(sandbox, "DELETE", "/things/7").status_code for _ in range(16)]
    assert found == [200] * 15 + [429]


def test_orders_of_the_examples_can_be_put(tmp_path: Path) -> None:
    (tmp_path / "orders_2026-01-01.json").write_text(json.dumps(MODEL))
    assert seller_sandbox.orders(tmp_path) == [ORDER]
