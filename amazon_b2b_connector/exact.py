"""From Odoo's floats to the exact decimals of a paper."""

from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")


def exact(value, places=6):
    """``value`` (a float of Odoo) as a ``Decimal`` without trailing zeros.

    ``places`` cuts off what binary floats add: 23.450000000000003 is ``23.45``.
    """
    text = f"{value:.{places}f}"
    return Decimal(text.rstrip("0").rstrip(".") if "." in text else text)


def cents(amount):
    """``amount`` (float or ``Decimal``) in whole cents, a half rounded up."""
    number = amount if isinstance(amount, Decimal) else exact(amount)
    return number.quantize(CENT, ROUND_HALF_UP)
