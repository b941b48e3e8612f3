"""One province in which every relation of trust exists at once, made by the portal's own operations."""

import datetime
import time
from dataclasses import dataclass, field
from decimal import Decimal
from types import SimpleNamespace

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from allauth.usersessions.models import UserSession
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client
from django.utils import timezone

from accounts.clock import portal_today
from accounts.enums import Role
from accounts.models import Letter, RoleGrant, Throttle, User
from accounts.operations import set_up_second_factor
from assessments.models import Assessment, Cycle, CycleUnit, Score, ScoringJob
from assessments.operations import (
    destroy_expired,
    establish,
    place_hold,
    report_supervisor,
    reschedule,
    resolve_report,
    score_jobs,
)
from dashboards.operations import refresh
from organization.enums import CorrectionItem, CorrectionStatus, PostingKind
from organization.models import HrMandate, Unit
from organization.operations import ask_for_correction, decide_correction
from pillars.models import Band, Indicator, Instrument, Pillar
from pillars.operations import load_instrument, new_version
from pillars.queries import document_of
from tests.factories import LONG_AGO, PASSWORD, make_instrument, make_unit, make_user, post
from tests.security.canaries import EARLIER, SELF_SCORE, VERIFIED_SCORE, Canary, Register, mark
from tests.security.cast import (
    APP_SECRET,
    AUDITOR,
    CODES,
    CURATOR,
    EARLIER_FINAL,
    HEADS,
    INACTIVE,
    MANDATES,
    OPERATOR,
    STAFF,
    STATES,
    WITH_PASSWORD,
    WITH_SECOND_FACTOR,
)
from tests.security.lives import bring_to, choices, hand_in, open_for_days, verified

DAY = datetime.timedelta(days=1)


@dataclass
class World:
    """Who and what there is; people and units by their names here."""

    units: dict[str, Unit]
    people: dict[str, User]
    published: Instrument
    draft: Instrument
    broken: Instrument
    now: Cycle
    earlier: Cycle
    register: Register = field(default_factory=Register)

    def signed_in_device(self, name: str) -> UserSession:
        """A device on which the person is signed in."""
        browser = Client()
        browser.force_login(self.people[name])
        key = browser.session.session_key
        return UserSession.objects.create(
            user=self.people[name], session_key=key, ip="10.1.2.3", user_agent="Firefox/1"
        )

    @property
    def cycles(self) -> dict[str, Cycle]:
        """Both cycles, by the suffix of what belongs to them."""
        return {"": self.now, EARLIER: self.earlier}

    def assessment(self, whose: str) -> Assessment:
        """Somebody's assessment: `ani`, or `ani-lama` for the earlier cycle."""
        name, _, earlier = whose.partition("-")
        cycle = self.earlier if earlier else self.now
        return Assessment.objects.get(cycle=cycle, person=self.people[name])

    def unit_of(self, name: str, cycle: Cycle) -> CycleUnit:
        """A unit as it stands in a cycle."""
        return CycleUnit.objects.get(cycle=cycle, unit=self.units[name])


def build() -> World:
    """Make it all; about fifty people's worth of operations."""
    units = _units()
    people = _people(units)
    _duties(people, units)
    published = _instrument()
    made = SimpleNamespace(people=people, answers=choices())
    earlier = open_for_days("LAMA", published)
    for name in sorted(EARLIER_FINAL):
        hand_in(made, earlier, name, EARLIER)
        verified(made, earlier, name, EARLIER)
    reschedule(cycle=earlier, closes_at=timezone.now() - DAY, by=people[CURATOR])
    earlier.refresh_from_db()
    establish(cycle=earlier, by=people[CURATOR])
    now = open_for_days("KINI", published)
    draft = new_version(instrument=published, version="2", by=people[CURATOR])
    broken = make_instrument(code="KOSONG", pillars=("SATU",), items=0, publish=False)
    world = World(units, people, published, draft, broken, now, earlier)
    _report(world)
    _ask_for_corrections(world)
    for name, state in STATES.items():
        bring_to(made, world.now, name, state)
    place_hold(reason="Perkara 12", person=people["zaki"], by=None)
    Throttle.objects.create(kind="RESET", digest="x", count=1, since="2026-01-01T00:00Z")
    destroy_expired(by=None)
    Letter.objects.all().delete()  # what told of all this
    _register(world)
    for cycle in world.cycles.values():
        refresh(cycle=cycle)
    User.objects.filter(pk=people[INACTIVE].pk).update(is_active=False)
    return world


def _units() -> dict[str, Unit]:
    root = make_unit("Provinsi", kind="PEMERINTAH DAERAH")
    ani = make_unit("Bidang Pelayanan", parent=root)
    return {
        "root": root,
        "ani": ani,
        "seksi": make_unit("Seksi Pengaduan", parent=ani, kind="SEKSI"),
        "arsip": make_unit("Seksi Arsip", parent=ani, kind="SEKSI"),
        "citra": make_unit("Bidang Perencanaan", parent=root),
    }


def _people(units: dict[str, Unit]) -> dict[str, User]:
    names = [(unit, name) for unit, members in STAFF.items() for name in members]
    people = {
        name: make_user(
            f"{name.title()} {mark('nama', name)}",
            serial=serial,
            email=f"{name}@contoh.invalid",
        )
        for serial, (_unit, name) in enumerate(names, start=1)
    }
    people[WITH_PASSWORD].set_password(PASSWORD)
    people[WITH_PASSWORD].save()
    set_up_second_factor(
        user=people[WITH_SECOND_FACTOR],
        secret=APP_SECRET,
        code=format_hotp_value(hotp_value(APP_SECRET, int(time.time()) // 30 - 1)),
        session_key=None,
    )
    today = portal_today()
    for unit, name in names:
        # Budi came the day after Farid left.
        since = today if name == "budi" else LONG_AGO
        post(people[name], units[unit], head=HEADS.get(unit) == name, since=since)
    post(people["farid"], units["ani"], head=True, kind=PostingKind.ADDITIONAL, until=today)
    plh = {
        "indra": (today, today + DAY),
        "joko": (today - DAY, today),
        "kartika": (today + DAY, None),
    }
    for name, (since, until) in plh.items():
        kind = PostingKind.PLH
        post(people[name], units["arsip"], head=True, kind=kind, since=since, until=until)
    people[OPERATOR] = make_user(
        f"Opera {mark('nama', OPERATOR)}", serial=900, is_staff=True, is_superuser=True
    )
    return people


def _duties(people: dict[str, User], units: dict[str, Unit]) -> None:
    for name, role in ((CURATOR, Role.CURATOR), (AUDITOR, Role.AUDITOR)):
        RoleGrant.objects.create(user=people[name], role=role, valid=DateRange(LONG_AGO, None))
    for name, unit in MANDATES.items():
        HrMandate.objects.create(
            user=people[name], unit=units[unit], valid=DateRange(LONG_AGO, None)
        )


def _instrument() -> Instrument:
    """Weights that give nearly every set of answers a score of its own."""
    raw = make_instrument(code="UJI", items=3, publish=False)
    weights = dict(zip(CODES, ("1", "3", "7", "2", "5", "11"), strict=True))
    for code, weight in weights.items():
        Indicator.objects.filter(instrument=raw, code=code).update(weight=Decimal(weight))
    Pillar.objects.filter(instrument=raw, code="ALFA").update(weight=Decimal(37))
    Pillar.objects.filter(instrument=raw, code="BETA").update(weight=Decimal(61))
    for band in raw.bands.all():
        Band.objects.filter(pk=band.pk).update(label=f"Predikat uji {band.code}")
    raw.refresh_from_db()
    return load_instrument(document=document_of(raw), by=None, publish=True, replace=True)


def _report(world: World) -> None:
    """Ani and Lina say that their supervisor is not theirs; so did Zaki, who was given another."""
    for name in ("ani", "lina", "zaki"):
        report = report_supervisor(
            assessment=world.assessment(name), message=mark("laporan", name), by=world.people[name]
        )
    resolve_report(
        report=report,
        reviewer=world.people["citra"],
        resolution=mark("penyelesaian", "zaki"),
        by=world.people["hesti"],
    )


def _ask_for_corrections(world: World) -> None:
    """Ani and Lina ask for their data to be corrected; so did Zaki, who was answered."""
    for name in ("ani", "lina", "zaki"):
        correction = ask_for_correction(
            item=CorrectionItem.NAME,
            requested=mark("perbaikan", name),
            reference="SK 12",
            by=world.people[name],
        )
    decide_correction(
        correction=correction,
        status=CorrectionStatus.REJECTED,
        answer=mark("jawaban", "zaki"),
        by=world.people["hesti"],
    )


def _register(world: World) -> None:
    score_jobs(list(ScoringJob.objects.values_list("pk", flat=True)))
    names = {person.pk: name for name, person in world.people.items()}
    world.register.nips = {person.nip: name for name, person in world.people.items() if person.nip}
    of_cycle = {cycle.pk: suffix for suffix, cycle in world.cycles.items()}
    for score in Score.objects.select_related("submission__assessment"):
        assessment = score.submission.assessment
        whose = names[assessment.person_id] + of_cycle[assessment.cycle_id]
        kind = SELF_SCORE if score.kind == "SELF" else VERIFIED_SCORE
        text = f"{score.total:.2f}"
        assert text not in world.register.scores, "two people have one score: choose other levels"
        world.register.scores[text] = Canary(kind, whose)
