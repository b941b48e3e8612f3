"""The instruments of the demo, published when they would have been."""

import datetime
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from django.conf import settings

from accounts.clock import portal_moment
from accounts.models import User
from audit.operations import record
from pillars.enums import InstrumentStatus
from pillars.files import InstrumentDocument, content_hash, read_instrument, structure_hash
from pillars.models import Instrument
from pillars.operations import edit_indicator, load_instrument, new_version
from pillars.queries import document_of
from prima_portal.seeding.history import as_of
from prima_portal.seeding.moments import DAY, workday

INSTRUMENTS = Path(settings.BASE_DIR) / "pillars" / "instruments"


def load_instruments(curator: User, *, today: datetime.date) -> tuple[Instrument, Instrument]:
    """Last year's and this year's PRIMA, SKM, and next year's PRIMA as a draft with one edit."""

    def ago(days: int) -> datetime.datetime:
        return portal_moment(workday(today - days * DAY), datetime.time(9, 40))

    current = read_instrument((INSTRUMENTS / "prima-2026.1.toml").read_bytes())
    skm = read_instrument((INSTRUMENTS / "skm-2017.toml").read_bytes())
    _publish(skm, by=curator, at=ago(430))
    old = _publish(_last_year(current), by=curator, at=ago(410))
    new = _publish(current, by=curator, at=ago(225))
    with as_of(ago(9)):
        draft = _draft(new, by=curator)
    Instrument.objects.filter(pk=draft.pk).update(created_at=ago(9))
    return old, new


def _publish(document: InstrumentDocument, *, by: User, at: datetime.datetime) -> Instrument:
    """Load and publish at a moment of the past, which the operation would not allow."""
    with as_of(at):
        instrument = load_instrument(document=document, by=by)
        hashes = {
            "content_hash": content_hash(document),
            "structure_hash": structure_hash(document),
        }
        Instrument.objects.filter(pk=instrument.pk).update(
            status=InstrumentStatus.PUBLISHED,
            created_at=at,
            published_by=by,
            published_at=at,
            **hashes,
        )
        instrument.refresh_from_db()
        facts = {"code": instrument.code, "version": instrument.version, **hashes}
        record("instrument.published", by=by, subject=instrument, **facts)
    return instrument


def _draft(instrument: Instrument, *, by: User) -> Instrument:
    draft = new_version(instrument=instrument, version="2027.1", by=by)
    pillar = document_of(draft).pillars[1]
    indicator = pillar.indicators[0]
    edit_indicator(
        instrument=draft,
        code=indicator.code,
        indicator=replace(indicator, weight=Decimal(2)),
        pillar=pillar.code,
        revision=draft.revision,
        by=by,
    )
    return draft


def _last_year(document: InstrumentDocument) -> InstrumentDocument:
    """The version before: one indicator fewer in each pillar, so that trends show a break."""
    pillars = tuple(
        replace(pillar, indicators=pillar.indicators[:-1]) for pillar in document.pillars
    )
    return replace(document, version="2025.2", title=f"{document.title} (2025)", pillars=pillars)
