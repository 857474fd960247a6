"""The hierarchy of an 856: HL segments as a tree, and the rules for its shape.

Shapes taken: S-O-T-P-I, S-O-P-I, S-O-T-I, S-O-I-P and S-O-T-I-P (shipment, order,
pallet, carton, item).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from .x12 import Segment, TransactionSet, decimal

SHIPMENT, ORDER, PALLET, CARTON, ITEM = "SOTPI"

# HL03 and what may stand above it
_PARENTS = {
    SHIPMENT: "",
    ORDER: SHIPMENT,
    PALLET: ORDER,
    CARTON: ORDER + PALLET + ITEM,
    ITEM: ORDER + PALLET + CARTON,
}


@dataclass
class Node:
    """One HL with the segments up to the next."""

    head: Segment
    parent: Node | None
    segments: list[Segment] = field(default_factory=list)
    children: list[Node] = field(default_factory=list)

    @property
    def level(self) -> str:
        return self.head[3]

    @property
    def name(self) -> str:
        return f"HL {self.head[1]}"

    def all(self, tag: str) -> list[Segment]:
        return [each for each in self.segments if each.tag == tag]

    def first(self, tag: str, qualifier: str = "") -> Segment:
        """The first such segment (with that first element), else an empty one."""
        return next(
            (each for each in self.all(tag) if qualifier in ("", each[1])),
            Segment(tag, ()),
        )

    def walk(self) -> Iterator[Node]:
        yield self
        for child in self.children:
            yield from child.walk()

    def above(self, level: str) -> Node | None:
        node: Node | None = self
        while node is not None and node.level != level:
            node = node.parent
        return node

    def quantity(self) -> Decimal | None:
        return decimal(self.first("SN1")[2])


@dataclass
class Tree:
    nodes: list[Node]
    faults: list[str]

    def level(self, level: str) -> list[Node]:
        return [node for node in self.nodes if node.level == level]

    @property
    def shipment(self) -> Node:
        return self.nodes[0]


def read(one: TransactionSet) -> Tree:
    """The tree with what is wrong with it; without nodes if there is no HL."""
    nodes: list[Node] = []
    by_number: dict[str, Node] = {}
    faults: list[str] = []
    for each in one.segments:
        if each.tag == "HL":
            parent = by_number.get(each[2])
            node = Node(each, parent)
            faults += _faults(node, len(nodes) + 1)
            if parent is not None:
                parent.children.append(node)
            by_number.setdefault(each[1], node)
            nodes.append(node)
        elif nodes and each.tag not in ("CTT", "SE"):
            nodes[-1].segments.append(each)
    for node in nodes:
        stated = node.head[4]
        if stated and stated != ("1" if node.children else "0"):
            faults.append(f"{node.name}: HL04 is {stated}, which is not so")
    return Tree(nodes, faults)


def _faults(node: Node, place: int) -> list[str]:
    found = []
    if node.head[1] != str(place):
        found.append(f"{node.name}: in this place HL01 is to be {place}")
    allowed = _PARENTS.get(node.level, "")
    if node.level == SHIPMENT:
        if place != 1 or node.head[2]:
            found.append(f"{node.name}: the shipment stands first and has no parent")
    elif node.parent is None:
        found.append(f"{node.name}: there is no HL {node.head[2] or '(none)'} above it")
    elif node.parent.level not in allowed:
        found.append(
            f"{node.name}: level {node.level} may not stand under {node.parent.level}"
        )
    if place == 1 and node.level != SHIPMENT:
        found.append(f"{node.name}: the first HL is not the shipment")
    return found
