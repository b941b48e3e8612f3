"""What tests of imports begin with."""

import pytest

from tests.organization.rosters import three_units


@pytest.fixture
def tree(db: None) -> None:
    """A, and B and C below it."""
    three_units()
