"""From Odoo's floats to the exact decimals of a paper."""

from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")


def exact(value, places=6):
    """``value`` (a float of Odoo) as a ``Decimal`` without trailing zeros.

    ``places`` cuts off what binary floats add: 23.450000000000003 is ``23.45``.
    """
    text = f"{value:.{places}f}"
    return Decimal(text.rstrip("0").rstrip(".") if "." in text else text)


def per_piece(price, pieces, places=6):
    """The price (``Decimal``) of one of ``pieces``, as far as it can be written.

    >>> per_piece(Decimal("114.00"), Decimal(12)), per_piece(Decimal(1), Decimal(3))
    (Decimal('9.5'), Decimal('0.333333'))
    """
    return price if pieces == 1 else exact(price / pieces, places)


def cents(amount):
    """``amount`` (float or ``Decimal``) in whole cents, a half rounded up."""
    number = amount if isinstance(amount, Decimal) else exact(amount)
    return number.quantize(CENT, ROUND_HALF_UP)
