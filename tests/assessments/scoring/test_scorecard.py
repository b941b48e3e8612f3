"""What a scorecard's parts say of themselves."""

from decimal import Decimal
from fractions import Fraction

import pytest

from assessments.scoring import NOT_APPLICABLE
from assessments.scoring.scorecard import Contribution


@pytest.mark.parametrize("answer", [None, NOT_APPLICABLE])
def test_a_contribution_without_a_value_says_so(answer):
    with pytest.raises(ValueError, match="Q-1 has no value"):
        _ = Contribution("Q-1", answer, Decimal(1), None, reversed=False).value


def test_a_contribution_knows_the_value_that_was_chosen():
    chosen = Contribution("Q-1", Decimal(3), Decimal(1), Fraction(75), reversed=False)
    assert chosen.value == Decimal(3)
