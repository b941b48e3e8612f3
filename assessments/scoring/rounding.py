"""Exact decimals out of exact integers and fractions, independent of the ambient decimal context."""

from decimal import Decimal
from fractions import Fraction


def shifted(number: int, places: int) -> Decimal:
    """Return ``number`` / 10**``places`` with exactly ``places`` decimals: ``shifted(9148, 2)`` is 91.48."""
    return Decimal(f"{number}E-{places}")


def round_half_up(value: Fraction, places: int) -> Decimal:
    """Round to ``places`` decimals, a half away from zero; the result carries exactly that many places.

    The only rounding of the portal: it is applied once, to an exact figure that is shown or banded.
    Zero is never negative.
    """
    doubled = 2 * value.denominator
    magnitude = (2 * abs(value.numerator) * 10**places + value.denominator) // doubled
    return shifted(-magnitude if value < 0 else magnitude, places)
