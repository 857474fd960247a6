"""How far an order is: the report of all orders, joined with the order reports."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from itertools import permutations

import pytest
from seller_builders import INVOICING_ROW, SHIPPING_ROW, TOTALS_ROW, report

from spapi import SellerOrder, join, read_report, renewed, without_personal_data

SKU = SHIPPING_ROW["sku"]
ROW = TOTALS_ROW | {"sku": SKU, "ship-city": "Köln"}
OPEN = {"order-status": "Unshipped", "item-status": "Unshipped"}
GONE = {"item-status": "Cancelled", "quantity": "0", "item-price": ""}
SECOND = {"order-item-id": "200", "sku": "CUP"}


def only(*rows: dict[str, str]) -> SellerOrder:
    (found,) = read_report(report(*rows)).orders
    assert found.order is not None, found.issues
    assert found.issues == ()
    return found.order


def halves(*more: dict[str, str]) -> SellerOrder:
    shipping = only(SHIPPING_ROW, *(SHIPPING_ROW | cells for cells in more))
    invoicing = only(INVOICING_ROW, *(INVOICING_ROW | cells for cells in more))
    return join(shipping, invoicing).order


def test_it_tells_status_and_sums_and_no_person() -> None:
    found = only(ROW)

    assert (found.status, found.parts, found.lines) == ("SHIPPED", ("status",), ())
    assert [(row.sku, row.quantity, row.shipped) for row in found.summary] == [
        (SKU, 1, 1)
    ]
    assert (found.address, found.buyer) == (None, None)
    assert without_personal_data(found) == found


def test_rows_of_the_same_sku_count_each() -> None:
    assert len(only(ROW, ROW).summary) == 2


@pytest.mark.parametrize("turned", [*permutations(range(3))])
def test_three_parts_make_one_order(turned: tuple[int, ...]) -> None:
    parts = [only(SHIPPING_ROW), only(INVOICING_ROW), only(ROW)]
    first, second, third = (parts[i] for i in turned)

    found = renewed(renewed(first, second).order, third)

    assert (found.order.parts, found.issues) == ((), ())
    assert found.order.status == "SHIPPED"
    assert found.order.address == parts[0].address
    [line] = found.order.lines
    assert (line.charges, line.shipped) == (parts[1].lines[0].charges, 1)


def test_a_line_that_was_cancelled_alone_is_marked() -> None:
    status = only(ROW | OPEN, ROW | OPEN | GONE | {"sku": "CUP"})

    found = join(halves(SECOND), status)

    assert found.issues == ()
    assert [bool(line.cancelled_by) for line in found.order.lines] == [False, True]
    assert [line.shipped for line in found.order.lines] == [0, None]


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"quantity": "2"}, f"{SKU} is 1 in the order reports, 2 in the one of all"),
        ({"sku": "CUP"}, f"{SKU} is 1 in the order reports, 0 in the one of all"),
        ({"order-status": "Odd"}, "the status 'ODD' is not known"),
        ({"order-status": ""}, "the status '' is not known"),
        ({"order-status": "Shipping"}, "a part of it has left"),
        ({"order-status": "Shipping", "item-status": "Shipping"}, "a part of it has"),
    ],
)
def test_what_does_not_fit_is_an_issue(cells: dict[str, str], said: str) -> None:
    assert said in join(halves(), only(ROW | OPEN | cells)).issues[0]


def test_of_a_part_that_left_every_line_is_told() -> None:
    part = {"order-status": "PartiallyShipped"}
    status = only(ROW | part, ROW | OPEN | part | {"sku": "CUP"})

    found = join(halves(SECOND), status)

    assert found.issues == ()
    assert [line.shipped for line in found.order.lines] == [1, 0]


def test_cancelled_orders_need_not_fit() -> None:
    status = only(ROW | {"order-status": "Cancelled"} | GONE)

    assert join(halves(), status).issues == ()


@pytest.mark.parametrize("turned", [False, True])
def test_the_later_of_two_statuses_counts(turned: bool) -> None:
    shipped = only(ROW)
    open_ = replace(only(ROW | OPEN), updated=shipped.updated - timedelta(hours=1))
    first, second = (open_, shipped) if turned else (shipped, open_)

    found = renewed(join(halves(), first).order, second)

    assert found.order.status == "SHIPPED"
    assert found.order.lines[0].shipped == 1


def test_where_no_time_is_told_a_status_goes_only_forward() -> None:
    known = join(halves(), only(ROW)).order
    unshipped = only(SHIPPING_ROW | INVOICING_ROW | {"quantity-to-ship": "1"})

    found = renewed(known, unshipped)

    assert (found.order.status, found.issues) == ("SHIPPED", ())


def test_a_half_told_anew_keeps_the_status() -> None:
    known = join(halves(), only(ROW)).order
    amounts = {"item-price": "5.95", "item-tax": "0.95"}
    whole = only(SHIPPING_ROW | INVOICING_ROW | amounts | {"ship-city": "Bonn"})

    for part in (only(SHIPPING_ROW), only(INVOICING_ROW), whole):
        found = renewed(known, part).order
        assert (found.status, found.parts) == ("SHIPPED", ())
        assert found.lines[0].shipped == 1
        assert found.lines[0].charges == (part.lines[0].charges or INVOICED)
    assert found.address is not None and found.address.city == "Bonn"
    assert found.lines[0].charges[0].amount == Decimal("5.95")


INVOICED = only(INVOICING_ROW).lines[0].charges
