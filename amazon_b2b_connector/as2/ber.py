"""Reading BER and writing DER (ITU-T X.690), as far as CMS needs it.

AS2 partners send EnvelopedData in BER with indefinite length, its content cut into
many small OCTET STRINGs. The reader is a cursor that visits every byte at most a
fixed number of times, never recurses, and copies nothing: strings come back as
views. Depth and number of elements are limited, so bytes nobody has vouched for yet
cost time and memory in proportion to their length and no more.
"""

from __future__ import annotations

from types import TracebackType

from .errors import ContentError

Buffer = bytes | bytearray | memoryview

# X.690 section 8.1.2, universal tags with their constructed bit where it is set
INTEGER = 0x02
BIT_STRING = 0x03
OCTET_STRING = 0x04
NULL = 0x05
OID = 0x06
UTC_TIME = 0x17
GENERALIZED_TIME = 0x18
SEQUENCE = 0x30
SET = 0x31

CONSTRUCTED = 0x20
INDEFINITE = -1

MAX_DEPTH = 32
MAX_INTEGER = 64  # bytes; serial numbers have 20 at most (RFC 5280, 4.1.2.2)
# Chunks of a streamed OCTET STRING are 1,000 bytes or more with every sender seen
# (OpenSSL, Bouncy Castle); an eighth of that leaves room, one byte each does not.
FREE_ELEMENTS = 10_000
BYTES_PER_ELEMENT = 128


class BerError(ContentError):
    """The bytes are not the BER that was expected; the text names the place."""


def context(number: int, *, primitive: bool = False) -> int:
    """The context-specific tag ``[number]``, constructed unless said otherwise."""
    return 0x80 | number | (0 if primitive else CONSTRUCTED)


class _Budget:
    __slots__ = ("elements",)

    def __init__(self, size: int) -> None:
        self.elements = FREE_ELEMENTS + size // BYTES_PER_ELEMENT


class Reader:
    """A cursor over the elements of one constructed value, or of a whole buffer.

    Every method raises :class:`BerError` where the bytes are not as asked for.
    """

    __slots__ = ("_budget", "_data", "_depth", "_end", "_indefinite", "_parent", "pos")

    def __init__(self, data: Buffer) -> None:
        self._data = data
        self._end = len(data)
        self._indefinite = False
        self._parent: Reader | None = None
        self._depth = 0
        self._budget = _Budget(len(data))
        self.pos = 0

    # -- descending ------------------------------------------------------------

    def enter(self, tag: int) -> Reader:
        """The inside of the next element, to be used in a ``with`` statement.

        Leaving the block checks that all of it was read.
        """
        length = self._expect(tag)
        child = Reader.__new__(Reader)
        child._data = self._data
        child._parent = self
        child._budget = self._budget
        child._depth = self._depth + 1
        if child._depth > MAX_DEPTH:
            raise BerError(f"BER nested too deeply at byte {self.pos}")
        child._indefinite = length == INDEFINITE
        child._end = self._end if length == INDEFINITE else self.pos + length
        child.pos = self.pos
        return child

    def __enter__(self) -> Reader:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is not None or self._parent is None:
            return
        if self.more():
            raise BerError(f"unexpected element at byte {self.pos}")
        self._parent.pos = self.pos + 2 if self._indefinite else self.pos

    def more(self) -> bool:
        """Whether another element follows."""
        if not self._indefinite:
            return self.pos < self._end
        if self.pos + 2 > self._end:
            raise BerError(f"BER ends early at byte {self.pos}")
        return self._data[self.pos] != 0 or self._data[self.pos + 1] != 0

    def next_is(self, tag: int) -> bool:
        """Whether the next element carries this tag."""
        return self.more() and self._data[self.pos] == tag

    # -- values ----------------------------------------------------------------

    def integer(self) -> int:
        content = self.primitive(INTEGER)
        if not 0 < len(content) <= MAX_INTEGER:
            raise BerError(f"INTEGER of unusable length at byte {self.pos}")
        return int.from_bytes(content, "big", signed=True)

    def oid(self) -> str:
        """An OBJECT IDENTIFIER in dotted form."""
        content = self.primitive(OID)
        if not content or len(content) > 64 or content[-1] & 0x80:
            raise BerError(f"malformed OBJECT IDENTIFIER at byte {self.pos}")
        arcs: list[int] = []
        value = 0
        for byte in content:
            value = value << 7 | byte & 0x7F
            if not byte & 0x80:
                arcs.append(value)
                value = 0
        first = min(arcs[0] // 40, 2)
        return ".".join(map(str, (first, arcs[0] - 40 * first, *arcs[1:])))

    def primitive(self, tag: int) -> memoryview:
        """The content of a primitive element."""
        length = self._expect(tag)
        start = self.pos
        self.pos += length
        return memoryview(self._data)[start : self.pos]

    def raw(self) -> memoryview:
        """The next element whole, header included."""
        start = self.pos
        self.skip()
        return memoryview(self._data)[start : self.pos]

    def skip(self) -> None:
        """Pass over the next element, whatever it is."""
        open_ends: list[int] = []  # of the indefinite lengths we are inside of
        while True:
            if open_ends and self._at_end_of_contents(self._end):
                self.pos += 2
                open_ends.pop()
            else:
                _, length = self._header(self._end)
                if length == INDEFINITE:
                    open_ends.append(self.pos)
                    if len(open_ends) + self._depth > MAX_DEPTH:
                        raise BerError(f"BER nested too deeply at byte {self.pos}")
                else:
                    self.pos += length
            if not open_ends:
                return

    def octets(self, tag: int = OCTET_STRING) -> list[memoryview]:
        """The pieces of an OCTET STRING, sent whole or in pieces of pieces.

        :param tag: the primitive tag (an IMPLICIT one replaces it).
        """
        found, length = self._header(self._end)
        view = memoryview(self._data)
        if found == tag:
            self.pos += length
            return [view[self.pos - length : self.pos]]
        if found != tag | CONSTRUCTED:
            raise self._unexpected(found, tag)
        pieces: list[memoryview] = []
        # for each string we are inside of: is it indefinite, and where it ends at most
        inside = [self._extent(length, self._end)]
        while inside:
            indefinite, end = inside[-1]
            if indefinite and self._at_end_of_contents(end):
                self.pos += 2
                inside.pop()
                continue
            if not indefinite and self.pos == end:
                inside.pop()
                continue
            found, length = self._header(end)
            if found == OCTET_STRING:
                pieces.append(view[self.pos : self.pos + length])
                self.pos += length
            elif found == OCTET_STRING | CONSTRUCTED:
                inside.append(self._extent(length, end))
                if len(inside) + self._depth > MAX_DEPTH:
                    raise BerError(f"BER nested too deeply at byte {self.pos}")
            else:
                raise self._unexpected(found, OCTET_STRING)
        return pieces

    # -- headers ---------------------------------------------------------------

    def _extent(self, length: int, limit: int) -> tuple[bool, int]:
        if length == INDEFINITE:
            return True, limit
        return False, self.pos + length

    def _at_end_of_contents(self, end: int) -> bool:
        if self.pos + 2 > end:
            raise BerError(f"BER ends early at byte {self.pos}")
        return self._data[self.pos] == 0 and self._data[self.pos + 1] == 0

    def _expect(self, tag: int) -> int:
        if not self.more():
            raise BerError(f"element {tag:#04x} missing at byte {self.pos}")
        found, length = self._header(self._end)
        if found != tag:
            raise self._unexpected(found, tag)
        return length

    def _unexpected(self, found: int, wanted: int) -> BerError:
        return BerError(
            f"element {found:#04x} instead of {wanted:#04x} before byte {self.pos}"
        )

    def _header(self, limit: int) -> tuple[int, int]:
        """Read tag and length (section 8.1.3), stand on the content."""
        budget = self._budget
        budget.elements -= 1
        if budget.elements < 0:
            raise BerError("BER cut into too many pieces")
        data, pos = self._data, self.pos
        if pos + 2 > limit:
            raise BerError(f"BER ends early at byte {pos}")
        tag, length = data[pos], data[pos + 1]
        pos += 2
        if tag & 0x1F == 0x1F:
            raise BerError(f"unsupported tag at byte {pos - 2}")
        if length == 0x80:
            if not tag & CONSTRUCTED:
                raise BerError(f"primitive of indefinite length at byte {pos - 2}")
            self.pos = pos
            return tag, INDEFINITE
        if length > 0x80:
            size = length & 0x7F
            if size > 8 or pos + size > limit:
                raise BerError(f"malformed length at byte {pos - 1}")
            length = int.from_bytes(data[pos : pos + size], "big")
            pos += size
        if length > limit - pos:
            raise BerError(f"BER ends early: {length} bytes promised at byte {pos}")
        self.pos = pos
        return tag, length


# -- writing ---------------------------------------------------------------------


def header(tag: int, length: int) -> bytes:
    """Tag and definite length, in DER."""
    if length < 0x80:
        return bytes((tag, length))
    size = (length.bit_length() + 7) // 8
    return bytes((tag, 0x80 | size)) + length.to_bytes(size, "big")


def encode(tag: int, *contents: Buffer) -> bytes:
    """One element in DER, its content given in any number of pieces."""
    return b"".join((header(tag, sum(map(len, contents))), *contents))


def encode_integer(value: int) -> bytes:
    size = value.bit_length() // 8 + 1
    return encode(INTEGER, value.to_bytes(size, "big", signed=True))


def encode_oid(dotted: str) -> bytes:
    first, second, *rest = map(int, dotted.split("."))
    content = bytearray()
    for arc in (40 * first + second, *rest):
        groups = [arc & 0x7F]
        while arc := arc >> 7:
            groups.append(arc & 0x7F | 0x80)
        content.extend(reversed(groups))
    return encode(OID, bytes(content))
