"""When two product identifiers of a document mean the same."""

from . import gtin

# X12 element 235: the vendor's own number, which is Odoo's internal reference
REFERENCE_QUALIFIERS = frozenset({"VN", "SK", "VP"})

GTIN = "GTIN"


def key_of(qualifier, value):
    """What two identifiers have in common when they mean the same.

    >>> key_of("UP", "012345678905") == key_of("EN", "0012345678905")
    True
    >>> key_of("BP", "B00SOME123")
    ('BP', 'B00SOME123')
    """
    number = gtin.normal(value) if qualifier in gtin.QUALIFIERS else ""
    return (GTIN, number) if number else (qualifier, value)


def spellings(keys):
    """Every value that an identifier of one of ``keys`` may be written with."""
    for kind, value in keys:
        if kind == GTIN:
            yield from gtin.spellings(value)
        else:
            yield value
