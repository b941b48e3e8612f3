"""Every address answers each person as the table says, and nothing is missing from the table."""

import pytest

from tests.architecture.test_access import walk
from tests.security.matrix import MATRIX, violations


def addresses() -> set[str]:
    """Names of all addresses but the operators', which have a section of their own."""
    return {
        ":".join([*namespaces, pattern.name or ""])
        for _route, pattern, namespaces in walk()
        if namespaces[:1] != ["admin"]
    }


def test_every_address_is_in_the_table():
    """Remedy: add a row to `matrix.py`, and have somebody else read it."""
    assert addresses() - MATRIX.keys() == set()
    # The style guide is routed in development only.
    assert MATRIX.keys() - addresses() <= {"styleguide"}


@pytest.mark.parametrize("name", sorted(addresses() & MATRIX.keys()))
def test_each_cell_answers_as_the_table_says(portal, name):
    assert violations(portal, name) == []
