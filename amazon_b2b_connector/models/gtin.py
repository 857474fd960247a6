"""GS1 trade item numbers (GTIN), compared as GTIN-14.

A UPC-12, an EAN-13 with a leading zero and a GTIN-14 with two are one number
(GS1 General Specifications, section 3.3.2). Check digits are not judged: Amazon's own
tests send wrong ones.
"""

from stdnum import isbn

# X12 element 235: qualifiers whose value is a GTIN
QUALIFIERS = frozenset({"UP", "EN", "UK", "UA", "IB"})
LENGTHS = (8, 12, 13, 14)


def normal(value):
    """``value`` as GTIN-14, or empty when it is none.

    >>> normal("012345678905") == normal("0012345678905")
    True
    >>> normal("0-306-40615-2")
    '09780306406157'
    >>> normal("SKU-1")
    ''
    """
    compact = "".join(value.split()).replace("-", "")
    if isbn.is_valid(compact) and len(compact) == 10:
        compact = isbn.to_isbn13(compact)
    # isdecimal() alone would let other scripts' digits through
    if not compact.isascii() or not compact.isdecimal() or len(compact) not in LENGTHS:
        return ""
    return compact.zfill(14)


def spellings(gtin14):
    """Every way in which a barcode field may hold the number of ``gtin14``."""
    digits = gtin14.lstrip("0")
    return {gtin14[-length:] for length in LENGTHS if len(digits) <= length}
