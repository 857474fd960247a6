"""The messages we know: every module of this package that is named after one.

A module ``name_999`` with a ``MESSAGE`` is all that a new message takes.
"""

import importlib
import pkgutil
import re
from functools import cache, lru_cache

from ..documents import Document
from .elements import release_of
from .reader import MessageReader
from .schema import Message
from .writer import MessageWriter

_MODULE = re.compile(r"[a-z]+_[0-9]{3}")


@lru_cache(maxsize=1)
def messages() -> dict[str, Message]:
    """Every message by the code of its transaction set (X12 element 143)."""
    package = __name__.rpartition(".")[0]
    path = importlib.import_module(package).__path__
    names = sorted(found.name for found in pkgutil.iter_modules(path))
    modules = (
        importlib.import_module(f"{package}.{name}")
        for name in names
        if _MODULE.fullmatch(name)
    )
    return {module.MESSAGE.code: module.MESSAGE for module in modules}


def message_of(document: Document) -> Message:
    for message in messages().values():
        if type(document) is message.document:
            return message
    raise TypeError(f"no X12 message carries a {type(document).__name__}")


@cache
def reader(code: str) -> MessageReader | None:
    message = messages().get(code)
    return None if message is None else MessageReader(message)


def writer(code: str, version: str) -> MessageWriter:
    return _writer(code, release_of(version))


@cache
def _writer(code: str, release: str) -> MessageWriter:
    return MessageWriter(messages()[code], release)
