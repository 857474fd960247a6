"""The levels of a ship notice (X12 HL): a flat list on the wire, a tree to us.

Every HL names its parent, so any order of levels is read: S-O-P-I, S-O-T-P-I, S-O-T-I,
S-O-I-P, S-T-O-I, S-P-O-I. A container that holds parts of several orders stands under
each of them, with the same SSCC, and is one container again when read.
"""

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from ..documents import Container, Identifier, Party, ShippedItem
from .schema import Unreadable

PALLET = "pallet"
CARTON = "carton"
# X12 element 735: shipment, order, tare (pallet), pack (carton), item.
_KINDS = {"T": PALLET, "P": CARTON}
_LEVELS = {PALLET: "T", CARTON: "P"}
_RANKS = {"S": 0, "O": 1, "T": 2, "P": 3, "I": 4}
_DEEPEST = 8

# X12 element 88: SSCC with application identifier, SSCC alone, carrier's number.
_SSCC_WITH_PREFIX = "GM"
_SSCC = "AA"
_CARRIER = "CP"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A number on the outside of a container (MAN)."""

    qualifier: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """One HL below the shipment, with what stands in it, whatever it is of."""

    id: str
    parent: str
    code: str
    order_number: str = ""
    line_number: str = ""
    identifiers: tuple[Identifier, ...] = ()
    quantity: Decimal | None = None
    unit: str = ""
    weight: Decimal | None = None
    weight_unit: str = ""
    marks: tuple[Mark, ...] = ()
    tracking: str = ""  # only read; written as a mark
    lot: str = ""
    expiry: datetime.date | None = None
    manufactured: datetime.date | None = None
    ship_to: Party | None = None


@dataclass(slots=True)
class _Box:
    """A container that is still being filled."""

    kind: str
    sscc: str = ""
    tracking: str = ""
    weight: Decimal | None = None
    depth: int = 0
    boxes: list["_Box"] = field(default_factory=list)
    items: list[ShippedItem] = field(default_factory=list)

    def frozen(self) -> Container:
        return Container(
            kind=self.kind,
            sscc=self.sscc,
            tracking=self.tracking,
            weight=self.weight,
            containers=tuple(box.frozen() for box in self.boxes),
            items=tuple(self.items),
        )


@dataclass(slots=True)
class _Node:
    """A level in the tree, with what it inherits from those above it."""

    code: str
    order: str
    box: _Box
    item: Level | None = None
    shares: list[tuple[_Box, Decimal | None]] = field(default_factory=list)


class Tree:
    """The containers and loose items of the levels read, and their nesting."""

    def __init__(self, levels: Sequence[Level], top: str) -> None:
        self.root = _Box(kind="")
        self.nodes = {top: _Node("S", "", self.root)}
        self.last = dict.fromkeys(range(5), self.nodes[top])
        self.known: dict[tuple[int, str, str], _Box] = {}
        self.item_above_pack = False
        self.codes = {level.code for level in levels}
        items = [node for level in levels if (node := self._add(level)).code == "I"]
        for node in items:
            self._place(node)

    @property
    def containers(self) -> tuple[Container, ...]:
        return tuple(box.frozen() for box in self.root.boxes)

    @property
    def items(self) -> tuple[ShippedItem, ...]:
        return tuple(self.root.items)

    @property
    def structure(self) -> str:
        if self.item_above_pack:
            return "SOIP"
        inner = "".join(code for code in "TP" if code in self.codes)
        return f"SO{inner}I"

    def _add(self, level: Level) -> _Node:
        above = self._above(level)
        node = _Node(level.code, above.order, above.box, above.item)
        self.nodes.setdefault(level.id, node)
        if level.code == "O":
            node.order = level.order_number
        elif level.code in _KINDS:
            node.box = self._box(level, above.box)
            if above.item is not None:
                self.item_above_pack = True
                above.shares.append((node.box, level.quantity))
        elif level.code == "I":
            node.item = level
        # A level that others may hang under by mistake: only the ranks below forget.
        rank = _RANKS.get(level.code, 0)
        for lower in range(rank, 5):
            self.last[lower] = node
        return node

    def _above(self, level: Level) -> _Node:
        """The level it names; else the last one of a higher rank."""
        above = self.nodes.get(level.parent)
        if above is not None:
            return above
        return self.last[max(0, _RANKS.get(level.code, 1) - 1)]

    def _box(self, level: Level, above: _Box) -> _Box:
        outer = above if above.depth < _DEEPEST else self.root
        sscc, tracking = _numbers(level)
        key = (id(outer), level.code, sscc)
        box = self.known.get(key) if sscc else None
        if box is None:
            box = _Box(
                _KINDS[level.code], sscc, tracking, level.weight, outer.depth + 1
            )
            outer.boxes.append(box)
            self.known[key] = box
        return box

    def _place(self, node: _Node) -> None:
        """An item goes into the container around it, or into those below it."""
        level = node.item
        assert level is not None
        shares = node.shares or [(node.box, level.quantity)]
        if len(shares) == 1 and shares[0][1] is None:
            shares = [(shares[0][0], level.quantity)]
        for box, quantity in shares:
            if quantity is None:
                raise Unreadable(f"HL {level.id} has no quantity (SN102)")
            box.items.append(
                ShippedItem(
                    order_number=node.order,
                    line_number=level.line_number,
                    quantity=quantity,
                    unit=level.unit,
                    identifiers=level.identifiers,
                    lot=level.lot,
                    expiry=level.expiry,
                    manufactured=level.manufactured,
                )
            )


def _numbers(level: Level) -> tuple[str, str]:
    """SSCC without its application identifier, and the carrier's number."""
    marks = {mark.qualifier: mark.value for mark in reversed(level.marks)}
    sscc = marks.get(_SSCC_WITH_PREFIX) or marks.get(_SSCC, "")
    if len(sscc) == 20 and sscc.startswith("00"):
        sscc = sscc[2:]
    return sscc, marks.get(_CARRIER, "") or level.tracking


class Levels:
    """The levels to write for a tree of containers, numbered from 2 on."""

    def __init__(self, top: str, sscc_prefix: bool, weight_unit: str) -> None:
        self.top = top
        self.sscc_prefix = sscc_prefix
        self.weight_unit = weight_unit
        self.levels: list[Level] = []

    def write(
        self,
        structure: str,
        containers: Sequence[Container],
        items: Sequence[ShippedItem],
    ) -> tuple[Level, ...]:
        """An order level for each order, in the order in which they appear."""
        packed: dict[str, list[Container]] = {}
        for container in containers:
            held = (item.order_number for item in items_of([container]))
            for number in dict.fromkeys(held):
                packed.setdefault(number, []).append(container)
        loose: dict[str, list[ShippedItem]] = {}
        for item in items:
            loose.setdefault(item.order_number, []).append(item)
        for number in dict.fromkeys((*packed, *loose)):
            order = Level(
                id=self._next(), parent=self.top, code="O", order_number=number
            )
            self.levels.append(order)
            if structure == "SOIP":
                self._items_above(order, packed.get(number, ()))
            else:
                for container in packed.get(number, ()):
                    self._container(order, container, number)
            for item in loose.get(number, ()):
                self._item(order, item, item.quantity)
        return tuple(self.levels)

    def _next(self) -> str:
        return str(len(self.levels) + 2)

    def _container(self, above: Level, container: Container, number: str) -> None:
        """A container with what it holds of one order; nothing if it holds none."""
        if not any(item.order_number == number for item in items_of([container])):
            return
        level = self._pack(above, container)
        for inner in container.containers:
            self._container(level, inner, number)
        for item in container.items:
            if item.order_number == number:
                self._item(level, item, item.quantity)

    def _items_above(self, order: Level, containers: Sequence[Container]) -> None:
        """Each item once with its total, and under it the cartons with their share."""
        shares: dict[ShippedItem, list[tuple[Container, Decimal]]] = {}
        for container in containers:
            for item in container.items:
                if item.order_number == order.order_number:
                    same = replace(item, quantity=Decimal(0))
                    shares.setdefault(same, []).append((container, item.quantity))
        for same, packed in shares.items():
            total = sum((quantity for _, quantity in packed), Decimal(0))
            level = self._item(order, same, total)
            for container, quantity in packed:
                self._pack(level, container, quantity)

    def _pack(
        self, above: Level, container: Container, quantity: Decimal | None = None
    ) -> Level:
        level = Level(
            id=self._next(),
            parent=above.id,
            code=_LEVELS[container.kind],
            marks=tuple(self._marks(container)),
            weight=container.weight,
            weight_unit="" if container.weight is None else self.weight_unit,
            quantity=quantity,
            unit=above.unit,  # an item above says what the quantity counts
        )
        self.levels.append(level)
        return level

    def _marks(self, container: Container) -> Iterator[Mark]:
        if container.sscc and self.sscc_prefix:
            yield Mark(qualifier=_SSCC_WITH_PREFIX, value="00" + container.sscc)
        elif container.sscc:
            yield Mark(qualifier=_SSCC, value=container.sscc)
        if container.tracking:
            yield Mark(qualifier=_CARRIER, value=container.tracking)

    def _item(self, above: Level, item: ShippedItem, quantity: Decimal) -> Level:
        level = Level(
            id=self._next(),
            parent=above.id,
            code="I",
            line_number=item.line_number,
            identifiers=item.identifiers,
            quantity=quantity,
            unit=item.unit,
            lot=item.lot,
            expiry=item.expiry,
            manufactured=item.manufactured,
        )
        self.levels.append(level)
        return level


def items_of(containers: Sequence[Container]) -> Iterator[ShippedItem]:
    for container in containers:
        yield from items_of(container.containers)
        yield from container.items


def all_of(containers: Sequence[Container]) -> Iterator[Container]:
    for container in containers:
        yield container
        yield from all_of(container.containers)
