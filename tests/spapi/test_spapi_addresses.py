"""Pickup points as German buyers type them, and keys of addresses."""

import pytest

from spapi import PickupPoint, SellerAddress, normal_key, pickup


def typed(
    *lines: str, company: str = "", name: str = "Ada Rad", country: str = "DE"
) -> SellerAddress:
    return SellerAddress(
        name=name, company=company, lines=lines, city="Ulm", country=country
    )


PACKSTATIONS = [
    typed("Packstation 145", "12345678"),
    typed("PACKSTATION145", "Postnummer 12345678"),
    typed("DHL Packstation 145", company="12345678"),
    typed("DHL-Packstation Nr. 145", "Post-Nr.: 12345678"),
    typed("12345678", "Packstation 145"),
    typed("Postnummer: 1234 5678", "Pack-Station 145"),
    typed("Packstation", "145", company="Postnr. 12345678"),
    typed("Packstation 145, Postnummer 12345678"),
    typed("12345678 Packstation 145"),
    typed("12345678/Packstation 145"),
    typed("Packstation 145 12345678"),
    typed("145 Packstation", "PN 12345678"),
    typed("Packstation 145", name="Ada Rad 12345678"),
    typed("Packstation Nr.145", name="Ada Rad (Postnummer 12345678)"),
    typed("Packstation 12345678", "Nr. 145"),
    typed("packstation145", "DHL Kundennummer 12345678", country="AT"),
    typed("DHL 12345678", "Packstationsnummer 145"),
    typed("Packstation #145", "PostNr12345678"),
    typed("Packstation 145", "Tel. 0731 555555", company="12345678"),
    typed("Packstation 145", "Tel. 9731555555", company="12345678"),
]


@pytest.mark.parametrize("address", PACKSTATIONS)
def test_a_packstation_is_recognised_however_it_is_typed(
    address: SellerAddress,
) -> None:
    assert pickup(address) == PickupPoint(
        kind="packstation", number="145", customer_number="12345678"
    )


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Postfiliale 512", "postfiliale"),
        ("DHL Post-Filiale 512", "postfiliale"),
        ("Paketshop 512", "paketshop"),
        ("DHL Paketshop Nr. 512", "paketshop"),
    ],
)
def test_other_places_of_dhl_are_recognised(text: str, kind: str) -> None:
    assert pickup(typed(text, "Postnummer 123456")) == PickupPoint(
        kind=kind, number="512", customer_number="123456"
    )


def test_a_packstation_without_customer_number_is_one() -> None:
    assert pickup(typed("Packstation 145")) == PickupPoint(
        kind="packstation", number="145"
    )


@pytest.mark.parametrize(
    "address",
    [
        typed("Packstationsweg 145"),
        typed("Packstationstr. 145"),
        typed("An der Packstation 12"),
        typed("Packstation"),
        typed("Hauptstr. 145", company="1234567"),
        typed("Hauptstr. 145", "Postnummer 12345678"),
        typed("Am Postfilialenweg 512"),
        typed("Paketshopping 512"),
        typed("Paketshop Meyer", "Am Markt 7"),
        typed("Packstation 145", "12345678", country="FR"),
    ],
)
def test_what_only_looks_like_one_is_none(address: SellerAddress) -> None:
    assert pickup(address) is None


@pytest.mark.parametrize("phone", ["0170 1234567", "+49 170 1234567", "0731-555555"])
def test_a_phone_number_is_no_customer_number(phone: str) -> None:
    found = pickup(typed("Packstation 145", phone))

    assert found == PickupPoint(kind="packstation", number="145")


def test_a_pickup_point_of_amazons_is_one_everywhere() -> None:
    locker = SellerAddress(lines=("Amazon Locker",), country="FR", kind="PICKUP_POINT")

    assert pickup(locker) == PickupPoint(kind="pickup")


SAME = [
    ("Hauptstraße 5", "HAUPTSTR. 5"),
    ("Haupt-Strasse 5", "Hauptstr 5"),
    ("Müllerweg 1", "Muellerweg 1"),
    ("5 High Street", "5, High St."),
    ("12 rue de l'Église", "12 Rue de l Eglise"),
    ("Marktplatz 3", "Marktpl. 3"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_spellings_of_one_address_have_one_key(one: str, other: str) -> None:
    assert normal_key(typed(one)) == normal_key(typed(other))


def test_lines_may_be_split_otherwise() -> None:
    assert normal_key(typed("Weg 5", "Hof")) == normal_key(typed("Weg 5 Hof"))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (typed("Weg 5"), typed("Weg 5", name="Bo Rad")),
        (typed("Weg 5"), typed("Weg 5", company="Rad GmbH")),
        (typed("Weg 5"), typed("Weg 6")),
        (typed("Weg 5"), typed("Weg 5", country="AT")),
        (typed("Weg 1 23"), typed("Weg 12 3")),
    ],
)
def test_different_recipients_or_addresses_have_different_keys(
    one: SellerAddress, other: SellerAddress
) -> None:
    assert normal_key(one) != normal_key(other)
