"""Interchanges that we write: envelope, numbers, and the ways they are refused."""

import dataclasses
import datetime

import pytest
from edi_builders import MOMENT, Random, envelope

import edi
from edi.x12 import columns, reader, writer

ANSWER = Random(1).acknowledgement()


def test_the_envelope_is_written_as_the_standard_wants_it() -> None:
    data = edi.write(envelope(test=True, line_break=True), [ANSWER, ANSWER])
    lines = data.decode().splitlines()
    assert lines[0] == (
        "ISA*00*          *00*          *ZZ*VENDOR         *ZZ*AMAZON         "
        "*260309*1405*U*00401*000000042*0*T*>~"
    )
    assert lines[1] == "GS*PR*VENDOR*AMAZON*20260309*1405*7*X*004010~"
    assert lines[2] == "ST*855*0001~"
    assert lines[-2:] == ["GE*2*7~", "IEA*1*000000042~"]
    assert edi.read(data).interchanges[0].test


def test_the_fifth_release_has_its_own_header() -> None:
    data = edi.write(envelope(version="005010"), [ANSWER])
    assert b"*1405*^*00501*000000042*" in data
    assert edi.read(data).interchanges[0].delimiters.repetition == "^"


def test_set_control_numbers_count_up_or_are_given() -> None:
    def numbers(**fields: object) -> list[str]:
        data = edi.write(envelope(**fields), [ANSWER, ANSWER])
        return [message.control_number for message in edi.read(data).messages]

    assert numbers(first_set_control_number=9) == ["0009", "0010"]
    assert numbers(set_control_numbers=(5, "000123456")) == ["0005", "000123456"]


def test_group_ids_may_differ_from_those_of_the_interchange() -> None:
    data = edi.write(envelope(group_sender="US", group_receiver="THEM"), [ANSWER])
    (group,) = edi.read(data).interchanges[0].groups
    assert (group.sender, group.receiver) == ("US", "THEM")


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"sender": ""}, "sender ''"),
        ({"sender": "X" * 16}, "has not 1 to 15"),
        ({"receiver": "A*B"}, "may not be sent"),
        ({"receiver": "Ä"}, "may not be sent"),
        ({"sender_qualifier": "Z"}, "sender qualifier"),
        ({"group_sender": "X"}, "group sender"),
        ({"version": "003010"}, "version 003010"),
        ({"syntax": "EDIFACT"}, "syntax EDIFACT"),
        ({"interchange_control_number": 10**9}, "interchange control number"),
        ({"interchange_control_number": -1}, "interchange control number"),
        ({"group_control_number": "x"}, "group control number"),
        ({"set_control_numbers": (1, 1)}, "repeat"),
        ({"set_control_numbers": (1,)}, "2 documents and 1 set control"),
        ({"delimiters": edi.Delimiters(element="~")}, "delimiters"),
        ({"delimiters": edi.Delimiters(element="A")}, "delimiters"),
        ({"delimiters": edi.Delimiters(segment="\r\n")}, "delimiters"),
    ],
)
def test_an_envelope_that_is_wrong_is_refused(
    fields: dict[str, object], reason: str
) -> None:
    with pytest.raises(edi.WriteError, match="the envelope cannot be written") as error:
        edi.write(envelope(**fields), [ANSWER, ANSWER])
    assert reason in str(error.value)


def test_nothing_and_a_mixture_are_refused() -> None:
    with pytest.raises(edi.WriteError, match="no document"):
        edi.write(envelope(), [])
    with pytest.raises(edi.WriteError, match="holds nothing else"):
        edi.write(envelope(), [ANSWER, Random(1).invoice()])


def test_no_delimiter_of_any_kind_gets_into_a_value() -> None:
    for sign in "*>~^":
        document = dataclasses.replace(ANSWER, vendor_code=f"A{sign}B")
        with pytest.raises(edi.WriteError, match="may not be sent"):
            edi.write(envelope(version="005010"), [document])
    document = dataclasses.replace(ANSWER, vendor_code="A*B>~")
    marks = edi.Delimiters(element="|", component=":", segment="\n")
    (found,) = edi.read(edi.write(envelope(delimiters=marks), [document])).messages
    assert found.document == document


@pytest.mark.parametrize("kind", ["purchase_order", "acknowledgement", "invoice"])
def test_by_column_and_one_by_one_give_the_same(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    documents = [getattr(Random(seed), kind)() for seed in range(30)]
    assert any(len(one.lines) >= columns.SHORTEST_STRETCH for one in documents)
    written = [edi.write(envelope(), [one]) for one in documents]
    monkeypatch.setattr(writer, "SHORTEST_STRETCH", 10**9)
    monkeypatch.setattr(reader, "SHORTEST_STRETCH", 10**9)
    assert [edi.write(envelope(), [one]) for one in documents] == written
    assert [edi.read(data).messages[0].document for data in written] == documents


def test_one_bad_line_among_many_is_named() -> None:
    lines = [dataclasses.replace(ANSWER.lines[0], number=str(n)) for n in range(50)]
    lines[30] = dataclasses.replace(lines[30], unit="EACH")
    document = dataclasses.replace(ANSWER, lines=tuple(lines))
    (issue,) = edi.check(document)
    assert (issue.segment_id, issue.element, issue.value) == ("PO1", 3, "EACH")


def test_seconds_are_written_where_there_are_any_and_fractions_never() -> None:
    notice = Random(2).ship_notice("SOPI")
    for moment, text in (
        (MOMENT, b"*1405*"),
        (MOMENT.replace(second=7, microsecond=999), b"*140507*"),
    ):
        document = dataclasses.replace(notice, created=moment)
        data = edi.write(envelope(), [document])
        assert b"*20260309" + text in data


def test_times_with_a_zone_are_written_in_utc() -> None:
    zone = datetime.timezone(datetime.timedelta(hours=-5))
    moment = datetime.datetime(2026, 3, 9, 23, 30, tzinfo=zone)
    notice = dataclasses.replace(Random(2).ship_notice("SOPI"), shipped=moment)
    data = edi.write(envelope(), [notice])
    assert b"DTM*011*20260310*0430*UT~" in data
    (found,) = edi.read(data).messages
    assert found.document == notice


def test_codes_and_groups_are_known_for_every_message() -> None:
    assert edi.GROUP_CODES == {
        "850": "PO",
        "855": "PR",
        "856": "SH",
        "810": "IN",
        "997": "FA",
    }
    assert edi.code_of(ANSWER) == "855"
    found = edi.message("855")
    assert found is not None and found.title == "purchase order acknowledgement"
    assert edi.message("999") is None
