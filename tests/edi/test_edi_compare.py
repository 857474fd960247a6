"""A document read back is held against the one that was meant."""

from dataclasses import replace
from decimal import Decimal

from edi_builders import Random, envelope

import edi


def invoice() -> edi.Invoice:
    return Random(7).invoice()


def read_back(document: edi.Document) -> edi.Document | None:
    return edi.read(edi.write(envelope(), [document])).messages[0].document


def test_text_spelled_in_ascii_is_the_same() -> None:
    meant = invoice()
    assert meant.remit_to
    meant = replace(meant, remit_to=replace(meant.remit_to, name="Müller*Söhne"))
    read = read_back(meant)
    assert read != meant
    assert edi.same(meant, read)


def test_another_number_is_not() -> None:
    meant = invoice()
    read = read_back(meant)
    assert edi.same(meant, read)
    assert not edi.same(replace(meant, number=meant.number + "1"), read)


def test_nothing_read_is_not() -> None:
    assert not edi.same(invoice(), None)


def carton(number: int, *orders: str) -> edi.Container:
    return edi.Container(
        kind="carton",
        sscc=f"{number:017}{-3 * number % 10}",
        items=tuple(
            edi.ShippedItem(
                order_number=order,
                line_number="1",
                quantity=Decimal(number),
                unit="EA",
                identifiers=(edi.Identifier(qualifier="UP", value="012345678905"),),
            )
            for order in orders
        ),
    )


def test_cartons_of_one_order_stand_together_on_the_wire() -> None:
    cartons = (carton(1, "A", "C"), carton(2, "B"), carton(3, "B", "A", "C"))
    meant = replace(Random(7).ship_notice("SOPI"), containers=cartons)
    meant = replace(meant, items=())
    read = read_back(meant)
    assert read != meant
    assert edi.same(meant, read)
    assert not edi.same(replace(meant, containers=cartons[1:]), read)
