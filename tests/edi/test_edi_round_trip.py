"""What is written is read back as it was, for random documents of every kind."""

import json

import pytest
from edi_builders import Random, envelope

import edi

STRUCTURES = ("SOTPI", "SOPI", "SOTI", "SOIP", "SOI")
KINDS = (
    "purchase_order",
    "acknowledgement",
    "invoice",
    "functional_acknowledgement",
    *STRUCTURES,
)
VERSIONS = ("004010", "005010")


def random_document(kind: str, seed: int) -> edi.Document:
    dice = Random(seed)
    if kind in STRUCTURES:
        return dice.ship_notice(kind)
    document: edi.Document = getattr(dice, kind)()
    return document


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("kind", KINDS)
def test_a_written_document_is_read_back_unchanged(kind: str, version: str) -> None:
    for seed in range(40):
        document = random_document(kind, seed)
        data = edi.write(envelope(version=version), [document])
        reading = edi.read(data)
        (message,) = reading.messages
        assert message.document == document
        assert reading.all_issues == ()


@pytest.mark.parametrize("kind", KINDS)
def test_a_document_survives_json(kind: str) -> None:
    for seed in range(20):
        document = random_document(kind, seed)
        stored = json.loads(json.dumps(edi.to_json(document)))
        assert edi.from_json(stored) == document


@pytest.mark.parametrize("kind", KINDS)
def test_other_delimiters_carry_the_same_document(kind: str) -> None:
    marks = edi.Delimiters(element="|", component="<", segment="\n", repetition="!")
    document = random_document(kind, 7)
    data = edi.write(envelope(delimiters=marks, version="005010"), [document])
    (message,) = edi.read(data).messages
    assert message.document == document


def test_every_message_is_tried() -> None:
    tried = {edi.code_of(random_document(kind, 1)) for kind in KINDS}
    assert tried == set(edi.GROUP_CODES)


def test_an_sscc_without_prefix_is_read_back_too() -> None:
    document = random_document("SOTPI", 3)
    options = edi.Options(sscc_prefix=False)
    data = edi.write(envelope(version="005010"), [document], options=options)
    assert b"MAN*AA*3" in data
    (message,) = edi.read(data).messages
    assert message.document == document


def test_json_of_something_else_is_refused() -> None:
    for value in ({}, {"type": "Nothing"}, {"type": "Invoice", "number": "1"}):
        with pytest.raises(ValueError, match="not a stored document"):
            edi.from_json(value)
