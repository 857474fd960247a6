"""The voice of the story: aligned lines, each with the seconds since the beginning."""

import sys
import time
from collections.abc import Iterable, Mapping, Sequence, Sized
from typing import TextIO

BOLD, DIM, GREEN, RED = "1", "2", "32", "31"

# columns of a line about a paper: what it is, control number, MDN, 997
WIDTHS = (30, 14, 14, 7)


def counted(things: Sized, name: str) -> str:
    """How many: `3 lines`, `one line`."""
    return f"one {name}" if len(things) == 1 else f"{len(things)} {name}s"


class Teller:
    """Writes to `out`, in colour only where a person watches."""

    def __init__(self, out: TextIO | None = None) -> None:
        self._out = out or sys.stdout
        self._colours = self._out.isatty()
        self._start = time.monotonic()
        self._chapters = 0

    def seconds(self) -> float:
        return time.monotonic() - self._start

    def chapter(self, title: str) -> None:
        self._chapters += 1
        self._write("")
        self._write(self._colour(f"{self._chapters}. {title}", BOLD))

    def heading(self, title: str) -> None:
        self._write("")
        self._write(self._colour(title, BOLD))

    def line(self, who: str, text: str) -> None:
        """Something that happened: when, by whom, what."""
        clock = self._colour(f"{self.seconds():6.1f} s", DIM)
        self._write(f"{clock}  {who:<9}  {text}".rstrip())

    def more(self, text: str) -> None:
        """What belongs to the line above; may have several lines."""
        for part in text.splitlines():
            self._write(" " * 21 + self._colour(part.strip(), DIM))

    def paper(
        self,
        who: str,
        name: str,
        control: str,
        mdn: str,
        functional: str,
        seconds: float,
    ) -> None:
        """A paper that crossed: its name, interchange, MDN, 997, and how long it took
        until its 997."""
        cells = (name, f"ISA {control}", f"MDN {mdn}", f"997 {functional}")
        padded = (f"{cell:<{width}}" for cell, width in zip(cells, WIDTHS, strict=True))
        self.line(who, "  ".join((*padded, f"{seconds:5.1f} s")))

    def verdict(self, text: str, good: bool) -> None:
        """What Amazon says of it, in its words."""
        self._write(" " * 21 + self._colour(f"“{text}”", GREEN if good else RED))

    def checked(self, text: str, good: bool) -> None:
        """Something that was counted, and whether it is so."""
        colour, mark = (GREEN, "yes") if good else (RED, "NO")
        self._write(f"  {text:<68}" + self._colour(mark, colour))

    def bad(self, text: str) -> None:
        for part in text.splitlines():
            self._write(" " * 21 + self._colour(part.strip(), RED))

    def table(self, head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
        """Columns as wide as they need to be."""
        lines = [list(head), *(list(row) for row in rows)]
        widths = [max(len(line[place]) for line in lines) for place in range(len(head))]
        for number, line in enumerate(lines):
            cells = (
                f"{cell:<{width}}" for cell, width in zip(line, widths, strict=True)
            )
            text = "  " + "  ".join(cells).rstrip()
            self._write(self._colour(text, DIM) if number == 0 else text)

    def facts(self, facts: Mapping[str, str]) -> None:
        width = max(map(len, facts))
        for name, value in facts.items():
            self._write(f"  {name:<{width}}  {value}")

    def _write(self, text: str) -> None:
        print(text, file=self._out, flush=True)

    def _colour(self, text: str, code: str) -> str:
        return f"\033[{code}m{text}\033[0m" if self._colours and text else text
