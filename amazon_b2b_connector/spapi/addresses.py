"""Pickup points in the ways buyers type them, and a key for the same address.

No field of Amazon's holds the number of a DHL Packstation or the customer number
(Postnummer) that it asks for: buyers in Germany and Austria type them into the name,
the company or any address line. Amazon says ``PICKUP_POINT`` of its own points alone.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from .documents import SellerAddress

_DHL_COUNTRIES = frozenset(("DE", "AT"))

# A letter after the word makes another word of it (Packstationsweg), a digit does not
# (PACKSTATION123). DHL's numbers have three digits.
_WORDS = {
    "packstation": r"pack[ -]?station",
    "postfiliale": r"post[ -]?filiale",
    "paketshop": r"pa(?:ket|ck)[ -]?shop",
}
_GAP = r"[\s.,:;#/-]*(?:(?:nr|no|nummer)\b[\s.:#]*)?"
_PLACES = {
    kind: re.compile(
        rf"\b(?:dhl)?{word}(?:(?![^\W\d_])|s?nummer\b){_GAP}(?P<after>\d{{3}}(?!\d))?"
        rf"|(?<!\d)(?P<before>\d{{3}})[ ,/-]*{word}\b",
        re.IGNORECASE,
    )
    for kind, word in _WORDS.items()
}
# The number of the place in a field of its own
_ALONE = re.compile(r"(?:(?:station|nr|no|nummer)\b[ .:#]*)?(\d{3})", re.IGNORECASE)
# Postnummer 12345678, Post-Nr.: 12345678, PN 12345678, Kundennummer 1234 5678
_NAMED = re.compile(
    r"\b(?:(?:dhl[ -]?)?(?:post|kunden|postkunden|post-kunden)[ -]?(?:nummer|nr)"
    r"|pnr|pn|dhl)[\s.,:;#-]*(\d{6,10}(?!\d)|\d{2,5}(?: \d{2,5})+(?!\d))",
    re.IGNORECASE,
)
# A Postnummer without a word; one that begins with 0 is a phone number
_BARE = re.compile(r"(?<![\d+])(?<![\d)][ /-])[1-9]\d{5,9}(?![ /-]?\d{4,})(?!\d)")
_PHONE = re.compile(r"\b(?:tel|telefon|phone|mobil|mobile|handy|fon|fax)\b", re.I)


@dataclass(frozen=True, slots=True, kw_only=True)
class PickupPoint:
    """Where a parcel waits for its buyer.

    ``kind`` is ``packstation``, ``postfiliale``, ``paketshop``, or ``pickup`` for what
    Amazon calls a pickup point; ``number`` is that of the place, ``customer_number``
    the Postnummer that DHL knows the buyer by. Either may be ``""``.
    """

    kind: str
    number: str = ""
    customer_number: str = ""


def pickup(address: SellerAddress) -> PickupPoint | None:
    """The pickup point that an address names, or ``None``.

    DHL's words count in Germany and Austria only, and only with a number: that of the
    place or a Postnummer.
    """
    fields = [text for text in (address.company, *address.lines, address.name) if text]
    if address.country.upper() in _DHL_COUNTRIES:
        for kind, pattern in _PLACES.items():
            if found := _pickup(kind, pattern, fields):
                return found
    if address.kind == "PICKUP_POINT":
        return PickupPoint(kind="pickup")
    return None


def _pickup(
    kind: str, pattern: re.Pattern[str], fields: list[str]
) -> PickupPoint | None:
    places = [match for text in fields for match in pattern.finditer(text)]
    if not places:
        return None
    numbers = [match["after"] or match["before"] for match in places]
    alone = [match[1] for text in fields if (match := _ALONE.fullmatch(text.strip()))]
    number = next(filter(None, numbers + alone), "")
    customer = _customer_number([pattern.sub(" ", text) for text in fields])
    if not number and not customer:
        return None
    return PickupPoint(kind=kind, number=number, customer_number=customer)


def _customer_number(fields: list[str]) -> str:
    """The Postnummer: one that is called so, else digits that can be nothing else."""
    named = (match[1] for text in fields for match in _NAMED.finditer(text))
    for digits in (text.replace(" ", "") for text in named):
        if 6 <= len(digits) <= 10:
            return digits
    for text in fields:
        if not _PHONE.search(text) and (bare := _BARE.search(text)):
            return bare[0]
    return ""


# Spellings of one word, after accents are gone; the first is what it becomes.
_SPELLINGS = (
    ("str", r"(?:strasse|str)(?![a-z])"),
    ("pl", r"(?:platz|pl)(?![a-z])"),
    ("st", r"\b(?:street|st)\b"),
    ("rd", r"\b(?:road|rd)\b"),
    ("ave", r"\b(?:avenue|ave|av)\b"),
    ("blvd", r"\b(?:boulevard|blvd|bd)\b"),
    ("ln", r"\b(?:lane|ln)\b"),
    ("dr", r"\b(?:drive|dr)\b"),
    ("apt", r"\b(?:apartment|apt)\b"),
)
_ACCENTS = re.compile("[\u0300-\u036f]")
_BETWEEN_DIGITS = re.compile(r"(?<=\d)[\W_]+(?=\d)")


def normal_key(address: SellerAddress) -> str:
    """What is the same for two spellings of one recipient at one address.

    In it are, in this order, the recipient's name, the company, the address lines
    together, the postal code, the city and the country: without case, accents (``ü``,
    ``ue`` and ``u`` are alike), punctuation and spaces, and with one spelling of
    *Straße*, *Street* and their like. State, district, phone, kind and instructions
    are not in it, as buyers and Amazon give them at one time and not at another. Two
    people at one address have different keys. It is personal data as the address is.
    """
    texts = (address.name, address.company, " ".join(address.lines))
    place = (address.postal_code, address.city, address.country)
    return "|".join(map(_normal, (*texts, *place)))


def _normal(text: str) -> str:
    bare = _ACCENTS.sub("", unicodedata.normalize("NFKD", text.casefold()))
    bare = unicodedata.normalize("NFC", bare)
    for spelling, pattern in _SPELLINGS:
        bare = re.sub(pattern, spelling, bare)
    for umlaut in "aou":
        bare = bare.replace(f"{umlaut}e", umlaut)
    # 1 23 is not 12 3
    return re.sub(r"[\W_]+", "", _BETWEEN_DIGITS.sub("x", bare))
