"""What a model forbids is found in a request or an answer, and nothing else is."""

import json

import pytest

from tools import samples, swagger
from tools.console import Stop
from tools.paths import CHECKOUT

THING = {
    "type": "object",
    "required": ["id"],
    "properties": {
        "id": {"type": "string"},
        "when": {"type": "string", "format": "date-time"},
        "note": {"type": "string", "x-nullable": True},
        "parts": {"type": "array", "items": {"$ref": "#/definitions/Thing"}},
        "options": {"type": "object", "additionalProperties": {"type": "string"}},
    },
}
KINDS = {
    "name": "kinds",
    "in": "query",
    "type": "array",
    "maxItems": 2,
    "items": {"type": "string", "enum": ["RED", "BLUE"]},
}
MODEL = {
    "definitions": {"Thing": THING},
    "paths": {
        "/things/{thingId}": {
            "parameters": [
                {"name": "thingId", "in": "path", "required": True, "type": "string"}
            ],
            "get": {
                "operationId": "getThing",
                "description": "| Rate | Burst |\n| ---- | ---- |\n| 0.5 | 30 |",
                "parameters": [
                    KINDS,
                    {"name": "since", "in": "query", "required": True, "type": "string"}
                    | {"format": "date-time"},
                    {"name": "size", "in": "query", "type": "integer", "maximum": 9},
                    {"name": "all", "in": "query", "type": "boolean"},
                ],
                "responses": {
                    "200": {
                        "schema": {"$ref": "#/definitions/Thing"},
                        "examples": {"application/json": {"id": "1"}},
                        "x-amzn-api-sandbox": {
                            "static": [{"request": {}, "response": {"id": "2"}}]
                        },
                    },
                    "400": {"examples": {"errors": []}},
                },
            },
            "post": {
                "operationId": "makeThing",
                "parameters": [
                    {
                        "name": "body",
                        "in": "body",
                        "required": True,
                        "schema": {"$ref": "#/definitions/Thing"},
                    }
                ],
                "responses": {"202": {}},
            },
        }
    },
}
SINCE = "2026-01-01T00:00:00Z"


@pytest.fixture
def known():
    return swagger.operations(MODEL)


def asked(known, path="/things/1", method="GET", **query):
    return known["getThing"].request_faults(method, path, query, b"")


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"kinds": "RED,BLUE", "size": "9", "all": "true"},
        {"kinds": "RED", "all": "false"},
    ],
)
def test_a_request_as_modelled_has_no_fault(known, query):
    assert asked(known, since=SINCE, **query) == []


@pytest.mark.parametrize(
    ("query", "fault"),
    [
        ({}, "since is missing"),
        ({"since": SINCE, "colour": "RED"}, "unknown parameter colour"),
        ({"since": "yesterday"}, "since: 'yesterday' is not a 'date-time'"),
        ({"since": SINCE, "kinds": "GREEN"}, "kinds.0: 'GREEN' is not one of"),
        ({"since": SINCE, "kinds": "RED,RED,RED"}, "kinds: ['RED', 'RED', 'RED'] is"),
        ({"since": SINCE, "size": "10"}, "size: 10 is greater than"),
        ({"since": SINCE, "size": "x"}, "size: 'x' is not of type 'integer'"),
        ({"since": SINCE, "all": "True"}, "all: 'True' is not of type 'boolean'"),
    ],
)
def test_a_fault_of_the_query_is_found(known, query, fault):
    (found,) = asked(known, **query)
    assert found.startswith(fault)


def test_a_fault_of_method_or_path_is_found(known):
    assert asked(known, method="PUT", since=SINCE) == ["PUT is not GET"]
    assert asked(known, "/things/1/2", since=SINCE) == [
        "/things/1/2 is not /things/{thingId}"
    ]


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ({"id": "1", "when": SINCE, "options": {"any": "name"}}, None),
        ({"id": "1", "note": None}, None),
        ({"id": None}, "body.id: None is not of type 'string'"),
        ({}, "body: 'id' is a required property"),
        ({"id": "1", "colour": "RED"}, "body: Additional properties"),
        ({"id": "1", "parts": [{"id": 2}]}, "body.parts.0.id: 2 is not of type"),
        ({"id": "1", "parts": [{"id": "2", "x": 1}]}, "body.parts.0: Additional"),
        ({"id": "1", "when": "soon"}, "body.when: 'soon' is not a 'date-time'"),
    ],
)
def test_a_fault_of_the_body_is_found_at_any_depth(known, body, fault):
    data = json.dumps(body).encode()
    found = known["makeThing"].request_faults("POST", "/things/1", {}, data)
    assert len(found) == (fault is not None)
    assert not fault or found[0].startswith(fault)


@pytest.mark.parametrize(
    ("body", "fault"), [(b"", "the body is missing"), (b"{", "the body is not JSON")]
)
def test_a_body_that_is_none_is_found(known, body, fault):
    found = known["makeThing"].request_faults("POST", "/things/1", {}, body)
    assert found == [fault]


def test_an_answer_may_say_more_than_the_model_but_not_less(known):
    model = known["getThing"]
    assert model.answer_faults(200, {"id": "1", "more": 1}) == []
    assert model.answer_faults(200, {"more": 1}) == [
        "answer: 'id' is a required property"
    ]


def test_examples_and_sandbox_answers_are_all_found(known):
    found = [(pair.status, pair.answer) for pair in known["getThing"].pairs()]
    assert found == [(200, {"id": "1"}), (200, {"id": "2"}), (400, {"errors": []})]


def test_the_usage_plan_is_read_from_the_description(known):
    assert known["getThing"].usage_plan == (0.5, 30)
    assert known["makeThing"].usage_plan is None


def test_the_values_of_a_list_are_found(known):
    assert known["getThing"].values("kinds") == ["RED", "BLUE"]


def test_a_folder_with_nothing_to_check_is_no_success(tmp_path):
    with pytest.raises(Stop, match="nothing to check"):
        samples.main([str(tmp_path)])


def test_the_usual_folder_must_have_everything(tmp_path, monkeypatch):
    (tmp_path / "samples").mkdir()
    (tmp_path / "samples/manifest.csv").touch()
    monkeypatch.setattr(samples, "DEFAULT", tmp_path)
    with pytest.raises(Stop, match="spapi-models"):
        samples.main([])


def test_each_part_of_the_check_is_there():
    for module in samples.PARTS.values():
        assert (CHECKOUT / f"{module.replace('.', '/')}.py").exists()
