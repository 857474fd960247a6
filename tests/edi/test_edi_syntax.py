"""Delimiters, line breaks and everything that comes before a segment is one."""

import pytest
from edi_builders import ORDER, a_set, file, gs, isa, segments

import edi


def order_of(data: bytes) -> object:
    (message,) = edi.read(data).messages
    return message.document


EXPECTED = order_of(file(*ORDER))


def texts(reading: edi.Reading) -> str:
    return "\n".join(map(str, reading.all_issues))


@pytest.mark.parametrize(
    "end", ["~", "~\n", "~\r\n", "\n", "\r\n", "'", "\x1c", "~ \n"]
)
def test_any_terminator_with_or_without_line_breaks_is_read(end: str) -> None:
    reading = edi.read(file(*ORDER, end=end))
    assert reading.messages[0].document == EXPECTED
    assert reading.all_issues == ()


@pytest.mark.parametrize("separator", ["|", "+", "\x1d", ":"])
def test_any_element_separator_is_read(separator: str) -> None:
    data = file(*ORDER).replace(b"*", separator.encode())
    assert order_of(data) == EXPECTED


def test_isa_with_its_blanks_trimmed_is_read_and_reported() -> None:
    data = file(*ORDER).replace(b"AMAZON         ", b"AMAZON")
    reading = edi.read(data)
    assert reading.messages[0].document == EXPECTED
    assert reading.interchanges[0].sender == "AMAZON"
    assert "106 characters" in texts(reading)


def test_isa_with_blanks_doubled_is_read_and_reported() -> None:
    data = file(*ORDER).replace(b"VENDOR         ", b"VENDOR              ")
    reading = edi.read(data)
    assert reading.messages[0].document == EXPECTED
    assert reading.interchanges[0].receiver == "VENDOR"


@pytest.mark.parametrize("before", [b"\xef\xbb\xbf", b"\r\n  \t\n", b"\xef\xbb\xbf \n"])
def test_byte_order_mark_and_blanks_before_isa_are_skipped(before: bytes) -> None:
    assert order_of(before + file(*ORDER)) == EXPECTED


def test_utf_16_is_read() -> None:
    assert order_of(b"\xff\xfe" + file(*ORDER).decode().encode("utf-16-le")) == EXPECTED


def test_text_before_isa_is_reported() -> None:
    reading = edi.read(b"From: somebody\n\n" + file(*ORDER))
    assert reading.messages[0].document == EXPECTED
    assert "before the first ISA" in texts(reading)


def test_lines_wrapped_at_80_characters_are_joined() -> None:
    whole = file(*ORDER, *(f"PO1*{n}*1*EA*1*PE*EN*40063813339" for n in range(3, 60)))
    wrapped = b"\n".join(whole[i : i + 80] for i in range(0, len(whole), 80))
    assert order_of(wrapped) == order_of(whole)


def test_a_forgotten_terminator_before_a_new_line_is_made_good() -> None:
    data = file(*ORDER, end="~\n").replace(b"EN*4006381333931~", b"EN*4006381333931")
    reading = edi.read(data)
    assert reading.messages[0].document == EXPECTED
    assert "without their terminator" in texts(reading)


def test_indented_segments_are_read() -> None:
    data = "~\n\t  ".join(segments(*ORDER)).encode() + b"~"
    assert order_of(data) == EXPECTED


def test_a_missing_component_separator_is_noticed_by_the_next_line() -> None:
    data = "~\n".join(segments(*ORDER)).replace("*P*>~", "*P*~").encode() + b"~\n"
    reading = edi.read(data)
    assert reading.messages[0].document == EXPECTED
    assert "ISA16" in texts(reading)


def test_a_terminator_that_was_recoded_to_two_bytes_is_read() -> None:
    assert order_of(file(*ORDER, end="\u00d6")) == EXPECTED


def test_several_interchanges_with_their_own_delimiters_are_read() -> None:
    first = file(*ORDER)
    second = file(*ORDER, end="'\n").replace(b"*", b"|")
    reading = edi.read(first + b"\n\n" + second + first)
    assert [m.document for m in reading.messages] == [EXPECTED] * 3
    assert [i.first_segment for i in reading.interchanges] == [1, 16, 31]
    assert reading.all_issues == ()


def test_isa_as_a_value_does_not_begin_an_interchange() -> None:
    body = [*ORDER[:6], "N1*BY*ISA*92*X", *ORDER[6:]]
    reading = edi.read(file(*body))
    assert len(reading.interchanges) == 1


def test_issues_name_the_segment_of_the_file_not_of_the_interchange() -> None:
    bad = [line.replace("*12*EA", "*twelve*EA") for line in ORDER]
    reading = edi.read(file(*ORDER) + file(*bad))
    (issue,) = (i for i in reading.all_issues if i.severity == "error")
    assert issue.segment_number == 15 + 10
    assert issue.position == 8
    assert (issue.segment_id, issue.element, issue.code) == ("PO1", 2, "6")
    assert issue.value == "twelve"


def test_control_characters_inside_values_are_taken_out() -> None:
    data = file(*ORDER).replace(b"4HQ7EBLG", b"4HQ7\x00EBLG")
    reading = edi.read(data)
    order = reading.messages[0].document
    assert order is not None and "\x00" not in str(edi.to_json(order))
    assert "control characters" in texts(reading)


@pytest.mark.parametrize("start", [b"UNA:+.? 'UNB+UNOC:3+A+B'", b"UNB+UNOA:2+A+B'"])
def test_edifact_is_named_and_not_read(start: bytes) -> None:
    reading = edi.read(start)
    assert reading.interchanges == ()
    assert "EDIFACT" in texts(reading)


@pytest.mark.parametrize(
    "data", [b"", b"\n \n", b"hello", b"ISA", b"ISA*", b"\x00\xff"]
)
def test_what_is_no_edi_at_all_is_said_so(data: bytes) -> None:
    reading = edi.read(data)
    assert reading.interchanges == ()
    assert [issue.severity for issue in reading.issues] == ["error"]


def test_without_any_terminator_nothing_but_the_header_is_read() -> None:
    data = "".join([isa(), gs(), *a_set(*ORDER)]).encode()
    reading = edi.read(data)
    assert reading.messages == ()
    assert reading.interchanges[0].sender == "AMAZON"
    assert "terminator" in texts(reading)


@pytest.mark.parametrize(
    ("limits", "word"),
    [
        (edi.Limits(size=100), "bytes"),
        (edi.Limits(segments=5), "segments"),
        (edi.Limits(elements=20), "elements"),
        (edi.Limits(sets=0), "sets"),
        (edi.Limits(interchanges=0), "interchanges"),
    ],
)
def test_more_than_the_limits_is_refused_unread(limits: edi.Limits, word: str) -> None:
    reading = edi.read(file(*ORDER), limits=limits)
    assert reading.messages == ()
    assert word in texts(reading)
