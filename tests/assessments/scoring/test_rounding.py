from decimal import Decimal, localcontext
from fractions import Fraction

import pytest

from assessments.scoring import round_half_up


@pytest.mark.parametrize(
    ("value", "places", "text"),
    [
        (Fraction(100 * 100, 4 * 29), 2, "86.21"),
        (Fraction(115 * 25, 29), 2, "99.14"),
        (Fraction(1, 8), 2, "0.13"),
        (Fraction(1245, 1000), 2, "1.25"),  # banker's rounding says 1.24, binary floats too
        (Fraction(5, 1000), 2, "0.01"),
        (Fraction(4999, 1000000), 2, "0.00"),
        (Fraction(100), 2, "100.00"),
        (Fraction(1, 2), 0, "1"),
        (Fraction(2, 3), 6, "0.666667"),
        (Fraction(-1, 8), 2, "-0.13"),
        (Fraction(-1, 1000), 2, "0.00"),
        (Fraction(0), 2, "0.00"),
    ],
)
def test_a_half_is_rounded_up_and_every_place_is_kept(value, places, text):
    assert str(round_half_up(value, places)) == text


def test_the_ambient_decimal_context_has_no_say():
    with localcontext() as context:
        context.prec = 2
        assert round_half_up(Fraction(88305, 1000), 2) == Decimal("88.31")
