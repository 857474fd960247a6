"""The simulator's own X12 reader, on tidy and untidy bytes."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import pytest

from simulator import userfile, x12
from simulator.ship_notice import check_digit

TIDY = (
    "ISA*00*          *00*          *ZZ*A              *ZZ*B              "
    "*260105*1200*U*00401*000000001*0*P*>~GS*PO*A*B*20260105*1200*1*X*004010~"
    "ST*850*0001~BEG*00*NE*P1~PO1*1*1*EA*1~SE*4*0001~GE*1*1~IEA*1*000000001~"
)


def read(text: str) -> list[x12.Interchange]:
    return x12.read(text.encode("latin-1"))


@pytest.mark.parametrize(
    "text",
    [
        TIDY,
        TIDY.replace("~", "~\n"),
        TIDY.replace("~", "~\r\n"),
        TIDY.replace("~", "\n"),
        TIDY.replace("~", "\r\n"),
        TIDY.replace("~", "~\n\t"),
        TIDY.replace("*", "|").replace("~", "!"),
        "\xef\xbb\xbf" + TIDY,
        "\r\n " + TIDY,
    ],
)
def test_line_ends_and_delimiters_do_not_matter(text: str) -> None:
    (interchange,) = read(text)
    assert interchange.faults == []
    (one,) = interchange.groups[0].sets
    assert [each.tag for each in one.segments] == ["ST", "BEG", "PO1", "SE"]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        (TIDY.replace("          ", ""), "P1"),
        (TIDY.replace("          ", "").replace("~", "~\n"), "P1"),
        (TIDY.replace("          ", "").replace("~", "\n"), "P1"),
        (TIDY.replace("          ", "").replace(">~", "~").replace("~", "~\n"), "P1"),
    ],
)
def test_trimmed_isa_is_read_and_named(text: str, first: str) -> None:
    (interchange,) = read(text)
    assert interchange.faults == ["ISA is not 106 characters long"]
    assert interchange.groups[0].sets[0].first("BEG")[3] == first


def test_several_interchanges() -> None:
    numbers = [each.number for each in read(TIDY + "\n" + TIDY + TIDY)]
    assert numbers == ["000000001"] * 3


def test_half_an_interchange() -> None:
    (interchange,) = read(TIDY[: TIDY.index("SE*")])
    assert interchange.faults == ["IEA is missing"]
    assert interchange.groups[0].sets[0].end is None


@pytest.mark.parametrize("text", ["", "ISA", "ISA*00", "nothing", "\x00" * 200])
def test_no_interchange(text: str) -> None:
    with pytest.raises(x12.Unreadable):
        read(text)


def test_written_is_read() -> None:
    written = x12.write(
        x12.Party("ZZ", "AMAZON", "AMAZON"),
        x12.Party("ZZ", "V", "VG"),
        "PO",
        "004010",
        [x12.close_set("850", "0001", [x12.segment("BEG", "00", "", "P1", "", "")])],
        7,
        8,
        datetime(2026, 1, 5, 12, 0),
        test=True,
    )
    (interchange,) = x12.read(written)
    assert interchange.faults == [] and interchange.test
    assert (interchange.number, interchange.groups[0].number) == ("000000007", "8")
    assert b"BEG*00**P1~SE*3*0001~" in written


@pytest.mark.parametrize("value", ["a*b", "a~b"])
def test_delimiter_in_a_value_is_never_written(value: str) -> None:
    with pytest.raises(ValueError, match="holds a delimiter"):
        x12.render([x12.segment("MSG", value)])


@pytest.mark.parametrize(
    ("text", "value"), [("1.50", "1.5"), ("100", "100"), ("1E+2", "100"), ("0.0", "0")]
)
def test_numbers_are_written_plainly(text: str, value: str) -> None:
    assert x12.plain(Decimal(text)) == value


@pytest.mark.parametrize("text", ["", "x", "NaN", "Infinity"])
def test_what_is_no_number(text: str) -> None:
    assert x12.decimal(text) is None


@pytest.mark.parametrize(
    ("digits", "digit"), [("400638133393", "1"), ("00614141123456789", "0")]
)
def test_check_digit(digits: str, digit: str) -> None:
    assert check_digit(digits) == digit


BARE = "ST*850*1~BEG*00*SA*P1**20260105~PO1*1*1*EA*1**VN*X~SE*4*1~"


@pytest.mark.parametrize(
    "text",
    [
        BARE,
        BARE.replace("~", "\n"),
        BARE.replace("~", "~\r\n"),
        BARE.replace("*", "|").replace("~", "^"),
        BARE + "ST*810*2~BIG*1~SE*3*2~",
        TIDY.replace("ST*850*0001~", "").replace(
            "GS*PO", "ST*850*1~BEG*00*SA*P1~GS*PO"
        ),
    ],
)
def test_sets_without_a_proper_envelope_are_found_or_refused(text: str) -> None:
    try:
        (body,) = userfile.purchase_orders(text.encode())
    except ValueError as error:
        assert "there is no 850" in str(error)
        assert "ISA" in text
    else:
        assert body[0].elements[:3] == ("00", "SA", "P1")


def test_vendor_code_of_a_file_is_kept() -> None:
    text = BARE.replace("PO1", "REF*CR*OWN99~PO1").encode()
    (body,) = userfile.purchase_orders(text, "ABCD5")
    codes = [each[2] for each in body if each.tag == "REF"]
    assert codes == ["OWN99"]
