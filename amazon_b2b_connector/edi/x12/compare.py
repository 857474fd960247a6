"""Whether a document that was read back is the one that was meant."""

from dataclasses import fields, is_dataclass
from typing import Any

from ..documents import Document
from ..interchanges import Delimiters
from .values import plain_text
from .writer import Alphabet

_ALPHABET = Alphabet(Delimiters())

# fields of a ship notice and its containers whose order says nothing
_PACKED = ("containers", "items")
# what the wire does not carry
_UNWRITTEN = ("pieces",)


def same(meant: Document, read: Document | None) -> bool:
    """Whether ``read`` says what ``meant`` does.

    Texts for people may have been spelled in the characters that the wire can carry
    (``Müller`` as ``Muller``); every number, code and date must be equal. What a ship
    notice packs is a set: on the wire it stands by order, cartons of one together.
    """
    return bool(_spelled(meant) == _spelled(read))


def _spelled(value: Any) -> Any:
    if isinstance(value, str):
        return plain_text(value, _ALPHABET.allows)
    if isinstance(value, tuple):
        return [_spelled(inner) for inner in value]
    if is_dataclass(value):
        names = [f.name for f in fields(value) if f.name not in _UNWRITTEN]
        return type(value), [_field(name, getattr(value, name)) for name in names]
    return value


def _field(name: str, value: Any) -> Any:
    spelled = _spelled(value)
    return sorted(spelled, key=repr) if name in _PACKED else spelled
