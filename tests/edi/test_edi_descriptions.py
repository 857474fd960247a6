"""The descriptions of the messages hold together, whatever is added to them."""

import dataclasses
import types
import typing
from collections.abc import Iterator

import pytest

import edi
from edi.x12 import elements, registry, schema

MESSAGES = registry.messages()


def loops(loop: schema.Loop) -> Iterator[schema.Loop]:
    yield loop
    for child in loop.children:
        if isinstance(child, schema.Loop):
            yield from loops(child)


def segments_of(loop: schema.Loop) -> Iterator[schema.Segment]:
    """The segments whose fields belong to the record of ``loop``."""
    if loop.start is not None:
        yield loop.start
    for child in loop.children:
        if isinstance(child, schema.Segment):
            yield child
        elif child.make is None:
            yield from segments_of(child)


def placed(segment: schema.Segment) -> Iterator[schema.Element]:
    for element in segment.elements:
        if isinstance(element, schema.Element):
            yield element
            yield from element.parts


def is_used(element: schema.Element) -> bool:
    return bool(element.field or element.code or element.derived)


@pytest.mark.parametrize("code", MESSAGES)
def test_every_field_of_a_description_is_one_of_its_record(code: str) -> None:
    for loop in loops(MESSAGES[code].root):
        if loop.make is None:
            continue
        names = {
            field.name for field in dataclasses.fields(typing.cast(type, loop.make))
        }
        for segment in segments_of(loop):
            for part in segment.elements:
                if not isinstance(part, schema.Element):
                    assert part.field in names
            for element in placed(segment):
                assert element.field in names | {""}, segment.name
        for child in loop.children:
            if isinstance(child, schema.Loop) and child.into:
                assert child.into in names


@pytest.mark.parametrize("code", MESSAGES)
def test_what_a_record_cannot_be_without_is_vital(code: str) -> None:
    for loop in loops(MESSAGES[code].root):
        if loop.make is None:
            continue
        kind = typing.cast(type, loop.make)
        hints = typing.get_type_hints(kind)
        sources = list(segments_of(loop))
        vital = {e.field for s in sources for e in placed(s) if e.vital}
        vital |= {
            c.into for c in loop.children if isinstance(c, schema.Loop) and c.vital
        }
        if (
            kind is MESSAGES[code].document
            and MESSAGES[code].finish is not schema._same
        ):
            continue  # made whole by ``finish``
        for field in dataclasses.fields(kind):
            hint = hints[field.name]
            optional = isinstance(hint, types.UnionType) or hint is str
            if field.default is dataclasses.MISSING and not optional:
                assert field.name in vital, (kind.__name__, field.name)


@pytest.mark.parametrize("code", MESSAGES)
def test_every_element_used_is_defined_and_every_defined_one_used(code: str) -> None:
    for loop in loops(MESSAGES[code].root):
        for segment in segments_of(loop):
            for element in placed(segment):
                if is_used(element):
                    assert element.number in elements.ELEMENTS


def test_no_element_is_defined_in_vain() -> None:
    used = {234, 235}
    for message in MESSAGES.values():
        for loop in loops(message.root):
            for segment in segments_of(loop):
                used |= {e.number for e in placed(segment) if is_used(e)}
                used |= {
                    part.number
                    for part in segment.elements
                    if isinstance(part, schema.Several)
                }
    assert set(elements.ELEMENTS) <= used


def test_a_new_message_is_one_module() -> None:
    names = {module for module in MESSAGES}
    assert names == set(edi.GROUP_CODES)
    for code, message in MESSAGES.items():
        assert message.code == code
        assert message.title and message.group
