"""Interchange, group and set: what they say of themselves is checked."""

import datetime

import pytest
from edi_builders import ORDER, a_set, gs, isa, segments

import edi


def read(*lines: str) -> edi.Reading:
    return edi.read(("~".join(lines) + "~").encode())


def changed(old: str, new: str) -> edi.Reading:
    whole = "~".join(segments(*ORDER)) + "~"
    assert old in whole
    return edi.read(whole.replace(old, new).encode())


def test_the_header_is_read_as_it_stands() -> None:
    (found,) = read(
        isa(usage="T", asked="1", standard="^", version="00501"),
        gs(),
        *a_set(*ORDER),
        "GE*1*7",
        "IEA*1*000000042",
    ).interchanges
    assert (found.sender_qualifier, found.sender) == ("ZZ", "AMAZON")
    assert (found.receiver_qualifier, found.receiver) == ("ZZ", "VENDOR")
    assert (found.date, found.time) == ("260309", "1405")
    assert found.moment == datetime.datetime(2026, 3, 9, 14, 5)
    assert found.control_number == "000000042"
    assert found.test and found.acknowledgement_requested
    assert found.delimiters.repetition == "^"
    (group,) = found.groups
    assert (group.code, group.control_number, group.version) == ("PO", "7", "004010")
    (message,) = group.messages
    assert (message.code, message.control_number) == ("850", "0001")
    assert (message.first_segment, message.segment_count) == (3, 11)


def test_the_key_tells_a_repeated_interchange_from_a_new_one() -> None:
    one = changed("~", "~").interchanges[0]
    assert one.key == changed("ABE2", "ABE3").interchanges[0].key
    for old, new in (("000000042", "000000043"), ("260309*1", "260310*1")):
        assert one.key != changed(old, new).interchanges[0].key
    assert one.key != changed("*0*P*>", "*0*T*>").interchanges[0].key


@pytest.mark.parametrize(
    ("old", "new", "level", "code"),
    [
        ("SE*11*", "SE*12*", "set", "4"),
        ("SE*11*", "SE*x*", "set", "4"),
        ("SE*11*0001", "SE*11*0002", "set", "3"),
        ("SE*11*0001~", "", "set", "2"),
        ("ST*850*0001~", "ST*850~", "set", "7"),
        ("GE*1*7", "GE*2*7", "group", "5"),
        ("GE*1*7", "GE*1*8", "group", "4"),
        ("GE*1*7~", "", "group", "3"),
        ("IEA*1*", "IEA*9*", "interchange", "021"),
        ("IEA*1*000000042", "IEA*1*000000041", "interchange", "001"),
    ],
)
def test_a_wrong_trailer_is_an_error_and_the_order_is_read(
    old: str, new: str, level: str, code: str
) -> None:
    reading = changed(old, new)
    assert (level, code) in {
        (issue.level, issue.code)
        for issue in reading.all_issues
        if issue.severity == "error"
    }
    assert reading.messages[0].document is not None


def test_leading_zeros_of_control_numbers_do_not_matter() -> None:
    assert changed("IEA*1*000000042", "IEA*1*42").all_issues == ()


def test_several_groups_and_sets_are_read_in_order() -> None:
    reading = read(
        isa(),
        gs(number="7"),
        *a_set(*ORDER, number="0001"),
        *a_set(*ORDER, number="0002"),
        "GE*2*7",
        gs("FA", number="8"),
        *a_set("AK1*PR*3", "AK9*A*1*1*1", code="997", number="0001"),
        "GE*1*8",
        "IEA*2*000000042",
    )
    assert reading.all_issues == ()
    groups = reading.interchanges[0].groups
    assert [[m.control_number for m in group.messages] for group in groups] == [
        ["0001", "0002"],
        ["0001"],
    ]
    assert [group.answerable for group in groups] == [True, False]


def test_an_empty_interchange_is_read() -> None:
    reading = read(isa(), "IEA*0*000000042")
    assert reading.interchanges[0].groups == ()
    assert reading.all_issues == ()


def test_a_set_outside_of_every_group_is_read_but_not_answerable() -> None:
    reading = read(isa(), *a_set(*ORDER), "IEA*0*000000042")
    (group,) = reading.interchanges[0].groups
    assert group.messages[0].document is not None
    assert not group.answerable


def test_a_file_cut_off_gives_what_came_before() -> None:
    lines = segments(*ORDER)
    reading = read(*lines[:-4])
    assert reading.messages[0].document is not None
    assert {i.level for i in reading.all_issues} == {"set", "group", "interchange"}


def test_segments_outside_of_sets_are_told_of_and_nothing_is_lost() -> None:
    lines = segments(*ORDER)
    reading = read(*lines[:2], "XXX*1", "YYY*2", *lines[2:], "ZZZ*3")
    assert reading.messages[0].document is not None
    assert {issue.severity for issue in reading.all_issues} == {"error"}
    said = [str(issue) for issue in reading.interchanges[0].issues]
    assert said == [
        "segment 3: XXX and 1 more outside of every transaction set",
        "segment 18: ZZZ outside of every transaction set",
    ]


def test_a_control_number_given_twice_is_warned_of() -> None:
    reading = read(
        isa(), gs(), *a_set(*ORDER), *a_set(*ORDER), "GE*2*7", "IEA*1*000000042"
    )
    assert len(reading.messages) == 2
    (issue,) = reading.all_issues
    assert issue.severity == "warning"


def test_a_set_we_do_not_know_is_an_error_with_its_code() -> None:
    reading = changed("ST*850*", "ST*999*")
    (issue,) = reading.messages[0].issues
    assert (issue.level, issue.code) == ("set", "1")
    assert reading.messages[0].document is None
