"""The check against Amazon's models notices where model and client differ."""

import copy

import pytest

from spapi import BadRequest, orders_calls
from tools import conformance_spapi, swagger

PATH = "/orders/2026-01-01/orders/{orderId}"
GET = {
    "operationId": "getOrder",
    "description": "| 0.5 | 30 |",
    "parameters": [
        {"name": "orderId", "in": "path", "required": True, "type": "string"},
        {
            "name": "includedData",
            "in": "query",
            "type": "array",
            "items": {"type": "string", "enum": list(orders_calls.INCLUDED)},
        },
    ],
    "responses": {
        "200": {
            "schema": {"type": "object", "required": ["order"]},
            "examples": {"application/json": {"order": {"orderId": "1"}}},
        },
        "400": {
            "schema": {"type": "object", "required": ["errors"]},
            "x-amzn-api-sandbox": {
                "static": [{"response": {"errors": [{"code": "InvalidInput"}]}}]
            },
        },
    },
}


@pytest.fixture(scope="module")
def replay():
    with conformance_spapi.Replay() as running:
        yield running


def model(path=PATH, method="get", **changes):
    spec = {**copy.deepcopy(GET), **changes}
    return swagger.operations({"paths": {path: {method: spec}}})["getOrder"]


def use(client):
    return orders_calls.get(client, "302-1")


def faults_of_answers(replay, changed):
    return [
        conformance_spapi.answer_faults(replay, changed, pair)
        for pair in changed.pairs()
    ]


def test_what_agrees_has_no_fault(replay):
    assert conformance_spapi.table_faults(model()) == []
    assert conformance_spapi.request_faults(replay, model(), use) == []
    assert faults_of_answers(replay, model()) == [[], []]


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        (model(method="post"), "GET should be POST"),
        (model(path="/orders/{orderId}"), f"{PATH} should be /orders/{{orderId}}"),
        (model(description="| 1 | 30 |"), "(0.5, 30) should be (1.0, 30.0)"),
    ],
)
def test_a_table_that_differs_is_named(changed, fault):
    assert conformance_spapi.table_faults(changed) == [fault]


def test_a_request_that_differs_is_named(replay):
    changed = model(parameters=GET["parameters"][:1])
    found = conformance_spapi.request_faults(replay, changed, use)
    assert found == ["unknown parameter includedData"]


def test_a_call_that_asks_twice_is_named(replay):
    def twice(client):
        use(client), use(client)

    found = conformance_spapi.request_faults(replay, model(), twice)
    assert found == ["2 requests instead of one"]


def test_an_answer_that_cannot_be_read_is_named(replay):
    changed = model()
    changed._spec["responses"]["200"]["examples"] = {"application/json": {"order": 1}}
    ((fault,), _) = faults_of_answers(replay, changed)
    assert fault.startswith("read as getOrder: Amazon's answer cannot be read")


def test_an_error_that_is_taken_for_an_answer_is_named(replay):
    changed = model()
    pair = swagger.Pair(302, {"order": {}}, "an answer of no good status")
    changed._spec["responses"]["302"] = {}
    (fault,) = conformance_spapi.answer_faults(replay, changed, pair)
    assert fault.startswith("read as")


def test_an_error_by_another_code_is_named(replay, monkeypatch):
    def other(client):
        raise BadRequest(400, "Other", "")

    monkeypatch.setitem(conformance_spapi.USES, "getOrder", (other,))
    for (fault,) in faults_of_answers(replay, model()):
        assert "Other" in fault


def test_an_error_that_nobody_sees_is_named(replay, monkeypatch):
    monkeypatch.setitem(conformance_spapi.USES, "getOrder", (lambda client: None,))
    assert faults_of_answers(replay, model()) == [[], ["the error is not seen"]]
