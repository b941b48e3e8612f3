"""The shipped instruments as documents, and drafts to edit."""

from pathlib import Path

import pytest

from accounts.models import User
from pillars.files import InstrumentDocument, read_instrument
from pillars.models import Instrument
from pillars.operations import load_instrument, new_version

SHIPPED = Path(__file__).parents[2] / "pillars" / "instruments"


@pytest.fixture(scope="session")
def prima() -> InstrumentDocument:
    """PRIMA 2026.1 as shipped: five pillars of six indicators on one scale of four."""
    return read_instrument((SHIPPED / "prima-2026.1.toml").read_bytes())


@pytest.fixture(scope="session")
def skm() -> InstrumentDocument:
    """SKM 2017 as shipped: nine pillars of one indicator."""
    return read_instrument((SHIPPED / "skm-2017.toml").read_bytes())


@pytest.fixture
def published(prima: InstrumentDocument, dewi: User) -> Instrument:
    """PRIMA 2026.1, published."""
    return load_instrument(document=prima, by=dewi, publish=True)


@pytest.fixture
def draft(published: Instrument, dewi: User) -> Instrument:
    """PRIMA 2027.1, a draft based on 2026.1."""
    return new_version(instrument=published, version="2027.1", by=dewi)
