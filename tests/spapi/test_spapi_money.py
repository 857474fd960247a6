"""Whether amounts hold their tax is found by arithmetic, and taxes shared exactly."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spapi import SellerCharge, SellerOrder, SellerOrderLine, difference, gross, net
from spapi import spread as shares
from spapi.money import Breakdown, LineMoney, line_money

D = Decimal


def judged(
    total: str | None, *amounts: tuple[str, str], **options: object
) -> LineMoney:
    breakdowns = [Breakdown(kind, D(amount)) for kind, amount in amounts]
    return line_money(breakdowns, None if total is None else D(total), **options)


def test_tax_on_top_of_the_amounts_is_net() -> None:
    found = judged("119.00", ("ITEM", "100.00"), ("TAX", "19.00"))

    assert (found.basis, found.issues) == ("net", ())
    assert net(found.charges[0], "net") == D("100.00")
    assert gross(found.charges[0], "net") == D("119.00")


def test_tax_within_the_amounts_is_gross() -> None:
    found = judged("119.00", ("ITEM", "119.00"), ("TAX", "19.00"))

    assert (found.basis, found.issues) == ("gross", ())
    assert net(found.charges[0], "gross") == D("100.00")
    assert gross(found.charges[0], "gross") == D("119.00")


def test_without_tax_there_is_no_basis_but_the_total_must_fit() -> None:
    assert judged("10", ("ITEM", "10")) == LineMoney(
        (SellerCharge(kind="ITEM", amount=D(10)),), ""
    )
    assert "difference of 1" in judged("11", ("ITEM", "10")).issues[0]


@pytest.mark.parametrize("sign", ["", "-"])
@pytest.mark.parametrize(("basis", "total"), [("net", "107.10"), ("gross", "90.00")])
def test_a_discount_is_taken_off_whatever_its_sign(
    sign: str, basis: str, total: str
) -> None:
    amounts = (("ITEM", "100.00"), ("DISCOUNT", f"{sign}10.00"), ("TAX", "17.10"))

    found = judged(total, *amounts)

    assert (found.basis, found.issues) == (basis, ())
    assert [charge.amount for charge in found.charges] == [D("100.00"), D("-10.00")]
    assert [charge.tax for charge in found.charges] == [D("19.00"), D("-1.90")]


def test_a_discount_says_of_which_kind_it_is() -> None:
    discount = Breakdown("DISCOUNT", D(7), (("ITEM", D(5)), ("SHIPPING", D(2))))

    found = line_money([Breakdown("ITEM", D(20)), discount], D(13))

    assert [(c.kind, c.of, c.amount) for c in found.charges] == [
        ("ITEM", "", D(20)),
        ("DISCOUNT", "ITEM", D(-5)),
        ("DISCOUNT", "SHIPPING", D(-2)),
    ]
    assert found.issues == ()


def test_nothing_that_fits_says_the_difference() -> None:
    found = judged("120.05", ("ITEM", "100.00"), ("TAX", "19.00"))

    assert found.basis == ""
    assert "difference of 1.05" in found.issues[0]


def test_tax_without_a_total_tells_nothing() -> None:
    assert judged(None, ("ITEM", "100.00"), ("TAX", "19.00")).issues
    assert not judged(None, ("ITEM", "100.00")).issues


def test_a_total_without_the_tax_that_amazon_keeps_leaves_the_basis_open() -> None:
    amounts = (("ITEM", "100.00"), ("TAX", "7.00"))

    assert judged("100.00", *amounts, collected=True).basis == ""
    assert judged("107.00", *amounts, collected=True).basis == "net"
    assert judged("100.00", *amounts).basis == "gross"


def test_the_details_of_the_tax_say_whose_it_is() -> None:
    tax = Breakdown("TAX", D("4.00"), (("ITEM", D("3.00")), ("SHIPPING", D("1.00"))))
    amounts = [Breakdown("ITEM", D("89.97")), Breakdown("SHIPPING", D("10.00")), tax]

    found = line_money(amounts, D("103.97"))

    assert [charge.tax for charge in found.charges] == [D("3.00"), D("1.00")]


def test_tax_that_no_detail_covers_falls_on_the_other_charges() -> None:
    tax = Breakdown("TAX", D("4.00"), (("ITEM", D("3.00")),))
    amounts = [Breakdown("ITEM", D(90)), Breakdown("SHIPPING", D(10)), tax]

    found = line_money(amounts, D(104))

    assert [charge.tax for charge in found.charges] == [D("3.00"), D("1.00")]
    assert found.issues == ()


def test_the_tax_of_a_discount_is_taken_off() -> None:
    tax = Breakdown("TAX", D("17.10"), (("ITEM", D("19.00")), ("DISCOUNT", D("1.90"))))
    amounts = [Breakdown("ITEM", D(100)), Breakdown("DISCOUNT", D(10)), tax]

    found = line_money(amounts, D("107.10"))

    assert [charge.tax for charge in found.charges] == [D("19.00"), D("-1.90")]


def test_details_that_contradict_the_tax_are_an_issue_and_its_sum_holds() -> None:
    tax = Breakdown("TAX", D("4.00"), (("ITEM", D("30.00")),))

    found = line_money([Breakdown("ITEM", D(90)), tax], D(94))

    assert "30.00" in found.issues[0]
    assert found.charges[0].tax == D("4.00")


def test_an_unknown_kind_counts_and_keeps_its_name() -> None:
    found = judged("12", ("ITEM", "10"), ("ENGRAVING", "2"))

    assert found.issues == ()
    assert (found.charges[1].kind, found.charges[1].of) == ("OTHER", "ENGRAVING")


def test_yen_have_no_cents() -> None:
    found = judged(
        "1100", ("ITEM", "667"), ("SHIPPING", "333"), ("TAX", "100"), currency="JPY"
    )

    assert [str(charge.tax) for charge in found.charges] == ["67", "33"]


def test_an_amount_whose_basis_nothing_tells_is_no_number() -> None:
    charge = SellerCharge(kind="ITEM", amount=D(10), tax=D(1))

    with pytest.raises(ValueError, match="give the basis"):
        net(charge, "")
    with pytest.raises(ValueError, match="give the basis"):
        gross(charge, "")


cents = st.decimals(-(10**6), 10**6, places=2)


@given(cents, st.lists(cents, min_size=1, max_size=12), st.integers(0, 3))
def test_shares_come_to_the_whole(
    value: Decimal, weights: list[Decimal], digits: int
) -> None:
    found = shares(value, weights, digits)

    assert sum(found) == value
    assert len(found) == len(weights)


@given(
    st.decimals(0, 10**6, places=2),
    st.lists(st.decimals(0, 10**6, places=2), min_size=1, max_size=12),
)
def test_a_share_is_less_than_a_cent_from_its_part(
    value: Decimal, weights: list[Decimal]
) -> None:
    whole = sum(weights)
    for share, weight in zip(shares(value, weights), weights, strict=True):
        part = value * weight / whole if whole else value / len(weights)
        assert abs(share - part) < D("0.0100001")


charge_kinds = st.sampled_from(["ITEM", "SHIPPING", "GIFT_WRAP", "COD_FEE", "OTHER"])
prices = st.decimals(D("0.01"), 10**5, places=2)


@given(
    st.lists(st.tuples(charge_kinds, prices), min_size=1, max_size=5),
    st.decimals(D("0.01"), 10**5, places=2),
    st.decimals(0, D("0.01"), places=2),
    st.sampled_from(["net", "gross"]),
)
def test_the_charges_of_a_line_come_to_its_total(
    amounts: list[tuple[str, Decimal]], tax: Decimal, off: Decimal, basis: str
) -> None:
    breakdowns = [Breakdown(kind, amount) for kind, amount in amounts]
    breakdowns += [Breakdown("DISCOUNT", off), Breakdown("TAX", tax)]
    total = sum(amount for _kind, amount in amounts) - off
    total += tax if basis == "net" else 0

    found = line_money(breakdowns, total)

    assert (found.basis, found.issues) == (basis, ())
    assert sum(gross(charge, basis) for charge in found.charges) == total
    assert sum(charge.tax for charge in found.charges) == tax


def test_the_order_is_compared_with_its_lines_and_its_own_charges() -> None:
    line = SellerOrderLine(number="1", quantity=D(1), total=D("10.00"))
    tip = SellerCharge(kind="DELIVERY_TIP", amount=D("2.00"))
    values = dict(
        number="1", source="orders", created=None, lines=(line,), charges=(tip,)
    )

    assert difference(SellerOrder(**values, total=D("12.00"))) == 0
    assert difference(SellerOrder(**values, total=D("12.50"))) == D("0.50")
    assert difference(SellerOrder(**values)) == 0
