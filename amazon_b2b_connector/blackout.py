"""Finds the personal texts of somebody in what others wrote, and takes them out.

Plain Python. What is looked for stands as a whole word, in any case, with any white
space, as text or as HTML.
"""

import html
import re

ERASED = "[…]"
# shorter ones stand everywhere: "Li", "EG", house numbers
LETTERS, DIGITS = 3, 5


class Blackout:
    """Takes ``texts`` and each of their lines out of any text."""

    def __init__(self, texts):
        lines = {
            " ".join(line.split())
            for text in texts
            for line in (text or "").splitlines()
        }
        self.texts = sorted(filter(_tells, lines), key=lambda t: (-len(t), t))
        spellings = dict.fromkeys(
            spelling for text in self.texts for spelling in (text, html.escape(text))
        )
        choice = "|".join(map(_pattern, spellings))
        self._pattern = choice and re.compile(
            rf"(?<!\w)(?:{choice})(?!\w)", re.IGNORECASE
        )

    def __bool__(self):
        return bool(self.texts)

    def __call__(self, value):
        """``value`` without them: a text, or a JSON value with texts in it."""
        if not self._pattern or not value:
            return value
        if isinstance(value, str):
            return self._pattern.sub(ERASED, value)
        if isinstance(value, list):
            return [self(inner) for inner in value]
        if isinstance(value, dict):
            return {name: self(inner) for name, inner in value.items()}
        return value


def _tells(text):
    letters = sum(map(str.isalpha, text))
    digits = sum(map(str.isdigit, text))
    return letters >= LETTERS or digits >= DIGITS


def _pattern(text):
    return r"(?:\s|&nbsp;)+".join(map(re.escape, text.split()))
