"""MIME (RFC 2045, 2046, 1847) without changing a byte.

What is signed is bytes, so parts are read as ranges of the buffer they came in and
written as the list of pieces they consist of; nothing is parsed and put together
again. Header blocks may be folded, and may end their lines with LF alone.
"""

from __future__ import annotations

import base64
import binascii
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .ber import Buffer
from .errors import AS2ConfigurationError, ContentError

MAX_HEADER_BLOCK = 64 * 1024  # bytes
MAX_FALSE_DELIMITERS = 1000

_FIELD = re.compile(rb"([!-9;-~]{1,200})[ \t]*:")
_PRINTABLE = re.compile(r"[\x20-\x7e]*")
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")


class MimeError(ContentError):
    """The bytes are not the MIME entity that was expected."""


@dataclass(frozen=True)
class Part:
    """A MIME entity inside a buffer.

    :ivar headers: by lower-case name, unfolded.
    :ivar start: where its header block begins; ``body``: its body; ``end``: its end.
    """

    headers: Mapping[str, str]
    data: bytes | bytearray
    start: int
    body: int
    end: int

    @property
    def raw(self) -> memoryview:
        """Headers and body as they stand."""
        return memoryview(self.data)[self.start : self.end]

    @property
    def raw_body(self) -> memoryview:
        """The body as it stands, still in its transfer encoding."""
        return memoryview(self.data)[self.body : self.end]

    @property
    def media_type(self) -> str:
        """In lower case; RFC 2045 section 5.2 has the default."""
        return parse_parameters(self.headers.get("content-type", "text/plain"))[0]

    def parameter(self, name: str, header: str = "content-type") -> str | None:
        return parse_parameters(self.headers.get(header, ""))[1].get(name)

    def decoded(self) -> Buffer:
        """The body without its transfer encoding.

        A missing Content-Transfer-Encoding means that there is none (section 6.1).

        :raises MimeError: unknown or damaged encoding.
        """
        encoding = self.headers.get("content-transfer-encoding", "binary")
        encoding = encoding.strip().lower()
        if encoding in ("7bit", "8bit", "binary", ""):
            return self.raw_body
        if encoding == "base64":
            return decode_base64(self.raw_body)
        if encoding == "quoted-printable":
            return binascii.a2b_qp(self.raw_body)
        raise MimeError(f"Its transfer encoding {encoding[:40]!r} is unknown.")


def decode_base64(data: Buffer) -> bytes:
    """Decode strictly, line ends and blanks apart. Raises MimeError."""
    compact = bytes(data).translate(None, b"\r\n\t ")
    try:
        return base64.b64decode(compact, validate=True)
    except binascii.Error as error:
        raise MimeError("Its base64 encoding is damaged.") from error


def parse_parameters(value: str) -> tuple[str, dict[str, str]]:
    """Split ``text/plain; charset="x"`` into lower-case value and parameters.

    The first of several parameters with one name counts. Never raises.
    """
    segments = _split_unquoted(value, ";")
    parameters: dict[str, str] = {}
    for segment in segments[1:]:
        name, separator, content = segment.partition("=")
        if separator:
            parameters.setdefault(name.strip().lower(), unquote(content.strip()))
    return segments[0].strip().lower(), parameters


def _split_unquoted(value: str, separator: str) -> list[str]:
    segments: list[str] = []
    start = 0
    quoted = escaped = False
    for place, character in enumerate(value):
        if escaped:
            escaped = False
        elif quoted and character == "\\":
            escaped = True
        elif character == '"':
            quoted = not quoted
        elif character == separator and not quoted:
            segments.append(value[start:place])
            start = place + 1
    segments.append(value[start:])
    return segments


def unquote(value: str) -> str:
    """The content of a quoted-string, or the value as it is."""
    if len(value) < 2 or value[0] != '"' or value[-1] != '"':
        return value
    return re.sub(r"\\(.)", r"\1", value[1:-1], flags=re.DOTALL)


# -- reading ---------------------------------------------------------------------


def read_part(data: bytes | bytearray, start: int, end: int) -> Part:
    """Read the header block of the entity between two places.

    :raises MimeError: no header block there.
    """
    headers, body = read_headers(data, start, end)
    return Part(headers, data, start, body, end)


def read_headers(
    data: bytes | bytearray, start: int, end: int
) -> tuple[dict[str, str], int]:
    """Header fields by lower-case name, and where the body begins.

    Of a field that occurs several times the first counts, but no field that decides
    how the body is read may.
    """
    limit = min(end, start + MAX_HEADER_BLOCK)
    headers: dict[str, str] = {}
    name = ""
    place = start
    while True:
        stop = data.find(b"\n", place, limit)
        if stop < 0:
            raise MimeError("Its MIME headers do not end.")
        line = bytes(data[place:stop])
        line = line[:-1] if line.endswith(b"\r") else line
        place = stop + 1
        if not line:
            return headers, place
        if line[0] in b" \t" and name:
            headers[name] += " " + line.strip().decode("latin-1")
            continue
        field = _FIELD.match(line)
        if field is None:
            raise MimeError("Its MIME headers cannot be read.")
        name = field[1].decode("ascii").lower()
        if name in headers:
            if name.startswith("content-"):
                raise MimeError(f"It has more than one {name}.")
            name += "\n"  # no name has a line end: continuation lines go there too
        headers[name] = line[field.end() :].strip().decode("latin-1")


def read_multipart(part: Part, most: int) -> tuple[list[Part], bool]:
    """The parts of a multipart entity, and whether more than blanks follow them.

    Text before the first is ignored.

    :param most: more parts than that are refused.
    :raises MimeError: no boundary, or no proper end.
    """
    boundary = part.parameter("boundary") or ""
    if not 0 < len(boundary) <= 200 or not _PRINTABLE.fullmatch(boundary):
        raise MimeError("Its boundary is missing or unusable.")
    spans, rest = _split(part, b"--" + boundary.encode("ascii"), most)
    epilogue = bytes(memoryview(part.data)[rest : min(part.end, rest + 1024)])
    more = bool(epilogue.strip()) or part.end > rest + 1024
    return [read_part(part.data, start, end) for start, end in spans], more


def _split(
    part: Part, delimiter: bytes, most: int
) -> tuple[list[tuple[int, int]], int]:
    """Where the parts are, and where the last delimiter's line ends."""
    data, end = part.data, part.end
    spans: list[tuple[int, int]] = []
    opened: int | None = None
    at = part.body
    if not data.startswith(delimiter, at, end):
        at = _next(data, delimiter, at, end)
    for _ in range(most + 1 + MAX_FALSE_DELIMITERS):
        stop, closing = _delimiter_end(data, at + len(delimiter), end)
        if stop >= 0:
            if opened is not None:
                # the line end before a delimiter belongs to it (RFC 2046, 5.1.1)
                before = at - 2 if data[at - 2 : at] == b"\r\n" else at - 1
                spans.append((opened, max(opened, before)))
            if closing and opened is not None:
                return spans, stop
            if closing or len(spans) == most:
                break
            opened = stop
        at = _next(data, delimiter, at, end)
    raise MimeError(f"It does not consist of {most} parts at most.")


def _next(data: bytes | bytearray, delimiter: bytes, after: int, end: int) -> int:
    at = data.find(b"\n" + delimiter, after, end)
    if at < 0:
        raise MimeError("Its last boundary is missing.")
    return at + 1


def _delimiter_end(data: bytes | bytearray, place: int, end: int) -> tuple[int, bool]:
    """Where the line of a delimiter ends (-1: it is none), and if it is the last."""
    closing = data.startswith(b"--", place, end)
    if closing:
        place += 2
    tail = bytes(data[place : min(end, place + 100)])
    blank = len(tail) - len(tail.lstrip(b" \t"))
    tail = tail[blank:]
    for line_end in (b"\r\n", b"\n"):
        if tail.startswith(line_end):
            return place + blank + len(line_end), closing
    if closing and place + blank == end:
        return end, True
    return -1, closing


# -- writing ---------------------------------------------------------------------


def entity(headers: Mapping[str, str], body: Sequence[bytes]) -> list[bytes]:
    """The pieces of a MIME entity."""
    return [header_block(headers) + b"\r\n", *body]


def header_block(headers: Mapping[str, str]) -> bytes:
    return "".join(f"{name}: {value}\r\n" for name, value in headers.items()).encode(
        "ascii"
    )


def multipart(parts: Sequence[Sequence[bytes]]) -> tuple[str, list[bytes]]:
    """A boundary that occurs in none of the parts, and the body around them."""
    while True:
        boundary = f"=_{secrets.token_hex(20)}"
        delimiter = b"--" + boundary.encode()
        if not any(delimiter in piece for part in parts for piece in part):
            break
    body: list[bytes] = []
    for part in parts:
        body += [b"\r\n" if body else b"", delimiter, b"\r\n", *part]
    return boundary, [*body, b"\r\n", delimiter, b"--\r\n"]


def quote_always(value: str) -> str:
    """A quoted-string (RFC 2045 section 5.1)."""
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def filename_parameter(filename: str) -> str:
    """``; filename=...``, for names beyond ASCII as RFC 2231 section 4 has it.

    :raises AS2ConfigurationError: control characters in it.
    """
    if any(ord(each) < 32 or ord(each) == 127 for each in filename):
        raise AS2ConfigurationError(
            f"The file name {filename!r} holds control characters."
        )
    if filename.isascii():
        return f"; filename={quote_always(filename)}"
    encoded = "".join(
        chr(byte)
        if _TOKEN.fullmatch(chr(byte)) and byte not in b"*'%"
        else f"%{byte:02X}"
        for byte in filename.encode()
    )
    return f"; filename*=UTF-8''{encoded}"
