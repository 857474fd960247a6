"""Whatever the bytes are: an answer, in linear time, and never an exception."""

import random
import time

import pytest
from edi_builders import ORDER, Random, a_set, envelope, file, gs, isa

import edi

SEEDS = (
    file(*ORDER),
    edi.write(envelope(line_break=True), [Random(1).acknowledgement()]),
    edi.write(envelope(), [Random(2).invoice(), Random(3).invoice()]),
    edi.write(envelope(version="005010"), [Random(4).ship_notice("SOTPI")]),
    edi.write(envelope(), [Random(5).ship_notice("SOIP")]),
    edi.write(envelope(), [Random(8).functional_acknowledgement()]),
)
PIECES = (
    b"ISA",
    b"ISA*",
    b"IEA*1*1~",
    b"GS*",
    b"ST*850*1~",
    b"SE*1*1~",
    b"HL*1*1*I~",
    b"HL*2*1*P~",
    b"PO1*",
    b"*" * 50,
    b"~" * 5,
    b"\r\n",
    b"\x00\xff",
    "Ö東".encode(),
    b"9" * 60,
    b"-",
    b"1E9999999",
)


def everything(data: bytes) -> None:
    """All that is done with bytes from outside, without any of it failing."""
    reading = edi.read(data)
    for issue in reading.all_issues:
        assert str(issue) and issue.severity in ("error", "warning")
    for interchange in reading.interchanges:
        assert interchange.key
        for group in interchange.groups:
            answer = edi.acknowledge(group)
            if group.answerable:
                acknowledgement_is_writable(answer)
            for message in group.messages:
                if message.document is not None:
                    stored = edi.to_json(message.document)
                    assert edi.from_json(stored) == message.document
                    edi.check(message.document)
                else:
                    assert message.has_errors


def acknowledgement_is_writable(answer: edi.Document) -> None:
    """It is, unless the very names in it are garbage; then it is refused as such."""
    try:
        data = edi.write(envelope(), [answer])
    except edi.WriteError as error:
        assert error.issues
    else:
        assert edi.read(data).all_issues == ()


@pytest.mark.parametrize("data", SEEDS)
def test_a_file_cut_anywhere_is_read(data: bytes) -> None:
    for end in range(0, len(data), max(1, len(data) // 150)):
        everything(data[:end])
        everything(data[end:])


@pytest.mark.parametrize("seed", range(6))
def test_a_mutated_file_is_read(seed: int) -> None:
    dice = random.Random(seed)
    for _ in range(150):
        data = bytearray(dice.choice(SEEDS))
        for _ in range(dice.randint(1, 8)):
            place = dice.randrange(len(data) + 1)
            match dice.randrange(4):
                case 0:
                    data[place : place + 1] = bytes([dice.randrange(256)])
                case 1:
                    del data[place : place + dice.randint(1, 30)]
                case 2:
                    data[place:place] = dice.choice(PIECES)
                case _:
                    start = dice.randrange(len(data) + 1)
                    data[place:place] = data[start : start + 40]
        everything(bytes(data))


@pytest.mark.parametrize("seed", range(3))
def test_segments_in_any_order_are_read(seed: int) -> None:
    dice = random.Random(seed)
    for _ in range(100):
        lines = dice.choice(SEEDS).decode().replace("\n", "").split("~")
        header, body = lines[0], lines[1:-1]
        dice.shuffle(body)
        everything("~".join([header, *body, ""]).encode())


def test_random_bytes_are_read() -> None:
    dice = random.Random(0)
    for length in range(0, 3000, 50):
        everything(dice.randbytes(length))
        everything(isa().encode() + b"~" + dice.randbytes(length))


def test_a_nul_anywhere_is_taken_out() -> None:
    """PostgreSQL, for one, keeps none in a text or in JSON."""
    for place in range(len(SEEDS[0])):
        for end in (place, place + 1):
            reading = edi.read(SEEDS[0][:place] + b"\0" + SEEDS[0][end:])
            texts = [str(issue) for issue in reading.all_issues]
            for interchange in reading.interchanges:
                texts += [interchange.sender, interchange.receiver, interchange.date]
                texts += [interchange.control_number, repr(interchange.groups)]
            assert not any("\0" in text or "\\x00" in text for text in texts), place


LONG = 200_000
ENDLESS = {
    "separators": isa() + "~" + "*" * LONG,
    "terminators": isa() + "~" * LONG,
    "one element": isa() + "~GS*" + "9" * LONG,
    "blanks": isa() + "~" + " " * LONG,
    "line breaks": isa() + "~" + "\n" * LONG,
    "line breaks and no terminator": isa() + "|ST*850*1" + "\nX" * (LONG // 2),
    "broken lines": isa() + "~\n" + "PO1*1\nPO1*2\n" * (LONG // 12),
    "headers": (isa() + "~") * (LONG // 107),
    "beginnings of headers": "ISA*" * (LONG // 4),
    "groups": isa() + "~" + (gs() + "~") * (LONG // 50),
    "sets": isa() + "~" + gs() + "~" + "ST*850*1~" * (LONG // 9),
    "trailers": isa() + "~" + "SE*1*1~GE*1*1~" * (LONG // 14),
    "strays": isa() + "~" + "XX~IEA*1*1~" * (LONG // 11),
    "parties": "~".join([isa(), gs(), "ST*850*1", "BEG*00*NE*1"])
    + "~N1*ST*X" * (LONG // 8),
    "pairs": "~".join([isa(), gs(), "ST*850*1", "BEG*00*NE*1", "PO1*1*1*EA*1*"])
    + "*EN*1" * (LONG // 5),
    "one long line among short ones": "~".join(
        [isa(), gs(), "ST*850*1", "BEG*00*NE*1", *["PO1*1*1*EA*1"] * 5000, "PO1*"]
    )
    + "*" * LONG
    + "~PO1*1*1*EA*1" * 50,
    "stretches with one bad line": "~".join([isa(), gs(), "ST*850*1", "BEG*00*NE*1"])
    + ("~PO1*1*1*EA*1" * 50 + "~PO1*1*x*EA*1") * (LONG // 700),
    "levels": "~".join([isa(), gs("SH"), "ST*856*1", "BSN*00*X", "HL*1**S"])
    + "".join(f"~HL*{n}*{n - 1}*P" for n in range(2, LONG // 12)),
    "unknown names": "~".join([isa(), gs(), "ST*850*1"])
    + "".join(f"~X{n}*1" for n in range(LONG // 9)),
    "commas": "~".join([isa(), gs(), *a_set("BEG*00*NE*1", "PO1*1*" + "1," * LONG)]),
}


@pytest.mark.parametrize("name", ENDLESS)
def test_twice_as_long_takes_no_more_than_about_twice_the_time(name: str) -> None:
    def seconds(data: bytes) -> float:
        best = float("inf")
        for _ in range(3):
            start = time.process_time()
            edi.read(data)
            best = min(best, time.process_time() - start)
        return best

    text = ENDLESS[name]
    whole, quarter = text.encode(), text[: max(len(text) // 4, 106)].encode()
    everything(quarter)
    # Quadratic time would be sixteen times as long, linear time four times.
    assert seconds(whole) < 9 * seconds(quarter) + 0.02
