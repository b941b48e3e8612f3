"""Every object that is asked for, with the people related to it and those who ask."""

import datetime
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any

from django.utils import timezone

from assessments.enums import ReopeningStatus
from assessments.models import Reopening
from assessments.operations import approve_reopening, propose_reopening
from audit.models import Event
from organization.models import CorrectionRequest
from pillars.operations import keep_upload
from tests.security.canaries import mark
from tests.security.cast import (
    ALL_UNITS,
    ANONYMOUS,
    AUDITOR,
    CURATOR,
    INACTIVE,
    LEADS,
    MANDATES,
    OPERATOR,
    WITH_PASSWORD,
    WITH_SECOND_FACTOR,
    everyone,
    reviewer_of,
    state_of,
)
from tests.security.world import World

OWNER, REVIEWER, OFFICER, READER, CURATES = "owner", "reviewer", "officer", "reader", "curator"
KEYHOLDER, PROTECTED, AUDITS = "keyholder", "protected", "auditor"
ANY_OFFICER = "any officer"


@dataclass(frozen=True)
class Target:
    """One object with the people related to it."""

    name: str
    state: str
    arguments: Mapping[str, Any]
    related: Mapping[str, frozenset[str]]
    asked_by: tuple[str, ...]


ASSESSMENTS = (
    *("ani", "bayu", "fajar", "galih", "ratna", "vina", "yusuf", "zaki"),
    *("wati", "lina", "tono", "sari", "budi", "ani-lama", "zaki-lama"),
)
# Everybody asks for Ani's; for the others those who come near: heads above and beside, former and coming ones.
STRANGERS = {
    "wati": ("budi", "gunawan", "citra", "joko", "kartika", "ani"),
    "zaki": ("budi", "gunawan", "hesti", "farid"),
    "lina": ("farid", "hasan", "gunawan", CURATOR, "budi"),
}
USUAL_STRANGERS = ("gunawan", "joko", "hesti")


ROLES = {
    CURATES: frozenset({CURATOR}),
    AUDITS: frozenset({AUDITOR}),
    OFFICER: frozenset(MANDATES),
    READER: frozenset(LEADS),
    KEYHOLDER: frozenset({WITH_PASSWORD}),
    PROTECTED: frozenset({WITH_SECOND_FACTOR}),
}


def _assessments(world: World, **more: str) -> Iterator[Target]:
    for whose in ASSESSMENTS:
        name, reviewer = whose.partition("-")[0], reviewer_of(whose)
        related = {OWNER: frozenset({name}), REVIEWER: frozenset({str(reviewer)})}
        strangers = STRANGERS.get(whose, USUAL_STRANGERS)
        asking = everyone() if whose == "ani" else (name, str(reviewer), *strangers)
        arguments = {"pk": world.assessment(whose).pk, **more}
        yield Target(whose, state_of(whose), arguments, related, _each(*asking))


def _evidence(world: World) -> Iterator[Target]:
    """Files of Ani, whose review has begun, and of Ratna, who has handed in nothing."""
    for whose in ("ani", "ratna"):
        file = world.assessment(whose).evidence.get()
        related = {OWNER: frozenset({whose}), REVIEWER: frozenset({str(reviewer_of(whose))})}
        yield Target(whose, state_of(whose), {"pk": file.pk}, related, _each(*everyone(), whose))


def _reports(world: World) -> Iterator[Target]:
    for whose in ("ani", "zaki", "lina"):
        report = world.assessment(whose).supervisor_reports.get()
        unit = "citra" if whose == "lina" else "ani"
        officers = frozenset(name for name, mandate in MANDATES.items() if mandate == unit)
        yield Target(whose, "", {"pk": report.pk}, {OFFICER: officers}, _each(*everyone()))


def _corrections(world: World) -> Iterator[Target]:
    for whose in ("ani", "zaki", "lina"):
        correction = CorrectionRequest.objects.get(person=world.people[whose])
        unit = "citra" if whose == "lina" else "ani"
        officers = frozenset(name for name, mandate in MANDATES.items() if mandate == unit)
        related = {OWNER: frozenset({whose}), OFFICER: officers}
        yield Target(whose, "", {"pk": correction.pk}, related, _each(whose, *everyone()))


def _mandated_units(world: World) -> Iterator[Target]:
    """Units that somebody's mandate names, one below, and the one above them all."""
    officers = {"ani": {"hesti"}, "seksi": {"hesti"}, "citra": {"hasan"}, "root": set()}
    for name, named in officers.items():
        related = {OFFICER: frozenset(named), ANY_OFFICER: frozenset(MANDATES)}
        yield Target(name, "", {"pk": world.units[name].pk}, related, _each(*everyone()))


def _units(world: World, *extensions: str) -> Iterator[Target]:
    for suffix, cycle in world.cycles.items():
        for name in sorted(ALL_UNITS if not suffix else {"ani"}):
            readers = frozenset(reader for reader, units in LEADS.items() if name in units)
            unit = {"cycle": cycle.code, "pk": world.unit_of(name, cycle).pk}
            for extension in extensions or ("",):
                usual = not suffix and extension != "xlsx"
                near = (*LEADS, "ani", "farid", "joko", CURATOR)
                asking = everyone() if name == "ani" and usual else near
                arguments = {**unit, "extension": extension} if extension else unit
                label = f"{name}{suffix}{extension}"
                yield Target(label, "", arguments, {READER: readers}, _each(*asking))


def _instruments(world: World, **more: str) -> Iterator[Target]:
    for state, instrument in (("draft", world.draft), ("published", world.published)):
        asking = everyone() if state == "draft" else (CURATOR, "eko", OPERATOR, "budi")
        arguments = {"pk": instrument.pk, **more}
        yield Target(state, state, arguments, {CURATES: frozenset({CURATOR})}, _each(*asking))


def _uploads(world: World) -> Iterator[Target]:
    by = world.people[CURATOR]
    upload = keep_upload(content=b"bukan toml", name="uji.toml", replace=False, by=by)
    related = ROLES | {OWNER: frozenset({CURATOR})}
    yield Target("", "", {"pk": upload.pk}, related, _each(*everyone()))


def _pages(world: World, **arguments: object) -> Iterator[Target]:
    yield Target("", "", arguments, ROLES, _each(*everyone()))


def _sessions(world: World) -> Iterator[Target]:
    session = world.signed_in_device("ani")
    yield Target("ani", "", {"pk": session.pk}, {OWNER: frozenset({"ani"})}, _each(*everyone()))


def _cycles(world: World) -> Iterator[Target]:
    for name, cycle, state in (("now", world.now, "open"), ("earlier", world.earlier, "closed")):
        yield Target(name, state, {"pk": cycle.pk}, ROLES, _each(*everyone()))


def _people(world: World) -> Iterator[Target]:
    for extension in ("csv", "xlsx"):
        arguments = {"pk": world.now.pk, "extension": extension}
        yield Target(extension, "", arguments, ROLES, _each(*everyone()))


def _events(world: World) -> Iterator[Target]:
    pk = Event.objects.order_by("pk").values_list("pk", flat=True)[0]
    yield Target("first", "", {"pk": pk}, ROLES, _each(*everyone()))


def _reopenings(world: World) -> Iterator[Target]:
    """Ani's earlier result, which somebody else than the curator wants opened again."""
    made = _proposed(world)
    yield Target("ani-lama", "", {"pk": made.pk}, ROLES, _each(*everyone()))


def _given_way(world: World) -> Iterator[Target]:
    """The same, once the curator agreed."""
    made = _proposed(world)
    if made.status == ReopeningStatus.PROPOSED:
        approve_reopening(reopening=made, by=world.people[CURATOR])
    related = {OWNER: frozenset({"ani"}), REVIEWER: frozenset({"budi"})}
    arguments = {"pk": made.assessment_id, "sequence": 1}
    yield Target("ani-lama", "", arguments, related, _each(*everyone()))


def _proposed(world: World) -> Reopening:
    return Reopening.objects.first() or propose_reopening(
        assessment=world.assessment("ani-lama"),
        reason=mark("pembukaan", "ani-lama"),
        until=timezone.now() + datetime.timedelta(days=9),
        by=world.people["hesti"],
    )


KINDS: dict[str, Callable[[World], Iterable[Target]]] = {
    "page": _pages,
    "key": lambda world: _pages(world, token="a-b"),
    "session": _sessions,
    "assessment": _assessments,
    "section": lambda world: _assessments(world, pillar="ALFA"),
    "statement": lambda world: _assessments(world, code="ALF-01"),
    "evidence": _evidence,
    "report": _reports,
    "correction": _corrections,
    "mandated_unit": _mandated_units,
    "reopening": _reopenings,
    "given way": _given_way,
    "unit": _units,
    "figures": lambda world: (
        replace(target, arguments={"pk": target.arguments["pk"]}) for target in _units(world)
    ),
    "file": lambda world: _units(world, "csv", "xlsx"),
    "cycle": _cycles,
    "event": _events,
    "people": _people,
    "upload": _uploads,
    "instrument": _instruments,
    "instrument_file": lambda world: chain(
        *(_instruments(world, kind=kind) for kind in ("toml", "xlsx"))
    ),
    "pillar": lambda world: _instruments(world, code="ALFA"),
    "indicator": lambda world: _instruments(world, code="ALF-01"),
}


def targets(world: World, kind: str) -> list[Target]:
    """Every object of a kind that is asked for."""
    return list(KINDS[kind](world))


def _each(*names: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*names, ANONYMOUS, INACTIVE)))
