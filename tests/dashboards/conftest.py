"""A cycle of ten people in Ani's unit, six in its seksi, four in Citra's unit."""

from types import SimpleNamespace

import pytest

from accounts.models import User
from assessments.models import Cycle
from dashboards.operations import refresh
from pillars.models import Instrument
from tests.dashboards import worlds
from tests.factories import make_user, post


def _cycle(units: SimpleNamespace, instrument: Instrument, beside: int) -> Cycle:
    worlds.staff(units.ani, 9, first=100)
    worlds.staff(units.seksi, 6, first=200)
    worlds.staff(units.citra, beside - 1, first=300)
    return worlds.make_cycle(instrument)


@pytest.fixture
def cycle(units: SimpleNamespace, instrument: Instrument, budi: User, citra: User) -> Cycle:
    """Budi and nine others in Ani's unit, six in the seksi, Citra and three others in hers."""
    return _cycle(units, instrument, 4)


@pytest.fixture
def fair(units: SimpleNamespace, instrument: Instrument, budi: User, citra: User) -> Cycle:
    """The same with five in Citra's unit, so that no group is hidden for them."""
    return _cycle(units, instrument, 5)


@pytest.fixture
def filled(fair: Cycle, units: SimpleNamespace) -> Cycle:
    """Everybody below Budi has handed in."""
    for unit in (units.ani, units.seksi):
        worlds.hand_in_all(fair, unit)
    refresh(cycle=fair)
    return fair


@pytest.fixture
def all_filled(cycle: Cycle, units: SimpleNamespace) -> Cycle:
    """Citra's unit of four has handed in, too: its score would follow from the others'."""
    for unit in (units.ani, units.seksi, units.citra):
        worlds.hand_in_all(cycle, unit)
    refresh(cycle=cycle)
    return cycle


@pytest.fixture
def head(units: SimpleNamespace) -> User:
    """Leads the province; posted after the census, so nobody's own figure."""
    user = make_user("Gubernur", serial=700)
    post(user, units.root, head=True)
    return user
