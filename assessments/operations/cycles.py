"""Opening a cycle: freezing the organisation and inviting everybody in it."""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.clock import portal_day
from accounts.models import User
from assessments.errors import CycleDestroyed, CycleRefused
from assessments.models import Assessment, Cycle, CycleUnit, StaleUnit
from assessments.queries.retention import destroyed_at
from audit.operations import record
from organization.models import Unit
from organization.queries import census
from pillars.enums import InstrumentStatus
from pillars.models import Instrument

BATCH = 5_000


@transaction.atomic
def open_cycle(
    *,
    code: str,
    name: str,
    instrument: Instrument,
    opens_at: datetime.datetime,
    closes_at: datetime.datetime,
    census_date: datetime.date,
    population: Iterable[Unit] = (),
    by: User | None,
) -> Cycle:
    """Open a cycle on a published version and invite who is posted in `population` on the census date.

    `population` are units with all below them; none given means the whole organisation. The unit tree
    is copied, so that later changes of the organisation leave the cycle as it is.
    Raises CycleRefused, naming the field to mend.
    """
    _check(code, instrument, opens_at, closes_at, census_date)
    _check_text("name", name)
    roots = _roots(population)
    try:
        with transaction.atomic():
            cycle = Cycle.objects.create(
                code=code,
                name=name,
                instrument=instrument,
                opens_at=opens_at,
                closes_at=closes_at,
                census_date=census_date,
                opened_by=by,
            )
    except IntegrityError:  # somebody opened it since it was checked
        raise _code_taken() from None
    cycle.population.set(roots)
    units = _freeze_tree(cycle)
    invited = _invite(cycle, roots, units)
    if not invited:
        raise _nobody_there()
    StaleUnit.objects.bulk_create(StaleUnit(unit_id=pk) for pk in units.values())
    record("cycle.opened", by=by, subject=cycle, instrument=str(instrument), invited=invited)
    return cycle


def plan_cycle(
    *,
    code: str,
    instrument: Instrument,
    opens_at: datetime.datetime,
    closes_at: datetime.datetime,
    census_date: datetime.date,
    population: Iterable[Unit] = (),
) -> int:
    """How many people `open_cycle` would invite; changes nothing. Raises what it would raise."""
    _check(code, instrument, opens_at, closes_at, census_date)
    roots = [unit.pk for unit in _roots(population)]
    invited = sum(1 for _row in census(census_date, roots))
    if not invited:
        raise _nobody_there()
    return invited


@transaction.atomic
def reschedule(*, cycle: Cycle, closes_at: datetime.datetime, by: User | None) -> None:
    """Move the closing time for everybody.

    Raises CycleRefused when it is not after the opening, or people's data were destroyed by schedule. The census was
    taken when the cycle was opened: an earlier end changes nobody's invitation.
    """
    held = Cycle.objects.select_for_update(no_key=True).get(pk=cycle.pk)
    _check_end(held.opens_at, closes_at)
    if at := destroyed_at(held):
        raise CycleRefused("closes_at", str(CycleDestroyed(at)))
    before, held.closes_at = held.closes_at, closes_at
    held.save(update_fields=["closes_at"])
    record(
        "cycle.rescheduled",
        by=by,
        subject=held,
        before=before.isoformat(),
        after=closes_at.isoformat(),
    )


def _check_end(opens_at: datetime.datetime, closes_at: datetime.datetime) -> None:
    if closes_at <= opens_at:
        raise CycleRefused("closes_at", _("Waktu tutup harus sesudah waktu buka."))


def _check(
    code: str,
    instrument: Instrument,
    opens_at: datetime.datetime,
    closes_at: datetime.datetime,
    census_date: datetime.date,
) -> None:
    _check_text("code", code)
    if Cycle.objects.filter(code=code).exists():
        raise _code_taken()
    if instrument.status != InstrumentStatus.PUBLISHED:
        raise CycleRefused(
            "instrument",
            _("Hanya instrumen yang sudah terbit yang dapat dipakai. Terbitkan dahulu."),
        )
    _check_end(opens_at, closes_at)
    if census_date > portal_day(closes_at):
        raise CycleRefused("census_date", _("Tanggal sensus tidak boleh sesudah periode ditutup."))


def _check_text(name: str, text: str) -> None:
    field: Any = Cycle._meta.get_field(name)
    try:
        field.clean(text, None)
    except ValidationError as error:
        raise CycleRefused(name, " ".join(error.messages)) from error


def _code_taken() -> CycleRefused:
    return CycleRefused("code", _("Kode periode ini sudah dipakai. Pilih kode lain."))


def _nobody_there() -> CycleRefused:
    return CycleRefused(
        "population",
        _("Tidak ada pegawai aktif di unit ini pada tanggal sensus. Pilih unit atau tanggal lain."),
    )


def _roots(population: Iterable[Unit]) -> list[Unit]:
    return list(population) or list(Unit.objects.filter(parent__isnull=True, is_active=True))


def _freeze_tree(cycle: Cycle) -> dict[int, int]:
    """Copy the unit tree, level by level; return the copies' keys by unit key."""
    children: dict[int | None, list[Unit]] = defaultdict(list)
    for unit in Unit.objects.without_tree_fields().order_by("name", "pk"):
        children[unit.parent_id].append(unit)
    spans = _preorder(children)
    copies: dict[int, int] = {}
    level, depth = children[None], 0
    while level:
        created = CycleUnit.objects.bulk_create(
            [
                CycleUnit(
                    cycle=cycle,
                    unit=unit,
                    parent_id=copies.get(unit.parent_id) if unit.parent_id else None,
                    name=unit.name,
                    kind=unit.kind,
                    depth=depth,
                    first=spans[unit.pk][0],
                    last=spans[unit.pk][1],
                )
                for unit in level
            ],
            batch_size=BATCH,
        )
        copies |= {copy.unit_id: copy.pk for copy in created}
        level = [child for unit in level for child in children[unit.pk]]
        depth += 1
    return copies


def _preorder(children: Mapping[int | None, list[Unit]]) -> dict[int, tuple[int, int]]:
    """Number of each unit in preorder, and of the last unit below it."""
    spans: dict[int, tuple[int, int]] = {}
    counter = 0
    # A unit is met twice: first to be numbered, then, below its descendants, to close its range.
    stack: list[tuple[Unit, int | None]] = [(unit, None) for unit in reversed(children[None])]
    while stack:
        unit, first = stack.pop()
        if first is not None:
            spans[unit.pk] = (first, counter)
            continue
        counter += 1
        stack.append((unit, counter))
        stack.extend((child, None) for child in reversed(children[unit.pk]))
    return spans


def _invite(cycle: Cycle, roots: list[Unit], units: Mapping[int, int]) -> int:
    people = [
        Assessment(
            cycle=cycle,
            person_id=row.user_id,
            unit_id=units[row.unit_id],
            position_title=row.position_title,
        )
        for row in census(cycle.census_date, [unit.pk for unit in roots])
    ]
    Assessment.objects.bulk_create(people, batch_size=BATCH)
    return len(people)
