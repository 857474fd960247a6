"""The 997 that answers a group says what was wrong in it, and only that."""

from edi_builders import ORDER, a_set, envelope, gs, isa

import edi
from edi.documents import ElementNote, FunctionalAcknowledgement, SegmentNote

BAD_DATE = (ORDER[0].replace("20260309", "20269999"), *ORDER[1:])
BAD_PRICE = tuple(line.replace("*3.5*", "*cheap*") for line in ORDER)
BAD_QUANTITY = tuple(line.replace("*12*EA*", "*twelve*EA*") for line in ORDER)


def answer(*sets: list[str], included: int | None = None) -> FunctionalAcknowledgement:
    lines = [isa(), gs()]
    for one in sets:
        lines += one
    number = len(sets) if included is None else included
    lines += [f"GE*{number}*7", "IEA*1*000000042"]
    reading = edi.read(("~".join(lines) + "~").encode())
    (group,) = reading.interchanges[0].groups
    found = edi.acknowledge(group)
    (sent,) = edi.read(edi.write(envelope(), [found])).messages
    assert sent.document == found
    return found


def test_a_group_without_errors_is_accepted() -> None:
    found = answer(a_set(*ORDER), a_set(*ORDER, number="0002"))
    assert (found.group_code, found.group_control_number) == ("PO", "7")
    assert found.status == "A"
    assert (found.sets_included, found.sets_received, found.sets_accepted) == (2, 2, 2)
    assert [(s.set_code, s.control_number, s.status) for s in found.sets] == [
        ("850", "0001", "A"),
        ("850", "0002", "A"),
    ]


def test_warnings_are_not_the_senders_business() -> None:
    found = answer(a_set(*BAD_DATE, "XYZ*1"))
    assert found.status == "A"
    assert found.sets[0].segments == ()


def test_an_unreadable_price_is_noted_and_the_set_accepted() -> None:
    found = answer(a_set(*BAD_PRICE))
    assert found.status == "E"
    (response,) = found.sets
    assert (response.status, response.codes) == ("E", ("5",))
    assert response.segments == (
        SegmentNote(
            segment="PO1",
            position=8,
            code="8",
            elements=(
                ElementNote(position=4, code="6", reference="212", value="cheap"),
            ),
        ),
    )


def test_an_unreadable_quantity_rejects_the_set() -> None:
    found = answer(a_set(*BAD_QUANTITY), a_set(*ORDER, number="0002"))
    assert found.status == "P"
    assert found.sets_accepted == 1
    assert [response.status for response in found.sets] == ["R", "A"]


def test_a_group_of_which_nothing_can_be_read_is_rejected() -> None:
    assert answer(a_set("XXX*1", code="999")).status == "R"
    assert answer(a_set(*ORDER[1:])).sets[0].segments[0].code == "3"


def test_a_group_of_which_only_the_envelope_came_is_rejected() -> None:
    found = answer(included=1)
    assert (found.status, found.codes, found.sets) == ("R", ("5",), ())
    assert answer(included=0).status == "A"


def test_a_wrong_count_is_noted_by_its_code() -> None:
    one = a_set(*ORDER)
    one[-1] = "SE*99*0001"
    found = answer(one, included=5)
    assert (found.status, found.codes) == ("E", ("5",))
    assert (found.sets_included, found.sets_received) == (5, 1)
    assert (found.sets[0].status, found.sets[0].codes) == ("E", ("4",))


def test_a_bad_value_that_holds_delimiters_can_be_told() -> None:
    lines = [isa(), gs(), *a_set(*BAD_PRICE), "GE*1*7", "IEA*1*000000042"]
    text = "~".join(lines).replace("*", "|").replace("cheap", "3*50>") + "~"
    (group,) = edi.read(text.encode()).interchanges[0].groups
    data = edi.write(envelope(), [edi.acknowledge(group)])
    assert b"AK4*4*212*6*3 50~" in data


def test_thousands_of_errors_make_an_answer_of_bounded_size() -> None:
    lines = [f"PO1*{n}*1*EA*none" for n in range(5000)]
    (response,) = answer(a_set(*ORDER[:6], *lines)).sets
    assert response.status == "E"
    assert 0 < len(response.segments) <= 1000
