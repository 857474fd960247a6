"""856 Ship Notice, from the vendor to Amazon.

Guide: Amazon Vendor retail 856, X12 005010: one shipment (HL S), an HL O for each
order, pallets (T) and cartons (P) with their SSCC, items (I), and CTT with the number
of HL. ``hierarchy`` turns the levels into containers and back.
"""

import datetime
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from ..documents import Container, Party, ShipNotice
from ..interchanges import Options
from . import parts
from .hierarchy import CARTON, PALLET, Level, Levels, Mark, Tree, all_of, items_of
from .schema import Message, Segment, el, loop, no, says, seg, when

# X12 element 1005; the standard has no code for S-O-T-P-I nor S-O-T-I.
_STRUCTURES = {"SOPI": "0001", "SOIP": "0002", "SOI": "0004"}
# X12 element 623
_UTC = "UT"
_UTC_CODES = frozenset({_UTC, "GM"})
# X12 element 103
_CARTONS = "CTN"
_PALLETS = "PLT"
_TOP = "1"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Package:
    """A count of one kind of package, with its weight (TD1)."""

    kind: str
    count: int | None
    weight: Decimal | None = None
    weight_unit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shipment:
    """HL S: the whole delivery."""

    id: str
    packages: tuple[_Package, ...] = ()
    scac: str = ""
    transport_mode: str = ""
    carrier: str = ""
    trailer: str = ""
    bill_of_lading: str = ""
    arn: str = ""
    pro_number: str = ""
    tracking: str = ""
    seal: str = ""
    vendor_code: str = ""
    shipped_date: datetime.date | None = None
    shipped_time: datetime.time | None = None
    shipped_zone: str = ""
    expected_date: datetime.date | None = None
    expected_time: datetime.time | None = None
    expected_zone: str = ""
    freight_payer: str = ""
    ship_to: Party | None = None
    ship_from: Party | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Notice:
    """The set as it stands on the wire."""

    number: str
    purpose: str = "00"
    date: datetime.date | None = None
    time: datetime.time | None = None
    structure: str = ""
    shipped_date: datetime.date | None = None  # only read; ours stands in HL S
    shipment: _Shipment
    levels: tuple[Level, ...] = ()


def _moment(
    date: datetime.date | None, time: datetime.time | None, zone: str = ""
) -> datetime.datetime | None:
    if date is None:
        return None
    utc = datetime.timezone.utc if zone in _UTC_CODES else None
    return datetime.datetime.combine(date, time or datetime.time(), utc)


def _parts_of(
    moment: datetime.datetime | None,
) -> tuple[datetime.date | None, datetime.time | None, str]:
    if moment is None:
        return None, None, ""
    zone = ""
    if moment.tzinfo is not None:
        moment, zone = moment.astimezone(datetime.timezone.utc), _UTC
    return moment.date(), moment.time(), zone


def _finish(notice: _Notice) -> ShipNotice:
    shipment = notice.shipment
    tree = Tree(notice.levels, shipment.id)
    weighed = next((p for p in shipment.packages if p.weight is not None), None)
    below = (level.ship_to for level in notice.levels if level.ship_to)
    return ShipNotice(
        number=notice.number,
        created=_moment(notice.date, notice.time),
        purpose=notice.purpose,
        structure=tree.structure,
        vendor_code=shipment.vendor_code,
        shipped=_moment(
            shipment.shipped_date or notice.shipped_date,
            shipment.shipped_time,
            shipment.shipped_zone,
        ),
        estimated_delivery=_moment(
            shipment.expected_date, shipment.expected_time, shipment.expected_zone
        ),
        ship_to=shipment.ship_to or next(below, None),
        ship_from=shipment.ship_from,
        scac=shipment.scac,
        carrier=shipment.carrier,
        transport_mode=shipment.transport_mode,
        trailer=shipment.trailer,
        bill_of_lading=shipment.bill_of_lading,
        arn=shipment.arn,
        pro_number=shipment.pro_number,
        tracking=shipment.tracking,
        seal=shipment.seal,
        freight_payer=shipment.freight_payer,
        carton_count=_count(shipment, lambda kind: not kind.startswith(_PALLETS)),
        pallet_count=_count(shipment, lambda kind: kind.startswith(_PALLETS)),
        weight=weighed.weight if weighed else None,
        weight_unit=weighed.weight_unit if weighed else "",
        containers=tree.containers,
        items=tree.items,
    )


def _count(shipment: _Shipment, wanted: Callable[[str], bool]) -> int:
    return sum(p.count or 0 for p in shipment.packages if wanted(p.kind))


def _prepare(notice: ShipNotice, options: Options) -> _Notice:
    date, time, _ = _parts_of(notice.created)
    shipped_date, shipped_time, shipped_zone = _parts_of(notice.shipped)
    expected_date, expected_time, expected_zone = _parts_of(notice.estimated_delivery)
    levels = Levels(_TOP, options.sscc_prefix, notice.weight_unit)
    return _Notice(
        number=notice.number,
        purpose=notice.purpose,
        date=date,
        time=time,
        structure=_STRUCTURES.get(notice.structure, ""),
        shipment=_Shipment(
            id=_TOP,
            packages=tuple(_packages(notice)),
            scac=notice.scac,
            transport_mode=notice.transport_mode,
            carrier=notice.carrier,
            trailer=notice.trailer,
            bill_of_lading=notice.bill_of_lading,
            arn=notice.arn,
            pro_number=notice.pro_number,
            tracking=notice.tracking,
            seal=notice.seal,
            vendor_code=notice.vendor_code,
            shipped_date=shipped_date,
            shipped_time=shipped_time,
            shipped_zone=shipped_zone,
            expected_date=expected_date,
            expected_time=expected_time,
            expected_zone=expected_zone,
            freight_payer=notice.freight_payer,
            ship_to=notice.ship_to,
            ship_from=notice.ship_from,
        ),
        levels=levels.write(notice.structure, notice.containers, notice.items),
    )


def _packages(notice: ShipNotice) -> Iterator[_Package]:
    """The weight goes with the first kind of package."""
    weight, unit = notice.weight, notice.weight_unit
    for kind, count in (
        (_CARTONS, notice.carton_count),
        (_PALLETS, notice.pallet_count),
    ):
        if count:
            yield _Package(kind=kind, count=count, weight=weight, weight_unit=unit)
            weight, unit = None, ""


def _rules(notice: ShipNotice) -> Iterator[str]:
    if notice.created is None or notice.created.tzinfo is not None:
        yield "its time of creation is missing or names a time zone"
    if (notice.weight is None) != (not notice.weight_unit):
        yield "weight and unit of weight go together"
    items = [*items_of(notice.containers), *notice.items]
    if not items:
        yield "nothing is shipped"
    for item in items:
        if not (item.order_number and item.identifiers and item.quantity > 0):
            yield f"an item of line {item.line_number} lacks order, product or quantity"
    yield from _structure(notice)
    seen: set[str] = set()
    for container in all_of(notice.containers):
        yield from _container(container)
        if container.sscc and container.sscc in seen:
            yield f"SSCC {container.sscc} is there twice"
        seen.add(container.sscc)


def _structure(notice: ShipNotice) -> Iterator[str]:
    """The nesting that is named must be the one that is there."""
    kinds = {container.kind for container in all_of(notice.containers)}
    expected = {
        "SOTPI": {PALLET, CARTON},
        "SOTI": {PALLET},
        "SOPI": {CARTON},
        "SOIP": {CARTON},
        "SOI": set(),
    }
    if notice.structure not in expected:
        yield f"structure {notice.structure or '(none)'} is not known"
    elif kinds != expected[notice.structure]:
        found = ", ".join(sorted(kinds)) or "no containers"
        yield f"structure {notice.structure} does not fit what is there: {found}"
    elif notice.items and notice.structure != "SOI":
        yield f"structure {notice.structure} has items outside of every container"


def _container(container: Container) -> Iterator[str]:
    name = f"{container.kind} {container.sscc or '(without SSCC)'}"
    if container.sscc or container.kind == CARTON:
        if not is_sscc(container.sscc):
            yield f"{name} has no valid SSCC (18 digits, the last one a check digit)"
    if not (container.containers or container.items):
        yield f"{name} is empty"
    if container.kind == CARTON and container.containers:
        yield f"{name} holds other containers"
    if any(inner.kind == PALLET for inner in container.containers):
        yield f"{name} holds a pallet"


def is_sscc(text: str) -> bool:
    """GS1 General Specifications 7.9: modulo 10 with weights 3 and 1."""
    if len(text) != 18 or not (text.isascii() and text.isdigit()):
        return False
    weighted = (int(digit) * (3, 1)[i % 2] for i, digit in enumerate(text))
    return sum(weighted) % 10 == 0


def _hashed(notice: _Notice) -> Decimal:
    quantities = (level.quantity for level in notice.levels)
    return sum((q for q in quantities if q is not None), Decimal(0))


def _dated(qualifiers: tuple[str, ...], name: str, needed: bool) -> Segment:
    return seg(
        "DTM",
        when(374, *qualifiers),
        el(373, f"{name}_date", needed=needed),
        el(337, f"{name}_time"),
        el(623, f"{name}_zone"),
        needed=needed,
    )


_SHIPMENT = loop(
    seg("HL", el(628, "id"), no(628), when(735, "S")),
    loop(
        seg(
            "TD1",
            el(103, "kind"),
            el(80, "count"),
            no(23),
            no(22),
            no(79),
            says(187, "G"),
            el(81, "weight"),
            el(355, "weight_unit"),
        ),
        into="packages",
        make=_Package,
        many=True,
        needed=True,
    ),
    seg(
        "TD5",
        says(133, "B"),
        says(66, "2"),
        el(67, "scac"),
        el(91, "transport_mode"),
        el(387, "carrier"),
    ),
    seg("TD3", says(40, "TL"), no(206), el(207, "trailer")),
    seg("REF", when(128, "BM"), el(127, "bill_of_lading")),
    seg("REF", when(128, "BX"), el(127, "arn")),
    seg("REF", when(128, "CN"), el(127, "pro_number")),
    seg("REF", when(128, "2I"), el(127, "tracking")),
    seg("REF", when(128, "SN"), el(127, "seal")),
    parts.vendor_code(),
    _dated(("011",), "shipped", needed=True),
    _dated(("017", "067", "002"), "expected", needed=False),
    seg("FOB", el(146, "freight_payer")),
    parts.party("ship_to", "ST", needed=True),
    parts.party("ship_from", "SF"),
    parts.other_parties(),
    into="shipment",
    make=_Shipment,
    vital=True,
    sealed=True,
)

_LEVEL = loop(
    seg("HL", el(628, "id"), el(628, "parent"), el(735, "code")),
    seg("LIN", el(350, "line_number"), parts.identifiers(15)),
    seg("SN1", no(350), el(382, "quantity"), el(355, "unit")),
    seg("PRF", el(324, "order_number")),
    seg(
        "MEA",
        says(737, "PD"),
        when(738, "G"),
        el(739, "weight"),
        el(355, "weight_unit"),
    ),
    seg("REF", when(128, "LT", "BT"), el(127, "lot")),
    seg("REF", when(128, "2I", "CN"), el(127, "tracking")),
    loop(
        seg("MAN", el(88, "qualifier", needed=True), el(87, "value", needed=True)),
        into="marks",
        make=Mark,
        many=True,
    ),
    seg("DTM", when(374, "036"), el(373, "expiry")),
    seg("DTM", when(374, "094"), el(373, "manufactured")),
    parts.party("ship_to", "ST"),
    parts.other_parties(),
    into="levels",
    make=Level,
    many=True,
    sealed=True,
)

MESSAGE = Message(
    code="856",
    group="SH",
    title="ship notice",
    document=ShipNotice,
    record=_Notice,
    label=lambda notice: notice.number,
    finish=_finish,
    prepare=_prepare,
    rules=_rules,
    body=(
        seg(
            "BSN",
            el(353, "purpose", needed=True),
            el(396, "number", vital=True),
            el(373, "date", needed=True),
            el(337, "time", needed=True),
            el(1005, "structure"),
            vital=True,
        ),
        seg("DTM", when(374, "011"), el(373, "shipped_date")),
        _SHIPMENT,
        _LEVEL,
        parts.totals(lambda notice: len(notice.levels) + 1, _hashed),
    ),
)
