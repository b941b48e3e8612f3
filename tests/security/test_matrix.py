"""Every address answers each person as the table says, and nothing is missing from the table."""

import pytest

from tests.security.checking import violations
from tests.security.matrix import MATRIX, routed


def test_every_address_is_in_the_table():
    """Remedy: add a row to `tables/`, and have somebody else read it."""
    assert routed() - MATRIX.keys() == set()
    # The style guide is routed in development only.
    assert MATRIX.keys() - routed() <= {"styleguide"}


@pytest.mark.parametrize("name", sorted(routed() & MATRIX.keys()))
def test_each_cell_answers_as_the_table_says(portal, name):
    assert violations(portal, name) == []
